"""Rows that gave way to others and are kept: bringing them back, and taking a submission's rows out again.

``superseded_by`` names the submission that a row gave way to. A row that was taken out names its own submission.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import portions, select_frame
from data.store.models import Observation, Submission
from data.store.observations import count_current, replaceable, set_by, slices_of
from data.store.submissions import mark_current, mark_superseded


def select_set_aside(connection: sa.Connection) -> pd.DataFrame:
    """Give the submissions of which rows are kept that are not current, and how many rows that is."""
    columns = (Submission.id, Submission.source_id, Submission.file_name, Submission.supplier, Submission.edition)
    more = (Submission.loaded_at, Submission.loaded_by, Submission.illustrative)
    statement = (
        sa.select(*columns, *more, sa.func.count().label("rows"))
        .join(Observation, Observation.submission_id == Submission.id)
        .where(Observation.superseded_by.is_not(None))
        .group_by(*columns, *more)
        .order_by(Submission.id.desc())
    )
    return select_frame(connection, statement)


def select_indicators_of(connection: sa.Connection, submission_id: int) -> list[str]:
    """Name the indicators of which a submission has rows, current or not."""
    statement = sa.select(Observation.indicator_id).where(Observation.submission_id == submission_id).distinct()
    return sorted(connection.execute(statement).scalars())


def bring_back(connection: sa.Connection, submission_id: int, indicator_ids: Sequence[str]) -> int:
    """Make a submission's rows of some indicators current."""
    kept = (Observation.submission_id == submission_id, Observation.superseded_by.is_not(None))
    changed = 0
    for some in portions(indicator_ids):
        rows = sa.update(Observation).where(*kept, Observation.indicator_id.in_(some))
        changed += connection.execute(rows.values(superseded_by=None)).rowcount
    return changed


def take_out(connection: sa.Connection, submission_id: int) -> int:
    """Let none of a submission's rows be current, and nothing stand in their place."""
    rows = sa.update(Observation).where(Observation.submission_id == submission_id, Observation.superseded_by.is_(None))
    return connection.execute(rows.values(superseded_by=submission_id)).rowcount


def count_given_way(connection: sa.Connection, submission_id: int) -> int:
    """Count the rows of a submission that gave way to other submissions."""
    statement = sa.select(sa.func.count()).where(
        Observation.submission_id == submission_id, Observation.superseded_by != submission_id
    )
    return connection.execute(statement).scalar_one()


def bring_back_what_gave_way(connection: sa.Connection, submission_id: int, *, whole: str) -> int:
    """Make the real rows current that gave way to a submission, wherever nothing else stands now.

    Where two earlier submissions held the same place one after the other, the newer one comes back.
    """
    gave_way = (Observation.superseded_by == submission_id, Observation.submission_id != submission_id)
    real = sa.select(Submission.id).where(Submission.illustrative.is_(False))
    earlier = sa.select(Observation.submission_id).where(*gave_way, Observation.submission_id.in_(real)).distinct()
    changed = 0
    for number in sorted(connection.execute(earlier).scalars(), reverse=True):
        cuts = slices_of(connection, [number], given_way_to=submission_id)
        others = [other for other in replaceable(connection, number, whole) if other != number]
        taken = slices_of(connection, others, sorted({cut[0] for cut in cuts})) if others else set()
        rows = (*gave_way, Observation.submission_id == number)
        changed += sum(set_by(connection, cut, None, *rows) for cut in sorted(cuts - taken))
        mark_by_rows(connection, [number])
    return changed


def bring_back_illustrative(connection: sa.Connection, indicator_ids: Sequence[str]) -> int:
    """Make illustrative rows current that had given way to a real return."""
    real = sa.select(Submission.id).where(Submission.illustrative.is_(False))
    invented = sa.select(Submission.id).where(Submission.illustrative)
    changed = 0
    for some in portions(indicator_ids):
        rows = sa.update(Observation).where(
            Observation.indicator_id.in_(some),
            Observation.submission_id.in_(invented),
            Observation.superseded_by.in_(real),
        )
        changed += connection.execute(rows.values(superseded_by=None)).rowcount
    return changed


def mark_by_rows(connection: sa.Connection, submission_ids: Sequence[int]) -> list[int]:
    """Mark submissions as current or superseded by whether they have current rows; give those that have none left."""
    left = count_current(connection, submission_ids)
    for number in submission_ids:
        if number in left:
            mark_current(connection, number)
        else:
            mark_superseded(connection, number)
    return [number for number in submission_ids if number not in left]


def select_submissions_with_rows(connection: sa.Connection, source_id: str) -> list[int]:
    """Give the submissions of a source of which rows are kept, oldest first."""
    held = sa.select(Observation.submission_id).distinct()
    statement = sa.select(Submission.id).where(Submission.source_id == source_id, Submission.id.in_(held))
    return list(connection.execute(statement.order_by(Submission.id)).scalars())
