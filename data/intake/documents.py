"""Documents at the door: what kind a file is, what is known of it, and its passages without what identifies a person.

A document's particulars come from whoever sends it, or from its own properties where those can be trusted. What is
missing is asked for. The same title, organisation and date is the same document: a newer file takes the older's place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue import register
from data.errors import DataError, DataErrors, UnrecognisedFile, WrongValues
from data.intake.identifiers import identifiers_in
from data.intake.redaction import redact
from data.sources.formats import is_pdf, is_web_page, start_of_file
from data.sources.passages import Passage
from data.sources.pdf_files import opened_pdf
from data.sources.reading import Reading
from data.sources.safe_opening import check_opening
from data.sources.web_pages import web_page_particulars
from data.sources.word_documents import word_particulars

SOURCE_ID: Final = "published_documents"
WORD: Final = "word/document.xml"
ZIPPED: Final = b"PK\x03\x04"
PDF_KIND, WORD_KIND, PAGE_KIND, TEXT_KIND = "a PDF document", "a Word document", "a web page", "an OpenDocument text"
EARLIEST: Final = dt.date(2000, 1, 1)
LONGEST: Final = 300
INVENTED_ID: Final = "EX-"
#: What the properties of a web page are called, the surest first.
_OF_A_PAGE: Final = {
    "title": ("dcterms.title", "dc.title", "og:title", "title"),
    "organisation": ("dcterms.publisher", "dc.publisher", "dcterms.creator", "og:site_name"),
    "published_on": ("dcterms.issued", "dc.date.issued", "dc.date", "article:published_time"),
    "link": ("canonical", "og:url"),
    "kind": ("dcterms.type", "dc.type"),
}
#: Words of a title by which its kind is told; the first that fits.
_KIND_WORDS: Final = (
    ("minutes", "minutes"),
    ("agenda", "agenda"),
    ("joint forward plan", "joint forward plan"),
    ("annual report", "annual report"),
    ("integrated care (?:partnership )?strategy", "integrated care strategy"),
    ("health and wellbeing strategy", "health and wellbeing strategy"),
    ("strategy", "strategy"),
    ("board (?:paper|report)", "board paper"),
)
_OPTIONS: Final = {
    "title": ("the title is missing", "--title"),
    "organisation": ("the organisation that published it is missing", "--organisation"),
    "kind": ("the kind of document is missing", "--kind"),
    "published_on": ("the day it was published is missing", "--date"),
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a document beside its words; an empty text is not known."""

    title: str = ""
    organisation: str = ""
    kind: str = ""
    published_on: str = ""
    link: str = ""
    illustrative: bool = False

    @property
    def entry_id(self) -> str:
        """Name the document: the same title, organisation and day give the same name."""
        told = "|".join(
            " ".join(part.casefold().split()) for part in (self.organisation, self.title, self.published_on)
        )
        mark = INVENTED_ID if self.illustrative else ""
        return f"{mark}d-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def document_kind(path: Path) -> str:
    """Name the kind of document that a file is; nothing for a file that is none."""
    start = start_of_file(path)
    if is_pdf(start):
        return PDF_KIND
    if is_web_page(start):
        return PAGE_KIND
    if not start.startswith(ZIPPED):
        return ""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if WORD in names:
            return WORD_KIND
        kind = archive.read("mimetype")[:80] if "mimetype" in names else b""
    return TEXT_KIND if kind.startswith(b"application/vnd.oasis.opendocument.text") else ""


def is_document(path: Path) -> bool:
    """Say whether a file is a document that can be read; an OpenDocument text is refused with what to do."""
    kind = document_kind(path)
    if kind == TEXT_KIND:
        todo = "Save it as PDF or DOCX"
        raise UnrecognisedFile(f"this is {kind}, which is not read", file=path.name, todo=todo)
    return bool(kind)


@cache
def kinds() -> tuple[str, ...]:
    """List the kinds that a whole document can be."""
    column = next(one for one in register("documents").columns if one.name == "kind")
    return tuple(kind for kind in column.allowed if kind != "item")


# ---- particulars ----------------------------------------------------------------------------------------------------


def particulars_in(path: Path) -> Particulars:
    """Give what a document's own properties say, so far as they say what they seem to.

    A PDF and a Word file know when they were made, which is not when they were published, and who typed them.
    """
    kind = document_kind(path)
    if kind == PAGE_KIND:
        said = web_page_particulars(path)
        found = {name: _first(said, names) for name, names in _OF_A_PAGE.items()}
        found["published_on"] = found["published_on"][:10]
        illustrative = said.get("first1001.illustrative") == "yes"
        return _guessed(Particulars(**found, illustrative=illustrative))
    said = _pdf_properties(path) if kind == PDF_KIND else word_particulars(path)
    company = said.get("company", "")
    return _guessed(Particulars(title=said.get("title", ""), organisation=company))


def particulars_of_document(path: Path) -> Particulars | None:
    """Give what a file says of itself, if it is a document that may be opened; None for a table or map."""
    check_opening(path)
    return particulars_in(path) if is_document(path) else None


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _pdf_properties(path: Path) -> dict[str, str]:
    with opened_pdf(path) as reader:
        return {str(name).lstrip("/").lower(): str(value) for name, value in (reader.metadata or {}).items()}


def _guessed(said: Particulars) -> Particulars:
    """Keep what could be true: no title that a program made up, and a kind from the title where none is given."""
    title = (
        "" if re.search(r"microsoft word|untitled|\.(?:docx?|pdf|indd)\b", said.title, re.IGNORECASE) else said.title
    )
    kind = said.kind.casefold() if said.kind.casefold() in kinds() else _kind_of(title)
    tidy = replace(said, title=" ".join(title.split())[:LONGEST], kind=kind)
    return Particulars(
        **{name: "" if identifiers_in(value) else value for name, value in _told(tidy).items()},
        illustrative=said.illustrative,
    )


def _told(said: Particulars) -> dict[str, str]:
    """Give what is said in words, by name."""
    return {one.name: getattr(said, one.name) for one in fields(said) if one.name != "illustrative"}


def _kind_of(title: str) -> str:
    small = title.casefold()
    return next((kind for words, kind in _KIND_WORDS if re.search(rf"\b{words}\b", small)), "")


def complete(path: Path, given: Particulars) -> Particulars:
    """Put what was given before what the document says of itself, and ask for what is missing, all at once."""
    own = particulars_in(path)
    from_file = _told(own)
    whole = {name: " ".join((value or from_file[name]).split()) for name, value in _told(given).items()}
    known = Particulars(**whole, illustrative=given.illustrative or own.illustrative)
    problems = [*_missing(path, known), *_wrong(path, known)]
    if problems:
        raise problems[0] if len(problems) == 1 else DataErrors(problems, file=path.name)
    return known


def _missing(path: Path, known: Particulars) -> list[DataError]:
    problems: list[DataError] = []
    for name, (problem, option) in _OPTIONS.items():
        if not getattr(known, name):
            expected = " or ".join(kinds()) if name == "kind" else None
            todo = f"Give it with the document: {option}, or in the form beside it"
            problems.append(WrongValues(problem, file=path.name, column=name, expected=expected, todo=todo))
    return problems


def _wrong(path: Path, known: Particulars) -> list[DataError]:
    problems: list[DataError] = []
    if known.kind and known.kind not in kinds():
        expected = " or ".join(kinds())
        problems.append(
            WrongValues("there is no such kind of document", file=path.name, column="kind", expected=expected)
        )
    if known.published_on and not _is_possible(known.published_on):
        expected = f"a day such as 2025-03-31, from {EARLIEST.isoformat()} to today"
        problem = "the day it was published can't be right"
        problems.append(WrongValues(problem, file=path.name, column="published_on", expected=expected))
    if known.link and not re.match(r"https?://[^\s<>\"']+$", known.link):
        problem = "the link is no public address"
        problems.append(WrongValues(problem, file=path.name, column="link", expected="https://…"))
    for name in ("title", "organisation", "link"):
        value = getattr(known, name)
        if identifiers_in(value) or len(value) > LONGEST:
            problem = "it may not name or reach a person, or be longer than any title"
            problems.append(WrongValues(problem, file=path.name, column=name, todo="Write it in other words"))
    return problems


def _is_possible(day: str) -> bool:
    try:
        return EARLIEST <= dt.date.fromisoformat(day) <= dt.datetime.now(dt.UTC).date()
    except ValueError:
        return False


# ---- reading --------------------------------------------------------------------------------------------------------


def document_reading(path: Path, passages: list[Passage], given: Particulars) -> Reading:
    """Make a reading of a document whose file the guard has passed: its entry and its passages."""
    known = complete(path, given)
    clean = redact(passages)
    if not clean.passages:
        todo = "Send a document that speaks of services, not a list of people"
        raise WrongValues("every passage names a person and how to reach them", file=path.name, todo=todo)
    name = known.entry_id
    entry = {
        "entry_id": name,
        "title": known.title,
        "organisation": known.organisation,
        "kind": known.kind,
        "published_on": known.published_on,
        "link": known.link,
        "words": sum(one.words for one in clean.passages),
    }
    rows = [
        (f"{name}.{number:05d}", name, one.page, one.section, one.text, one.words)
        for number, one in enumerate(clean.passages, start=1)
    ]
    columns = ["entry_id", "document", "page", "section", "text", "words"]
    text = pd.DataFrame(rows, columns=columns).astype({"page": "Int64"})
    day = dt.date.fromisoformat(known.published_on)
    return Reading(
        source_id=SOURCE_ID,
        edition=f"{known.title[:80]}, {day:%-d %B %Y}",
        rows_read=len(passages),
        frames={"document": pd.DataFrame([entry]), "passage": text},
        notes=clean.notes,
        illustrative=known.illustrative,
        supplier=known.organisation,
    )
