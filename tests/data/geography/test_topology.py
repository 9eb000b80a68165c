"""Shared borders are stored once, rings turn clockwise, and what is read back is valid and near what was written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.geography import topology

ORIGIN = (-2.0, 50.0)


def written(shapes: list[Any]) -> tuple[dict[str, Any], np.ndarray]:
    """Encode shapes given in grid steps, and what is read back, in grid steps again."""
    lonlat = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy * [0.00004, 0.00003] + ORIGIN)
    encoded = topology.encode({"areas": topology.to_grid(lonlat, ORIGIN)}, ORIGIN)
    decoded = topology.decode(encoded, "areas")
    return encoded, shapely.transform(decoded, lambda xy: np.round((xy - ORIGIN) / [0.00004, 0.00003], 6))


def test_two_squares_share_one_arc() -> None:
    encoded, read = written([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    assert len(encoded["arcs"]) == 3
    used = [number for area in encoded["objects"]["areas"]["geometries"] for ring in area["arcs"] for number in ring]
    assert sum(number < 0 for number in used) == 1
    assert len(used) == 4
    assert read[0].equals(shapely.box(0, 0, 10, 10))
    assert read[1].equals(shapely.box(10, 0, 20, 10))


def test_rings_turn_clockwise_and_holes_against() -> None:
    island_in_lake = shapely.box(4, 4, 6, 6)
    ring = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [shapely.box(3, 3, 7, 7).exterior])
    _, read = written([shapely.MultiPolygon([ring, island_in_lake])])
    outer = max(shapely.get_parts(read[0]), key=lambda part: part.area)
    assert not outer.exterior.is_ccw
    assert outer.interiors[0].is_ccw
    assert read[0].area == pytest.approx(100 - 16 + 4)


def test_a_hole_and_what_fills_it_share_their_ring() -> None:
    middle = shapely.box(3, 3, 7, 7)
    around = shapely.box(0, 0, 10, 10).difference(middle)
    encoded, read = written([around, middle])
    assert len(encoded["arcs"]) == 2
    assert read[1].equals(middle)
    assert read[0].area == pytest.approx(84)


def test_islands_stay_parts_of_their_area() -> None:
    mainland, island = shapely.box(0, 0, 10, 10), shapely.box(20, 0, 24, 4)
    encoded, read = written([shapely.MultiPolygon([mainland, island])])
    assert encoded["objects"]["areas"]["geometries"][0]["type"] == "MultiPolygon"
    assert read[0].area == pytest.approx(100 + 16)


def test_rounding_cannot_make_a_border_cross_itself() -> None:
    """A neck thinner than a step closes up; what is left is valid."""
    neck = shapely.Polygon(
        [
            (0, 0),
            (10, 0),
            (10, 4.9),
            (20, 4.9),
            (20, 0),
            (30, 0),
            (30, 10),
            (20, 10),
            (20, 5.2),
            (10, 5.2),
            (10, 10),
            (0, 10),
        ]
    )
    _, read = written([neck])
    assert read[0].is_valid
    assert read[0].area == pytest.approx(200)
    assert len(shapely.get_parts(read[0])) == 2


def test_overlapping_areas_become_a_coverage() -> None:
    _, read = written([shapely.box(0, 0, 12, 10), shapely.box(10, 0, 20, 10)])
    assert shapely.coverage_is_valid(read)
    assert shapely.area(read).tolist() == pytest.approx([120, 80])


def test_areas_that_meet_at_a_point_keep_their_rings() -> None:
    first, second = shapely.box(0, 0, 10, 10), shapely.box(10, 10, 20, 20)
    encoded, read = written([first, second])
    assert len(encoded["arcs"]) == 2
    assert read[0].equals(first)
    assert read[1].equals(second)


points = st.lists(st.tuples(st.integers(1, 399), st.integers(1, 399)), min_size=2, max_size=25, unique=True)


@settings(max_examples=40, deadline=None)
@given(points)
def test_any_coverage_is_read_back_valid_and_within_a_step(seeds: list[tuple[int, int]]) -> None:
    box = shapely.box(0, 0, 400, 400)
    regions = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box))
    shapes = shapely.intersection(regions, box)
    shapes = shapes[shapely.area(shapes) > 50]
    _, read = written(list(shapes))
    assert shapely.is_valid(read).all()
    assert shapely.coverage_is_valid(read)
    strip = shapely.length(shapes) * 1.5
    assert (shapely.area(shapely.symmetric_difference(read, shapes)) <= strip).all()
