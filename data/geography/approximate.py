"""Approximate areas: each part of a council goes to the centroid that is nearest for its size.

Official boundaries are not embedded. Where nobody has loaded them, the map draws these cells and says so. The
distance to a centroid is divided by how far apart centroids lie around it (its spacing), so that a village keeps its
fields and a town does not reach far into them. Against the official areas of Dorset the overlap is better than with
plain nearest centroids, most of all in the country; `tests/data/geography/test_approximate.py` holds the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from data import reference
from data.geography.plane import points_to_metres, to_degrees, to_metres

if TYPE_CHECKING:
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Shapes = np.ndarray[Any, np.dtype[np.object_]]

NEIGHBOURS = 3  # centroids whose mean distance is the spacing around one
DIRECTIONS = 60  # points on the border between two centroids, one for every 6 degrees seen from the closer set one
FURTHEST_M = 100_000.0  # a border is not followed further than this
GRID_M = 0.01  # crossings of lines are kept to the centimetre, so that neighbours share them exactly


def council_outlines() -> gpd.GeoDataFrame:
    """Outlines of the councils with their islands, in longitude and latitude."""
    import geopandas as gpd

    rings = reference.outlines()
    shapes = {
        lad24cd: shapely.union_all(
            [shapely.Polygon(ring[["lon", "lat"]].to_numpy()) for _, ring in council.groupby("ring")]
        )
        for lad24cd, council in rings.groupby("lad24cd")
    }
    return gpd.GeoDataFrame({"lad24cd": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:4326")


def approximate_areas() -> gpd.GeoDataFrame:
    """Draw one cell for each LSOA inside its own council."""
    lsoas = reference.lsoas().merge(reference.centroids(), on="lsoa21cd", validate="one_to_one").sort_values("lsoa21cd")
    councils = council_outlines().set_index("lad24cd").geometry
    outlines = {code: to_metres(shape) for code, shape in councils.items()}
    groups = []
    for lad24cd, members in lsoas.groupby("lad24cd"):
        seeds = points_to_metres(members[["lon", "lat"]].to_numpy())
        groups.append((members["lsoa21cd"].to_numpy(), seeds, spacing(seeds), outlines[lad24cd]))
    codes, shapes = cells(groups)
    frame = gpd.GeoDataFrame({"lsoa21cd": codes}, geometry=to_degrees(shapes), crs="EPSG:4326")
    return frame.sort_values("lsoa21cd", ignore_index=True)


def spacing(seeds: Floats, neighbours: int = NEIGHBOURS) -> Floats:
    """Mean distance in metres from each point to its nearest few."""
    distances = np.sort(np.hypot(*(seeds[:, None] - seeds[None]).transpose(2, 0, 1)), axis=1)
    result: Floats = distances[:, 1 : neighbours + 1].mean(axis=1)
    return result


def cells(groups: list[tuple[Any, Floats, Floats, Any]]) -> tuple[list[str], Shapes]:
    """Cut each outline into the cells of its seeds; one cutting for all, so that borders are shared exactly."""
    lines = np.concatenate([borders(seeds, sizes, outline) for _, seeds, sizes, outline in groups])
    network = shapely.union_all([*lines, *[outline.boundary for *_, outline in groups]], grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize([network]))
    inner = shapely.point_on_surface(faces)
    codes: list[str] = []
    shapes: list[Any] = []
    for names, seeds, sizes, outline in groups:
        inside = shapely.contains(outline, inner)
        owner = costs(shapely.get_coordinates(inner[inside]), seeds, sizes).argmin(axis=1)
        codes.extend(names)
        shapes.extend(gather(faces[inside], owner, seeds))
    return codes, np.array(shapes, dtype=object)


def costs(points: Floats, seeds: Floats, sizes: Floats) -> Floats:
    """Distance from every point to every seed, in units of the seed's size."""
    middle = seeds.mean(axis=0)
    points, seeds = points - middle, seeds - middle
    squares = (points**2).sum(axis=1)[:, None] + (seeds**2).sum(axis=1)[None, :] - 2 * points @ seeds.T
    result: Floats = np.sqrt(np.maximum(squares, 0.0)) / sizes
    return result


def borders(seeds: Floats, sizes: Floats, outline: Any) -> Shapes:
    """Lines along which two seeds are equally near and no third is much nearer."""
    first, second = rivals(seeds, sizes, outline)
    segments = equal_distance_lines(seeds[first], seeds[second], sizes[second] / sizes[first])
    pair, step = np.nonzero(np.isfinite(segments).all(axis=(2, 3)))
    segments = segments[pair, step]
    likely = excess(segments.mean(axis=1), seeds, sizes, first[pair]) <= 2.0
    segments, owner = segments[likely], first[pair[likely]]
    near = np.zeros(len(segments), dtype=bool)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        points = segments[:, 0] * (1 - share) + segments[:, 1] * share
        near |= excess(points, seeds, sizes, owner) <= 1.05  # a little more, so that lines run past where they meet
    lines = np.asarray(shapely.linestrings(segments[near]))
    result: Shapes = lines[shapely.intersects(lines, outline)]
    return result


def excess(points: Floats, seeds: Floats, sizes: Floats, owner: Any) -> Floats:
    """How many times as far each point is from its owner as from the seed that is nearest for its size."""
    own = np.hypot(*(points - seeds[owner]).T) / sizes[owner]
    blocks = np.array_split(points, max(1, len(points) // 4096))
    nearest = np.concatenate([costs(block, seeds, sizes).min(axis=1) for block in blocks])
    result: Floats = own / np.maximum(nearest, 1e-9)
    return result


def rivals(seeds: Floats, sizes: Floats, outline: Any) -> tuple[Any, Any]:
    """Pairs among the three nearest seeds of some probing point; the one of smaller size comes first."""
    points = np.vstack([around(seeds, sizes), across(outline)])
    blocks = np.array_split(points, max(1, len(points) // 4096))
    three = np.vstack([np.argpartition(costs(block, seeds, sizes), 2, axis=1)[:, :3] for block in blocks])
    three = np.sort(np.unique(np.sort(three, axis=1), axis=0), axis=1)
    pairs = np.unique(np.vstack([three[:, [0, 1]], three[:, [0, 2]], three[:, [1, 2]]]), axis=0)
    swap = sizes[pairs[:, 0]] > sizes[pairs[:, 1]]
    pairs[swap] = pairs[swap][:, ::-1]
    return pairs[:, 0], pairs[:, 1]


def around(seeds: Floats, sizes: Floats) -> Floats:
    """Probing points in rings around each seed, at a quarter of its spacing up to four times."""
    angles = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    rings = np.array([0.25, 0.4, 0.5, 0.65, 0.8, 1.0, 1.3, 1.8, 2.5, 4.0])
    reach = sizes[:, None] * rings[None, :]
    result: Floats = (seeds[:, None, None, :] + reach[:, :, None, None] * circle[None, None, :, :]).reshape(-1, 2)
    return result


def across(outline: Any, points_per_side: int = 120) -> Floats:
    """Probing points on an even grid over an outline's bounds."""
    west, south, east, north = outline.bounds
    grid = np.meshgrid(np.linspace(west, east, points_per_side), np.linspace(south, north, points_per_side))
    return np.column_stack([axis.ravel() for axis in grid])


def equal_distance_lines(first: Floats, second: Floats, ratio: Floats) -> Floats:
    """Segments of the curve on which the distances to two points stand in a ratio of at least 1 (second over first).

    Seen from the first point each direction meets the curve once, at t with t / 1 = |t·u − D| / ratio. The result has
    the shape pairs × directions × 2 ends × 2 coordinates; a direction that meets nothing within reach holds NaN.
    """
    angles = np.linspace(0.0, 2 * np.pi, DIRECTIONS + 1)
    unit = np.column_stack([np.cos(angles), np.sin(angles)])
    gap = second - first
    along = gap @ unit.T
    square = (gap**2).sum(axis=1)[:, None]
    bottom = along + np.sqrt(along**2 + square * (ratio[:, None] ** 2 - 1.0))
    with np.errstate(divide="ignore"):
        reach = np.where(bottom > 0, square / bottom, np.inf)
    reach = np.where(reach > FURTHEST_M, np.nan, reach)
    points = first[:, None, :] + reach[:, :, None] * unit[None, :, :]
    return np.stack([points[:, :-1], points[:, 1:]], axis=2)


def gather(faces: Shapes, owner: Any, seeds: Floats) -> list[Any]:
    """Join the faces of each seed; a piece cut off on land goes to the neighbour with the longest shared border."""
    pieces: list[Any] = []
    owners: list[int] = []
    for seed in range(len(seeds)):
        parts = shapely.get_parts(shapely.coverage_union_all(faces[owner == seed]))
        pieces.extend(parts)
        owners.extend([seed] * len(parts))
    settled = settle(np.array(pieces, dtype=object), np.array(owners), seeds)
    return [shapely.coverage_union_all(np.array(pieces, dtype=object)[settled == seed]) for seed in range(len(seeds))]


def settle(pieces: Shapes, owners: Any, seeds: Floats) -> Any:
    """Give every piece an owner: its seed's main piece keeps it, islands stay, other pieces go to a neighbour."""
    distance = shapely.distance(pieces, shapely.points(seeds[owners]))
    order = np.lexsort((-shapely.area(pieces), distance, owners))
    main = np.zeros(len(pieces), dtype=bool)
    main[order[np.unique(owners[order], return_index=True)[1]]] = True
    tree = shapely.STRtree(pieces)
    settled = owners.copy()
    for piece in np.flatnonzero(~main):
        touching = [other for other in tree.query(pieces[piece], predicate="intersects") if main[other]]
        shared = [shapely.intersection(pieces[piece], pieces[other]).length for other in touching]
        if shared and max(shared) > 0:
            settled[piece] = owners[touching[int(np.argmax(shared))]]
    return settled
