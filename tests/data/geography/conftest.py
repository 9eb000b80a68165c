"""What the embedded facts draw, built once for all tests of the geography."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

from data.geography.approximate import approximate_areas
from data.geography.hexagons import HexagonMap, hexagon_map
from data.geography.layers import Layer, embedded_layers

OPENDATA = Path(__file__).parents[4] / "shared" / "opendata"


@pytest.fixture(scope="session")
def opendata() -> Callable[[str], Path]:
    """Give the path of an official file, or skip where it is not present."""

    def find(name: str) -> Path:
        path = OPENDATA / name
        if not path.exists():
            pytest.skip(f"the official file {name} is not beside the project")
        return path

    return find


@pytest.fixture(scope="session")
def cells() -> gpd.GeoDataFrame:
    """Approximate areas of all LSOAs."""
    return approximate_areas()


@pytest.fixture(scope="session")
def layers() -> dict[str, Layer]:
    """Every embedded layer."""
    return embedded_layers()


@pytest.fixture(scope="session")
def hexagons() -> HexagonMap:
    """The chosen hexagon map."""
    return hexagon_map()
