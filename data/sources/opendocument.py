"""Read the cells of an OpenDocument sheet (ODS) as text, in bounded memory. OpenDocument 1.3 part 3, section 9."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from data.sources.archives import damaged, open_archive, part_blocks
from data.sources.office_files import carries
from data.sources.sheet_limits import MAX_LETTERS, SHEET_COLUMNS, SHEET_ROWS, Row, SheetRows
from data.sources.workbooks import number_text
from data.sources.xml_events import SEPARATOR, read_events

_TABLE: Final = f"urn:oasis:names:tc:opendocument:xmlns:table:1.0{SEPARATOR}"
_OFFICE: Final = f"urn:oasis:names:tc:opendocument:xmlns:office:1.0{SEPARATOR}"
_NUMBERS: Final = {"float", "percentage", "currency"}
_ELSEWHERE: Final = {"dde-link", "dde-source", "table-source", "cell-range-source"}


def opendocument_rows(path: Path, limit: int | None = None) -> Iterator[tuple[str, list[Row]]]:
    """Yield each sheet of an ODS workbook as its name and rows of text."""
    sheets = _Sheets(path, limit)
    try:
        with open_archive(path) as archive:
            for _ in read_events(path, part_blocks(path, archive, "content.xml"), sheets):
                while sheets.done:
                    done = sheets.done.pop(0)
                    yield done.sheet, done.cut()
    except (ValueError, IndexError, OverflowError) as error:
        raise damaged(path) from error


class _Sheets:
    """The sheets of a workbook as they come. A cell or row says how often it is repeated."""

    def __init__(self, path: Path, limit: int | None) -> None:
        self.path = path
        self.limit = limit
        self.done: list[SheetRows] = []
        self.sheet: SheetRows | None = None
        self.depth = 0  # tables within tables; only the outermost are sheets
        self.row: list[str] | None = None
        self.column = 0
        self.row_repeated = self.repeated = 1
        self.kind = self.value = ""
        self.formula = False
        self.note = 0
        self.paragraphs: list[list[str]] = []
        self.inside = 0
        self.letters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a sheet, a row, a cell or a paragraph in it."""
        if name in {"table-cell", "covered-table-cell"}:
            self._start_cell(attributes)
        elif name == "table-row":
            self._start_row(attributes)
        elif name == "table":
            self._start_sheet(attributes)
        elif name == "annotation":
            self.note += 1
        elif name == "p" and not self.note:
            self.inside += 1
            self.paragraphs.append([])
        elif name in {"s", "tab", "line-break"}:
            self.text(" ")
        elif name in _ELSEWHERE:
            raise carries(self.path, "links to other workbooks")
        elif name == "script":
            raise carries(self.path, "macros")

    def end(self, name: str) -> None:
        """Finish a cell, a row or a sheet."""
        if name in {"table-cell", "covered-table-cell"} and self.depth == 1:
            self._end_cell()
        elif name == "table-row" and self.depth == 1:
            self._end_row()
        elif name == "table":
            self.depth -= 1
            if not self.depth and self.sheet is not None:
                self.done.append(self.sheet)
                self.sheet = None
        elif name == "annotation":
            self.note -= 1
        elif name == "p" and not self.note:
            self.inside -= 1

    def text(self, letters: str) -> None:
        """Take letters of a paragraph; those of a comment are no value."""
        if self.inside and not self.note and self.paragraphs:
            self.letters += len(letters)
            if self.letters > MAX_LETTERS and self.sheet is not None:
                raise self.sheet.long_cell(self.sheet.number + 1, self.column + 1)
            self.paragraphs[-1].append(letters)

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.sheet = SheetRows(self.path, attributes.get(f"{_TABLE}name", ""), self.limit)

    def _start_row(self, attributes: dict[str, str]) -> None:
        if self.depth == 1:
            self.row, self.column = [], 0
            self.row_repeated = _count(attributes.get(f"{_TABLE}number-rows-repeated", "1"), SHEET_ROWS)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self.depth == 1:
            self.repeated = _count(attributes.get(f"{_TABLE}number-columns-repeated", "1"), SHEET_COLUMNS)
            self.kind = attributes.get(f"{_OFFICE}value-type", "")
            self.value = attributes.get(f"{_OFFICE}value", attributes.get(f"{_OFFICE}date-value", ""))
            self.formula = f"{_TABLE}formula" in attributes
            self.paragraphs, self.letters = [], 0

    def _end_cell(self) -> None:
        if self.row is None or self.sheet is None:
            return
        if self.formula and not self.kind:
            raise self.sheet.never_calculated(self.sheet.number + 1, self.column + 1)
        shown = self._shown()
        self.column += self.repeated
        if self.column > SHEET_COLUMNS:
            raise ValueError(self.column)
        if shown:
            self.row.extend([""] * (self.column - self.repeated - len(self.row)))
            self.row.extend([shown] * self.repeated)

    def _end_row(self) -> None:
        if self.row is not None and self.sheet is not None and not self.sheet.full:
            self.sheet.add(self.row, self.row_repeated)
        self.row = None

    def _shown(self) -> str:
        if self.kind in _NUMBERS:
            return number_text(self.value)
        if self.kind == "date":
            return self.value.removesuffix("T00:00:00")
        return "\n".join("".join(pieces) for pieces in self.paragraphs)


def _count(said: str, most: int) -> int:
    """How often something is repeated; programs pad the end of a sheet to more rows than it has."""
    count = int(said)
    if count < 1:
        raise ValueError(said)
    return min(count, most)
