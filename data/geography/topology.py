"""Compact shapes for the browser: a TopoJSON topology in which every shared border is stored once.

Shapes are first drawn on one whole-number grid, where lines that cross or meet do so at grid points. So neighbours
share their border exactly, nothing crosses itself after rounding, and reading the file gives back valid shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    Shapes = np.ndarray[Any, np.dtype[np.object_]]
    Point = tuple[int, int]
    Ring = list[Point]
    Arcs = dict[tuple[Point, ...], int]

STEP_LON = 0.00004  # degrees; 2.8 m here
STEP_LAT = 0.00003  # degrees; 3.3 m


def to_grid(shapes: Shapes, origin: tuple[float, float]) -> Shapes:
    """Carry longitude and latitude to whole-number steps from an origin and make a clean coverage of them."""
    steps = shapely.transform(shapes, lambda lonlat: (lonlat - np.array(origin)) / [STEP_LON, STEP_LAT])
    network = shapely.union_all(shapely.boundary(steps), grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize([network]))
    owner = face_owner(faces, steps)
    return np.array([join(faces[owner == area]) for area in range(len(shapes))], dtype=object)


def face_owner(faces: Shapes, steps: Shapes) -> Any:
    """Number of the shape that holds each face, −1 where none does (sea, or a hole)."""
    face, area = shapely.STRtree(steps).query(shapely.point_on_surface(faces), predicate="within")
    owner = np.full(len(faces), -1)
    owner[face[::-1]] = area[::-1]  # the first shape wins where two overlap
    return owner


def join(faces: Shapes) -> Any:
    """Join the faces of one area, outer rings clockwise and holes against it, as d3 and Vega read them."""
    shape = shapely.coverage_union_all(faces)
    return shapely.orient_polygons(shape, exterior_cw=True)


def rings_of(shape: Any) -> list[list[Ring]]:
    """Whole-number rings of each polygon of a shape: the outer one first, then its holes."""
    polygons = []
    for polygon in shapely.get_parts(shape):
        rings = [polygon.exterior, *polygon.interiors]
        polygons.append([[(int(x), int(y)) for x, y in np.rint(shapely.get_coordinates(ring))[:-1]] for ring in rings])
    return polygons


def junctions(rings: list[Ring]) -> set[Point]:
    """Points where borders part: their neighbours along the rings are not the same two everywhere."""
    beside: dict[Point, frozenset[Point]] = {}
    found: set[Point] = set()
    for ring in rings:
        for index, point in enumerate(ring):
            pair = frozenset((ring[index - 1], ring[(index + 1) % len(ring)]))
            if beside.setdefault(point, pair) != pair:
                found.add(point)
    return found


def cut(ring: Ring, parting: set[Point]) -> list[Ring]:
    """Cut a ring at its junctions; without one it starts at its smallest point, so that its twin starts there too."""
    starts = [index for index, point in enumerate(ring) if point in parting] or [ring.index(min(ring))]
    ends = [*starts[1:], starts[0] + len(ring)]
    twice = ring + ring
    return [twice[start : end + 1] for start, end in zip(starts, ends, strict=True)]


def arc_number(line: Ring, arcs: Arcs) -> int:
    """Number of a line among the arcs; ``~number`` when it is stored in the other direction."""
    forward, backward = tuple(line), tuple(reversed(line))
    if backward in arcs:
        return ~arcs[backward]
    return arcs.setdefault(forward, len(arcs))


def encode(objects: dict[str, Shapes], origin: tuple[float, float]) -> dict[str, Any]:
    """Write shapes that already stand on the grid as a topology with one set of arcs."""
    drawn = {name: [rings_of(shape) for shape in shapes] for name, shapes in objects.items()}
    rings = [ring for areas in drawn.values() for area in areas for polygon in area for ring in polygon]
    parting = junctions(rings)
    arcs: Arcs = {}
    written = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                geometry([[[arc_number(line, arcs) for line in cut(ring, parting)] for ring in part] for part in area])
                for area in areas
            ],
        }
        for name, areas in drawn.items()
    }
    return {
        "type": "Topology",
        "transform": {"scale": [STEP_LON, STEP_LAT], "translate": list(origin)},
        "objects": written,
        "arcs": [steps_of(arc) for arc in arcs],
    }


def geometry(polygons: list[list[list[int]]]) -> dict[str, Any]:
    """Write one area as a Polygon where it has one part, else as a MultiPolygon."""
    if len(polygons) == 1:
        return {"type": "Polygon", "arcs": polygons[0]}
    return {"type": "MultiPolygon", "arcs": polygons}


def steps_of(arc: tuple[Point, ...]) -> list[list[int]]:
    """First point as it stands, then only the change from point to point."""
    points = np.array(arc)
    changes: list[list[int]] = np.vstack([points[:1], np.diff(points, axis=0)]).tolist()
    return changes


def decode(topology: dict[str, Any], name: str) -> Shapes:
    """Read the shapes of one object back, in longitude and latitude."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    shapes = []
    for area in topology["objects"][name]["geometries"]:
        parts = [area["arcs"]] if area["type"] == "Polygon" else area["arcs"]
        polygons = [shapely.Polygon(*shell_and_holes([ring_points(ring, lines) for ring in part])) for part in parts]
        shapes.append(polygons[0] if area["type"] == "Polygon" else shapely.MultiPolygon(polygons))
    return np.array(shapes, dtype=object)


def shell_and_holes(rings: list[Any]) -> tuple[Any, list[Any]]:
    """Part the outer ring from the holes."""
    return rings[0], rings[1:]


def ring_points(ring: list[int], lines: list[Any]) -> Any:
    """Join the arcs of a ring; a negative number is an arc walked backwards."""
    walked = [lines[number] if number >= 0 else lines[~number][::-1] for number in ring]
    return np.vstack([walked[0], *[line[1:] for line in walked[1:]]])
