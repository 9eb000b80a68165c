"""Registers: entries with versions. Nothing is overwritten: two people who change one entry both keep their work."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from data.errors import StoreError, UnknownName
from data.store.audit import append_audit
from data.store.frames import plain_values, select_frame
from data.store.register_models import REGISTERS

#: What every row carries beside what its entry says.
CARRIED: Final = frozenset(
    {"id", "entry_id", "version", "withdrawn", "illustrative", "recorded_at", "recorded_by", "superseded_at"}
    | {"submission_id"}
)


class ChangedMeanwhile(StoreError):
    """Somebody else changed the entry after this person opened it; ``now`` is the version that stands."""

    def __init__(self, register: str, now: Mapping[str, Any], version: int) -> None:
        self.now = dict(now)
        super().__init__(
            "Somebody else changed this entry in the meantime",
            source=register,
            found=f"version {now['version']} by {now['recorded_by']}",
            expected=f"version {version}",
            todo="Look at the newer version, then make your change again",
        )


def find_table(register: str) -> sa.Table:
    """Find a register's table by name."""
    if register not in REGISTERS:
        raise UnknownName("There is no such register", found=register, expected=", ".join(sorted(REGISTERS)))
    return REGISTERS[register]


def select_register(connection: sa.Connection, register: str, of: str = "") -> pd.DataFrame:
    """Give the current version of every entry that was not withdrawn; ``of`` where two registers share a table."""
    table = find_table(register)
    current: list[sa.ColumnElement[bool]] = [table.c.superseded_at.is_(None), table.c.withdrawn.is_(False)]
    if of and "register" in table.columns:
        current.append(table.c.register == of)
    return select_frame(connection, sa.select(*table.columns).where(*current).order_by(table.c.id))


def select_history(connection: sa.Connection, register: str, entry_id: str) -> pd.DataFrame:
    """Give every version of one entry, oldest first."""
    table = find_table(register)
    statement = sa.select(*table.columns).where(table.c.entry_id == entry_id)
    return select_frame(connection, statement.order_by(table.c.version))


def load_register(
    connection: sa.Connection,
    register: str,
    frame: pd.DataFrame,
    *,
    by: str,
    submission_id: int | None = None,
    illustrative: bool = False,
) -> int:
    """Add new entries in bulk. Those that come in no file get an entry in the trail; a file's load has its own."""
    table = find_table(register)
    carried = {
        "version": 1,
        "withdrawn": False,
        "illustrative": illustrative,
        "recorded_at": dt.datetime.now(dt.UTC),
        "recorded_by": by,
        "submission_id": submission_id,
    }
    rows = [{"entry_id": uuid.uuid4().hex[:12], **row, **carried} for row in entries_of(frame, table)]
    if rows:
        connection.execute(sa.insert(table), rows)
        if submission_id is None:
            added = {"entries": [row["entry_id"] for row in rows]}
            append_audit(connection, who=by, action="register", subject=f"{register}: added", detail=added)
    return len(rows)


def entries_of(frame: pd.DataFrame, table: sa.Table) -> list[dict[str, Any]]:
    """Give a frame's rows in the kinds of the register's columns."""
    values = {str(name): plain_values(frame[name], table.columns[str(name)]) for name in frame.columns}
    for name, column in values.items():
        if isinstance(table.columns[name].type, sa.Date):
            values[name] = [None if day is None else dt.date.fromisoformat(day[:10]) for day in column]
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def revise_entry(
    connection: sa.Connection, register: str, entry_id: str, changes: Mapping[str, Any], *, version: int, by: str
) -> int:
    """Add a new version of an entry, if ``version`` is still the current one, and give its number.

    The trail names the columns that changed; what stood in them stays in the entry's own versions.
    """
    table = find_table(register)
    current = sa.select(*table.columns).where(table.c.entry_id == entry_id, table.c.superseded_at.is_(None))
    row = connection.execute(current).mappings().one_or_none()
    if row is None:
        raise UnknownName("There is no such entry", source=register, found=entry_id)
    if row["version"] != version:
        raise ChangedMeanwhile(register, dict(row), version)
    now = dt.datetime.now(dt.UTC)
    connection.execute(sa.update(table).where(table.c.id == row["id"]).values(superseded_at=now))
    kept = {name: value for name, value in row.items() if name not in ("id", "superseded_at")}
    # no file brought this version, which tells it from what a later file may withdraw
    marks = {"version": version + 1, "recorded_at": now, "recorded_by": by, "submission_id": None}
    new = {**kept, **changes, **marks}
    connection.execute(sa.insert(table).values(new))
    done = "withdrawn" if changes.get("withdrawn") else "changed"
    changed = {"version": version + 1, "columns": sorted(changes)}
    append_audit(connection, who=by, action="register", subject=f"{register}: {entry_id} {done}", detail=changed)
    return version + 1
