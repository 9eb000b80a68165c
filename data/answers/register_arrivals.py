"""The cells of the grid of returns that are registers: whether anything on each is of a quarter or a year.

A register has no due date of its own and no period: it stands. So one counts as arrived for a period when an entry is
dated in it, or was written into the register in it. Otherwise the same days make it late, then missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.arrivals import periods_before
from data.answers.register_cells import DATED_BY, Entry, day_of, financial_year, read_held
from data.answers.words import period_label
from data.catalogue import ics, late_rule, registers
from data.catalogue.definitions import Register
from data.store.settings import select_settings

if TYPE_CHECKING:
    import sqlalchemy as sa

SETTINGS: Final = "setting"
#: Days that an entry is about, beside those by which figures are dated.
ALSO_DATED_BY: Final = ("made_on", "level_set_on", "plan_approved_on", "plan_reviewed_on")
RULE: Final = (
    "A register counts as arrived for a period when an entry is dated in it, or was written in it. "
    "By this dashboard’s own rule it is late and missing after the same days as a return."
)


def register_rows(connection: sa.Connection, on: dt.date) -> pd.DataFrame:
    """Give a cell for each register that is expected and each period that had ended, with what is dated in it."""
    held = read_held(connection, None)
    rows: list[dict[str, Any]] = []
    for one in registers():
        if one.expected:
            entries = settings_entries(connection) if one.store_table == SETTINGS else held.of(one.id)
            rows += cells_of(one, [(entry, days) for entry in entries if (days := days_of(entry))], on)
    return pd.DataFrame(rows)


def settings_entries(connection: sa.Connection) -> list[Entry]:
    """Give the hubs and settings with the day that each stands for."""
    listed = select_settings(connection)
    illustrative = illustrative_files(connection)
    return [
        {
            "status_on": (row["attributes"] or {}).get("as_at"),
            "submission_id": row["submission_id"],
            "illustrative": row["submission_id"] in illustrative,
        }
        for row in listed.to_dict("records")
    ]


def illustrative_files(connection: sa.Connection) -> set[int]:
    """Give the submissions that are invented."""
    from data.store.submissions import select_submissions

    listed = select_submissions(connection)
    return {int(number) for number in listed.loc[listed["illustrative"].astype(bool), "id"]}


def days_of(entry: Entry) -> tuple[dt.date, ...]:
    """Give every day that an entry is of; a year stands for its last day. When a made-up one was made says nothing."""
    days = [day_of(entry.get(name)) for name in (*DATED_BY, *ALSO_DATED_BY)]
    days += [] if entry["illustrative"] else [day_of(str(entry.get("recorded_at") or ""))]
    year = entry.get("year")
    days += [financial_year(year).last] if isinstance(year, str) and year[:4].isdigit() else []
    return tuple(day for day in days if day is not None)


def cells_of(
    register: Register, entries: list[tuple[Entry, tuple[dt.date, ...]]], on: dt.date
) -> Iterator[dict[str, Any]]:
    """Write one register's cells, newest first."""
    rule, whole = late_rule(), ics().icb
    shown = rule.years_shown if register.expected == "year" else rule.quarters_shown
    for first, last in periods_before(on, register.expected, shown):
        own = [entry for entry, days in entries if any(first <= day <= last for day in days)]
        files = {int(entry["submission_id"]) for entry in own if entry["submission_id"] is not None}
        yield {
            "part_id": f"register_{register.id}",
            "part": f"Register: {register.name}",
            "sender": register.keeper,
            "place": whole.code,
            "place_label": whole.label,
            "cadence": register.expected,
            "period": period_label(register.expected, first.isoformat(), last.isoformat()),
            "period_to": last.isoformat(),
            "late_from": last + dt.timedelta(days=rule.late_after_days + 1),
            "missing_from": last + dt.timedelta(days=rule.missing_after_days + 1),
            "indicators_expected": 1,
            "indicators": 1.0 if own else float("nan"),
            "rows": float(len(own)) if own else float("nan"),
            "not_collected": 0.0,
            "failed": 0.0,
            "illustrative": bool(own) and all(entry["illustrative"] for entry in own),
            "submissions": tuple(sorted(files)) if own else None,
        }
