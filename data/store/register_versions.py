"""What a file would do to a register, and doing it: each entry's change is a new version, and nothing is overwritten.

What a file no longer holds is withdrawn, which is a version as well. Entries that were last changed in the app, and so
by no file, are never withdrawn by one. Invented entries stand only where no real one does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from data.errors import WrongValues
from data.store.models import Submission
from data.store.registers import CARRIED, entries_of, find_table

Row = dict[str, Any]
#: Entries named in a sentence; all are counted.
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of each entry: rows to write as new versions, by what happens to them."""

    new: dict[str, Row] = field(default_factory=dict)
    changed: dict[str, Row] = field(default_factory=dict)
    removed: dict[str, Row] = field(default_factory=dict)
    aside: dict[str, Row] = field(default_factory=dict)
    unchanged: int = 0
    edited: tuple[str, ...] = ()

    @property
    def written(self) -> dict[str, Row]:
        """Every row that would be written."""
        return {**self.aside, **self.removed, **self.changed, **self.new}


def select_newest(connection: sa.Connection, table_name: str, register: str = "") -> dict[str, Row]:
    """Give the newest version of every entry, withdrawn ones too, by entry; ``register`` where two share a table."""
    return versions_where(connection, table_name, register, find_table(table_name).c.superseded_at.is_(None))


def select_as_at(connection: sa.Connection, table_name: str, register: str, moment: dt.datetime) -> dict[str, Row]:
    """Give every entry as it stood at a moment."""
    return versions_where(connection, table_name, register, find_table(table_name).c.recorded_at <= moment)


def versions_where(
    connection: sa.Connection, table_name: str, register: str, condition: sa.ColumnElement[bool]
) -> dict[str, Row]:
    """Give the last of the versions that meet a condition, by entry."""
    table = find_table(table_name)
    statement = sa.select(*table.columns).where(condition).order_by(table.c.entry_id, table.c.version)
    if "register" in table.columns and register:
        statement = statement.where(table.c.register == register)
    return {row["entry_id"]: dict(row) for row in connection.execute(statement).mappings()}


def select_version_before(connection: sa.Connection, table_name: str, entry_id: str, submission_id: int) -> Row | None:
    """Give what an entry said before a file first touched it; None where the file brought it."""
    table = find_table(table_name)
    of_entry = table.c.entry_id == entry_id
    first = sa.select(sa.func.min(table.c.version)).where(of_entry, table.c.submission_id == submission_id)
    before = sa.select(*table.columns).where(of_entry, table.c.version < first.scalar_subquery())
    row = connection.execute(before.order_by(table.c.version.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else dict(row)


def files_with_entries(connection: sa.Connection, table_name: str) -> set[int]:
    """Give the files that brought versions which are current, withdrawals aside."""
    table = find_table(table_name)
    current = (table.c.superseded_at.is_(None), table.c.withdrawn.is_(False), table.c.submission_id.is_not(None))
    return set(connection.execute(sa.select(table.c.submission_id).where(*current).distinct()).scalars())


def content_of(row: Mapping[str, Any]) -> Row:
    """Keep what an entry says, without its number, version and history."""
    return {name: value for name, value in row.items() if name not in CARRIED}


def contents_in(frame: pd.DataFrame, table_name: str) -> dict[str, Row]:
    """Give what a file says of each entry, with nothing in the columns that it leaves out."""
    table = find_table(table_name)
    own = [column for column in table.columns if column.name not in CARRIED]
    empty = {column.name: empty_value(column) for column in own}
    return {
        row["entry_id"]: empty | {name: row[name] for name in row if name in empty} for row in entries_of(frame, table)
    }


def empty_value(column: sa.Column[Any]) -> Any:
    """Give what stands in a column that was left out."""
    default = column.default
    return default.arg if isinstance(default, sa.ColumnDefault) and default.is_scalar else None


def plan_entries(
    newest: Mapping[str, Row],
    given: Mapping[str, Row],
    *,
    illustrative: bool = False,
    sent_by: str = "",
    file: str | None = None,
) -> Plan:
    """Say what a file's entries would do to those on the register."""
    live = {name: row for name, row in newest.items() if not row["withdrawn"]}
    if illustrative and any(not row["illustrative"] for row in live.values()):
        return Plan()
    refuse_taken_names(newest, given, illustrative=illustrative, file=file)
    invented = {name: row for name, row in live.items() if row["illustrative"] and not illustrative}
    held = {name: row for name, row in live.items() if name not in invented}
    spoken_for = {row[sent_by] for row in given.values()} if sent_by else set()
    gone = {
        name: row
        for name, row in held.items()
        if name not in given and row["submission_id"] is not None and (not sent_by or row[sent_by] in spoken_for)
    }
    both = [name for name in given if name in held]
    differing = [name for name in both if content_of(held[name]) != given[name]]
    return Plan(
        new={name: given[name] for name in given if name not in held},
        changed={name: given[name] for name in differing},
        removed={name: content_of(row) for name, row in gone.items()},
        aside={name: content_of(row) for name, row in invented.items()},
        unchanged=len(both) - len(differing),
        edited=tuple(name for name in differing if held[name]["submission_id"] is None),
    )


def refuse_taken_names(
    newest: Mapping[str, Row], given: Iterable[str], *, illustrative: bool, file: str | None
) -> None:
    """Keep the history of a real entry apart from that of an invented one: they may not share an id."""
    taken = [name for name in given if name in newest and newest[name]["illustrative"] != illustrative]
    if taken:
        more = f" and {len(taken) - NAMED} more" if len(taken) > NAMED else ""
        raise WrongValues(
            "an id belongs to an invented entry already",
            file=file,
            column="id",
            found=", ".join(taken[:NAMED]) + more,
            expected="ids that no invented entry has; those begin with EX-",
            todo="Give these entries other ids",
        )


def carry_out(
    connection: sa.Connection,
    table_name: str,
    plan: Plan,
    newest: Mapping[str, Row],
    *,
    by: str,
    submission_id: int | None,
    illustrative: bool = False,
) -> int:
    """Write a plan as new versions; give how many entries came or changed."""
    moment = moment_of(connection, submission_id)
    gone = {*plan.removed, *plan.aside}
    marks = {"recorded_at": moment, "recorded_by": by, "submission_id": submission_id}
    rows = [
        {
            **content,
            **marks,
            "entry_id": name,
            "withdrawn": name in gone,
            "illustrative": newest[name]["illustrative"] if name in gone else illustrative,
        }
        for name, content in plan.written.items()
    ]
    write_versions(connection, table_name, rows, newest)
    return len(plan.new) + len(plan.changed)


def moment_of(connection: sa.Connection, submission_id: int | None) -> dt.datetime:
    """Give the time of a file's load, so that the register can be seen as that file left it; otherwise now."""
    if submission_id is None:
        return dt.datetime.now(dt.UTC)
    loaded: dt.datetime = connection.execute(
        sa.select(Submission.loaded_at).where(Submission.id == submission_id)
    ).scalar_one()
    return loaded


def write_versions(connection: sa.Connection, table_name: str, rows: Sequence[Row], newest: Mapping[str, Row]) -> None:
    """Add a version to each entry, in place of its newest one."""
    table = find_table(table_name)
    replaced = [newest[row["entry_id"]]["id"] for row in rows if row["entry_id"] in newest]
    if replaced:
        moment = rows[0]["recorded_at"]
        mark = sa.update(table).where(table.c.id == sa.bindparam("number")).values(superseded_at=moment)
        connection.execute(mark, [{"number": number} for number in replaced])
    if rows:
        numbered = [
            {**row, "version": newest[row["entry_id"]]["version"] + 1 if row["entry_id"] in newest else 1}
            for row in rows
        ]
        connection.execute(sa.insert(table), numbered)
