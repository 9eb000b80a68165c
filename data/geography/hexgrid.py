"""A lattice of hexagons that stand on a corner: positions, distances in steps, neighbours, connected groups.

Cells are named by axial coordinates (q, r): r counts rows going south, q columns along a row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

SIDES = np.array([(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)])


def radius(area: float) -> float:
    """Distance from the middle to a corner of a hexagon of this area."""
    return math.sqrt(2 * area / (3 * math.sqrt(3)))


def middles(axial: Ints, size: float) -> Floats:
    """Middle of each cell in a plane with y going down; ``size`` is from middle to corner."""
    q, r = axial[:, 0], axial[:, 1]
    return np.column_stack([math.sqrt(3) * size * (q + r / 2), 1.5 * size * r])


def lattice(bounds: tuple[float, float, float, float], size: float, shift: float) -> tuple[Ints, Floats]:
    """Axial coordinates and middles (y going north) of cells covering bounds; ``shift`` moves it by parts of a cell."""
    west, south, east, north = bounds
    rows = np.arange(math.ceil((north - south) / (1.5 * size)) + 3)
    columns = np.arange(math.ceil((east - west) / (math.sqrt(3) * size)) + 3)
    row, column = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    axial = np.column_stack([column - row // 2, row]).astype(np.int64)
    down = middles(axial, size)
    corner = np.array([west - (1 - shift) * math.sqrt(3) * size, north + (1 - shift) * 1.5 * size])
    return axial, corner + down * [1, -1]


def steps(first: Ints, second: Ints) -> Ints:
    """Number of cells to walk from one to the other; the arrays broadcast over all but the last axis."""
    gap = first - second
    result: Ints = (np.abs(gap).sum(axis=-1) + np.abs(gap.sum(axis=-1))) // 2
    return result


def neighbours(axial: Ints) -> list[list[int]]:
    """For each cell the numbers of the cells beside it, as far as they are in the list."""
    number = {(int(q), int(r)): index for index, (q, r) in enumerate(axial)}
    beside = (axial[:, None, :] + SIDES[None, :, :]).tolist()
    return [[number[(q, r)] for q, r in around if (q, r) in number] for around in beside]


def groups(axial: Ints) -> Ints:
    """Number of the connected group each cell belongs to, counted from the largest group."""
    touching = steps(axial[:, None, :], axial[None, :, :]) == 1
    _, group = connected_components(csr_array(touching), directed=False)
    rank = np.argsort(np.argsort(-np.bincount(group), kind="stable"), kind="stable")
    result: Ints = rank[group]
    return result
