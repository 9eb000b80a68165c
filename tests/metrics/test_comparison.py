"""Better, similar, worse: by limits and polarity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.comparison import compare, compare_at_two_levels

LOWER, UPPER = [81.0, 84.9, 85.0, 85.1, math.nan, 80.0], [84.9, 85.0, 90.0, 90.0, 90.0, 90.0]


@pytest.mark.parametrize(
    ("polarity", "below", "above"),
    [("high_is_good", "worse", "better"), ("low_is_good", "better", "worse"), ("no_judgement", "lower", "higher")],
)
def test_whole_interval_must_lie_beyond_the_benchmark(polarity: str, below: str, above: str) -> None:
    found = compare(LOWER, UPPER, 85.0, polarity)
    assert found.tolist() == [below, "similar", "similar", above, "not compared", "similar"]


def test_polarity_and_benchmark_may_differ_by_row() -> None:
    found = compare([1, 1, 1], [2, 2, 2], [3, 0, math.nan], ["low_is_good", "no_judgement", "high_is_good"])
    assert found.tolist() == ["better", "higher", "not compared"]


def test_two_levels_say_how_sure() -> None:
    narrow = np.array([86.0, 86.0, 80.0, math.nan]), np.array([90.0, 90.0, 90.0, 90.0])
    wide = np.array([85.5, 84.0, 79.0, 80.0]), np.array([91.0, 91.0, 91.0, 91.0])
    found = compare_at_two_levels(narrow, wide, 85.0, "low_is_good")
    assert found.tolist() == ["worse at 99.8%", "worse at 95%", "similar", "not compared"]


def test_wrong_limits_and_polarity_are_refused() -> None:
    with pytest.raises(ValueError, match=r"lowercl must not exceed uppercl; found 2 and 1 in row 0"):
        compare([2], [1], 0, "high_is_good")
    with pytest.raises(ValueError, match=r"polarity must be one of .*; found 'up'"):
        compare([1], [2], 0, "up")
