"""An equal-area hexagon map: one hexagon for each LSOA, so that a crowded street weighs as much as a wide parish.

The map is first stretched until every LSOA has about the same room, then each LSOA gets a hexagon so that all together
move least (optimal assignment), neighbours stay near and each council stays in one piece. Several grids are tried; the
one that keeps most neighbours within two hexagons wins. The same facts always give the same map.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import Delaunay

from data import reference
from data.geography import hexgrid
from data.geography.approximate import costs, council_outlines, spacing
from data.geography.cartogram import Raster, stretch
from data.geography.plane import points_to_metres, to_metres

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

RASTER_CELLS = 384  # a side
MARGIN = 0.75  # open sea on each side of the land, in widths of the land
CANDIDATES = [(blur, fill, shift) for blur in (4.0, 5.0) for fill in (1.0, 1.1) for shift in (0.0, 0.5)]
OFF_SHORE = 4.0  # cost of a hexagon's width away from the own council
STRAIT = 8.0  # cost of filling water between two councils
PULL = 0.5  # weight of staying near neighbours against staying in place
MUST_FILL = 30.0  # reward for a hexagon that closes a gap or joins two parts
ROUNDS = 25


@dataclass(frozen=True)
class Ground:
    """LSOAs in the plane with their councils' outlines and their neighbours."""

    codes: tuple[str, ...]
    council: Any
    points: Floats
    outlines: dict[str, Any]

    @cached_property
    def pairs(self) -> Ints:
        """Pairs of LSOAs whose centroids are neighbours (Delaunay)."""
        corners = Delaunay(self.points).simplices
        sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
        return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)

    @cached_property
    def averaging(self) -> Floats:
        """Matrix that gives each LSOA the mean of its neighbours."""
        matrix = np.zeros((len(self.points), len(self.points)))
        matrix[self.pairs[:, 0], self.pairs[:, 1]] = 1.0
        matrix += matrix.T
        result: Floats = matrix / matrix.sum(axis=1, keepdims=True)
        return result


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a hexagon map keeps the real one."""

    near: float  # share of neighbour pairs at most two hexagons apart
    touching: float  # share of neighbour pairs that touch
    displacement: float  # mean distance from the stretched map, in hexagon widths
    pieces: int  # connected groups over all councils
    holes: int  # gaps on land

    @property
    def score(self) -> float:
        """Higher is better: a hole costs as much as one neighbour pair in a hundred, a further piece five."""
        return self.near - 0.01 * self.holes - 0.05 * self.pieces


@dataclass(frozen=True, slots=True)
class HexagonMap:
    """Axial coordinates of one hexagon for each LSOA, in the order of ``codes``."""

    codes: tuple[str, ...]
    axial: Ints
    quality: Quality


@dataclass(frozen=True, slots=True)
class Board:
    """Hexagons that may be filled, and what it costs each LSOA to have each of them, in squared hexagon widths."""

    axial: Ints
    middles: Floats
    width: float
    cost: Floats
    on_land: Any
    strait: Any


def hexagon_map() -> HexagonMap:
    """Best of the candidate maps."""
    ground = read_ground()
    raster = density(ground)
    maps = [arranged(ground, raster, *candidate) for candidate in CANDIDATES]
    return max(maps, key=lambda drawn: drawn.quality.score)


def read_ground() -> Ground:
    """Take centroids and outlines from the embedded facts."""
    lsoas = reference.lsoas().merge(reference.centroids(), on="lsoa21cd", validate="one_to_one").sort_values("lsoa21cd")
    outlines = council_outlines().set_index("lad24cd").geometry
    return Ground(
        codes=tuple(lsoas["lsoa21cd"]),
        council=lsoas["lad24cd"].to_numpy(),
        points=points_to_metres(lsoas[["lon", "lat"]].to_numpy()),
        outlines={str(code): to_metres(shape) for code, shape in outlines.items()},
    )


def density(ground: Ground) -> Raster:
    """LSOAs in each cell of a raster: one over the size of the area it lies in; the sea has the mean of the land."""
    west, south, east, north = shapely.total_bounds(list(ground.outlines.values()))
    side = (east - west) * (1 + 2 * MARGIN)
    size = side / RASTER_CELLS
    corner = np.array([(west + east - side) / 2, (south + north - side) / 2])
    steps = (np.arange(RASTER_CELLS) + 0.5) * size
    middles = np.stack(np.meshgrid(corner[0] + steps, corner[1] + steps), axis=-1).reshape(-1, 2)
    values = np.full(len(middles), np.nan)
    for council, outline in ground.outlines.items():
        seeds = ground.points[ground.council == council]
        shapely.prepare(outline)
        inside = shapely.contains_xy(outline, middles[:, 0], middles[:, 1])
        owner = costs(middles[inside], seeds, spacing(seeds)).argmin(axis=1)
        values[inside] = 1.0 / np.maximum(np.bincount(owner, minlength=len(seeds)), 1)[owner]
    values = np.where(np.isnan(values), np.nanmean(values), values)
    return Raster(values.reshape(RASTER_CELLS, RASTER_CELLS), corner[0], corner[1], size)


def arranged(ground: Ground, raster: Raster, blur: float, fill: float, shift: float) -> HexagonMap:
    """Stretch, lay a grid and give each LSOA its hexagon."""
    targets = stretch(ground.points, raster, blur)
    shapes = {
        council: shapely.transform(shapely.segmentize(outline, 500.0), lambda line: stretch(line, raster, blur))
        for council, outline in ground.outlines.items()
    }
    board = lay_board(ground, targets, shapes, fill, shift)
    chosen = mended(ground, board, placed(ground, board))
    return HexagonMap(ground.codes, board.axial[chosen], measured(ground, board, targets, chosen))


def lay_board(ground: Ground, targets: Floats, shapes: dict[str, Any], fill: float, shift: float) -> Board:
    """Lay hexagons over the stretched councils; ``fill`` over 1 makes them larger than the room there is."""
    size = hexgrid.radius(sum(shape.area for shape in shapes.values()) / len(targets) * fill)
    width = np.sqrt(3) * size
    axial, middles = hexgrid.lattice(tuple(shapely.total_bounds(list(shapes.values()))), size, shift)
    away = {council: shapely.distance(shape, shapely.points(middles)) / width for council, shape in shapes.items()}
    ordered = np.sort(np.stack([*away.values(), np.full(len(middles), np.inf)]), axis=0)
    usable = ordered[0] < 1.6
    strait = (ordered[0] > 0.02) & (ordered[1] < 1.2)
    own = np.stack([away[council] for council in ground.council])[:, usable]
    moved = ((targets[:, None, :] - middles[None, usable, :]) ** 2).sum(axis=2) / width**2
    cost = moved + OFF_SHORE * own * (1 + own) + STRAIT * strait[usable]
    return Board(axial[usable], middles[usable], width, cost, ordered[0][usable] < 0.2, strait[usable])


def placed(ground: Ground, board: Board) -> tuple[Ints, Floats]:
    """Assign hexagons at least total cost, then again four times with a pull towards where the neighbours went."""
    cost = board.cost
    chosen = linear_sum_assignment(cost)[1]
    for _ in range(4):
        beside = ground.averaging @ board.middles[chosen]
        apart = ((beside[:, None, :] - board.middles[None, :, :]) ** 2).sum(axis=2) / board.width**2
        cost = board.cost + PULL * apart
        chosen = linear_sum_assignment(cost)[1]
    return chosen, cost


def mended(ground: Ground, board: Board, first: tuple[Ints, Floats]) -> Ints:
    """Reward hexagons that close holes or join a council's parts until there are none left to close or join."""
    chosen, cost = first
    cost = cost.copy()
    beside = hexgrid.neighbours(board.axial)
    for _ in range(ROUNDS):
        wanted = [(np.arange(len(chosen)), hole) for hole in holes(board, beside, chosen)]
        wanted += bridges(ground, board, chosen)
        if not wanted:
            break
        for rows, cell in wanted:
            cost[rows, cell] -= MUST_FILL
        chosen = linear_sum_assignment(cost)[1]
    return chosen


def holes(board: Board, beside: list[list[int]], chosen: Ints) -> list[int]:
    """Empty hexagons with five or six filled ones around that are not water between councils."""
    filled = np.zeros(len(board.axial), dtype=bool)
    filled[chosen] = True
    around = np.array([filled[cells].sum() for cells in beside])
    found = ~filled & ~board.strait & ((around == 6) | ((around == 5) & board.on_land))
    return [int(cell) for cell in np.flatnonzero(found)]


def bridges(ground: Ground, board: Board, chosen: Ints) -> list[tuple[Ints, int]]:
    """Hexagons on the way from each council's smallest part to the rest, for the LSOAs of that council."""
    wanted: list[tuple[Ints, int]] = []
    for council in ground.outlines:
        rows = np.flatnonzero(ground.council == council)
        cells = chosen[rows]
        group = hexgrid.groups(board.axial[cells])
        if group.max() == 0:
            continue
        small, rest = cells[group == group.max()], cells[group != group.max()]
        apart = hexgrid.steps(board.axial[small][:, None, :], board.axial[rest][None, :, :])
        start, end = np.unravel_index(int(apart.argmin()), apart.shape)
        for share in np.linspace(0, 1, int(apart[start, end]) + 1)[1:-1]:
            point = board.middles[small[start]] * (1 - share) + board.middles[rest[end]] * share
            wanted.append((rows, int(((board.middles - point) ** 2).sum(axis=1).argmin())))
    return wanted


def measured(ground: Ground, board: Board, targets: Floats, chosen: Ints) -> Quality:
    """Measure how well an arrangement keeps neighbours, places and pieces."""
    axial = board.axial[chosen]
    apart = hexgrid.steps(axial[ground.pairs[:, 0]], axial[ground.pairs[:, 1]])
    pieces = [hexgrid.groups(axial[ground.council == council]).max() + 1 for council in ground.outlines]
    return Quality(
        near=float((apart <= 2).mean()),
        touching=float((apart <= 1).mean()),
        displacement=float(np.hypot(*(targets - board.middles[chosen]).T).mean() / board.width),
        pieces=int(sum(pieces)),
        holes=len(holes(board, hexgrid.neighbours(board.axial), chosen)),
    )
