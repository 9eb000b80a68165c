"""Empirical Bayes, clusters and neighbour lists, by hand and against esda and statsmodels."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from metrics.clusters import adjust_for_false_discovery, getis_ord, global_moran, local_moran
from metrics.neighbours import known_pairs, neighbour_pairs, neighbour_sums
from metrics.small_areas import empirical_bayes_rate, empirical_bayes_rate_of_neighbours

LINE = [[1], [0, 2], [1, 3], [2]]
VALUES = [1.0, 2.0, 8.0, 9.0]


def grid(side: int) -> list[list[int]]:
    """Areas in a square, neighbours by their edges."""
    near: list[list[int]] = []
    for place in range(side * side):
        row, column = divmod(place, side)
        steps = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        near.append([r * side + c for r, c in steps if 0 <= r < side and 0 <= c < side])
    return near


def test_small_area_leans_further_on_the_whole() -> None:
    table = empirical_bayes_rate([2, 30, 90], [10, 200, 1000])
    moved = (table["smoothed_rate"] - [0.2, 0.15, 0.09]).abs() / (table["prior_mean"] - [0.2, 0.15, 0.09]).abs()
    assert moved.is_monotonic_decreasing


def test_variance_below_zero_is_clamped() -> None:
    table = empirical_bayes_rate([10, 10], [100, 100])
    assert table["prior_variance"].tolist() == [0, 0]
    assert table["smoothed_rate"].tolist() == [0.1, 0.1]
    assert empirical_bayes_rate([0, 0], [5, 5])["smoothed_rate"].tolist() == [0, 0]


def test_missing_events_do_not_count() -> None:
    table = empirical_bayes_rate([10, None, 40], [100, 100, 100], groups=["x"] * 3)
    assert table["prior_mean"].tolist() == [0.25] * 3
    assert math.isnan(table["smoothed_rate"][1])
    assert empirical_bayes_rate([None], [5])["prior_mean"].isna().all()


def test_neighbourhoods() -> None:
    alone = empirical_bayes_rate_of_neighbours([3, None, 8], [10, 10, 10], [[1], [0], []])
    assert alone["smoothed_rate"].tolist()[0] == 0.3
    assert math.isnan(alone["smoothed_rate"][1])
    assert alone["smoothed_rate"][2] == 0.8
    without = empirical_bayes_rate_of_neighbours([3, 8], [10, 10], [[], [0]], include_self=False)
    assert math.isnan(without["smoothed_rate"][0])
    assert without["prior_mean"][1] == 0.3


def test_sums_over_neighbours() -> None:
    pairs = neighbour_pairs(LINE, 4)
    assert neighbour_sums(np.array(VALUES), pairs).tolist() == [2, 9, 11, 8]
    left, right, _ = known_pairs(pairs, np.array([True, True, False, True]))
    assert list(zip(left, right, strict=True)) == [(0, 1), (1, 0)]
    assert known_pairs(pairs, np.ones(4, dtype=bool)) is pairs
    assert neighbour_pairs([[], []], 2, include_self=True)[0].tolist() == [0, 1]


def test_pairs_made_once_serve_every_period() -> None:
    pairs = neighbour_pairs(LINE, 4)
    pd.testing.assert_frame_equal(getis_ord(VALUES, pairs), getis_ord(VALUES, LINE))
    with pytest.raises(ValueError, match="found 4 for 3 areas"):
        getis_ord(VALUES[:3], pairs)


@pytest.mark.parametrize(
    ("near", "message"),
    [
        ([[1]], "neighbours must have one list for each area; found 1 for 2 areas"),
        ([[2], []], "neighbours must be positions of other areas from 0 to 1; found 2 for area 0"),
        ([[0], []], "neighbours must be positions of other areas from 0 to 1; found 0 for area 0"),
        ([[1, 1], []], "neighbours must name each neighbour once; found one twice"),
    ],
)
def test_wrong_neighbours_are_refused(near: list[list[int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        neighbour_pairs(near, 2)


def test_moran_agrees_with_esda() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # esda 2.9 announces a change of its p-values
        import esda
        from libpysal.weights import W

        x, near = np.random.default_rng(3).gamma(2, size=36), grid(6)
        weights = W(dict(enumerate(near)))
        theirs = esda.Moran_Local(x, weights, permutations=9999, seed=5, n_jobs=1)
        whole = esda.Moran(x, weights, permutations=0)
    ours = local_moran(x, near, permutations=9999)
    np.testing.assert_allclose(ours["local_i"], theirs.Is)
    np.testing.assert_allclose(ours["p_one_sided"], theirs.p_sim, atol=0.03)
    quadrants = np.array(["", "HH", "LH", "LL", "HL"])[theirs.q]
    assert ours["quadrant"].tolist() == quadrants.tolist()
    assert global_moran(x, near) == pytest.approx(whole.I)


@pytest.mark.parametrize("star", [True, False])
def test_getis_ord_agrees_with_esda(star: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda
        from libpysal.weights import W

        x, near = np.random.default_rng(4).gamma(2, size=36), grid(6)
        theirs = esda.G_Local(x, W(dict(enumerate(near))), transform="B", star=star, permutations=0)
    ours = getis_ord(x, near, star=star)
    np.testing.assert_allclose(ours["g"], theirs.Gs)
    np.testing.assert_allclose(ours["z"], theirs.Zs)
    np.testing.assert_allclose(ours["p"], 2 * theirs.p_norm)


def test_equal_values_have_no_clusters() -> None:
    flat = local_moran([5.0] * 4, LINE)
    assert flat[["local_i", "p"]].isna().all(axis=None)
    assert not flat["significant"].any()
    assert getis_ord([5.0] * 4, LINE)["z"].isna().all()
    assert getis_ord([0.0] * 4, LINE)["g"].isna().all()
    assert math.isnan(global_moran([5.0] * 4, LINE))


def test_islands_and_missing_areas() -> None:
    table = local_moran([1.0, 2.0, math.nan, 9.0], LINE)
    assert table["local_i"].isna().tolist() == [False, False, True, False]
    assert table["local_i"][3] == 0
    assert table["quadrant"].tolist()[2:] == ["", ""]
    assert table["p"].isna().tolist() == [False, False, True, True]
    assert getis_ord([1.0, 2.0, math.nan, 9.0], LINE, star=False)["g"].tolist()[3] == 0
    assert math.isnan(global_moran([1.0, 2.0], [[], []]))
    assert local_moran([math.nan, math.nan], [[1], [0]])["local_i"].isna().all()


def test_value_at_the_mean_is_not_significant() -> None:
    # Mean 5: the middle area is like neither side.
    table = local_moran([1.0, 5.0, 9.0], [[1], [0, 2], [1]])
    assert table["p"][1] == 1


def test_planted_cluster_is_found_after_adjustment() -> None:
    values = np.random.default_rng(1).normal(0, 1, 100)
    values.reshape(10, 10)[3:7, 3:7] += 8
    table = local_moran(values, grid(10), permutations=9999)
    found = set(np.flatnonzero(table["significant"] & (table["quadrant"] == "HH")))
    assert {44, 45, 54, 55} <= found
    assert (table["p_adjusted"].dropna() >= table["p"].dropna()).all()


def test_false_discovery_agrees_with_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(2).uniform(size=50) ** 3
    np.testing.assert_allclose(adjust_for_false_discovery(p), multipletests(p, method="fdr_bh")[1])
    assert adjust_for_false_discovery([math.nan, 0.5]).tolist()[1] == 0.5


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"permutations": 10}, "permutations must be a whole number of at least 99; found 10"),
        ({"false_discovery_rate": 1.5}, "false_discovery_rate must be between 0 and 1; found 1.5"),
    ],
)
def test_wrong_options_are_refused(keywords: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        local_moran(VALUES, LINE, **keywords)
