"""Refuse workbooks and documents that run something, fetch something or carry something, before a cell is read.

A table holds figures. Macros, controls, embedded files, data connections and links to other workbooks are refused, each
by name. Links to web pages in a cell are left alone: most published workbooks have them, and nothing follows them.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Final
from xml.parsers import expat

from data.errors import DataError, UnreadableFile
from data.sources.archives import open_archive, part_blocks
from data.sources.xml_events import document_type_error

#: What a part of a container is, by its name, and what to do about it.
CARRIED: Final = (
    (r"(xl|word|ppt)/vba\w*\.(bin|xml)|xl/(macrosheets|dialogsheets)/.*|(Basic|Scripts)/.+", "macros"),
    (r"(xl|word)/(activeX|ctrlProps)/.*\.bin|xl/activeX/.*", "controls that run when it is opened"),
    (r"(xl|word)/embeddings/.+|Object \d+/.*\.bin", "other files inside it"),
    (r"xl/externalLinks/.+", "links to other workbooks"),
    (r"xl/(connections\.xml|queryTables/.+|model/.+)|customXml/.*dataMashup.*", "a connection to other data"),
)
TODO: Final = {
    "macros": "Save it as a workbook or document without macros (.xlsx, .docx, .ods)",
    "controls that run when it is opened": "Take them out and save it again",
    "other files inside it": "Take them out, or send them on their own",
    "links to other workbooks": "In Excel choose Data, Edit Links, Break Link, and save it again",
    "a connection to other data": "In Excel choose Data, Queries & Connections, delete them, and save it again",
}
_CARRIED: Final = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in CARRIED)
_XML: Final = re.compile(r".*\.(xml|rels|vml|rdf|xhtml|html|svg)", re.IGNORECASE)
_PROLOG_BYTES: Final = 256 * 1024  # a declaration and a comment stand before the first element, never this much


def check_office_file(path: Path) -> None:
    """Refuse a workbook or document that holds more than cells and words."""
    with open_archive(path) as archive:
        names = archive.namelist()
        for pattern, words in _CARRIED:
            if any(pattern.fullmatch(name) for name in names):
                raise carries(path, words)
        if "[Content_Types].xml" in names and _says_macros(path, archive):
            raise carries(path, "macros")
        if "META-INF/manifest.xml" in names:
            _check_manifest(path, archive)
        for name in names:
            if _XML.fullmatch(name):
                _check_prolog(path, archive, name)


def carries(path: Path, words: str) -> DataError:
    """Say what the file carries beside its words and figures."""
    return UnreadableFile(f"the file carries {words}, which may not come in", file=path.name, todo=TODO[words])


def _says_macros(path: Path, archive: zipfile.ZipFile) -> bool:
    types = b"".join(part_blocks(path, archive, "[Content_Types].xml"))
    return b"macroEnabled" in types or b"vbaProject" in types


def _check_manifest(path: Path, archive: zipfile.ZipFile) -> None:
    manifest = b"".join(part_blocks(path, archive, "META-INF/manifest.xml"))
    if b"encryption-data" in manifest:
        raise UnreadableFile("the workbook has a password", file=path.name, todo="Save it without a password")


def _check_prolog(path: Path, archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a document type: it can make a few letters stand for gigabytes, or fetch other files."""
    parser = prolog_parser(path)
    taken = 0
    try:
        with closing(part_blocks(path, archive, name)) as content:
            for block in content:
                parser.Parse(block, False)
                taken += len(block)
                if taken >= _PROLOG_BYTES:
                    raise UnreadableFile("the file has a part without content", file=path.name, todo="Save it again")
    except FirstElement:
        return
    except expat.ExpatError:
        return  # whoever reads the part says what is wrong with it


class FirstElement(Exception):
    """The prolog is over."""


def prolog_parser(path: Path) -> expat.XMLParserType:
    """Make a parser that stops at the first element and refuses a document type before it."""

    def element(*_: object) -> None:
        raise FirstElement

    def document_type(*_: object) -> None:
        raise document_type_error(path)

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    return parser
