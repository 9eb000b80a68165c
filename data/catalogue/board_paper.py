"""What a board pack holds: the fields of its cover, the questions that can go into it, and its method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from data.catalogue import ics
from data.catalogue.reading import FOLDER, build, read_toml
from data.errors import UnknownName

FILE: Final = "board_paper.toml"


@dataclass(frozen=True, slots=True)
class CoverField:
    """One entry of the cover sheet; ``prompt`` says what belongs there, ``signs`` that somebody may stand by name."""

    id: str
    label: str
    prompt: str
    long: bool = False
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A question that can be put into a pack, with the columns that fit on paper, in order, and their headings.

    ``order`` names the column to sort by, with - for the highest first; ``whole`` keeps every row.
    """

    id: str
    label: str
    question: str
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    order: str = ""
    first: bool = False
    whole: bool = False

    @property
    def chosen(self) -> dict[str, str]:
        """Give what is chosen of the question; the system's own code stands where it is asked for."""
        pairs = (one.partition("=") for one in self.choices)
        return {name: value.format(icb=ics().icb.code) for name, _, value in pairs}

    @property
    def headings(self) -> dict[str, str]:
        """Give the columns by name; an empty heading stands for the usual one."""
        pairs = (one.partition(": ") for one in self.columns)
        return {name: heading for name, _, heading in pairs}


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """The whole form."""

    title: str
    subtitle: str
    rows_at_most: int
    purposes: tuple[str, ...]
    method: tuple[str, ...]
    fields: tuple[CoverField, ...] = ()
    parts: tuple[Part, ...] = ()

    def part(self, identity: str) -> Part:
        """Find a part by its id."""
        for one in self.parts:
            if one.id == identity:
                return one
        known = ", ".join(one.id for one in self.parts)
        raise UnknownName("a board pack has no such part", found=identity, expected=known)


@cache
def board_paper() -> BoardPaper:
    """Read the form once; an unknown key is refused."""
    content = read_toml(FOLDER, FILE, {"paper", "field", "part"})
    paper = build(BoardPaper, content["paper"], file=FILE, name="paper")
    return BoardPaper(
        title=paper.title.format(ics=ics().label),
        subtitle=paper.subtitle,
        rows_at_most=paper.rows_at_most,
        purposes=paper.purposes,
        method=paper.method,
        fields=tuple(build(CoverField, one, file=FILE, name=str(one.get("id"))) for one in content["field"]),
        parts=tuple(build(Part, one, file=FILE, name=str(one.get("id"))) for one in content["part"]),
    )
