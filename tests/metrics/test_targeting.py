"""The targeting ratio of those helped among those in need, against worked arithmetic and simulated coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.targeting import targeting_of_the_helped


def test_the_ratio_and_its_limits_are_worked_out_by_hand() -> None:
    row = targeting_of_the_helped(40, 100, 360, 600).iloc[0]
    assert row["help_share"] == 40 / 400
    assert row["need_share"] == 100 / 700
    assert row["targeting_ratio"] == pytest.approx(0.7)
    # var = 40 × 0.6 × (1/40 − 1/400)² + 360 × 0.4 / 400² = 0.01215 + 0.0009 = 0.01305
    reach = 1.959964 * math.sqrt(0.01305)
    assert row["lowercl"] == pytest.approx(0.7 * math.exp(-reach), abs=1e-6)
    assert row["uppercl"] == pytest.approx(0.7 * math.exp(reach), abs=1e-6)


def test_everyone_helped_everywhere_is_in_proportion_and_certain() -> None:
    row = targeting_of_the_helped(10, 10, 30, 30).iloc[0]
    assert row[["targeting_ratio", "lowercl", "uppercl"]].tolist() == [1, 1, 1]


def test_nobody_helped_in_the_part_is_zero_and_not_missing() -> None:
    row = targeting_of_the_helped(0, 10, 5, 10).iloc[0]
    assert row["targeting_ratio"] == 0
    assert math.isnan(row["lowercl"])
    assert math.isnan(row["uppercl"])


@pytest.mark.parametrize("counts", [(0, 10, 0, 10), (0, 0, 5, 10), (math.nan, 10, 5, 10)])
def test_without_help_need_or_a_count_there_is_no_ratio(counts: tuple[float, float, float, float]) -> None:
    assert math.isnan(targeting_of_the_helped(*counts)["targeting_ratio"].iloc[0])


@pytest.mark.parametrize("counts", [(11, 10, 5, 10), (5, 10, 11, 10), (-1, 10, 5, 10)])
def test_impossible_counts_are_refused(counts: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"must not exceed|must not be negative|zero or more"):
        targeting_of_the_helped(*counts)


def test_limits_hold_the_truth_in_95_of_100_draws() -> None:
    draws, helped, elsewhere = 20_000, 0.40, 0.63
    generator = np.random.default_rng(1001)
    a, b = generator.binomial(265, helped, draws), generator.binomial(1370, elsewhere, draws)
    found = targeting_of_the_helped(a, np.full(draws, 265), b, np.full(draws, 1370))
    truth = helped / ((265 * helped + 1370 * elsewhere) / (265 + 1370))
    assert ((found["lowercl"] <= truth) & (truth <= found["uppercl"])).mean() == pytest.approx(0.95, abs=0.01)
