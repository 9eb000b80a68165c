"""Send a file in: try it, load it, go back to an earlier one. Each act holds the person to their rights and is noted.

A file that comes from a browser lies in a private folder of its own while it is looked at, and is deleted then.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.actions.effects import COLUMNS, effects_of
from data.actions.people import Person, may, require
from data.answers.current import ensure_current
from data.answers.opened import opened
from data.answers.progress import Progress, untold
from data.catalogue import source
from data.catalogue.signing import sign_off_words
from data.errors import (
    DataError,
    EmptyFile,
    StoreError,
    UnknownName,
    UnreadableFile,
    UnrecognisedFile,
    WrongColumns,
    WrongValues,
    WrongVintage,
)

if TYPE_CHECKING:
    from data.intake.documents import Particulars as Particulars  # noqa: PLC0414 (pages name it from here)
    from data.intake.proposal import Proposal
    from data.intake.report import Report

#: Documents are published, and yet somebody here chose to send them in: they can be taken out.
DOCUMENTS: Final = "published_documents"
LONGEST_NAME: Final = 120
NOTED_AT_MOST: Final = 200
IDENTIFIES: Final = "places that could identify a person"
#: What each kind of problem is called in the trail and in the list of refusals.
KINDS: Final = {
    EmptyFile: "nothing in the file",
    UnreadableFile: "could not be opened safely",
    UnrecognisedFile: "not a file that is known here",
    WrongColumns: "columns missing or unknown",
    WrongValues: "wrong values",
    WrongVintage: "area codes of another year or place",
    UnknownName: "unknown names",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a file showed: what is wrong or would change, and the headline figures before and after."""

    proposal: Proposal
    effects: pd.DataFrame
    file_name: str
    identifies: bool = False
    may_be_copied: bool = False


@contextmanager
def privately(name: str, content: bytes) -> Iterator[Path]:
    """Put what was sent into a folder that only this process's user can read, and delete it afterwards."""
    with tempfile.TemporaryDirectory(prefix="first1001-") as folder:
        path = Path(folder) / plain_name(name)
        path.touch(mode=0o600)
        path.write_bytes(content)
        yield path


def plain_name(name: str) -> str:
    """Give a file's own name without folders, without characters that are not printed, and not too long."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    printed = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return printed[-LONGEST_NAME:] or "file"


def document_particulars(person: Person, path: Path) -> Particulars | None:
    """Give what a document says of itself, to be mended in a form; nothing for a file that is no document.

    A file that may not be opened has none: trying it says why.
    """
    require(person, "check")
    from data.intake.documents import particulars_of_document

    try:
        return particulars_of_document(path)
    except DataError:
        return None


def document_kinds() -> tuple[str, ...]:
    """List the kinds that a document can be."""
    from data.intake.documents import kinds

    return kinds()


def described(*, title: str, organisation: str, kind: str, published_on: str, link: str) -> Particulars:
    """Put together what a person says of a document."""
    from data.intake.documents import Particulars as Particulars  # noqa: PLC0414 (pages name it from here)

    return Particulars(title, organisation, kind, published_on, link)


def try_file(person: Person, path: Path, particulars: Particulars | None = None) -> Tried:
    """Check a file and say what it would change. Only a refusal is noted; nothing else is written."""
    require(person, "check")
    from data.intake.proposal import propose

    engine = opened()
    try:
        proposal = propose(path, engine, particulars)
    except StoreError:
        raise
    except DataError as error:
        proposal = _refused(path, error)
    none = pd.DataFrame(columns=COLUMNS)
    if proposal.passes:
        return Tried(proposal, effects_of(path, engine, proposal) if proposal.indicators else none, path.name)
    identifies, may_be_copied = _guarded(path)
    note_refusal(person, path, proposal.problems, proposal.sha256, identifies=identifies)
    return Tried(proposal, none, path.name, identifies, may_be_copied)


def _guarded(path: Path) -> tuple[bool, bool]:
    """Say whether a refused file identifies somebody, and whether a marked copy of it may be made."""
    from data.intake.loading import IdentifiersFound, guarded_reader

    try:
        guarded_reader(path)
    except UnrecognisedFile:
        return False, True
    except DataError as error:
        return isinstance(error, IdentifiersFound), False
    return False, True


def _refused(path: Path, error: DataError) -> Proposal:
    from data.intake.loading import fingerprint
    from data.intake.proposal import refused
    from data.store.engine import reading
    from data.store.state import data_revision

    with reading(opened()) as connection:
        return refused(error, fingerprint(path), data_revision(connection))


def note_refusal(person: Person, path: Path, problems: Sequence[DataError], sha256: str, *, identifies: bool) -> None:
    """Write a refusal to the trail: how many problems of which kinds, and what it was about; never a value."""
    from data.answers.arrivals import cells_about
    from data.intake.about import what_it_is_about
    from data.intake.identifiers import identifiers_in
    from data.store.audit import append_audit
    from data.store.engine import reading, writing

    about = what_it_is_about(path)
    with reading(opened()) as connection:
        cells = cells_about(connection, about)
    kinds = Counter(IDENTIFIES if identifies else KINDS.get(type(problem), "other problems") for problem in problems)
    telling = identifiers_in(path.stem.replace("_", " "))
    detail: dict[str, Any] = {"problems": len(problems), "kinds": dict(kinds), "about": cells[:NOTED_AT_MOST]}
    with writing(opened()) as connection:
        append_audit(
            connection,
            who=person.subject,
            action="refuse",
            subject="a file whose name could identify somebody" if telling else path.name,
            detail=detail,
            file_sha256=sha256,
        )


def marked(person: Person, name: str, content: bytes, problems: Sequence[DataError]) -> bytes:
    """Give the sender's own workbook back with every problem marked where it stands."""
    require(person, "check")
    from data.intake.marked_copy import marked_copy

    with privately(name, content) as path:
        return marked_copy(path, problems)


def load_file(person: Person, path: Path, tried: Tried, progress: Progress = untold) -> Report:
    """Load the file that was tried, in one transaction, and release what it changed; tell how far that is."""
    require(person, "load")
    from data.intake.proposal import accept

    report = accept(path, opened(), tried.proposal, loaded_by=person.subject)
    ensure_current(opened(), progress=progress)
    return report


def go_back(person: Person, submission_id: int) -> tuple[str, ...]:
    """Make an earlier file's figures current again, and release them; say in words what was done."""
    require(person, "go_back")
    from data.intake import history

    outcome = history.go_back(opened(), submission_id, by=person.subject)
    ensure_current(opened())
    return outcome.sentences()


def take_back(person: Person, submission_id: int) -> tuple[str, ...]:
    """Take a file out again, with what had given way to it brought back; say in words what was done."""
    require(person, "go_back")
    from data.intake import history

    outcome = history.take_back(opened(), submission_id, by=person.subject)
    ensure_current(opened())
    return outcome.sentences()


def submissions(person: Person) -> pd.DataFrame:
    """List every file that was ever loaded, newest first, and who loaded it; for those who may go back or sign off.

    ``earlier`` marks those one can go back to: returns of which rows have given way to later ones. ``on_top`` marks
    returns that are used whole, and so can be taken out.
    """
    if not may(person, "sign_off"):
        require(person, "go_back")
    from data.intake.history import earlier_files
    from data.store.engine import reading
    from data.store.submissions import select_submissions

    with reading(opened()) as connection:
        listed = select_submissions(connection)
    earlier = listed["id"].isin(earlier_files(opened())["id"])
    kinds = ("local_return", "register")
    returned = listed["source_id"].map(lambda name: source(name).kind in kinds or name == DOCUMENTS).astype("bool")
    whole = listed["superseded_at"].isna() & ~listed["illustrative"].astype("bool") & ~earlier
    signed = [
        sign_off_words(row["source_id"], row["signed_off_at"], illustrative=bool(row["illustrative"]))
        for row in listed.to_dict("records")
    ]
    return listed.assign(earlier=earlier, on_top=returned & whole, sign_off=signed)
