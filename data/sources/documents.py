"""Read the words of a PDF or Word document, page by page, without running, following or unpacking anything in it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.errors import DataError, EmptyFile, UnreadableFile
from data.sources.archives import open_archive, part_blocks
from data.sources.formats import is_pdf, start_of_file
from data.sources.pdf_files import MAX_DRAWN, carries, opened_pdf, refuse_acts, resolved
from data.sources.safe_opening import check_opening
from data.sources.xml_events import read_events

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_PAGES: Final = 2_000  # the longest board pack of the two councils and the NHS trusts has some 600
MAX_LETTERS: Final = 20_000_000  # 2,000 pages of 4,000 letters, and more than twice as much again
MAX_STEPS: Final = 3_000_000  # drawing steps; a page of dense text takes some 3,000
MAX_SECONDS: Final = 45.0  # the last stop, should the steps themselves be slow
BODY: Final = "word/document.xml"
Page = tuple[int | None, str]
_WORDS: Final = re.compile(r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml")


def read_pages(path: Path, *, notes: bool = True) -> list[Page]:
    """Give each page's number and words; a Word document knows no pages, so its parts have None instead of a number.

    ``notes`` adds what people wrote on the pages of a PDF.
    """
    check_opening(path)
    start = start_of_file(path)
    if is_pdf(start):
        pages = list(_pdf_pages(path, notes))
    elif start.startswith(b"PK"):
        pages = list(_word_parts(path))
    else:
        todo = "Send it as PDF or DOCX"
        raise UnreadableFile("the file is neither a PDF nor a Word document", file=path.name, todo=todo)
    if not any(text.strip() for _, text in pages):
        todo = "Send the document from which it was printed or scanned"
        raise EmptyFile("the document holds no words, as when pages are pictures", file=path.name, todo=todo)
    return pages


def too_much(path: Path, found: str) -> DataError:
    """Say that a document goes beyond what any report holds."""
    todo = "Send it in parts"
    return UnreadableFile("the document is larger than any report", file=path.name, found=found, todo=todo)


# ---- PDF ------------------------------------------------------------------------------------------------------------


def _pdf_pages(path: Path, with_notes: bool) -> Iterator[Page]:
    budget = Budget(path)
    with opened_pdf(path) as reader:
        if len(reader.pages) > MAX_PAGES:
            raise too_much(path, f"{len(reader.pages):,} pages")
        for number, page in enumerate(reader.pages, start=1):
            refuse_acts(path, page.get("/AA"))
            notes = "\n".join(_notes_on(path, page)) if with_notes else ""
            text = page.extract_text(visitor_operand_before=budget.step)
            budget.letters(len(text) + len(notes))
            yield number, _clean(f"{text}\n{notes}" if notes else text)


def _notes_on(path: Path, page: PageObject) -> Iterator[str]:
    """Give what people wrote on a page: notes and what was filled into a form."""
    for each in page.annotations or ():
        note = resolved(each)
        refuse_acts(path, note.get("/A"))
        refuse_acts(path, note.get("/AA"))
        if note.get("/Subtype") == "/FileAttachment":
            raise carries(path, "other files inside it")
        yield from (str(note[key]) for key in ("/Contents", "/V") if isinstance(note.get(key), str))


def _clean(text: str) -> str:
    """Leave out what is no letter: half characters and NULs, which no store takes."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


class Budget:
    """What one document may cost: drawing steps, letters and, at last, seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.steps = self.drawn = self.taken = 0
        self.until = time.monotonic() + MAX_SECONDS
        self.refusal: DataError | None = None

    def step(self, operator: object = b"", *_: object) -> None:
        """Count one drawing step, in whichever part of a page it stands."""
        self.steps += 1
        self.drawn += operator == b"Do"
        if self.drawn > MAX_DRAWN:
            self.refuse(f"more than {MAX_DRAWN:,} pictures or forms on one page")
        if self.steps > MAX_STEPS:
            self.refuse(f"more than {MAX_STEPS:,} drawing steps")
        if self.steps % 256 == 0:
            self.look_at_the_clock()

    def letters(self, count: int) -> None:
        """Count the letters of a page that is read, and begin the next."""
        if self.refusal:
            raise self.refusal
        self.taken += count
        self.drawn = 0
        if self.taken > MAX_LETTERS:
            self.refuse(f"more than {MAX_LETTERS:,} letters")
        self.look_at_the_clock()

    def look_at_the_clock(self) -> None:
        """Stop what takes too long."""
        if time.monotonic() > self.until:
            self.refuse(f"more than {MAX_SECONDS:g} seconds of reading")

    def refuse(self, found: str) -> None:
        """Stop; and remember it, because pypdf goes on with the page when a form on it fails."""
        self.refusal = self.refusal or too_much(self.path, found)
        raise self.refusal


# ---- Word -----------------------------------------------------------------------------------------------------------


def _word_parts(path: Path) -> Iterator[Page]:
    """Give the words of the body first, then those of notes, comments, headers and footers."""
    budget = Budget(path)
    with open_archive(path) as archive:
        if BODY not in archive.namelist():
            todo = "Send it as PDF or DOCX"
            raise UnreadableFile("the file is no Word document", file=path.name, todo=todo)
        parts = sorted(
            filter(_WORDS.fullmatch, archive.namelist()), key=lambda name: (name != "word/document.xml", name)
        )
        for part in sorted(parts, key=lambda name: (name != BODY, name)):
            words = _Words(budget)
            for _ in read_events(path, part_blocks(path, archive, part), words):
                pass
            if text := words.whole():
                yield None, text


class _Words:
    """The words of one part: every run of text, whether shown, moved or deleted but still in the file."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.pieces: list[str] = []
        self.inside = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Begin a run of text, or note a break."""
        if name in {"t", "delText", "instrText"}:
            self.inside += 1
        elif name in {"tab", "tc"}:
            self.pieces.append("\t")
        elif name in {"br", "cr"}:
            self.pieces.append("\n")

    def end(self, name: str) -> None:
        """Finish a run of text, or a paragraph."""
        if name in {"t", "delText", "instrText"}:
            self.inside -= 1
        elif name == "p":
            self.pieces.append("\n")

    def text(self, letters: str) -> None:
        """Take the letters of a run."""
        if self.inside:
            self.budget.letters(len(letters))
            self.pieces.append(letters)

    def whole(self) -> str:
        """Put the part together, a line for each paragraph."""
        lines = (line.strip() for line in "".join(self.pieces).splitlines())
        return "\n".join(line for line in lines if line)
