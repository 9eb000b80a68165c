"""Reads any XML part of a workbook or document as a stream: its words as people wrote them, and the rows of its tables.

Runs of one paragraph are joined, because an identifier may be part bold. Nothing is held longer than it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import unquote
from xml.parsers import expat

from data.errors import UnreadableFile
from data.intake.parts import Cells, Part, Rows, Words, column_position

CHUNK = 1 << 18
#: Elements that stand within a line of text; the end of any other ends the text.
_INLINE = """
    r t rPr b i u sz color rFont family charset scheme vertAlign strike font span a hyperlink smartTag ins del delText
    instrText fldSimple fldChar lang noProof rFonts szCs bCs iCs solidFill srgbClr latin ea cs proofErr bookmarkStart
    bookmarkEnd strong em sub sup schemeClr highlight shd rStyle lastRenderedPageBreak commentRangeStart
    commentRangeEnd ruby-base
"""
INLINE = frozenset(_INLINE.split())
SPACES = frozenset({"tab", "br", "cr", "s", "line-break"})
UNREAD = frozenset({"rPh", "phoneticPr"})  # how a word sounds, beside the word itself
_AUTHORS = """
    creator lastModifiedBy Manager author authors displayName refreshedBy initials initial-creator printed-by userId
    lastEditedBy sender-initials
"""
AUTHORS = frozenset(_AUTHORS.split())
#: Attributes in which a bare number may be somebody's; in all others it is a measure or a mark of the program.
_WORDY = """
    name displayName v title descr prompt promptTitle error errorTitle tooltip display Target href location string-value
    author refreshedBy userId tag alias value formula caption uniqueName
"""
WORDY = frozenset(_WORDY.split())
_BARE = re.compile(r"[\d.,:;%+eE-]*|true|false|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_MARGIN_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|.)')
_REFERENCES = frozenset({"ref", "sqref", "cell-address"})
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class LocalNames(dict[str, str]):
    """Names of tags without their prefix, each worked out once."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition(":")[2]
        return name


@dataclass
class Reading:
    """Where one part stands, and what of it has been read and not yet handed on."""

    where: str
    sheet: str = ""
    row: int | None = None
    found: list[Part] = field(default_factory=list)


class WordsOfXml:
    """Collects texts and wordy attributes; subclasses also collect rows."""

    def __init__(self, where: str, sheet: str = "") -> None:
        self.reading = Reading(where, sheet)
        self.names = LocalNames()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.EntityDeclHandler = refuse_entities
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.buffer: list[str] = []
        self.open: list[tuple[str, str]] = []  # name and cell reference of each element that is open
        self.aside: list[str] = []  # how words sound, which stands beside them
        self.unread = 0

    def parts(self, stream: IO[bytes]) -> Iterator[Part]:
        """Read a part to its end."""
        while chunk := stream.read(CHUNK):
            self.parser.Parse(chunk, False)
            yield from self.taken()
        self.parser.Parse(b"", True)
        yield from self.taken()

    def taken(self) -> list[Part]:
        """Hand on what has been found so far."""
        found, self.reading.found = self.reading.found, []
        return found

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names[tag]
        if name in SPACES:
            self.buffer.append(" ")
        elif name not in INLINE:
            self.flush()
        reference = self.open[-1][1] if self.open else ""
        for key, value in attributes.items():
            short = self.names[key]
            if short in _REFERENCES:
                reference = value
            elif value and (short in WORDY or not _BARE.fullmatch(value)) and not key.startswith("xmlns"):
                self.found(unquote(value), name, reference, author=short in AUTHORS)
        self.open.append((name, reference))
        self.unread += name in UNREAD

    def end(self, tag: str) -> None:
        name = self.names[tag]
        if name not in INLINE and name not in SPACES:
            self.flush()
        self.unread -= name in UNREAD
        self.open.pop()

    def text(self, data: str) -> None:
        (self.aside if self.unread else self.buffer).append(data)

    def flush(self) -> None:
        """End a text."""
        if self.aside and not self.unread:
            self.found("".join(self.aside), "", "")
            self.aside.clear()
        if not self.buffer:
            return
        words = "".join(self.buffer)
        self.buffer.clear()
        if words.strip():
            name, reference = self.open[-1] if self.open else ("", "")
            self.found(words, name, reference, author=any(element in AUTHORS for element, _ in self.open[-2:]))

    def found(self, words: str, element: str, reference: str, *, author: bool = False) -> None:
        """Keep a text with the place where it stands."""
        where, row = place(self.reading.where, element, reference)
        if is_margin(element):
            words = f"{words}\n{_MARGIN_CODES.sub(' ', words)}"
        self.reading.found.append(Words(words, where, self.reading.sheet, row or self.reading.row, author))


def place(where: str, element: str, reference: str) -> tuple[str, int | None]:
    """Say where a text stands: in the comment on cell B7, in a drop-down rule of B2:B9, in the header or footer."""
    if is_margin(element):
        return "the header or footer of the sheet", None
    if element == "definedName":
        return "a defined name", None
    if element == "sheet":
        return "the name of a sheet", None
    cell = _CELL.match(reference)
    if cell is None:
        return where, None
    what = {"dataValidation": "a drop-down rule", "hyperlink": "a link", "formula1": "a drop-down rule"}
    return f"{what.get(element, where)} on cell {cell[0]}", int(cell[2])


def is_margin(element: str) -> bool:
    """Say whether an element is a header or footer of a sheet, in which codes stand between the words."""
    return element.endswith(("Header", "Footer"))


def refuse_entities(*_: Any) -> None:
    """No file of this kind declares entities of its own; one that does could unfold without end."""
    raise UnreadableFile("the file declares XML entities, which no office program writes", todo="Save it again")


PLAIN = frozenset({"v", "t", "is", "r"})  # they only hold what a cell says
SHEETS = (["worksheet"], ["dialogsheet"], ["macrosheet"])


class Positions(dict[str, int]):
    """Positions of columns by their letters, each worked out once."""

    def __missing__(self, letters: str) -> int:
        position = self[letters] = column_position(letters.upper())
        return position


class SheetOfWorkbook(WordsOfXml):
    """A sheet of an XLSX workbook: its cells as rows, everything else as words."""

    def __init__(self, where: str, sheet: str, table: int, strings: Strings) -> None:
        super().__init__(where, sheet)
        self.table, self.strings = table, strings
        self.number, self.cells, self.rows = 0, Cells(), list[tuple[int, Cells]]()
        self.at, self.kind, self.value = -1, "", ""
        self.positions = Positions()

    def taken(self) -> list[Part]:
        if self.rows:
            self.reading.found.append(Rows(self.table, self.reading.sheet, self.rows))
            self.rows = []
        return super().taken()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.names[tag] == "sheetData" and [name for name, _ in self.open] in SHEETS:
            self.flush()
            self.parser.StartElementHandler = self.start_in_grid
            self.parser.EndElementHandler = self.end_in_grid
            self.parser.CharacterDataHandler = self.text_in_grid
        else:
            super().start(tag, attributes)

    def start_in_grid(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names[tag]
        if name in PLAIN:
            return
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self.at += 1
            else:
                self.at = self.positions[reference.rstrip("0123456789")]
            self.kind = attributes.get("t", "n")
            self.value = ""
        elif name == "row":
            self.number = int(attributes.get("r") or self.number + 1)
            self.cells, self.at = {}, -1
        elif name == "f":
            self.value = ""
        elif name in UNREAD:
            self.unread += 1

    def text_in_grid(self, data: str) -> None:
        if self.unread:
            self.reading.found.append(Words(data, "a cell", self.reading.sheet, self.number))
        else:
            self.value += data

    def end_in_grid(self, tag: str) -> None:
        name = self.names[tag]
        if name in PLAIN:
            return
        if name == "c":
            value = self.value.strip()
            if value:
                self.cells[self.at] = self.strings.at(value) if self.kind == "s" else value
        elif name == "row":
            if self.cells:
                self.rows.append((self.number, self.cells))
        elif name == "f":
            self.reading.found.append(Words(self.value, "a formula", self.reading.sheet, self.number))
            self.value = ""
        elif name in UNREAD:
            self.unread -= 1
        elif name == "sheetData":
            self.parser.StartElementHandler = self.start
            self.parser.EndElementHandler = self.end
            self.parser.CharacterDataHandler = self.text


class Strings:
    """The texts that a workbook's sheets share, and which of them some cell shows."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.asides: list[str] = []  # how they sound, which is kept with them
        self.shown = bytearray()

    def read(self, stream: IO[bytes]) -> None:
        """Read the list of shared texts."""
        reader = SharedStrings(self.texts)
        for _ in reader.parts(stream):
            pass
        self.asides += "".join(reader.aside).split("\n")
        self.shown = bytearray(len(self.texts))

    def at(self, index: str) -> str:
        """Give the text that a cell shows."""
        number = int(index) if index.isdigit() else -1
        if not 0 <= number < len(self.texts):
            return index
        self.shown[number] = 1
        return self.texts[number]

    def hidden(self) -> Iterator[str]:
        """Give the texts that are kept and no cell shows."""
        yield from self.asides
        yield from (text for text, shown in zip(self.texts, self.shown, strict=True) if not shown)


class SharedStrings(WordsOfXml):
    """The list of shared texts, in its order."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__("")
        self.texts = texts

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        del attributes
        name = self.names[tag]
        if name == "si":
            self.buffer.clear()
        elif name in UNREAD:
            self.unread += 1
        elif name not in INLINE:
            self.buffer.clear()

    def end(self, tag: str) -> None:
        name = self.names[tag]
        if name == "si":
            self.texts.append("".join(self.buffer))
            self.buffer.clear()
        elif name in UNREAD:
            self.unread -= 1
            self.aside.append("\n")
