"""Make a board pack: only for those who may take figures away, of what may be printed, and never without an entry."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from data.actions.people import Person, require
from data.answers.answer import Answer
from data.answers.opened import opened
from data.catalogue.board_paper import CoverField, Part, board_paper
from data.errors import DataError, DataErrors, UnknownName, WrongValues

if TYPE_CHECKING:
    from data.exports.pack import Pack

__all__ = [
    "FORMATS",
    "STANDING",
    "STEPS",
    "CoverField",
    "MadePack",
    "Part",
    "WrongCover",
    "board_paper",
    "check_fields",
    "make_pack",
]

#: A reader waits no longer than this for a load that is going on.
WAIT_SECONDS: Final = 20
#: Letters of one entry of the cover; a longer one is a paper of its own.
LONGEST: Final = 3_000
MOST_PARTS: Final = 30
#: What every pack holds beside the chosen parts.
STANDING: Final = ("scorecard", "commitments")
#: The steps that a person waits for, in order; ``told`` hears each as it begins.
STEPS: Final = (
    "Checking the cover sheet",
    "Drawing charts and maps",
    "Writing the paper",
    "Noting it on the trail",
)
#: What each format is called.
FORMATS: Final[Mapping[str, str]] = {"docx": "Word document", "pdf": "PDF"}
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class MadePack:
    """A pack as a file, and the hash of the figures in it."""

    file: str
    media_type: str
    content: bytes
    data_hash: str
    illustrative: bool


class WrongCover(DataErrors):
    """Several entries of a cover that can't be printed, told together."""

    def __init__(self, problems: list[DataError]) -> None:
        super().__init__(problems)
        self.problem = f"{len(problems)} things on the cover sheet can’t be printed, so no paper was made"
        self.args = (self.sentence(),)


def _hear_nothing(_: str) -> None:
    """Tell nobody."""


def make_pack(
    person: Person,
    standing: Mapping[str, Answer],
    parts: Mapping[Part, Answer],
    fields: Mapping[str, str],
    kind: str,
    *,
    told: Callable[[str], None] = _hear_nothing,
) -> MadePack:
    """Make a pack of the standing answers (scorecard and commitments) and of chosen parts, each with its answer.

    Without the right, with personal identifiers on the cover, or where the trail can't be written, there is no pack.
    """
    require(person, "export")
    if kind not in MEDIA_TYPES:
        raise UnknownName("a board pack has no such format", found=kind, expected=" or ".join(MEDIA_TYPES))
    if len(parts) > MOST_PARTS:
        raise WrongValues("a board pack can't hold so many questions", found=len(parts), expected=str(MOST_PARTS))
    told(STEPS[0])
    check_fields(fields)
    told(STEPS[1])
    pack = laid_out(standing, parts, fields)
    told(STEPS[2])
    made = written(pack, kind)
    told(STEPS[3])
    _write_entry(person, pack, made, [one.id for one in parts])
    return made


def check_fields(fields: Mapping[str, str]) -> None:
    """Refuse what must not stand on a cover: personal identifiers, each named by its kind and place, never repeated."""
    from data.intake.identifiers import KINDS, NAME, identifiers_in

    known = {one.id: one for one in board_paper().fields}
    if unknown := sorted(fields.keys() - known.keys()):
        raise UnknownName("the cover sheet has no such entry", found=", ".join(unknown), expected=", ".join(known))
    problems: list[DataError] = []
    for name, text in fields.items():
        field = known[name]
        if len(text) > LONGEST:
            problems.append(_too_long(field, len(text)))
        kinds = [one for one in KINDS if not (field.signs and one == NAME)]
        for found in identifiers_in(text, kinds=kinds):
            problem = f"{found} stands in “{field.label}”, and nothing that identifies a person may go into a paper"
            problems.append(WrongValues(problem[0].upper() + problem[1:], todo="Take it out, or say it without"))
    if problems:
        raise problems[0] if len(problems) == 1 else WrongCover(problems)


def _too_long(field: CoverField, length: int) -> DataError:
    problem = f"“{field.label}” is too long for a cover sheet"
    return WrongValues(problem, found=f"{length:,} letters", expected=f"at most {LONGEST:,}")


def laid_out(standing: Mapping[str, Answer], parts: Mapping[Part, Answer], fields: Mapping[str, str]) -> Pack:
    """Lay the pack out as of today."""
    from data.exports.pack_parts import Chosen, Material, pack_of

    chosen = tuple(Chosen(part, answer) for part, answer in parts.items())
    card = standing["scorecard"]
    overview = "".join(words for words, _ in getattr(card, "top_line", ()))
    material = Material(overview, card, standing["commitments"], chosen, fields)
    return pack_of(material, dt.datetime.now(tz=dt.UTC).date())


def written(pack: Pack, kind: str) -> MadePack:
    """Write a pack in a format."""
    from data.exports.pack_parts import pack_name

    content = writer_of(kind)(pack)
    return MadePack(pack_name(pack, kind), MEDIA_TYPES[kind], content, pack.data_hash, pack.illustrative)


@cache
def writer_of(kind: str) -> Callable[[Pack], bytes]:
    """Find what writes a format; each is brought in when it is first asked for."""
    if kind == "docx":
        from data.exports.docx_pack import docx_bytes

        return docx_bytes
    from data.exports.typst_pack import pdf_bytes

    return pdf_bytes


def _write_entry(person: Person, pack: Pack, made: MadePack, parts: list[str]) -> None:
    from data.store.audit import append_audit
    from data.store.engine import writing

    detail: dict[str, Any] = {
        "parts": "; ".join(parts),
        "data_hash": pack.data_hash,
        "illustrative": pack.illustrative,
    }
    digest = hashlib.sha256(made.content).hexdigest()
    with writing(opened(), wait_seconds=WAIT_SECONDS) as connection:
        append_audit(
            connection, who=person.subject, action="export", subject=made.file, detail=detail, file_sha256=digest
        )
