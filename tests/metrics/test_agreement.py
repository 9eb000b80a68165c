"""Agreement of two readers: against SAS and R's irr as printed in statsmodels' own tests, and against statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from metrics.agreement import agreement_weights, kappa_of, percent_agreement, weighted_kappa

#: SAS PROC FREQ's example of two readers and three categories.
SAS = np.array([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
#: R irr's ``anxiety``, readers 2 and 3; nobody gave the fifth of its six levels, so five are left, 0 to 4.
ANXIETY_2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
ANXIETY_3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]


def as_pairs(table: np.ndarray) -> tuple[list[int], list[int]]:
    """Write a table out pair by pair."""
    cells = [cell for cell, count in np.ndenumerate(table) for _ in range(int(count))]
    return [row for row, _ in cells], [column for _, column in cells]


@pytest.mark.parametrize(
    ("weights", "printed"),
    [("none", (0.4842, 0.1380, 0.2137, 0.7547)), ("linear", (0.4701, 0.1457, 0.1845, 0.7558))],
)
def test_kappa_is_what_sas_prints(weights: str, printed: tuple[float, ...]) -> None:
    row = weighted_kappa(*as_pairs(SAS), categories=3, weights=weights).loc[0]
    found = row[["value", "standard_error", "lowercl", "uppercl"]].tolist()
    assert found == pytest.approx(printed, abs=0.00005)
    assert row["pairs"] == 19


@pytest.mark.parametrize(
    ("weights", "value"), [("none", -0.006289308), ("linear", 0.1459075), ("quadratic", 0.2520325)]
)
def test_kappa_is_what_irr_gives(weights: str, value: float) -> None:
    level = {1: 0, 2: 1, 3: 2, 4: 3, 6: 4}
    first, second = ([level[score] for score in scores] for scores in (ANXIETY_2, ANXIETY_3))
    assert weighted_kappa(first, second, categories=5, weights=weights).loc[0, "value"] == pytest.approx(
        value, abs=5e-7
    )


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_kappa_and_its_error_are_those_of_statsmodels(weights: str) -> None:
    table = np.random.default_rng(1001).integers(0, 9, (4, 4)) + 5 * np.eye(4)
    value, error, *_ = kappa_of(table, agreement_weights(4, weights))
    theirs = cohens_kappa(table, wt=weights)
    assert (value, error) == (pytest.approx(theirs.kappa), pytest.approx(theirs.std_kappa))


def test_a_pair_with_a_missing_score_is_left_out_and_zero_is_a_score() -> None:
    row = weighted_kappa([0, 0, 3, None], [0, 3, None, 1], weights="none").loc[0]
    assert row["pairs"] == 2
    assert row["observed"] == 0.5  # one of two
    assert row["expected"] == 0.5  # all of the first reader's are 0, half of the second's


def test_readers_who_gave_everything_one_score_have_no_kappa() -> None:
    row = weighted_kappa([2, 2, 2], [2, 2, 2]).loc[0]
    assert row["observed"] == 1
    assert math.isnan(row["value"])
    assert math.isnan(row["lowercl"])
    assert math.isnan(row["uppercl"])


def test_nothing_scored_has_no_agreement() -> None:
    row = weighted_kappa([], []).loc[0]
    assert row["pairs"] == 0
    assert math.isnan(row["value"])
    assert math.isnan(percent_agreement([], []).loc[0, "value"])


def test_limits_stay_within_one_and_minus_one() -> None:
    assert weighted_kappa([0, 1, 2, 3], [0, 1, 2, 2]).loc[0, "uppercl"] == 1
    assert weighted_kappa([0, 3, 0], [3, 0, 3]).loc[0, "lowercl"] == -1


@pytest.mark.parametrize(("within", "agreed"), [(0, 2), (1, 4), (2, 4), (3, 5)])
def test_share_that_agrees_within_some_steps(within: int, agreed: int) -> None:
    # 0 and 0, 3 and 3 are equal; 1 and 2, 2 and 1 are a step apart; 0 and 3 are three
    row = percent_agreement([0, 3, 1, 2, 0], [0, 3, 2, 1, 3], within=within).loc[0]
    assert row[["numerator", "denominator", "value"]].tolist() == [agreed, 5, agreed / 5]


@pytest.mark.parametrize(
    ("first", "second", "keywords", "message"),
    [
        ([0, 4], [0, 1], {}, "first must be whole numbers from 0 to 3; found 4"),
        ([0, 1], [0, 1.5], {}, "second must be whole numbers from 0 to 3; found 1.5"),
        ([-1], [0], {}, "found -1"),
        ([0], [0, 1], {}, "same length"),
        ([0], [0], {"categories": 1}, "categories"),
        ([0], [0], {"weights": "cubic"}, "weights must be one of"),
    ],
)
def test_wrong_scores_are_refused(first: list, second: list, keywords: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        weighted_kappa(first, second, **keywords)
