"""The first and last day of a period that an answer names in words, for files that hold real dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.catalogue import indicators, source

#: The one publication here whose year begins in September: the Local Authority Interactive Tool.
SCHOOL_YEARS: Final = "dfe_lait"
_QUARTER = re.compile(r"^(\d{4})/\d\d Q([1-4])$")
_YEARS = re.compile(r"^(\d{4})/\d\d(?: to (\d{4})/\d\d)?$")
_CALENDAR = re.compile(r"^(\d{4})(?: to (\d{4}))?$")
_DAY = re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4}$")

Days = tuple[dt.date | None, dt.date | None]
UNKNOWN: Final[Days] = (None, None)


def days_of(label: str, *, begins: int | None = 4) -> Days:
    """Give a period's first and last day; ``begins`` is the month its year begins in, None where nothing says."""
    if _DAY.match(label):
        day = dt.datetime.strptime(label, "%d %B %Y").date()  # noqa: DTZ007 (a day has no time zone)
        return day, day
    if found := _QUARTER.match(label):
        month = 3 * int(found[2]) + 1
        return _span(int(found[1]), month, 3)
    if found := _CALENDAR.match(label):
        return dt.date(int(found[1]), 1, 1), dt.date(int(found[2] or found[1]), 12, 31)
    if (found := _YEARS.match(label)) and begins:
        years = int(found[2] or found[1]) - int(found[1]) + 1
        return _span(int(found[1]), begins, 12 * years)
    return UNKNOWN


def _span(year: int, month: int, months: int) -> Days:
    """Count months from the first of one; the thirteenth month of a year is the first of the next."""
    after = month - 1 + months
    last = dt.date(year + after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)
    return dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1), last


def with_days(answer: Answer, table: pd.DataFrame) -> pd.DataFrame:
    """Put the first and last day beside each period's name, where the name tells them; a day that is there stays."""
    if "period" not in table.columns or {"period_from", "period_to"} <= set(table.columns):
        return table
    sources = {one.id: one.source for one in indicators()}
    names = table["indicator_id"].map(sources) if "indicator_id" in table.columns else [None] * len(table)
    school = source(SCHOOL_YEARS).publication in {line.publication for line in answer.sources}
    days = [
        days_of(str(label), begins=_begins(one, school=school))
        for label, one in zip(table["period"], names, strict=True)
    ]
    made = table.copy()
    for place, name in enumerate(("period_from", "period_to")):
        if name not in made.columns:
            at = list(made.columns).index("period") + 1 + place * ("period_from" not in table.columns)
            made.insert(at, name, pd.Series([day[place] for day in days], index=table.index, dtype="object"))
    return made


def _begins(source_id: object, *, school: bool) -> int | None:
    """Say in which month the years of a row begin: its indicator's source says, or else all sources of the answer."""
    if isinstance(source_id, str):
        return 9 if source_id == SCHOOL_YEARS else 4
    return None if school else 4
