"""Tables are read as text whatever the file is; what cannot be read is refused in one clear sentence."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import EmptyFile, UnreadableFile, WrongColumns, WrongValues, WrongVintage
from data.sources import archives
from data.sources.tables import (
    LAST_LSOA11,
    check_codes,
    find_column,
    preview,
    read_in_chunks,
    read_table,
    require_columns,
    to_number,
)

ROWS = [["area_code", "area_name", "count"], ["E01015272", "Café Row", "1"], ["E01015273", "Poole", "2"]]


def as_lists(path: Path) -> list[list[str]]:
    table = read_table(path)
    return [list(table.columns), *table.to_numpy().tolist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_reads_the_same(write_table, encoding):
    assert as_lists(write_table(ROWS, encoding=encoding)) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_usual_delimiter_reads_the_same(write_table, delimiter):
    assert as_lists(write_table(ROWS, delimiter=delimiter)) == ROWS


@pytest.mark.parametrize("name", ["table.xlsx", "table.ods"])
def test_workbooks_read_as_the_csv_does(write_table, name):
    assert as_lists(write_table(ROWS, name)) == ROWS


@pytest.mark.parametrize(("name", "ending"), [("table.xlsx", ".csv"), ("table.csv", ".xlsx"), ("table.ods", ".xlsx")])
def test_a_wrong_ending_does_not_matter(write_table, name, ending):
    path = write_table(ROWS, name)
    assert as_lists(path.rename(path.with_suffix(ending))) == ROWS


def test_numbers_and_dates_of_a_workbook_are_written_as_a_person_would(write_table):
    path = write_table([["a", "b", "c", "d"], [5.0, 0.25, dt.date(2025, 3, 31), True]], "cells.xlsx")
    assert read_table(path).iloc[0].tolist() == ["5", "0.25", "2025-03-31", "TRUE"]


def test_the_header_is_found_below_title_rows_and_footnotes_are_left_out(write_table):
    rows = [["A title", "", ""], ["", "", ""], *ROWS, ["", "", ""], ["Source: ONS", "", ""]]
    table = read_table(write_table(rows, "titled.xlsx"))
    assert list(table.columns) == ROWS[0]
    assert table.index.tolist() == [4, 5]


def test_names_lose_double_spaces_line_breaks_and_hard_spaces(write_table):
    table = read_table(write_table([["IMD  Rank\n(where\u00a01 is most)", " b "], ["1", " two "]]))
    assert list(table.columns) == ["IMD Rank (where 1 is most)", "b"]
    assert table["b"].tolist() == ["two"]


def test_hidden_sheets_are_not_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Hidden"
    book.active.append(["secret", "column"])
    book.create_sheet("Shown").append(["a", "b"])
    book["Shown"].append(["1", "2"])
    book["Hidden"].sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    assert [sheet.name for sheet in preview(tmp_path / "book.xlsx").sheets] == ["Shown"]


def test_a_preview_of_geojson_names_the_properties(tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"LSOA21CD":"E01"}}]}')
    seen = preview(path)
    assert (seen.kind, seen.columns) == ("json", ("LSOA21CD",))


BYTES = {
    "no bytes": (b"", EmptyFile, "empty"),
    "blank": (b"\r\n  \n", EmptyFile, "empty"),
    "only a mark": (b"\xef\xbb\xbf", EmptyFile, "empty"),
    "web page": (b"<!DOCTYPE html><html><body>Not found</body></html>", UnreadableFile, "web page"),
    "web page after blanks": (b"\n\n  <HTML><head>", UnreadableFile, "web page"),
    "error document": (b"<?xml version='1.0'?><Error>NoSuchKey</Error>", UnreadableFile, "XML"),
    "document": (b"%PDF-1.7 ...", UnreadableFile, "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n....", UnreadableFile, "picture"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, UnreadableFile, "old Excel"),
    "locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        UnreadableFile,
        "password",
    ),
    "binary": (b"area,\x00\x01\x02\x03name\x05\n" * 30, UnreadableFile, "binary"),
    "open quotation mark": (b'a,b\n1,"two\n3,4\n', UnreadableFile, "quotation mark"),
    "cut in a row": (b"a,b,c\n1,2,3\n4,5", UnreadableFile, "cut short"),
    "cells missing": (b"a,b,c\n1,2\n4,5,6\n", UnreadableFile, "cells missing"),
    "too many cells": (b"a,b\n1,2,3\n", WrongColumns, "more cells"),
    "name twice": (b"a,b,A\n1,2,3\n", WrongColumns, "twice"),
    "header alone": (b"a,b\n", EmptyFile, "no rows below"),
}


@pytest.mark.parametrize(("content", "error", "words"), BYTES.values(), ids=BYTES)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, content, error, words):
    path = tmp_path / "sent.csv"
    path.write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        read_table(path)
    assert "sent.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["table.xlsx", "table.ods"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_workbook_that_is_cut_short_is_refused(write_table, name, share):
    path = write_table(ROWS, name)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableFile, match="cut short or damaged"):
        read_table(path)


def test_a_workbook_with_damaged_parts_is_refused(tmp_path, write_table):
    good = write_table(ROWS, "table.xlsx")
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet><sheetData><row>" if "sheet1.xml" in name else old.read(name))
    with pytest.raises(UnreadableFile, match="damaged"):
        read_table(bad)


def test_a_workbook_that_unpacks_too_far_is_refused(write_table, monkeypatch):
    path = write_table(ROWS, "table.xlsx")
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        read_table(path)


def test_an_ods_that_declares_entities_is_refused(tmp_path):
    path = tmp_path / "entities.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    with pytest.raises(UnreadableFile, match="entities"):
        read_table(path)


def test_a_folder_and_a_name_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="folder"):
        read_table(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file"):
        read_table(tmp_path / "nothing.csv")


def test_missing_columns_are_named_with_what_stands_there(write_table):
    table = read_table(write_table(ROWS))
    with pytest.raises(WrongColumns, match=r"'LSOA21CD'.*found 'area_code', 'area_name', 'count'"):
        require_columns(table, ["area_code", "LSOA21CD"])
    assert require_columns(table, ["area_code"]) is table


def test_of_two_editions_of_a_column_the_later_is_found(write_table):
    table = read_table(write_table([["LAD22CD", "LAD24CD"], ["E06000058", "E06000059"]]))
    assert find_column(table, r"LAD\d\dCD", expected="LAD24CD") == "LAD24CD"
    with pytest.raises(WrongColumns, match="WD24CD"):
        find_column(table, r"WD\d\dCD", expected="WD24CD")


@pytest.mark.parametrize(
    ("text", "limits", "number"),
    [
        ("1,234", {}, 1234),
        ("-0.5", {}, -0.5),
        ("0", {"low": 0}, 0),
        ("10", {"high": 10}, 10),
        ("3.0", {"whole": True}, 3),
    ],
)
def test_numbers_as_people_write_them(write_table, text, limits, number):
    assert to_number(read_table(write_table([["n", "m"], [text, "x"]]))["n"], **limits).tolist() == [number]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("about 5", {}),
        ("", {}),
        ("-1", {"low": 0}),
        ("11", {"high": 10}),
        ("1.5", {"whole": True}),
        ("inf", {}),
        ("1,23", {}),
    ],
)
def test_what_is_no_number_names_row_and_column(write_table, text, limits):
    table = read_table(write_table([["n", "m"], ["1", "x"], [text, "x"]]))
    with pytest.raises(WrongValues, match=r"table.csv, row 3, column 'n'"):
        to_number(table["n"], **limits)


def test_all_wrong_values_are_counted_and_three_are_shown(write_table):
    table = read_table(write_table([["n"], *[[word] for word in "abcde"]]))
    with pytest.raises(
        WrongValues, match=r"5 values are wrong; found 'a' \(row 2\), 'b' \(row 3\), 'c' \(row 4\) and 2 more"
    ):
        to_number(table["n"])


def codes(write_table, *values: str):
    return read_table(write_table([["code", "name"], *[[value, "x"] for value in values]]))["code"]


def test_codes_of_the_right_vintage_pass(write_table):
    assert check_codes(codes(write_table, "E01015272", LAST_LSOA11), "lsoa11").tolist() == ["E01015272", LAST_LSOA11]


def test_the_first_code_made_for_2021_is_no_2011_code(write_table):
    with pytest.raises(WrongVintage, match="E01033769, as in 2021 files"):
        check_codes(codes(write_table, "E01033769"), "lsoa11")


def test_a_code_not_among_the_known_is_of_another_vintage(write_table):
    with pytest.raises(WrongVintage, match="E01015282, as in 2011 files"):
        check_codes(codes(write_table, "E01015282"), "lsoa21", known=["E01034275"])


@pytest.mark.parametrize("code", ["E02015272", "e01015272", "E0101527", "", "Poole 001A"])
def test_malformed_codes_are_refused(write_table, code):
    with pytest.raises(WrongValues, match="LSOA codes"):
        check_codes(codes(write_table, "E01015272", code), "lsoa21")


def test_an_area_that_stands_twice_is_refused(write_table):
    with pytest.raises(WrongValues, match=r"row 4.*each area once"):
        check_codes(codes(write_table, "E01015272", "E01015273", "E01015272"), "lsoa21")


def test_long_files_are_read_in_parts_with_their_row_numbers(write_table):
    path = write_table([["Postcode", "LSOA21CD", "other"], *[[f"BH1 {n}AA", "E01015272", "x"] for n in range(5)]])
    parts = list(read_in_chunks(path, ["Postcode", "LSOA21CD"], rows=2))
    assert [len(part) for part in parts] == [2, 2, 1]
    assert [row for part in parts for row in part.index] == [2, 3, 4, 5, 6]
    assert list(parts[0].columns) == ["Postcode", "LSOA21CD"]


def test_a_long_file_that_is_cut_short_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("a,b\n1,2\n3")
    with pytest.raises(UnreadableFile, match="cut short"):
        list(read_in_chunks(path, ["a", "b"]))


cell = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Co", "Cn"]),
    min_size=1,
    max_size=8,
).filter(lambda text: text[0] not in "=+-@")  # what a spreadsheet would run is refused: see the hostile files


@settings(deadline=None)
@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=12))
def test_any_cells_come_back_as_they_were_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("cells") / "cells.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["first", "second", "third"], *rows])
    assert [tuple(row) for row in read_table(path, header_row=1).to_numpy()] == rows
