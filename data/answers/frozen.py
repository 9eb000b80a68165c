"""A view as it was on a day, read back for good: its hash is checked each time, and a changed one is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.answers.answer import Answer
from data.answers.frozen_form import canonical, read_answer
from data.answers.opened import reading
from data.errors import DataError, StoreError, UnknownName
from data.store.frozen import FrozenEntry, FrozenRow, list_frozen, select_frozen

__all__ = [
    "Frozen",
    "FrozenEntry",
    "Pack",
    "Withdrawn",
    "frozen",
    "identity_of",
    "read_frozen",
    "standing",
    "write_frozen",
]

FORM: Final = 1
ID_LENGTH: Final = 16


class Withdrawn(DataError):
    """A fixed view that is shown no more."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A file that was fixed with a view: its name, kind and bytes."""

    file: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a page showed on a day: the answers by name, under which title and live address, and its hashes."""

    id: str
    title: str
    address: str
    frozen_at: dt.datetime
    version: str
    data_sha256: str
    sha256: str
    answers: Mapping[str, Answer]
    pack: Pack | None

    @property
    def illustrative(self) -> bool:
        """True when any of it rests on illustrative figures."""
        return any(answer.illustrative for answer in self.answers.values())


def frozen(id: str) -> Frozen:  # noqa: A002 (what the address calls it)
    """Give a fixed view. One that was withdrawn, was changed, or never was is refused in a sentence."""
    with reading() as connection:
        row = select_frozen(connection, id)
    if row is None:
        raise UnknownName("There is no fixed view at this address", todo="Check that the whole address was copied")
    if row.withdrawn_at is not None:
        day = f"{row.withdrawn_at.day} {row.withdrawn_at:%B %Y}"
        raise Withdrawn(f"“{row.title}” was withdrawn on {day}. The reason given: {row.reason}")
    return read_frozen(row)


def standing() -> list[FrozenEntry]:
    """List the fixed views that stand, newest first."""
    with reading() as connection:
        return list_frozen(connection)


def identity_of(sha256: str) -> str:
    """Give the id of a view with this hash: so not even its address is anybody's to choose."""
    return sha256[:ID_LENGTH]


def read_frozen(row: FrozenRow) -> Frozen:
    """Read a stored view, if it is still what was written."""
    try:
        content = zlib.decompress(row.content)
    except zlib.error:
        content = b""
    if hashlib.sha256(content).hexdigest() != row.sha256 or identity_of(row.sha256) != row.id:
        raise _changed(row)
    said = json.loads(content)
    if (said["title"], said["frozen_at"]) != (row.title, row.frozen_at.isoformat()):
        raise _changed(row)
    if said["form"] != FORM:
        raise StoreError("This view was fixed by a newer version of this dashboard", todo="Update the dashboard")
    return Frozen(
        id=row.id,
        title=said["title"],
        address=said["address"],
        frozen_at=row.frozen_at,
        version=said["version"],
        data_sha256=said["data_sha256"],
        sha256=row.sha256,
        answers={one["name"]: read_answer(one["answer"]) for one in said["answers"]},
        pack=_read_pack(row, said["pack"]),
    )


def _read_pack(row: FrozenRow, said: Mapping[str, Any] | None) -> Pack | None:
    if (said is None) != (row.pack is None):
        raise _changed(row)
    if said is None or row.pack is None:
        return None
    if hashlib.sha256(row.pack).hexdigest() != said["sha256"]:
        raise _changed(row)
    return Pack(said["file"], said["media_type"], row.pack)


def write_frozen(said: Mapping[str, Any]) -> tuple[bytes, str]:
    """Give what is stored of a view, and the hash of what it says."""
    content = canonical({"form": FORM, **said})
    return zlib.compress(content, level=6), hashlib.sha256(content).hexdigest()


def _changed(row: FrozenRow) -> StoreError:
    problem = f"The fixed view {row.id} is not what was written on {row.frozen_at.day} {row.frozen_at:%B %Y}"
    return StoreError(
        f"{problem}, so it is not shown", todo="Tell whoever keeps the database; its hash stands on the trail"
    )
