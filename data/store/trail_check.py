"""Whether the trail is still what was written: every entry, their number, and what guards them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from data.errors import WrongValues
from data.store.audit import FIRST, hash_early_entry, hash_entry, read_entries, read_head
from data.store.models import Audit

#: What keeps the database from changing the trail; migration 0002 makes them.
GUARDS: Final[tuple[str, ...]] = (
    "audit_only_follows",
    "audit_is_counted",
    "audit_is_not_changed",
    "audit_is_not_removed",
    "audit_head_is_one",
    "audit_head_only_counts",
    "audit_head_is_not_removed",
)
GUARDS_OF_POSTGRESQL: Final = ("audit_is_not_emptied", "audit_head_is_not_emptied")
NOTED = re.compile(r"(\d+):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry at which the trail is not what was written (None: what counts or guards it), and why."""

    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the trail holds, in a sentence, and its last entry as ``number:hash`` to be noted elsewhere."""

    holds: bool
    sentence: str
    entries: int
    last: str


def find_broken_link(connection: sa.Connection, noted: str | None = None) -> BrokenLink | None:
    """Say which entry is not what was written, and why; None where the trail holds.

    ``noted`` is a last entry (``number:hash``) that was noted outside the store at an earlier time.
    """
    wanted = read_noted(noted) if noted else None
    before: dict[str, Any] | None = None
    count = 0
    for entry in read_entries(connection):
        why = what_is_wrong(entry, before)
        if why is None and wanted and entry["id"] == wanted[0] and entry["entry_hash"] != wanted[1]:
            why = "it is not the entry that was noted: the trail was written anew"
        if why is not None:
            return BrokenLink(entry["id"], why)
        before, count = entry, count + 1
    last = before["id"] if before else 0
    if wanted and wanted[0] > last:
        return BrokenLink(last + 1, f"entry {wanted[0]} was noted, and the trail ends at {last}")
    return miscounted(connection, count, last, before["entry_hash"] if before else FIRST) or unguarded(connection)


def read_noted(noted: str) -> tuple[int, str]:
    """Read a last entry that somebody noted."""
    found = NOTED.fullmatch(noted.strip().lower())
    if found is None:
        raise WrongValues("The noted entry cannot be read", found=repr(noted), expected="its number, a colon, its hash")
    return int(found[1]), found[2]


def what_is_wrong(entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> str | None:
    """Say why an entry does not follow the one before it, or is not what its hash was made of."""
    previous = before["id"] if before else 0
    if entry["previous_hash"] != (before["entry_hash"] if before else FIRST):
        if entry["id"] > previous + 1:
            return f"{between(previous, entry['id'])} before it removed"
        return f"it does not follow entry {previous}" if previous else "it is not the first that was written"
    if hash_entry(entry) == entry["entry_hash"]:
        return None
    early = before is None or hash_early_entry(before) == before["entry_hash"]
    if early and hash_early_entry(entry) == entry["entry_hash"]:
        return None
    return "its words are not those that were written"


def between(previous: int, number: int) -> str:
    """Name the entries that stood between two numbers."""
    first, last = previous + 1, number - 1
    return f"entry {first} was" if first == last else f"entries {first} to {last} were"


def miscounted(connection: sa.Connection, count: int, last: int, last_hash: str) -> BrokenLink | None:
    """Hold the entries to what the database has counted: those cut off at the end show here."""
    head = read_head(connection)
    if head is None:
        return BrokenLink(None, "the row that counts the entries was removed")
    counted, head_hash = head
    if count < counted:
        gone = counted - count
        return BrokenLink(last + 1, f"{gone} {'entry' if gone == 1 else 'entries'} at the end {was(gone)} removed")
    if count > counted:
        return BrokenLink(last, f"{count} entries stand there, and only {counted} were counted")
    return None if head_hash == last_hash else BrokenLink(last, "it is not the last entry that was counted")


def was(number: int) -> str:
    """Say "was" of one and "were" of several."""
    return "was" if number == 1 else "were"


def unguarded(connection: sa.Connection) -> BrokenLink | None:
    """Look whether the database still refuses changes to the trail."""
    tables = "('audit'::regclass, 'audit_head'::regclass)"
    look = f"SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND tgrelid IN {tables}"  # noqa: S608 (no input)
    wanted = (*GUARDS, *GUARDS_OF_POSTGRESQL)
    if connection.dialect.name == "sqlite":
        look, wanted = "SELECT name FROM sqlite_master WHERE type = 'trigger'", GUARDS
    there = set(connection.exec_driver_sql(look).scalars())
    if missing := [name for name in wanted if name not in there]:
        return BrokenLink(None, f"the store's guard against changes is off ({', '.join(missing)})")
    return None


def check_trail(connection: sa.Connection, noted: str | None = None) -> Verdict:
    """Go through the whole trail and say in a sentence whether it holds."""
    broken = find_broken_link(connection, noted)
    entries = connection.execute(sa.select(sa.func.count()).select_from(Audit)).scalar_one()
    last = connection.execute(sa.select(Audit.id, Audit.entry_hash).order_by(Audit.id.desc()).limit(1)).one_or_none()
    name = f"{last.id}:{last.entry_hash}" if last else f"0:{FIRST}"
    if broken is None:
        also = " and agrees with the noted entry" if noted else ""
        return Verdict(
            True, f"The trail holds: each of its {entries:,} entries follows from the one before{also}.", entries, name
        )
    where = f"at entry {broken.number}" if broken.number is not None else "in what guards it"
    return Verdict(False, f"The trail is broken {where}: {broken.why}.", entries, name)
