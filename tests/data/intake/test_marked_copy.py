"""The marked copy is the sender's own file: every problem coloured, commented and listed, nothing run or revealed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from data.errors import DataError, UnreadableFile, WrongValues
from data.intake import marked_copy as module
from data.intake.proposal import marked_copy, propose

HEAD = ["indicator_id", "area_code", "period_from", "period_to", "numerator", "denominator", "note"]
GOOD = ["buddy_allocated", "E01015272", "2025-04-01", "2025-06-30", 5, 12, ""]
TOO_MANY = ["buddy_allocated", "E01015273", "2025-04-01", "2025-06-30", 13, 12, ""]
UNKNOWN = ["buddy_allocatd", "E01015272", "2025-04-01", "2025-06-30", 5, 12, ""]
Send = Callable[..., Path]


def workbook(tmp_path: Path) -> Path:
    """A return as somebody keeps it: a cover, a title above the table, colours, widths and a comment."""
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = "Cover"
    cover["A1"] = "Quarter 1"
    sheet = book.create_sheet("Our return")
    sheet.append(["Buddies", None])
    sheet.append([name.replace("_", " ").capitalize() for name in HEAD])
    for row in (GOOD, TOO_MANY, UNKNOWN):
        sheet.append(row)
    sheet["A2"].font = Font(bold=True, italic=True)
    sheet["E4"].comment = Comment("Counted twice?", "A colleague")
    sheet.column_dimensions["A"].width = 41
    path = tmp_path / "return.xlsx"
    book.save(path)
    return path


ODS = "urn:oasis:names:tc:opendocument:xmlns"


def write_ods(path: Path, rows: list[list[object]]) -> None:
    """Write the least that is an OpenDocument sheet."""
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        for row in rows
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    spaces = " ".join(f'xmlns:{name}="{ODS}:{name}:1.0"' for name in ("office", "table", "text"))
    body = f'<office:spreadsheet><table:table table:name="Return">{table}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>",
        )


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def test_the_sender_s_workbook_comes_back_marked_and_otherwise_as_it_was(
    ready_sqlite: sa.Engine, tmp_path: Path
) -> None:
    path = workbook(tmp_path)
    before = path.read_bytes()
    book = opened(marked_copy(path, propose(path, ready_sqlite).problems))
    assert book.sheetnames == ["Problems", "Cover", "Our return"]
    sheet = book["Our return"]
    assert sheet["A2"].font.italic
    assert sheet.column_dimensions["A"].width == 41
    assert sheet["E3"].fill.fill_type is None
    assert sheet["E3"].comment is None
    for place in ("E4", "A5"):
        assert sheet[place].fill.start_color.rgb == "00FFE699"
        assert sheet[place].font.color.rgb == "FF000000"
    assert sheet["E4"].comment.text.startswith("Counted twice?\n\nProblem ")
    assert "the numerator is above the denominator" in sheet["E4"].comment.text
    assert "Did you mean 'buddy_allocated'" in sheet["A5"].comment.text
    assert path.read_bytes() == before


def test_the_list_names_every_problem_and_leads_to_its_cell(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    path = workbook(tmp_path)
    problems = propose(path, ready_sqlite).problems
    sheet = opened(marked_copy(path, problems))["Problems"]
    assert sheet["A1"].value == f"{len(problems)} problems in return.xlsx"
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert len(lines) == len(problems) == 2
    assert {(line[1], line[2], line[3], line[4]) for line in lines} == {
        ("E4", "Our return", "4", "numerator"),
        ("A5", "Our return", "5", "indicator_id"),
    }
    assert all(line[5] and line[8] for line in lines), "what is wrong and what to do"
    assert {row[1].hyperlink.location for row in sheet.iter_rows(min_row=5)} == {"'Our return'!E4", "'Our return'!A5"}


@pytest.mark.parametrize("name", ["return.csv", "return.ods"])
def test_a_file_without_formatting_becomes_a_workbook_of_text(
    ready_sqlite: sa.Engine, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    rows = [HEAD, GOOD, [*TOO_MANY[:6], "=HYPERLINK(1)"]]
    if name.endswith("csv"):
        path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    else:
        write_ods(path, rows)
    content = marked_copy(path, [WrongValues("above", file=name, row=3, column="numerator", expected="12 or less")])
    sheet = opened(content).worksheets[1]
    assert [cell.value for cell in sheet[1]] == HEAD
    assert sheet["E3"].value == "13"
    assert sheet["E3"].comment.text == "Problem 1: above. Expected: 12 or less."
    assert (sheet["G3"].value, sheet["G3"].data_type) == ("=HYPERLINK(1)", "s"), "never a formula"
    assert sheet["G3"].quotePrefix


def test_words_of_the_sender_in_the_list_are_never_a_formula(send: Send) -> None:
    path = send(tuple(GOOD))
    problem = WrongValues("=1+1", row=2, column="numerator", found="=cmd|' /C calc'!A0", todo="@SUM(1)")
    sheet = opened(marked_copy(path, [problem]))["Problems"]
    assert {cell.data_type for cell in sheet[5] if cell.value is not None} == {"s"}


def test_every_row_of_a_problem_is_marked_up_to_a_limit_that_is_said(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = send(*[tuple(GOOD)] * 6)
    many = WrongValues("wrong", row=2, rows=range(2, 8), column="note")
    sheet = opened(marked_copy(path, [many])).worksheets[1]
    assert [cell.row for cell in sheet["G"] if cell.comment] == [2, 3, 4, 5, 6, 7]
    monkeypatch.setattr(module, "MARKED_AT_MOST", 4)
    book = opened(marked_copy(path, [many, WrongValues("other", row=3, column="numerator")]))
    assert [cell.row for cell in book.worksheets[1]["G"] if cell.comment] == [2, 3, 4, 5]
    assert book.worksheets[1]["E3"].comment, "each problem is marked at least once"
    assert "2, 3, 4, 5, 6, 7 (only the first 4 are coloured)" in book["Problems"]["D5"].value


def test_a_problem_of_a_column_marks_its_header_and_one_of_the_file_is_listed_only(send: Send) -> None:
    path = send(tuple(GOOD))
    book = opened(marked_copy(path, [WrongValues("a", column="note"), WrongValues("b"), WrongValues("c", column="Q")]))
    sheet = book.worksheets[1]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["G1", "Q1"]
    assert [book["Problems"].cell(row, 2).value for row in (5, 6, 7)] == ["G1", "the whole file", "Q1"]


def test_a_merged_cell_is_marked_at_its_corner(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    book = load_workbook(path)
    book["Our return"].merge_cells("E3:E4")
    book.save(path)
    sheet = opened(marked_copy(path, [WrongValues("a", sheet="Our return", row=4, column="numerator")]))["Our return"]
    assert sheet["E3"].comment.text == "Problem 1: a."


def test_no_copy_is_made_of_a_file_that_identifies_a_person(ready_sqlite: sa.Engine, send: Send) -> None:
    path = send((*GOOD[:6], "943 476 5919"), tuple(TOO_MANY))
    problems = propose(path, ready_sqlite).problems
    with pytest.raises(UnreadableFile, match="could be identified") as refusal:
        marked_copy(path, problems)
    assert "943" not in str(refusal.value)


def test_no_copy_is_made_of_what_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "layer.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(DataError, match="only of a table"):
        marked_copy(path, [WrongValues("empty")])


def test_no_copy_is_made_of_a_table_that_would_fill_the_memory(
    send: Send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_TEXT", 10)
    monkeypatch.setattr(module, "LARGEST_UNPACKED", 10)
    for path in (send(tuple(GOOD)), workbook(tmp_path)):
        with pytest.raises(DataError, match="too large for a marked copy"):
            marked_copy(path, [WrongValues("a", row=2)])
