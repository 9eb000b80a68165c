"""A private copy of what a return can change, to try it on: nobody waits for it, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa

from data.store.engine import open_store, reading, writing
from data.store.fingerprints import RETURN, select_newest_quarter
from data.store.models import Base, Observation, Submission

#: No figure of an indicator rests on these, and some are long.
LEFT_OUT: Final = (
    *("audit", "audit_head", "ended_sign_in", "postcode", "release_beat"),
    *("frozen_view", "frozen_release", "frozen_withdrawal"),
)
ROWS_AT_ONCE: Final = 5_000


@contextmanager
def private_copy(engine: sa.Engine, indicator_ids: Sequence[str]) -> Iterator[sa.Engine]:
    """Copy all that the figures of some indicators rest on into a store of its own, and take that away in the end.

    It is a SQLite file in a folder that only this process's user can read. On either database copying takes no lock
    that a reader or a load would wait for.
    """
    with TemporaryDirectory(prefix="first1001-") as folder:
        copy = open_store(f"sqlite:///{Path(folder) / 'tried.sqlite'}")
        try:
            with reading(engine) as source, writing(copy) as target:
                copy_into(target, in_one_state(source), indicator_ids)
            yield copy
        finally:
            copy.dispose()


def in_one_state(source: sa.Connection) -> sa.Connection:
    """Read every table as it stood at one moment, whatever is loaded meanwhile; SQLite does so anyway."""
    if source.dialect.name == "postgresql":
        return source.execution_options(isolation_level="REPEATABLE READ")
    return source


def copy_into(target: sa.Connection, source: sa.Connection, indicator_ids: Sequence[str]) -> None:
    """Copy each table whole; of those that hold indicators, the rows of the named ones."""
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        wanted = sa.select(table)
        if "indicator_id" in table.c:
            wanted = wanted.where(table.c.indicator_id.in_(indicator_ids))
        target.execute(sa.delete(table))  # what a new store begins with
        add_rows(target, table, source.execute(wanted))
    add_rows(target, Observation.__table__, source.execute(of_newest_quarter(source, indicator_ids)))


def add_rows(target: sa.Connection, table: Any, found: sa.CursorResult[Any]) -> None:
    """Write rows as they were read."""
    for part in found.mappings().partitions(ROWS_AT_ONCE):
        target.execute(sa.insert(table), [dict(row) for row in part])


def of_newest_quarter(source: sa.Connection, indicator_ids: Sequence[str]) -> sa.Select[Any]:
    """Choose one row of another indicator at the newest quarter: every release asks how far the returns have come."""
    newest = select_newest_quarter(source)
    return (
        sa.select(Observation.__table__)
        .join(Submission, Submission.id == Observation.submission_id)
        .where(Observation.superseded_by.is_(None), Observation.period_type == "quarter")
        .where(Submission.source_id == RETURN, Observation.period_to == newest)
        .where(Observation.indicator_id.not_in(indicator_ids))
        .limit(1)
    )
