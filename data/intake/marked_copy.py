"""Give senders their own file back with each problem marked where it stands: coloured, commented and listed.

Nothing of the file is run: a cell of a text file or an OpenDocument sheet is written as text, and links to other files
are left out. A file in which a person could be identified is not copied at all.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.errors import DataError, UnreadableFile, UnrecognisedFile
from data.intake.loading import IdentifiersFound, guarded_reader
from data.sources.formats import detect_kind, opendocument_rows, text_rows
from data.sources.tables import HEAD_ROWS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MARKED_AT_MOST: Final = 5_000  # cells; a spreadsheet with more comments takes minutes to open
ROWS_NAMED: Final = 50  # rows listed beside one problem
#: About 200,000 rows of a return. Every cell is held in memory while the copy is made, some hundred bytes for each.
LARGEST_UNPACKED: Final = 120 * 1024 * 1024
LARGEST_TEXT: Final = 25 * 1024 * 1024
LIST: Final = "Problems"
COLUMNS: Final = ("Number", "Cell", "Sheet", "Rows", "Column", "Problem", "Found", "Expected", "What to do")
WIDTHS: Final = (9, 16, 16, 24, 18, 52, 40, 40, 52)
FILL: Final = "FFE699"  # black text on it has a contrast of 17 to 1
AUTHOR: Final = "Checks"
SAME_NAME: Final = {"indicator": "indicator_id"}

Grid = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Mark:
    """One problem and the cells that it stands in: a sheet's title, and rows and columns from 1."""

    number: int
    problem: DataError
    sheet: str
    cells: tuple[tuple[int, int], ...]


def marked_copy(path: Path, problems: Sequence[DataError]) -> bytes:
    """Write a workbook with the sender's own sheets, marked, behind a list of every problem."""
    refuse_to_copy_identifiers(path)
    kind = detect_kind(path)
    refuse_to_copy(path, kind)
    book = own_workbook(path) if kind == "xlsx" else text_workbook(path, kind)
    marks = marks_of(book, problems)
    for sheet, cells in comments_of(marks).items():
        for (row, column), words in cells.items():
            mark_cell(book[sheet], row, column, words)
    write_list(book, path.name, marks)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def refuse_to_copy(path: Path, kind: str) -> None:
    """Make no copy of what is no table, or is so large that the copy would fill the memory."""
    problem = "" if kind in {"xlsx", "ods", "text"} else "a marked copy can be made only of a table"
    if kind == "text" and path.stat().st_size > LARGEST_TEXT:
        problem = TOO_LARGE
    elif kind in {"xlsx", "ods"}:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        problem = TOO_LARGE if unpacked > LARGEST_UNPACKED else ""
    if problem:
        raise UnreadableFile(problem, file=path.name, todo="Use the list of problems instead")


TOO_LARGE: Final = "the file is too large for a marked copy"


def refuse_to_copy_identifiers(path: Path) -> None:
    """Make no copy of what identifies a person: it would only spread it further."""
    try:
        guarded_reader(path)
    except IdentifiersFound:
        problem = "no marked copy is made of a file in which a person could be identified"
        todo = "Delete this file, take those cells out of your own and send it again"
        raise UnreadableFile(problem, file=path.name, todo=todo) from None
    except UnrecognisedFile:
        return


# ---- the sender's sheets --------------------------------------------------------------------------------------------


def own_workbook(path: Path) -> Workbook:
    """Open the sender's workbook with its formatting, and without links to other files."""
    from openpyxl import load_workbook

    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of what it does not keep
        return load_workbook(file, keep_links=False)


def text_workbook(path: Path, kind: str) -> Workbook:
    """Write the sheets of a text file or OpenDocument file into a workbook, every cell as text."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = opendocument_rows(path) if kind == "ods" else iter([("Return", list(text_rows(path)))])
    for name, rows in sheets:
        sheet = book.create_sheet(title_for(name, book.sheetnames))
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate(row, start=1):
                if value:
                    write_text(sheet, number, position, value)
    return book


def title_for(name: str, taken: Sequence[str]) -> str:
    """Make a name that a workbook allows for a sheet."""
    title = re.sub(r"[\[\]:*?/\\]", " ", name).strip("'")[:31].strip() or "Sheet"
    number = 1
    while title.casefold() in {other.casefold() for other in taken}:
        number += 1
        title = f"{title[:27]} {number}"
    return title


def write_text(sheet: Worksheet, row: int, column: int, value: str) -> Cell:
    """Write a cell as text, whatever it begins with: a spreadsheet will not take it for a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell: Cell = sheet.cell(row=row, column=column)  # type: ignore[assignment]
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
    cell.data_type = "s"
    if value[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = True
    return cell


# ---- where a problem stands -----------------------------------------------------------------------------------------


def marks_of(book: Workbook, problems: Sequence[DataError]) -> list[Mark]:
    """Find the cells of each problem; one without a place is only listed."""
    marks, left = [], MARKED_AT_MOST
    for number, problem in enumerate(problems, start=1):
        sheet = sheet_of(book, problem)
        cells = tuple(islice(cells_of(book[sheet], problem), max(left, 1)))
        left -= len(cells)
        marks.append(Mark(number, problem, sheet, cells))
    return marks


def sheet_of(book: Workbook, problem: DataError) -> str:
    """Name the sheet of a problem; one that names none stands in the first that a person sees."""
    if problem.sheet in book.sheetnames:
        return str(problem.sheet)
    wanted = title_for(problem.sheet, ()) if problem.sheet else ""
    seen = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.sheetnames
    return wanted if wanted in book.sheetnames else seen[0]


def cells_of(sheet: Worksheet, problem: DataError) -> Iterator[tuple[int, int]]:
    """Give a problem's cells: in its rows, else in the header of its column."""
    header, column = column_of(sheet, problem.column)
    if problem.rows:
        yield from ((row, column or 1) for row in problem.rows)
    elif column:
        yield header, column


def column_of(sheet: Worksheet, name: str | None) -> tuple[int, int]:
    """Find a column by the name in its header, or by its letter; 0 where there is none."""
    if not name:
        return 0, 0
    for row in sheet.iter_rows(min_row=1, max_row=HEAD_ROWS):
        for cell in row:
            if plain(cell.value) == plain(name):
                return cell.row or 0, cell.column or 0
    if re.fullmatch(r"[A-Z]{1,3}", name):
        from openpyxl.utils import column_index_from_string

        return 1, column_index_from_string(name)
    return 0, 0


def plain(name: object) -> str:
    """Bring a column's name into one spelling, as readers do."""
    words = "_".join(str(name or "").casefold().replace("_", " ").split())
    return SAME_NAME.get(words, words)


# ---- marking --------------------------------------------------------------------------------------------------------


def comments_of(marks: Iterable[Mark]) -> dict[str, dict[tuple[int, int], list[str]]]:
    """Gather what is to be said at each cell of each sheet."""
    said: dict[str, dict[tuple[int, int], list[str]]] = {}
    for mark in marks:
        for cell in mark.cells:
            said.setdefault(mark.sheet, {}).setdefault(cell, []).append(words_for(mark))
    return said


def words_for(mark: Mark) -> str:
    """Say a problem beside its cell, without what was found: that stands in the cell."""
    problem = mark.problem
    parts = [f"Problem {mark.number}: {problem.problem}."]
    if problem.expected is not None:
        parts.append(f"Expected: {problem.expected}.")
    if problem.todo:
        parts.append(f"{problem.todo.rstrip('.')}.")
    return " ".join(parts)


def mark_cell(sheet: Worksheet, row: int, column: int, words: Sequence[str]) -> None:
    """Colour a cell and comment on it, below what its sender had written there."""
    from copy import copy

    from openpyxl.comments import Comment
    from openpyxl.styles import Color, PatternFill

    cell = top_left(sheet, row, column)
    own = [cell.comment.text] if cell.comment else []
    cell.comment = Comment("\n\n".join([*own, *words]), AUTHOR, width=320, height=60 + 60 * len(words))
    cell.fill = PatternFill("solid", start_color=FILL)
    font: Any = copy(cell.font)
    font.color = Color("FF000000")
    cell.font = font


def top_left(sheet: Worksheet, row: int, column: int) -> Cell:
    """Give a cell, or the one that holds it where cells are merged."""
    place = sheet.cell(row=row, column=column).coordinate
    merged = next((found for found in sheet.merged_cells.ranges if place in found), None)
    found: Cell = sheet.cell(row=merged.min_row, column=merged.min_col) if merged else sheet[place]  # type: ignore[assignment]
    return found


# ---- the list -------------------------------------------------------------------------------------------------------


def write_list(book: Workbook, file_name: str, marks: Sequence[Mark]) -> None:
    """Put a sheet in front that lists every problem, with a link to its first cell."""
    from openpyxl.styles import Alignment, Font

    sheet: Worksheet = book.create_sheet(title_for(LIST, book.sheetnames), 0)
    write_text(sheet, 1, 1, f"{len(marks)} problem{'' if len(marks) == 1 else 's'} in {file_name}").font = Font(
        bold=True
    )
    write_text(sheet, 2, 1, "Mend the coloured cells in your own file and send it again. Nothing was loaded.")
    for position, name in enumerate(COLUMNS, start=1):
        write_text(sheet, 4, position, name).font = Font(bold=True)
        sheet.column_dimensions[chr(ord("A") + position - 1)].width = WIDTHS[position - 1]
    for row, mark in enumerate(marks, start=5):
        for position, words in enumerate(line_of(mark), start=1):
            write_text(sheet, row, position, words).alignment = Alignment(wrap_text=True, vertical="top")
        if mark.cells:
            link_to(sheet, row, mark)
    sheet.freeze_panes = "A5"
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def line_of(mark: Mark) -> tuple[str, ...]:
    """Write one line of the list."""
    problem, rows = mark.problem, mark.problem.rows
    more = f" and {len(rows) - ROWS_NAMED:,} more" if len(rows) > ROWS_NAMED else ""
    marked = len(mark.cells)
    unmarked = f" (only the first {marked:,} are coloured)" if 0 < marked < len(rows) else ""
    return (
        str(mark.number),
        place_of(mark),
        mark.sheet if mark.cells else "",
        ", ".join(map(str, rows[:ROWS_NAMED])) + more + unmarked,
        problem.column or "",
        problem.problem,
        "" if problem.found is None else str(problem.found),
        "" if problem.expected is None else str(problem.expected),
        problem.todo or "",
    )


def place_of(mark: Mark) -> str:
    """Name a problem's first cell as a spreadsheet does."""
    from openpyxl.utils import get_column_letter

    if not mark.cells:
        return "the whole file"
    row, column = mark.cells[0]
    return f"{get_column_letter(column)}{row}"


def link_to(sheet: Worksheet, row: int, mark: Mark) -> None:
    """Let the reader jump from the list to the cell."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell = sheet.cell(row=row, column=2)
    quoted = mark.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{place_of(mark)}", display=place_of(mark))
    cell.font = Font(color="FF0563C1", underline="single")
    cell.alignment = Alignment(vertical="top")
