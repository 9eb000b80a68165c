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
    "geojson": Format("GeoJSON", "geojson", "application/geo+json"),
    "parquet": Format("Parquet", "parquet", "application/vnd.apache.parquet"),
}


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
    """Write answers in a format, as of a day; only a workbook holds more than one."""
    found = format_of(kind)
    if found.several:
        return _workbook(answers, name, kind, on)
    if len(answers) != 1:
        raise DataError("This format holds one table", found=f"{len(answers)} tables", todo="Choose xlsx or ods")
    (answer,) = answers.values()
    if kind == "csv":
        from data.exports.csv_file import csv_bytes

        return csv_bytes(answer)
    if kind == "parquet":
        from data.exports.parquet import parquet_bytes

        return parquet_bytes(answer)
    from data.exports.geo import geojson_bytes

    return geojson_bytes(answer)


def _workbook(answers: Mapping[str, Answer], name: str, kind: str, on: dt.date) -> bytes:
    questions = [answer.question for answer in answers.values()]
    title = questions[0] if len(questions) == 1 else name.replace("-", " ").capitalize()
    if kind == "ods":
        from data.exports.ods import ods_bytes

        return ods_bytes(answers, title, on)
    from data.exports.workbook import workbook_bytes

    return workbook_bytes(answers, title, on)
