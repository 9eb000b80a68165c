"""Leave out points of borders evenly for every area: a bend of 50 m matters in a town and not on a heath.

Points are left out on the stretched map (`cartogram`), in which every LSOA has about the same room, and the ones that
stay go back to where they were. At the same size of file, areas of towns keep much more of their shape than when points
are left out by distance on the ground.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from data.geography.cartogram import Raster, stretch
from data.geography.hexagons import density, read_ground

if TYPE_CHECKING:
    Shapes = np.ndarray[Any, np.dtype[np.object_]]

BLUR = 3.0  # cells of the raster
FIRST_TOLERANCE_M = 5.0  # on the ground, for full-resolution boundaries, which have far more points than a screen shows
MANY_POINTS = 200_000
TOLERANCES = (
    0,
    20,
    40,
    60,
    80,
    100,
    120,
    140,
    160,
    180,
    200,
    225,
    250,
    300,
    350,
    400,
    500,
    700,
    1000,
)  # stretched metres


@lru_cache(maxsize=1)
def town_and_country() -> Raster:
    """How densely LSOAs lie, from the embedded facts."""
    return density(read_ground())


class Simplification:
    """A coverage in metres, stretched once, from which more or fewer points can be left out."""

    def __init__(self, shapes: Shapes) -> None:
        if shapely.get_num_coordinates(shapes).sum() > MANY_POINTS:
            shapes = shapely.coverage_simplify(shapes, FIRST_TOLERANCE_M)
        self.shapes = shapes
        points = np.unique(shapely.get_coordinates(shapes), axis=0)
        moved = stretch(points, town_and_country(), BLUR)
        there = dict(zip(map(tuple, points.tolist()), moved.tolist(), strict=True))
        self.back = dict(zip(map(tuple, moved.tolist()), points.tolist(), strict=True))
        self.stretched = carried(shapes, there)

    def simplified(self, tolerance: float) -> Shapes:
        """Leave out points whose bends are smaller than the tolerance; borders stay shared."""
        if tolerance == 0:
            return self.shapes
        return carried(np.asarray(shapely.coverage_simplify(self.stretched, tolerance)), self.back)


def carried(shapes: Shapes, places: dict[tuple[float, ...], list[float]]) -> Shapes:
    """Move every point of some shapes to its place in a mapping."""
    moved: Shapes = shapely.transform(
        shapes, lambda points: np.array([places[tuple(point)] for point in points.tolist()])
    )
    return moved
