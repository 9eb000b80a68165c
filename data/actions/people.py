"""Who is asking, and what their role lets them do: checked here, where the act is done, and not on the page."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from data.errors import NotAllowed, UnknownName

RIGHTS: Final = ("check", "load", "go_back", "sign_off", "edit_registers", "export", "suggest", "withdraw", "see_trail")
_ROLES: Final = Path(__file__).parents[1] / "catalogue" / "roles.toml"
_WORDS: Final = {
    "check": "check a file",
    "load": "load a file",
    "go_back": "go back to an earlier file",
    "sign_off": "sign a return off",
    "edit_registers": "edit a register",
    "export": "take figures away",
    "suggest": "send in what a group offers",
    "withdraw": "withdraw a fixed view",
    "see_trail": "read the trail",
}


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of reader: name on screen, what they do, and their rights."""

    id: str
    name: str
    words: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: ``subject`` is written to the trail, ``name`` stands on screen."""

    subject: str
    name: str
    role: str
    local: bool = False


#: Whoever sits at a machine where no sign-in is set up: it serves that machine only.
LOCAL: Final = Person(subject="local", name="This machine", role="steward", local=True)


@cache
def roles() -> dict[str, Role]:
    """Read the roles, from the one with the fewest rights to the one with the most."""
    with _ROLES.open("rb") as file:
        listed = tomllib.load(file)["role"]
    known = {one["id"]: Role(one["id"], one["name"], one["words"], frozenset(one["rights"])) for one in listed}
    for one in known.values():
        if unknown := one.rights - set(RIGHTS):
            raise UnknownName("a role has a right that does not exist", file=_ROLES.name, found=sorted(unknown))
    return known


def role(identity: str) -> Role:
    """Give a role by its id."""
    if identity not in roles():
        problem = "there is no such role"
        raise UnknownName(problem, found=repr(identity), expected=" or ".join(roles()))
    return roles()[identity]


def may(person: Person, right: str) -> bool:
    """Say whether a person's role has a right."""
    if right not in RIGHTS:
        raise UnknownName("there is no such right", found=repr(right), expected=" or ".join(RIGHTS))
    return right in role(person.role).rights


def require(person: Person, right: str) -> None:
    """Refuse the act in a plain sentence unless the person's role has the right."""
    if not may(person, right):
        able = " or ".join(one.name.lower() for one in roles().values() if right in one.rights)
        problem = f"your role, {role(person.role).name.lower()}, can't {_WORDS[right]}"
        raise NotAllowed(problem[0].upper() + problem[1:], todo=f"Ask a {able}")
