"""Proportions, rates and means against figures that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from metrics.means import mean
from metrics.proportions import normal_quantile, proportion
from metrics.quantiles import quantile
from metrics.rates import count_limits, rate


def test_wilson_of_852_in_1000() -> None:
    # (2 x 852 + 3.8415 -/+ 1.96 sqrt(3.8415 + 4 x 852 x 0.148)) / (2 x 1003.8415)
    table = proportion([852], [1000], multiplier=100)
    assert table.loc[0].round(2).tolist() == [85.2, 82.86, 87.27]


def test_proportion_at_its_ends_and_without_babies() -> None:
    table = proportion([0, 10, 0, None, 3], [10, 10, 0, 10, None])
    assert table["value"].tolist()[:2] == [0.0, 1.0]
    assert table["lowercl"][0] == 0
    assert table["uppercl"][1] == 1
    assert table["uppercl"][0] == pytest.approx(0.2775, abs=1e-4)
    assert table.loc[2:].isna().all(axis=None)


def test_numerator_above_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match=r"numerator must not exceed denominator; found 11 of 10 in row 1"):
        proportion([10, 11], [10, 10])


@pytest.mark.parametrize(
    ("events", "lower", "upper"), [(0, 0, 3.69), (9, 4.12, 17.08), (10, 4.79, 18.39), (21, 12.99, 32.1)]
)
def test_limits_are_exact_below_10_and_byars_from_10(events: int, lower: float, upper: float) -> None:
    low, high = count_limits(np.array([float(events)]), 0.95)
    assert [round(float(low[0]), 2), round(float(high[0]), 2)] == [lower, upper]


def test_rate_without_people_or_count_is_missing() -> None:
    table = rate([0, 5, None], [0, 10, 10], multiplier=1000)
    assert table.isna().all(axis=1).tolist() == [True, False, True]
    assert table["value"][1] == 500


def test_rate_may_exceed_its_base() -> None:
    assert rate([250], [220], multiplier=100)["value"][0] == pytest.approx(113.636, abs=1e-3)


def test_normal_quantile() -> None:
    assert normal_quantile(99.8) == pytest.approx(3.0902, abs=1e-4)


def test_mean_of_one_has_no_limits_and_a_missing_value_hides_its_group() -> None:
    table = mean([7, 1, 2, None], groups=["one", "two", "two", "gone"])
    assert table.index.tolist() == ["gone", "one", "two"]
    assert table.loc["one", "value"] == 7
    assert math.isnan(table.loc["one", "lowercl"])
    # 1.5 -/+ 12.706 x 0.7071 / sqrt(2)
    assert table.loc["two", ["lowercl", "uppercl"]].round(3).tolist() == [-4.853, 7.853]
    assert table.loc["gone", ["value", "stdev", "lowercl"]].isna().all()


def test_quantiles_keep_ties_together_and_missing_apart() -> None:
    # Ranks from the highest: 9 -> 1, 8 -> 2, 5 and 5 -> 3, 1 -> 5; N = 5, k = 5.
    assigned = quantile([5, 5, 9, None, 1, 8])
    np.testing.assert_array_equal(assigned, [3, 3, 1, math.nan, 5, 2])


def test_local_quantiles_restart_in_each_area() -> None:
    scores = [40, 30, 20, 10, 4, 3, 2, 1]
    council = ["BCP"] * 4 + ["Dorset"] * 4
    assert quantile(scores, 4).tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert quantile(scores, 4, groups=council).tolist() == [1, 2, 3, 4, 1, 2, 3, 4]
    assert quantile(scores, 4, groups=council, invert=False).tolist() == [4, 3, 2, 1, 4, 3, 2, 1]


def test_fewer_areas_than_quantiles_have_none() -> None:
    assert np.isnan(quantile([1, 2, 3, 4], 5)).all()
    assert np.isnan(quantile([math.nan], 2)).all()


def test_results_carry_the_callers_index() -> None:
    assert proportion(pd.Series([1], index=["E06000058"]), [2]).index.tolist() == ["E06000058"]
