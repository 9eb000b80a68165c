"""The published rules by which the Overview page says where each ask stands."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from data.catalogue.status_rules import StatusRule, StatusRules
from data.errors import WrongValues

FILE: Final = Path(__file__).with_name("scorecard_rules.toml")
#: What can be true of an ask's figure, in the order in which it is asked.
CASES: Final = ("no figure", "register", "reached", "better", "short", "worse", "otherwise")


@cache
def scorecard_rules() -> StatusRules:
    """Read the rules; each case must have one."""
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    rules = tuple(StatusRule(**one) for one in content["status"])
    if tuple(one.when for one in rules) != CASES:
        raise WrongValues("the cases are not the known ones", file=FILE.name, expected=", ".join(CASES))
    return StatusRules(content["rule"]["statement"], tuple(content["rule"]["never"]), rules)
