"""Read the cells of an XLSX workbook as text, a row at a time and in bounded memory.

Only values are read: what a formula last gave, never the formula. A cell whose formula was never calculated is refused.
Office Open XML: ECMA-376 part 1, sections 18.3 (sheets), 18.4 (shared strings) and 18.8 (styles).
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from data.sources.archives import damaged, open_archive, part_blocks
from data.sources.sheet_limits import MAX_LETTERS, SHEET_COLUMNS, SHEET_ROWS, Row, SheetRows
from data.sources.xml_events import SEPARATOR, Events, read_events

_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})  # 18.8.30, those with a date
_NOT_FORMAT: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # words, colours, lengths of time and single letters
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 a workbook's dates have no time zone
_EPOCH_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_SHARED: Final = 5_000_000  # different texts in one workbook
_SHARED_LETTERS: Final = 200_000_000


class Book(NamedTuple):
    """What the cells need to know of their workbook."""

    strings: list[str]
    dates: frozenset[int]
    epoch: dt.datetime


def workbook_rows(
    path: Path, limit: int | None = None, only: str | None = None, *, hidden: bool = False
) -> Iterator[tuple[str, list[Row]]]:
    """Yield each visible sheet, or one by name, as its name and rows of text; with ``hidden`` the others as well."""
    with open_archive(path) as archive:
        contents = _Contents()
        _take(path, archive, "xl/workbook.xml", contents)
        links = _Links()
        _take(path, archive, "xl/_rels/workbook.xml.rels", links)
        wanted = [each for each in contents.sheets if only in {None, each.name} and (hidden or each.visible)]
        book = _open_book(path, archive, contents, links) if wanted else None
        for sheet in wanted:
            part = links.sheets.get(sheet.link)
            if part is not None and book is not None:
                yield sheet.name, _sheet_rows(path, archive, part, SheetRows(path, sheet.name, limit), book)


def _take(path: Path, archive: zipfile.ZipFile, part: str, events: Events) -> None:
    for _ in read_events(path, part_blocks(path, archive, part), events):
        pass


def _open_book(path: Path, archive: zipfile.ZipFile, contents: _Contents, links: _Links) -> Book:
    strings, styles = _Strings(path), _Styles()
    if links.strings in archive.namelist():
        _take(path, archive, links.strings, strings)
    if links.styles in archive.namelist():
        _take(path, archive, links.styles, styles)
    return Book(strings.all, styles.dates(), _EPOCH_1904 if contents.from_1904 else _EPOCH)


def _sheet_rows(path: Path, archive: zipfile.ZipFile, part: str, rows: SheetRows, book: Book) -> list[Row]:
    cells = _Cells(rows, book)
    try:
        for _ in read_events(path, part_blocks(path, archive, part), cells):
            if rows.full:
                break
    except (ValueError, IndexError, OverflowError) as error:
        raise damaged(path) from error
    return rows.cut()


# ---- the parts beside the cells -------------------------------------------------------------------------------------


class _Quiet:
    """Events that a part does not need."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""

    def end(self, name: str) -> None:
        """Finish an element."""

    def text(self, letters: str) -> None:
        """Take letters."""


class _Named(NamedTuple):
    """A sheet by its name on screen and its link to a part."""

    name: str
    link: str
    visible: bool


class _Contents(_Quiet):
    """The list of sheets."""

    def __init__(self) -> None:
        self.sheets: list[_Named] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a sheet, or the year that days are counted from."""
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(f"{SEPARATOR}id")), "")
            self.sheets.append(_Named(attributes.get("name", ""), link, attributes.get("state") in {None, "visible"}))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in {"1", "true"}


class _Links(_Quiet):
    """Where the parts of the workbook stand."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.strings = self.styles = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note the place of a part."""
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        part = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
        if kind == "worksheet":
            self.sheets[attributes.get("Id", "")] = part
        elif kind == "sharedStrings":
            self.strings = part
        elif kind == "styles":
            self.styles = part


class _Strings(_Quiet):
    """Texts that cells share. How a word is read aloud stands beside it and is left out."""

    def __init__(self, path: Path) -> None:
        self.all: list[str] = []
        self._pieces: list[str] = []
        self._inside = self._aloud = False
        self._letters = 0
        self._limits = SheetRows(path, "")

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Begin a text or a piece of it."""
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._aloud = True
        elif name == "t":
            self._inside = not self._aloud

    def end(self, name: str) -> None:
        """Finish a text or a piece of it."""
        if name == "si":
            self.all.append("".join(self._pieces))
            if len(self.all) > _SHARED:
                raise self._limits.too_large()
        elif name == "rPh":
            self._aloud = False
        elif name == "t":
            self._inside = False

    def text(self, letters: str) -> None:
        """Take letters of a text."""
        if self._inside:
            self._pieces.append(letters)
            self._letters += len(letters)
            if self._letters > _SHARED_LETTERS:
                raise self._limits.too_large()


class _Styles(_Quiet):
    """Which styles of cells show a date."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {}
        self._of_cells: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a format, or which format a style of cells has."""
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._of_cells.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        """Finish the styles of cells."""
        if name == "cellXfs":
            self._inside = False

    def dates(self) -> frozenset[int]:
        """Give the styles that show a date or a time of day."""
        return frozenset(at for at, number in enumerate(self._of_cells) if self._shows_date(number))

    def _shows_date(self, number: str) -> bool:
        if number in self._formats:
            first = self._formats[number].split(";")[0]
            return re.search(r"[dmyhs]", _NOT_FORMAT.sub("", first), re.IGNORECASE) is not None
        return number.isdecimal() and int(number[:9]) in _BUILT_IN_DATES


# ---- cells ----------------------------------------------------------------------------------------------------------


class _Cells:
    """The cells of one sheet: each becomes the text that a person would type."""

    def __init__(self, rows: SheetRows, book: Book) -> None:
        self.rows = rows
        self.book = book
        self.row: list[str] | None = None  # the row that is open
        self.column = 0
        self.kind = self.style = ""
        self.formula = self.valued = self.inside = self.aloud = False
        self.pieces: list[str] = []
        self.letters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell or its value."""
        if name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t"}:
            self.inside = self.row is not None and not self.aloud
            self.valued = True
        elif name == "row":
            self._start_row(attributes.get("r"))
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.aloud = True

    def end(self, name: str) -> None:
        """Finish a value, a cell or a row."""
        if name in {"v", "t"}:
            self.inside = False
        elif name == "c" and self.row is not None:
            self._end_cell(self.row)
        elif name == "row" and self.row is not None:
            self.rows.add(self.row)
            self.row = None
        elif name == "rPh":
            self.aloud = False

    def text(self, letters: str) -> None:
        """Take letters of a value."""
        if self.inside:
            self.letters += len(letters)
            if self.letters > MAX_LETTERS:
                raise self.rows.long_cell(self.rows.number + 1, self.column)
            self.pieces.append(letters)

    def _start_row(self, number: str | None) -> None:
        at = self.rows.number + 1 if number is None else int(float(number))
        if self.row is not None or not self.rows.number < at <= SHEET_ROWS:
            raise ValueError(number)
        self.rows.skip(at - self.rows.number - 1)
        self.row, self.column = [], 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self.column = self.column + 1 if place is None else column_of(place)
        if self.column > SHEET_COLUMNS:
            raise ValueError(place)
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.formula = self.valued = False
        self.pieces, self.letters = [], 0

    def _end_cell(self, row: list[str]) -> None:
        raw = "".join(self.pieces)
        if self.formula and (not self.valued or (not raw and self.kind != "str")):
            raise self.rows.never_calculated(self.rows.number + 1, self.column)
        if not raw:
            return
        if len(row) >= self.column:
            if row[self.column - 1]:
                raise ValueError(self.column)
            row[self.column - 1] = self._shown(raw)
            return
        row.extend([""] * (self.column - 1 - len(row)))
        row.append(self._shown(raw))

    def _shown(self, raw: str) -> str:
        """Write a value as text, by the kind of its cell."""
        if self.kind == "s":
            if not raw.isdecimal():
                raise ValueError(raw)
            return self.book.strings[int(raw)]
        if self.kind == "n":
            if self.style and self.book.dates and int(self.style) in self.book.dates:
                return date_text(float(raw), self.book.epoch)
            return number_text(raw)
        if self.kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return raw.removesuffix("T00:00:00") if self.kind == "d" else raw


@lru_cache(maxsize=SHEET_COLUMNS)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_of(place: str) -> int:
    """Number of the column in a cell's place: 28 for AB7."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError(place)
    return _column_number(found[1])


def number_text(raw: str) -> str:
    """Write a number as a person would: whole numbers without .0."""
    raw = raw.strip()
    if raw.isdecimal() and raw.isascii():
        return raw
    if not _NUMBER.fullmatch(raw):
        raise ValueError(raw)
    value = float(raw)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def date_text(days: float, epoch: dt.datetime = _EPOCH) -> str:
    """Write a day, or a time, that a workbook counts in days; 29 February 1900, which never was, counts as one."""
    try:
        moment = epoch + dt.timedelta(days=days + 1 if 1 <= days < 60 and epoch == _EPOCH else days)
    except OverflowError:
        return number_text(repr(days))
    moment = (moment + dt.timedelta(microseconds=500)).replace(microsecond=0)
    if 0 <= days < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(sep=" ")
