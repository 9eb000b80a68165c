"""After boundaries or a lookup are loaded, every layer of the map stands on the same lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.intake.loading import load
from data.intake.preparing import prepare_store
from data.store.engine import reading
from data.store.geometry import select_geometry_content, select_layers

OPEN = Path(__file__).resolve().parents[3].parent / "shared" / "opendata"
needs_open_data = pytest.mark.skipif(not OPEN.is_dir(), reason="the official files are not beside the checkout")


@pytest.fixture
def prepared(sqlite_store: sa.Engine) -> sa.Engine:
    """A store with the embedded reference and no returns."""
    prepare_store(sqlite_store, write_returns=lambda folder: [])
    return sqlite_store


def methods(engine: sa.Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return {one.layer: one.method for one in select_layers(connection)}


def codes(engine: sa.Engine, layer: str) -> list[str]:
    with reading(engine) as connection:
        found = next(one for one in select_layers(connection) if one.layer == layer)
        return json.loads(select_geometry_content(connection, found.sha12) or b"{}")["codes"]


def test_the_embedded_map_is_approximate_and_says_so(prepared):
    assert methods(prepared)["lsoa21"] == "approximate"
    assert methods(prepared)["msoa21"] == "approximate"
    assert "ward" not in methods(prepared), "wards come with the ONS lookup"


@needs_open_data
def test_the_lookup_brings_wards_on_the_lines_of_the_neighbourhoods(prepared):
    load(OPEN / "lookup_lsoa21.csv", prepared, loaded_by="the test")
    assert methods(prepared)["ward"] == "approximate"
    assert len(codes(prepared, "ward")) == 85


@needs_open_data
def test_official_neighbourhoods_redraw_the_wider_areas_that_nobody_loaded(prepared):
    load(OPEN / "lookup_lsoa21.csv", prepared, loaded_by="the test")
    load(OPEN / "lsoa21_boundaries_bsc.geojson", prepared, loaded_by="the test")
    assert methods(prepared)["lsoa21"] == "official"
    assert {methods(prepared)[layer] for layer in ("msoa21", "ward", "lad")} == {"computed"}
    assert len(codes(prepared, "msoa21")) == 96


@needs_open_data
def test_an_official_layer_stays_whatever_is_loaded_after_it(prepared):
    load(OPEN / "msoa21_boundaries_bgc.geojson", prepared, loaded_by="the test")
    load(OPEN / "lsoa21_boundaries_bsc.geojson", prepared, loaded_by="the test")
    assert methods(prepared)["msoa21"] == "official"
