"""How much one sheet may hold, and the sentence for one that holds more."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from data.errors import DataError, UnreadableFile, WrongValues

Row = tuple[str, ...]

SHEET_ROWS: Final = 1_048_576  # rows and columns of a sheet in Excel and LibreOffice
SHEET_COLUMNS: Final = 16_384
MAX_ROWS: Final = 400_000  # filled rows; the longest published workbook, by output area, has 188,880
MAX_CELLS: Final = 10_000_000  # single years of age and sex by LSOA of England and Wales: 6.7 million
MAX_LETTERS: Final = 131_072  # in one cell; Excel takes 32,767


class SheetRows:
    """The rows of one sheet as they come, held to the limits. Blank rows at the end are left out."""

    def __init__(self, path: Path, sheet: str, limit: int | None = None) -> None:
        self.path = path
        self.sheet = sheet
        self.limit = limit
        self.rows: list[Row] = []
        self._blank = self._filled = self._cells = 0

    @property
    def full(self) -> bool:
        """Say whether as many rows are there as were asked for."""
        return self.limit is not None and len(self.rows) + self._blank >= self.limit

    @property
    def number(self) -> int:
        """Number of rows so far, blank ones included."""
        return len(self.rows) + self._blank

    def skip(self, count: int) -> None:
        """Pass over blank rows."""
        self._blank += count

    def add(self, cells: list[str], repeated: int = 1) -> None:
        """Take a row, or the same row several times."""
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            self.skip(repeated)
            return
        self._filled += repeated
        self._cells += repeated * len(cells)
        if self._filled > MAX_ROWS or self._cells > MAX_CELLS or self.number > SHEET_ROWS:
            raise self.too_large()
        self.rows.extend([()] * self._blank)
        self.rows.extend([tuple(cells)] * repeated)
        self._blank = 0

    def cut(self) -> list[Row]:
        """Give the rows, no more than were asked for."""
        return self.rows if self.limit is None else self.rows[: self.limit]

    def too_large(self) -> DataError:
        """Say that the sheet holds more than a table."""
        return UnreadableFile(
            "the sheet holds more than any table that is published as a workbook",
            file=self.path.name,
            sheet=self.sheet or None,
            expected=f"at most {MAX_ROWS:,} filled rows and {MAX_CELLS:,} cells",
            todo="Delete what is not part of the table, or send it as CSV",
        )

    def long_cell(self, row: int, column: int = 0) -> DataError:
        """Say that a cell holds more than a cell can."""
        return UnreadableFile(
            f"a cell holds more than {MAX_LETTERS:,} letters",
            file=self.path.name,
            sheet=self.sheet or None,
            row=row,
            column=column_letter(column),
            todo="Shorten or delete it",
        )

    def never_calculated(self, row: int, column: int) -> DataError:
        """Say that a formula has no figure yet; read as a blank, it would be a missing value that nobody meant."""
        return WrongValues(
            "the cell holds a formula that was never calculated",
            file=self.path.name,
            sheet=self.sheet or None,
            row=row,
            column=column_letter(column),
            todo="Open the workbook in Excel or LibreOffice, save it and send it again",
        )


def column_letter(position: int) -> str:
    """Name a column, counted from 1, as a spreadsheet does: A, B, … Z, AA."""
    letters = ""
    while position > 0:
        position, left = divmod(position - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters
