"""Go back to an earlier file of a document, or take one out. Other documents, and how they were scored, stay."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import sqlalchemy as sa

from data.catalogue import register
from data.errors import StoreError
from data.intake.document_entries import is_of
from data.intake.documents import SOURCE_ID
from data.intake.register_history import LISTED, as_version, invented_again, same_state
from data.store.models import Submission
from data.store.register_versions import Row, files_with_entries, select_as_at, select_newest, write_versions
from data.store.registers import find_table
from data.store.submissions import mark_current, mark_superseded, select_submissions

#: Both registers that a document's file fills.
KEPT_IN = ("documents", "passages")
JUST_BEFORE = dt.timedelta(microseconds=1)


def is_of_a_document(submission: Submission) -> bool:
    """Whether a file is a document."""
    return submission.source_id == SOURCE_ID


def go_back_to(connection: sa.Connection, submission: Submission, *, by: str) -> tuple[int, int, int]:
    """Make a document as a file left it: entries brought back, entries that gave way, entries left alone."""
    changed = _restore(connection, submission, submission.loaded_at, by=by)
    if not sum(changed[:2]):
        problem = "every passage of this file is used already, so there is nothing to go back to"
        raise StoreError(problem, file=submission.file_name)
    return changed


def take_out(connection: sa.Connection, submission: Submission, *, by: str) -> tuple[int, int, int]:
    """Undo what a file did: entries it had taken the place of, entries that are no longer used, entries left alone."""
    if submission.id not in files_with_entries(connection, "passage"):
        raise StoreError(
            "this file was taken out already, or a later one stands in its place", file=submission.file_name
        )
    back, gone, kept = _restore(connection, submission, submission.loaded_at - JUST_BEFORE, by=by)
    for name in KEPT_IN:
        table = register(name).store_table
        newest = select_newest(connection, table)
        rows = invented_again(connection, register(name), newest, by=by)
        write_versions(connection, table, rows, newest)
        back += len(rows)
    _mark_files(connection)
    return back, gone, kept


def _restore(
    connection: sa.Connection, submission: Submission, moment: dt.datetime, *, by: str
) -> tuple[int, int, int]:
    """Write the entries of a file's document as they stood at a moment."""
    rows_back = rows_gone = kept = 0
    document = _document_of(connection, submission)
    for name in KEPT_IN:
        table = register(name).store_table
        newest = {key: row for key, row in select_newest(connection, table).items() if is_of(key, document)}
        then = select_as_at(connection, table, "", moment)
        rows: list[Row] = []
        for key, now in newest.items():
            wanted = then.get(key, {**now, "withdrawn": True})
            same_file = now["submission_id"] == wanted["submission_id"]
            if same_state(now, wanted) and (same_file or now["withdrawn"]):
                continue
            if now["submission_id"] is None:
                kept += 1  # somebody has mended its particulars since
                continue
            rows.append(as_version(wanted, now, submission, by=by))
        write_versions(connection, table, rows, newest)
        rows_back += sum(not row["withdrawn"] for row in rows)
        rows_gone += sum(row["withdrawn"] for row in rows)
    _mark_files(connection)
    return rows_back, rows_gone, kept


def _document_of(connection: sa.Connection, submission: Submission) -> str:
    """Name the document that a file brought."""
    table = find_table("passage")
    # what a file set aside carries its number as well, and is withdrawn
    brought = (table.c.submission_id == submission.id, table.c.withdrawn.is_(False))
    found = sa.select(table.c.document).where(*brought).limit(1)
    name = connection.execute(found).scalar()
    if name is None:
        raise StoreError("nothing of this file was kept", file=submission.file_name, todo="Load it again")
    return str(name)


def _mark_files(connection: sa.Connection) -> None:
    """Mark the files of documents as current or superseded by whether any passage of theirs is current."""
    held = files_with_entries(connection, "passage")
    files = select_submissions(connection)
    for number in files.loc[files["source_id"] == SOURCE_ID, "id"].tolist():
        if number in held:
            mark_current(connection, number)
        else:
            mark_superseded(connection, number)


def select_earlier(connection: sa.Connection) -> pd.DataFrame:
    """List the files of documents that have given way or were taken out."""
    files = select_submissions(connection, current=False)
    files = files.loc[(files["source_id"] == SOURCE_ID) & ~files["illustrative"].astype("bool")]
    return pd.DataFrame(files.rename(columns={"rows_accepted": "rows"})[[*LISTED, "rows"]])
