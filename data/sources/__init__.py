"""One reader for each publication or local return: a file in, tidy frames out.

A reader is a module of this package with ``SOURCE_ID``, ``ACCEPTS`` (a few words for people), ``recognises(preview)``,
which judges by content and never by file name, and ``read(path, context)``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from data.errors import UnrecognisedFile
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, preview

__all__ = ["READERS", "Preview", "Reading", "ReadingContext", "read_file", "reader_for"]

# Order matters only where one table could be taken for another: the more particular comes first.
READERS: Final = (
    "iod",
    "iod_extras",
    "lookups",
    "population",
    "census",
    "low_income",
    "postcodes",
    "settings",
    "settings_return",
    "pathway_events",
    "registers",
    "boundaries",
    "fingertips",
    "dhsc_upload",
    "lait",
    "msds",
    "hv_metrics",
    "gdp_deflators",
    "published_statistics",
    "long_return",
)


class Reader(Protocol):
    """What every reader module offers."""

    SOURCE_ID: str
    ACCEPTS: str

    def recognises(self, preview: Preview) -> bool:
        """Say whether this file is one that the reader reads."""

    def read(self, path: Path, context: ReadingContext) -> Reading:
        """Read the whole file or raise a DataError."""


def _reader(name: str) -> Reader:
    """Import a reader when the first file is opened, not when the package is."""
    return cast("Reader", import_module(f"data.sources.{name}"))


def reader_for(path: Path) -> Reader:
    """Find the reader of a file by its content, or say what is accepted."""
    seen = preview(path)
    readers = [_reader(name) for name in READERS]
    found = next((reader for reader in readers if reader.recognises(seen)), None)
    if found is not None:
        return found
    columns = ", ".join(map(repr, seen.columns[:6]))
    raise UnrecognisedFile(
        "the file is none of the publications or returns that are accepted",
        file=path.name,
        found=f"columns {columns}" if columns else f"a {seen.kind} file without column names",
        expected=f"one of: {'; '.join(reader.ACCEPTS for reader in readers)}",
    )


def read_file(path: Path, context: ReadingContext | None = None) -> Reading:
    """Recognise a file and read it."""
    return reader_for(path).read(path, context or ReadingContext())
