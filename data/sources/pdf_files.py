"""Open a PDF with limits, and refuse one that is locked, runs something or carries other files."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.errors import DataError, UnreadableFile
from data.sources.archives import DAMAGE

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_DRAWN: Final = 4_000  # pictures and forms drawn on one page; pypdf would leave out what comes after
#: What pypdf raises on a broken PDF beside its own errors: it looks into the parts as if they were whole.
_BROKEN: Final = (
    *(*DAMAGE, TypeError, AttributeError, IndexError, AssertionError, ArithmeticError, RecursionError),
    *(LookupError, UnicodeError, MemoryError),
)
#: Actions of a PDF that do something beside turning to a page: ISO 32000-1, table 198.
_ACTS: Final = {"/JavaScript": "scripts", "/Launch": "commands to start programs", "/ImportData": "links to data"}


def check_pdf(path: Path) -> None:
    """Refuse a PDF that cannot be read, or that does more than show words."""
    with opened_pdf(path) as reader:
        if not reader.pages:
            raise UnreadableFile("the PDF has no pages", file=path.name, todo="Print it to a new PDF")


@contextmanager
def opened_pdf(path: Path) -> Iterator[PdfReader]:
    """Open a PDF with limits on what its parts may unpack to; whatever is wrong inside becomes one sentence."""
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    log = logging.getLogger("pypdf")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)  # its warnings repeat what stands in the file
    limits = pypdf.apply_configuration(
        zlib_maximum_output_length=30_000_000,
        lzw_maximum_output_length=30_000_000,
        run_length_maximum_output_length=30_000_000,
        stream_decoding_work_maximum_length=60_000_000,
        stream_parsing_work_maximum_count=1_000_000,
        xform_maximum_invocations_per_extraction=MAX_DRAWN,
    )
    try:
        with limits, pypdf.PdfReader(path, strict=False) as reader:
            _refuse_locked(path, reader)
            _refuse_carried(path, reader)
            yield reader
    except (PyPdfError, DependencyError, *_BROKEN) as error:
        todo = "Print it to a new PDF, or send the Word document"
        raise UnreadableFile("the PDF is damaged or made in an unusual way", file=path.name, todo=todo) from error
    finally:
        log.setLevel(before)


def _refuse_locked(path: Path, reader: PdfReader) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile("the PDF has a password", file=path.name, todo="Save it without a password")


def _refuse_carried(path: Path, reader: PdfReader) -> None:
    """Refuse what runs or travels inside the document."""
    root = reader.root_object
    names = resolved(root.get("/Names"))
    if "/JavaScript" in names:
        raise carries(path, "scripts")
    if "/EmbeddedFiles" in names or "/Collection" in root:
        raise carries(path, "other files inside it")
    refuse_acts(path, root.get("/OpenAction"))
    refuse_acts(path, root.get("/AA"))


def refuse_acts(path: Path, action: Any, depth: int = 0) -> None:
    """Refuse an action, an action that follows it, or a set of actions, that does more than turn to a page."""
    held = resolved(action)
    words = _ACTS.get(str(held.get("/S")))
    if words or depth > 20:
        raise carries(path, words or "scripts")
    events = [held[key] for key in ("/Next", "/O", "/C", "/WC", "/WS", "/DS", "/WP", "/DP") if key in held]
    for each in events:
        refuse_acts(path, each, depth + 1)


def resolved(held: Any) -> Any:
    """Give the dictionary that an entry stands for; an array of places or nothing at all gives an empty one."""
    from pypdf.generic import DictionaryObject, IndirectObject

    found = held.get_object() if isinstance(held, IndirectObject) else held
    return found if isinstance(found, DictionaryObject) else {}


def carries(path: Path, words: str) -> DataError:
    """Say what travels in the document beside its words."""
    todo = "Print it to a new PDF and send that"
    return UnreadableFile(f"the PDF carries {words}, which may not come in", file=path.name, todo=todo)
