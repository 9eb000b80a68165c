"""Go back to an earlier file of a register, or take one out. Each is a new version of the entries it touches.

Going back makes the register as that file left it. Taking a file out undoes what that file did. Either leaves alone
the entries that somebody has changed in the app since, and says how many those are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.catalogue import registers, source
from data.catalogue.definitions import Register
from data.errors import StoreError
from data.intake.document_entries import beside_documents
from data.store.models import Submission
from data.store.register_versions import (
    Row,
    content_of,
    files_with_entries,
    select_as_at,
    select_newest,
    select_version_before,
    write_versions,
)
from data.store.submissions import find_others, find_submission, mark_current, mark_superseded, select_submissions

LISTED = ("id", "source_id", "file_name", "supplier", "edition", "loaded_at", "loaded_by", "illustrative")
STATE = ("withdrawn", "illustrative", "submission_id")


def keeps_a_register(submission: Submission) -> bool:
    """Whether a file is one of a register."""
    return source(submission.source_id).kind == "register"


def register_of(submission: Submission) -> Register:
    """Find the register that a file is of."""
    return next(one for one in registers() if one.source == submission.source_id)


def on_register(connection: sa.Connection, register: Register) -> dict[str, Row]:
    """Give the newest version of every entry that files of the register speak for; documents have their own files."""
    newest = select_newest(connection, register.store_table, register.id)
    return beside_documents(newest, register.store_table, illustrative=True)


def left_by_file(connection: sa.Connection, submission: Submission) -> dict[str, Row]:
    """Give the entries of a register as a file left them."""
    register = register_of(submission)
    return select_as_at(connection, register.store_table, register.id, submission.loaded_at)


def go_back_to(connection: sa.Connection, submission: Submission, *, by: str) -> tuple[int, int, int]:
    """Make a register as a file left it: entries brought back, entries that gave way, entries left alone."""
    register = register_of(submission)
    newest = on_register(connection, register)
    then = left_by_file(connection, submission)
    if submission.illustrative and real_ones(newest):
        problem = "the entries of this file are illustrative, and real ones are used now"
        raise StoreError(problem, file=submission.file_name, todo="Take the real file out first, if it was wrong")
    rows, kept = [], 0
    for name, now in newest.items():
        wanted = then.get(name, {**now, "withdrawn": True})
        if same_state(now, wanted):
            continue
        if now["submission_id"] is None:
            kept += 1
            continue
        rows.append(as_version(wanted, now, submission, by=by))
    if not rows:
        problem = "every entry of this file is used already, so there is nothing to go back to"
        raise StoreError(problem, file=submission.file_name)
    write_versions(connection, register.store_table, rows, newest)
    mark_files(connection, submission)
    return sum(not row["withdrawn"] for row in rows), sum(row["withdrawn"] for row in rows), kept


def take_out(connection: sa.Connection, submission: Submission, *, by: str) -> tuple[int, int, int]:
    """Undo what a file did: entries it had taken the place of, entries that are no longer used, entries left alone."""
    register = register_of(submission)
    newest = select_newest(connection, register.store_table, register.id)
    left = left_by_file(connection, submission)
    kept = sum(
        row["submission_id"] == submission.id and newest[name]["submission_id"] is None for name, row in left.items()
    )
    rows = []
    for name, now in newest.items():
        if now["submission_id"] != submission.id or (now["illustrative"] and not submission.illustrative):
            continue
        before = select_version_before(connection, register.store_table, name, submission.id)
        wanted = before or {**now, "withdrawn": True}
        if not same_state(now, wanted):
            rows.append({**content_of(wanted), **version_marks(wanted, by=by), "entry_id": name})
    if not rows:
        raise StoreError("this file was taken out already, or later ones stand in its place", file=submission.file_name)
    rows += invented_again(connection, register, {**newest, **{row["entry_id"]: row for row in rows}}, by=by)
    write_versions(connection, register.store_table, rows, newest)
    mark_files(connection, submission)
    return sum(not row["withdrawn"] for row in rows), sum(row["withdrawn"] for row in rows), kept


def real_ones(newest: Mapping[str, Row]) -> bool:
    """Whether any real entry stands on a register."""
    return any(not row["withdrawn"] and not row["illustrative"] for row in newest.values())


def invented_again(connection: sa.Connection, register: Register, newest: Mapping[str, Row], *, by: str) -> list[Row]:
    """Bring back the invented entries that files had set aside, once no real one is left."""
    if real_ones(newest):
        return []
    rows = []
    for name, now in newest.items():
        if now["illustrative"] and now["withdrawn"] and now["submission_id"] is not None:
            before = select_version_before(connection, register.store_table, name, now["submission_id"])
            if before is not None and not before["withdrawn"]:
                rows.append({**content_of(before), **version_marks(before, by=by), "entry_id": name})
    return rows


def same_state(now: Row, wanted: Row) -> bool:
    """Whether an entry says now what it is wanted to say."""
    both_gone = now["withdrawn"] and wanted["withdrawn"]
    return bool(both_gone or (now["withdrawn"] == wanted["withdrawn"] and content_of(now) == content_of(wanted)))


def as_version(wanted: Row, now: Row, submission: Submission, *, by: str) -> Row:
    """Write an entry as it stood; one that wasn't there is withdrawn, on behalf of the file that is gone back to."""
    row = {**content_of(wanted), **version_marks(wanted, by=by), "entry_id": now["entry_id"]}
    return row if not wanted["withdrawn"] else {**row, "submission_id": submission.id}


def version_marks(wanted: Row, *, by: str) -> Row:
    """Give what a version that repeats an earlier one carries."""
    kept: dict[str, Any] = {name: wanted[name] for name in STATE}
    return {**kept, "recorded_at": dt.datetime.now(dt.UTC), "recorded_by": by}


def mark_files(connection: sa.Connection, submission: Submission) -> None:
    """Mark the register's files as current or superseded by whether any entry of theirs is current."""
    held = files_with_entries(connection, register_of(submission).store_table)
    others = find_others(connection, submission.source_id, submission.id, illustrative=False)
    for number in {*others, *held, submission.id}:
        if number in held:
            mark_current(connection, number)
        else:
            mark_superseded(connection, number)


def select_earlier(connection: sa.Connection) -> pd.DataFrame:
    """List the files of registers that one can go back to: those that left their register otherwise than it is now."""
    files = select_submissions(connection)
    rows = []
    for file in files.loc[files["source_id"].map(lambda name: source(name).kind == "register")].to_dict("records"):
        submission = find_submission(connection, int(file["id"]))
        if submission is None:
            continue
        register = register_of(submission)
        then, newest = left_by_file(connection, submission), on_register(connection, register)
        unlike = [
            name
            for name, now in newest.items()
            if now["submission_id"] is not None and not same_state(now, then.get(name, {**now, "withdrawn": True}))
        ]
        if unlike:
            rows.append({**{str(name): file[name] for name in LISTED}, "rows": len(unlike)})
    return pd.DataFrame(rows, columns=[*LISTED, "rows"])
