"""Which registers are kept, how many entries each has, of which day they are, and who changed them last."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.register_answers import NONE, count_words, read_now, reading, say_day
from data.answers.register_cells import DATED_BY, Held, day_of
from data.catalogue import registers
from data.catalogue.definitions import Register

COLUMNS: Final = ["register", "holds", "entries", "newest", "last_changed", "kind", "template"]


def registers_kept() -> Answer:
    """List every register that is kept by its entries."""
    with reading() as connection:
        held = read_now(connection)
        kept = [one for one in registers() if one.store_table != "setting"]
        rows = [_row(held, one) for one in kept]
        real = sum(row["kind"] == "Real" for row in rows)
        invented = sum(row["kind"] == "Illustrative, not real" for row in rows)
        finding = f"Of {len(rows)} registers, {real} {'has' if real == 1 else 'have'} real entries"
        finding += f", {invented} only illustrative ones" if invented else ""
        finding += f" and {len(rows) - real - invented} none."
        files = {
            int(row["submission_id"]) for one in kept for row in held.of(one.id) if row["submission_id"] is not None
        }
        return make_answer(
            connection,
            question="Which registers are kept, and how new are they?",
            finding=finding,
            table=pd.DataFrame(rows, columns=COLUMNS),
            text_alternative=finding,
            submission_ids=files,
            people=False,
            labelled=False,
            notes=("A register is sent in, or changed in the app, when something changes; it is never late.",),
        )


def _row(held: Held, one: Register) -> dict[str, Any]:
    """Say of one register how much it holds and how new that is."""
    entries = held.of(one.id)
    days = [day for row in entries for name in DATED_BY if (day := day_of(row.get(name))) is not None]
    changed = max((str(row["recorded_at"])[:10] for row in entries), default="")
    kind = "Nothing yet"
    if entries:
        kind = "Illustrative, not real" if all(row["illustrative"] for row in entries) else "Real"
    return {
        "register": one.name,
        "holds": one.holds,
        "entries": count_words(len(entries), "entry", "entries"),
        "newest": say_day(max(days, default=None)),
        "last_changed": say_day(dt.date.fromisoformat(changed)) if changed else NONE,
        "kind": kind,
        "template": one.id,
    }
