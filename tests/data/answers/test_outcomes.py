"""The whole-plan outcome set: n of n that improve, by who they are for."""

from __future__ import annotations

import pandas as pd

from data.answers.outcomes import OUTCOMES, outcomes_improving
from data.answers.scorecard import scorecard
from data.answers.trends import trends_of
from data.catalogue import indicator

FLAT = [50.0, 51.0, 49.0, 50.5, 49.5, 50.2, 49.8, 50.1, 50.4, 49.6, 50.3, 49.9]
RISING = [40.0, 41.0, 42.0, 43.0, 44.0, 45.0, 46.0, 47.0, 48.0, 49.0, 50.0, 51.0]


def test_a_fall_in_need_and_a_rise_in_reach_both_count_as_better_and_a_flat_series_does_not() -> None:
    series = pd.DataFrame(
        {
            "low_preparedness": RISING[::-1],  # low is good
            "loneliness": RISING,
            "hub_reach_under_two": RISING,
            "breastfeeding_6_8_weeks": FLAT,
            "reflective_supervision": [*[float("nan")] * 5, *RISING[:7]],  # seven quarters are too few
        }
    ).T
    found = outcomes_improving(trends_of(series))
    assert found is not None
    assert found.words == "2 of 4 improve: 0 of 1 for children, 1 of 2 for families and 1 of 1 for communities"
    assert found.share == 50.0
    assert "reflective_supervision" not in found.judged


def test_nothing_is_said_while_no_series_is_long_enough() -> None:
    assert outcomes_improving({}) is None
    assert outcomes_improving({"loneliness": "too few quarters to say"}) is None


def test_each_outcome_says_which_way_is_better_and_stands_once() -> None:
    names = [name for some in OUTCOMES.values() for name in some]
    assert len(names) == len(set(names))
    assert {indicator(name).polarity for name in names} <= {"high_is_good", "low_is_good"}


def test_the_scorecard_answers_b7_1_for_the_four_audiences_and_labels_it(everything: str) -> None:
    row = scorecard("overview").table.set_index("ask").loc["B7.1"]
    assert row["status"] == "Measured, no level"  # nobody has said how many should improve
    assert all(f"for {audience}" in row["figure"] for audience in OUTCOMES)
    assert row["illustrative"]
