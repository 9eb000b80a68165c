"""Concentration indices and curves, Gini, ranks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.concentration import concentration_curve, concentration_index, concentration_index_of_individuals
from metrics.lorenz import gini, lorenz_curve
from metrics.ranks import fractional_rank


def test_index_by_hand() -> None:
    # shares 1/2, 1/2; ranks 0.25, 0.75; mean 30; index 2 x (0.5 x -0.25 x -10 + 0.5 x 0.25 x 10) = 5
    row = concentration_index([20, 40], [100, 100], [1, 2], bounds=(0, 100)).loc[0]
    assert row[["aci", "rci"]].tolist() == pytest.approx([5, 5 / 30])
    assert row["wagstaff"] == pytest.approx(5 / 100 / (0.3 * 0.7))
    assert row["erreygers"] == pytest.approx(4 * 5 / 100)
    assert math.isnan(row["aci_se"])


def test_index_with_no_mean_no_groups_or_no_spread() -> None:
    assert math.isnan(concentration_index([0, 0, 0], [1, 1, 1], [1, 2, 3]).loc[0, "rci"])
    one = concentration_index([1], [1], [1]).loc[0]
    assert one.isna().all()
    full = concentration_index([1, 1, 1], [1, 1, 1], [1, 2, 3], bounds=(0, 1)).loc[0]
    assert math.isnan(full["wagstaff"])
    assert full["erreygers"] == pytest.approx(0)
    tied = concentration_index([1, 2, 3], [1, 1, 1], [1, 1, 1]).loc[0]
    assert tied["aci"] == pytest.approx(0)


def test_wrong_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match=r"bounds must be the least and the greatest value, in that order; found"):
        concentration_index([1, 2], [1, 1], [1, 2], bounds=(1, 0))
    with pytest.raises(ValueError, match="value must be between 0 and 1; found 2"):
        concentration_index([1, 2], [1, 1], [1, 2], bounds=(0, 1))


def test_individuals_agree_with_groups_of_one() -> None:
    values, ranks = [3.0, 1.0, 4.0, 1.0, 5.0], [2, 1, 4, 3, 5]
    people = concentration_index_of_individuals(values, ranks).loc[0]
    groups = concentration_index(values, [1] * 5, ranks).loc[0]
    assert people[["generalised", "ci"]].tolist() == pytest.approx(groups[["aci", "rci"]].tolist())


def test_individuals_leave_missing_out_and_may_have_no_index() -> None:
    row = concentration_index_of_individuals([0, 1, None, 1], [1, 2, 3, None], groups=["a"] * 4).loc["a"]
    assert row["generalised"] == pytest.approx(2 * (0.5 * -0.5 * -0.25 + 0.5 * 0.5 * 0.25))
    flat = concentration_index_of_individuals([1, 1], [1, 2]).loc[0]
    assert flat["ci"] == pytest.approx(0)
    assert flat[["erreygers", "wagstaff"]].isna().all()
    with pytest.raises(ValueError, match=r"ties must be one of average, given_order; found 'first'"):
        concentration_index_of_individuals([1], [1], ties="first")


def test_curve_joins_ties_and_ignores_order() -> None:
    curve = concentration_curve([10, 20, 30, 40], [1, 1, 1, 1], [2, 1, 2, 3])
    assert curve["population_share"].tolist() == [0, 0.25, 0.75, 1]
    assert curve["value_share"].tolist() == pytest.approx([0, 0.2, 0.6, 1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1], [1], [None]), "order must not be missing; found nan"),
        (([0], [1], [1]), "value must have a total above zero and no missing numbers; found 0"),
        (([1], [None], [1]), "population must have a total above zero and no missing numbers; found nan"),
        (([-1], [1], [1]), "value must be zero or more; found -1"),
    ],
)
def test_wrong_curves_are_refused(arguments: tuple[list[float | None], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        concentration_curve(*arguments)


def test_gini_by_hand() -> None:
    # One of two has everything: 1 - (0.5 x (0 + 0) + 0.5 x (0 + 1)) = 0.5; corrected 0.5 x 2 / 1
    assert gini([0, 7]).loc[0].tolist() == [0.5, 1.0]
    assert gini([1, 3], [3, 1]).loc[0, "gini"] == pytest.approx(1 - (0.75 * 0.5 + 0.25 * 1.5))


def test_gini_of_nothing_and_of_one() -> None:
    assert math.isnan(gini([0, 0]).loc[0, "gini"])
    one = gini([5, None]).loc[0]
    assert one["gini"] == 0
    assert math.isnan(one["gini_corrected"])
    by_year = gini([1, 1, 0, 4], groups=[2024, 2024, 2025, 2025])
    assert by_year["gini"].tolist() == [0, 0.5]


def test_lorenz_curve_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="value must have a total above zero; found 0"):
        lorenz_curve([0, 0])


def test_ranks_within_sets() -> None:
    ranks = fractional_rank([2, 1, 1, 2], [1, 3, 2, 2], groups=["b", "b", "a", "a"])
    np.testing.assert_allclose(ranks, [0.875, 0.375, 0.25, 0.75])
    assert fractional_rank([1, 1], ties="given_order").tolist() == [0.25, 0.75]
    assert np.isnan(fractional_rank([1, 2], [0, 0])).all()
    with pytest.raises(ValueError, match="order must not be missing; found nan"):
        fractional_rank([None])
