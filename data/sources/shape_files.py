"""Look at files of shapes before the reading library does, and tell it which of its formats a file is in.

The library opens some seventy formats and guesses which; some of them say in a few words which other file or address to
read. So its guess is never asked for: a file is read as GeoJSON, as a GeoPackage or as a shapefile, or not at all.
"""

from __future__ import annotations

import re
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from data.errors import DataError, UnreadableFile
from data.sources.archives import blocks, damaged, open_archive, part_blocks
from data.sources.formats import text_encoding

MAX_DEPTH: Final = 60  # GeoJSON nests eight deep; the properties of an area hold no more
MAX_OBJECTS: Final = 2_000_000  # three for each area: itself, its properties and its shape
MAX_SECONDS: Final = 20.0
SHAPEFILE: Final = b"\x00\x00\x27\x0a"  # ESRI Shapefile Technical Description, 1998: file code 9994
_AGAIN: Final = "Download it again from the ONS Open Geography portal"
_NO_LETTER: Final = re.compile(rb"\\u00(0[0-8bBcCeEfF]|1[0-9a-fA-F])")


# ---- GeoJSON --------------------------------------------------------------------------------------------------------


def check_geojson(path: Path) -> None:
    """Refuse text that nests without end, holds more than areas, or is not UTF-8."""
    if text_encoding(path) not in {"utf-8", "utf-8-sig"}:
        raise UnreadableFile("the letters are stored in an unknown way", file=path.name, expected="UTF-8", todo=_AGAIN)
    depth = objects = 0
    in_text = False
    with path.open("rb") as file:
        for block in whole_escapes(blocks(file)):
            if _NO_LETTER.search(block) or b"\x00" in block:
                raise UnreadableFile("the file holds characters that are not text", file=path.name, todo=_AGAIN)
            depth, deepest, opened, in_text = nesting(block, depth, in_text=in_text)
            objects += opened
            if deepest > MAX_DEPTH:
                raise UnreadableFile("the file nests lists in lists without end", file=path.name, todo=_AGAIN)
            if objects > MAX_OBJECTS:
                raise UnreadableFile("the file holds more shapes than there are areas", file=path.name, todo=_AGAIN)


def whole_escapes(content: Iterator[bytes]) -> Iterator[bytes]:
    """Give blocks that end behind a whole escape, not between a backslash and its letter."""
    held = b""
    for block in content:
        joined = held + block
        odd = (len(joined) - len(joined.rstrip(b"\\"))) % 2
        held = joined[len(joined) - odd :]
        yield joined[: len(joined) - odd]
    if held:
        yield held


def nesting(block: bytes, depth: int, *, in_text: bool) -> tuple[int, int, int, bool]:
    """Give the depth after a block, its greatest depth, how many objects it opens, and whether it ends within text."""
    plain = block.replace(b"\\\\", b"").replace(b'\\"', b"")
    letters = np.frombuffer(plain, dtype=np.uint8)
    quotes = np.cumsum(letters == ord('"')) + in_text
    outside = quotes % 2 == 0
    opens = outside & ((letters == ord("[")) | (letters == ord("{")))
    closes = outside & ((letters == ord("]")) | (letters == ord("}")))
    depths = depth + np.cumsum(opens.astype(np.int64) - closes)
    if not len(depths):
        return depth, depth, 0, in_text
    objects = int((outside & (letters == ord("{"))).sum())
    return int(depths[-1]), int(depths.max()), objects, bool(quotes[-1] % 2)


# ---- GeoPackage -----------------------------------------------------------------------------------------------------


def check_geopackage(path: Path) -> None:
    """Refuse a database that is damaged, that computes what is read from it, or that is no GeoPackage.

    Triggers are left alone: every GeoPackage has some, and nothing is ever written to the file.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.set_progress_handler(_until(time.monotonic() + MAX_SECONDS), 100_000)
            database.execute("PRAGMA trusted_schema = OFF")
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise damaged(path)
            held = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            computed = [name for kind, name, _ in held if kind == "table" and _has_computed(database, str(name))]
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise damaged(path) from error
    names = {str(name).casefold() for _, name, _ in held}
    if "gpkg_contents" not in names:
        todo = "Download the GeoPackage from the ONS Open Geography portal"
        raise UnreadableFile("the file is a database, but no GeoPackage", file=path.name, todo=todo)
    if computed or any(kind == "view" or _is_foreign(str(sql)) for kind, _, sql in held):
        raise UnreadableFile(
            "the GeoPackage holds tables that are computed when they are read",
            file=path.name,
            todo="Export the areas to a new GeoPackage, as a plain table",
        )


def _until(end: float) -> Callable[[], bool]:
    return lambda: time.monotonic() > end


def _has_computed(database: sqlite3.Connection, table: str) -> bool:
    quoted = table.replace('"', '""')
    kinds = [row[6] for row in database.execute(f'PRAGMA table_xinfo("{quoted}")')]
    # 1 is a hidden column of a virtual table, of which only the index of shapes is let in: see below
    return any(kind in {2, 3} for kind in kinds)


def _is_foreign(sql: str) -> bool:
    """Say whether a table is made by a program; only the index of shapes is."""
    virtual = re.match(r"\s*CREATE\s+VIRTUAL\s+TABLE\b", sql, re.IGNORECASE)
    return virtual is not None and not re.search(r"\bUSING\s+rtree\b", sql, re.IGNORECASE)


# ---- zipped shapefile -----------------------------------------------------------------------------------------------


def check_shapefile(path: Path, archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a part that is called a shapefile and is none."""
    with closing(part_blocks(path, archive, name)) as content:
        if not next(content, b"").startswith(SHAPEFILE):
            raise not_a_shapefile(path)


def not_a_shapefile(path: Path) -> DataError:
    """Say that the ZIP holds something else under a shapefile's name."""
    return UnreadableFile("the ZIP holds no shapefile that can be read", file=path.name, todo=_AGAIN)


def in_archive(path: Path, name: str) -> str:
    """Where the reading library finds a part of a ZIP; braces keep a folder with ".zip" in its name apart."""
    with open_archive(path) as archive:
        check_shapefile(path, archive, name)
    return f"/vsizip/{{{path.resolve()}}}/{name}"
