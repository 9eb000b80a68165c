"""Keep map layers on one set of lines: what is loaded for small areas draws the wider ones that nobody has loaded."""

from __future__ import annotations

import json

import pandas as pd
import sqlalchemy as sa

from data.catalogue import ics
from data.store.areas import select_areas
from data.store.geometry import replace_geometry, select_geometry, select_geometry_content

WIDER = {"msoa21": "msoa_code", "ward": "ward_code", "lad": "lad_code"}


def complete_layers(connection: sa.Connection, submission_id: int, *, changed: set[str]) -> list[str]:
    """Draw the wider areas along the lines of the neighbourhoods, and the coast along those of the councils.

    ``changed`` names what was just loaded: a layer, or ``area`` when a lookup was. A wider layer that was loaded from
    an official file stays as it is. Gives the layers that were drawn.
    """
    content = layer_content(connection, "lsoa21")
    if content is None or not changed & {"lsoa21", "lad", "area"}:
        return []
    neighbourhoods = select_areas(connection, "lsoa21").set_index("area_code")
    drawn = [
        layer for layer, column in WIDER.items() if wanted(connection, layer, neighbourhoods[column], content, changed)
    ]
    for layer in drawn:
        draw_wider(connection, layer, neighbourhoods[WIDER[layer]], content, submission_id)
    if ("lad" in drawn or "lad" in changed) and "base" not in changed:
        draw_base(connection, submission_id)
        drawn.append("base")
    return drawn


def layer_content(connection: sa.Connection, layer: str) -> bytes | None:
    """Give a layer's content, or None where there is no such layer."""
    described = select_geometry(connection, layer)
    return None if described is None else select_geometry_content(connection, described.sha12)


def wanted(connection: sa.Connection, layer: str, parents: pd.Series, content: bytes, changed: set[str]) -> bool:
    """Say whether a wider layer has to be drawn: nobody loaded it, every neighbourhood has a parent, and it is new."""
    if layer in changed or parents.reindex(json.loads(content)["codes"]).isna().any():
        return False
    own = layer_content(connection, layer)
    if own is None:
        return True
    head = json.loads(own)
    loaded = head["method"] == "official" and head.get("label") != "Council outlines"
    return not loaded and "lsoa21" in changed


def draw_wider(connection: sa.Connection, layer: str, parents: pd.Series, content: bytes, submission_id: int) -> None:
    """Join neighbourhoods into a wider layer."""
    from data.geography.layers import dissolve_layer

    areas = select_areas(connection).set_index("area_code")
    codes = json.loads(content)["codes"]
    mapping = {code: str(parents[code]) for code in codes}
    council_of = {mapping[code]: str(areas.loc[code, "lad_code"]) for code in codes}
    labels = {place.code: place.label for place in ics().lads}
    shown = areas["display_name"].fillna(areas["area_name"])
    names = {code: labels.get(code, str(shown.get(code, code))) for code in council_of}
    edition = str(json.loads(content)["edition"])
    parents_of = {"lad": council_of} if layer != "lad" else {}
    made = dissolve_layer(content, mapping, layer, edition=edition, names=names, parents=parents_of)
    replace_geometry(
        connection, layer, made.content, method=made.method, edition=made.edition, submission_id=submission_id
    )


def draw_base(connection: sa.Connection, submission_id: int) -> None:
    """Draw coast and council outlines on the same lines as the councils' layer."""
    from data.geography.layers import areas_of, base_layer

    content = layer_content(connection, "lad")
    if content is None:
        return
    made = base_layer(areas_of(content), str(json.loads(content)["edition"]))
    replace_geometry(
        connection, "base", made.content, method=made.method, edition=made.edition, submission_id=submission_id
    )
