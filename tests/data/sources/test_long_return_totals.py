"""A total that disagrees with its parts is told where it stands; what may rightly differ is let through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import DataError, DataErrors
from data.sources import read_file

HEADER = ["indicator_id", "area_code", "period", "breakdown_type", "breakdown_value", "numerator", "denominator"]
VISIT = "new_birth_visit_14_days"
BCP, DORSET, ICS = "E06000058", "E06000059", "E54000041"
BRIDPORT, BEAMINSTER = "E01020373", "E01020374"
Q = [f"2024/25 Q{quarter}" for quarter in (1, 2, 3, 4)]
GROUPS = [
    "Asian or Asian British",
    "Black, Black British, Caribbean or African",
    "Mixed or multiple",
    "White",
    "Other",
    "Unknown",
]


@pytest.fixture
def told(write_table: Callable[..., Path]) -> Callable[..., list[DataError]]:
    """Give the problems of a return, none when it is read."""

    def find(*rows: tuple[object, ...]) -> list[DataError]:
        try:
            read_file(write_table([HEADER, *[list(row) for row in rows]]))
        except DataErrors as error:
            return list(error.problems)
        return []

    return find


def row(
    area: str = DORSET,
    period: str = Q[0],
    numerator: object = 10,
    denominator: object = 100,
    group: tuple[str, str] = ("", ""),
    indicator: str = VISIT,
) -> tuple[object, ...]:
    return (indicator, area, period, *group, numerator, denominator)


def test_neighbourhoods_may_not_make_more_than_their_council(told) -> None:
    parts = [row(BRIDPORT, numerator=40, denominator=50), row(BEAMINSTER, numerator=41, denominator=50)]
    assert told(row(numerator=81), *parts) == [], "81 = 40 + 41"
    assert told(row(numerator=90, denominator=120), *parts) == [], "some families' neighbourhood is not known"
    (problem,) = told(row(numerator=80), *parts)
    assert (problem.row, problem.rows, problem.column) == (2, (2,), "numerator")
    assert "the neighbourhoods add up to more than the row of their council" in str(problem)
    assert "found 81 in the parts and 80 in row 2" in str(problem)
    assert problem.todo


def test_a_part_alone_may_be_too_much_and_another_council_s_is_not_counted(told) -> None:
    assert len(told(row(BCP, numerator=5, denominator=30), row(BRIDPORT, numerator=6, denominator=31))) == 0
    both = told(row(numerator=5, denominator=30), row(BRIDPORT, numerator=6, denominator=31))
    assert [problem.column for problem in both] == ["numerator", "denominator"]


def test_councils_may_not_make_more_than_the_system(told) -> None:
    councils = [row(BCP, numerator=60), row(DORSET, numerator=40)]
    assert told(row(ICS, numerator=100, denominator=200), *councils) == []
    (problem,) = told(row(ICS, numerator=99, denominator=200), *councils)
    assert "the councils add up to more than the row of their system" in str(problem)


def test_quarters_make_their_year_neither_more_nor_less(told) -> None:
    quarters = [row(period=quarter, numerator=number) for quarter, number in zip(Q, (1, 2, 3, 4), strict=True)]
    assert told(row(period="2024/25", numerator=10, denominator=400), *quarters) == [], "10 = 1 + 2 + 3 + 4"
    for wrong in (9, 11):
        (problem,) = told(row(period="2024/25", numerator=wrong, denominator=400), *quarters)
        assert f"found 10 in the parts and {wrong} in row 2" in str(problem)
    # of three quarters only too much can be known
    assert told(row(period="2024/25", numerator=30, denominator=400), *quarters[:3]) == []
    assert len(told(row(period="2024/25", numerator=5, denominator=400), *quarters[:3])) == 1


def test_groups_with_unknown_make_everyone(told) -> None:
    groups = [row(group=("ethnic_group", name), numerator=2, denominator=20) for name in GROUPS]
    assert told(row(numerator=12, denominator=120), *groups) == [], "6 groups of 2 in 20"
    (problem,) = told(row(numerator=13, denominator=120), *groups)
    assert "the groups of 'ethnic_group' do not add up to the row for everyone" in str(problem)
    assert told(row(numerator=13, denominator=140), *groups[:5]) == [], "the sixth group may hold the rest"
    assert len(told(row(numerator=9, denominator=120), *groups[:5])) == 1, "five groups make 10"


def test_a_suppressed_part_or_total_proves_nothing(told) -> None:
    groups = [row(group=("ethnic_group", name), numerator=2, denominator=20) for name in GROUPS]
    hidden = row(group=("ethnic_group", "White"), numerator="*", denominator=20)
    assert told(row(numerator=13, denominator=120), *groups[:3], hidden, *groups[4:]) == []
    assert told(row(numerator="*", denominator=120), *groups) == []


def test_groups_that_overlap_are_not_added_up(told) -> None:
    needs = [
        row(group=("need_domain", name), numerator=9, denominator=10, indicator="holistic_need_view")
        for name in ("Health", "Housing")
    ]
    everyone = row(numerator=9, denominator=10, indicator="holistic_need_view")
    assert [problem for problem in told(everyone, *needs) if "add up" in str(problem)] == []


def test_shares_of_one_whole_may_each_repeat_it(told) -> None:
    # of 100 reviews, 60 at home and 40 in a clinic: each row is over all 100
    split = [
        row(group=("place_of_visit", "Home"), numerator=60, indicator="reviews_at_home"),
        row(group=("place_of_visit", "Clinic"), numerator=40, indicator="reviews_at_home"),
    ]
    found = told(row(numerator=100, indicator="reviews_at_home"), *split)
    assert [problem for problem in found if "add up" in str(problem)] == []


def test_rounded_returns_may_be_off_by_their_rounding(told) -> None:
    # each count was rounded to the nearest 5, so that four of them may miss their sum by 2.5 each
    numbers = (10, 15, 20, 25, 30, 35, 40, 45)
    years = ("2023/24", "2024/25")
    quarters = [f"{year} Q{quarter}" for year in years for quarter in (1, 2, 3, 4)]
    rows = [row(period=quarter, numerator=number) for quarter, number in zip(quarters, numbers, strict=True)]
    assert told(*rows, row(period="2023/24", numerator=75, denominator=400)) == [], "10 + 15 + 20 + 25 = 70"
    assert len(told(*rows, row(period="2023/24", numerator=85, denominator=400))) == 1, "more than 5 × 2.5 off"
    exact = (11, *numbers[1:])
    rows = [row(period=quarter, numerator=number) for quarter, number in zip(quarters, exact, strict=True)]
    assert len(told(*rows, row(period="2023/24", numerator=75, denominator=400))) == 1, "71, and nothing is rounded"
