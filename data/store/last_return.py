"""What was returned last, added up by council: enough to see that a new return is out of line with it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import portions, select_frame
from data.store.models import Area, Observation, Submission
from data.store.observations import PLACE

TOTAL = ["indicator_id", "area_type", "place", "period_type", "period_from", "period_to"]


def select_places(connection: sa.Connection) -> dict[str, str]:
    """Give the council of each area, and for wider areas the area itself."""
    return dict(connection.execute(sa.select(Area.area_code, PLACE)).all())


def select_last_totals(
    connection: sa.Connection,
    source_id: str,
    indicator_ids: Sequence[str],
    *,
    illustrative: bool,
    supplier: str = "",
) -> pd.DataFrame:
    """Give, for everyone, the current counts of each indicator, council and period by submission and type of area.

    A ``supplier`` is held only against what it has sent itself.
    """
    keys = (Observation.indicator_id, Observation.area_type, PLACE.label("place"), Observation.period_type)
    days = (Observation.period_from, Observation.period_to, Observation.submission_id)
    sums = (
        sa.func.sum(Observation.numerator).label("numerator"),
        sa.func.sum(Observation.denominator).label("denominator"),
        sa.func.count().label("areas"),
    )
    statement = (
        sa.select(*keys, *days, *sums)
        .join(Submission, Submission.id == Observation.submission_id)
        .join(Area, Area.area_code == Observation.area_code)
        .where(
            Submission.source_id == source_id,
            Submission.illustrative.is_(illustrative),
            Observation.superseded_by.is_(None),
            Observation.breakdown_type == "",
        )
        .group_by(Observation.indicator_id, Observation.area_type, PLACE, Observation.period_type, *days)
    )
    if supplier:
        statement = statement.where(Submission.supplier == supplier)
    frames = [
        select_frame(connection, statement.where(Observation.indicator_id.in_(some)))
        for some in portions(sorted(indicator_ids))
    ]
    return pd.concat(frames, ignore_index=True) if frames else select_frame(connection, statement.where(sa.false()))
