"""Pseudonyms for the few returns that need linking, made on the sender's side.

A pseudonym is HMAC-SHA-256 of the identifier (RFC 2104, FIPS 198-1) under a key of 32 random bytes, as 64 hexadecimal
digits. Who has the key can link and can test a guess; who has only the pseudonym can do neither. So the key stays with
the senders and is never sent here. Nothing in this module opens the store.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import os
import re
import secrets
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from data.errors import DataError, DataErrors, UnreadableFile, WrongColumns, WrongValues
from data.intake.guard import refuse_identifiers
from data.intake.identifiers import clean, is_nhs_number

KEY_BYTES: Final = 32
PSEUDONYM: Final = "pseudonym"
#: Of 32 random bytes about 30 differ; fewer than 22 come out of less than one key in ten million million.
FEWEST_DIFFERENT: Final = 22
HEADER_WITHIN: Final = 40  # rows
NAMED: Final = 20  # rows named in one refusal; all are counted
MAKE_ONE: Final = "Make one with: python -m data pseudonym --new-key FILE"
Row = list[Any]


@dataclass
class Written:
    """What was written, without any of it."""

    rows: int = 0
    empty: int = 0
    wrong: list[int] = field(default_factory=list)
    wrong_count: int = 0

    def sentence(self, target: Path, key: bytes) -> str:
        """Say it in plain words."""
        without = f" {self.empty:,} of them have no identifier and no pseudonym." if self.empty else ""
        return f"{target.name} is written: {self.rows:,} rows.{without} The check of the key is {key_check(key)}."


# ---- keys -----------------------------------------------------------------------------------------------------------


def write_new_key(path: Path) -> bytes:
    """Write a new random key, readable by its owner alone, where no file stands yet."""
    key = secrets.token_bytes(KEY_BYTES)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
    except FileExistsError:
        todo = "Choose another name. A key that is written over can link nothing any more"
        raise UnreadableFile("there is a file of this name already", file=path.name, todo=todo) from None
    except OSError:
        raise UnreadableFile("the key cannot be written here", file=path.name, todo="Choose another folder") from None
    return key


def read_key(path: Path) -> bytes:
    """Read a key, and refuse one that could be guessed."""
    try:
        with path.open("rb") as file:
            text = file.read(4096).decode("ascii", errors="replace").strip()
    except OSError:
        raise UnreadableFile("the key cannot be opened", file=path.name, todo=MAKE_ONE) from None
    if re.fullmatch(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}", text) is None:
        expected = f"{2 * KEY_BYTES} hexadecimal digits"
        raise WrongValues("this is no key", file=path.name, expected=expected, todo=MAKE_ONE)
    key = bytes.fromhex(text)
    if is_weak(key):
        raise WrongValues("this key is too regular to be secret", file=path.name, todo=MAKE_ONE)
    return key


def is_weak(key: bytes) -> bool:
    """Say whether a key was made by hand: few different bytes, even steps, a repetition, or typed letters."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    repeated = any(key[size:] == key[:-size] for size in range(1, KEY_BYTES // 2 + 1))
    typed = all(32 <= byte < 127 for byte in key)
    return len(set(key)) < FEWEST_DIFFERENT or len(steps) == 1 or repeated or typed


def key_check(key: bytes) -> str:
    """Give eight digits by which two senders can tell, on the phone, that they hold the same key."""
    return hmac.new(key, b"check of the key", hashlib.sha256).hexdigest()[:8]


# ---- pseudonyms -----------------------------------------------------------------------------------------------------


def pseudonym(identifier: str, key: bytes) -> str:
    """Give the pseudonym of an identifier that has been put in its one form."""
    return hmac.new(key, identifier.encode("utf-8"), hashlib.sha256).hexdigest()


def plain_nhs_number(value: object) -> str | None:
    """Put an NHS number in its one form, ten digits; None where it is none that anybody has."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    digits = re.sub(r"[\s.-]", "", clean(str(value)).removesuffix(".0"))
    if not digits.isascii() or not digits.isdigit() or len(digits) != 10 or len(set(digits)) == 1:
        return None
    return digits if is_nhs_number(digits) else None


def plain_identifier(system: str) -> Callable[[object], str | None]:
    """Put an identifier of a system in its one form; the system's name keeps its numbers apart from others."""

    def plain(value: object) -> str | None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = " ".join(clean(str(value)).upper().split())
        return f"{' '.join(system.upper().split())}:{text}" if text else None

    return plain


# ---- files ----------------------------------------------------------------------------------------------------------


def write_pseudonyms(source: Path, target: Path, *, column: str, key: bytes, system: str = "") -> Written:
    """Write a table with pseudonyms in place of a column of identifiers: whole, or not at all.

    The identifiers are NHS numbers unless ``system`` names another system whose numbers they are.
    """
    from data.sources.formats import detect_kind
    from data.sources.safe_opening import check_opening

    check_opening(source)
    kind = detect_kind(source)
    if kind not in WRITERS:
        raise UnreadableFile("this is neither CSV nor XLSX", file=source.name, todo="Save the table as CSV or XLSX")
    if target.exists():
        raise UnreadableFile("there is a file of this name already", file=target.name, todo="Choose another name")
    plain = plain_identifier(system) if system else plain_nhs_number
    part = target.with_name(f".{secrets.token_hex(4)}.part")
    written = Written()
    try:
        WRITERS[kind](source, part, lambda rows: replaced(rows, column, key, plain, written, source.name))
        refuse_wrong(written, source.name, system)
        refuse_the_rest(part, source.name)
        part.replace(target)
    except OSError:
        raise UnreadableFile(
            "the file cannot be written here", file=target.name, todo="Choose another folder"
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return written


def replaced(
    rows: Iterable[Row],
    column: str,
    key: bytes,
    plain: Callable[[object], str | None],
    written: Written,
    file: str,
) -> Iterator[Row]:
    """Put pseudonyms in place of identifiers, row by row."""
    wanted, at = heading(column), -1
    for number, row in enumerate(rows, 1):
        if at < 0:
            at = next((place for place, cell in enumerate(row) if cell is not None and heading(cell) == wanted), -1)
            if at < 0 and number >= HEADER_WITHIN:
                break
            yield [*row[:at], PSEUDONYM, *row[at + 1 :]] if at >= 0 else row
        elif any(cell not in (None, "") for cell in row):
            yield with_pseudonym(row, at, number, key, plain, written)
        else:
            yield row
    if at < 0:
        raise WrongColumns("the column of identifiers is missing", file=file, todo="Name it with --column")


def with_pseudonym(
    row: Row, at: int, number: int, key: bytes, plain: Callable[[object], str | None], written: Written
) -> Row:
    """Give a row with a pseudonym, and keep count of rows without an identifier or with a wrong one."""
    value = row[at] if at < len(row) else None
    written.rows += 1
    if value is None or not str(value).strip():
        written.empty += 1
        return [*row[:at], "", *row[at + 1 :]]
    identifier = plain(value)
    if identifier is None:
        written.wrong_count += 1
        written.wrong += [number] if len(written.wrong) < NAMED else []
        return [*row[:at], "", *row[at + 1 :]]
    return [*row[:at], pseudonym(identifier, key), *row[at + 1 :]]


def heading(cell: object) -> str:
    """Give a heading in the form in which headings are compared."""
    return " ".join(clean(str(cell)).casefold().replace("_", " ").split())


def refuse_wrong(written: Written, file: str, system: str) -> None:
    """Refuse the file when an identifier is none; the rows are named and the values are not."""
    if not written.wrong_count:
        return
    problem = "this is no identifier" if system else "this is no valid NHS number"
    problems: list[DataError] = [
        WrongValues(problem, file=file, row=row, todo="Correct it or leave it empty") for row in written.wrong
    ]
    if written.wrong_count > NAMED:
        problems.append(WrongValues(f"{written.wrong_count - NAMED:,} more rows hold none", file=file))
    raise DataErrors(problems, file=file)


def refuse_the_rest(part: Path, file: str) -> None:
    """Refuse what still identifies somebody once the column is replaced."""
    try:
        refuse_identifiers(part)
    except DataErrors as error:
        problems = [
            WrongValues(one.problem, file=file, sheet=one.sheet, row=one.row, column=one.column, todo=one.todo)
            for one in error.problems
        ]
        raise DataErrors(problems, file=file) from None


def write_text(source: Path, part: Path, change: Callable[[Iterable[Row]], Iterator[Row]]) -> None:
    """Copy a text file row by row, as CSV in UTF-8."""
    from data.sources.formats import text_rows

    with part.open("x", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(change(list(row) for row in text_rows(source)))


def write_workbook(source: Path, part: Path, change: Callable[[Iterable[Row]], Iterator[Row]]) -> None:
    """Copy the values of the first sheet of a workbook row by row; nothing else of the workbook is kept."""
    from openpyxl import Workbook, load_workbook
    from openpyxl.cell import WriteOnlyCell

    try:
        with source.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles and drop-downs that openpyxl does not keep
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            new = Workbook(write_only=True)
            copy = new.create_sheet("Return")
            for row in change(list(values) for values in sheet.iter_rows(values_only=True)):
                cells = [WriteOnlyCell(copy, value) for value in row]
                for cell in cells:
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type  # never a formula
                copy.append(cells)
            new.save(part)
            book.close()
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        raise UnreadableFile("the workbook is damaged", file=source.name, todo="Save it again as XLSX") from None


WRITERS: Final = {"text": write_text, "xlsx": write_workbook}
