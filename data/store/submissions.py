"""Submissions: which file brought what, when, by whom, and what it took the place of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass

import pandas as pd
import sqlalchemy as sa

from data.store.frames import select_frame
from data.store.models import Submission

TABLE: sa.Table = Submission.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a file's content comes from."""

    source_id: str
    file_name: str
    sha256: str
    edition: str
    loaded_by: str
    rows_read: int
    rows_accepted: int
    rows_refused: int = 0
    supplier: str = ""
    publication: str = ""
    extract_date: dt.date | None = None
    notes: str = ""
    illustrative: bool = False
    supersedes_id: int | None = None


def add_submission(connection: sa.Connection, provenance: Provenance) -> int:
    """Record a submission and give its number."""
    values = {**asdict(provenance), "loaded_at": dt.datetime.now(dt.UTC)}
    key = connection.execute(sa.insert(Submission).values(values)).inserted_primary_key
    if key is None:
        raise TypeError("The database gave no number for the submission")
    return int(key[0])


def select_submissions(connection: sa.Connection, *, current: bool | None = None) -> pd.DataFrame:
    """Give all submissions, newest first; ``current=True`` leaves out those that were superseded."""
    statement = sa.select(*TABLE.columns).order_by(Submission.id.desc())
    if current is not None:
        gone = Submission.superseded_at
        statement = statement.where(gone.is_(None) if current else gone.is_not(None))
    return select_frame(connection, statement)


def find_current(connection: sa.Connection, source_id: str, edition: str, *, illustrative: bool) -> list[int]:
    """Give the current submissions of one source and edition, oldest first."""
    statement = sa.select(Submission.id).where(
        Submission.source_id == source_id,
        Submission.edition == edition,
        Submission.illustrative.is_(illustrative),
        Submission.superseded_at.is_(None),
    )
    return list(connection.execute(statement.order_by(Submission.id)).scalars())


def find_others(
    connection: sa.Connection,
    source_id: str,
    than: int,
    *,
    illustrative: bool,
    suppliers: Collection[str] | None = None,
) -> list[int]:
    """Give the other current submissions of a source, oldest first; only illustrative ones beside such a one.

    ``suppliers`` keeps those of the suppliers named.
    """
    statement = sa.select(Submission.id).where(
        Submission.source_id == source_id, Submission.id != than, Submission.superseded_at.is_(None)
    )
    if illustrative:
        statement = statement.where(Submission.illustrative)
    if suppliers is not None:
        statement = statement.where(Submission.supplier.in_(list(suppliers)))
    return list(connection.execute(statement.order_by(Submission.id)).scalars())


def find_loaded(connection: sa.Connection, sha256: str) -> int | None:
    """Give the current submission of exactly this file, or None."""
    statement = sa.select(Submission.id).where(Submission.sha256 == sha256, Submission.superseded_at.is_(None))
    return connection.execute(statement.order_by(Submission.id.desc())).scalars().first()


def find_submission(connection: sa.Connection, submission_id: int) -> Submission | None:
    """Give one submission, or None where there is none of that number."""
    row = connection.execute(sa.select(*TABLE.columns).where(Submission.id == submission_id)).mappings().one_or_none()
    return None if row is None else Submission(**row)


def mark_superseded(connection: sa.Connection, submission_id: int) -> None:
    """Record that nothing of a submission is current any more; it stays on record."""
    change = sa.update(Submission).where(Submission.id == submission_id, Submission.superseded_at.is_(None))
    connection.execute(change.values(superseded_at=dt.datetime.now(dt.UTC)))


def mark_current(connection: sa.Connection, submission_id: int) -> None:
    """Record that something of a submission is current again."""
    change = sa.update(Submission).where(Submission.id == submission_id)
    connection.execute(change.values(superseded_at=None))


def set_supersedes(connection: sa.Connection, submission_id: int, earlier: int) -> None:
    """Record which submission this one took the place of."""
    change = sa.update(Submission).where(Submission.id == submission_id)
    connection.execute(change.values(supersedes_id=earlier))


def put_in_front(connection: sa.Connection, submission_id: int, of: int) -> None:
    """Record that an earlier submission took the place of one again, so that the order of places stays a line."""
    own = connection.execute(sa.select(Submission.supersedes_id).where(Submission.id == submission_id)).scalar_one()
    behind = sa.update(Submission).where(Submission.supersedes_id == submission_id)
    connection.execute(behind.values(supersedes_id=own))
    set_supersedes(connection, submission_id, of)


def sign_off(connection: sa.Connection, submission_id: int, by: str) -> None:
    """Record who signed a submission off and when."""
    change = sa.update(Submission).where(Submission.id == submission_id)
    connection.execute(change.values(signed_off_at=dt.datetime.now(dt.UTC), signed_off_by=by))
