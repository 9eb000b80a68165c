"""Stretch a map until every part is equally dense: crowded towns grow, the country shrinks, neighbours stay neighbours.

The flow-based method of Gastner, Seguy and More (2018), "Fast flow-based algorithm for creating density-equalizing map
projections", PNAS 115(10): points are carried by a flow that evens the density out in one unit of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.fft import dctn, idctn
from scipy.ndimage import gaussian_filter, map_coordinates

Floats = np.ndarray[Any, np.dtype[np.float64]]

STEPS = 80  # of the flow; more change the result by less than a hundredth of a hexagon


@dataclass(frozen=True, slots=True)
class Raster:
    """A square grid of densities over the plane: ``density[row, column]``, rows going north."""

    density: Floats
    west: float
    south: float
    size: float

    def cells(self, points: Floats) -> Floats:
        """Positions of points in rows and columns, cell middles at whole numbers."""
        columns_rows: Floats = (points - [self.west, self.south]) / self.size - 0.5
        return columns_rows[:, ::-1].T


def flow(density: Floats) -> tuple[Floats, Floats]:
    """Flow along rows and columns whose divergence is what each cell has above the mean."""
    rows, columns = density.shape
    surplus = dctn(density - density.mean(), type=2, norm="ortho")
    along_rows = 2.0 - 2.0 * np.cos(np.pi * np.arange(rows) / rows)
    along_columns = 2.0 - 2.0 * np.cos(np.pi * np.arange(columns) / columns)
    eigen = along_rows[:, None] + along_columns[None, :]
    eigen[0, 0] = 1.0
    surplus[0, 0] = 0.0
    potential = idctn(surplus / eigen, type=2, norm="ortho")
    return -np.gradient(potential, axis=0), -np.gradient(potential, axis=1)


def stretch(points: Floats, raster: Raster, blur: float) -> Floats:
    """Carry points along the flow that evens the raster's density out; ``blur`` smooths it first, in cells."""
    density = gaussian_filter(raster.density, blur, mode="nearest")
    flux = np.stack(flow(density))
    mean = density.mean()

    def velocity(position: Floats, time: float) -> Floats:
        even = (1.0 - time) * map_coordinates(density, position, order=1, mode="nearest") + time * mean
        speed: Floats = np.stack([map_coordinates(part, position, order=1, mode="nearest") for part in flux]) / even
        return speed

    position = raster.cells(points)
    step = 1.0 / STEPS
    for number in range(STEPS):
        middle = position + 0.5 * step * velocity(position, number * step)
        position = position + step * velocity(middle, (number + 0.5) * step)
    stretched: Floats = (position[::-1].T + 0.5) * raster.size + [raster.west, raster.south]
    return stretched
