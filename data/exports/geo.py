"""An answer's areas as GeoJSON: a feature for each row, with the outline that the map draws."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.geometry import ATTRIBUTION, LayerAddress, layer_addresses, layer_file
from data.errors import DataError
from data.exports.parquet import about
from data.exports.table import Plain, long_table

#: Layers with outlines of areas, largest first.
LAYERS: Final = ("lad", "ward", "msoa21", "lsoa21")


def geojson_bytes(answer: Answer) -> bytes:
    """Write the rows as features; a row whose area has no outline, such as England, has none here either."""
    table, (outlines, layers) = outlines_or_refuse(answer)
    features = [
        {
            "type": "Feature",
            "geometry": outlines.get(str(record["area_code"])),
            "properties": {str(name): _json(value) for name, value in record.items()},
        }
        for record in table.to_dict("records")
    ]
    said = {**about(answer), "outlines": drawn_as(layers), "attribution": ATTRIBUTION}
    collection = {"type": "FeatureCollection", **said, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def outlines_or_refuse(answer: Answer) -> tuple[pd.DataFrame, tuple[dict[str, Any], list[LayerAddress]]]:
    """Give the rows with the outlines of their areas; an answer without any has no map file."""
    table = long_table(answer)
    codes = {str(code) for code in table["area_code"] if code is not None} if "area_code" in table.columns else set()
    found = outlines_of(codes) if codes else ({}, [])
    if not found[0]:
        raise _no_outlines(answer)
    return table, found


def drawn_as(layers: Sequence[LayerAddress]) -> list[str]:
    """Say how the outlines were made, and from which edition."""
    return [f"{one.label} ({one.edition})" if one.edition else one.label for one in layers]


def outlines_of(codes: set[str]) -> tuple[dict[str, Any], list[LayerAddress]]:
    """Find the outline of each area that has one, and the layers that they stand in."""
    found: dict[str, Any] = {}
    layers = []
    addresses = layer_addresses()
    for address in (addresses[name] for name in LAYERS if name in addresses):
        if codes.isdisjoint(address.codes):
            continue
        layers.append(address)
        held = json.loads(layer_file(address.geojson_url.rpartition("/")[2]).content)
        for feature in held["features"]:
            if feature["properties"]["code"] in codes:
                found[feature["properties"]["code"]] = feature["geometry"]
    return found, layers


def _json(value: Plain) -> str | int | float | bool | None:
    return value.isoformat() if isinstance(value, dt.date) else value


def _no_outlines(answer: Answer) -> DataError:
    return DataError(
        "This answer has no areas with an outline, so there is no map file of it",
        found=answer.question,
        expected="an answer with an area in each row",
        todo="Choose another format, such as xlsx or csv",
    )
