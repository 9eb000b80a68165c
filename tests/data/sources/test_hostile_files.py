"""Files made to exhaust, deceive or take over: each is refused in one sentence, within seconds and little memory.

The limits are generous, so that a busy machine does not fail them; figures are the benchmarks' business.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zipfile

import pytest

from data.errors import DataError
from data.sources import read_file
from data.sources.formats import opendocument_rows, workbook_rows
from data.sources.tables import read_table
from tests.data.sources import hostile_bytes as made
from tests.data.sources.fuzz_material import SHAPES, shape_files
from tests.data.sources.hostile_bytes import (
    DECLARATION,
    HEADER,
    MAIN,
    OPEN_HEADER,
    archive,
    open_cell,
    opendocument_parts,
    text_cell,
    workbook_parts,
)

SECONDS = 20
MEGABYTES = 700
MANY = 1_048_576  # rows of a sheet

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def saved(tmp_path, content, name="sent.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def workbook(tmp_path, rows="", **more):
    return archive(tmp_path / "sent.xlsx", workbook_parts(HEADER + rows, **more))


def refused(outcome, words, kind="UnreadableFile"):
    assert outcome.kind == kind, outcome
    assert words in outcome.sentence
    assert "sent." in outcome.sentence
    assert "\n" not in outcome.sentence
    assert outcome.seconds < SECONDS
    assert outcome.megabytes < MEGABYTES


def passed(outcome):
    assert outcome.kind == "passed", outcome
    assert outcome.seconds < SECONDS
    assert outcome.megabytes < MEGABYTES


def refusal(read, path):
    with pytest.raises(DataError) as caught:
        read(path)
    assert path.name in str(caught.value)
    return str(caught.value)


# ---- containers -----------------------------------------------------------------------------------------------------


def test_a_part_that_unpacks_a_thousandfold(tmp_path, bounded):
    path = archive(tmp_path / "sent.xlsx", workbook_parts("", more={"xl/big.xml": b" " * (300 << 20)}))
    assert path.stat().st_size < 1 << 20
    refused(bounded("open", path), "unpacks to an enormous one")


def test_parts_that_together_unpack_too_far(tmp_path, bounded):
    path = tmp_path / "sent.xlsx"
    part = bytes(range(256)) * 40_000  # 10 MB that no rule for a single part minds
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in workbook_parts(HEADER).items():
            file.writestr(name, content)
        for number in range(64):
            file.writestr(f"xl/media/{number}.bin", part)
    refused(bounded("open", path), "unpacks to more than a table should")


def test_a_container_in_a_container_is_never_unpacked(tmp_path, bounded):
    inner = archive(tmp_path / "inner.zip", {"a.shp": b"0" * (100 << 20)}).read_bytes()
    for _ in range(5):
        inner = archive(tmp_path / "sent.zip", {"inner.zip": inner}).read_bytes()
    refused(bounded("read", tmp_path / "sent.zip"), "none of the publications", "UnrecognisedFile")


def test_parts_that_lie_over_each_other(tmp_path, bounded):
    path = saved(tmp_path, made.overlapping_archive(2_000, b"0" * 200_000), "sent.xlsx")
    refused(bounded("open", path), "lie over each other")


def test_more_parts_than_anyone_needs(tmp_path, bounded):
    path = tmp_path / "sent.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(70_000):
            file.writestr(str(number), b"")
    refused(bounded("open", path), "too many parts")


@pytest.mark.parametrize("name", ["../../evil.shp", "/evil.shp", "a\\..\\evil.shp", "C:/evil.shp"])
def test_a_part_whose_name_leads_out(tmp_path, bounded, name):
    path = archive(tmp_path / "sent.zip", {"areas.shp": b"", "areas.dbf": b"", "areas.shx": b"", name: b"x"})
    refused(bounded("open", path), "leads outside")


def test_a_part_that_lies_about_its_size(tmp_path):
    path = workbook(tmp_path, "<row r='2'/>" * 100_000)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        size = file.getinfo("xl/worksheets/sheet1.xml").file_size
    told = size.to_bytes(4, "little")
    assert content.count(told) == 2
    path.write_bytes(content.replace(told, (1_000).to_bytes(4, "little")))
    assert "damaged" in refusal(read_table, path)


def test_a_container_with_a_password(tmp_path, bounded):
    content = bytearray(archive(tmp_path / "sent.zip", {"areas.shp": b"abc"}).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    refused(bounded("open", saved(tmp_path, bytes(content), "sent.zip")), "has a password")


def test_a_workbook_with_a_password_is_another_kind_of_container(tmp_path, bounded):
    directory = b"\x00" * 5_000_000 + "EncryptedPackage".encode("utf-16-le")
    path = saved(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + directory, "sent.xlsx")
    refused(bounded("open", path), "has a password")


def test_an_opendocument_with_a_password(tmp_path, bounded):
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    path = archive(tmp_path / "sent.ods", opendocument_parts(OPEN_HEADER, {"META-INF/manifest.xml": manifest}))
    refused(bounded("open", path), "has a password")


# ---- what a workbook carries ----------------------------------------------------------------------------------------

CARRIED = {
    "xl/vbaProject.bin": "macros",
    "xl/macrosheets/sheet1.xml": "macros",
    "xl/activeX/activeX1.bin": "controls",
    "xl/embeddings/oleObject1.bin": "other files",
    "xl/externalLinks/externalLink1.xml": "links to other workbooks",
    "xl/connections.xml": "a connection",
    "xl/queryTables/queryTable1.xml": "a connection",
}


@pytest.mark.parametrize(("name", "words"), CARRIED.items())
def test_a_workbook_that_runs_fetches_or_carries_something(tmp_path, bounded, name, words):
    refused(bounded("open", workbook(tmp_path, more={name: b"x"})), words)


def test_a_workbook_that_says_it_may_hold_macros(tmp_path, bounded):
    types = (
        f"{DECLARATION}<Types><Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>"
    )
    refused(bounded("open", workbook(tmp_path, more={"[Content_Types].xml": types})), "macros")


@pytest.mark.parametrize("name", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_an_opendocument_with_macros(tmp_path, bounded, name):
    path = archive(tmp_path / "sent.ods", opendocument_parts(OPEN_HEADER, {name: b"<x/>"}))
    refused(bounded("open", path), "macros")


def test_an_opendocument_that_takes_figures_from_elsewhere(tmp_path):
    linked = '<table:table-source xlink:href="http://example.org/a.ods" xmlns:xlink="x"/>'
    path = archive(tmp_path / "sent.ods", opendocument_parts(linked + OPEN_HEADER))
    assert "links to other workbooks" in refusal(read_table, path)


def test_a_link_to_a_web_page_in_a_cell_is_left_alone(tmp_path):
    link = f"{DECLARATION}<Relationships><Relationship Id='r1' TargetMode='External' Target='https://www.gov.uk'/>"
    path = workbook(
        tmp_path,
        f'<row r="2">{text_cell("A2", "E06000059")}<c r="B2"><v>5</v></c></row>',
        more={"xl/worksheets/_rels/sheet1.xml.rels": f"{link}</Relationships>"},
    )
    assert read_table(path)["count"].tolist() == ["5"]


@pytest.mark.parametrize("declared", [ENTITIES, EXTERNAL, "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'><x>&a;</x>"])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/core.xml", "xl/drawings/a.vml"]
)
def test_a_workbook_that_defines_entities(tmp_path, bounded, declared, part):
    path = workbook(tmp_path, more={part: f'<?xml version="1.0"?>{declared}<x>&a9;</x>'})
    refused(bounded("open", path), "XML entities")


def test_entities_in_letters_of_two_bytes_and_behind_a_long_comment(tmp_path, bounded):
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{ENTITIES}<x/>'.encode("utf-16")
    refused(bounded("open", workbook(tmp_path, more={"docProps/core.xml": wide})), "XML entities")
    far = f"<!--{'x' * 100_000}-->{ENTITIES}<x/>"
    refused(bounded("open", workbook(tmp_path, more={"docProps/core.xml": far})), "XML entities")


# ---- cells ----------------------------------------------------------------------------------------------------------


def rows_of(count, cells=1):
    return "".join(
        f'<row r="{n}">' + "".join(f"<c><v>{n * k}</v></c>" for k in range(1, cells + 1)) + "</row>"
        for n in range(2, count + 2)
    )


def test_a_sheet_that_is_full_to_its_last_row_is_refused(tmp_path, bounded):
    path = workbook(tmp_path, rows_of(MANY - 1))
    refused(bounded("table", path), "more than any table")


def test_a_sheet_that_is_empty_to_its_last_row_is_read(tmp_path, bounded):
    rows = f'<row r="2">{text_cell("A2", "E06000059")}<c r="B2"><v>5</v></c></row>'
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, MANY + 1))
    passed(bounded("table", workbook(tmp_path, rows)))


def test_a_sheet_with_a_value_in_its_last_row_is_read_within_limits(tmp_path, bounded):
    rows = f'<row r="{MANY}">{text_cell(f"A{MANY}", "E06000059")}<c r="B{MANY}"><v>5</v></c></row>'
    path = workbook(tmp_path, rows)
    assert read_table(path).index.tolist() == [MANY]
    passed(bounded("table", path))


def test_a_value_in_the_last_column_of_every_row(tmp_path, bounded):
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>{n}</v></c></row>' for n in range(2, 100_000))
    refused(bounded("table", workbook(tmp_path, rows)), "more than any table")


@pytest.mark.parametrize(
    "row",
    [
        '<row r="999999999"><c><v>1</v></c></row>',
        '<row r="2"><c r="ZZZ2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>',
        '<row r="2"><c t="s"><v>7</v></c></row>',
        '<row r="2"><c t="s"><v>-1</v></c></row>',
        '<row r="2"><c><v>1e5x</v></c></row>',
        '<row r="-1"/>',
    ],
)
def test_places_and_values_that_no_sheet_has(tmp_path, row):
    assert "damaged" in refusal(read_table, workbook(tmp_path, row))


def test_one_gigantic_cell(tmp_path, bounded):
    words = "".join(f"{n} " for n in range(3_000_000))
    path = workbook(tmp_path, f'<row r="2">{text_cell("A2", words)}</row>')
    outcome = bounded("read", path)
    refused(outcome, "more than 131,072 letters")
    assert "row 2, column 'A'" in outcome.sentence
    path = archive(
        tmp_path / "sent.ods", opendocument_parts(f"{OPEN_HEADER}<table:table-row>{open_cell(words)}</table:table-row>")
    )
    refused(bounded("read", path), "more than 131,072 letters")
    refused(
        bounded("read", saved(tmp_path, b"a,b\n1," + words[:900_000].encode() + b"\n")), "more than 131,072 letters"
    )


@pytest.mark.parametrize(("letters", "passes"), [(131_072, True), (131_073, False)])
def test_the_longest_cell(tmp_path, letters, passes):
    path = workbook(tmp_path, f'<row r="2">{text_cell("A2", "a" * letters)}</row>')
    if passes:
        assert len(read_table(path)["area_code"].iloc[0]) == letters
    else:
        assert "letters" in refusal(read_table, path)


def test_an_opendocument_whose_one_row_stands_a_million_times(tmp_path, bounded):
    row = f'<table:table-row table:number-rows-repeated="1048575">{open_cell("1", 1000)}</table:table-row>'
    refused(
        bounded("read", archive(tmp_path / "sent.ods", opendocument_parts(OPEN_HEADER + row))), "more than any table"
    )
    row = f"<table:table-row>{open_cell('1', 2_000_000_000)}</table:table-row>"
    path = archive(tmp_path / "sent.ods", opendocument_parts(OPEN_HEADER + row))
    outcome = bounded("read", path)
    assert outcome.kind == "UnrecognisedFile"
    assert outcome.megabytes < MEGABYTES


def test_a_formula_gives_its_last_figure_and_one_without_is_refused(tmp_path):
    good = f'<row r="2">{text_cell("A2", "E06000059")}<c r="B2"><f>2+3</f><v>5</v></c></row>'
    assert read_table(workbook(tmp_path, good))["count"].tolist() == ["5"]
    blank = f'<row r="2">{text_cell("A2", "E06000059")}<c r="B2" t="str"><f>IF(1,"")</f><v></v></c></row>'
    assert read_table(workbook(tmp_path, blank))["count"].tolist() == [""]
    for cell in ("<f>2+3</f>", "<f>2+3</f><v></v>", "<f>2+3</f><v/>"):
        path = workbook(tmp_path, f'<row r="2">{text_cell("A2", "E06000059")}<c r="B2">{cell}</c></row>')
        assert "sheet 'Return', row 2, column 'B': the cell holds a formula that was never" in refusal(read_table, path)


def test_a_formula_of_an_opendocument_without_a_figure_is_refused(tmp_path):
    cell = '<table:table-cell table:formula="of:=2+3"/>'
    row = f"<table:table-row>{open_cell('E06000059')}{cell}</table:table-row>"
    path = archive(tmp_path / "sent.ods", opendocument_parts(OPEN_HEADER + row))
    assert "row 2, column 'B'" in refusal(read_table, path)


@pytest.mark.parametrize(
    "text", ["=1+1", "= cmd|' /C calc'!A0", "=HYPERLINK(A1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-SUM(A1)", "\t=1"]
)
@pytest.mark.parametrize("name", ["sent.csv", "sent.xlsx", "sent.ods"])
def test_text_that_begins_like_a_formula_is_refused_without_repeating_it(write_table, text, name):
    path = write_table([["area_code", "note"], ["E06000059", "x"], ["E06000058", text]], name)
    if name == "sent.xlsx":  # openpyxl would write a formula
        rows = f'<row r="2">{text_cell("A2", "x")}</row><row r="3"><c/>{text_cell("B3", text)}</row>'
        path = archive(path, workbook_parts(HEADER + rows))
    sentence = refusal(read_table, path)
    assert "1 cell begins like a formula" in sentence
    assert "row 3" in sentence
    assert text.strip() not in sentence


@pytest.mark.parametrize(
    "text", ["-5", "+3.5", "-", "–", "@someone", "+44 (0)1202", "- see note (2)", "=", "a=b", "5-6"]
)
def test_numbers_marks_and_words_that_begin_with_the_same_signs_are_read(write_table, text):
    assert read_table(write_table([["area_code", "note"], ["E06000059", text]]))["note"].tolist() == [text]


def test_dates_of_both_calendars_and_times_are_read_as_people_write_them(tmp_path):
    styles = (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd mmm yyyy"/></numFmts>'
    )
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    days = ((1, 45748), (2, 45748.5), (1, 0.25), (1, 59))
    cells = "".join(f'<c s="{style}"><v>{day}</v></c>' for style, day in days)
    parts = workbook_parts(f'<row r="2">{cells}</row>', more={"xl/styles.xml": styles})
    parts["xl/_rels/workbook.xml.rels"] = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>", f'<Relationship Id="r3" Type="{link}" Target="/xl/styles.xml"/></Relationships>'
    )
    (_, rows), *_ = workbook_rows(archive(tmp_path / "sent.xlsx", parts))
    # day 45,748 is 1 April 2025; day 59 is 28 February 1900, before the 29 February that never was
    assert rows[1] == ("2025-04-01", "2025-04-01 12:00:00", "06:00:00", "1900-02-28")


def test_comments_and_spaces_of_an_opendocument(tmp_path):
    note = "<office:annotation><text:p>a comment</text:p></office:annotation>"
    cell = f"<table:table-cell>{note}<text:p>two<text:s/>words</text:p><text:p>two lines</text:p></table:table-cell>"
    path = archive(tmp_path / "sent.ods", opendocument_parts(f"<table:table-row>{cell}</table:table-row>"))
    assert list(opendocument_rows(path)) == [("Return", [("two words\ntwo lines",)])]


# ---- text -----------------------------------------------------------------------------------------------------------


def test_a_text_of_one_endless_row(tmp_path, bounded):
    refused(bounded("read", saved(tmp_path, b"a,b\n" + b"," * 100_000_000)), "has no end")
    refused(bounded("read", saved(tmp_path, b"a,b\n" + b'"x\n",' * 10_000_000)), "has no end")


def test_a_text_of_more_cells_than_a_table_has(tmp_path, bounded, monkeypatch):
    monkeypatch.setattr("data.sources.tables.MAX_TEXT_CELLS", 1_000)
    path = saved(tmp_path, b"a,b\n" + b"1,2\n" * 499)
    assert len(read_table(path)) == 499
    assert "more than can be read at once" in refusal(read_table, saved(tmp_path, b"a,b\n" + b"1,2\n" * 500))


def test_a_workbook_called_csv_is_read_and_a_page_called_xlsx_is_not(tmp_path, bounded):
    rows = f'<row r="2">{text_cell("A2", "E06000059")}<c r="B2"><v>5</v></c></row>'
    path = saved(tmp_path, workbook(tmp_path, rows).read_bytes(), "sent.csv")
    assert read_table(path)["count"].tolist() == ["5"]
    refused(bounded("open", saved(tmp_path, b"<html><table><tr><td>1</table>", "sent.xlsx")), "web page")


# ---- shapes ---------------------------------------------------------------------------------------------------------


def test_lists_in_lists_without_end(tmp_path, bounded):
    deep = b'{"type":"FeatureCollection","features":' + b"[" * 5_000_000
    refused(bounded("open", saved(tmp_path, deep, "sent.geojson")), "nests lists in lists")
    hidden = b'{"type":"FeatureCollection","features":' + b'["]]]]",' * 500_000
    refused(bounded("open", saved(tmp_path, hidden, "sent.geojson")), "nests lists in lists")
    harmless = json.dumps({"type": "FeatureCollection", "name": '["\\[[[' * 100, "features": []}).encode()
    passed(bounded("open", saved(tmp_path, harmless, "sent.geojson")))


def test_more_shapes_than_there_are_areas(tmp_path, bounded):
    many = b'{"type":"FeatureCollection","features":[' + b"{}," * 5_000_000 + b"{}]}"
    refused(bounded("open", saved(tmp_path, many, "sent.geojson")), "more shapes than")


VIRTUAL = (
    "<OGRVRTDataSource><OGRVRTLayer name='areas'><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
)


def test_a_file_that_names_another_file_is_not_followed(tmp_path):
    (tmp_path / "areas.geojson").write_text(json.dumps(SHAPES))
    virtual = VIRTUAL.format(tmp_path / "areas.geojson")
    path = saved(
        tmp_path, json.dumps({"type": "FeatureCollection", "x": virtual, "features": []}).encode(), "sent.geojson"
    )
    assert "no areas" in refusal(read_file, path)
    words = f"gdal vector pipeline ! read {tmp_path / 'areas.geojson'}"
    command = {"type": "gdal_streamed_alg", "command_line": words}
    path = saved(tmp_path, json.dumps(command | {"x": "FeatureCollection"}).encode(), "sent.geojson")
    assert "cannot be opened" in refusal(read_file, path)
    path = archive(tmp_path / "sent.zip", {"areas.shp": virtual, "areas.shx": b"x", "areas.dbf": b"x"})
    assert "no shapefile that can be read" in refusal(read_file, path)


def package(tmp_path, *statements):
    path = saved(tmp_path, shape_files()[0][1], "sent.gpkg")
    with contextlib.closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS LAD24CD FROM n"
COMPUTED = {
    "a view without end": f"CREATE VIEW more AS {ENDLESS}",
    "a column that is computed": "CREATE TABLE more (a, b AS (zeroblob(900000000)))",
    "a table made by a program": "CREATE VIRTUAL TABLE more USING fts5(words)",
}


@pytest.mark.parametrize("statement", COMPUTED.values(), ids=COMPUTED)
def test_a_geopackage_that_computes_what_is_read(tmp_path, bounded, statement):
    refused(bounded("read", package(tmp_path, statement)), "computed when they are read")


def test_a_trigger_of_a_geopackage_never_runs(tmp_path):
    path = package(tmp_path, "CREATE TRIGGER mine AFTER INSERT ON areas BEGIN DELETE FROM areas; END")
    before = path.read_bytes()
    assert read_file(path).rows_read == 2
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["sent.gpkg"]


def test_a_database_that_is_no_geopackage(tmp_path, bounded):
    path = tmp_path / "sent.gpkg"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE a (b)")
        database.commit()
    refused(bounded("open", path), "no GeoPackage")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_geopackage_cut_short_or_overwritten(tmp_path, bounded, share):
    content = shape_files()[0][1]
    at = int(len(content) * share)
    refused(bounded("read", saved(tmp_path, content[:at], "sent.gpkg")), "cut short or damaged")
    refused(bounded("read", saved(tmp_path, content[:4096] + b"\xff" * (len(content) - 4096), "sent.gpkg")), "damaged")
