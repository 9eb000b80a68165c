"""A return is held against the last one: what is unlikely is said before it is loaded, and refuses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.errors import DataError
from data.intake.checks import period_label
from data.intake.loading import load
from data.intake.proposal import propose

BCP, DORSET = "E06000058", "E06000059"
BOURNEMOUTH = ("E01015272", "E01015273", "E01015274", "E01015275", "E01015276")
Q = (
    ("2025-04-01", "2025-06-30"),
    ("2025-07-01", "2025-09-30"),
    ("2025-10-01", "2025-12-31"),
    ("2026-01-01", "2026-03-31"),
)
VISIT = "new_birth_visit_14_days"
Send = Callable[..., Path]
Row = tuple[object, ...]


def row(area: str, quarter: tuple[str, str], numerator: object, denominator: object, indicator: str = VISIT) -> Row:
    return (indicator, area, *quarter, numerator, denominator)


@pytest.fixture
def warned(ready_sqlite: sa.Engine, send: Send) -> Callable[[list[Row], list[Row]], list[DataError]]:
    """Load one return, try another, and give the warnings."""

    def find(first: list[Row], second: list[Row]) -> list[DataError]:
        if first:
            load(send(*first, name="first.csv"), ready_sqlite, loaded_by="a steward")
        proposal = propose(send(*second, name="second.csv"), ready_sqlite)
        assert proposal.passes, proposal.problems
        return list(proposal.warnings)

    return find


def test_a_first_return_and_one_like_the_last_raise_no_warning(warned) -> None:
    assert warned([], [row(BCP, Q[0], 450, 500), row(DORSET, Q[0], 300, 350)]) == []
    first = [row(BCP, Q[0], 450, 500), row(DORSET, Q[0], 300, 350)]
    assert warned(first, [row(BCP, Q[1], 440, 510), row(DORSET, Q[1], 310, 340)]) == []


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [(500, 999, False), (500, 1000, False), (500, 1001, True), (500, 249, True), (500, 250, False), (14, 40, False)],
)
def test_a_denominator_more_than_twice_or_less_than_half_is_told(warned, before: int, now: int, told: bool) -> None:
    found = warned([row(BCP, Q[0], before // 2, before)], [row(BCP, Q[1], now // 2, now)])
    assert bool(found) == told
    if told:
        (only,) = found
        assert (only.row, only.column) == (2, "denominator")
        assert f"found {now:,} in BCP, 2025/26 Q2" in str(only)
        assert str(before) not in str(only).replace("2025", ""), "no figure of the store is repeated"
        assert only.todo


def test_a_jump_is_looked_for_in_what_the_neighbourhoods_make_together(warned) -> None:
    first = [row(area, Q[0], 5, 12) for area in BOURNEMOUTH]
    found = warned(first, [row(area, Q[1], 10, 30) for area in BOURNEMOUTH])
    assert len(found) == 1
    assert "found 150 in BCP" in str(found[0]), "5 times 30, after 5 times 12"


@pytest.mark.parametrize(("numerator", "told"), [(75, False), (76, True), (25, False), (24, True)])
def test_a_share_that_moves_by_more_than_a_quarter_of_the_whole_is_told(warned, numerator: int, told: bool) -> None:
    found = warned([row(BCP, Q[0], 50, 100)], [row(BCP, Q[1], numerator, 100)])
    assert bool(found) == told
    assert all("25%" in str(warning) for warning in found)


def test_a_corrected_quarter_is_held_against_itself_and_not_the_one_before(warned) -> None:
    first = [row(BCP, Q[0], 900, 1000), row(BCP, Q[1], 270, 300)]
    assert warned(first, [row(BCP, Q[1], 280, 310)]) == []
    (found,) = warned([], [row(BCP, Q[0], 90, 100)])
    assert "2025/26 Q1" in str(found)


def test_a_council_that_the_last_file_spoke_for_and_this_one_does_not_is_named(warned) -> None:
    first = [row(BCP, Q[0], 450, 500), row(DORSET, Q[0], 300, 350)]
    (found,) = warned(first, [row(BCP, Q[1], 440, 510)])
    assert "nothing is sent for Dorset Council area in 2025/26 Q2: new_birth_visit_14_days" in str(found)


def test_a_council_that_sends_for_itself_is_not_missed_in_another_s_file(warned, ready_sqlite: sa.Engine, send) -> None:
    load(send(row(DORSET, Q[0], 300, 350), name="dorset.csv"), ready_sqlite, loaded_by="a steward")
    assert warned([row(BCP, Q[0], 450, 500)], [row(BCP, Q[1], 440, 510)]) == []


def test_a_quarter_between_others_that_was_never_sent_is_named(warned) -> None:
    (found,) = warned([row(BCP, Q[0], 450, 500)], [row(BCP, Q[2], 440, 510)])
    assert "2025/26 Q2 is missing between earlier and later periods of BCP" in str(found)
    (inside,) = warned([], [row(DORSET, Q[0], 300, 350), row(DORSET, Q[3], 300, 350), row(DORSET, Q[2], 300, 350)])
    assert "2025/26 Q2 is missing" in str(inside)


def test_far_fewer_neighbourhoods_than_last_time_are_said(warned) -> None:
    first = [row(area, Q[0], 5, 12) for area in BOURNEMOUTH]
    assert warned(first, [row(area, Q[1], 5, 12) for area in BOURNEMOUTH[:4]]) == [], "4 of 5 may be"
    (found,) = warned([], [row(area, Q[1], 5, 12) for area in BOURNEMOUTH[:3]])
    assert "far fewer neighbourhoods than last time are sent for BCP in 2025/26 Q2" in str(found)


def test_rows_that_would_no_longer_be_used_are_counted(warned) -> None:
    first = [row(area, Q[0], 5, 12) for area in BOURNEMOUTH]
    found = warned(first, [row(area, Q[0], 5, 12) for area in BOURNEMOUTH[:4]])
    assert [str(one) for one in found] == [
        "Long return, second.csv: 1 row that is used now is not in this file and would no longer be used. "
        "What still holds must stand in the file."
    ]


@pytest.mark.parametrize(
    ("kind", "day", "label"),
    [
        ("quarter", "2025-04-01", "2025/26 Q1"),
        ("quarter", "2026-01-01", "2025/26 Q4"),
        ("quarter", "1999-04-01", "1999/00 Q1"),
        ("year", "2024-04-01", "2024/25"),
        ("snapshot", "2025-03-31", "the period from 2025-03-31"),
    ],
)
def test_a_period_is_named_as_people_here_do(kind: str, day: str, label: str) -> None:
    assert period_label(kind, day) == label
