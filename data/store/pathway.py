"""Events of pathways under pseudonyms. They leave the store only as counts that ``data.answers`` protects."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, select_frame
from data.store.models import Area, PathwayEvent, Submission

SOURCE_ID = "pathway_events"
TABLE: sa.Table = PathwayEvent.__table__  # type: ignore[assignment]
CURRENT = (Submission.source_id == SOURCE_ID, Submission.superseded_at.is_(None))


def load_pathway_events(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Insert the events of one file."""
    return insert_frame(connection, TABLE, frame.assign(submission_id=submission_id))


def select_pathway_events(connection: sa.Connection) -> pd.DataFrame:
    """Give the events of every supplier's newest file, each with the council it lies in and its submission.

    Illustrative events are given only where there are no real ones.
    """
    columns = (PathwayEvent.pseudonym, PathwayEvent.event, PathwayEvent.month, PathwayEvent.area_code)
    statement = (
        sa.select(*columns, Area.lad_code, PathwayEvent.submission_id, Submission.illustrative)
        .join(Submission, Submission.id == PathwayEvent.submission_id)
        .join(Area, Area.area_code == PathwayEvent.area_code, isouter=True)
        .where(*CURRENT, Submission.id.in_(select_used(connection)))
        .order_by(PathwayEvent.pseudonym, PathwayEvent.month, PathwayEvent.event, PathwayEvent.submission_id)
    )
    return select_frame(connection, statement)


def select_used(connection: sa.Connection) -> list[int]:
    """Give the submissions whose events are counted: the real ones, or the illustrative where there are none."""
    found = connection.execute(sa.select(Submission.id, Submission.illustrative).where(*CURRENT)).all()
    real = [number for number, illustrative in found if not illustrative]
    return sorted(real or [number for number, _ in found])


def select_events_of(connection: sa.Connection, supplier: str, *, illustrative: bool) -> pd.DataFrame:
    """Give the events that a supplier's next file would stand in place of; a real file also of its made-up ones."""
    columns = (PathwayEvent.pseudonym, PathwayEvent.event, PathwayEvent.month, PathwayEvent.area_code)
    statement = sa.select(*columns).join(Submission, Submission.id == PathwayEvent.submission_id)
    statement = statement.where(*CURRENT, Submission.supplier == supplier)
    return select_frame(connection, statement.where(Submission.illustrative.is_(illustrative)))


def count_events(connection: sa.Connection, submission_id: int) -> int:
    """Count the events of one file."""
    counted = sa.select(sa.func.count()).select_from(PathwayEvent)
    return int(connection.execute(counted.where(PathwayEvent.submission_id == submission_id)).scalar_one())


def select_earlier(connection: sa.Connection) -> pd.DataFrame:
    """Give the files of events that are not used any more, with how many rows each has."""
    columns = (Submission.id, Submission.source_id, Submission.file_name, Submission.supplier, Submission.edition)
    more = (Submission.loaded_at, Submission.loaded_by, Submission.illustrative)
    statement = (
        sa.select(*columns, *more, sa.func.count().label("rows"))
        .join(PathwayEvent, PathwayEvent.submission_id == Submission.id)
        .where(Submission.superseded_at.is_not(None))
        .group_by(*columns, *more)
        .order_by(Submission.id.desc())
    )
    return select_frame(connection, statement)


def select_token(connection: sa.Connection) -> str:
    """Give a token that changes when the events that are counted do; empty where there are none."""
    return "-".join(map(str, select_used(connection)))
