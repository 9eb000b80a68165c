"""Printed disclosure rules at their thresholds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from metrics.disclosure_rules import (
    ResearchThresholds,
    cell_key_noise,
    check_research_table,
    friends_and_family_suppression,
    hospital_count,
    mental_health_count,
    midpoint_six,
    mortality_rate_display,
    redact_then_round,
)


@pytest.mark.parametrize(
    ("count", "hospital", "mental_health"),
    [(0, "0", "*"), (1, "*", "*"), (4, "*", "*"), (5, "*", "5"), (7, "*", "5"), (8, "10", "10"), (12, "10", "10")],
)
def test_counts_at_the_thresholds(count: int, hospital: str, mental_health: str) -> None:
    assert hospital_count(count) == hospital
    assert mental_health_count(count) == mental_health
    assert hospital_count(count, level="national") == str(count)


@pytest.mark.parametrize("count", [-1, 4.2, None, True])
def test_counts_must_be_whole(count: object) -> None:
    for call in (hospital_count, mental_health_count):
        with pytest.raises(ValueError, match="count must be a whole number of at least 0; found"):
            call(count)  # type: ignore[arg-type]


def test_redaction_and_midpoints() -> None:
    np.testing.assert_array_equal(redact_then_round([0, 7, 8, None]), [math.nan, math.nan, 10, math.nan])
    np.testing.assert_array_equal(redact_then_round([15, 25], redact_at_or_below=0, round_to=10), [20, 20])
    np.testing.assert_array_equal(midpoint_six([0, 6, 7, None]), [0, 3, 9, math.nan])


def test_mortality_rates_at_3_10_and_20() -> None:
    table = mortality_rate_display([2, 3, 9, 10, 19, 20])
    assert table["crude_rate_shown"].tolist() == [False, True, True, True, True, True]
    assert table["asr_shown"].tolist() == [False, False, False, True, True, True]
    assert table["unreliable_flag_on_crude"].tolist() == [False, True, True, True, True, False]
    assert table["unreliable_flag_on_asr"].tolist() == [False, False, False, True, True, False]


def test_friends_and_family_levels() -> None:
    table = friends_and_family_suppression(
        [0, 4, 5, 9, 20, 30], ["A", "A", "A", "A", "B", "B"], suppressed_parents=["B", "C"]
    )
    assert table["rank"].tolist() == [0, 1, 2, 3, 1, 2]
    assert table["first_level"].tolist() == [0, 1, 0, 0, 0, 0]
    assert table["second_level"].tolist() == [0, 0, 1, 0, 0, 0]
    assert table["cascade"].tolist() == [0, 0, 0, 0, 1, 1]
    assert table["suppressed"].tolist() == [False, True, True, False, True, True]
    with pytest.raises(ValueError, match="responses must not be missing; found nan"):
        friends_and_family_suppression([None], ["A"])


def test_research_table_of_counts() -> None:
    status, outcome = check_research_table({"a": [1.0] * 10, "b": [1.0] * 9, "c": []}, "count")
    assert status == "fail"
    assert outcome == {
        "a": ["ok"],
        "b": ["MinimumThresholdCheck"],
        "c": ["PresenceOfZeroCheck", "MinimumThresholdCheck"],
    }
    relaxed = ResearchThresholds(zeros_are_disclosive=False)
    assert check_research_table({"c": []}, "median", relaxed)[1] == {"c": ["MinimumThresholdCheck"]}


def test_research_table_of_means() -> None:
    cells = {"even": [5.0] * 12, "one": [900.0, *[1.0] * 11], "none": [0.0] * 12}
    status, outcome = check_research_table(cells, "mean")
    assert status == "fail"
    assert outcome == {"even": ["ok"], "one": ["NKCheck", "PPercentCheck"], "none": ["ok"]}
    negative = check_research_table({"a": [5.0] * 12, "b": [-5.0] * 12}, "sum")
    assert negative == ("review", {"a": ["ok"], "b": ["NKCheck", "PPercentCheck"]})
    with pytest.raises(ValueError, match="aggregate must be one of count, mean, sum, median; found 'max'"):
        check_research_table({}, "max")


def test_cell_keys_on_a_border_and_out_of_range() -> None:
    table = pd.DataFrame({"i": [1, 1], "v": [-1, 1], "p_int_lb": [0, 0.5], "p_int_ub": [0.5, 1]})
    assert cell_key_noise({"a": [0.5], "b": [0.75, 0.5]}, table) == {"a": (0.5, 1, 2), "b": (0.25, -1, 1)}
    with pytest.raises(ValueError, match="record_keys must be between 0 and 1; found a key outside in 'a'"):
        cell_key_noise({"a": [1.5]}, table)
    with pytest.raises(ValueError, match="noise_table must hold noise for every count; found none for 0"):
        cell_key_noise({"a": []}, table)
