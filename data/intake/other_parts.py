"""What the guard looks at in text files, map files and PDF documents."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote

from data.errors import UnreadableFile
from data.intake.office_parts import opened
from data.intake.parts import Cells, Closed, Parts, Rows, Words

AT_ONCE: Final = 500
#: Coordinates fill nearly all of a map file and are nobody's number.
_COORDINATES: Final = re.compile(r'"(?:coordinates|bbox|arcs)"\s*:\s*\[[-\d\s,.\[\]eE+]*\]')
_WRITERS: Final = re.compile(r"<(?:dc:creator|xmp:CreatorTool|pdf:Producer)\b.*?</(?:dc|xmp|pdf):\w+>", re.DOTALL)
_DEEPEST: Final = 40


def text_parts(path: Path) -> Parts:
    """Read a delimited text file row by row; one that is no table is read line by line."""
    from data.sources.formats import text_rows

    yield from in_batches(text_rows(path))


def in_batches(rows: Iterable[Iterable[str]], *, name: str = "", table: int = 0, first: int = 1) -> Parts:
    """Give rows some hundreds at a time."""
    batch: list[tuple[int, Cells]] = []
    for number, row in enumerate(rows, first):
        batch.append((number, {at: cell for at, cell in enumerate(row) if cell}))
        if len(batch) == AT_ONCE:
            yield Rows(table, name, batch)
            batch = []
    if batch:
        yield Rows(table, name, batch)


# ---- maps -----------------------------------------------------------------------------------------------------------


def json_parts(path: Path) -> Parts:
    """Read the properties of every feature as a row, and every other word of the file."""
    from data.sources.formats import text_encoding

    text = path.read_text(encoding=text_encoding(path), errors="replace")
    try:
        held = json.loads(_COORDINATES.sub('"coordinates":[]', text))
    except (ValueError, RecursionError):
        yield from (Words(line, "the text", row=number) for number, line in enumerate(text.splitlines(), 1))
        return
    features = held.get("features") if isinstance(held, dict) else held
    records = [properties_of(feature) for feature in features] if isinstance(features, list) else []
    yield from records_parts(records)
    if isinstance(held, dict):
        rest = {key: value for key, value in held.items() if key != "features"}
        yield from (Words(text, "the head of the map file") for text in texts_in(rest))


def properties_of(feature: Any) -> dict[str, Any]:
    """Give what a feature says beside its shape."""
    if not isinstance(feature, dict):
        return {"": feature}
    properties = feature.get("properties")
    rest = {key: value for key, value in feature.items() if key not in {"properties", "geometry", "type"}}
    return {**rest, **properties} if isinstance(properties, dict) else {**rest, "properties": properties}


def records_parts(records: list[dict[str, Any]], *, name: str = "", table: int = 0) -> Parts:
    """Give records as rows below a row of their names; the rows are numbered as the records are."""
    names = list(dict.fromkeys(key for record in records for key in record))
    at = {key: position for position, key in enumerate(names)}
    yield Rows(table, name, [(0, {position: key for key, position in at.items() if key})])
    rows = ([" ".join(texts_in(record.get(key))) for key in names] for record in records)
    yield from in_batches(rows, name=name, table=table)


def texts_in(value: Any, depth: int = 0) -> Iterator[str]:
    """Give every name, text and number within a value."""
    if isinstance(value, dict):
        for key, within in value.items():
            yield str(key)
            yield from texts_in(within, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for within in value:
            yield from texts_in(within, depth + 1)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def geopackage_parts(path: Path) -> Parts:
    """Read every table of a GeoPackage but the shapes themselves."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = decoded
            database.execute("PRAGMA trusted_schema=OFF")
            kept = "SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            for table, (name,) in enumerate(database.execute(kept).fetchall()):
                if not name.startswith("rtree_"):
                    yield from database_table(database, name, table)
    except sqlite3.Error:
        raise UnreadableFile("the GeoPackage is damaged", file=path.name, todo="Download it again") from None


def database_table(database: sqlite3.Connection, name: str, table: int) -> Parts:
    """Read one table: shapes, which are binary, are passed over."""
    quoted = '"' + name.replace('"', '""') + '"'
    rows = database.execute(f"SELECT * FROM {quoted}")  # noqa: S608 (a table of the file itself, quoted)
    columns = [column[0] for column in rows.description]
    yield Rows(table, name, [(0, dict(enumerate(columns)))])
    plain = (["" if value is None or isinstance(value, bytes) else str(value) for value in row] for row in rows)
    yield from in_batches(plain, name=name, table=table)


def decoded(stored: bytes) -> str:
    """Read a stored text whatever its letters are."""
    return stored.decode("utf-8", errors="replace")


def archive_parts(path: Path) -> Parts:
    """Read the attributes of a zipped shapefile, and whatever else in the archive is text."""
    with opened(path) as archive:
        for table, name in enumerate(archive.namelist()):
            ending = name.lower().rpartition(".")[2]
            with archive.open(name) as stream:
                if ending == "dbf":
                    yield from dbase_parts(stream, table)
                elif ending in {"csv", "tsv", "txt", "xml", "json", "geojson", "prj", "cpg", "htm", "html", "md"}:
                    yield from lines_of(stream)


def lines_of(stream: IO[bytes]) -> Parts:
    """Read a text within an archive line by line."""
    for number, line in enumerate(stream, 1):
        yield Words(line.decode("utf-8", errors="replace"), "a text within the archive", row=number)


def dbase_parts(stream: IO[bytes], table: int) -> Parts:
    """Read a dBase table: 32 bytes of head, 32 for each field, then records of a fixed length."""
    head = stream.read(32)
    length, record = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
    described = stream.read(max(0, length - 32))
    fields = [described[at : at + 32] for at in range(0, len(described) - 31, 32) if described[at] != 0x0D]
    names = [field[:11].split(b"\0")[0].decode("latin-1") for field in fields]
    widths = [field[16] for field in fields]
    yield Rows(table, "", [(0, dict(enumerate(names)))])
    if record:
        yield from in_batches(dbase_rows(stream, record, widths), table=table)


def dbase_rows(stream: IO[bytes], record: int, widths: list[int]) -> Iterator[list[str]]:
    """Cut each record into its fields; deleted records are still in the file."""
    while len(held := stream.read(record)) == record:
        at, row = 1, []
        for width in widths:
            row.append(held[at : at + width].decode("utf-8", errors="replace").strip("\0 "))
            at += width
        yield row


def web_page_parts(path: Path) -> Parts:
    """Read a saved web page: every text and attribute, those that no screen shows included."""
    from data.sources.web_pages import words_of_page

    yield from (Words(text, where) for text, where in words_of_page(path))


# ---- PDF ------------------------------------------------------------------------------------------------------------


def pdf_parts(path: Path) -> Parts:
    """Read a PDF: the text of each page, notes on it, forms, properties and the outline."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    with quiet("pypdf"):
        try:
            with PdfReader(path) as reader:
                yield from pdf_words(reader)
        except (PyPdfError, *PDF_DAMAGE):
            problem = "the PDF is damaged, or locked with a password"
            raise UnreadableFile(problem, file=path.name, todo="Save it again without a password") from None


PDF_DAMAGE: Final = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    RecursionError,
    OverflowError,
)


def pdf_words(reader: Any) -> Parts:
    """Give the words of an open PDF."""
    for value in (reader.metadata or {}).items():
        yield Words(str(value[1]), "the document properties", author=value[0] in {"/Author", "/Creator", "/Producer"})
    if reader.xmp_metadata is not None:
        packet = reader.xmp_metadata.stream.get_data().decode("utf-8", errors="replace")
        writers = _WRITERS.findall(packet)
        yield from (Words(writer, "the document properties", author=True) for writer in writers)
        yield Words(re.sub(r"<[^>]*>", "\n", _WRITERS.sub("", packet)), "the document properties")
    for number, page in enumerate(reader.pages, 1):
        where = f"page {number}"
        yield from (Words(line, where) for line in page.extract_text().splitlines())
        for note in page.get("/Annots") or ():
            held = note.get_object()
            yield from (Words(str(held[key]), f"a note on {where}", author=key == "/T") for key in NOTE if key in held)
            link = held.get("/A")
            if link is not None and "/URI" in link.get_object():
                yield Words(unquote(str(link.get_object()["/URI"])), f"a link on {where}")
    for field, value in (reader.get_form_text_fields() or {}).items():
        yield Words(f"{field}: {value}", "a form")
    for entry in flattened(reader.outline):
        yield Words(str(entry.title), "the outline")
    if reader.attachments:
        yield Closed("a file that is attached to this one")


NOTE: Final = ("/Contents", "/T", "/TU", "/V", "/RC", "/Subj")


def flattened(outline: Iterable[Any]) -> Iterator[Any]:
    """Give every entry of an outline."""
    for entry in outline:
        if isinstance(entry, list):
            yield from flattened(entry)
        else:
            yield entry


@contextmanager
def quiet(name: str) -> Iterator[None]:
    """Let a library write nothing to the log while it reads what may name a person."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)  # those below it, such as pypdf._reader, take their level from here
    try:
        yield
    finally:
        logger.setLevel(before)
