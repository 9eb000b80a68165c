"""Areas nest as ONS says, have the names people use, and adding up loses nobody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import UnknownName
from data.geography import hierarchy


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    return hierarchy.embedded_areas()


def test_number_of_areas_of_each_type(areas: pd.DataFrame) -> None:
    counts = areas["area_type"].value_counts().to_dict()
    assert counts == {"lsoa21": 463, "msoa21": 96, "lad": 2, "icb": 1, "region": 1, "country": 1}
    assert areas["area_code"].is_unique
    assert list(areas.columns) == hierarchy.AREA_COLUMNS


def test_names_on_screen(areas: pd.DataFrame) -> None:
    names = areas.set_index("area_code")["display_name"]
    assert names["E01015272"] == "Boscombe East 035A"
    assert names["E02003187"] == "Boscombe East"
    assert names["E06000058"] == "BCP"
    assert names["E06000059"] == "Dorset Council area"
    assert names["E54000041"] == "Dorset ICS"
    assert names[areas.set_index("area_code")["area_type"].isin(["lsoa21", "msoa21"])].is_unique


def test_every_area_below_the_board_has_its_wider_areas(areas: pd.DataFrame) -> None:
    lsoas = areas[areas["area_type"] == "lsoa21"]
    assert lsoas[["lon", "lat", "msoa_code", "lad_code", "icb_code", "region_code"]].notna().all(axis=None)
    assert lsoas["ward_code"].isna().all()  # wards come with the ONS lookup
    assert set(lsoas["msoa_code"]) == set(areas.loc[areas["area_type"] == "msoa21", "area_code"])


def test_parents_by_type(areas: pd.DataFrame) -> None:
    assert hierarchy.parents("lsoa21", "msoa21", areas)["E01015272"] == "E02003187"
    assert hierarchy.parents("msoa21", "lad", areas)["E02003187"] == "E06000058"
    assert set(hierarchy.parents("lsoa21", "icb", areas).values()) == {"E54000041"}
    assert set(hierarchy.parents("lad", "country", areas).values()) == {"E92000001"}


def test_parents_that_are_not_known_are_named(areas: pd.DataFrame) -> None:
    with pytest.raises(UnknownName, match="463 lsoa21 areas have no ward"):
        hierarchy.parents("lsoa21", "ward", areas)
    with pytest.raises(UnknownName, match="no areas of this type"):
        hierarchy.parents("parish", "lad", areas)
    with pytest.raises(UnknownName, match="not an area type"):
        hierarchy.parents("lsoa21", "parish", areas)


def test_roll_up_by_hand() -> None:
    counts = pd.Series({"a": 3, "b": 4, "c": 5})
    rolled = hierarchy.roll_up(counts, {"a": "x", "b": "x", "c": "y"})
    assert rolled.to_dict() == {"x": 3 + 4, "y": 5}


def test_roll_up_refuses_an_area_without_a_wider_one() -> None:
    with pytest.raises(UnknownName, match=r"1 areas have no wider area.*found b"):
        hierarchy.roll_up(pd.Series({"a": 1, "b": 2}), {"a": "x"})


def test_roll_up_never_takes_missing_for_nought() -> None:
    rolled = hierarchy.roll_up(pd.Series({"a": 1.0, "b": np.nan, "c": 2.0}), {"a": "x", "b": "x", "c": "y"})
    assert np.isnan(rolled["x"])
    assert rolled["y"] == 2.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 4)), min_size=1, max_size=40), st.randoms())
def test_roll_up_keeps_the_total_in_any_order(rows: list[tuple[int, int]], random: object) -> None:
    counts = pd.Series([count for count, _ in rows], index=[f"s{number}" for number in range(len(rows))])
    mapping = {f"s{number}": f"w{wider}" for number, (_, wider) in enumerate(rows)}
    before = counts.copy()
    order = list(counts.index)
    random.shuffle(order)  # type: ignore[attr-defined]
    rolled = hierarchy.roll_up(counts, mapping)
    assert rolled.sum() == counts.sum()
    pd.testing.assert_series_equal(rolled, hierarchy.roll_up(counts.loc[order], mapping))
    pd.testing.assert_series_equal(counts, before)


def test_hierarchy_equals_the_ons_lookup(areas: pd.DataFrame, opendata: Callable[[str], Path]) -> None:
    lookup = pd.read_csv(opendata("lookup_lsoa21.csv")).set_index("LSOA21CD")
    lsoas = areas[areas["area_type"] == "lsoa21"].set_index("area_code")
    lookup = lookup.reindex(lsoas.index)
    assert (lsoas["msoa_code"] == lookup["MSOA21CD"]).sum() == 463
    assert (lsoas["lad_code"] == lookup["LAD24CD"]).sum() == 463
    assert (lsoas["icb_code"] == lookup["ICB24CD"]).sum() == 463
    expected = lookup["MSOA21HCLNM"] + " " + lookup["LSOA21NM"].str.split().str[-1]
    assert (lsoas["display_name"] == expected).sum() == 463


def test_importing_what_pages_and_readers_need_stays_light() -> None:
    """Shapes are drawn when boundaries are loaded, never when a page opens."""
    code = (
        "import sys; import data.geography.hierarchy, data.geography.served, data.sources.boundaries; "
        "heavy = {'shapely', 'geopandas', 'pyogrio', 'pyproj', 'scipy'} & set(sys.modules); print(sorted(heavy))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
