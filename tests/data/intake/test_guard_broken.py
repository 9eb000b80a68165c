"""Whatever bytes a file holds, the guard looks at it or refuses it in a sentence: no traceback, nothing repeated."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import struct
import warnings
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from pypdf import PdfWriter

from data.errors import DataError
from data.intake.guard import refuse_identifiers

NUMBER = "943 476 5919"


def workbook() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    book.active.append(["indicator_id", "numerator", "note"])
    book.active.append(["buddy_allocated", 12, NUMBER])
    book.active["A2"].comment = Comment("about it", "somebody")
    book.save(stream)
    return stream.getvalue()


def opendocument() -> bytes:
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
        '<table:table table:name="R"><table:table-row><table:table-cell table:number-columns-repeated="2">'
        f"<text:p>{NUMBER}</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def document() -> bytes:
    written, stream = docx.Document(), io.BytesIO()
    written.add_paragraph(f"about {NUMBER}")
    written.add_table(1, 2).cell(0, 0).text = "what"
    written.save(stream)
    return stream.getvalue()


def pdf() -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Subject": NUMBER})
    writer.write(stream)
    return stream.getvalue()


def geojson() -> bytes:
    shape = {"type": "Point", "coordinates": [-1.9, 50.7]}
    features = [{"type": "Feature", "properties": {"name": "A hub", "who": NUMBER}, "geometry": shape}]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def geopackage() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE hubs (fid INTEGER, name TEXT)")
            database.execute("INSERT INTO hubs VALUES (1, ?)", [NUMBER])
            database.commit()
        return path.read_bytes()


def shapefile() -> bytes:
    head = struct.pack("<B3xIHH20x", 3, 1, 32 + 32 + 1, 21)
    field = struct.pack("<11sc4xBB14x", b"NOTE", b"C", 20, 0)
    return zipped({"a.shp": b"", "a.dbf": head + field + b"\r " + NUMBER.encode().ljust(20)})


def text() -> bytes:
    return f"indicator_id,numerator,note\nbuddy_allocated,12,{NUMBER}\n".encode()


FILES: dict[str, Callable[[], bytes]] = {
    function.__name__: cache(function)
    for function in (workbook, opendocument, document, pdf, geojson, geopackage, shapefile, text)
}
changes = st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=0, max_size=8), st.integers(0, 8)), max_size=6)


def changed(whole: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    """Put other bytes into some places of a file."""
    for place, new, old in changes:
        at = place % (len(whole) + 1)
        whole = whole[:at] + new + whole[at + old :]
    return whole


def look_at(folder: Path, content: bytes) -> None:
    """Let the guard look; only a sentence for people may come out."""
    path = folder / "file"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        said = ""
        try:
            refuse_identifiers(path)
        except DataError as error:
            said = str(error)
    assert NUMBER not in said


@pytest.mark.parametrize("kind", FILES)
def test_the_file_is_refused_while_it_is_whole(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[kind]())
    with pytest.raises(DataError, match="found, nothing was loaded"):
        refuse_identifiers(path)


@pytest.mark.parametrize("kind", FILES)
@given(changes=changes)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changed_bytes_end_in_a_sentence(kind: str, changes: list[tuple[int, bytes, int]], tmp_path: Path) -> None:
    look_at(tmp_path, changed(FILES[kind](), changes))


@pytest.mark.parametrize("kind", ["workbook", "opendocument", "document"])
@given(changes=changes, which=st.integers(0, 100))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changed_bytes_within_a_part_end_in_a_sentence(
    kind: str, which: int, changes: list[tuple[int, bytes, int]], tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(FILES[kind]())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[which % len(parts)]
    parts[name] = changed(parts[name], changes)
    look_at(tmp_path, zipped(parts))


@given(content=st.binary(max_size=2_000))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_end_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    for start in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"SQLite format 3\0", b'{"features": [', b"\xff\xfe"):
        look_at(tmp_path, start + content)


def test_a_library_that_stumbles_writes_nothing_to_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(f"{NUMBER} %PDF-1.7 {NUMBER}".encode() * 20 + pdf()[:-20])
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DataError):
        refuse_identifiers(path)
    assert caplog.records == []


def test_a_part_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    path = tmp_path / "a.ods"
    path.write_bytes(zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": bomb}))
    with pytest.raises(DataError, match="declares XML entities"):
        refuse_identifiers(path)
