"""The rule for who might need a parent buddy: its starting values, its words and its version.

A rule says at which level each kind of need counts, how many kinds make a family who might need additional help, and
at which level one is enough. It is applied to a family's answers by the sender's own command, never here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Protocol

from data.errors import WrongValues

FILE: Final = "buddy_criteria.toml"
KINDS_WANTED: Final = "buddy_kinds_of_need"
ALONE_AT: Final = "buddy_level_alone"
LEVEL: Final = "buddy_level_"
CASELOAD: Final = "buddy_caseload"
MOST_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class NeedLevel:
    """One kind of need and the level at which it counts; 0 leaves it out."""

    id: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class BuddyRule:
    """Who might need additional help, whose rule it is and since when; the starting rule has no day of its own."""

    domains: tuple[NeedLevel, ...]
    kinds_wanted: int
    alone_at: int
    owner: str
    in_force_from: dt.date | None
    statement: str
    level_words: tuple[str, ...]

    @property
    def version(self) -> str:
        """A short name that is the same for the same levels and differs for any others: counts carry it."""
        levels = ",".join(f"{one.id}={one.level}" for one in sorted(self.domains, key=lambda one: one.id))
        content = f"{levels};wanted={self.kinds_wanted};alone={self.alone_at}"
        return f"buddy-rule-{hashlib.sha256(content.encode()).hexdigest()[:8]}"

    def met_by(self, levels: Mapping[str, int]) -> bool:
        """Say whether a family with these levels of need might need additional help; a kind not asked about is 0."""
        unknown = sorted(set(levels) - {one.id for one in self.domains})
        if unknown:
            raise WrongValues("the rule knows no such kind of need", found=", ".join(unknown))
        counted = [one for one in self.domains if one.level]
        reached = sum(levels.get(one.id, 0) >= one.level for one in counted)
        alone = bool(self.alone_at) and any(levels.get(one.id, 0) >= self.alone_at for one in counted)
        return alone or reached >= self.kinds_wanted

    def words(self) -> list[str]:
        """Write the rule in plain words, a sentence each."""
        counted = [one for one in self.domains if one.level]
        left_out = [one.name for one in self.domains if not one.level]
        kinds = (
            "one kind of need counts" if self.kinds_wanted == 1 else f"{self.kinds_wanted} or more kinds of need count"
        )
        said = [f"A family might need additional help when {kinds}."]
        for level in sorted({one.level for one in counted}):
            names = [one.name for one in counted if one.level == level]
            counts = "counts" if len(names) == 1 else "count"
            said.append(f"{_list(names).capitalize()} {counts} from level {level} ({self.level_words[level]}).")
        if self.alone_at:
            said.append(f"One kind at level {self.alone_at} ({self.level_words[self.alone_at]}) is enough by itself.")
        if left_out:
            said.append(f"{_list(left_out).capitalize()} {'is' if len(left_out) == 1 else 'are'} left out.")
        return said


class Agreed(Protocol):
    """A local setting as it was agreed."""

    @property
    def setting(self) -> str:
        """Which setting."""

    @property
    def value(self) -> float:
        """Its value."""

    @property
    def in_force_from(self) -> dt.date:
        """The first day on which it holds."""

    @property
    def owner_role(self) -> str:
        """The role that answers for it."""


def rule_on(values: Iterable[Agreed], day: dt.date) -> BuddyRule:
    """Give the rule that holds on a day; what was not agreed locally stays as it starts.

    Owner and day are those of the part that was set last.
    """
    rule = starting_rule()
    holding: dict[str, Agreed] = {}
    for one in sorted(values, key=lambda one: one.in_force_from):
        if one.in_force_from <= day and one.setting in setting_limits() and one.setting != CASELOAD:
            holding[one.setting] = one
    if not holding:
        return rule
    newest = max(holding.values(), key=lambda one: one.in_force_from)
    level = {name: int(one.value) for name, one in holding.items()}
    return replace(
        rule,
        domains=tuple(replace(one, level=level.get(f"{LEVEL}{one.id}", one.level)) for one in rule.domains),
        kinds_wanted=level.get(KINDS_WANTED, rule.kinds_wanted),
        alone_at=level.get(ALONE_AT, rule.alone_at),
        owner=newest.owner_role,
        in_force_from=newest.in_force_from,
    )


@cache
def starting_rule() -> BuddyRule:
    """Read the rule that holds until one is agreed."""
    content = _content()
    rule, levels = content["rule"], content["levels"]
    return BuddyRule(
        domains=tuple(NeedLevel(one["id"], one["name"], int(one["level"])) for one in content["domain"]),
        kinds_wanted=int(rule["kinds_wanted"]),
        alone_at=int(rule["alone_at"]),
        owner=rule["owner"],
        in_force_from=None,
        statement=rule["statement"],
        level_words=tuple(levels[str(level)] for level in range(MOST_LEVEL + 1)),
    )


@cache
def setting_limits() -> dict[str, tuple[int, int]]:
    """Give the least and the most that each local setting of this page may be."""
    rule = starting_rule()
    limits = {f"{LEVEL}{one.id}": (0, MOST_LEVEL) for one in rule.domains}
    return {
        CASELOAD: (1, int(_content()["caseload"]["most"])),
        KINDS_WANTED: (1, len(rule.domains)),
        ALONE_AT: (0, MOST_LEVEL),
        **limits,
    }


@cache
def setting_words() -> dict[str, str]:
    """Name each local setting of this page in plain words."""
    named = {f"{LEVEL}{one.id}": f"level from which {one.name} counts" for one in starting_rule().domains}
    alone = "level at which one kind of need is enough"
    return {CASELOAD: _content()["caseload"]["name"], KINDS_WANTED: "kinds of need wanted", ALONE_AT: alone, **named}


def _content() -> dict[str, Any]:
    from data.catalogue.reading import FOLDER, read_toml

    return read_toml(FOLDER, FILE, {"rule", "levels", "domain", "caseload"})


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
