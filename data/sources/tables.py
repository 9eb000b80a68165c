"""Tables as text: find the header, read every cell as it was written, and check columns, numbers and codes.

A frame's index is the row number in the file, and its ``attrs`` hold the file and sheet, so that every check can say
where a problem stands.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.errors import EmptyFile, UnreadableFile, WrongColumns, WrongValues, WrongVintage
from data.sources.formats import (
    Row,
    detect_kind,
    opendocument_rows,
    text_delimiter,
    text_encoding,
    text_rows,
    tidy_text,
    workbook_rows,
)
from data.sources.safe_opening import check_opening

MAX_TEXT_CELLS: Final = 20_000_000  # all of England for ten indicators of Fingertips; about 2 GB while it is read
# What a spreadsheet would run if the cell were opened in one: "=…", "@SUM(…", "+cmd|'…'!A0". A minus sign, a dash for
# missing, "+44 …" and "@someone" are words and numbers, and are read as such.
FORMULA: Final = r"(?:=\s*[^\s=]|[@+\-][^\s|]*\w\(|[=@+\-].*\|.*!).*"
HEAD_ROWS: Final = 40  # title and note rows above a published table are fewer than this
_SHOWN: Final = 3  # failing values named in a message; all are counted


# ---- what a file looks like -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """The top of one sheet; a text file is one sheet without a name."""

    name: str
    head: tuple[Row, ...]

    @property
    def header_row(self) -> int:
        """Row number (from 1) of the first row about as full as the fullest; 0 when there is none."""
        filled = [sum(1 for cell in row if cell) for row in self.head]
        most = max(filled, default=0)
        return next((at for at, count in enumerate(filled, start=1) if count and count >= 0.6 * most), 0)

    @property
    def columns(self) -> Row:
        """Names in the header row."""
        return self.head[self.header_row - 1] if self.header_row else ()

    def row_with(self, columns: Iterable[str]) -> int:
        """Row number of the first row that holds all these names, letter case aside; 0 when none does."""
        wanted = {name.casefold() for name in columns}
        rows = enumerate(self.head, start=1)
        return next((at for at, row in rows if wanted <= {cell.casefold() for cell in row}), 0)

    def row_starting(self, starts: Iterable[str]) -> int:
        """Row number of the first row in which each of these starts begins some name; 0 when none does."""
        wanted = [start.casefold() for start in starts]
        for at, row in enumerate(self.head, start=1):
            cells = [cell.casefold() for cell in row if cell]
            if all(any(cell.startswith(start) for cell in cells) for start in wanted):
                return at
        return 0


@dataclass(frozen=True, slots=True)
class Preview:
    """The top of a file: its kind and, for each sheet, the first rows. For JSON, the names of the first properties."""

    path: Path
    kind: str
    sheets: tuple[Sheet, ...]

    @property
    def columns(self) -> Row:
        """Column names of the first sheet that has a header."""
        return next((sheet.columns for sheet in self.sheets if sheet.columns), ())

    def sheet_with(self, *columns: str) -> Sheet | None:
        """Return the first sheet in which one row holds all these names."""
        return next((sheet for sheet in self.sheets if sheet.row_with(columns)), None)

    def sheet_starting(self, *starts: str) -> Sheet | None:
        """Return the first sheet in which one row holds a name for each of these starts."""
        return next((sheet for sheet in self.sheets if sheet.row_starting(starts)), None)

    def has_columns(self, *columns: str) -> bool:
        """Say whether one row of a table holds all these names."""
        return self.kind in {"text", "xlsx", "ods"} and self.sheet_with(*columns) is not None


def preview(path: Path) -> Preview:
    """Look at the top of a file without reading all of it."""
    check_opening(path)
    kind = detect_kind(path)
    state = path.stat()
    return _preview(path, kind, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _preview(path: Path, kind: str, _changed: int, _size: int) -> Preview:
    """A file is looked at to find its reader and again by the reader; a large workbook takes seconds to open."""
    if kind == "json":
        return Preview(path, kind, (Sheet("", (_first_properties(path),)),))
    if kind in {"zip", "geopackage"}:
        return Preview(path, kind, ())
    sheets = tuple(
        Sheet(name, tuple(tuple(tidy_text(cell) for cell in row) for row in rows))
        for name, rows in _sheets(path, kind, HEAD_ROWS)
    )
    return Preview(path, kind, sheets)


def _first_properties(path: Path) -> Row:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        start = file.read(256 * 1024)
    found = re.search(r'"properties"\s*:\s*(?=\{)', start)
    if not found:
        return ()
    try:
        properties, _ = json.JSONDecoder().raw_decode(start, found.end())
    except json.JSONDecodeError:
        return ()
    return tuple(tidy_text(str(name)) for name in properties)


def _sheets(
    path: Path, kind: str, limit: int | None = None, only: str | None = None
) -> Iterator[tuple[str, list[Row]]]:
    if kind == "xlsx":
        yield from workbook_rows(path, limit, only)
    elif kind == "ods":
        yield from opendocument_rows(path, limit)
    else:
        yield "", _text_table(path, limit)


def _text_table(path: Path, limit: int | None) -> list[Row]:
    rows, cells = list[Row](), 0
    for row in islice(text_rows(path), limit):
        cells += len(row)
        if cells > MAX_TEXT_CELLS:
            raise UnreadableFile(
                "the table holds more than can be read at once",
                file=path.name,
                expected=f"at most {MAX_TEXT_CELLS:,} cells",
                todo="Send the rows of this place alone, or one year at a time",
            )
        rows.append(row)
    return rows


# ---- reading a table ------------------------------------------------------------------------------------------------


def read_table(path: Path, sheet: str | None = None, *, header_row: int | None = None) -> pd.DataFrame:
    """Read a whole table as text; the index is the row number in the file.

    Without ``sheet`` the first sheet with a header is read; without ``header_row`` the header is found.
    """
    check_opening(path)
    kind = detect_kind(path)
    if kind not in {"text", "xlsx", "ods"}:
        raise UnreadableFile("the file is not a table", file=path.name, expected="CSV, TSV, XLSX or ODS")
    for name, rows in _sheets(path, kind, only=sheet):
        if sheet is not None and name != sheet:
            continue
        top = Sheet(name, tuple(tuple(tidy_text(cell) for cell in row) for row in rows[:HEAD_ROWS]))
        at = header_row or top.header_row
        if at:
            return _frame(path, name, rows, at)
    raise EmptyFile("there are no rows", file=path.name, sheet=sheet)


def read_rows(path: Path, sheet: str = "") -> list[Row]:
    """Read the cells of one sheet as tidy text, for a table whose headings are not all different."""
    check_opening(path)
    found = next((rows for name, rows in _sheets(path, detect_kind(path), only=sheet or None) if name == sheet), [])
    return [tuple(tidy_text(cell) for cell in row) for row in found]


def _frame(path: Path, sheet: str, rows: list[Row], header_row: int) -> pd.DataFrame:
    header = [tidy_text(cell) for cell in rows[header_row - 1]]
    while header and not header[-1]:
        header.pop()
    _check_header(header, path, sheet)
    body, numbers = _body(rows, header_row, len(header), path, sheet)
    if not body:
        raise EmptyFile("there are no rows below the column names", file=path.name, sheet=sheet or None)
    index = pd.Index(numbers, name="row")
    names = [name or f"column {at}" for at, name in enumerate(header, start=1)]
    cells = zip(names, zip(*body, strict=True), strict=True)
    frame = pd.DataFrame(
        {name: pd.Series(list(column), index=index, dtype="str").str.strip() for name, column in cells}
    )
    frame.attrs = {"file": path.name, "sheet": sheet or None}
    _refuse_formulas(frame)
    return frame


def _refuse_formulas(frame: pd.DataFrame) -> None:
    """Refuse text that a spreadsheet would run as a formula; what it says is not repeated."""
    for name in frame.columns:
        column = frame[name]
        suspect = column[column.str.startswith(("=", "@", "+", "-"))]
        found = suspect.str.match(FORMULA)
        if found.any():
            raise WrongValues(
                f"{int(found.sum())} {'cell begins' if found.sum() == 1 else 'cells begin'} like a formula",
                file=frame.attrs.get("file"),
                sheet=frame.attrs.get("sheet"),
                row=_first_row(suspect[found]),
                column=str(name),
                todo="Send the figure or the words themselves",
            )


def _check_header(header: Sequence[str], path: Path, sheet: str) -> None:
    twice = [name for name, count in Counter(name.casefold() for name in header if name).items() if count > 1]
    if twice:
        named = next(name for name in header if name.casefold() == twice[0])
        raise WrongColumns(
            f"the column name {named!r} stands twice",
            file=path.name,
            sheet=sheet or None,
            todo="Delete or rename one of the two columns",
        )


def _body(rows: list[Row], header_row: int, width: int, path: Path, sheet: str) -> tuple[list[Row], list[int]]:
    """Take the rows below the header, leaving out blank rows and footnotes that follow a blank row."""
    body, numbers, blank_before = list[Row](), list[int](), False
    text_file = not sheet
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        filled = sum(1 for cell in row if cell and not cell.isspace())
        if not filled:
            blank_before = bool(body)
            continue
        if blank_before and filled == 1 and width > 1:
            break
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise _ragged(path, sheet, number, len(row), width)
        if text_file and len(row) < width:
            raise _cut_short(path, number, len(row), width, last=number == len(rows))
        body.append(row[:width] if len(row) >= width else row + ("",) * (width - len(row)))
        numbers.append(number)
        blank_before = False
    return body, numbers


def _ragged(path: Path, sheet: str, row: int, found: int, width: int) -> WrongColumns:
    return WrongColumns(
        "this row has more cells than there are column names",
        file=path.name,
        sheet=sheet or None,
        row=row,
        found=f"{found} cells",
        expected=f"{width}",
        todo="A comma inside a name needs quotation marks around the name",
    )


def _cut_short(path: Path, row: int, found: int, width: int, *, last: bool) -> UnreadableFile:
    problem = "the file ends in the middle of a row, so it looks cut short" if last else "this row has cells missing"
    return UnreadableFile(
        problem,
        file=path.name,
        row=row,
        found=f"{found} cells",
        expected=f"{width}",
        todo="Download or save it again",
    )


def read_in_chunks(path: Path, columns: Sequence[str], *, rows: int = 200_000) -> Iterator[pd.DataFrame]:
    """Read some columns of a very long text file a part at a time; the header is the first row."""
    check_opening(path)
    encoding = text_encoding(path)
    _check_top(path, columns)
    if not encoding.startswith("utf-16"):
        _check_last_line(path, encoding)
    start = 2
    try:
        with pd.read_csv(
            path,
            sep=text_delimiter(path, encoding),
            encoding=encoding,
            dtype="str",
            keep_default_na=False,
            usecols=lambda name: tidy_text(str(name)) in columns,
            chunksize=rows,
        ) as parts:
            for part in parts:
                part.columns = pd.Index([tidy_text(str(name)) for name in part.columns])
                part.index = pd.RangeIndex(start, start + len(part), name="row")
                part.attrs = {"file": path.name, "sheet": None}
                start += len(part)
                yield part
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        todo = "Download or save it again"
        raise UnreadableFile("the file is cut short or damaged", file=path.name, todo=todo) from error


def _check_top(path: Path, columns: Sequence[str]) -> None:
    """The first row names the columns, and the second has a cell for each of them."""
    top = list(islice(text_rows(path), 2))
    header = [tidy_text(name) for name in top[0]] if top else []
    _check_header(header, path, "")
    missing = [name for name in columns if name not in header]
    if missing:
        raise WrongColumns(
            f"the first row does not name the column {missing[0]!r}",
            file=path.name,
            row=1,
            found=", ".join(map(repr, header[:8])),
            todo="Delete the rows above the column names",
        )
    if len(top) > 1 and len(top[1]) > len(header):
        raise _ragged(path, "", 2, len(top[1]), len(header))


def _check_last_line(path: Path, encoding: str) -> None:
    """Refuse a long file whose last line has fewer cells than its first: the copy was broken off."""
    delimiter = text_delimiter(path, encoding)
    with path.open("rb") as file:
        first = file.readline()
        file.seek(max(0, path.stat().st_size - 65_536))
        last = file.read().rstrip(b"\r\n\x00").splitlines()[-1]
    width, found = (
        len(next(csv.reader([line.decode(encoding, "replace")], delimiter=delimiter))) for line in (first, last)
    )
    if found < width:
        raise UnreadableFile(
            "the file ends in the middle of a row, so it looks cut short",
            file=path.name,
            found=f"{found} cells in the last row",
            expected=f"{width}",
            todo="Download or save it again",
        )


# ---- checks ---------------------------------------------------------------------------------------------------------


def require_columns(frame: pd.DataFrame, columns: Iterable[str], *, source: str | None = None) -> pd.DataFrame:
    """Return the frame, or name every column that is missing and what stands there instead."""
    missing = [name for name in columns if name not in frame.columns]
    if not missing:
        return frame
    words = "column is" if len(missing) == 1 else "columns are"
    present = ", ".join(map(repr, frame.columns[:8])) + (" …" if len(frame.columns) > 8 else "")
    raise WrongColumns(
        f"{len(missing)} {words} missing: {', '.join(map(repr, missing))}",
        source=source,
        file=frame.attrs.get("file"),
        sheet=frame.attrs.get("sheet"),
        found=present,
        todo="Use the file as published, or the template, without renaming columns",
    )


def find_column(frame: pd.DataFrame, pattern: str, *, expected: str, source: str | None = None) -> str:
    """Return the column whose whole name matches, the latest by name when several do (LAD24CD before LAD22CD)."""
    matches = sorted(name for name in frame.columns if re.fullmatch(pattern, name, re.IGNORECASE))
    if matches:
        return str(matches[-1])
    require_columns(frame, [expected], source=source)
    return expected


def to_number(
    series: pd.Series[str],
    *,
    source: str | None = None,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
    blank: bool = False,
) -> pd.Series[float]:
    """Turn text into numbers, or say which rows hold something else; ``blank`` allows empty cells (as missing)."""
    text = series.str.replace(r"(?<=\d),(?=\d{3}(\D|$))", "", regex=True)
    numbers = pd.to_numeric(text.where(text != "", None), errors="coerce").astype("float64")
    wrong = numbers.isna() if not blank else numbers.isna() & (text != "")
    wrong |= np.isinf(numbers)
    if low is not None:
        wrong |= numbers < low
    if high is not None:
        wrong |= numbers > high
    if whole:
        wrong |= numbers.notna() & (numbers != numbers.round())
    if wrong.any():
        raise wrong_values(series, wrong, expected=_number_words(low, high, whole=whole), source=source)
    return numbers


def _number_words(low: float | None, high: float | None, *, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    if low is not None and high is not None:
        return f"{kind} from {low:g} to {high:,.10g}"
    if low is not None:
        return f"{kind} of {low:g} or more"
    return kind if high is None else f"{kind} of {high:,.10g} or less"


def wrong_values(
    series: pd.Series[str], wrong: pd.Series[bool], *, expected: str, source: str | None = None, todo: str | None = None
) -> WrongValues:
    """Write the error for the rows marked wrong: all counted, the first few shown, blank named as such."""
    failing = series[wrong]
    shown = ", ".join(
        f"{value!r} (row {row})" if value else f"nothing (row {row})" for row, value in failing.head(_SHOWN).items()
    )
    more = f" and {len(failing) - _SHOWN} more" if len(failing) > _SHOWN else ""
    return WrongValues(
        f"{len(failing)} {'value is' if len(failing) == 1 else 'values are'} wrong",
        source=source,
        file=series.attrs.get("file"),
        sheet=series.attrs.get("sheet"),
        row=_first_row(failing),
        column=str(series.name),
        found=shown + more,
        expected=expected,
        todo=todo,
    )


def _first_row(failing: pd.Series[str]) -> int | None:
    first = failing.index[0]
    return int(first) if isinstance(first, (int, np.integer)) else None


CODES: Final[dict[str, tuple[str, str]]] = {
    "lsoa11": (r"[EW]01\d{6}", "2011 LSOA codes such as E01015272"),
    "lsoa21": (r"[EW]01\d{6}", "2021 LSOA codes such as E01034271"),
    "msoa21": (r"[EW]02\d{6}", "MSOA codes such as E02003187"),
    "ward": (r"[EW]05\d{6}", "ward codes such as E05012651"),
    "lad": (r"(E0[6-9]|W06)\d{6}", "local authority codes such as E06000059"),
    "sub_icb": (r"E38\d{6}", "sub-ICB codes such as E38000045"),
    "icb": (r"E54\d{6}", "integrated care board codes such as E54000041"),
    "region": (r"E12\d{6}", "region codes such as E12000009"),
    "country": (r"[EWSNK]92\d{6}", "country codes such as E92000001"),
}
# The 2011 LSOAs of England end at E01033768; every code above it was made for Census 2021 (ONS Code History Database).
LAST_LSOA11: Final = "E01033768"


def check_codes(
    series: pd.Series[str],
    vintage: str,
    *,
    source: str | None = None,
    unique: bool = True,
    known: Iterable[str] | None = None,
) -> pd.Series[str]:
    """Return the codes, or say which are malformed, of another vintage, or stand twice.

    ``known`` is the full list of codes of the right vintage where the caller has one.
    """
    pattern, words = CODES[vintage]
    wrong = ~series.str.fullmatch(pattern)
    if wrong.any():
        raise wrong_values(series, wrong, expected=words, source=source)
    if vintage == "lsoa11":
        _refuse_vintage(series, series.str.startswith("E01") & (series > LAST_LSOA11), "2021", "2011", source)
    if known is not None:
        _refuse_vintage(series, ~series.isin(set(known)), "2011", "2021", source)
    if unique and series.duplicated().any():
        raise wrong_values(
            series, series.duplicated(), expected="each area once", source=source, todo="Delete the repeated rows"
        )
    return series


def _refuse_vintage(
    series: pd.Series[str], wrong: pd.Series[bool], found: str, expected: str, source: str | None
) -> None:
    if not wrong.any():
        return
    failing = series[wrong]
    raise WrongVintage(
        f"{len(failing)} of {len(series)} codes are not {expected} LSOAs",
        source=source,
        file=series.attrs.get("file"),
        sheet=series.attrs.get("sheet"),
        row=_first_row(failing),
        column=str(series.name),
        found=f"{failing.iloc[0]}, as in {found} files",
        expected=f"LSOA codes of {expected}",
        todo=f"Use the edition of this publication on {expected} LSOAs",
    )
