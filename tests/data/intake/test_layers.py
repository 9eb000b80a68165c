"""After boundaries or a lookup are loaded, every layer of the map stands on the same lines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.intake.loading import load
from data.store.engine import open_store, reading
from data.store.geometry import select_geometry_content, select_layers

OPEN = Path(__file__).resolve().parents[3].parent / "shared" / "opendata"
needs_open_data = pytest.mark.skipif(not OPEN.is_dir(), reason="the official files are not beside the checkout")


@pytest.fixture
def prepared(reference_file: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """A store with the embedded reference and no returns."""
    shutil.copy(reference_file, tmp_path / "store.sqlite")
    engine = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield engine
    engine.dispose()


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
