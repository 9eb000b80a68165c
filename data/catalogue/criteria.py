"""The ten criteria on which two people read a document, and what each score from 0 to 3 means."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from data.errors import UnknownName, WrongValues

FILE: Final = Path(__file__).with_name("criteria.toml")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: ``levels`` says what 0, 1, 2 and 3 mean."""

    id: str
    name: str
    question: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """All criteria, how to score them, and from which score one counts as met."""

    criteria: tuple[Criterion, ...]
    instructions: str
    highest: int
    met_from: int

    def criterion(self, identity: str) -> Criterion:
        """Give a criterion by its id."""
        for one in self.criteria:
            if one.id == identity:
                return one
        known = ", ".join(one.id for one in self.criteria)
        raise UnknownName("there is no such criterion", found=repr(identity), expected=known)


@cache
def criteria() -> Criteria:
    """Read the criteria once."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    listed = tuple(Criterion(**{**one, "levels": tuple(one["levels"])}) for one in table["criterion"])
    highest = int(table["highest"])
    for one in listed:
        if len(one.levels) != highest + 1:
            raise WrongValues(f"the criterion {one.id!r} needs words for each score", file=FILE.name)
    return Criteria(listed, table["instructions"], highest, int(table["met_from"]))
