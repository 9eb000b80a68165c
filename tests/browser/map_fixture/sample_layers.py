"""Made-up layers in the form that the store serves, as many areas as Dorset has: a grid with an island and a hole."""

from __future__ import annotations

import hashlib
import json
import math
import os
from functools import cache
from pathlib import Path
from typing import Any

COLUMNS, COUNT = 25, 463
WEST, NORTH, STEP = -2.96, 51.06, 0.05  # degrees; the step is quantised to a tenth
BBOX = [-2.96, 50.11, -1.71, 51.06]


def _corner(column: int, row: int) -> list[int]:
    return [column * 10, -row * 10]


def _ring(column: int, row: int, size: int = 10, inset: int = 0) -> list[list[int]]:
    """A square as a TopoJSON arc: the first corner, then steps, clockwise."""
    x, y = _corner(column, row)
    return [[x + inset, y - inset], [size, 0], [0, -size], [-size, 0], [0, size]]


def _codes() -> list[str]:
    return [f"E010{number:05d}" for number in range(1, COUNT + 1)]


def _names() -> list[str]:
    words = ("Ash", "Beech", "Cedar", "Elm", "Oak")
    return [f"{words[k % 5]} {k // 5 + 1:03d}{'ABCDE'[k % 5]}" for k in range(COUNT)]


def _parents() -> dict[str, Any]:
    lad = [int(k % COLUMNS >= 18) for k in range(COUNT)]
    return {"lad": lad, "lads": [["E06000001", "West"], ["E06000002", "East"]]}


def lsoa21() -> dict[str, Any]:
    """A grid of squares; the first area has an island, the second a hole."""
    cells = [divmod(k, COLUMNS) for k in range(COUNT)]
    arcs = [_ring(column, row) for row, column in cells]
    arcs += [_ring(24, 18, size=6, inset=2), _ring(1, 0, size=3, inset=3)]
    shapes: list[dict[str, Any]] = [{"type": "Polygon", "arcs": [[k]]} for k in range(COUNT)]
    shapes[0] = {"type": "MultiPolygon", "arcs": [[[0]], [[COUNT]]]}
    shapes[1] = {"type": "Polygon", "arcs": [[1], [~(COUNT + 1)]]}
    labels = [[WEST + (c + 0.5) * STEP, NORTH - (r + 0.5) * STEP] for r, c in cells]
    return {
        **_topology(arcs, {"areas": shapes}),
        **{"codes": _codes(), "names": _names(), "parents": _parents(), "labels": labels, "bbox": BBOX},
        **{"method": "approximate", "label": "Approximate areas"},
    }


def base() -> dict[str, Any]:
    """Two council outlines, three towns."""
    arcs = [
        [[0, 0], [180, 0], [0, -190], [-180, 0], [0, 190]],
        [[180, 0], [70, 0], [0, -190], [-70, 0], [0, 190]],
    ]
    shapes = [{"type": "Polygon", "arcs": [[k]]} for k in range(2)]
    places = [["Westport", -2.5, 50.8, "large town"], ["Eastham", -1.9, 50.6, "town"], ["Midway", -2.2, 50.4, "town"]]
    return {**_topology(arcs, {"outlines": shapes}), "places": places, "bbox": BBOX, "label": "Outlines"}


def _topology(arcs: list[Any], objects: dict[str, list[Any]]) -> dict[str, Any]:
    collections = {name: {"type": "GeometryCollection", "geometries": shapes} for name, shapes in objects.items()}
    transform = {"scale": [STEP / 10, STEP / 10], "translate": [WEST, NORTH]}
    return {"type": "Topology", "transform": transform, "arcs": arcs, "objects": collections}


def hexagons() -> dict[str, Any]:
    """The same areas as hexagons that stand on a corner, odd rows pushed right."""
    cells = [divmod(k, COLUMNS) for k in range(COUNT)]
    centres = [[math.sqrt(3) * (c + 0.5 * (r % 2)), 1.5 * r] for r, c in cells]
    return {
        **{"codes": _codes(), "names": _names(), "parents": _parents(), "centres": centres, "size": 1.0},
        **{"method": "computed", "label": "Equal-area hexagons"},
    }


def geojson() -> dict[str, Any]:
    """The grid for the explorer."""
    shapes = []
    for k, (code, name) in enumerate(zip(_codes(), _names(), strict=True)):
        row, column = divmod(k, COLUMNS)
        west, north = WEST + column * STEP, NORTH - row * STEP
        east, south = west + STEP, north - STEP
        ring = [[west, north], [west, south], [east, south], [east, north], [west, north]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        shapes.append({"type": "Feature", "properties": {"code": code, "name": name, "i": k}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": shapes}


def outlines() -> dict[str, Any]:
    """One box round everything, for the explorer."""
    west, south, east, north = BBOX
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return {"type": "FeatureCollection", "features": [shape]}


@cache
def files() -> dict[str, bytes]:
    """Every layer by its file name; MAP_LAYERS names a folder of real layers to look at instead."""
    made: dict[str, Any] = {"lsoa21": lsoa21(), "base": base(), "hexagons": hexagons()}
    contents = {f"{name}.json": json.dumps(layer, separators=(",", ":")).encode() for name, layer in made.items()}
    contents["lsoa21.geojson"] = json.dumps(geojson(), separators=(",", ":")).encode()
    contents["lad.geojson"] = json.dumps(outlines(), separators=(",", ":")).encode()
    folder = os.environ.get("MAP_LAYERS")
    for path in Path(folder).iterdir() if folder else ():
        contents[path.name] = path.read_bytes()
    return contents


def address(name: str) -> str:
    """Where a layer is served: its name carries its content, so that it never needs to be asked for twice."""
    stem, ending = name.split(".")
    return f"/geometry/{stem}-{hashlib.sha256(files()[name]).hexdigest()[:12]}.{ending}"
