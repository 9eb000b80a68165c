"""Read a period as publications and people write it: a label or two dates in, two dates out."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

ACCEPTED = "2025/26 Q4, 2025/26, 2023/24 to 2025/26 or a day such as 2025-03-31"

_YEARS = r"(\d{4})\s*(?:/|-|–|to)\s*(\d{4}|\d{2})"
_QUARTER = r"(?:q|qtr|quarter)\s*([1-4])"
_YEAR = re.compile(rf"^{_YEARS}$")
_CALENDAR_YEAR = re.compile(r"^(\d{4})$")
_YEAR_THEN_QUARTER = re.compile(rf"^{_YEARS}\s*,?\s*{_QUARTER}$")
_QUARTER_THEN_YEAR = re.compile(rf"^{_QUARTER}\s*,?\s*{_YEARS}$")
_CALENDAR_QUARTER = re.compile(rf"^(\d{{4}})\s*{_QUARTER}$")
_POOLED = re.compile(r"^(\d{4})\s*[/-]\s*(\d{4}|\d{2})\s*(?:-|–|to)\s*(\d{4}|\d{2})\s*[/-]\s*(\d{4}|\d{2})$")
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_IN_TITLE = re.compile(
    rf"{_YEARS}\s*,?:?\s*\(?{_QUARTER}\b|\b{_QUARTER}\)?\s*,?:?\s*(?:of\s+)?{_YEARS}|\b{_YEARS}\b", re.IGNORECASE
)
# What the catalogue's `year_begins` means for "2020/21"; a single year is a calendar year whatever it says.
YEAR_TYPES = {"april": "financial", "september": "academic", "january": "financial"}
_FIRST_MONTHS = {"financial": 4, "academic": 9, "calendar": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it is stored: its type and both of its days."""

    period_type: str
    period_from: dt.date
    period_to: dt.date


def read_period(label: str, *, year_type: str = "financial", calendar_quarters: bool = False) -> Period | None:
    """Read a label; None when it says no period.

    A year of two parts ("2020/21") begins in April, or in September when ``year_type`` is "academic". A single
    year is a calendar year. "2025 Q4" could mean either year, so it is read only where a publication is known to
    mean calendar quarters.
    """
    text = " ".join(label.strip().lower().removeprefix("at ").split())
    day = read_day(text)
    if day is not None:
        return Period("snapshot", day, day)
    return (
        _quarter(text, calendar_quarters)
        or _pooled(text, _FIRST_MONTHS[year_type])
        or _years(text, _FIRST_MONTHS[year_type])
    )


def read_year_ending(label: str, year_type: str) -> Period | None:
    """Read a label in which a single year names the year in which the period ends ("2025" academic is 2024/25)."""
    text = label.strip()
    if year_type == "snapshot":
        day = dt.date(int(text), 3, 31) if _CALENDAR_YEAR.match(text) and int(text) else None
        return Period("snapshot", day, day) if day else None
    if _CALENDAR_YEAR.match(text) and year_type != "calendar":
        return _span(int(text) - 1, 1, _FIRST_MONTHS[year_type])
    return read_period(text, year_type=year_type)


def find_period(text: str) -> Period | None:
    """Find the period that a title names: "Breastfeeding at 6 to 8 weeks, quarter 1, 2024 to 2025"."""
    for match in _IN_TITLE.finditer(text):
        quarter = match[3] or match[4]
        first = match[1] or match[5] or match[7]
        second = match[2] or match[6] or match[8]
        period = read_period(f"{first}/{second}" + (f" Q{quarter}" if quarter else ""))
        if period is not None and period.period_type in {"quarter", "year"}:
            return period
    return None


def read_day(text: str) -> dt.date | None:
    """Read one day; dates with slashes are day first, as in the United Kingdom."""
    for form in _DAY_FORMATS:
        try:
            return dt.datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a calendar day has no time zone
        except ValueError:
            continue
    return None


def period_type(period_from: dt.date, period_to: dt.date) -> str:
    """Name the period between two days; empty when it is none that is stored."""
    if period_from == period_to:
        return "snapshot"
    last_day = calendar.monthrange(period_to.year, period_to.month)[1]
    if period_from.day != 1 or period_to.day != last_day:
        return ""
    months = (period_to.year - period_from.year) * 12 + period_to.month - period_from.month + 1
    if months == 3 and period_from.month % 3 != 1:
        return ""
    return {3: "quarter", 12: "year", 36: "three_years"}.get(months, "")


def pooled_calendar_years(label: str) -> Period | None:
    """Read "2019 - 20" as two calendar years taken together, which is what Fingertips means by it."""
    match = _YEAR.match(label.strip().lower())
    if not match:
        return None
    first = int(match[1])
    return _span(first, _full_year(match[2], first) - first + 1, 1)


def _quarter(text: str, calendar_quarters: bool) -> Period | None:
    match = _YEAR_THEN_QUARTER.match(text)
    if match:
        return _financial_quarter(match[1], match[2], match[3])
    match = _QUARTER_THEN_YEAR.match(text)
    if match:
        return _financial_quarter(match[2], match[3], match[1])
    match = _CALENDAR_QUARTER.match(text) if calendar_quarters else None
    return _months(int(match[1]), int(match[2]) * 3 - 2, 3, "quarter") if match else None


def _financial_quarter(first: str, second: str, quarter: str) -> Period | None:
    year = int(first)
    if _full_year(second, year) != year + 1:
        return None
    return _months(year, int(quarter) * 3 + 1, 3, "quarter")


def _pooled(text: str, first_month: int) -> Period | None:
    match = _POOLED.match(text)
    if not match:
        return None
    first = int(match[1])
    last = _full_year(match[3], first)
    if _full_year(match[2], first) != first + 1 or _full_year(match[4], last) != last + 1:
        return None
    return _span(first, last - first + 1, first_month)


def _years(text: str, first_month: int) -> Period | None:
    match = _CALENDAR_YEAR.match(text)
    if match:
        return _span(int(match[1]), 1, 1)
    match = _YEAR.match(text)
    if not match:
        return None
    first = int(match[1])
    last = _full_year(match[2], first)
    if last == first + 1 and first_month != 1:
        return _span(first, 1, first_month)
    if "/" in text:
        return None
    return _span(first, last - first + 1, 1)


def _full_year(text: str, after: int) -> int:
    """Complete "26" to the first year of that ending from ``after`` on."""
    if len(text) == 4:
        return int(text)
    year = after // 100 * 100 + int(text)
    return year if year >= after else year + 100


def _span(first_year: int, years: int, first_month: int) -> Period | None:
    if not 1 <= years <= 10:
        return None
    kind = {1: "year", 3: "three_years"}.get(years, "other")
    return _months(first_year, first_month, years * 12, kind)


def _months(year: int, month: int, months: int, kind: str) -> Period | None:
    if not dt.MINYEAR <= year < dt.MAXYEAR - months // 12:
        return None
    start = dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = start.year * 12 + start.month - 1 + months
    return Period(kind, start, dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1))
