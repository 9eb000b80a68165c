"""What the registers say, as pages and files are given it: entries in words, with what is missing said plainly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import LABEL, make_answer
from data.answers.opened import reading
from data.answers.register_cells import Entry, Held, day_of, read_held
from data.answers.words import join_words
from data.catalogue import registers
from data.store.fingerprints import select_newest_quarter

if TYPE_CHECKING:
    import sqlalchemy as sa

NONE: Final = "–"


def read_now(connection: sa.Connection) -> Held:
    """Read every register."""
    return read_held(connection, select_newest_quarter(connection))


def register_answer(
    held: Held,
    used: Sequence[str],
    *,
    question: str,
    finding: str,
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    notes: Sequence[str] = (),
    alternative: str = "",
) -> Answer:
    """Make an answer from entries of registers; with none, it names the template that would fill it.

    ``alternative`` describes what is drawn of the entries, where anything is.
    """
    entries = [row for name in used for row in held.of(name)]
    files = {int(row["submission_id"]) for row in entries if row["submission_id"] is not None}
    invented = any(row["illustrative"] for row in entries)
    said = finding if entries else nothing_yet(used[0])
    made = make_answer(
        held.connection,
        question=question,
        finding=said,
        table=pd.DataFrame(list(rows) if entries else [], columns=list(columns)),
        text_alternative=said,
        submission_ids=files,
        people=False,
        labelled=False,
        notes=notes,
    )
    label = LABEL if invented else ""
    drawn = (alternative if entries else "") or said
    return replace(
        made, finding=f"{label}{said}", text_alternative=f"{label}{drawn}", illustrative=made.illustrative or invented
    )


def nothing_yet(register_id: str) -> str:
    """Say that a register is empty, and what would fill it."""
    name = next(one.name for one in registers() if one.id == register_id)
    return f"No data yet. Send in the template “{name}”, or add entries below."


def day_to_count_from(held: Held, register: str, on: str = "") -> tuple[dt.date, tuple[str, ...]]:
    """Give the day from which lateness counts: today, or where every entry is invented the register's own last day."""
    today = dt.date.fromisoformat(on) if on else dt.datetime.now(tz=dt.UTC).date()
    entries, through = held.of(register), held.through(register)
    if on or through is None or through >= today or not all(row["illustrative"] for row in entries):
        return today, ()
    return through, (f"Every entry is invented and ends long ago, so lateness is counted on {say_day(through)}.",)


def say_day(day: dt.date | None) -> str:
    """Write a day as people do."""
    return f"{day.day} {day:%B %Y}" if day is not None else NONE


def said_day(written: object) -> str:
    """Write a stored day as people do."""
    return say_day(day_of(written))


def count_words(count: int, one: str, many: str) -> str:
    """Write a number with its noun."""
    return f"{count:,} {one if count == 1 else many}"


def listed(words: Iterable[str]) -> str:
    """Join words, or say that there are none."""
    known = [word for word in words if word]
    return join_words(known) if known else NONE


def source_of(row: Entry) -> str:
    """Write where a promise stands: document and page."""
    page = f", page {row['source_page']}" if row["source_page"] else ""
    return f"{row['source_document']}{page}"


__all__ = [
    "count_words",
    "day_to_count_from",
    "listed",
    "read_now",
    "reading",
    "register_answer",
    "said_day",
    "say_day",
    "source_of",
]
