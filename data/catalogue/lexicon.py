"""The words that count as speaking of babies or another stage of life, and what neighbouring words leave out."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.errors import UnknownName, WrongValues

FILE: Final = Path(__file__).with_name("lexicon.toml")
BABIES: Final = "babies"
#: Letters that a pattern has before any ending may follow.
SHORTEST: Final = 3
_OF_A_TERM: Final = frozenset({"label", "patterns", "not_before", "not_after", "not_near", "only_near", "reason"})
_RULES: Final = ("not_before", "not_after", "not_near", "only_near")


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a list: its patterns as words, and the rules by which neighbouring words leave it out."""

    label: str
    patterns: tuple[tuple[str, ...], ...]
    not_before: tuple[tuple[str, ...], ...] = ()
    not_after: tuple[tuple[str, ...], ...] = ()
    not_near: tuple[tuple[str, ...], ...] = ()
    only_near: tuple[tuple[str, ...], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of life and the terms that speak of it."""

    id: str
    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every stage, how near is near, and what must be said beside any count."""

    stages: tuple[Stage, ...]
    near: int
    caveat: str
    token: str

    def stage(self, identity: str) -> Stage:
        """Give a stage by its id."""
        for one in self.stages:
            if one.id == identity:
                return one
        known = " or ".join(one.id for one in self.stages)
        raise UnknownName("there is no such stage of life", found=repr(identity), expected=known)


@cache
def lexicon() -> Lexicon:
    """Read the words once; ``token`` changes whenever the file does."""
    content = FILE.read_bytes()
    return read_lexicon(content)


def read_lexicon(content: bytes) -> Lexicon:
    """Read a lexicon, refusing what it would not be counted by."""
    table = tomllib.loads(content.decode("utf-8"))
    stages = tuple(
        Stage(one["id"], one["name"], tuple(_term(entry) for entry in one["term"])) for one in table["stage"]
    )
    if len({one.id for one in stages}) != len(stages):
        raise WrongValues("two stages of life have one id", file=FILE.name)
    token = hashlib.sha256(content).hexdigest()[:12]
    return Lexicon(stages, int(table["near"]), table["caveat"], token)


def _term(entry: dict[str, Any]) -> Term:
    label = entry.get("label", "")
    if unknown := sorted(set(entry) - _OF_A_TERM):
        raise WrongValues(f"the term {label!r} has keys that mean nothing", file=FILE.name, found=", ".join(unknown))
    rules = {name: _patterns(entry.get(name, ())) for name in _RULES}
    if any(rules.values()) and not entry.get("reason"):
        raise WrongValues(f"the term {label!r} leaves words out and does not say why", file=FILE.name)
    if short := [pattern for pattern in entry["patterns"] if len(pattern.split("*")[0]) < SHORTEST]:
        raise WrongValues(f"a pattern of {label!r} fits too many words", file=FILE.name, found=", ".join(short))
    return Term(label=label, patterns=_patterns(entry["patterns"]), reason=entry.get("reason", ""), **rules)


def _patterns(written: list[str] | tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pattern.split()) for pattern in written)
