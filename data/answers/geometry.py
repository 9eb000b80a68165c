"""Map layers as the browser fetches them: once, by an address that holds their content's hash."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from data.answers.opened import opened, reading
from data.errors import UnknownName
from data.geography.served import geojson_of
from data.store.geometry import select_geometry_content, select_layers

NAME: Final = re.compile(r"^(?P<layer>[a-z0-9]+)-(?P<sha12>[0-9a-f]{12})\.(?P<form>json|geojson)$")
#: What the licence of the outlines asks for, on screen and in every file that holds them.
ATTRIBUTION: Final = (
    "Contains OS data © Crown copyright and database right. Source: Office for National Statistics, OGL v3.0."
)
MEDIA_TYPES: Final = {"json": "application/json", "geojson": "application/geo+json"}


@dataclass(frozen=True, slots=True)
class LayerFile:
    """What is sent: the file as it is, and the same compressed."""

    content: bytes
    compressed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class LayerAddress:
    """Where one layer is fetched from, and how it came about."""

    layer: str
    url: str
    geojson_url: str
    method: str
    edition: str
    label: str
    codes: tuple[str, ...]
    bbox: tuple[float, ...]
    places: tuple[tuple[str, float, float], ...]


def layer_file(name: str) -> LayerFile:
    """Give a layer by the name in its address."""
    return _layer_file(name, str(opened().url))


@lru_cache(maxsize=16)
def _layer_file(name: str, _store: str) -> LayerFile:
    found = NAME.match(name)
    content = None
    if found:
        with reading() as connection:
            content = select_geometry_content(connection, found["sha12"])
    if found is None or content is None:
        raise UnknownName("There is no such map layer", found=name, todo="Open the map again to get its new address")
    if found["form"] == "geojson":
        content = geojson_of(content)
    return LayerFile(content, gzip.compress(content, 9, mtime=0), MEDIA_TYPES[found["form"]])


def layer_urls(*wanted: str) -> list[str]:
    """Give the addresses of some layers, without opening them."""
    with reading() as connection:
        return [f"/geometry/{one.layer}-{one.sha12}.json" for one in select_layers(connection) if one.layer in wanted]


def layer_addresses() -> dict[str, LayerAddress]:
    """Give the address of every layer that the store has, and the order of its areas."""
    with reading() as connection:
        layers = select_layers(connection)
        heads = {one.layer: json.loads(select_geometry_content(connection, one.sha12) or b"{}") for one in layers}
    return {
        one.layer: LayerAddress(
            layer=one.layer,
            url=f"/geometry/{one.layer}-{one.sha12}.json",
            geojson_url=f"/geometry/{one.layer}-{one.sha12}.geojson",
            method=one.method,
            edition=one.edition,
            label=heads[one.layer].get("label", ""),
            codes=tuple(heads[one.layer].get("codes", ())),
            bbox=tuple(heads[one.layer].get("bbox", ())),
            places=tuple((name, lon, lat) for name, lon, lat, _ in heads[one.layer].get("places", ())),
        )
        for one in layers
    }
