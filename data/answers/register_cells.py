"""What figures from registers are made of: the entries that stand, quarters and years, and cells to be released.

A register holds things and never people, so its figures need no protection. Counts of people that stand below the line,
such as children under two, are read from what is released, and so are protected already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.protection import NOT_ADDED_UP, protect_cells, protect_values
from data.answers.roll_up import CELL
from data.catalogue import disclosure, ics, registers
from data.catalogue.definitions import Indicator
from data.store.offers import ACCEPTED
from data.store.offers import TABLE as MODERATED
from data.store.registers import select_register

if TYPE_CHECKING:
    import sqlalchemy as sa

Entry = Mapping[str, Any]
#: What says of which day an entry is; the newest of them says how far a register reaches.
DATED_BY: Final = ("status_on", "closed_on", "found_on", "held_on", "last_reported", "published_on", "since")
MONTHS: Final = {"quarter": 3, "year": 12}
APRIL: Final = 4
PROVENANCE: Final = ["illustrative", "submission_id"]


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter or financial year."""

    kind: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure to be released: so many of so many in a period, for the system unless another area is named."""

    period: Period
    numerator: float
    denominator: float
    area_type: str = "icb"
    area_code: str = ""
    breakdown: tuple[str, str] = ("", "")
    value: float = float("nan")
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The entries that stand on each register, and the newest quarter that any return has."""

    entries: Mapping[str, tuple[Entry, ...]]
    newest_quarter: dt.date | None
    connection: sa.Connection

    def of(self, register: str) -> tuple[Entry, ...]:
        """Give a register's entries."""
        return self.entries.get(register, ())

    def through(self, register: str) -> dt.date | None:
        """Give the last day of the newest quarter in which anything is known of a register."""
        days = [day for row in self.of(register) for name in DATED_BY if (day := day_of(row.get(name))) is not None]
        ends = [period_of(day, "quarter").last for day in days]
        ends += [self.newest_quarter] if self.newest_quarter is not None else []
        return max(ends) if days else None


def read_held(connection: sa.Connection, newest_quarter: str | None) -> Held:
    """Read every register, its entries as plain values with None for nothing."""
    entries: dict[str, tuple[Entry, ...]] = {}
    for one in registers():
        if one.store_table != "setting":
            frame = select_register(connection, one.store_table, of=one.id)
            if one.store_table == MODERATED:
                frame = frame.loc[frame["status"] == ACCEPTED]  # what waits is nobody's to see but a moderator's
            plain = frame.astype("object").where(frame.notna(), None)
            entries[one.id] = tuple(
                {str(name): value for name, value in row.items()} for row in plain.to_dict("records")
            )
    return Held(entries, dt.date.fromisoformat(newest_quarter[:10]) if newest_quarter else None, connection)


# ---- days and periods -----------------------------------------------------------------------------------------------


def day_of(written: object) -> dt.date | None:
    """Read a day as the store gives it."""
    return dt.date.fromisoformat(written[:10]) if isinstance(written, str) and written else None


def period_of(day: dt.date, kind: str) -> Period:
    """Give the quarter, or the year from April, in which a day lies."""
    months = MONTHS[kind]
    at = day.year * 12 + day.month - 1
    first = at - (day.month - APRIL) % 12 % months
    return Period(kind, month_start(first), month_start(first + months) - dt.timedelta(days=1))


def month_start(months: int) -> dt.date:
    """Give the first day of a month counted from the year 0."""
    return dt.date(months // 12, months % 12 + 1, 1)


def months_before(day: dt.date, months: int) -> dt.date:
    """Give the last day of the month that lies so many months before a last day of a month."""
    return month_start(day.year * 12 + day.month - months) - dt.timedelta(days=1)


def quarters(days: Iterable[dt.date], through: dt.date | None) -> Iterator[Period]:
    """Give each quarter from the earliest of some days to the last known one."""
    known = sorted(days)
    if not known or through is None:
        return
    period = period_of(known[0], "quarter")
    while period.last <= through:
        yield period
        period = period_of(period.last + dt.timedelta(days=1), "quarter")


def financial_year(written: str) -> Period:
    """Read a financial year such as 2025/26."""
    return period_of(dt.date(int(written[:4]), APRIL, 1), "year")


# ---- cells ----------------------------------------------------------------------------------------------------------


def to_release(cells: Iterable[Cell], definition: Indicator, provenance: tuple[bool, float]) -> pd.DataFrame:
    """Write cells as they are released, with their values worked out as any other indicator's."""
    rows = pd.DataFrame(
        [
            {
                "area_type": cell.area_type,
                "area_code": cell.area_code or ics().icb.code,
                "period_type": cell.period.kind,
                "period_from": cell.period.first.isoformat(),
                "period_to": cell.period.last.isoformat(),
                "breakdown_type": cell.breakdown[0],
                "breakdown_value": cell.breakdown[1],
                "numerator": float(cell.numerator),
                "denominator": float(cell.denominator),
                "value": cell.value,
                "value_status": "shown",
                "reason": "",
                "illustrative": provenance[0] or cell.illustrative,
            }
            for cell in cells
        ]
    )
    if rows.empty:
        return rows
    protect = protect_values if definition.value_type in NOT_ADDED_UP else protect_cells
    made = protect(
        rows[[*CELL, "numerator", "denominator", "value", "value_status", "reason"]], definition, disclosure()
    )
    return made.assign(illustrative=rows["illustrative"].to_numpy(), submission_id=provenance[1])


def provenance_of(entries: Iterable[Entry]) -> tuple[bool, float]:
    """Say whether any entry is invented, and give the newest file that any of them came in (NaN: none)."""
    rows = list(entries)
    files = [float(row["submission_id"]) for row in rows if row["submission_id"] is not None]
    return any(row["illustrative"] for row in rows), max(files, default=float("nan"))
