"""Every layer is small, valid, complete and the same each time; wider areas run along the lines of the small ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import reference
from data.geography import hierarchy, topology
from data.geography.layers import (
    BUDGET_BYTES,
    Layer,
    areas_of,
    base_layer,
    build_layer,
    dissolve_layer,
    repaired,
    to_geojson,
)
from data.geography.plane import to_metres
from data.geography.simplify import Simplification

DRAWN = ("lsoa21", "msoa21", "lad")


def body(layer: Layer) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(layer.content)
    return read


def test_embedded_layers_and_their_methods(layers: dict[str, Layer]) -> None:
    assert {name: layer.method for name, layer in layers.items()} == {
        "lsoa21": "approximate",
        "msoa21": "approximate",
        "lad": "official",
        "hexagons": "computed",
        "base": "official",
    }
    assert {name: len(layer.codes) for name, layer in layers.items()} == {
        "lsoa21": 463,
        "msoa21": 96,
        "lad": 2,
        "hexagons": 463,
        "base": 2,
    }


def test_sizes_and_fingerprints(layers: dict[str, Layer]) -> None:
    budget = {"lsoa21": 145_000, "msoa21": 72_000, "lad": 10_000, "hexagons": 40_000, "base": 12_000}
    for name, layer in layers.items():
        assert len(layer.content) <= budget[name] <= BUDGET_BYTES
        assert hashlib.sha256(layer.content).hexdigest() == layer.sha256
        assert layer.file_name == f"{name}-{layer.sha256[:12]}.json"
        assert b", " not in layer.content[:40]


@pytest.mark.parametrize("name", DRAWN)
def test_areas_are_valid_in_order_and_share_borders(layers: dict[str, Layer], name: str) -> None:
    read = body(layers[name])
    shapes = topology.decode(read, "areas")
    assert read["codes"] == sorted(read["codes"])
    assert len(shapes) == len(read["codes"]) == len(read["names"]) == len(read["labels"])
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    for part in shapely.get_parts(shapes):
        assert not part.exterior.is_ccw
        assert all(hole.is_ccw for hole in part.interiors)


@pytest.mark.parametrize("name", DRAWN)
def test_labels_lie_inside_their_area_and_bounds_hold_all(layers: dict[str, Layer], name: str) -> None:
    read = body(layers[name])
    shapes = topology.decode(read, "areas")
    assert shapely.contains_xy(shapes, *np.array(read["labels"]).T).all()
    assert shapely.total_bounds(shapes) == pytest.approx(read["bbox"], abs=1e-5)


def test_names_and_parents(layers: dict[str, Layer]) -> None:
    read = body(layers["lsoa21"])
    place = read["codes"].index("E01015272")
    assert read["names"][place] == "Boscombe East 035A"
    assert read["parents"]["lads"][read["parents"]["lad"][place]] == ["E06000058", "BCP"]
    assert read["parents"]["msoas"][read["parents"]["msoa"][place]] == ["E02003187", "Boscombe East"]
    assert read["label"] == "Approximate areas"
    assert read["method"] == "approximate"


def test_what_is_read_back_is_near_what_was_drawn(layers: dict[str, Layer], cells: gpd.GeoDataFrame) -> None:
    """Every cell keeps at least nine tenths of its shape, and half of all cells nearly the whole."""
    drawn = to_metres(cells.geometry.to_numpy())
    read = to_metres(topology.decode(body(layers["lsoa21"]), "areas"))
    shared = shapely.area(shapely.intersection(drawn, read)) / shapely.area(shapely.union(drawn, read))
    assert shared.min() > 0.85
    assert np.median(shared) > 0.97


def test_islands_of_poole_harbour_and_portland_are_there(layers: dict[str, Layer]) -> None:
    council = topology.decode(body(layers["lad"]), "areas")[1]
    assert len(shapely.get_parts(council)) == 6
    assert shapely.contains_xy(council, -1.965, 50.687)  # Brownsea
    assert shapely.contains_xy(council, -2.443, 50.548)  # Portland
    assert not shapely.contains_xy(council, -2.45, 50.6)  # Weymouth Bay


def test_wider_areas_are_exactly_the_sum_of_the_small_ones(layers: dict[str, Layer]) -> None:
    lsoas, msoas = areas_of(layers["lsoa21"].content), areas_of(layers["msoa21"].content)
    belongs = hierarchy.parents("lsoa21", "msoa21", hierarchy.embedded_areas())
    small = lsoas.assign(area=shapely.area(lsoas.geometry.to_numpy()), wider=lsoas["area_code"].map(belongs))
    summed = small.groupby("wider")["area"].sum()
    assert shapely.area(msoas.geometry.to_numpy()) == pytest.approx(summed.reindex(msoas["area_code"]).to_numpy())
    points = {tuple(point) for point in np.round(shapely.get_coordinates(lsoas.geometry.to_numpy()), 5)}
    assert {tuple(point) for point in np.round(shapely.get_coordinates(msoas.geometry.to_numpy()), 5)} <= points


def test_geojson_has_the_same_areas(layers: dict[str, Layer]) -> None:
    collection = json.loads(to_geojson(layers["lsoa21"]))
    features = collection["features"]
    assert [feature["properties"]["code"] for feature in features] == list(layers["lsoa21"].codes)
    shapes = topology.decode(body(layers["lsoa21"]), "areas")
    read = np.array([shapely.geometry.shape(feature["geometry"]) for feature in features])
    assert shapely.area(read) == pytest.approx(shapely.area(shapes), rel=1e-3)
    assert shapely.is_valid(read).all()


def test_base_has_outlines_and_towns(layers: dict[str, Layer]) -> None:
    read = body(layers["base"])
    assert list(read["objects"]) == ["outlines"]
    assert [town[0] for town in read["places"]] == reference.places()["name"].tolist()
    outlines = topology.decode(read, "outlines")
    on_land = [
        town for town in read["places"] if shapely.union_all(outlines).buffer(0.005).contains(shapely.Point(town[1:3]))
    ]
    assert len(on_land) == len(read["places"])


def test_hexagon_layer(layers: dict[str, Layer]) -> None:
    read = body(layers["hexagons"])
    centres = np.array(read["centres"])
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1)) + 1e6 * np.eye(len(centres))
    assert apart.min() == pytest.approx(np.sqrt(3) * read["size"], abs=0.11)
    west, north, east, south = read["bbox"]
    assert (centres.min(axis=0) > [west, north]).all()
    assert (centres.max(axis=0) < [east, south]).all()
    sides = np.array(read["borders"])
    assert np.hypot(sides[:, 2] - sides[:, 0], sides[:, 3] - sides[:, 1]) == pytest.approx(read["size"], abs=0.2)
    assert "Gillingham" in {town[0] for town in read["places"]}


def towns_north_to_south(read: dict[str, Any]) -> list[str]:
    return [name for name, _, _, _ in sorted(read["places"], key=lambda town: town[2])]


def test_towns_stand_on_the_hexagons_as_on_the_ground(layers: dict[str, Layer]) -> None:
    read = body(layers["hexagons"])
    at = {name: (x, y) for name, x, y, _ in read["places"]}
    for western, eastern in (
        ("Lyme Regis", "Bridport"),
        ("Bridport", "Dorchester"),
        ("Weymouth", "Wareham"),
        ("Poole", "Bournemouth"),
        ("Bournemouth", "Christchurch"),
    ):
        assert at[western][0] < at[eastern][0], (western, eastern)
    for northern, southern in (
        ("Gillingham", "Blandford Forum"),
        ("Sherborne", "Dorchester"),
        ("Dorchester", "Weymouth"),
        ("Weymouth", "Portland"),
        ("Wareham", "Swanage"),
        ("Verwood", "Ferndown"),
        ("Ferndown", "Bournemouth"),
    ):
        assert at[northern][1] < at[southern][1], (northern, southern)


def squares() -> gpd.GeoDataFrame:
    """Four squares of about a kilometre, one with a hole, one with an island and a sliver."""

    def box(x: float, y: float, size: float = 0.01) -> Any:
        return shapely.box(-2 + x, 50.7 + y, -2 + x + size, 50.7 + y + size)

    shapes = [
        box(0, 0).difference(box(0.003, 0.003, 0.003)),
        shapely.MultiPolygon([box(0.01, 0), box(0.03, 0, 0.002), box(0.04, 0, 0.00005)]),
        box(0, 0.01),
        box(0.01, 0.01),
    ]
    return gpd.GeoDataFrame({"area_code": ["c", "a", "d", "b"]}, geometry=shapes, crs="EPSG:4326")


def made(frame: gpd.GeoDataFrame) -> Layer:
    return build_layer(frame, "test", "official", "2025", {"a": "A"}, {"lad": dict.fromkeys("abcd", "x")})


def test_layer_of_squares_keeps_hole_and_island_and_drops_the_sliver() -> None:
    layer = made(squares())
    read = areas_of(layer.content).set_index("area_code").geometry
    assert layer.codes == ("a", "b", "c", "d")
    assert len(shapely.get_parts(read["a"])) == 2
    assert len(read["c"].interiors) == 1
    assert body(layer)["names"] == ["A", "b", "c", "d"]
    assert body(layer)["parents"] == {"lad": [0, 0, 0, 0], "lads": [["x", "x"]]}


def sizes(layer: Layer) -> list[float]:
    """Areas in square metres."""
    measured: list[float] = shapely.area(to_metres(areas_of(layer.content).geometry.to_numpy())).tolist()
    return measured


def test_layer_does_not_depend_on_row_order_or_reference_system() -> None:
    frame = squares()
    assert made(frame.iloc[::-1]).content == made(frame).content
    assert sizes(made(frame.to_crs("EPSG:27700"))) == pytest.approx(sizes(made(frame)), rel=0.01)


def test_same_input_same_bytes(cells: gpd.GeoDataFrame, layers: dict[str, Layer]) -> None:
    again = build_layer(cells.rename(columns={"lsoa21cd": "area_code"}), "lsoa21", "approximate", "December 2021")
    assert again.content == layers["lsoa21"].content


def test_a_bow_tie_is_mended() -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    mended = repaired(np.array([bow_tie], dtype=object))[0]
    assert mended.is_valid
    assert mended.area == pytest.approx(2 * 100 * 50 / 2)


def test_dissolving_says_it_is_computed() -> None:
    layer = dissolve_layer(
        made(squares()).content, {"a": "w", "b": "w", "c": "v", "d": "v"}, "ward", edition="2024", names={}, parents={}
    )
    assert layer.method == "computed"
    assert layer.codes == ("v", "w")
    assert body(layer)["label"] == "Computed from smaller areas"


def test_dissolving_approximate_areas_stays_approximate(layers: dict[str, Layer]) -> None:
    assert layers["msoa21"].method == "approximate"


def test_dissolving_refuses_an_area_without_a_wider_one() -> None:
    with pytest.raises(KeyError, match="d"):
        dissolve_layer(made(squares()).content, {"a": "w", "b": "w", "c": "v"}, "ward", edition="2024")


def test_base_can_be_drawn_along_any_layer(layers: dict[str, Layer]) -> None:
    base = base_layer(areas_of(layers["lad"].content), "May 2024")
    read, embedded = (topology.decode(body(layer), "outlines") for layer in (base, layers["base"]))
    assert [first.equals_exact(second, 1e-9, normalize=True) for first, second in zip(read, embedded, strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("file", "code", "areas", "kept"),
    [
        ("lsoa21_boundaries_bgc.geojson", "LSOA21CD", 463, 0.94),
        ("lsoa21_boundaries_bsc.geojson", "LSOA21CD", 463, 0.99),
        ("msoa21_boundaries_bgc.geojson", "MSOA21CD", 96, 0.99),
        ("ward25_boundaries_bgc.geojson", "WD25CD", 85, 0.99),
    ],
)
def test_official_boundaries_fit_the_budget_and_keep_their_shape(
    opendata: Callable[[str], Path], file: str, code: str, areas: int, kept: float
) -> None:
    frame = gpd.read_file(opendata(file)).rename(columns={code: "area_code"}).sort_values("area_code")
    layer = build_layer(frame, "test", "official", "2021", {}, {})
    official = to_metres(frame.geometry.to_numpy())
    read = to_metres(areas_of(layer.content).geometry.to_numpy())
    assert len(read) == areas
    assert len(layer.content) < 145_000
    assert shapely.is_valid(read).all()
    shared = shapely.area(shapely.intersection(official, read)) / shapely.area(shapely.union(official, read))
    assert np.median(shared) > kept
    assert shared.min() > 0.7


def test_towns_keep_as_much_of_their_shape_as_the_country(cells: gpd.GeoDataFrame, layers: dict[str, Layer]) -> None:
    """Points are left out on the stretched map; on the ground alone, small areas would lose most."""
    drawn = to_metres(cells.geometry.to_numpy())
    read = to_metres(topology.decode(body(layers["lsoa21"]), "areas"))
    shared = shapely.area(shapely.intersection(drawn, read)) / shapely.area(shapely.union(drawn, read))
    small = shapely.area(drawn) < np.median(shapely.area(drawn))
    assert np.median(shared[small]) > 0.97
    assert np.median(shared[~small]) > 0.97


def test_simplifying_keeps_a_coverage_and_leaves_out_more_with_tolerance(cells: gpd.GeoDataFrame) -> None:
    shapes = to_metres(cells.geometry.to_numpy())
    borders = Simplification(shapes)
    points = [int(shapely.get_num_coordinates(borders.simplified(tolerance)).sum()) for tolerance in (0, 40, 200)]
    assert points == sorted(points, reverse=True)
    assert points[0] == shapely.get_num_coordinates(shapes).sum() > points[1] > points[2]
    kept = {tuple(point) for point in shapely.get_coordinates(borders.simplified(200))}
    assert kept <= {tuple(point) for point in shapely.get_coordinates(shapes)}
