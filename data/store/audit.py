"""The trail: appended to, never changed. Each entry holds the hash of the one before, so that a gap shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.store.frames import select_frame
from data.store.models import Audit

FIRST = "0" * 64
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
    """Add an entry. Call it inside ``writing``: writers queue, so the chain cannot fork."""
    last = connection.execute(sa.select(Audit.entry_hash).order_by(Audit.id.desc()).limit(1)).scalar_one_or_none()
    entry = {
        "at": dt.datetime.now(dt.UTC),
        "who": who,
        "action": action,
        "subject": subject,
        "detail": dict(detail or {}),
        "file_sha256": file_sha256,
        "previous_hash": last or FIRST,
    }
    connection.execute(sa.insert(Audit).values({**entry, "entry_hash": hash_entry(entry)}))


def hash_entry(entry: Mapping[str, Any]) -> str:
    """Hash an entry's words together with the hash of the entry before it."""
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


def find_broken_link(connection: sa.Connection) -> int | None:
    """Give the number of the first entry that was changed or stands after a gap; None where the chain holds."""
    previous = FIRST
    rows = connection.execute(sa.select(*Audit.__table__.columns).order_by(Audit.id)).mappings()
    for entry in (dict(row) for row in rows):
        if entry["previous_hash"] != previous or hash_entry(entry) != entry["entry_hash"]:
            return int(entry["id"])
        previous = entry["entry_hash"]
    return None


def select_audit(connection: sa.Connection) -> pd.DataFrame:
    """Give the trail, newest first."""
    return select_frame(connection, sa.select(*COLUMNS).order_by(Audit.id.desc()))
