"""Babies missing out: it adds up, and its interval holds the truth as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.missing_out import babies_missing_out, babies_short_of_target

REACHED, BABIES, FIFTH = [40, 55, 70, 45, 18], [100, 100, 100, 50, 20], [1, 1, 3, 5, 5]
PLACE = ["BCP", "Dorset", "BCP", "Dorset", "BCP"]


def test_by_hand() -> None:
    # The least deprived fifth reached (45 + 18) / (50 + 20) = 0.9.
    table = babies_missing_out(REACHED, BABIES, FIFTH)
    assert table["reference_rate"].tolist() == [0.9] * 5
    assert table["missing_out"].tolist() == pytest.approx([50, 35, 20, 0, 0])
    assert (table["lowercl"] <= table["missing_out"]).all()
    assert (table["missing_out"] <= table["uppercl"]).all()


def test_adds_up_from_neighbourhood_to_council_to_system() -> None:
    each = babies_missing_out(REACHED, BABIES, FIFTH)
    councils = babies_missing_out(REACHED, BABIES, FIFTH, areas=PLACE)
    whole = babies_missing_out(REACHED, BABIES, FIFTH, areas=["Dorset ICS"] * 5)
    assert councils["area"].tolist() == ["BCP", "Dorset"]
    assert councils["missing_out"].tolist() == pytest.approx([50 + 20 + 0, 35 + 0])
    assert whole["missing_out"][0] == pytest.approx(each["missing_out"].sum())
    assert whole["missing_out"][0] == pytest.approx(0.9 * 370 - 228)


def test_interval_of_a_sum_is_narrower_than_the_sum_of_intervals() -> None:
    each = babies_missing_out(REACHED, BABIES, FIFTH)
    whole = babies_missing_out(REACHED, BABIES, FIFTH, areas=[0] * 5)
    assert (whole["uppercl"] - whole["lowercl"])[0] < (each["uppercl"] - each["lowercl"]).sum()


def test_interval_of_one_area_is_newcombes() -> None:
    # Square-and-add of Wilson limits of 40/100 (0.3094 to 0.4980) and of 63/70 (0.8077 to 0.9507), times 100 babies.
    row = babies_missing_out(REACHED, BABIES, FIFTH).loc[0]
    assert row["lowercl"] == pytest.approx(50 - 100 * math.hypot(0.9 - 0.8077, 0.4980 - 0.4), abs=0.05)
    assert row["uppercl"] == pytest.approx(50 + 100 * math.hypot(0.9507 - 0.9, 0.4 - 0.3094), abs=0.05)


def test_interval_holds_the_truth_95_times_in_100() -> None:
    generator = np.random.default_rng(11)
    babies, rates, fifth = np.array([200, 300, 250]), np.array([0.5, 0.6, 0.8]), np.tile([1, 3, 5], 4000)
    drawn = generator.binomial(babies, rates, (4000, 3)).ravel()
    table = babies_missing_out(
        drawn, np.tile(babies, 4000), fifth, areas=[0] * 12_000, groups=np.repeat(np.arange(4000), 3)
    )
    truth = 0.8 * 750 - (babies * rates).sum()
    held = ((table["lowercl"] <= truth) & (truth <= table["uppercl"])).mean()
    assert held == pytest.approx(0.95, abs=0.015)


def test_low_is_good_counts_those_affected() -> None:
    # Smoking at delivery: the least deprived fifth has 10%.
    table = babies_missing_out([30, 10], [100, 100], [1, 5], polarity="low_is_good", scope="local")
    assert table["missing_out"].tolist() == pytest.approx([20, 0])
    assert table["lowercl"][0] < 20 < table["uppercl"][0]
    assert table["scope"].tolist() == ["local", "local"]


def test_periods_have_their_own_reference() -> None:
    table = babies_missing_out([1, 2, 1, 4], [4, 4, 4, 4], [1, 5, 1, 5], areas=[0] * 4, groups=[2024, 2024, 2025, 2025])
    assert table["missing_out"].tolist() == [1, 3]
    assert table["group"].tolist() == [2024, 2025]


def test_missing_counts_and_nobody_to_match() -> None:
    table = babies_missing_out([None, 5, 9], [10, 10, 10], [1, 2, 5])
    assert table["missing_out"].isna().tolist() == [True, False, False]
    assert babies_missing_out([5, 0], [10, 0], [1, 5])["missing_out"].isna().all()


def test_target_by_hand() -> None:
    table = babies_short_of_target(REACHED, BABIES, 0.95, areas=PLACE)
    assert table["missing_out"].tolist() == pytest.approx([0.95 * 220 - 128, 0.95 * 150 - 100])
    low = babies_short_of_target([30, 2], [100, 100], 0.05, polarity="low_is_good")
    assert low["missing_out"].tolist() == pytest.approx([25, -3])
    assert (low["lowercl"] < low["missing_out"]).all()
    nobody = babies_short_of_target([0], [0], 0.9)
    assert nobody.loc[0, ["missing_out", "lowercl", "uppercl"]].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        (([2], [1], [1]), {}, "numerator must not exceed denominator; found 2 of 1 in row 0"),
        (([1], [2], [None]), {}, "quantiles must not be missing; found nan"),
        (([1], [2], [1]), {"polarity": "no_judgement"}, "polarity must be one of high_is_good, low_is_good"),
        (([1], [2], [1]), {"scope": "regional"}, "scope must be one of national, local; found 'regional'"),
    ],
)
def test_wrong_counts_are_refused(arguments, keywords, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        babies_missing_out(*arguments, **keywords)


def test_wrong_target_is_refused() -> None:
    with pytest.raises(ValueError, match="target must be between 0 and 1; found 95"):
        babies_short_of_target([1], [2], 95)
