"""How sure a trajectory is: the simulation against expectation, variance by hand, and what rounding adds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from metrics.trajectory import Flows, project
from metrics.trajectory_interval import FlowCounts, arrival, flows_of, places_needed, simulate_shares

#: So many person quarters that the chances are known: 5% leave, 5% lapse, a fifth come trained, 10 start a quarter.
KNOWN = FlowCounts(
    in_post=200,
    trained=80,
    left=5e8,
    could_leave=1e10,
    lapsed=5e8,
    could_lapse=1e10,
    started=1e9,
    came_trained=2e8,
    quarters=1e8,
    completed=8e9,
    places=1e10,
)
#: The same chances from a year of one small group.
OBSERVED = replace(
    KNOWN,
    left=40,
    could_leave=800,
    lapsed=15,
    could_lapse=300,
    started=40,
    came_trained=8,
    quarters=4,
    completed=40,
    places=50,
)


def test_the_mean_of_the_paths_is_the_expected_path() -> None:
    flows = Flows(in_post=200, trained=80, starters=10, starters_trained=0.2, leaving=0.05, lapsing=0.05)
    paths = simulate_shares(KNOWN, 15, 12, draws=20_000)
    expected = project(flows, 0.8 * 15, 12)["share"]  # four of five places are filled
    error = 4 * paths.std(axis=1) / math.sqrt(20_000)
    # the share is a ratio of two random stocks: its mean may differ from the ratio of means by a thousandth
    assert (np.abs(paths.mean(axis=1) - expected) < error + 0.001).all()


def test_the_spread_after_one_quarter_is_binomial() -> None:
    # nobody starts and no place is offered: of 100 in date out of 100, each stays with 0.95 and is in date with 0.95,
    # so the share of those who stay is binomial of about 95 with 0.95
    still = replace(KNOWN, in_post=100, trained=100, started=0, came_trained=0)
    paths = simulate_shares(still, 0, 1, draws=20_000)
    assert paths[1].mean() == pytest.approx(0.95, abs=0.001)
    assert paths[1].std() == pytest.approx(math.sqrt(0.95 * 0.05 / 95), rel=0.03)


def test_few_people_are_less_sure_than_many_and_rounded_counts_less_than_exact_ones() -> None:
    def width(counts: FlowCounts) -> float:
        low, high = np.quantile(simulate_shares(counts, 15, 20)[-1], [0.025, 0.975])
        return float(high - low)

    assert width(KNOWN) < width(OBSERVED) < width(replace(OBSERVED, rounded_to=5))


def test_stocks_that_were_rounded_are_any_that_round_to_them() -> None:
    paths = simulate_shares(replace(KNOWN, in_post=10, trained=0, rounded_to=5), 0, 1, draws=500)
    assert set(paths[0]) == {0.0}  # an exact 0 is shown as it is
    paths = simulate_shares(replace(KNOWN, in_post=1000, trained=10, rounded_to=5), 0, 1, draws=500)
    assert 8 / 1002 <= paths[0].min() < paths[0].max() <= 12 / 998


def test_training_out_of_date_is_not_in_date_and_its_rounding_counts_too() -> None:
    assert flows_of(replace(KNOWN, expired=30))[0].trained == 50  # 80 - 30
    paths = simulate_shares(replace(KNOWN, expired=30, rounded_to=5), 0, 1, draws=2000)
    assert 46 / 202 <= paths[0].min() < 47 / 199  # 78 - 32 of up to 202
    assert 53 / 201 < paths[0].max() <= 54 / 198  # 82 - 28 of down to 198


def test_a_part_never_exceeds_its_whole_however_both_were_rounded() -> None:
    paths = simulate_shares(replace(OBSERVED, in_post=10, trained=10, rounded_to=5), 5, 8)
    assert paths.min() >= 0
    assert paths.max() <= 1


def test_places_that_nobody_fills_train_nobody() -> None:
    unused = replace(KNOWN, completed=0)
    assert (simulate_shares(unused, 500, 8) == simulate_shares(unused, 0, 8)).all()


def test_a_group_that_everybody_leaves_has_no_share() -> None:
    gone = replace(KNOWN, left=1e10, started=0, came_trained=0, quarters=1e18)
    assert np.isnan(simulate_shares(gone, 5, 3)[-1]).all()


def test_half_a_place_is_a_place_in_every_other_quarter() -> None:
    still = replace(KNOWN, left=0, lapsed=0, started=0, came_trained=0, quarters=1e18, completed=1e10)
    paths = simulate_shares(still, 0.5, 40, draws=4000)
    assert paths[-1].mean() == pytest.approx((80 + 20) / 200, abs=0.001)


def test_the_same_counts_give_the_same_paths() -> None:
    assert (simulate_shares(OBSERVED, 15, 8) == simulate_shares(OBSERVED, 15, 8)).all()
    assert (simulate_shares(OBSERVED, 15, 8, seed=2) != simulate_shares(OBSERVED, 15, 8)).any()


def test_arrival_by_hand() -> None:
    # 40 paths arrive in quarters 1 to 40: the first 2.5% is the 1st, the middle the 20th, 97.5% the 39th
    shares = np.array([[float(quarter >= path) for path in range(1, 41)] for quarter in range(41)])
    assert arrival(shares, 0.5).to_dict() == {"median": 20, "lowercl": 1, "uppercl": 39, "reached": 1}


def test_paths_that_do_not_arrive_push_the_limits_out() -> None:
    shares = np.array([[0.4] * 10, [0.6] * 4 + [0.4] * 6])
    found = arrival(shares, 0.5)
    assert found["lowercl"] == 1
    assert found["median"] == found["uppercl"] == math.inf
    assert found["reached"] == 0.4


def test_flows_are_shares_of_what_could_have_moved() -> None:
    # 40 of 800 left, 15 of 300 lapsed, 40 started in 4 quarters, 8 of them trained, 40 of 50 places led to training
    assert flows_of(OBSERVED) == (Flows(200, 80, 10, 0.2, 0.05, 0.05), 0.8)
    assert flows_of(replace(OBSERVED, left=0, could_leave=0))[0].leaving == 0


def test_the_places_needed_bring_the_paths_to_the_target_on_the_day() -> None:
    found = places_needed(KNOWN, 0.6, 8)
    paths = simulate_shares(KNOWN, found["value"], 8, draws=20_000)
    assert paths[8].mean() == pytest.approx(0.6, abs=0.003)
    assert found["completions"] == pytest.approx(0.8 * found["value"])
    assert found["lowercl"] == pytest.approx(found["uppercl"], rel=0.01)  # the chances are known


def test_few_people_leave_open_how_many_places_are_needed() -> None:
    found = places_needed(OBSERVED, 0.6, 8)
    assert found["lowercl"] < 0.9 * found["value"] < found["value"] < 0.9 * found["uppercl"]
    rounded = places_needed(replace(OBSERVED, rounded_to=5), 0.6, 8)
    assert rounded["uppercl"] - rounded["lowercl"] > found["uppercl"] - found["lowercl"]


def test_no_number_of_places_helps_where_none_is_filled_and_none_is_needed_where_starters_are_enough() -> None:
    assert places_needed(replace(OBSERVED, completed=0), 0.6, 8)["value"] == math.inf
    assert places_needed(KNOWN, 0.05, 8)["value"] == 0


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"left": 801}, "left must not exceed could_leave"),
        ({"lapsed": -1}, "lapsed must be a number of zero or more"),
        ({"places": math.nan}, "places must be a number of zero or more"),
        ({"quarters": 0}, "in_post and quarters must be greater than zero"),
        ({"rounded_to": 0}, "rounded_to must be a whole number of at least 1"),
    ],
)
def test_impossible_counts_are_refused(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(OBSERVED, **changed)


def test_impossible_places_are_refused() -> None:
    with pytest.raises(ValueError, match="places must be between 0 and inf"):
        simulate_shares(OBSERVED, -1)
    with pytest.raises(ValueError, match="places must not be missing"):
        simulate_shares(OBSERVED, math.nan)
