"""The formats that an answer can be taken away in, and the one way in which each is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.answers.answer import Answer
from data.errors import DataError, UnknownName
from data.exports.naming import labelled, named


@dataclass(frozen=True, slots=True)
class Format:
    """What a format is called, in the menu, in a file's name and by browsers; ``several`` says it holds many tables."""

    label: str
    suffix: str
    media_type: str
    several: bool = False


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("CSV", "csv", "text/csv"),
    "xlsx": Format(
        "workbook", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", several=True
    ),
    "ods": Format("OpenDocument", "ods", "application/vnd.oasis.opendocument.spreadsheet", several=True),
    "parquet": Format("Parquet", "parquet", "application/vnd.apache.parquet"),
    "csvw": Format("CSV with a description for programs", "csv.zip", "application/zip"),
    "geojson": Format("GeoJSON", "geojson", "application/geo+json"),
    "gpkg": Format("GeoPackage", "gpkg", "application/geopackage+sqlite3"),
    "png": Format("picture", "png", "image/png"),
    "svg": Format("picture to scale", "svg", "image/svg+xml"),
    "package": Format("data package", "zip", "application/zip", several=True),
}
#: Formats of a map: the rows with the outlines of their areas.
OF_AREAS: Final = ("geojson", "gpkg")
PICTURES: Final = ("png", "svg")
#: Codes of areas that have an outline begin so: neighbourhoods, wards and councils.
OUTLINED: Final = ("E01", "E02", "E05", "E06", "E07", "E08", "E09")


def fitting(answer: Answer) -> list[str]:
    """Name the formats of one answer: a map file where its rows are areas, a picture where it has one."""
    from data.exports.pictures import can_be_drawn

    codes = answer.table["area_code"].dropna() if "area_code" in answer.table.columns else ()
    unfit = {"package"}
    if not any(str(code).startswith(OUTLINED) for code in codes):
        unfit.update(OF_AREAS)
    if not can_be_drawn(answer):
        unfit.update(PICTURES)
    return [kind for kind in FORMATS if kind not in unfit]


def format_of(kind: str) -> Format:
    """Find a format by name."""
    if kind not in FORMATS:
        raise UnknownName("there is no such format", found=kind, expected=", ".join(FORMATS))
    return FORMATS[kind]


def file_name(answers: Mapping[str, Answer], name: str, kind: str) -> str:
    """Name the file of one answer, or of several."""
    suffix = format_of(kind).suffix
    if len(answers) == 1:
        (answer,) = answers.values()
        return named(answer, name, suffix)
    return labelled(name, suffix, illustrative=any(answer.illustrative for answer in answers.values()))


def file_bytes(answers: Mapping[str, Answer], name: str, kind: str, on: dt.date) -> bytes:
    """Write answers in a format, as of a day; only a workbook or a package holds more than one."""
    if format_of(kind).several:
        return _several(answers, name, kind, on)
    if len(answers) != 1:
        raise DataError("This format holds one table", found=f"{len(answers)} tables", todo="Choose xlsx or ods")
    (answer,) = answers.values()
    if kind in OF_AREAS:
        return _map_file(answer, kind, on)
    if kind in PICTURES:
        from data.exports.pictures import picture_bytes

        return picture_bytes(answer, kind)
    if kind == "parquet":
        from data.exports.parquet import parquet_bytes

        return parquet_bytes(answer)
    from data.exports.csv_file import csv_bytes, csvw_zip

    return csv_bytes(answer) if kind == "csv" else csvw_zip(answer, named(answer, name, "csv"))


def _map_file(answer: Answer, kind: str, on: dt.date) -> bytes:
    if kind == "gpkg":
        from data.exports.geopackage import gpkg_bytes

        return gpkg_bytes(answer, on)
    from data.exports.geo import geojson_bytes

    return geojson_bytes(answer)


def _several(answers: Mapping[str, Answer], name: str, kind: str, on: dt.date) -> bytes:
    title = name.replace("-", " ").capitalize()
    if kind == "package":
        from data.exports.package import package_bytes

        return package_bytes(answers, title, on)
    title = next(iter(answers.values())).question if len(answers) == 1 else title
    if kind == "ods":
        from data.exports.ods import ods_bytes

        return ods_bytes(answers, title, on)
    from data.exports.workbook import workbook_bytes

    return workbook_bytes(answers, title, on)
