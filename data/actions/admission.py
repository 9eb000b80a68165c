"""Who comes in and as what: from what the sign-in says and from the table of roles, and from nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from data.actions.people import Person, roles
from data.errors import DataError, NotAllowed

SECRETS: Final = "secrets.toml"
#: A working day: whoever signed in signs in again after it.
HOURS: Final = 8.0
#: How far the clock of the sign-in may be ahead of this machine's.
CLOCKS_DIFFER_SECONDS: Final = 300
#: What a person is called on screen: the first of these that the sign-in gives.
NAMES: Final = ("name", "preferred_username", "email", "sub")
LOWEST: Final = "partner"
#: What a table of roles may hold.
_KINDS: Final[Mapping[str, tuple[Any, str]]] = {
    "claim": (str, "the name of a claim"),
    "values": (Mapping, "a table of roles"),
    "people": (Mapping, "a table of roles"),
    "only_listed": (bool, "true or false"),
    "trust_email": (bool, "true or false"),
    "hours": ((int, float), "a number of hours"),
    "trail_claim": (str, "the name of a claim"),
}


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the sign-in has ended."""


class WrongSettings(DataError):
    """The settings of sign-in can't be used, so nobody is let in."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the claims of a sign-in become a role.

    ``values`` gives a role for each value of ``claim``. ``people`` gives one for a subject, or for an e-mail address
    that the sign-in says is verified; ``trust_email`` does without that. ``trail_claim`` is written to the trail.
    """

    claim: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    only_listed: bool = False
    trust_email: bool = False
    hours: float = HOURS
    trail_claim: str = "sub"


def read_rules(table: Mapping[str, Any], name: str = "[roles]") -> Rules:
    """Read a table of roles; a key, a role or a kind of value that does not exist is refused, and nobody comes in."""
    if unknown := sorted(set(table) - set(_KINDS)):
        problem = f"{name} has keys that mean nothing"
        raise WrongSettings(problem, file=SECRETS, found=unknown, expected=" or ".join(_KINDS))
    for key, value in table.items():
        kind, words = _KINDS[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise WrongSettings(
                f"{key} in {name} is of the wrong kind", file=SECRETS, found=repr(value), expected=words
            )
    rules = Rules(**table)
    if rules.hours <= 0:
        raise WrongSettings(f"hours in {name} is not above 0", file=SECRETS, found=rules.hours)
    if rules.values and not rules.claim:
        raise WrongSettings(f"{name} has values, and names no claim that holds them", file=SECRETS)
    values, people = _roles_of(rules.values, f"values of {name}"), _roles_of(rules.people, f"people of {name}")
    return replace(rules, values=values, people={_as_listed(key): identity for key, identity in people.items()})


def _as_listed(key: str) -> str:
    """Write e-mail addresses in small letters; a subject stays as it is."""
    return key.lower() if "@" in key else key


def _roles_of(table: Mapping[str, Any], name: str) -> dict[str, str]:
    for key, identity in table.items():
        if identity not in list(roles()):
            problem = f"{name}: {key!r} has a role that does not exist"
            raise WrongSettings(problem, file=SECRETS, found=repr(identity), expected=" or ".join(roles()))
    return {str(key): str(identity) for key, identity in table.items()}


def admit(claims: Mapping[str, Any], rules: Rules, now: float | None = None) -> Person:
    """Say who signed in and in which role; raises where nobody is signed in, or nobody who may come in."""
    subject = claims.get("sub")
    if claims.get("is_logged_in") is not True or not isinstance(subject, str) or not subject:
        raise NotSignedIn("Nobody is signed in yet", todo="Sign in")
    if not is_fresh(claims, rules, time.time() if now is None else now):
        raise NotSignedIn("Your sign-in has ended", todo="Sign in again")
    given = set(_given_roles(claims, rules))
    if rules.only_listed and not given:
        todo = "Ask whoever runs the dashboard to add you"
        raise NotAllowed("You signed in, but you are not on the list of people who may use this dashboard", todo=todo)
    best = [identity for identity in roles() if identity in given]
    name = next(text for text in (claims.get(key) for key in NAMES) if isinstance(text, str) and text)
    written = claims.get(rules.trail_claim)
    return Person(written if isinstance(written, str) and written else subject, name, best[-1] if best else LOWEST)


def is_fresh(claims: Mapping[str, Any], rules: Rules, now: float) -> bool:
    """Say whether a sign-in is young enough; one without a time of issue never is."""
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    return now - rules.hours * 3600 < issued <= now + CLOCKS_DIFFER_SECONDS


def _given_roles(claims: Mapping[str, Any], rules: Rules) -> Iterable[str]:
    for value in claim_values(claims, rules.claim):
        if value in rules.values:
            yield rules.values[value]
    for key in (_subject(claims), _address(claims, rules)):
        if key in rules.people:
            yield rules.people[key]


def _subject(claims: Mapping[str, Any]) -> str:
    """Give the subject, unless it could be taken for an address that nobody has verified."""
    subject = str(claims["sub"])
    return "" if "@" in subject else subject


def _address(claims: Mapping[str, Any], rules: Rules) -> str:
    """Give the e-mail address, unless the person could have chosen it."""
    address = claims.get("email")
    verified = claims.get("email_verified") in (True, "true")
    return address.lower() if isinstance(address, str) and (verified or rules.trust_email) else ""


def claim_values(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Give what a claim holds, as texts; a dot leads into a claim within a claim, unless a claim has the whole name."""
    found: object = claims.get(name)
    if name not in claims:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list | tuple) else ()
