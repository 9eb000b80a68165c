"""The guard against personal identifiers. It looks at every part of a file before anything is read, stored or logged.

Each refusal says where, and never what: the sheet or part, the row and the column. The rules are in docs/guard.md.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from data.errors import DataErrors, UnreadableFile, WrongValues
from data.intake.findings import NAMED, PUBLISHED, TODO, Found
from data.intake.identifiers import KINDS, NAME, identifiers_in
from data.intake.office_parts import DAMAGE, document_parts, workbook_parts
from data.intake.opendocument_parts import opendocument_parts
from data.intake.other_parts import archive_parts, geopackage_parts, json_parts, pdf_parts, text_parts, web_page_parts
from data.intake.parts import Closed, Parts, Words, column_letter
from data.intake.table_look import Table

__all__ = ["column_letter", "refuse_identifiers", "safe_name"]

TODO_PROPERTIES = "Take it out: in Excel or Word choose File, Info, Check for issues, Inspect document"


def refuse_identifiers(path: Path, *, postcode_columns: frozenset[str] = frozenset(), published: bool = False) -> None:
    """Refuse a file in which anything identifies a person; the refusal says where, never what.

    ``postcode_columns`` names, in lower case, the columns in which a postcode is looked up and forgotten.
    ``published`` is for official publications: only NHS and National Insurance numbers and dates of birth are refused.
    """
    refusal = refusal_of(path, postcode_columns, published=published)
    if refusal is not None:
        raise refusal


def refusal_of(path: Path, postcode_columns: frozenset[str], *, published: bool) -> DataErrors | None:
    """Look at a whole file and give its refusal, if there is one; what was looked at ends with this function."""
    kinds = PUBLISHED if published else frozenset(KINDS)
    found = Found(safe_name(path), kinds, postcode_columns, published)
    if found.file != path.name:
        found.add("the name of the file identifies a person", sheet="", row=None, column=None, todo="Rename the file")
    reader = parts_of(path)
    if reader is not None:
        look_at(reader(path), found)
    if not found.count:
        return None
    problems = found.problems
    if found.count > NAMED:
        more = f"{found.count - NAMED:,} more cells or parts hold personal identifiers"
        problems = [*problems, WrongValues(more, file=found.file, todo=TODO)]
    return DataErrors(problems, file=found.file)


def safe_name(path: Path) -> str:
    """Give a file's name as it may be shown and logged: one that identifies a person is not repeated."""
    return "the file" if identifiers_in(path.name.replace("_", " ")) or identifiers_in(path.name) else path.name


# ---- which parts a file has -----------------------------------------------------------------------------------------


def parts_of(path: Path) -> Callable[[Path], Parts] | None:
    """Find how a file is looked at, by its content; what cannot be opened at all is left to its reader to refuse."""
    from data.sources.formats import detect_kind, is_web_page

    with path.open("rb") as file:
        start = file.read(1024)
    if start.lstrip()[:5] == b"%PDF-" or b"%PDF-" in start:
        return pdf_parts
    if is_web_page(start):
        return web_page_parts
    if start.startswith(b"PK") and is_document(path):
        return document_parts
    try:
        kind = detect_kind(path)
    except UnreadableFile:
        return None
    return PARTS.get(kind)


PARTS: dict[str, Callable[[Path], Parts]] = {
    "text": text_parts,
    "xlsx": workbook_parts,
    "ods": opendocument_parts,
    "json": json_parts,
    "geopackage": geopackage_parts,
    "zip": archive_parts,
}


def is_document(path: Path) -> bool:
    """Say whether an archive is a DOCX document."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except DAMAGE:
        return False


# ---- looking --------------------------------------------------------------------------------------------------------


def look_at(parts: Parts, found: Found) -> None:
    """Look at every part of a file."""
    table: Table | None = None
    for part in parts:
        if isinstance(part, Words):
            look_at_words(part, found)
        elif isinstance(part, Closed):
            if found.published:
                continue
            problem = f"{part.where} cannot be looked into"
            found.add(problem, sheet="", row=None, column=None, todo="Take it out, or send it as a file of its own")
        else:
            if table is None or table.number != part.table:
                if table is not None:
                    table.finish()
                table = Table(part.table, part.name, part.where, found)
            table.take(part.rows)
    if table is not None:
        table.finish()


def look_at_words(words: Words, found: Found) -> None:
    """Look at a text outside the tables. Who wrote a file or comment may stand there by name."""
    for kind in found.kinds_in(words.text):
        if kind == NAME and words.author:
            continue
        todo = TODO_PROPERTIES if "properties" in words.where or "commented" in words.where else TODO
        problem = f"{kind} stands in {words.where}, and nothing that identifies a person may come in"
        found.add(problem, sheet=words.sheet, row=words.row, column=None, todo=todo)
