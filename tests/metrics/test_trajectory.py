"""The expected trajectory: worked by hand, against the closed form, and turned round."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.trajectory import (
    Flows,
    completions_needed,
    first_at_least,
    project,
    quarters_to_reach,
    steady_share,
)

#: 100 staff, 40 in date; 10 leave and are replaced by untrained starters; nothing lapses.
PLAIN = Flows(in_post=100, trained=40, starters=10, starters_trained=0, leaving=0.1, lapsing=0)
#: 200 staff, 80 in date; 10 leave and are replaced, a fifth of them trained; 1 in 20 lapses.
FULL = Flows(in_post=200, trained=80, starters=10, starters_trained=0.2, leaving=0.05, lapsing=0.05)


def groups() -> st.SearchStrategy[Flows]:
    """Groups in which somebody may leave, lapse, start and come trained."""
    chances = st.floats(0.01, 0.3)

    def built(in_post: float, share: float, starters: float, came: float, leaving: float, lapsing: float) -> Flows:
        return Flows(in_post, in_post * share, starters, came, leaving, lapsing)

    return st.builds(built, st.floats(20, 2000), st.floats(0, 1), st.floats(1, 50), st.floats(0, 0.5), chances, chances)


def test_two_quarters_by_hand() -> None:
    # staying and in date: 0.95 × 0.95 = 0.9025; starters bring 10 × 0.2 = 2; 12 complete
    table = project(FULL, 12, 2)
    first = 0.9025 * 80 + 2 + 12  # 86.2
    assert table["trained"].tolist() == pytest.approx([80, first, 0.9025 * first + 14])
    assert table["in_post"].tolist() == pytest.approx([200, 200, 200])  # 10 of 200 leave, 10 start
    assert table["share"].tolist() == pytest.approx([0.4, 0.431, (0.9025 * 86.2 + 14) / 200])


def test_a_group_that_shrinks_and_one_that_grows() -> None:
    assert project(replace(PLAIN, starters=4), 0, 1)["in_post"].tolist() == pytest.approx([100, 94])  # 90 + 4
    assert project(replace(PLAIN, starters=16), 0, 1)["in_post"].tolist() == pytest.approx([100, 106])  # 90 + 16


def test_nobody_is_trained_who_is_in_date_already() -> None:
    table = project(PLAIN, 90, 3)
    assert table["share"].tolist() == pytest.approx([0.4, 1.0, 1.0, 1.0])  # 36 + 90 is more than 100
    assert (table["trained"] <= table["in_post"]).all()


@given(groups(), st.floats(0, 60), st.integers(1, 40))
def test_the_path_is_that_of_the_closed_form_while_nobody_is_left_over(
    group: Flows, completions: float, quarters: int
) -> None:
    kept = group.retention
    inflow = group.starters * group.starters_trained + completions
    trained = [group.trained * kept**t + inflow * (1 - kept**t) / (1 - kept) for t in range(quarters + 1)]
    stay = 1 - group.leaving
    staff = [group.in_post * stay**t + group.starters * (1 - stay**t) / (1 - stay) for t in range(quarters + 1)]
    table = project(group, completions, quarters)
    assert table["in_post"].tolist() == pytest.approx(staff)
    if all(dated <= heads for dated, heads in zip(trained, staff, strict=True)):
        assert table["trained"].tolist() == pytest.approx(trained)
    assert table["share"].between(0, 1).all()


@given(groups(), st.floats(0, 60))
def test_the_path_ends_at_the_steady_share(group: Flows, completions: float) -> None:
    # r is at most 0.99 × 0.99, and 0.9801 ** 2000 is less than 10 ** -17
    assert project(group, completions, 2000)["share"].iloc[-1] == pytest.approx(steady_share(group, completions))


@pytest.mark.parametrize(
    ("changed", "completions", "share"),
    [
        ({}, 8, 0.8),  # 8 / 0.1 = 80 of 10 / 0.1 = 100
        ({}, 50, 1.0),  # more places than staff
        ({"lapsing": 0.1}, 9.5, 0.5),  # 9.5 / (1 - 0.9 × 0.9) = 50 of 100
        ({"starters": 20}, 8, 0.4),  # 80 of 20 / 0.1 = 200
        ({"leaving": 0, "starters": 0}, 8, 1.0),  # nothing is lost
        ({"leaving": 0, "starters": 0}, 0, 0.4),  # nothing moves
        ({"leaving": 0, "starters": 0, "lapsing": 0.2}, 10, 0.5),  # 10 / 0.2 = 50 of 100
        ({"leaving": 0}, 4, 0.4),  # 4 of every 10 newcomers
        ({"leaving": 0, "lapsing": 0.2}, 4, 0.0),  # 20 in date of ever more
    ],
)
def test_where_coverage_tends(changed: dict[str, Any], completions: float, share: float) -> None:
    assert steady_share(replace(PLAIN, **changed), completions) == pytest.approx(share)


def test_a_group_that_dies_out_has_no_share() -> None:
    assert math.isnan(steady_share(replace(PLAIN, starters=0), 8))
    assert math.isnan(project(replace(PLAIN, starters=0, leaving=1), 8, 1)["share"].iloc[-1])


def test_the_time_to_a_target_is_that_of_the_logarithm() -> None:
    # D* = (2 + 30) / (1 - 0.9025) = 328.2; ln((328.2 - 180) / (328.2 - 80)) / ln 0.9025 = 5.03, so 6 quarters
    limit = 32 / 0.0975
    exact = math.log((limit - 180) / (limit - 80)) / math.log(0.9025)
    assert 5 < exact < 6
    assert quarters_to_reach(FULL, 30, 0.9) == 6


def test_a_target_that_is_met_now_takes_no_time_and_a_tie_meets_it() -> None:
    assert quarters_to_reach(PLAIN, 0, 0.4) == 0
    assert quarters_to_reach(PLAIN, 20, 0.56) == 1  # 36 + 20 of 100 exactly


def test_full_coverage_is_never_reached_when_losses_outpace_training() -> None:
    assert steady_share(PLAIN, 8) == pytest.approx(0.8)
    assert quarters_to_reach(PLAIN, 8, 0.81) == math.inf
    assert quarters_to_reach(PLAIN, 8, 0.79) < math.inf


def test_what_lies_beyond_the_horizon_is_not_reached() -> None:
    assert quarters_to_reach(PLAIN, 8, 0.79, horizon=3) == math.inf


def test_completions_needed_by_hand() -> None:
    # 0.9025 ** 2 × 80 = 65.16; 100 - 65.16 = 34.84 = (c + 2) × 1.9025
    assert completions_needed(FULL, 0.5, 2) == pytest.approx((100 - 0.9025**2 * 80) / 1.9025 - 2)
    still = replace(PLAIN, leaving=0, starters=0)
    assert completions_needed(still, 1.0, 6) == 10  # 60 more in 6 quarters
    assert completions_needed(PLAIN, 0.1, 1) == 0  # 36 are left, more than 10


@given(groups(), st.floats(0.05, 0.99), st.integers(1, 40))
def test_what_is_needed_arrives_on_the_day(group: Flows, target: float, quarters: int) -> None:
    needed = completions_needed(group, target, quarters)
    share = project(group, needed, quarters)["share"]
    if needed > 0 and (share < 1).all():
        assert share.iloc[-1] == pytest.approx(target)
    if needed == 0:
        assert share.iloc[-1] >= target - 1e-9


@given(groups(), st.floats(0, 40), st.floats(0.1, 20), st.floats(0.05, 1))
def test_more_training_never_arrives_later(group: Flows, completions: float, more: float, target: float) -> None:
    assert quarters_to_reach(group, completions + more, target) <= quarters_to_reach(group, completions, target)
    assert steady_share(group, completions + more) >= steady_share(group, completions)


def test_first_at_least_takes_a_missing_share_for_none() -> None:
    assert first_at_least(np.array([[0.5, np.nan], [0.4, 0.6]]), 0.5) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"in_post": 0, "trained": 0}, "in_post must be greater than zero"),
        ({"trained": 101}, "trained must not exceed in_post"),
        ({"starters": -1}, "starters must be zero or more"),
        ({"leaving": 1.1}, "leaving must be between 0 and 1"),
        ({"lapsing": math.nan}, "lapsing must not be missing"),
    ],
)
def test_impossible_groups_are_refused(changed: dict[str, float], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(PLAIN, **changed)


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="completions must be zero or more"):
        project(PLAIN, -1, 4)
    with pytest.raises(ValueError, match="completions must not be missing"):
        steady_share(PLAIN, math.nan)
    with pytest.raises(ValueError, match="target must be above 0"):
        quarters_to_reach(PLAIN, 1, 0)
    with pytest.raises(ValueError, match="quarters must be a whole number of at least 1"):
        completions_needed(PLAIN, 0.5, 0)
