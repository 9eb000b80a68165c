"""Every part of an OpenDocument workbook (ODS): the cells of each table, and all words beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from data.intake.identifiers import SUSPECT
from data.intake.office_parts import embedded_files, opened, part_names, words_for
from data.intake.parts import Cells, Part, Parts, Rows, Words, column_letter
from data.intake.xml_words import WordsOfXml

CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
WIDEST: Final = 16_384  # columns of the widest sheet


def opendocument_parts(path: Path) -> Parts:
    """Read an ODS workbook: every table row by row, comments, drawings, headers and properties."""
    with opened(path) as archive:
        yield from embedded_files(archive)
        for name in part_names(archive):
            reader = SheetsOfOpenDocument if name == "content.xml" else WordsOfXml
            with archive.open(name) as stream:
                yield from reader(words_for(name)).parts(stream)


class SheetsOfOpenDocument(WordsOfXml):
    """The content of an ODS workbook: each table's cells as rows, comments and drawings as words."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.usual = where
        self.table, self.number, self.at = 0, 0, 0
        self.rows: list[tuple[int, Cells]] = []
        self.cells: Cells = {}
        self.cell: tuple[str, int] | None = None
        self.texts: list[str] = []
        self.comment = False
        self.repeat = 1
        self.in_row = False

    def taken(self) -> list[Part]:
        if self.rows:
            self.reading.found.append(Rows(self.table, self.reading.sheet, self.rows))
            self.rows = []
        return super().taken()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names[tag]
        if name in CELLS and self.in_row:
            self.flush()
            value = attributes.get("office:value") or attributes.get("office:date-value") or ""
            self.cell = (value, int(attributes.get("table:number-columns-repeated", "1")))
            self.texts = []
            self.open.append((name, ""))
            if formula := attributes.get("table:formula"):
                self.found(formula, "formula", "")
            return
        super().start(tag, attributes)
        if name == "table":
            self.begin_table(attributes.get("table:name", ""))
        elif name == "table-row":
            self.number += self.repeat
            self.repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self.cells, self.at, self.in_row = {}, 0, True
        elif name == "annotation":
            self.comment = True
            self.reading.where = f"the comment on cell {column_letter(self.at)}{self.number}"
            self.reading.row = self.number

    def begin_table(self, name: str) -> None:
        """Begin the next table; rows that are read and not yet handed on belong to the one before."""
        self.reading.found = self.taken()
        self.table, self.number, self.repeat = self.table + 1, 0, 1
        self.reading.sheet = name

    def end(self, tag: str) -> None:
        super().end(tag)
        name = self.names[tag]
        if name in CELLS and self.cell is not None:
            self.end_cell(*self.cell)
            self.cell = None
        elif name == "table-row":
            if self.cells:
                self.rows.append((self.number, self.cells))
            self.cells, self.in_row = {}, False
        elif name == "annotation":
            self.comment = False
            self.reading.where, self.reading.row = self.usual, None
        elif name == "table":
            self.reading.found = self.taken()
            self.reading.sheet = ""

    def end_cell(self, value: str, repeat: int) -> None:
        """Keep what a cell holds; what it shows instead is looked at as well."""
        shown = "\n".join(self.texts)
        if shown or value:
            for at in range(self.at, self.at + min(repeat, WIDEST)):
                self.cells[at] = value or shown
        if value and shown != value and SUSPECT.search(shown):
            self.reading.found.append(Words(shown, "a cell", self.reading.sheet, self.number))
        self.at += repeat

    def flush(self) -> None:
        if self.cell is None or self.comment:
            super().flush()
            return
        words = "".join(self.buffer).strip()
        self.buffer.clear()
        if words:
            self.texts.append(words)
