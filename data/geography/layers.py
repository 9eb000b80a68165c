"""Map layers, built when boundaries are loaded and then only served: one small file each, made once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from data import reference
from data.geography import hexgrid, hierarchy, topology
from data.geography.approximate import approximate_areas
from data.geography.hexagons import HexagonMap, hexagon_map
from data.geography.plane import points_to_metres, to_degrees, to_metres
from data.geography.served import geojson_of
from data.geography.simplify import TOLERANCES, Simplification

if TYPE_CHECKING:
    from collections.abc import Mapping

    Shapes = np.ndarray[Any, np.dtype[np.object_]]

BUDGET_BYTES = 150_000  # a layer is fetched once on a phone
TARGET_BYTES = 50_000  # and for each area:
TARGET_BYTES_PER_AREA = 200
BYTES_PER_POINT = 5.0  # at least, with each point of a shared border counted twice
SMALLEST_PART_M2 = (
    500.0  # smaller pieces cannot be seen; the smallest island kept by ONS in its coarsest outline has 770
)
HEXAGON_SIZE = 10.0  # from middle to corner, in the units of its plane
LABELS = {
    "approximate": "Approximate areas",
    "official": "Official boundaries",
    "computed": "Computed from smaller areas",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer file with where it comes from."""

    layer: str
    method: str
    edition: str
    codes: tuple[str, ...]
    content: bytes
    sha256: str

    @property
    def file_name(self) -> str:
        """Name under which a browser fetches and keeps it."""
        return f"{self.layer}-{self.sha256[:12]}.json"


def pack(layer: str, method: str, edition: str, codes: tuple[str, ...], body: Mapping[str, Any]) -> Layer:
    """Write a layer as minified JSON; the same body gives the same bytes."""
    head = {"layer": layer, "method": method, "edition": edition, "codes": list(codes)}
    content = json.dumps({**head, **body}, ensure_ascii=False, separators=(",", ":")).encode()
    return Layer(layer, method, edition, codes, content, hashlib.sha256(content).hexdigest())


def build_layer(
    areas: gpd.GeoDataFrame,
    layer: str,
    method: str,
    edition: str,
    names: Mapping[str, str] | None = None,
    parents: Mapping[str, Mapping[str, str]] | None = None,
    *,
    label: str | None = None,
    simplify: bool = True,
) -> Layer:
    """Repair, simplify and pack a frame of areas.

    ``names`` maps codes to display names and ``parents`` maps an area type ("lad", "msoa") to the code of each area's
    parent; where they are left out, the embedded hierarchy gives them. Simplification is just strong enough for the
    file to be small, and borders between areas stay shared.
    """
    areas = areas.to_crs("EPSG:4326").sort_values("area_code")
    codes = tuple(areas["area_code"].astype(str))
    shapes = repaired(to_metres(np.array(areas.geometry.to_numpy(), dtype=object)))
    body = {
        "label": label or LABELS[method],
        "names": [(names or hierarchy.display_names()).get(code, code) for code in codes],
        "parents": compact_parents(codes, hierarchy.parent_codes(codes) if parents is None else parents),
    }
    if not simplify:
        return pack(layer, method, edition, codes, {**body, **drawn(shapes)})
    target = TARGET_BYTES + TARGET_BYTES_PER_AREA * len(codes)
    borders = Simplification(shapes)
    for tolerance in TOLERANCES:
        simple = borders.simplified(tolerance)
        points = shapely.get_num_coordinates(simple).sum()
        if BYTES_PER_POINT * points > target and tolerance != TOLERANCES[-1]:
            continue
        built = pack(layer, method, edition, codes, {**body, **drawn(simple)})
        if len(built.content) <= target:
            return built
    return built


def repaired(shapes: Shapes) -> Shapes:
    """Mend invalid shapes and drop pieces too small to see; the largest piece of an area always stays."""
    return np.array([without_slivers(shape) for shape in shapely.make_valid(shapely.force_2d(shapes))], dtype=object)


def without_slivers(shape: Any) -> Any:
    """Keep the polygons of a shape that are large enough to see."""
    parts = [part for part in parts_of(shape) if part.geom_type == "Polygon" and part.area > 0]
    largest = max(part.area for part in parts)
    kept = [part for part in parts if part.area >= min(SMALLEST_PART_M2, largest)]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def parts_of(shape: Any) -> list[Any]:
    """Single parts, also of the collections that mending can give."""
    return [single for part in getattr(shape, "geoms", [shape]) for single in getattr(part, "geoms", [part])]


def drawn(shapes: Shapes, name: str = "areas") -> dict[str, Any]:
    """Write a coverage in metres as a topology with bounds and label points."""
    lonlat = to_degrees(shapes)
    origin = corner(lonlat)
    stepped = topology.to_grid(lonlat, origin)
    written = topology.encode({name: stepped}, origin)
    final = topology.decode(written, name)
    bounds = np.round(shapely.total_bounds(final), 5).tolist()
    return {"bbox": bounds, "labels": label_points(final), **written}


def corner(shapes: Shapes) -> tuple[float, float]:
    """South-western corner, rounded down so that every step from it has at most five decimals."""
    west, south, _, _ = shapely.total_bounds(shapes)
    return float(np.floor(west * 100) / 100), float(np.floor(south * 100) / 100)


def label_points(shapes: Shapes) -> list[list[float]]:
    """A point well inside the largest part of each area."""
    points = []
    for shape in shapes:
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        inner = shapely.maximum_inscribed_circle(largest, tolerance=0.0005)
        point = np.round(shapely.get_coordinates(inner)[0], 5)
        if not shapely.contains_xy(largest, *point):
            point = np.round(shapely.get_coordinates(shapely.point_on_surface(largest))[0], 5)
        points.append(point.tolist())
    return points


def compact_parents(codes: tuple[str, ...], parents: Mapping[str, Mapping[str, str]]) -> dict[str, list[Any]]:
    """For each parent type a list of [code, label] and, for each area, its number in that list."""
    labels = hierarchy.display_names()
    compact: dict[str, list[Any]] = {}
    for area_type, parent_of in parents.items():
        listed = sorted({parent_of[code] for code in codes})
        number = {code: index for index, code in enumerate(listed)}
        compact[area_type] = [number[parent_of[code]] for code in codes]
        compact[f"{area_type}s"] = [[code, labels.get(code, code)] for code in listed]
    return compact


def to_geojson(layer: Layer) -> bytes:
    """Write a layer of areas as GeoJSON, one feature for each area in the order of ``codes``."""
    return geojson_of(layer.content)


def areas_of(content: bytes) -> gpd.GeoDataFrame:
    """Read the areas of a layer's content back as a frame of ``area_code`` and shape."""
    body = json.loads(content)
    name = next(iter(body["objects"]))
    return gpd.GeoDataFrame({"area_code": body["codes"]}, geometry=topology.decode(body, name), crs="EPSG:4326")


def dissolve_layer(
    content: bytes,
    mapping: Mapping[str, str],
    layer: str,
    *,
    edition: str,
    names: Mapping[str, str] | None = None,
    parents: Mapping[str, Mapping[str, str]] | None = None,
) -> Layer:
    """Make a layer of wider areas out of a layer of small ones, on the same lines.

    ``mapping`` gives the wider area's code for every small one, such as the ward that fits an LSOA best.
    """
    wider = dissolved(areas_of(content), mapping)
    method = "approximate" if json.loads(content)["method"] == "approximate" else "computed"
    return build_layer(wider, layer, method, edition, names, parents, simplify=False)


def dissolved(areas: gpd.GeoDataFrame, mapping: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Join small areas into wider ones; ``mapping`` gives the wider area's code for every small one."""
    shapes = np.array(areas.geometry.to_numpy(), dtype=object)
    wider = np.array([mapping[code] for code in areas["area_code"]])
    codes = sorted(set(wider))
    joined = [shapely.coverage_union_all(shapes[wider == code]) for code in codes]
    return gpd.GeoDataFrame({"area_code": codes}, geometry=joined, crs=areas.crs)


def embedded_layers() -> dict[str, Layer]:
    """Every layer that the embedded facts can draw; wider areas run along the lines of the LSOAs."""
    edition = "December 2021"
    cells = approximate_areas().rename(columns={"lsoa21cd": "area_code"})
    lsoas = build_layer(cells, "lsoa21", "approximate", edition)
    areas = hierarchy.embedded_areas()
    councils = dissolved(areas_of(lsoas.content), hierarchy.parents("lsoa21", "lad", areas))
    return {
        "lsoa21": lsoas,
        "msoa21": dissolve_layer(
            lsoas.content, hierarchy.parents("lsoa21", "msoa21", areas), "msoa21", edition=edition
        ),
        "lad": build_layer(councils, "lad", "official", "May 2024", label="Council outlines", simplify=False),
        "hexagons": hexagon_layer(hexagon_map(), edition),
        "base": base_layer(councils, "May 2024"),
    }


def base_layer(councils: gpd.GeoDataFrame, edition: str) -> Layer:
    """Coast and council outlines with the names of towns, to lie under or over the areas."""
    councils = councils.to_crs("EPSG:4326").sort_values("area_code")
    codes = tuple(councils["area_code"])
    body = drawn(repaired(to_metres(np.array(councils.geometry.to_numpy(), dtype=object))), name="outlines")
    places = reference.places()
    named = {"names": [hierarchy.display_names()[code] for code in codes], "label": "Coast and council outlines"}
    towns = places[["name", "lon", "lat", "kind"]].to_numpy().tolist()
    return pack("base", "official", edition, codes, {**named, "places": towns, **body})


def hexagon_layer(drawn_map: HexagonMap, edition: str) -> Layer:
    """One hexagon for each LSOA in a plane with y going down, with council borders and towns to find one's way."""
    parents = hierarchy.parent_codes(drawn_map.codes)
    middles = hexgrid.middles(drawn_map.axial, HEXAGON_SIZE)
    middles = middles - middles.min(axis=0) + 1.2 * HEXAGON_SIZE
    body = {
        "label": "Equal-area hexagons",
        "names": [hierarchy.display_names()[code] for code in drawn_map.codes],
        "parents": compact_parents(drawn_map.codes, parents),
        "bbox": [0, 0, *np.round(middles.max(axis=0) + 1.2 * HEXAGON_SIZE, 1).tolist()],
        "size": HEXAGON_SIZE,
        "centres": np.round(middles, 1).tolist(),
        "borders": council_borders(drawn_map, middles, parents["lad"]),
        "places": towns_among(drawn_map.codes, middles),
    }
    return pack("hexagons", "computed", edition, drawn_map.codes, body)


def council_borders(drawn_map: HexagonMap, middles: Any, council_of: Mapping[str, str]) -> list[list[float]]:
    """Sides between hexagons of different councils, each as x1, y1, x2, y2."""
    sides = []
    for first, around in enumerate(hexgrid.neighbours(drawn_map.axial)):
        for second in around:
            if first < second and council_of[drawn_map.codes[first]] != council_of[drawn_map.codes[second]]:
                across = middles[second] - middles[first]
                half = np.array([-across[1], across[0]]) / (2 * np.sqrt(3))
                middle = (middles[first] + middles[second]) / 2
                sides.append(np.round(np.concatenate([middle - half, middle + half]), 1).tolist())
    return sides


def towns_among(codes: tuple[str, ...], middles: Any, nearest: int = 3) -> list[list[Any]]:
    """Towns as name, x, y and kind, each in the middle of the hexagons of the LSOAs nearest to it."""
    centroids = reference.centroids().set_index("lsoa21cd").loc[list(codes)]
    points = points_to_metres(centroids[["lon", "lat"]].to_numpy())
    listed = []
    for name, lon, lat, kind in reference.places()[["name", "lon", "lat", "kind"]].itertuples(index=False):
        away = np.hypot(*(points - points_to_metres(np.array([[lon, lat]]))).T)
        x, y = np.round(middles[np.argsort(away, kind="stable")[:nearest]].mean(axis=0), 1).tolist()
        listed.append([name, x, y, kind])
    return listed
