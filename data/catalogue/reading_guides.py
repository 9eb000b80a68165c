"""How to read each kind of picture, in a few plain sentences, with the words of the glossary that they need."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from data.catalogue import glossary
from data.errors import UnknownName, WrongValues

FILE: Final = Path(__file__).with_name("reading_guides.toml")


@dataclass(frozen=True, slots=True)
class Guide:
    """How to read one kind of picture: the line that opens it, its sentences, and terms of the glossary."""

    id: str
    summary: str
    points: tuple[str, ...]
    terms: tuple[str, ...]


@cache
def reading_guides() -> dict[str, Guide]:
    """Read all guides once, by the kind of picture; each term must stand in the glossary."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    explained = {one.term for one in glossary()}
    found = {}
    for one in table["guide"]:
        guide = Guide(one["id"], one["summary"], tuple(one["points"]), tuple(one["terms"]))
        missing = [term for term in guide.terms if term not in explained]
        if missing:
            raise WrongValues(f"the guide {guide.id!r} names words that are not in the glossary: {missing}")
        found[guide.id] = guide
    return found


def reading_guide(kind: str) -> Guide:
    """Give the guide to one kind of picture."""
    guides = reading_guides()
    if kind not in guides:
        raise UnknownName("there is no guide to such a picture", found=kind, expected=", ".join(guides))
    return guides[kind]
