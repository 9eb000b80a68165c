"""The published rules by which a promise that is bound to an indicator changes its own status."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from data.errors import WrongValues

FILE: Final = Path(__file__).with_name("status_rules.toml")
#: What can be true of a promise's figure, in the order in which it is asked.
CASES: Final = ("reached", "due", "nearer", "not nearer")


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What a promise's status becomes in one case, and how that is said."""

    when: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class StatusRules:
    """Every case, what is never done, and the rule in one sentence."""

    statement: str
    never: tuple[str, ...]
    rules: tuple[StatusRule, ...]

    def of(self, when: str) -> StatusRule:
        """Give the rule of a case."""
        return next(one for one in self.rules if one.when == when)


@cache
def status_rules() -> StatusRules:
    """Read the rules; each case must have one."""
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    rules = tuple(StatusRule(**one) for one in content["status"])
    if tuple(one.when for one in rules) != CASES:
        raise WrongValues("the cases are not the known ones", file=FILE.name, expected=", ".join(CASES))
    return StatusRules(content["rule"]["statement"], tuple(content["rule"]["never"]), rules)
