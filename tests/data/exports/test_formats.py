"""Every format holds the same values as the answer, cell by cell, and says the same about them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook

from data.answers.answer import STATUS_WORDS, Answer
from data.answers.opened import _opened
from data.errors import DataError, UnknownName
from data.exports import geo
from data.exports.csv_file import csv_bytes, csvw_bytes
from data.exports.formats import FORMATS, file_bytes, file_name, fitting
from data.exports.ods import ods_bytes
from data.exports.table import headings, long_table
from data.exports.workbook import workbook_bytes
from data.sources.tables import read_table

ON = dt.date(2026, 6, 1)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
Rows = list[dict[str, Any]]


@pytest.fixture
def outlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outline of one of the two councils, as the map's layer holds it."""
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    layer = SimpleNamespace(label="Approximate areas", edition="2024")
    monkeypatch.setattr(
        geo, "outlines_of", lambda codes: ({"E06000058": shape} if "E06000058" in codes else {}, [layer])
    )


def expected(answer: Answer) -> Rows:
    """The answer's own rows, with None for what is missing."""
    rows = answer.table.astype("object").where(answer.table.notna(), None).to_dict("records")
    return [{str(name): None if value in ("", []) else value for name, value in row.items()} for row in rows]


def from_csv(answer: Answer) -> Rows:
    """Read the CSV by its description alone, as a program would."""
    described = json.loads(csvw_bytes(answer, "file.csv"))
    assert (described["url"], described["dc:description"]) == ("file.csv", answer.finding)
    lines = list(csv.reader(csv_bytes(answer).decode("utf-8-sig").splitlines()))
    head, *rows = lines[described["dialect"]["skipRows"] :]
    columns = {one["name"]: one["datatype"] for one in described["tableSchema"]["columns"]}
    assert head == list(columns)
    read: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "date": dt.date.fromisoformat}
    return [
        {
            name: None
            if cell == ""
            else read.get(str(columns[name]), lambda text: text)(cell)
            if columns[name] != {"base": "boolean", "format": "True|False"}
            else cell == "True"
            for name, cell in zip(head, row, strict=True)
        }
        for row in rows
    ]


def from_parquet(answer: Answer) -> Rows:
    read = pq.read_table(io.BytesIO(file_bytes({"one": answer}, "one", "parquet", ON)))
    about = json.loads(read.schema.metadata[b"first1001"])
    assert (about["finding"], about["illustrative"]) == (answer.finding, answer.illustrative)
    return read.to_pylist()


def from_geojson(answer: Answer) -> Rows:
    read = json.loads(file_bytes({"one": answer}, "one", "geojson", ON))
    return [feature["properties"] for feature in read["features"]]


def from_csvw(answer: Answer) -> Rows:
    """Read the zip as a program would: the description beside the file, by its name."""
    with zipfile.ZipFile(io.BytesIO(file_bytes({"one": answer}, "one", "csvw", ON))) as parts:
        table, description = parts.namelist()
        assert description == f"{table}-metadata.json"
        assert json.loads(parts.read(description))["url"] == table == file_name({"one": answer}, "one", "csv")
        assert parts.read(table) == csv_bytes(answer)
        assert parts.read(description) == csvw_bytes(answer, table)
    return from_csv(answer)


@pytest.fixture
def layer_of(outlines: None, tmp_path: Path) -> Callable[[Answer], Path]:
    """Write an answer as a GeoPackage, for GDAL to read, which a reader's own program does."""

    def written(answer: Answer) -> Path:
        path = tmp_path / "layer.gpkg"
        path.write_bytes(file_bytes({"one": answer}, "one", "gpkg", ON))
        return path

    return written


def from_gpkg(path: Path) -> Rows:
    read = pyogrio.read_dataframe(path, read_geometry=False)
    rows = read.astype("object").where(read.notna(), None).to_dict("records")
    return [{str(name): _day(value) for name, value in row.items()} for row in rows]


def _day(value: object) -> object:
    return value.date() if isinstance(value, pd.Timestamp | dt.datetime) else value


def checked(answer: Answer, rows: Rows) -> None:
    """Hold rows of a file to the answer's; days that a file adds are held to by the tests of days."""
    assert len(rows) == len(answer.table)
    for mine, theirs in zip(expected(answer), rows, strict=True):
        for name, value in mine.items():
            wanted = "; ".join(value) if isinstance(value, list) else value
            if isinstance(wanted, str) and wanted[0] in "=+-@":
                wanted = f"'{wanted}"
            given = theirs[name]
            assert given == (wanted.isoformat() if isinstance(wanted, dt.date) and isinstance(given, str) else wanted)
            assert isinstance(given, bool) == isinstance(wanted, bool)


@pytest.mark.parametrize("read", [from_csv, from_csvw, from_parquet])
@pytest.mark.parametrize("name", ["over-time", "areas"])
def test_csv_and_parquet_hold_the_values_of_the_answer(
    answers: dict[str, Answer], name: str, read: Callable[[Answer], Rows]
) -> None:
    checked(answers[name], read(answers[name]))


@pytest.mark.usefixtures("outlines")
def test_geojson_holds_the_values_of_the_answer_and_an_outline_where_there_is_one(areas: Answer) -> None:
    checked(areas, from_geojson(areas))
    read = json.loads(file_bytes({"one": areas}, "one", "geojson", ON))
    assert [one["geometry"] and one["geometry"]["type"] for one in read["features"]] == ["Polygon", None]
    assert read["outlines"] == ["Approximate areas (2024)"]
    assert read["illustrative"] is False
    assert "Crown copyright" in read["attribution"]


def test_geopackage_holds_the_values_of_the_answer_and_the_same_outlines(
    areas: Answer, layer_of: Callable[[Answer], Path]
) -> None:
    path = layer_of(areas)
    checked(areas, from_gpkg(path))
    first, second = pyogrio.read_dataframe(path).geometry
    assert first.wkt == "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"
    assert second is None
    info = pyogrio.read_info(path)
    about = json.loads(info["dataset_metadata"]["first1001"])
    assert (info["crs"], about["finding"]) == ("EPSG:4326", areas.finding)
    assert "Crown copyright" in about["attribution"]
    assert about["outlines"] == ["Approximate areas (2024)"]
    assert layer_of(areas).read_bytes() == file_bytes({"one": areas}, "one", "gpkg", ON)  # the same to the last byte


def test_a_hidden_figure_is_empty_in_geopackage_and_zero_is_zero(
    quarters: Answer, layer_of: Callable[[Answer], Path]
) -> None:
    placed = replace(quarters, table=quarters.table.assign(area_code="E06000058", count=[1, 2, 3, 4]))
    path = layer_of(placed)
    rows = from_gpkg(path)
    checked(placed, rows)
    assert [row["value"] for row in rows] == [80.0, None, 0.0, 75.0]
    assert pyogrio.read_info(path)["layer_metadata"]["DESCRIPTION"] == "ILLUSTRATIVE: How has it changed in BCP?"


@pytest.mark.usefixtures("outlines")
@pytest.mark.parametrize("kind", ["geojson", "gpkg"])
def test_an_answer_without_outlines_has_no_map_file(quarters: Answer, kind: str) -> None:
    with pytest.raises(DataError, match="no areas with an outline"):
        file_bytes({"one": quarters}, "one", kind, ON)


def test_each_answer_is_offered_in_the_formats_that_fit_it(quarters: Answer, areas: Answer, nothing: Answer) -> None:
    always, pictures = ["csv", "xlsx", "ods", "parquet", "csvw"], ["png", "svg"]
    assert fitting(nothing) == always
    assert fitting(quarters) == [*always, *pictures]  # no column says where its rows are
    assert fitting(areas) == [*always, "geojson", "gpkg", *pictures]
    country = replace(areas, table=areas.table.assign(area_code=["E92000001", "E54000041"]))
    assert fitting(country) == [*always, *pictures]  # England and an integrated care system have no outline
    assert set(FORMATS) - set(fitting(areas)) == {"package"}


def excel_cells(answers: dict[str, Answer]) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(workbook_bytes(answers, "Two tables", ON)))
    days = (dt.datetime, dt.date)
    return {
        sheet.title: [
            [
                cell.value.date() if isinstance(cell.value, days) else cell.value
                for cell in row
                if cell.value is not None
            ]
            for row in sheet.iter_rows()
        ]
        for sheet in book
    }


def ods_cells(content: bytes) -> dict[str, list[list[object]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        tree = fromstring(parts.read("content.xml"))
    return {
        sheet.attrib[f"{TABLE}name"]: [list(map(ods_value, row)) for row in sheet.iter(f"{TABLE}table-row")]
        for sheet in tree.iter(f"{TABLE}table")
    }


def ods_value(cell: Any) -> object:
    if value := cell.attrib.get(f"{OFFICE}value"):
        return float(value)
    if day := cell.attrib.get(f"{OFFICE}date-value"):
        return dt.date.fromisoformat(day)
    return "\n".join(line.text or "" for line in cell)


def test_opendocument_holds_the_cells_of_the_excel_workbook(answers: dict[str, Answer]) -> None:
    excel, ods = excel_cells(answers), ods_cells(ods_bytes(answers, "Two tables", ON))
    assert list(ods) == [name for name in excel if name != "Charts"]
    for name in ods:
        assert ods[name] == [row for row in excel[name] if row[0] != "Charts"]


def test_opendocument_says_title_and_language_and_marks_headings_and_tables(answers: dict[str, Answer]) -> None:
    with zipfile.ZipFile(io.BytesIO(ods_bytes(answers, "Two tables", ON))) as parts:
        assert parts.namelist()[0] == "mimetype"
        assert parts.infolist()[0].compress_type == zipfile.ZIP_STORED
        meta, content = parts.read("meta.xml").decode(), parts.read("content.xml").decode()
    assert "<dc:title>ILLUSTRATIVE: Two tables</dc:title>" in meta
    assert "<dc:language>en-GB</dc:language>" in meta
    assert (
        'table:name="Table_1" table:target-range-address="Table_1.A5:Table_1.M9" table:contains-header="true"'
        in content
    )
    assert content.count("<table:table-header-rows>") == 6
    assert "covered-table-cell" not in content  # nothing is merged


def test_another_reader_of_opendocument_reads_it(answers: dict[str, Answer], tmp_path: Path) -> None:
    path = tmp_path / "book.ods"
    path.write_bytes(ods_bytes(answers, "Two tables", ON))
    table = read_table(path, sheet="Contents")
    assert table.iloc[:, 0].tolist()[-2:] == ["Table_2", "[x]"]


def test_the_workbook_holds_the_values_of_the_answer(answers: dict[str, Answer], quarters: Answer) -> None:
    head, *rows = excel_cells(answers)["Table_1"][4:]
    table = long_table(quarters)
    assert head == headings(table)
    for column, name in enumerate(table.columns):
        for place, value in enumerate(table[name]):
            if value is None:
                assert str(rows[place][column]) in {"[c]", "[z]"}
            elif name == "value_status":
                assert rows[place][column] == STATUS_WORDS[value][0]
            else:
                assert rows[place][column] == ({True: "yes", False: "no"}[value] if value is True else value)


def test_a_file_is_named_after_view_area_comparator_and_period(answers: dict[str, Answer], quarters: Answer) -> None:
    one = {"over-time": quarters}
    assert file_name(one, "over_time", "csv") == "ILLUSTRATIVE-over-time-new-birth-visit-14-days-2025-26.csv"
    table = quarters.table.assign(area="BCP", benchmark_name="England 2025/26")
    whole = replace(quarters, table=table, period="")
    assert (
        file_name({"over-time": whole}, "over-time", "ods")
        == "ILLUSTRATIVE-over-time-new-birth-visit-14-days-bcp-against-england-2025-26-2025-26-q1-to-2025-26-q4.ods"
    )
    assert file_name({"areas": answers["areas"]}, "areas", "parquet") == "areas-2024-to-31-march-2026.parquet"
    assert file_name(answers, "tables", "xlsx") == "ILLUSTRATIVE-tables.xlsx"
    assert file_name(one, "over-time", "csvw") == "ILLUSTRATIVE-over-time-new-birth-visit-14-days-2025-26.csv.zip"
    assert file_name(answers, "tables", "package") == "ILLUSTRATIVE-tables.zip"


@pytest.mark.parametrize("kind", ["csv", "csvw", "geojson", "gpkg", "parquet", "png", "svg"])
def test_only_a_workbook_or_a_package_holds_several_tables(answers: dict[str, Answer], kind: str) -> None:
    with pytest.raises(DataError, match="holds one table"):
        file_bytes(answers, "tables", kind, ON)


def test_another_format_is_refused_by_name(answers: dict[str, Answer]) -> None:
    with pytest.raises(UnknownName, match="there is no such format"):
        file_bytes(answers, "tables", "xls", ON)


def test_an_empty_answer_can_be_taken_away_in_every_format_but_a_map(nothing: Answer) -> None:
    for kind in fitting(nothing):
        assert file_bytes({"promises": nothing}, "promises", kind, ON)
    assert pd.read_parquet(io.BytesIO(file_bytes({"promises": nothing}, "promises", "parquet", ON))).empty


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Nothing here opens a store."""
    yield
    assert _opened.cache_info().currsize == 0
