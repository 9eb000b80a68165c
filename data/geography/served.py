"""A stored layer in the other form that is served: GeoJSON, without any geometry library in the server's memory."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

DECIMALS = 5


def geojson_of(content: bytes) -> bytes:
    """Write a stored layer as GeoJSON, one feature for each area in the order of ``codes``, numbered by ``i``."""
    layer = json.loads(content)
    lines = [_walked(arc, layer["transform"]) for arc in layer["arcs"]]
    name = "areas" if "areas" in layer["objects"] else next(iter(layer["objects"]))
    geometries = layer["objects"][name]["geometries"]
    codes = layer.get("codes", [""] * len(geometries))
    names = layer.get("names", codes)
    features = [
        {"type": "Feature", "properties": {"i": place, "code": code, "name": said}, "geometry": _geometry(area, lines)}
        for place, (code, said, area) in enumerate(zip(codes, names, geometries, strict=True))
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _walked(arc: list[list[int]], transform: dict[str, list[float]]) -> list[list[float]]:
    scale, translate = transform["scale"], transform["translate"]
    columns = [list(accumulate(step[axis] for step in arc)) for axis in (0, 1)]
    return [
        [round(x * scale[0] + translate[0], DECIMALS), round(y * scale[1] + translate[1], DECIMALS)]
        for x, y in zip(*columns, strict=True)
    ]


def _geometry(area: dict[str, Any], lines: list[list[list[float]]]) -> dict[str, Any]:
    if area["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [_ring(ring, lines) for ring in area["arcs"]]}
    parts = [[_ring(ring, lines) for ring in part] for part in area["arcs"]]
    return {"type": "MultiPolygon", "coordinates": parts}


def _ring(ring: list[int], lines: list[list[list[float]]]) -> list[list[float]]:
    """Join the arcs of a ring; a negative number is an arc walked backwards, and joints are not repeated."""
    joined: list[list[float]] = []
    for number in ring:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        joined.extend(line[1:] if joined else line)
    return joined
