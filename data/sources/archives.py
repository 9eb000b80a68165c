"""Open a ZIP container (workbook, document, zipped shapefile) only when it is honest and unpacks to something modest.

The end record is read before the list of contents, and the list before any content, so that a container made to exhaust
the machine is refused on its description. A description that lies is caught while unpacking: see ``read_part``.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Final

from data.errors import UnreadableFile

# A national File 7 workbook unpacks to about 150 MB; four times that is no longer a table anyone publishes.
MAX_UNPACKED_BYTES: Final = 600 * 1024 * 1024
MAX_PARTS: Final = 5_000  # a workbook of 200 sheets with a drawing and a comment each has about 1,000
MAX_RATIO: Final = 200  # tables pack 5 to 60 times; a bomb packs up to 1,032 times, the most that deflate can
RATIO_COUNTS_FROM: Final = 20 * 1024 * 1024
_END: Final = struct.Struct("<4s4H2LH")  # end of central directory: APPNOTE 6.3.10, section 4.3.16
_LONGEST_END: Final = _END.size + 65_535
_ENTRY: Final = 46 + 4 * 1024  # bytes of one entry in the list: its fixed part and generous names and extras
_LOCAL: Final = 30  # bytes of the fixed part of a local header
_BLOCK: Final = 1 << 20
_PACKING: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
#: What the standard library raises on a broken container; RuntimeError is its word for a password.
DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(KeyError, ValueError, NotImplementedError, RuntimeError),
)
_AGAIN: Final = "Save or download it again"


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a container whose description is honest and modest, or say what is wrong with it."""
    _check_end(path)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise damaged(path) from error
    try:
        _check_parts(path, archive.infolist())
    except UnreadableFile:
        archive.close()
        raise
    return archive


def damaged(path: Path) -> UnreadableFile:
    """Say that the container is broken."""
    return UnreadableFile("the file is cut short or damaged", file=path.name, todo=_AGAIN)


def read_part(path: Path, archive: zipfile.ZipFile, name: str, *, most: int = MAX_UNPACKED_BYTES) -> bytes:
    """Read one part, and no more of it than it was said to hold."""
    try:
        with archive.open(name) as part:
            content = part.read(most + 1)
    except DAMAGE as error:
        raise damaged(path) from error
    if len(content) > most:
        raise _too_large(path)
    return content


def part_blocks(path: Path, archive: zipfile.ZipFile, name: str) -> Generator[bytes]:
    """Unpack one part a block at a time; close it if you stop before its end."""
    try:
        with archive.open(name) as part:
            yield from blocks(part)
    except DAMAGE as error:
        raise damaged(path) from error


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file's content a block at a time."""
    while block := file.read(_BLOCK):
        yield block


def _check_end(path: Path) -> None:
    """Refuse a list of contents so long that reading it would be the attack."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_END))
        tail = file.read(_LONGEST_END)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise damaged(path)
    _, disk, _, _, parts, length, _, _ = _END.unpack_from(tail, at)
    # 0xFFFFFFFF says that the true length stands in a longer record, which only a list of gigabytes needs
    if disk or parts > MAX_PARTS or length > MAX_PARTS * _ENTRY:
        raise UnreadableFile(
            "the file is a container of far too many parts",
            file=path.name,
            found=f"{parts:,} parts" if parts < 0xFFFF else "more parts than can be counted",
            expected=f"at most {MAX_PARTS:,}",
            todo="Send the table itself",
        )


def _check_parts(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise UnreadableFile("the file is a container of far too many parts", file=path.name, found=f"{len(parts):,}")
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableFile("the file has a password", file=path.name, todo="Save it without a password")
    if any(part.compress_type not in _PACKING for part in parts):
        raise UnreadableFile("the file is packed in an unusual way", file=path.name, todo="Save it again")
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _too_large(path)
    if any(_is_bomb(part) for part in parts):
        raise UnreadableFile(
            "a small part of the file unpacks to an enormous one, as in an attack",
            file=path.name,
            expected=f"at most {MAX_RATIO} times its size",
            todo="Save the table again, without the empty rows and columns",
        )
    if any(_leads_outside(part.filename) for part in parts):
        raise UnreadableFile("a part of the file has a name that leads outside it", file=path.name, todo=_AGAIN)
    if _overlap(parts) or len({part.filename for part in parts}) < len(parts):
        raise UnreadableFile("parts of the file lie over each other, as in an attack", file=path.name, todo=_AGAIN)


def _too_large(path: Path) -> UnreadableFile:
    return UnreadableFile(
        "the file unpacks to more than a table should",
        file=path.name,
        expected=f"at most {MAX_UNPACKED_BYTES // 1024**2} MB",
        todo="Save the table again, without the empty rows and columns, or send it as CSV",
    )


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_COUNTS_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\x00" in name or ".." in name.split("/") or name[1:2] == ":"


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Say whether two parts share bytes: the way in which a small file is made to unpack to petabytes."""
    ordered = sorted(parts, key=lambda part: part.header_offset)
    return any(
        first.header_offset + _LOCAL + len(first.filename.encode()) + first.compress_size > second.header_offset
        for first, second in pairwise(ordered)
    )
