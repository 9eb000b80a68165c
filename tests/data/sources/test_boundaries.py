"""Boundary files in every form that ONS offers them, and files that are not what they say."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data.errors import (
    DataError,
    EmptyFile,
    UnreadableFile,
    UnrecognisedFile,
    WrongColumns,
    WrongValues,
    WrongVintage,
)
from data.geography import topology
from data.sources import boundaries, read_file, reader_for
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import preview

BCP, DORSET = "E06000058", "E06000059"


def councils(crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    """Two made-up councils side by side, one with an island, and a third elsewhere in England."""
    frame = gpd.GeoDataFrame(
        {
            "LAD24CD": [DORSET, BCP, "E06000066"],
            "LAD24NM": ["Dorset", "Bournemouth, Christchurch and Poole", "Somerset"],
        },
        geometry=[
            shapely.MultiPolygon([shapely.box(-2.5, 50.6, -2.0, 50.9), shapely.box(-2.45, 50.5, -2.42, 50.53)]),
            shapely.box(-2.0, 50.7, -1.7, 50.8),
            shapely.box(-3.2, 51.0, -2.9, 51.2),
        ],
        crs="EPSG:4326",
    )
    return frame.to_crs(crs)


def saved(frame: gpd.GeoDataFrame, folder: Path, form: str) -> Path:
    """Save as GeoJSON, GeoPackage or zipped shapefile."""
    if form == "zip":
        (folder / "parts").mkdir()
        frame.to_file(folder / "parts" / "areas.shp", engine="pyogrio")
        path = folder / "areas.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted((folder / "parts").iterdir()):
                archive.write(part, f"inside/{part.name}")
        return path
    path = folder / f"areas.{form}"
    frame.to_file(path, driver={"geojson": "GeoJSON", "gpkg": "GPKG"}[form], engine="pyogrio")
    return path


def shapes(reading: Reading) -> pd.Series[Any]:
    """Shapes of the layer by area code."""
    body = json.loads(reading.frames["geometry"]["content"].iloc[0])
    return pd.Series(topology.decode(body, "areas"), index=body["codes"])


@pytest.mark.parametrize("form", ["geojson", "gpkg", "zip"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_every_form_and_reference_system_gives_the_same_layer(tmp_path: Path, form: str, crs: str) -> None:
    reading = read_file(saved(councils(crs), tmp_path, form))
    assert reading.source_id == "ons_lad_boundaries"
    assert reading.edition == "2024"
    assert reading.rows_read == 3
    assert reading.notes == ("1 of 3 areas are outside Dorset ICS and were left out.",)
    read = shapes(reading)
    assert list(read.index) == [BCP, DORSET]
    for code, drawn in zip([DORSET, BCP], councils().geometry[:2], strict=True):
        assert read[code].symmetric_difference(drawn).area < 0.002 * drawn.area


def test_layer_and_area_rows(tmp_path: Path) -> None:
    reading = read_file(saved(councils(), tmp_path, "geojson"))
    layer = reading.frames["geometry"].iloc[0]
    assert (layer["layer"], layer["method"], layer["edition"]) == ("lad", "official", "2024")
    assert len(layer["sha256"]) == 64
    assert json.loads(layer["content"])["names"] == ["BCP", "Dorset Council area"]
    areas = reading.frames["area"]
    assert areas["area_code"].tolist() == [BCP, DORSET]
    assert areas["area_type"].unique().tolist() == ["lad"]


def test_small_letters_in_column_names(tmp_path: Path) -> None:
    frame = councils().rename(columns=str.lower)
    assert read_file(saved(frame, tmp_path, "geojson")).source_id == "ons_lad_boundaries"


def test_grid_numbers_that_claim_to_be_degrees_are_read_as_grid_and_said(tmp_path: Path) -> None:
    frame = councils("EPSG:27700").set_crs("EPSG:4326", allow_override=True)
    reading = read_file(saved(frame, tmp_path, "gpkg"))
    assert "its numbers are British National Grid metres" in reading.notes[0]
    assert shapes(reading)[BCP].symmetric_difference(councils().geometry[1]).area < 1e-4


def test_degrees_that_claim_to_be_grid_are_read_as_degrees_and_said(tmp_path: Path) -> None:
    frame = councils().set_crs("EPSG:27700", allow_override=True)
    reading = read_file(saved(frame, tmp_path, "gpkg"))
    assert "its numbers are longitude and latitude" in reading.notes[0]


def test_shapefile_without_projection_is_judged_by_its_numbers(tmp_path: Path) -> None:
    path = saved(councils("EPSG:27700"), tmp_path, "zip")
    bare = tmp_path / "bare.zip"
    with zipfile.ZipFile(path) as full, zipfile.ZipFile(bare, "w") as archive:
        for name in full.namelist():
            if not name.endswith(".prj"):
                archive.writestr(name, full.read(name))
    reading = read_file(bare)
    assert "does not say how it is measured" in reading.notes[0]


def test_shapes_elsewhere_are_refused(tmp_path: Path) -> None:
    frame = councils()
    frame["geometry"] = frame.translate(xoff=20)
    with pytest.raises(WrongValues, match="do not lie in Great Britain"):
        read_file(saved(frame, tmp_path, "geojson"))


def test_longitude_and_latitude_swapped_are_refused(tmp_path: Path) -> None:
    frame = councils()
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    with pytest.raises(WrongValues, match="do not lie in Great Britain"):
        read_file(saved(frame, tmp_path, "geojson"))


def test_a_missing_area_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongValues, match=f"1 of 2 areas of Dorset ICS are missing; found none for {BCP}"):
        read_file(saved(councils().drop(index=1), tmp_path, "geojson"))


def test_a_file_of_other_places_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongValues, match="no area of Dorset ICS is in the file"):
        read_file(saved(councils().iloc[2:], tmp_path, "geojson"))


def test_an_area_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = pd.concat([councils(), councils().iloc[:1]])
    with pytest.raises(WrongValues, match=f"an area stands twice; found {DORSET}"):
        read_file(saved(twice, tmp_path, "geojson"))


def test_points_instead_of_areas_are_refused(tmp_path: Path) -> None:
    frame = councils()
    frame["geometry"] = shapely.point_on_surface(frame.geometry.to_numpy())
    with pytest.raises(WrongValues, match=r"the shapes are not areas; found Point.*Choose boundaries, not centroids"):
        read_file(saved(frame, tmp_path, "geojson"))


def test_an_area_without_a_shape_is_named(tmp_path: Path) -> None:
    path = saved(councils(), tmp_path, "geojson")
    collection = json.loads(path.read_text())
    collection["features"][1]["geometry"] = None
    path.write_text(json.dumps(collection))
    with pytest.raises(WrongValues, match=f"1 areas have no shape; found {BCP}"):
        read_file(path)


def test_codes_of_another_kind_are_refused(tmp_path: Path) -> None:
    frame = councils().rename(columns={"LAD24CD": "LSOA21CD", "LAD24NM": "LSOA21NM"})
    with pytest.raises(WrongValues, match="3 codes are not codes of this kind of area"):
        read_file(saved(frame, tmp_path, "geojson"))


def test_a_file_without_a_known_code_column_names_what_it_has(tmp_path: Path) -> None:
    frame = councils().rename(columns={"LAD24CD": "code", "LAD24NM": "name"})
    with pytest.raises(WrongColumns, match=r"found (CODE, NAME|code, name)"):
        read_file(saved(frame, tmp_path, "geojson"))


def test_truncated_geojson(tmp_path: Path) -> None:
    path = saved(councils(), tmp_path, "geojson")
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(UnreadableFile, match="cut short or damaged"):
        read_file(path)


def test_truncated_geopackage(tmp_path: Path) -> None:
    path = saved(councils(), tmp_path, "gpkg")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DataError, match=r"cut short or damaged|no areas"):
        read_file(path)


def test_no_areas(tmp_path: Path) -> None:
    path = tmp_path / "none.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(EmptyFile, match="the file holds no areas"):
        read_file(path)


def test_shapefile_with_a_part_missing(tmp_path: Path) -> None:
    path = saved(councils(), tmp_path, "zip")
    part = tmp_path / "part.zip"
    with zipfile.ZipFile(path) as full, zipfile.ZipFile(part, "w") as archive:
        archive.writestr("areas.shp", full.read("inside/areas.shp"))
    with pytest.raises(UnreadableFile, match=r"no \.dbf or \.shx"):
        read_file(part)


def test_zip_with_two_shapefiles(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"")
        archive.writestr("b.shp", b"")
    with pytest.raises(UnreadableFile, match=r"does not hold one shapefile; found a\.shp, b\.shp"):
        read_file(path)


def test_other_json_is_left_to_others(tmp_path: Path) -> None:
    path = tmp_path / "error.json"
    path.write_text('{"error": {"code": 500}}')
    assert not boundaries.recognises(preview(path))
    with pytest.raises(UnrecognisedFile):
        read_file(path)


# ---- official files -------------------------------------------------------------------------------------------------


def test_official_lsoas(opendata: Callable[[str], Path]) -> None:
    path = opendata("lsoa21_boundaries_bgc.geojson")
    assert reader_for(path) is boundaries
    reading = read_file(path)
    assert reading.frames["geometry"]["layer"].tolist() == ["lsoa21"]
    assert len(reading.frames["geometry"]["content"].iloc[0]) < 150_000
    areas = reading.frames["area"].set_index("area_code")
    assert len(areas) == reading.rows_read == 463
    assert areas.loc["E01015272", "msoa_code"] == "E02003187"
    assert areas.loc["E01015272", "lad_code"] == BCP
    read = shapes(reading)
    assert shapely.is_valid(read.to_numpy()).all()
    assert shapely.contains_xy(read["E01015272"], -1.82824, 50.72289)


def test_official_lsoas_without_those_of_2021_are_of_another_vintage(
    opendata: Callable[[str], Path], tmp_path: Path
) -> None:
    """25 of the 463 LSOAs were made for the 2021 census; codes of 2011 end at E01033768."""
    frame = gpd.read_file(opendata("lsoa11_boundaries_bgc.geojson")).rename(columns={"LSOA11CD": "LSOA21CD"})
    with pytest.raises(WrongVintage, match="the 25 areas made for the 2021 census are missing"):
        read_file(saved(frame, tmp_path, "geojson"))


def test_official_areas_of_2011_are_named_but_not_drawn(opendata: Callable[[str], Path]) -> None:
    reading = read_file(opendata("lsoa11_boundaries_bgc.geojson"))
    assert set(reading.frames) == {"area"}
    assert reading.frames["area"]["area_type"].unique().tolist() == ["lsoa11"]
    assert "they are not drawn" in reading.notes[-1]


def test_official_wards_without_a_council_column_are_found_by_place(
    opendata: Callable[[str], Path], tmp_path: Path
) -> None:
    wards = gpd.read_file(opendata("ward25_boundaries_bgc.geojson"))
    away = wards.iloc[:1].assign(WD25CD="E05000001").translate(xoff=1.0)
    elsewhere = wards.iloc[:1].assign(WD25CD="E05000001", geometry=away.to_numpy())
    frame = pd.concat([wards, elsewhere]).drop(columns=["LAD25CD", "LAD25NM"])
    reading = read_file(saved(frame, tmp_path, "gpkg"))
    assert reading.source_id == "ons_ward_boundaries"
    assert reading.edition == "2025"
    assert sorted(shapes(reading).index) == sorted(wards["WD25CD"])
    assert reading.notes == ("1 of 86 areas are outside Dorset ICS and were left out.",)


@pytest.mark.parametrize(
    ("file", "layer", "areas"),
    [
        ("msoa21_boundaries_bgc.geojson", "msoa21", 96),
        ("ward25_boundaries_bgc.geojson", "ward", 85),
        ("lad24_boundaries_bsc.geojson", "lad", 2),
        ("icb23_boundary_bsc.geojson", "icb", 1),
    ],
)
def test_official_wider_areas(opendata: Callable[[str], Path], file: str, layer: str, areas: int) -> None:
    reading = read_file(opendata(file))
    assert reading.frames["geometry"]["layer"].tolist() == [layer]
    assert len(shapes(reading)) == len(reading.frames["area"]) == areas


def test_areas_in_the_store_say_which_must_be_there(tmp_path: Path) -> None:
    """With one MSOA in the store, a file of that MSOA alone is complete; without a store, all 96 are needed."""
    store = pd.DataFrame({"area_code": ["E02003187"], "area_type": ["msoa21"], "lad_code": [BCP]})
    frame = councils().iloc[1:2].rename(columns={"LAD24CD": "MSOA21CD", "LAD24NM": "MSOA21NM"})
    path = saved(frame.assign(MSOA21CD="E02003187"), tmp_path, "geojson")
    reading = boundaries.read(path, ReadingContext(load_areas=lambda: store))
    assert shapes(reading).index.tolist() == ["E02003187"]
    with pytest.raises(WrongValues, match="95 of 96 areas of Dorset ICS are missing"):
        boundaries.read(path, ReadingContext())
