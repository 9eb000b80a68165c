"""Recognise a document and say plainly that documents are not read yet, instead of looking for a table in one."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from data.errors import UnrecognisedFile
from data.sources.formats import is_pdf, start_of_file

WORD: Final = "word/document.xml"
ZIPPED: Final = b"PK\x03\x04"


def refuse_documents(path: Path) -> None:
    """Refuse a PDF, Word or OpenDocument text. Call it once the file is known to be safe to open."""
    kind = document_kind(path)
    if kind:
        raise UnrecognisedFile(
            f"this is {kind}, and documents are not read yet",
            file=path.name,
            expected="a table (CSV, XLSX or ODS) or a map layer (GeoJSON or GPKG)",
            todo="If it holds figures, send those in the long return. Keep the document until documents can be added",
        )


def document_kind(path: Path) -> str:
    """Name the kind of document that a file is; nothing for a file that is none."""
    start = start_of_file(path)
    if is_pdf(start):
        return "a PDF document"
    if not start.startswith(ZIPPED):
        return ""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if WORD in names:
            return "a Word document"
        kind = archive.read("mimetype")[:80] if "mimetype" in names else b""
    return "an OpenDocument text" if kind.startswith(b"application/vnd.oasis.opendocument.text") else ""
