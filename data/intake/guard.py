"""The guard against personal identifiers. It looks at every cell before anything is read, stored or logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from data.errors import DataError, DataErrors, WrongValues
from data.intake.identifiers import SUSPECT, identifier_in, is_birth_date_column
from data.sources.formats import detect_kind, opendocument_rows, text_rows, workbook_rows
from data.sources.tables import Sheet

NAMED = 20  # places named in one refusal; all are counted
HEAD_ROWS = 40
AT_ONCE = 200  # rows looked at together
SEPARATOR = "\x1f"
TODO = "Take the column out and send counts only"
Row = Sequence[str]


def refuse_identifiers(path: Path, *, postcode_columns: frozenset[str] = frozenset()) -> None:
    """Refuse a return in which any cell identifies a person; the refusal says where, never what."""
    found = [
        refusal
        for sheet, rows in sheets_of(path)
        for refusal in identifiers_on(rows, file=path.name, sheet=sheet, postcode_columns=postcode_columns)
    ]
    if not found:
        return
    if len(found) > NAMED:
        more = f"{len(found) - NAMED:,} more cells hold personal identifiers"
        found = [*found[:NAMED], WrongValues(more, file=path.name, todo=TODO)]
    raise DataErrors(found, file=path.name)


def sheets_of(path: Path) -> Iterator[tuple[str, Iterable[Row]]]:
    """Give every sheet of a table; a file that is no table has none."""
    kind = detect_kind(path)
    if kind == "text":
        yield "", text_rows(path)
    elif kind == "xlsx":
        yield from workbook_rows(path)
    elif kind == "ods":
        yield from opendocument_rows(path)


def identifiers_on(
    rows: Iterable[Row], *, file: str, sheet: str, postcode_columns: frozenset[str]
) -> Iterator[DataError]:
    """Find every cell of a sheet that identifies a person, and every column that would."""
    held = list(rows)
    header_at = Sheet(sheet, tuple(tuple(row) for row in held[:HEAD_ROWS])).header_row
    header = [name.strip() for name in held[header_at - 1]] if header_at else []
    for name in header:
        if is_birth_date_column(name):
            problem = "a column of dates of birth may not come in"
            yield WrongValues(problem, file=file, sheet=sheet or None, row=header_at, column=name, todo=TODO)
    for number, row in suspects(held):
        for position, cell in enumerate(row):
            name = header[position] if position < len(header) and header[position] else column_letter(position)
            kind = identifier_in(cell, postcodes=name.casefold() not in postcode_columns)
            if kind is not None:
                # a cell above the header, or the header itself, may hold the identifier: it is named by its letter
                shown = name if number > header_at and identifier_in(name) is None else column_letter(position)
                problem = f"{kind} stands here, and nothing that identifies a person may come in"
                yield WrongValues(problem, file=file, sheet=sheet or None, row=number, column=shown, todo=TODO)


def suspects(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Give the rows, with their numbers, that are worth a close look; most of a return is passed over in one go."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        texts = [SEPARATOR.join(row) for row in some]
        if SUSPECT.search(SEPARATOR.join(texts)) is None:
            continue
        yield from (
            (number, row)
            for number, (row, text) in enumerate(zip(some, texts, strict=True), start + 1)
            if SUSPECT.search(text)
        )


def column_letter(position: int) -> str:
    """Name a column as a spreadsheet does: A, B, … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, left = divmod(position - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters
