"""What local groups offer: sent in by whoever knows, read by a moderator, and shown only once it is accepted.

Nothing that could identify a person is stored or logged: what is refused leaves its fields and kinds in the trail, and
no word of what was written. Each act is a new version, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.actions.people import Person, may, require
from data.actions.registers import written_as
from data.answers.opened import opened
from data.catalogue import register
from data.errors import DataError, DataErrors, NotAllowed, UnknownName, WrongValues
from data.store.registers import ChangedMeanwhile

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["ChangedMeanwhile", "change_own", "choices", "decide", "offers_sent", "own_offers", "suggest", "withdraw"]

REGISTER: Final = "community_offers"
SUGGEST: Final = "suggest"
MODERATE: Final = "edit_registers"
#: So many a person may send in within a day: enough for somebody who knows a town, too few to bury a moderator.
MOST_A_DAY: Final = 10
#: What the sender says; the rest is the dashboard's and the moderator's.
ASKED: Final = (
    *("group_name", "offers", "for_whom", "languages", "area_code", "covers", "how_often", "since_year", "places"),
    *("free", "how_found", "about"),
)
DECISIONS: Final = ("accepted", "change asked for", "declined")


def choices(column: str) -> tuple[str, ...]:
    """Give what may be chosen in a column."""
    return next(one.allowed for one in register(REGISTER).columns if one.name == column)


# ---- sending in -----------------------------------------------------------------------------------------------------


def suggest(person: Person, written: Mapping[str, str]) -> str:
    """Send in what a group offers; it waits for a moderator. Gives its id."""
    require(person, SUGGEST)
    entry_id = f"CO-{secrets.token_hex(4)}"
    _send(person, entry_id, written, version=0)
    return entry_id


def change_own(person: Person, entry_id: str, written: Mapping[str, str], *, version: int) -> None:
    """Change what one sent in oneself; it waits for a moderator again."""
    require(person, SUGGEST)
    _send(person, entry_id, written, version=version)


def _send(person: Person, entry_id: str, written: Mapping[str, str], *, version: int) -> None:
    from data.store.audit import append_audit
    from data.store.engine import writing
    from data.store.offers import SENT, select_offer, sender_of, write_offer
    from data.store.state import bump_release

    content = _checked(person, entry_id, written)
    with writing(opened()) as connection:
        _refuse_too_many(connection, person)
        _refuse_strange_place(connection, content["area_code"])
        sender = sender_of(connection, person.subject)
        if version:
            _refuse_others(select_offer(connection, entry_id), sender)
        write_offer(connection, entry_id, {**content, "sender": sender}, version=version, by=sender)
        detail = {"version": version + 1}
        append_audit(connection, who=person.subject, action=SENT, subject=f"{entry_id} sent in", detail=detail)
        if version:
            bump_release(connection)  # what was accepted is not shown again before it is read


def _checked(person: Person, entry_id: str, written: Mapping[str, str]) -> dict[str, Any]:
    """Hold what was written to the guard, then to the register's rules."""
    from data.intake.register_entry import check_entry, refuse_identifiers

    said = {name: _plain(written.get(name, "")) for name in ASKED}
    try:
        refuse_identifiers(register(REGISTER), said)
    except DataErrors as errors:
        _note_refusal(person, errors)
        raise
    today = _today()
    return check_entry(REGISTER, {**said, "id": entry_id, "told_on": today, "status": "waiting", "status_on": today})


def _plain(text: str) -> str:
    """Leave out what is not printed: hidden letters would stand between a name and the guard."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def _note_refusal(person: Person, errors: DataErrors) -> None:
    """Leave in the trail which fields were refused and why, and nothing of what stood in them."""
    from data.store.audit import append_audit
    from data.store.engine import writing
    from data.store.offers import REFUSED

    with writing(opened()) as connection:
        _refuse_too_many(connection, person)
        detail = {"fields": [one.column for one in errors.problems], "why": [one.problem for one in errors.problems]}
        append_audit(connection, who=person.subject, action=REFUSED, subject="what a group offers", detail=detail)


def _refuse_too_many(connection: sa.Connection, person: Person) -> None:
    from data.store.offers import count_sent

    since = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=1)
    if count_sent(connection, person.subject, since) >= MOST_A_DAY:
        problem = f"You have sent in {MOST_A_DAY} within a day, which is as many as one person may"
        raise DataError(problem, todo="Come back tomorrow, or send the filled-in template to a data steward")


def _refuse_strange_place(connection: sa.Connection, area_code: str) -> None:
    from data.intake.register_loading import own_places

    if area_code not in own_places(connection):
        raise DataErrors([WrongValues("there is no such place", column="area_code", todo="Choose one from the list")])


def _refuse_others(row: Mapping[str, Any], sender: str) -> None:
    """Tell nobody that an entry of somebody else's is there."""
    if row["sender"] != sender:
        raise UnknownName("There is no such entry", found=row["entry_id"])


def own_offers(person: Person) -> pd.DataFrame:
    """List what this person sent in and has not withdrawn, newest first, with where it stands."""
    require(person, SUGGEST)
    from data.store.engine import reading
    from data.store.offers import select_offers, sender_of

    with reading(opened()) as connection:
        return select_offers(connection, sender=sender_of(connection, person.subject))


# ---- moderating -----------------------------------------------------------------------------------------------------


def offers_sent(person: Person) -> pd.DataFrame:
    """List what was sent in, newest first, whatever was decided of it; each sender stands under a pseudonym."""
    require(person, MODERATE)
    from data.store.engine import reading
    from data.store.offers import select_offers, sender_of

    with reading(opened()) as connection:
        own = sender_of(connection, person.subject)
        listed = select_offers(connection)
    return listed.assign(own=(listed["sender"] == own) & (not person.local))


def decide(
    person: Person, entry_id: str, decision: str, *, version: int, reason: str = "", reason_words: str = ""
) -> None:
    """Accept an entry, ask for a change or decline it, if the version that this person read still stands."""
    require(person, MODERATE)
    from data.store.audit import append_audit
    from data.store.engine import writing
    from data.store.offers import select_offer, sender_of, write_offer
    from data.store.state import bump_release

    if decision not in DECISIONS:
        raise UnknownName("there is no such decision", found=decision, expected=" or ".join(DECISIONS))
    said = {"reason": "", "reason_words": ""}
    if decision != "accepted":
        said = {"reason": reason, "reason_words": _plain(reason_words)}
        _refuse_without_reason(reason)
    with writing(opened()) as connection:
        row = select_offer(connection, entry_id)
        _refuse_own(person, row, sender_of(connection, person.subject))
        changes = _decided(row, {**said, "status": decision, "status_on": _today()})
        write_offer(connection, entry_id, changes, version=version, by=person.subject)
        detail = {"version": version + 1, "reason": said["reason"]}
        append_audit(
            connection, who=person.subject, action="offer_decided", subject=f"{entry_id}: {decision}", detail=detail
        )
        bump_release(connection)


def _decided(row: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """Hold a decision to the register's rules and to the guard, as what was sent in was."""
    from data.intake.register_entry import check_entry

    content = check_entry(REGISTER, {**written_as(row, REGISTER), **said})
    return {name: content[name] for name in said}


def _refuse_without_reason(reason: str) -> None:
    if not reason:
        raise DataErrors([WrongValues("something is needed here", column="reason", expected="a reason for the sender")])


def _refuse_own(person: Person, row: Mapping[str, Any], sender: str) -> None:
    """Let somebody else decide; where nobody signs in there is nobody else."""
    if row["sender"] == sender and not person.local:
        raise NotAllowed("You sent this in yourself", todo="Ask another moderator to read it")


def withdraw(person: Person, entry_id: str, *, version: int) -> None:
    """Withdraw an entry: its sender may, and a moderator may."""
    require(person, SUGGEST)
    from data.store.audit import append_audit
    from data.store.engine import writing
    from data.store.offers import select_offer, sender_of, withdraw_offer
    from data.store.state import bump_release

    with writing(opened()) as connection:
        row, sender = select_offer(connection, entry_id), sender_of(connection, person.subject)
        by = sender if row["sender"] == sender else person.subject
        if not may(person, MODERATE):
            _refuse_others(row, sender)
        withdraw_offer(connection, entry_id, version=version, by=by)
        subject = f"{entry_id} withdrawn"
        append_audit(connection, who=person.subject, action="offer_withdrawn", subject=subject, detail={})
        bump_release(connection)
