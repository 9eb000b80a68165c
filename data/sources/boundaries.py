"""ONS boundaries (BFC, BGC, BSC or BUC) as GeoJSON, GeoPackage or zipped shapefile, on the grid or in degrees.

Which areas a file holds is judged by its code column. Only the areas of the integrated care system are kept. The result
is one layer, ready to serve: repaired, simplified with shared borders and small enough for a phone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.catalogue import ics
from data.errors import EmptyFile, UnreadableFile, WrongColumns, WrongValues, WrongVintage
from data.geography import hierarchy
from data.sources.archives import open_archive
from data.sources.footprint import column_year, known_lsoa21, lad_codes, without_living
from data.sources.formats import detect_kind
from data.sources.reading import Reading, ReadingContext
from data.sources.shape_files import in_archive
from data.sources.tables import Preview

if TYPE_CHECKING:
    import geopandas as gpd

SOURCE_ID = "ons_lsoa21_boundaries"
ACCEPTS = "ONS boundaries of LSOAs, MSOAs, wards, councils or boards (GeoJSON, GeoPackage or zipped shapefile)"
SOURCE: Final = "ONS boundaries"

GRID: Final = "EPSG:27700"  # British National Grid, metres
DEGREES: Final = "EPSG:4326"
GREAT_BRITAIN: Final = (-8.7, 49.8, 1.8, 60.9)  # west, south, east, north, in degrees
GRID_BOUNDS: Final = (-200_000.0, -50_000.0, 700_000.0, 1_300_000.0)  # Northern Ireland lies west of 0
LAST_CODE_OF_2011: Final = "E01033768"  # LSOA codes above it were made for the 2021 census
SHOWN: Final = 5
MAX_SHAPE_MEGABYTES: Final = 30  # of GeoJSON in one area; reading it takes some 50 times as much memory
MAX_AREAS: Final = 400_000  # England and Wales have 188,880 output areas, the smallest there are


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of boundary file: its columns, codes and source."""

    layer: str
    code_column: str
    name_column: str
    code_pattern: str
    source_id: str
    edition: str  # empty: the year in the column's name


# An LSOA file also carries MSOA and council codes, so the smallest areas come first.
KINDS: Final = (
    Kind("lsoa21", "LSOA21CD", "LSOA21NM", r"[EW]01\d{6}", "ons_lsoa21_boundaries", "December 2021"),
    Kind("lsoa11", "LSOA11CD", "LSOA11NM", r"[EW]01\d{6}", "ons_lsoa11_boundaries", "December 2011"),
    Kind("msoa21", "MSOA21CD", "MSOA21NM", r"[EW]02\d{6}", "ons_msoa21_boundaries", "December 2021"),
    Kind("ward", r"WD\d\dCD", r"WD\d\dNM", r"[EWSN]\d{8}", "ons_ward_boundaries", ""),
    Kind("lad", r"LAD\d\dCD", r"LAD\d\dNM", r"[EWSN]\d{8}", "ons_lad_boundaries", ""),
    Kind("icb", r"ICB\d\dCD", r"ICB\d\dNM", r"E54\d{6}", "ons_icb_boundaries", ""),
)


def recognises(table: Preview) -> bool:
    """Shapes of any kind: GeoJSON, a GeoPackage, or a ZIP with a shapefile in it."""
    if table.kind == "json":
        with table.path.open(encoding="utf-8-sig", errors="replace") as file:
            return "FeatureCollection" in file.read(4096)
    if table.kind == "zip":
        with open_archive(table.path) as archive:
            return any(name.lower().endswith((".shp", ".dbf")) for name in archive.namelist())
    return table.kind == "geopackage"


def read(path: Path, context: ReadingContext) -> Reading:
    """Read one boundary file into a layer and the names of its areas."""
    frame = open_shapes(path)
    kind, column = kind_of(frame, path)
    frame = in_one_case(frame)
    frame, notes = in_degrees(frame, path)
    check_shapes(frame, column, kind, path)
    kept = keep_system(frame, column, kind, context, path)
    if len(kept) < len(frame):
        notes += (f"{len(frame) - len(kept):,} of {len(frame):,} areas are outside {ics().label} and were left out.",)
    edition = kind.edition or str(column_year(column))
    areas = area_rows(kept, column, kind, edition)
    frames = {"area": areas}
    if kind.layer == "lsoa11":
        frames["area"] = without_living(areas, context)
        notes += ("These are the areas of 2011. Only the 2019 deprivation indices use them, so they are not drawn.",)
    else:
        frames["geometry"] = geometry_row(kept, column, kind, edition, areas)
    return Reading(kind.source_id, edition, len(frame), frames, notes=notes)


# ---- opening --------------------------------------------------------------------------------------------------------


def open_shapes(path: Path) -> gpd.GeoDataFrame:
    """Open whichever format this is; a file that cannot be opened is named with the reason."""
    import geopandas as gpd
    import pyogrio
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError

    place, layer = address(path)
    pyogrio.set_gdal_config_options({"OGR_GEOJSON_MAX_OBJ_SIZE": MAX_SHAPE_MEGABYTES})
    # the library has errors of its own, and stumbles over names that are not UTF-8 (ValueError, NameError)
    broken = (DataSourceError, DataLayerError, shapely.errors.ShapelyError, ArithmeticError, ValueError, NameError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it warns of, such as a shape it cannot read, is checked below
            frame = gpd.read_file(place, engine="pyogrio", layer=layer, rows=MAX_AREAS + 1)
    except broken as error:
        raise UnreadableFile(
            "the boundaries cannot be opened; the file is cut short or damaged",
            source=SOURCE,
            file=path.name,
            todo="Download it again from the ONS Open Geography portal",
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise WrongValues("the file is a table without shapes", source=SOURCE, file=path.name, expected="polygons")
    if frame.empty:
        raise EmptyFile("the file holds no areas", source=SOURCE, file=path.name, todo="Download it again")
    if len(frame) > MAX_AREAS:
        raise WrongValues("the file holds more shapes than there are areas", source=SOURCE, file=path.name)
    return frame


def address(path: Path) -> tuple[str, str | None]:
    """Where the reading library finds the shapes, and in which format: it is never left to guess."""
    kind = detect_kind(path)
    if kind == "zip":
        return in_archive(path, shapefile_in(path)), None
    if kind == "geopackage":
        return f"GPKG:{path.resolve()}", package_layer(path)
    if kind != "json":
        raise UnreadableFile(
            "the file holds no boundaries", source=SOURCE, file=path.name, found=f"a {kind} file", expected=ACCEPTS
        )
    return f"GeoJSON:{path.resolve()}", None


def shapefile_in(path: Path) -> str:
    """Name of the one shapefile in a ZIP, when all its parts are there."""
    with open_archive(path) as archive:
        names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    shapes = [name for name in names if name.lower().endswith(".shp")]
    if len(shapes) != 1:
        found = ", ".join(shapes) or ", ".join(names[:SHOWN]) or "nothing"
        raise UnreadableFile("the ZIP does not hold one shapefile", source=SOURCE, file=path.name, found=found)
    there = {name.lower() for name in names}
    missing = [part for part in (".dbf", ".shx") if shapes[0].lower()[:-4] + part not in there]
    if missing:
        todo = "Zip all parts of the shapefile together: .shp, .shx, .dbf and .prj"
        raise UnreadableFile(
            "parts of the shapefile are missing",
            source=SOURCE,
            file=path.name,
            found=f"no {' or '.join(missing)}",
            todo=todo,
        )
    return shapes[0]


def package_layer(path: Path) -> str | None:
    """First table of a GeoPackage that has a known code column, else its first table."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    place = f"GPKG:{path.resolve()}"
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(place)]
        for layer in layers:
            if code_column(pyogrio.read_info(place, layer=layer)["fields"]):
                return layer
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise UnreadableFile(
            "the GeoPackage cannot be opened; it is cut short or damaged", source=SOURCE, file=path.name
        ) from error
    return layers[0] if layers else None


# ---- recognising ----------------------------------------------------------------------------------------------------


def code_column(columns: Any) -> tuple[Kind, str] | None:
    """The kind of areas, and the column with their codes, in capitals."""
    names = [str(name).upper() for name in columns]
    return next(((kind, name) for kind in KINDS for name in names if re.fullmatch(kind.code_column, name)), None)


def kind_of(frame: gpd.GeoDataFrame, path: Path) -> tuple[Kind, str]:
    """Say which areas these are, or which columns would have told."""
    found = code_column(frame.columns)
    if found is None:
        raise WrongColumns(
            "no column says which areas these are",
            source=SOURCE,
            file=path.name,
            found=", ".join(map(str, frame.columns[:8])),
            expected="one of LSOA21CD, MSOA21CD, WD25CD, LAD24CD, ICB23CD (other years of the last three as well)",
        )
    return found


def in_one_case(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put column names in capitals, whichever way the portal wrote them."""
    shapes = frame.geometry.name
    return frame.rename(columns={name: str(name).upper() for name in frame.columns if name != shapes})


def in_degrees(frame: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Carry shapes to longitude and latitude; where the file's claim and its numbers disagree, believe the numbers."""
    bounds = frame.total_bounds
    claimed = "" if frame.crs is None else str(frame.crs.name)
    numbers = (
        GRID if within(bounds, GRID_BOUNDS) and bounds[2] > 180 else DEGREES if within(bounds, GREAT_BRITAIN) else ""
    )
    if not numbers and (frame.crs is None or frame.crs.is_geographic):
        raise outside_britain(bounds, path)
    notes: tuple[str, ...] = ()
    in_metres = frame.crs is not None and frame.crs.is_projected
    if numbers and in_metres != (numbers == GRID):
        said = f"says it is in {claimed}" if claimed else "does not say how it is measured"
        held = "British National Grid metres" if numbers == GRID else "longitude and latitude"
        notes = (f"The file {said}, but its numbers are {held}. It was read as {held}.",)
        frame = frame.set_crs(numbers, allow_override=True)
    elif frame.crs is None:
        frame = frame.set_crs(DEGREES)
    frame = frame.to_crs(DEGREES)
    if not within(frame.total_bounds, GREAT_BRITAIN):
        raise outside_britain(frame.total_bounds, path)
    return frame, notes


def within(bounds: Any, limits: tuple[float, float, float, float]) -> bool:
    """Say whether west, south, east and north all lie inside the limits."""
    west, south, east, north = (float(value) for value in bounds)
    return limits[0] <= west <= east <= limits[2] and limits[1] <= south <= north <= limits[3]


def outside_britain(bounds: Any, path: Path) -> WrongValues:
    """Shapes that lie nowhere in Great Britain."""
    west, south, east, north = (f"{float(value):.6g}" for value in bounds)
    return WrongValues(
        "the shapes do not lie in Great Britain",
        source=SOURCE,
        file=path.name,
        found=f"{west} to {east} east, {south} to {north} north",
        expected="longitude and latitude, or British National Grid metres",
    )


# ---- checking -------------------------------------------------------------------------------------------------------


def check_shapes(frame: gpd.GeoDataFrame, column: str, kind: Kind, path: Path) -> None:
    """Refuse codes of another kind, codes that stand twice, and areas without a polygon."""
    codes = frame[column].astype("str")
    wrong = ~codes.str.fullmatch(kind.code_pattern).astype(bool)
    if wrong.any():
        raise WrongValues(
            f"{int(wrong.sum())} codes are not codes of this kind of area",
            source=SOURCE,
            file=path.name,
            column=column,
            found=listed(codes[wrong]),
        )
    if codes.duplicated().any():
        found = listed(codes[codes.duplicated()])
        raise WrongValues("an area stands twice", source=SOURCE, file=path.name, column=column, found=found)
    hollow = frame.geometry.isna() | frame.geometry.is_empty
    if hollow.any():
        raise WrongValues(
            f"{int(hollow.sum())} areas have no shape", source=SOURCE, file=path.name, found=listed(codes[hollow])
        )
    other = ~frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    if other.any():
        kinds = ", ".join(sorted(set(frame.geometry.geom_type[other])))
        todo = "Choose boundaries, not centroids, on the ONS Open Geography portal"
        raise WrongValues(
            "the shapes are not areas", source=SOURCE, file=path.name, found=kinds, expected="polygons", todo=todo
        )


def listed(codes: Any) -> str:
    """First few codes, for a message."""
    shown = [str(code) for code in list(codes)[:SHOWN]]
    return ", ".join(shown) + (f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else "")


def keep_system(
    frame: gpd.GeoDataFrame, column: str, kind: Kind, context: ReadingContext, path: Path
) -> gpd.GeoDataFrame:
    """Keep the areas of the integrated care system and make sure that none of them is missing."""
    known = known_codes(kind.layer, context)
    kept = frame[frame[column].isin(known)] if known else frame[in_system(frame)]
    missing = sorted(known - set(kept[column]))
    if kept.empty:
        raise WrongValues(
            f"no area of {ics().label} is in the file",
            source=SOURCE,
            file=path.name,
            column=column,
            found=listed(frame[column]),
            todo=f"Download boundaries of England, or of {ics().label}",
        )
    if kind.layer == "lsoa21" and missing and all(code > LAST_CODE_OF_2011 for code in missing):
        raise WrongVintage(
            f"the {len(missing)} areas made for the 2021 census are missing",
            source=SOURCE,
            file=path.name,
            column=column,
            found=f"codes of 2011, without {listed(missing)}",
            expected="LSOA (December 2021) boundaries",
        )
    if missing:
        raise WrongValues(
            f"{len(missing)} of {len(known)} areas of {ics().label} are missing",
            source=SOURCE,
            file=path.name,
            column=column,
            found=f"none for {listed(missing)}",
            todo="Download the whole file again",
        )
    return kept


def known_codes(layer: str, context: ReadingContext) -> frozenset[str]:
    """Codes the file must hold; empty for wards and 2011 areas, which are found by where they lie."""
    if layer == "lsoa21":
        return known_lsoa21(context)
    if layer == "lad":
        return lad_codes()
    if layer == "icb":
        return frozenset({ics().icb.code})
    if layer == "msoa21":
        areas = known_areas(context)
        return frozenset(areas.loc[(areas["area_type"] == "msoa21") & areas["lad_code"].isin(lad_codes()), "area_code"])
    return frozenset()


def known_areas(context: ReadingContext) -> pd.DataFrame:
    """Areas in the store when it holds MSOAs, else the embedded ones."""
    areas = context.areas()
    return areas if areas is not None and (areas["area_type"] == "msoa21").any() else hierarchy.embedded_areas()


def in_system(frame: gpd.GeoDataFrame) -> Any:
    """Say which areas belong to the system's councils: by council code, else by where most of an area lies."""
    column = next((name for name in frame.columns if re.fullmatch(r"LAD\d\dCD", str(name))), None)
    if column is not None:
        return frame[column].isin(lad_codes())
    import shapely

    from data.geography.approximate import council_outlines

    outline = shapely.union_all(council_outlines().geometry.to_numpy())
    shapes = shapely.make_valid(frame.geometry.to_numpy())
    return shapely.area(shapely.intersection(shapes, outline)) > shapely.area(shapes) / 2


# ---- writing --------------------------------------------------------------------------------------------------------


def area_rows(kept: gpd.GeoDataFrame, column: str, kind: Kind, edition: str) -> pd.DataFrame:
    """Names and wider areas, as far as the file has them."""
    rows = pd.DataFrame({"area_code": kept[column].astype("str"), "area_type": kind.layer})
    name = next((each for each in kept.columns if re.fullmatch(kind.name_column, str(each))), None)
    if name is not None:
        rows["area_name"] = kept[name].astype("str")
    for parent, pattern in (("msoa_code", "MSOA21CD"), ("lad_code", r"LAD\d\dCD")):
        found = next((each for each in kept.columns if re.fullmatch(pattern, str(each)) and each != column), None)
        if found is not None:
            rows[parent] = kept[found].astype("str")
    if kind.layer == "ward" and name is not None:
        rows["display_name"] = rows["area_name"]
    return rows.assign(edition=re.sub(r"\D", "", edition)).sort_values("area_code", ignore_index=True)


def geometry_row(kept: gpd.GeoDataFrame, column: str, kind: Kind, edition: str, areas: pd.DataFrame) -> pd.DataFrame:
    """Build the layer that the map fetches."""
    from data.geography.layers import build_layer

    frame = kept.rename(columns={column: "area_code"})[["area_code", kept.geometry.name]]
    layer = build_layer(frame, kind.layer, "official", edition, names_of(areas), parents_of(areas))
    row = {"layer": layer.layer, "method": layer.method, "edition": layer.edition, "sha256": layer.sha256}
    return pd.DataFrame([{**row, "content": layer.content}])


def names_of(areas: pd.DataFrame) -> Mapping[str, str]:
    """Names on screen: the embedded ones, with the file's own for areas that are not among them."""
    own = dict(zip(areas["area_code"], areas["area_name"], strict=True)) if "area_name" in areas.columns else {}
    return {**own, **hierarchy.display_names()}


def parents_of(areas: pd.DataFrame) -> Mapping[str, Mapping[str, str]]:
    """Council and MSOA of each area: the embedded ones, else the file's own."""
    embedded = hierarchy.parent_codes(areas["area_code"])
    own = {
        kind: dict(zip(areas["area_code"], areas[column], strict=True))
        for kind, column in (("msoa", "msoa_code"), ("lad", "lad_code"))
        if column in areas.columns
    }
    return {**own, **embedded}
