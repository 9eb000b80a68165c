"""What has come in: which indicators, areas and periods stored rows cover, as counts of rows and never of people."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import select_frame
from data.store.models import Area, Audit, Observation, Released, Submission
from data.store.pathway import SOURCE_ID as PATHWAY

#: The council an area lies in; an area above councils stands for itself.
PLACE = sa.func.coalesce(Area.lad_code, Area.area_code).label("place")
COUNTED_AS = sa.case((Area.area_type == "lsoa21", "msoa21"), else_=Area.area_type).label("area_type")


def select_arrived(connection: sa.Connection, indicator_ids: Sequence[str], since: str) -> pd.DataFrame:
    """Count the current rows of each indicator, period, place and status, for periods that end on or after a day."""
    kinds = (
        *(Observation.indicator_id, Observation.period_type, Observation.period_to),
        *(PLACE, Observation.value_status, Observation.submission_id, Submission.illustrative),
    )
    statement = (
        sa.select(*kinds, sa.func.count().label("rows"))
        .join(Area, Area.area_code == Observation.area_code)
        .join(Submission, Submission.id == Observation.submission_id)
        .where(*_current(indicator_ids, since))
        .group_by(*kinds)
    )
    return select_frame(connection, statement)


def select_counted(connection: sa.Connection, indicator_ids: Sequence[str], since: str) -> pd.DataFrame:
    """Give the council figures that were counted from events of pathways, in the columns of what has arrived."""
    columns = (Released.indicator_id, Released.period_type, Released.period_to, Released.area_code.label("place"))
    more = (Released.value_status, Released.submission_id, Released.illustrative, sa.literal(1).label("rows"))
    statement = (
        sa.select(*columns, *more)
        .join(Submission, Submission.id == Released.submission_id)
        .where(Submission.source_id == PATHWAY, Released.area_type == "lad", Released.breakdown_type == "")
        .where(Released.indicator_id.in_(list(indicator_ids)), Released.period_to >= since)
        .where(Released.value_status.not_in(["not_collected", "immature"]))
    )
    return select_frame(connection, statement)


def select_areas_heard_of(connection: sa.Connection, indicator_ids: Sequence[str], since: str) -> pd.DataFrame:
    """Count the different areas that any of the indicators has a current row for: by period, type of area, place.

    A small neighbourhood is counted as the larger one that holds it: nobody to count in it for a quarter is common.
    """
    kinds = (Observation.period_type, Observation.period_to, COUNTED_AS, PLACE)
    statement = (
        sa.select(*kinds, sa.func.count(sa.func.coalesce(Area.msoa_code, Area.area_code).distinct()).label("areas"))
        .join(Area, Area.area_code == Observation.area_code)
        .where(*_current(indicator_ids, since), Observation.breakdown_type == "")
        .group_by(*kinds)
    )
    return select_frame(connection, statement)


def _current(indicator_ids: Sequence[str], since: str) -> list[sa.ColumnElement[bool]]:
    return [
        Observation.indicator_id.in_(list(indicator_ids)),
        Observation.period_to >= since,
        Observation.superseded_by.is_(None),
    ]


def count_areas(connection: sa.Connection) -> pd.DataFrame:
    """Count the areas of each type in each place."""
    kinds = (Area.area_type, PLACE)
    return select_frame(connection, sa.select(*kinds, sa.func.count().label("areas")).group_by(*kinds))


def newest_period(connection: sa.Connection, indicator_ids: Sequence[str]) -> tuple[str, bool] | None:
    """Give the last day of the newest period that has come in, and whether all that came in is illustrative."""
    statement = (
        sa.select(sa.func.max(Observation.period_to), sa.func.min(sa.cast(Submission.illustrative, sa.Integer)))
        .join(Submission, Submission.id == Observation.submission_id)
        .where(Observation.indicator_id.in_(list(indicator_ids)), Observation.superseded_by.is_(None))
    )
    newest, invented = connection.execute(statement).one()
    return None if newest is None else (str(newest), bool(invented))


def select_refusals(connection: sa.Connection) -> pd.DataFrame:
    """Give the trail's entries about refused files, newest first: when, and what was noted of each."""
    statement = sa.select(Audit.id, Audit.at, Audit.detail).where(Audit.action == "refuse")
    return select_frame(connection, statement.order_by(Audit.id.desc()))


def last_refusal(connection: sa.Connection) -> int:
    """Give the number of the newest entry about a refused file; 0 where there is none."""
    return int(connection.execute(sa.select(sa.func.max(Audit.id)).where(Audit.action == "refuse")).scalar() or 0)
