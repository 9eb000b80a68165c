"""What the accessibility statement says: what is tested and how, what fails, what else is hard, and whom to ask."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from data.errors import WrongColumns, WrongValues

FILE: Final = Path(__file__).with_name("accessibility.toml")
#: Where Streamlit's own issues are kept: what fails because of it is said there as well.
UPSTREAM: Final = "https://github.com/streamlit/streamlit/issues/"

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Tested:
    """What is tested, and how."""

    what: str
    how: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What axe-core finds and Streamlit causes: the rule, where (a CSS selector), and the issue upstream."""

    rule: str
    within: str
    what: str
    issue: str


@dataclass(frozen=True, slots=True)
class Mended(Failure):
    """What Streamlit causes and the dashboard mends, with a page in the dark where it would be seen."""

    page: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What no automatic check finds, and what to do instead."""

    what: str
    instead: str
    issue: str = ""


@dataclass(frozen=True, slots=True)
class AccessibilityStatement:
    """The whole statement."""

    standard: str
    tested_on: dt.date
    finding: str
    other_formats: str
    no_contact: str
    tested: tuple[Tested, ...]
    failures: tuple[Failure, ...]
    limits: tuple[Limit, ...]
    mended: tuple[Mended, ...]


@cache
def accessibility_statement() -> AccessibilityStatement:
    """Read the statement; whatever Streamlit causes must name the issue where that is said."""
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    unknown = set(content) - {"statement", "tested", "failure", "limit", "mended"}
    if unknown:
        raise WrongColumns("unknown key", file=FILE.name, found=", ".join(sorted(unknown)))
    found = AccessibilityStatement(
        **content["statement"],
        tested=_entries(content, "tested", Tested),
        failures=_entries(content, "failure", Failure),
        limits=_entries(content, "limit", Limit),
        mended=_entries(content, "mended", Mended),
    )
    named = [one.issue for one in (*found.failures, *found.mended)]
    for issue in (*named, *(one.issue for one in found.limits if one.issue)):
        if not issue.removeprefix(UPSTREAM).isdecimal():
            raise WrongValues("not an issue of Streamlit", file=FILE.name, found=issue, expected=f"{UPSTREAM}1234")
    return found


def _entries(content: dict[str, Any], key: str, kind: type[Entry]) -> tuple[Entry, ...]:
    return tuple(kind(**entry) for entry in content.get(key, []))
