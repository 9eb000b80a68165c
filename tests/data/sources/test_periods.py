"""Labels and dates of periods."""

from __future__ import annotations

import datetime as dt

import pytest

from data.sources.periods import find_period, period_type, read_day, read_period, read_year_ending


def days(period) -> tuple[str, str, str]:
    return period.period_type, period.period_from.isoformat(), period.period_to.isoformat()


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("2025/26 Q4", ("quarter", "2026-01-01", "2026-03-31")),
        ("2025/26 Q1", ("quarter", "2025-04-01", "2025-06-30")),
        ("2017 to 2018 Quarter 1", ("quarter", "2017-04-01", "2017-06-30")),
        ("Quarter 3 2024/25", ("quarter", "2024-10-01", "2024-12-31")),
        ("2020/21", ("year", "2020-04-01", "2021-03-31")),
        ("2020-21", ("year", "2020-04-01", "2021-03-31")),
        ("2024 to 2025", ("year", "2024-04-01", "2025-03-31")),
        ("1999/00", ("year", "1999-04-01", "2000-03-31")),
        ("2023", ("year", "2023-01-01", "2023-12-31")),
        ("2001 - 03", ("three_years", "2001-01-01", "2003-12-31")),
        ("2018/19 - 20/21", ("three_years", "2018-04-01", "2021-03-31")),
        ("2023/24 to 2025/26", ("three_years", "2023-04-01", "2026-03-31")),
        ("2016 - 20", ("other", "2016-01-01", "2020-12-31")),
        ("31 March 2025", ("snapshot", "2025-03-31", "2025-03-31")),
        ("31/03/2025", ("snapshot", "2025-03-31", "2025-03-31")),
    ],
)
def test_a_label_is_read_as_two_days(label: str, expected: tuple[str, str, str]) -> None:
    period = read_period(label)
    assert period is not None
    assert days(period) == expected


@pytest.mark.parametrize("label", ["", "soon", "2025 Q4", "2025/26 Q5", "2025/27", "2025/26 to 2026", "20/21"])
def test_what_could_mean_two_things_or_nothing_is_not_read(label: str) -> None:
    assert read_period(label) is None


@pytest.mark.parametrize(
    "label", ["0000", "0000/01 Q4", "0000/01", "9999", "9999/00", "9999/00 Q4", "9998/99 to 9999/00"]
)
def test_a_year_that_no_calendar_has_is_no_period(label: str) -> None:
    assert read_period(label) is None
    assert read_year_ending(label, "financial") is None
    assert read_year_ending("0000", "snapshot") is None


def test_a_calendar_quarter_is_read_only_where_the_publisher_means_it() -> None:
    period = read_period("2020 Q4", calendar_quarters=True)
    assert period is not None
    assert days(period) == ("quarter", "2020-10-01", "2020-12-31")


@pytest.mark.parametrize(
    ("label", "year_type", "expected"),
    [
        ("2025", "academic", ("year", "2024-09-01", "2025-08-31")),
        ("2024", "financial", ("year", "2023-04-01", "2024-03-31")),
        ("2024", "calendar", ("year", "2024-01-01", "2024-12-31")),
        ("2024", "snapshot", ("snapshot", "2024-03-31", "2024-03-31")),
        ("2013/14-15/16", "financial", ("three_years", "2013-04-01", "2016-03-31")),
    ],
)
def test_a_single_year_may_name_the_year_in_which_the_period_ends(label: str, year_type: str, expected) -> None:
    period = read_year_ending(label, year_type)
    assert period is not None
    assert days(period) == expected


def test_an_academic_year_begins_in_september() -> None:
    period = read_period("2023/24", year_type="academic")
    assert period is not None
    assert days(period) == ("year", "2023-09-01", "2024-08-31")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Breastfeeding at 6 to 8 weeks, 2023 to 2024: commentary", ("year", "2023-04-01", "2024-03-31")),
        ("Table 1: C2, Quarter 2, 2024 to 2025 (provisional)", ("quarter", "2024-07-01", "2024-09-30")),
        ("New birth visits 2024/25 Q3", ("quarter", "2024-10-01", "2024-12-31")),
    ],
)
def test_a_period_is_found_in_a_title(title: str, expected: tuple[str, str, str]) -> None:
    period = find_period(title)
    assert period is not None
    assert days(period) == expected


def test_no_period_is_found_in_a_title_without_one() -> None:
    assert find_period("Table 1: C2, 6 to 8 weeks") is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-04-01", "2025-06-30", "quarter"),
        ("2025-05-01", "2025-07-31", ""),
        ("2025-04-01", "2026-03-31", "year"),
        ("2025-01-01", "2025-12-31", "year"),
        ("2023-04-01", "2026-03-31", "three_years"),
        ("2025-04-01", "2025-04-30", ""),
        ("2025-04-02", "2025-06-30", ""),
        ("2024-02-01", "2024-02-28", ""),
        ("2025-03-31", "2025-03-31", "snapshot"),
    ],
)
def test_two_days_name_their_period(first: str, last: str, expected: str) -> None:
    assert period_type(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == expected


def test_slashes_put_the_day_first() -> None:
    assert read_day("01/02/2025") == dt.date(2025, 2, 1)
