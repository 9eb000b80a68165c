"""Reach: distances, shares within them, and catchments that float."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.reach import (
    nearest_by_ellipsoid,
    nearest_by_great_circle,
    nearest_by_grid,
    share_within,
    two_step_floating_catchment,
)

CALLS = (nearest_by_grid, nearest_by_great_circle, nearest_by_ellipsoid)


@pytest.mark.parametrize("call", CALLS)
def test_ties_go_to_the_first_and_missing_places_nowhere(call) -> None:
    table = call([0, None], [0, 0], [0, 0], [1, -1])
    assert table["nearest"].tolist() == [0, -1]
    assert math.isnan(table.iloc[1, 1])


@pytest.mark.parametrize("call", CALLS)
def test_hubs_must_have_a_place(call) -> None:
    for hubs in ([], [None]):
        with pytest.raises(ValueError, match="must place every hub, and at least one; found none or one missing"):
            call([0], [0], hubs, hubs)


def test_degrees_must_be_degrees() -> None:
    with pytest.raises(ValueError, match="latitude must be between -90 and 90; found 407000"):
        nearest_by_great_circle([407_000], [95_000], [50], [-2])


def test_a_degree_of_longitude_on_the_equator() -> None:
    # 2 pi x 6371.009 / 360
    assert nearest_by_great_circle([0], [0], [0], [1])["distance_km"][0] == pytest.approx(111.195, abs=1e-3)
    assert nearest_by_ellipsoid([0], [0], [0], [1])["distance_km"][0] == pytest.approx(111.319, abs=1e-3)


def test_share_within_a_distance_counts_the_unplaced_apart() -> None:
    table = share_within([10, 20, 30, 40], [0, 1, 1.01, None], 1, groups=["a", "b", "b", "b"])
    assert table.loc["b"].tolist() == [20, 50, 0.4, 40]
    assert table.loc["a", "share"] == 1
    assert math.isnan(share_within([0], [1], 1).loc[0, "share"])
    with pytest.raises(ValueError, match="limit must be a positive number; found 0"):
        share_within([1], [1], 0)


def test_everyone_shares_what_they_can_reach() -> None:
    access, ratio = two_step_floating_catchment([100, 300], [8, 2], [[5, 50], [10, math.nan]], 10)
    assert ratio[0] == 8 / 400
    assert math.isnan(ratio[1])
    assert access.tolist() == [0.02, 0.02]


def test_many_periods_at_once_are_the_same_as_one_by_one() -> None:
    demand, cost = np.array([[100.0, 50.0], [300.0, 0.0]]), [[5, 50], [20, math.nan]]
    access, ratio = two_step_floating_catchment(demand, [8, 2], cost, 10)
    for period in range(2):
        alone, alone_ratio = two_step_floating_catchment(demand[:, period], [8, 2], cost, 10)
        np.testing.assert_array_equal(access[:, period], alone)
        np.testing.assert_array_equal(ratio[:, period], alone_ratio)


def test_steps_weigh_both_ways() -> None:
    access, ratio = two_step_floating_catchment([100, 100], [10], [[5], [20]], 60, step_weights={10: 1.0, 30: 0.5})
    assert ratio[0] == pytest.approx(10 / 150)
    assert access.tolist() == pytest.approx([10 / 150, 5 / 150])
    beyond, _ = two_step_floating_catchment([100, 100], [10], [[5], [40]], 60, step_weights={10: 1.0, 30: 0.5})
    assert beyond[1] == 0


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        (([None], [1], [[1]], 5), {}, "demand must not be missing; found nan in row 0"),
        (([1], [-1], [[1]], 5), {}, "supply must be zero or more; found -1"),
        (([1, 2], [1], [[1]], 5), {}, "cost must have a row for each area and a column for each provider"),
        (([1], [1], [[1]], 0), {}, "max_cost must be a positive number; found 0"),
        (([1], [1], [[1]], 5), {"step_weights": {5: 2.0}}, "step_weights must be between 0 and 1; found 2"),
    ],
)
def test_wrong_catchments_are_refused(arguments, keywords, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        two_step_floating_catchment(*arguments, **keywords)


def test_blocks_of_areas_do_not_show() -> None:
    generator = np.random.default_rng(0)
    areas, hubs = generator.uniform(0, 1e5, (2, 3000)), generator.uniform(0, 1e5, (2, 2000))
    table = nearest_by_grid(*areas, *hubs)
    from scipy.spatial import cKDTree

    distance, nearest = cKDTree(hubs.T).query(areas.T)
    np.testing.assert_allclose(table["distance_m"], distance)
    assert table["nearest"].tolist() == nearest.tolist()
