"""Look at a file before anybody opens it: refuse what is hostile or broken, in seconds and with little memory.

Nothing is unpacked to disk, no formula, macro or script is run, and no address is followed. What passes may still be
the wrong table: the readers say that.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from data.errors import UnreadableFile
from data.sources.archives import blocks
from data.sources.formats import SQLITE, detect_kind, file_state, is_pdf, is_web_page, start_of_file, text_encoding
from data.sources.office_files import check_office_file
from data.sources.pdf_files import check_pdf
from data.sources.shape_files import check_geojson, check_geopackage

# The national postcode directory is a CSV of 1.3 GB; every other publication is below 600 MB.
MAX_TEXT_BYTES: Final = 2 * 1024**3
MAX_OTHER_BYTES: Final = 600 * 1024**2
MAX_PAGE_BYTES: Final = 40 * 1024**2  # a saved web page with its pictures inside; without them some 100 KB
#: A web page under another name, such as a workbook's, is refused like any file that is not what it is called.
WEB_PAGES: Final = (".html", ".htm", ".xhtml")
MAX_LINE: Final = 1 << 20  # letters in one line of text; the longest published line has some thousands
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


def check_opening(path: Path) -> None:
    """Return if the file may be opened, or raise UnreadableFile or EmptyFile with one clear sentence."""
    state = file_state(path)
    _check_content(path, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=16)
def _check_content(path: Path, _changed: int, size: int, _inode: int) -> None:
    """The intake, the recognition and the reader all look at a file; what has passed need not be unpacked again."""
    start = start_of_file(path)
    if is_web_page(start) and path.suffix.lower() in WEB_PAGES:
        _check_size(path, size, MAX_PAGE_BYTES)
        return  # it is parsed and never run: data/sources/web_pages.py
    if not is_text(path, start):
        _check_size(path, size, MAX_OTHER_BYTES)
    if start.startswith(b"PK"):
        check_office_file(path)
    elif is_pdf(start):
        check_pdf(path)
    elif start.startswith(SQLITE):
        check_geopackage(path)
    elif is_text(path, start):
        _check_size(path, size, MAX_TEXT_BYTES)
        _check_text(path)
    else:
        check_geojson(path)


def is_text(path: Path, start: bytes) -> bool:
    """Say whether a file is plain text in rows; what is neither that nor a kind that is known is refused."""
    return not start.startswith((b"PK", SQLITE)) and not is_pdf(start) and detect_kind(path) == "text"


def _check_size(path: Path, size: int, most: int) -> None:
    if size > most:
        raise UnreadableFile(
            "the file is larger than any publication or return",
            file=path.name,
            found=f"{size / 1024**2:,.0f} MB",
            expected=f"at most {most // 1024**2:,} MB",
            todo="Send only the table that is asked for",
        )


def _check_text(path: Path) -> None:
    """Refuse text that is not text throughout, and lines without an end."""
    decoder = codecs.getincrementaldecoder(text_encoding(path))()
    since = 0  # letters since the last end of a line
    with path.open("rb") as file:
        try:
            for block in blocks(file):
                text = decoder.decode(block)
                _refuse_controls(path, text)
                since = _since_line_end(text, since)
                if since > MAX_LINE:
                    raise _endless_line(path)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            todo = "Save it again as CSV UTF-8"
            raise UnreadableFile("the letters are stored in an unknown way", file=path.name, todo=todo) from error


def _refuse_controls(path: Path, text: str) -> None:
    found = _CONTROL.search(text)
    if found:
        raise UnreadableFile(
            "the file holds characters that are not text",
            file=path.name,
            found=f"the control character {ord(found[0])}",
            todo="Export the table again as CSV UTF-8",
        )


def _since_line_end(text: str, since: int) -> int:
    """Longest run without a line end that reaches into or out of this block."""
    first = next((at for at in (text.find("\n"), text.find("\r")) if at >= 0), -1)
    if first < 0:
        return since + len(text)
    if since + first > MAX_LINE:
        return since + first
    return len(text) - 1 - max(text.rfind("\n"), text.rfind("\r"))


def _endless_line(path: Path) -> UnreadableFile:
    return UnreadableFile(
        "a line of the file has no end",
        file=path.name,
        expected=f"at most {MAX_LINE:,} letters in a line",
        todo="Export the table again, one line for each row",
    )
