"""The trail: appended to, never changed. Each entry holds the hash of the one before, so that a gap shows.

The database itself refuses to change or remove an entry, and counts the entries in a row of its own (``audit_head``).
docs/trail.md says what that withstands, what it does not, and how to note the last entry outside the store.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.store.frames import select_frame
from data.store.models import Audit, AuditHead

FIRST = "0" * 64
WHO_AT_MOST = 120
COLUMNS = (Audit.id, Audit.at, Audit.who, Audit.action, Audit.subject, Audit.detail, Audit.file_sha256)


def append_audit(
    connection: sa.Connection,
    *,
    who: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    file_sha256: str | None = None,
) -> None:
    """Add an entry, in the transaction of the act itself. Call it inside ``writing``: the chain cannot fork."""
    last = connection.execute(sa.select(Audit.id, Audit.entry_hash).order_by(Audit.id.desc()).limit(1)).one_or_none()
    entry = {
        "id": last.id + 1 if last else 1,
        "at": dt.datetime.now(dt.UTC),
        "who": storable(who)[:WHO_AT_MOST],
        "action": action,
        "subject": storable(subject),
        "detail": storable(dict(detail or {})),
        "file_sha256": file_sha256,
        "previous_hash": last.entry_hash if last else FIRST,
    }
    connection.execute(sa.insert(Audit).values({**entry, "entry_hash": hash_entry(entry)}))


def storable(value: Any) -> Any:
    """Write words as both databases can keep them, so that an entry reads back as it was hashed."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Write an entry as the bytes that are hashed: the same on every database, in every time zone, for ever."""
    words = [
        entry["previous_hash"],
        entry["id"],
        entry["at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry["who"],
        entry["action"],
        entry["subject"],
        entry["detail"],
        entry["file_sha256"],
    ]
    return json.dumps(words, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def hash_entry(entry: Mapping[str, Any]) -> str:
    """Hash an entry together with its number and the hash of the entry before it."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def hash_early_entry(entry: Mapping[str, Any]) -> str:
    """Hash an entry as it was done up to version 0.1.0: without its number, and to the second."""
    words = [
        entry["previous_hash"],
        entry["at"].astimezone(dt.UTC).isoformat(timespec="seconds"),
        entry["who"],
        entry["action"],
        entry["subject"],
        json.dumps(entry["detail"], sort_keys=True, ensure_ascii=False),
        entry["file_sha256"] or "",
    ]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def read_entries(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Give every entry whole, oldest first."""
    statement = sa.select(*Audit.__table__.columns).order_by(Audit.id)
    for row in connection.execute(statement).mappings():
        yield dict(row)


def read_head(connection: sa.Connection) -> tuple[int, str] | None:
    """Give how many entries the database has counted and the hash of the last; None where the row is gone."""
    row = connection.execute(sa.select(AuditHead.entries, AuditHead.head_hash)).one_or_none()
    return None if row is None else (row.entries, row.head_hash)


def select_audit(connection: sa.Connection) -> pd.DataFrame:
    """Give the trail, newest first."""
    return select_frame(connection, sa.select(*COLUMNS).order_by(Audit.id.desc()))
