"""Fix a view, or a pack, at today's data under a permanent address; withdraw one. Both are on the trail."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from data.actions.people import Person, require
from data.answers.answer import Answer
from data.answers.cited import data_hash, product_version
from data.answers.frozen import Pack, Withdrawn, frozen, identity_of, write_frozen
from data.answers.frozen_form import write_answer
from data.answers.opened import opened
from data.errors import DataError, UnknownName, WrongValues

if TYPE_CHECKING:
    import sqlalchemy as sa

#: A reader waits no longer than this for a load that is going on.
WAIT_SECONDS: Final = 20
TITLE_AT_MOST, REASON_AT_MOST = 150, 300
MEGABYTE: Final = 1024 * 1024
AT_MOST: Final = 20 * MEGABYTE


def freeze(
    person: Person, answers: Mapping[str, Answer], title: str, *, address: str, as_of: str, pack: Pack | None = None
) -> str:
    """Fix answers, and the pack that was made of them, as they are; gives the id that stands in the address.

    ``address`` leads to the live view: path and filters. ``as_of`` is the state of the store (``data.answers.opened``)
    that the answers were asked at: where it has moved on since, nothing is fixed, because the releases that they show
    must be remembered with them.
    """
    require(person, "export")
    if not address.startswith("/") or address.startswith("//"):
        raise WrongValues("The address of the live view leads elsewhere", found=address, expected="a path and filters")
    now = dt.datetime.now(dt.UTC)
    said = {
        "title": in_plain_words(title, "a title", TITLE_AT_MOST),
        "address": address,
        "frozen_at": now.isoformat(),
        "version": product_version(),
        "data_sha256": data_hash(answers.values()),
        "answers": [{"name": name, "answer": write_answer(answer)} for name, answer in answers.items()],
        "pack": None if pack is None else _said_of(pack),
    }
    content, sha256 = write_frozen(said)
    if len(content) + (len(pack.content) if pack else 0) > AT_MOST:
        raise DataError("This view is too large to be fixed", expected=f"at most {AT_MOST // MEGABYTE} MB")
    _keep(person, said, content, sha256, as_of=as_of, pack=pack)
    return identity_of(sha256)


def in_plain_words(text: str, what: str, at_most: int) -> str:
    """Give what a person wrote in one line, if everybody may read it."""
    from data.intake.identifiers import identifiers_in

    plain = " ".join(text.split())
    if not plain or len(plain) > at_most:
        raise WrongValues(f"This needs {what}", expected=f"1 to {at_most} letters", found=f"{len(plain)} letters")
    if kinds := identifiers_in(plain):
        raise WrongValues(f"{' and '.join(kinds)} stands in {what}", todo="Take it out: everybody reads this")
    return plain


def _said_of(pack: Pack) -> dict[str, Any]:
    digest = hashlib.sha256(pack.content).hexdigest()
    return {"file": pack.file, "media_type": pack.media_type, "sha256": digest, "bytes": len(pack.content)}


def _keep(
    person: Person, said: Mapping[str, Any], content: bytes, sha256: str, *, as_of: str, pack: Pack | None
) -> None:
    from data.store.engine import writing
    from data.store.former import select_newest_numbers
    from data.store.frozen import add_frozen

    illustrative = any(one["answer"]["of"]["illustrative"] for one in said["answers"])
    with writing(opened(), wait_seconds=WAIT_SECONDS) as connection:
        refuse_another_state(connection, as_of)
        add_frozen(
            connection,
            identity=identity_of(sha256),
            frozen_at=dt.datetime.fromisoformat(said["frozen_at"]),
            title=said["title"],
            illustrative=illustrative,
            sha256=sha256,
            content=content,
            pack=None if pack is None else pack.content,
            releases=select_newest_numbers(connection),
        )
        detail = {"id": identity_of(sha256), "view": said["address"], "data": said["data_sha256"]}
        detail |= {"pack": pack.file if pack else "", "illustrative": illustrative}
        _note(connection, person, "freeze", said["title"], detail, sha256)


def refuse_another_state(connection: sa.Connection, as_of: str) -> None:
    """Refuse to fix answers that were given before the last load or release."""
    from data.store.state import revision

    if revision(connection) != as_of:
        problem = "The figures have changed since this page was opened, so nothing was fixed"
        raise DataError(problem, todo="Open the page again, look at the figures, and fix them then")


def withdraw(person: Person, identity: str, reason: str) -> None:
    """Show a fixed view no more; its address says when and why. What it showed is then forgotten in its turn."""
    require(person, "withdraw")
    from data.store.engine import writing
    from data.store.frozen import select_frozen, withdraw_frozen

    why = in_plain_words(reason, "a reason", REASON_AT_MOST)
    with writing(opened(), wait_seconds=WAIT_SECONDS) as connection:
        row = select_frozen(connection, identity)
        if row is None:
            raise UnknownName("There is no fixed view with this id", found=identity)
        if row.withdrawn_at is not None:
            raise Withdrawn("This view was withdrawn already", found=row.title)
        withdraw_frozen(connection, identity, dt.datetime.now(dt.UTC), why)
        _note(connection, person, "withdraw", row.title, {"id": identity, "reason": why}, row.sha256)


def frozen_pack(person: Person, identity: str) -> bytes:
    """Give the bytes of a fixed pack to whoever may take figures away; that is on the trail."""
    require(person, "export")
    from data.store.engine import writing

    found = frozen(identity)
    if found.pack is None:
        raise UnknownName("There is no file with this fixed view", found=found.title)
    digest = hashlib.sha256(found.pack.content).hexdigest()
    with writing(opened(), wait_seconds=WAIT_SECONDS) as connection:
        _note(connection, person, "export", found.pack.file, {"fixed view": identity}, digest)
    return found.pack.content


def _note(
    connection: sa.Connection, person: Person, action: str, subject: str, detail: Mapping[str, Any], sha256: str
) -> None:
    from data.store.audit import append_audit

    append_audit(connection, who=person.subject, action=action, subject=subject, detail=detail, file_sha256=sha256)
