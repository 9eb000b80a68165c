"""What local groups say that they offer: who sent an entry, how much somebody has sent, and each new version of it.

Versions of other registers say who made them. Here a sender stands under a pseudonym, so that a moderator judges what
is said and not who says it. The trail alone knows both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from data.errors import UnknownName
from data.store.audit import WHO_AT_MOST, storable
from data.store.models import Audit, StoreState
from data.store.register_versions import Plan, Row, carry_out, content_of, select_newest
from data.store.registers import ChangedMeanwhile, find_table, select_register

TABLE: Final = "community_offer"
SENT: Final = "offer"
REFUSED: Final = "offer_refused"
WAITING, ACCEPTED, CHANGE, DECLINED = "waiting", "accepted", "change asked for", "declined"
_DIGITS: Final = 12


def sender_of(connection: sa.Connection, subject: str) -> str:
    """Give somebody's pseudonym: always the same in one store, another in the next; the key is on no page."""
    key = connection.execute(sa.select(StoreState.store_id)).scalar_one()
    told = hmac.new(str(key).encode(), subject.encode("utf-8", "replace"), hashlib.sha256)
    return f"sender-{told.hexdigest()[:_DIGITS]}"


def count_sent(connection: sa.Connection, subject: str, since: dt.datetime) -> int:
    """Count what somebody has sent since, what was refused included: a count that cannot be withdrawn."""
    own = (Audit.who == storable(subject)[:WHO_AT_MOST], Audit.action.in_((SENT, REFUSED)), Audit.at >= since)
    return int(connection.execute(sa.select(sa.func.count()).select_from(Audit).where(*own)).scalar_one())


def select_offers(connection: sa.Connection, *, sender: str = "") -> pd.DataFrame:
    """Give the entries that stand and are not invented, newest first; ``sender`` keeps one person's own."""
    listed = select_register(connection, TABLE)
    listed = listed.loc[~listed["illustrative"].astype("bool")]
    if sender:
        listed = listed.loc[listed["sender"] == sender]
    return listed.sort_values("recorded_at", ascending=False, kind="stable", ignore_index=True)


def select_offer(connection: sa.Connection, entry_id: str) -> Row:
    """Give an entry as it stands; nobody decides on an invented one."""
    row = select_newest(connection, TABLE).get(entry_id)
    if row is None or row["withdrawn"] or row["illustrative"]:
        raise UnknownName("There is no such entry", found=entry_id)
    return row


def write_offer(connection: sa.Connection, entry_id: str, changes: Mapping[str, Any], *, version: int, by: str) -> None:
    """Add a version of an entry, if ``version`` still stands; a new entry stands at 0.

    The first entry that is accepted sets the invented ones aside; one that only waits leaves them where they are.
    """
    newest = select_newest(connection, TABLE)
    before = newest.get(entry_id)
    if before is not None and before["version"] != version:
        raise ChangedMeanwhile(TABLE, before, version)
    content = {**(content_of(before) if before else {}), **changes}
    accepted = content["status"] == ACCEPTED
    invented = {name: content_of(row) for name, row in newest.items() if accepted and _is_invented(row)}
    plan = Plan(changed={entry_id: content}, aside=invented)
    carry_out(connection, TABLE, plan, newest, by=by, submission_id=None)


def _is_invented(row: Row) -> bool:
    return bool(row["illustrative"]) and not row["withdrawn"]


def withdraw_offer(connection: sa.Connection, entry_id: str, *, version: int, by: str) -> None:
    """Withdraw an entry, if ``version`` still stands; it stays in its history."""
    newest = select_newest(connection, TABLE)
    before = newest[entry_id]
    if before["version"] != version:
        raise ChangedMeanwhile(TABLE, before, version)
    carry_out(connection, TABLE, Plan(removed={entry_id: content_of(before)}), newest, by=by, submission_id=None)


def select_versions(connection: sa.Connection, entry_id: str) -> pd.DataFrame:
    """Give when each version of an entry was made, and where it then stood, oldest first; nobody is named."""
    table = find_table(TABLE)
    columns = (table.c.version, table.c.recorded_at, table.c.status, table.c.withdrawn)
    rows = connection.execute(sa.select(*columns).where(table.c.entry_id == entry_id).order_by(table.c.version))
    return pd.DataFrame(rows.all(), columns=[column.name for column in columns])
