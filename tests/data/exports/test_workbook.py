"""The workbook, read back from its file, against the Government Analysis Function's checklist for spreadsheets."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.answers.answer import Answer
from data.exports.ods import ods_bytes
from data.exports.table import SHORTHAND
from data.exports.workbook import workbook_bytes

ON = dt.date(2026, 6, 1)
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
Answers = dict[str, Answer]


@pytest.fixture
def content(answers: Answers) -> bytes:
    return workbook_bytes(answers, "Two tables", ON)


@pytest.fixture
def book(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def table_rows(sheet: Worksheet) -> list[list[object]]:
    """The cells of a sheet's one table, its heading row first."""
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def records(sheet: Worksheet) -> list[dict[object, object]]:
    head, *rows = table_rows(sheet)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_sheets_stand_in_the_order_in_which_they_are_read(book: Workbook) -> None:
    before = ["Cover", "Contents", "Notes", "Definitions", "Sources"]
    assert book.sheetnames == [*before, "Table_1", "Table_2", "Charts"]
    assert book.active is not None
    assert book.active.title == "Cover"
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 8


def test_the_workbook_says_its_title_language_and_maker(book: Workbook) -> None:
    said = book.properties
    assert (said.title, said.language, said.creator) == ("ILLUSTRATIVE: Two tables", "en-GB", "Dorset ICS")
    assert said.modified == said.created == dt.datetime(2026, 6, 1)  # noqa: DTZ001 (as it is read back)


def test_no_cell_is_merged_hidden_or_run_as_a_formula(book: Workbook) -> None:
    for sheet in book:
        assert sheet.merged_cells.ranges == set()
        assert not [1 for one in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()) if one.hidden]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert [cell.value for cell in cells if re.match(r"^[=+\-@]", str(cell.value)) and cell.data_type == "s"] == []


def test_text_like_a_formula_is_kept_as_text_and_a_number_below_zero_as_a_number(book: Workbook) -> None:
    assert [row["Unusual"] for row in records(book["Table_1"])] == ["[z]", "[z]", "'=HYPERLINK(1)", "'-"]
    assert [row["Value"] for row in records(book["Table_2"])] == [12.5, -3]
    assert book["Table_2"]["A3"].value == "'@BCP has 12.5."


@pytest.mark.parametrize("name", ["Contents", "Notes", "Definitions", "Sources", "Table_1", "Table_2"])
def test_each_sheet_holds_one_tagged_table_without_gaps(book: Workbook, name: str) -> None:
    sheet = book[name]
    (table,) = sheet.tables.values()
    first, last = table.ref.split(":")
    top = int(first[1:])
    assert last == f"{sheet.cell(1, sheet.max_column).column_letter}{sheet.max_row}"  # nothing beside or below it
    assert [row for row in range(1, top) if not sheet.cell(row, 1).value] == []  # nor a gap above it
    head, *rows = table_rows(sheet)
    assert [column.name for column in table.tableColumns] == head
    assert len(set(head)) == len(head)
    assert [cell for row in (head, *rows) for cell in row if cell is None or cell == ""] == []
    assert rows
    assert not table.tableStyleInfo.showRowStripes
    assert " " not in name


def test_headings_wrap_and_stay_in_sight_and_columns_are_wide_enough(book: Workbook) -> None:
    for name, top in (("Table_1", 5), ("Sources", 4)):
        sheet = book[name]
        assert sheet.freeze_panes == f"A{top + 1}"
        for cell in sheet[top]:
            assert cell.font.bold
            assert cell.alignment.wrap_text
            assert sheet.column_dimensions[cell.column_letter].width >= max(map(len, str(cell.value).split()))
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${top}:${top}"


def test_a_figure_that_is_not_shown_says_why_and_zero_is_a_number(book: Workbook) -> None:
    first, hidden, zero, last = records(book["Table_1"])
    numbers = ("Counted", "Out of", "Value", "Lower 95% confidence limit", "Upper 95% confidence limit")
    assert [first[name] for name in numbers] == [80, 100, 80, 70, 87.3]
    assert [hidden[name] for name in numbers] == ["[c]"] * 5
    assert [zero[name] for name in numbers] == [0, 40, 0, 0, 8.8]
    assert [last[name] for name in numbers] == [75, 100, 75, "[z]", "[z]"]
    assert [row["Status"] for row in (first, hidden)] == [
        "from counts rounded to the nearest 5",
        "too few people to show",
    ]


def test_every_shorthand_is_explained(book: Workbook) -> None:
    used = {
        cell for name in ("Table_1", "Table_2", "Sources") for row in table_rows(book[name]) for cell in row
    } & SHORTHAND.keys()
    assert used == {"[c]", "[x]", "[z]"}
    notes = dict(map(tuple, table_rows(book["Notes"])))
    assert all(notes[one].startswith(meaning) for one, meaning in {"[c]": "confidential", "[x]": "not avail"}.items())
    assert {"[c]", "[x]", "[z]", "[p]", "Small numbers"} <= notes.keys()
    assert notes["[note 1]"] == "Visits within 14 days."


def test_each_table_names_its_notes_and_no_others(quarters: Answer, areas: Answer) -> None:
    second = replace(areas, notes=("Counted by place.", *quarters.notes))
    book = load_workbook(io.BytesIO(workbook_bytes({"a": quarters, "b": second}, "Two tables", ON)))
    assert book["Table_1"]["A4"].value.startswith("Unit: %. Period: 2025/26. On the sheet Notes: [note 1].")
    assert "On the sheet Notes: [note 2], [note 1]." in book["Table_2"]["A4"].value
    notes = dict(map(tuple, table_rows(book["Notes"])))
    assert [notes["[note 1]"], notes["[note 2]"]] == ["Visits within 14 days.", "Counted by place."]


def test_periods_have_real_days_beside_their_names(book: Workbook) -> None:
    second = records(book["Table_1"])[1]
    days = [second[name].date() for name in ("First day of the period", "Last day of the period")]
    assert days == [dt.date(2025, 7, 1), dt.date(2025, 9, 30)]
    first, last = records(book["Table_2"])
    assert (first["First day of the period"], first["Last day of the period"]) == (
        dt.datetime(2024, 1, 1),  # noqa: DTZ001
        dt.datetime(2024, 12, 31),  # noqa: DTZ001
    )
    assert (first["Asks"], last["Asks"], last["Due"]) == ("A1; A2", "[z]", "[z]")


def test_every_sheet_says_at_its_top_what_is_illustrative(book: Workbook) -> None:
    for sheet in book:
        assert "ILLUSTRATIVE" in sheet["A2"].value
    assert book["Table_2"]["A2"].value.startswith("Nothing on this sheet is illustrative.")


def test_a_workbook_of_real_figures_says_nothing_of_illustrative_ones(areas: Answer) -> None:
    book = load_workbook(io.BytesIO(workbook_bytes({"areas": areas}, "Areas", ON)))
    assert book.properties.title == "Areas"
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [word for word in words if "ILLUSTRATIVE" in word]


def test_sources_say_edition_date_and_fingerprint_and_which_tables_use_them(book: Workbook) -> None:
    first, second = records(book["Sources"])
    assert (first["Edition"], first["Extract date"], first["SHA-256 of the file"], first["Used in"]) == (
        "2025/26",
        dt.datetime(2026, 5, 1),  # noqa: DTZ001
        "ab" * 32,
        "Table_1",
    )
    assert (second["Extract date"], second["Illustrative"], second["Used in"]) == ("[x]", "no", "Table_2")


def test_contents_lead_to_every_sheet_and_name_what_has_no_data(book: Workbook) -> None:
    listed = {row["Sheet"]: row for row in records(book["Contents"])}
    assert list(listed) == ["Notes", "Definitions", "Sources", "Table_1", "Table_2", "Charts", "[x]"]
    assert listed["Table_1"]["Rows"] == 4
    assert listed["[x]"]["What it holds"] == "What was promised? No data yet: No data yet."
    links = {cell.value: cell.hyperlink.location for (cell,) in book["Contents"]["A4:A10"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in listed if name != "[x]"}


def test_indicators_and_columns_are_defined(book: Workbook) -> None:
    defined = {row["Kind"]: row for row in records(book["Definitions"]) if row["Kind"] != "column"}
    assert list(defined) == ["indicator new_birth_visit_14_days"]
    assert "Counted: " in str(defined["indicator new_birth_visit_14_days"]["Meaning"])
    assert "Lower 95% confidence limit" in {row["Term"] for row in records(book["Definitions"])}


def test_charts_are_native_with_gaps_and_a_text_alternative(content: bytes, answers: Answers) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        drawing = fromstring(parts.read("xl/drawings/drawing1.xml"))
        charts = [fromstring(parts.read(f"xl/charts/chart{number}.xml")) for number in (1, 2)]
    said = [one.attrib["descr"] for one in drawing.iter() if one.tag.endswith("}cNvPr")]
    assert said == [
        f"{answers['over-time'].text_alternative} The figures are on the sheet Table_1.",
        "Bar chart. The figures are on the sheet Table_2.",
    ]
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    drawn = [
        {
            point.attrib["idx"]: point.findtext(f"{space}v")
            for point in chart.find(f".//{space}numLit").iter(f"{space}pt")
        }
        for chart in charts
    ]
    assert drawn == [{"0": "80", "2": "0", "3": "75"}, {"0": "12.5", "1": "-3"}]  # the hidden one is a gap
    assert [chart.find(f".//{space}dispBlanksAs").attrib["val"] for chart in charts] == ["gap", "gap"]
    assert [chart.find(f".//{space}lineChart") is not None for chart in charts] == [True, False]


def test_the_same_figures_on_the_same_day_are_the_same_file(content: bytes, answers: Answers) -> None:
    assert workbook_bytes(answers, "Two tables", ON) == content


def test_nothing_but_questions_without_data_still_makes_a_workbook(nothing: Answer) -> None:
    book = load_workbook(io.BytesIO(workbook_bytes({"promises": nothing}, "Promises", ON)))
    assert book.sheetnames == ["Cover", "Contents", "Notes"]


def converted(content: bytes, suffix: str, folder: Path) -> Workbook:
    """Let LibreOffice open a workbook and write it again as one of Excel's."""
    path = folder / f"book.{suffix}"
    path.write_bytes(content)
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    run = [
        str(OFFICE),
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(folder / "again"),
    ]
    subprocess.run([*run, str(path)], check=True, timeout=180, capture_output=True)
    return load_workbook(folder / "again" / "book.xlsx")


def cells(sheet: Worksheet) -> list[list[object]]:
    """Every row without the empty cells at its end, and no empty rows at the end of the sheet."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    kept = [row[: max((at for at, value in enumerate(row, start=1) if value is not None), default=0)] for row in rows]
    while kept and not kept[-1]:
        kept.pop()
    return kept


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_libreoffice_opens_it_and_reads_the_same_cells(
    answers: Answers, book: Workbook, tmp_path: Path, suffix: str
) -> None:
    content = {"xlsx": workbook_bytes, "ods": ods_bytes}[suffix](answers, "Two tables", ON)
    again = converted(content, suffix, tmp_path)
    names = [name for name in book.sheetnames if suffix == "xlsx" or name != "Charts"]
    assert again.sheetnames == names
    for name in names:
        mine = [row for row in cells(book[name]) if suffix == "xlsx" or row[:1] != ["Charts"]]
        assert cells(again[name]) == mine, name
