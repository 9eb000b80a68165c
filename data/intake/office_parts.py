"""Every part of a workbook or document of Office (XLSX, DOCX), those that no screen shows included."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from data.errors import UnreadableFile
from data.intake.parts import Cells, Closed, Part, Parts, Rows, Words
from data.intake.xml_words import SheetOfWorkbook, Strings, WordsOfXml

DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, ParseError),
    *(LookupError, ValueError, EOFError, OSError, RuntimeError, NotImplementedError),
)
_BLOCKS: Final = re.compile(r"</?(?:div|p|br|v:\w+|x:\w+|o:\w+|xml)\b[^>]*>", re.IGNORECASE)
_TAGS: Final = re.compile(r"<[^>]*>")
_QUOTED: Final = re.compile(r"\b(?!style\b|path\b)[\w:]+\s*=\s*[\"']([^\"'<>]*)[\"']")
_BARE_MARK: Final = re.compile(r"[\d.,:;%#\s-]*")

#: The beginning of a part's name, and the words for what stands in it. The first that fits is taken.
PLACES = (
    ("docProps/", "the document properties"),
    ("meta.xml", "the document properties"),
    ("xl/comments", "the comment"),
    ("xl/threadedComments/", "the comment"),
    ("xl/persons/", "the list of people who commented"),
    ("xl/drawings/", "a text box or drawing"),
    ("xl/diagrams/", "a drawing"),
    ("xl/charts/", "a chart"),
    ("xl/chartsheets/", "a chart"),
    ("xl/pivot", "the data kept for a pivot table"),
    ("xl/externalLinks/", "the data kept from a linked workbook"),
    ("xl/tables/", "the headings of a table"),
    ("xl/connections", "a data connection"),
    ("xl/queryTables/", "a data connection"),
    ("xl/workbook.xml", "the settings of the workbook"),
    ("customXml/", "data that a program added to the file"),
    ("word/comments", "a comment"),
    ("word/people", "the list of people who commented"),
    ("word/header", "a header"),
    ("word/footer", "a footer"),
    ("word/footnotes", "a footnote"),
    ("word/endnotes", "an endnote"),
    ("word/document", "the text"),
    ("word/charts/", "a chart"),
    ("styles.xml", "a header, footer or style"),
    ("content.xml", "a text box, rule or drawing"),
    ("Object", "a chart or object in the file"),
)
OTHER = "a part of the file that no screen shows"


def workbook_parts(path: Path) -> Parts:
    """Read an XLSX workbook: its sheets row by row, hidden ones too, and the words of every other part."""
    with opened(path) as archive:
        yield from embedded_files(archive)
        names = part_names(archive)
        titles, owners = sheet_titles(archive), sheet_owners(archive)
        strings = Strings()
        shared = shared_strings(archive)
        for name in sorted(shared):
            with archive.open(name) as stream:
                strings.read(stream)
        for table, name in enumerate(names):
            if name in shared:
                continue
            sheet = titles.get(name) or titles.get(owners.get(name, ""), "")
            if name.lower().endswith(".vml"):
                yield from loose_words(archive.read(name), words_for(name), sheet)
                continue
            with archive.open(name) as stream:
                yield from SheetOfWorkbook(words_for(name), sheet, table, strings).parts(stream)
        for text in strings.hidden():
            yield Words(text, "a text that the file keeps and no cell shows")


def document_parts(path: Path) -> Parts:
    """Read a DOCX document: text, tables, comments, changes, headers, notes and properties."""
    with opened(path) as archive:
        yield from embedded_files(archive)
        for table, name in enumerate(part_names(archive)):
            with archive.open(name) as stream:
                yield from WordsAndTables(words_for(name), table * 1000).parts(stream)


def loose_words(content: bytes, where: str, sheet: str) -> Parts:
    """Read an old drawing, which Excel writes as a web page writes its text: not every element in it is closed."""
    text = html.unescape(content.decode("utf-8", errors="replace"))
    for block in _BLOCKS.split(text):
        words = " ".join(_TAGS.sub("", block).split())
        if words:
            yield Words(words, where, sheet)
    yield from (Words(found, where, sheet) for found in _QUOTED.findall(text) if not _BARE_MARK.fullmatch(found))


def part_names(archive: zipfile.ZipFile) -> list[str]:
    """List the parts in which words may stand: all that are XML, whatever their names say."""
    return [entry.filename for entry in archive.infolist() if not entry.is_dir() and is_xml(archive, entry.filename)]


def is_xml(archive: zipfile.ZipFile, name: str) -> bool:
    """Say whether a part is XML by how it begins, in any of the usual encodings."""
    with archive.open(name) as stream:
        start = stream.read(64)
    return start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def shared_strings(archive: zipfile.ZipFile) -> set[str]:
    """Find the parts that hold the texts of the sheets: the usual one, and any that the workbook names."""
    named = {target for target, kind in linked_parts(archive, "xl/workbook.xml") if kind.endswith("/sharedStrings")}
    return {name for name in archive.namelist() if name in named or name.lower() == "xl/sharedstrings.xml"}


def words_for(name: str) -> str:
    """Say in plain words what stands in a part."""
    return next((words for start, words in PLACES if name.startswith(start)), OTHER)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what is wrong with it is told without repeating any of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DAMAGE:
        raise UnreadableFile("the file is damaged or cut short", file=path.name, todo="Save it again") from None


def embedded_files(archive: zipfile.ZipFile) -> Iterator[Part]:
    """Say of each file within the file that it cannot be looked into."""
    if any("embeddings/" in name and not name.endswith("/") for name in archive.namelist()):
        yield Closed("a file that is embedded in this one")


def sheet_titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the title of each sheet by the name of its part."""
    targets = relations(archive, "xl/workbook.xml")
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    titles = {}
    for element in tree(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet"):
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            titles[targets.get(identity, "")] = element.get("name", "")
    return titles


def sheet_owners(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the part of the sheet to which a comment, drawing or table belongs."""
    sheets = [name for name in archive.namelist() if posixpath.dirname(name) == "xl/worksheets"]
    return {target: sheet for sheet in sheets for target in relations(archive, sheet).values()}


def relations(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Give the parts to which a part refers, by the identity of the reference."""
    return {identity: target for target, _, identity in links_of(archive, name)}


def linked_parts(archive: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    """Give the parts to which a part refers, each with the kind of the reference."""
    return [(target, kind) for target, kind, _ in links_of(archive, name)]


def links_of(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str, str]]:
    """Give each reference of a part: the part that is meant, the kind and the identity."""
    folder, file = posixpath.split(name)
    listed = f"{folder}/_rels/{file}.rels"
    if listed not in archive.namelist():
        return
    for element in tree(archive, listed).iter():
        target = element.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        yield path, element.get("Type", ""), element.get("Id", "")


def tree(archive: zipfile.ZipFile, name: str) -> Element:
    """Read a small part whole."""
    from defusedxml import ElementTree  # type: ignore[import-untyped]

    root: Element = ElementTree.fromstring(archive.read(name))
    return root


class WordsAndTables(WordsOfXml):
    """A part of a DOCX document: the rows of its tables, and everything else as words."""

    def __init__(self, where: str, table: int) -> None:
        super().__init__(where)
        self.table = table
        self.tables: list[list[tuple[int, Cells]]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        name = self.names[tag]
        if name == "tbl":
            self.tables.append([])
        elif name == "tr" and self.tables:
            self.tables[-1].append((len(self.tables[-1]) + 1, {}))
        elif name == "tc" and self.tables and self.tables[-1]:
            cells = self.tables[-1][-1][1]
            cells[len(cells)] = ""

    def end(self, tag: str) -> None:
        super().end(tag)
        if self.names[tag] == "tbl" and self.tables:
            self.table += 1
            self.reading.found.append(Rows(self.table, "", self.tables.pop(), "a table in the text"))

    def flush(self) -> None:
        cells = self.tables[-1][-1][1] if self.tables and self.tables[-1] else {}
        words = "".join(self.buffer).strip()
        if cells and words:
            at = len(cells) - 1
            cells[at] = f"{cells[at]}\n{words}" if cells[at] else words
            self.buffer.clear()
        else:
            super().flush()
