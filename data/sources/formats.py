"""Open a file as rows of text: CSV, TSV, XLSX or ODS, judged by what is inside and not by its name."""

from __future__ import annotations

import codecs
import csv
import mmap
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from data.errors import EmptyFile, UnreadableFile
from data.sources.archives import open_archive, read_part
from data.sources.opendocument import opendocument_rows
from data.sources.sheet_limits import Row, SheetRows
from data.sources.workbooks import workbook_rows

__all__ = ["Row", "detect_kind", "opendocument_rows", "text_rows", "tidy_text", "workbook_rows"]

MAX_ROW_LETTERS: Final = 2 << 20
_LOOK_BYTES: Final = 64 * 1024

SQLITE: Final = b"SQLite format 3\x00"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: Final = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a word-processor document"),
)
_WHITE_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_DELIMITERS: Final = (",", "\t", ";", "|")


def tidy_text(value: str) -> str:
    """Collapse white space of every kind to single spaces and trim the ends."""
    return _WHITE_SPACE.sub(" ", value).strip()


def detect_kind(path: Path) -> str:
    """Say what the file is: ``text``, ``xlsx``, ``ods``, ``json``, ``zip`` or ``geopackage``."""
    start = start_of_file(path)
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _zip_kind(path)
    if start.startswith(SQLITE):
        return "geopackage"
    if start.startswith(OLE):
        raise _refuse_old_workbook(path)
    if is_pdf(start):
        raise _not_a_table(path, "a PDF document")
    for signature, words in _SIGNATURES:
        if start.startswith(signature):
            raise _not_a_table(path, words)
    text = _decode_start(path, start).lstrip()
    if re.match(r"<(!doctype html|html|head|body)", text, re.IGNORECASE):
        todo = "Open the publisher's page, download the data file itself and try again"
        raise UnreadableFile("the file is a web page, not a table", file=path.name, todo=todo)
    if text.startswith("<"):
        raise _not_a_table(path, "an XML document, often an error message from a web site")
    return "json" if text.startswith(("{", "[{")) else "text"


def is_pdf(start: bytes) -> bool:
    """Say whether a file that starts so is a PDF; some programs put white space first."""
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF")


def is_web_page(start: bytes) -> bool:
    """Say whether a file that starts so is a web page; a comment or an XML declaration may come first."""
    text = start.decode("utf-8", errors="ignore") if b"\x00" not in start[:200] else start.decode("utf-16", "ignore")
    text = re.sub(r"^(?:\s|\ufeff|<!--.*?-->|<\?xml[^>]*>)+", "", text, flags=re.DOTALL)
    return re.match(r"<(?:!doctype html|html|head|body)\b", text, re.IGNORECASE) is not None


def file_state(path: Path) -> os.stat_result:
    """Look at a file without opening it: a pipe or a device would never answer, or never end."""
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise UnreadableFile("there is no such file", file=path.name, todo="Check the name and folder") from error
    except PermissionError as error:
        raise _no_access(path) from error
    except (OSError, ValueError) as error:  # a link in a circle, a name too long, a name with a NUL in it
        raise UnreadableFile("the file cannot be found under this name", file=ascii(path.name)[:80]) from error
    if stat.S_ISDIR(state.st_mode):
        raise UnreadableFile("this is a folder, not a file", file=path.name, todo="Give one file")
    if not stat.S_ISREG(state.st_mode):
        raise UnreadableFile("this is a pipe or a device, not a file", file=path.name, todo="Give one file")
    return state


def _no_access(path: Path) -> UnreadableFile:
    return UnreadableFile("the file may not be opened", file=path.name, todo="Ask for access to it")


def start_of_file(path: Path) -> bytes:
    """Read the first bytes of an ordinary file that holds something."""
    file_state(path)
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK_BYTES)
    except PermissionError as error:
        raise _no_access(path) from error
    if not start.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile("the file is empty", file=path.name, todo="Download or save it again")
    return start


def _not_a_table(path: Path, words: str) -> UnreadableFile:
    todo = "Send the table as CSV, XLSX or ODS"
    return UnreadableFile(f"the file is {words}, not a table", file=path.name, todo=todo)


def _refuse_old_workbook(path: Path) -> UnreadableFile:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        locked = content.find("EncryptedPackage".encode("utf-16-le")) >= 0
    if locked:
        return UnreadableFile("the workbook has a password", file=path.name, todo="Save it without a password")
    todo = "Open it and save it as XLSX"
    return UnreadableFile("the file is an old Excel workbook (.xls)", file=path.name, todo=todo)


def _zip_kind(path: Path) -> str:
    with open_archive(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "content.xml" in names and "mimetype" in names:
            return _opendocument_kind(path, read_part(path, archive, "mimetype", most=200))
        if "word/document.xml" in names:
            raise _not_a_table(path, "a Word document")
        if "xl/workbook.bin" in names:
            raise _not_a_table(path, "a binary Excel workbook (.xlsb)")
    return "zip"


def _opendocument_kind(path: Path, mimetype: bytes) -> str:
    if b"spreadsheet" not in mimetype:
        raise _not_a_table(path, "an OpenDocument text or drawing")
    return "ods"


# ---- text -----------------------------------------------------------------------------------------------------------


def text_encoding(path: Path) -> str:
    """Find the encoding: UTF-8 or UTF-16 by mark, UTF-8 if it reads as such, else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(_LOOK_BYTES)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if start.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        if _looks_like_utf16(start):
            return "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"
        if b"\x00" in start:
            raise _not_a_table(path, "a binary file")
        file.seek(0)
        return "utf-8" if _all_utf8(file) else "cp1252"


def _looks_like_utf16(start: bytes) -> bool:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    half = max(len(start[:400]) // 2, 1)
    return start[:400].count(0) > 0.8 * half and (
        start[1:400:2].count(0) > 0.8 * half or start[0:400:2].count(0) > 0.8 * half
    )


def _all_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decode_start(path: Path, start: bytes) -> str:
    encoding = text_encoding(path)
    return start.decode(encoding, errors="ignore").lstrip("\ufeff")


def text_delimiter(path: Path, encoding: str) -> str:
    """Choose the delimiter that the first full lines use most."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        start = "".join(file.read(_LOOK_BYTES).splitlines(keepends=True)[:40])
    counts = {mark: start.count(mark) for mark in _DELIMITERS}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def text_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a delimited text file, refusing one that is cut inside quotation marks."""
    encoding = text_encoding(path)
    delimiter = text_delimiter(path, encoding)
    number = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            lines = _Lines(path, file)
            for row in csv.reader(lines, delimiter=delimiter, strict=True):
                number += 1
                lines.taken = 0
                yield tuple(row)
    except UnicodeDecodeError as error:
        todo = "Save it again as CSV UTF-8"
        raise UnreadableFile("the letters are stored in an unknown way", file=path.name, todo=todo) from error
    except csv.Error as error:
        if "field limit" in str(error):
            raise SheetRows(path, "").long_cell(number + 1) from error
        problem = "a quotation mark is not closed, so the file looks cut short or damaged"
        raise UnreadableFile(problem, file=path.name, todo="Download or save it again") from error


class _Lines:
    """The lines of a text file, none of them endless, and not endlessly many in one row."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self.path = path
        self.file = file
        self.taken = 0  # letters since the last row was complete

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(MAX_ROW_LETTERS):
            self.taken += len(line)
            if self.taken > MAX_ROW_LETTERS:
                raise UnreadableFile(
                    "a row of the file has no end",
                    file=self.path.name,
                    expected=f"at most {MAX_ROW_LETTERS:,} letters in a row",
                    todo="Export the table again, one line for each row",
                )
            yield line
