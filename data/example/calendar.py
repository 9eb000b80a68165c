"""Quarters of the financial years that illustrative returns cover."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FIRST_YEAR = 2023  # quarter 0 is April to June 2023, 2023/24 Q1
LAST_QUARTER = 11  # January to March 2026, 2025/26 Q4


@dataclass(frozen=True, slots=True)
class Period:
    """A span of quarters, counted from 2023/24 Q1 = 0; both ends belong to it. A snapshot is its last day."""

    first: int
    last: int
    snapshot: bool = False

    @property
    def period_from(self) -> dt.date:
        """Give the first day."""
        return self.period_to if self.snapshot else quarter_start(self.first)

    @property
    def period_to(self) -> dt.date:
        """Give the last day."""
        return quarter_start(self.last + 1) - dt.timedelta(days=1)


def quarter_start(quarter: int) -> dt.date:
    """Give the first day of a quarter: 0 is 1 April 2023, 3 is 1 January 2024."""
    months = 12 * FIRST_YEAR + 3 + 3 * quarter
    return dt.date(months // 12, months % 12 + 1, 1)


def periods(quarters: int, grain: str) -> list[Period]:
    """Cut the last ``quarters`` up to 2025/26 Q4 into the periods that a return of this grain holds.

    Years and three years are financial; only whole ones are kept. A snapshot is of each 31 March.
    """
    first = LAST_QUARTER - quarters + 1
    if grain == "quarter":
        return [Period(quarter, quarter) for quarter in range(first, LAST_QUARTER + 1)]
    length = {"year": 4, "snapshot": 4, "three_years": 12}[grain]
    starts = range(LAST_QUARTER + 1 - length, first - 1, -length)
    return [Period(start, start + length - 1, grain == "snapshot") for start in reversed(starts)]
