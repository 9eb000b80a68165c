"""What a released indicator rests on, as one short token, so that only what changed is released again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import select_frame
from data.store.models import Area, Deprivation, Observation, Population, Submission
from data.store.observations import PLACE

RETURN = "first1001_long_return"


def select_returned(connection: sa.Connection) -> dict[str, str]:
    """Give, for each indicator with current rows, a token that changes when those rows do."""
    submission = Observation.submission_id
    statement = (
        sa.select(
            Observation.indicator_id,
            sa.func.count(),
            sa.func.sum(submission),
            sa.func.max(submission),
            sa.func.count(sa.distinct(submission)),
        )
        .where(Observation.superseded_by.is_(None))
        .group_by(Observation.indicator_id)
    )
    return {name: "-".join(map(str, rest)) for name, *rest in connection.execute(statement)}


def select_geography(connection: sa.Connection) -> str:
    """Give a token that changes when areas, their parents or the deprivation of neighbourhoods do."""
    areas = connection.execute(
        sa.select(sa.func.count(), sa.func.count(Area.ward_code), sa.func.count(Area.msoa_code))
    ).one()
    deprivation = connection.execute(sa.select(sa.func.count(), sa.func.max(Deprivation.submission_id))).one()
    return "-".join(map(str, (*areas, *deprivation)))


def select_people(connection: sa.Connection, age_bands: Sequence[str]) -> str:
    """Give a token that changes when the population of some age bands does."""
    counted = (sa.func.count(), sa.func.max(Population.reference_date), sa.func.max(Population.submission_id))
    found = connection.execute(sa.select(*counted).where(Population.age_band.in_(list(age_bands)))).one()
    return "-".join(map(str, found))


def select_newest_quarter(connection: sa.Connection) -> str | None:
    """Give the last day of the newest quarter that any current return has, or None."""
    statement = (
        sa.select(sa.func.max(Observation.period_to))
        .join(Submission, Submission.id == Observation.submission_id)
        .where(
            Observation.superseded_by.is_(None),
            Observation.period_type == "quarter",
            Submission.source_id == RETURN,
        )
    )
    newest: str | None = connection.execute(statement).scalar_one()
    return newest


def select_slices(connection: sa.Connection) -> pd.DataFrame:
    """Give numbers that mark what each indicator's current rows count, slice by slice.

    A slice is a period, a group and the areas of one type in one council. For those counted (``part``), those left
    over (``rest``) and the ``whole``: how many counts are not 0, their sum, the sum of their squares, and their sum
    weighted by area. Two slices with the same marks hold the same counts.
    """
    number = sa.func.row_number().over(order_by=Area.area_code).label("number")
    areas = sa.select(Area.area_code, PLACE.label("place"), number).subquery("numbered")
    kinds = {
        "part": Observation.numerator,
        "rest": Observation.denominator - Observation.numerator,
        "whole": Observation.denominator,
    }
    slices = (
        *(Observation.indicator_id, Observation.period_from, Observation.period_to, Observation.breakdown_type),
        *(Observation.breakdown_value, Observation.area_type, areas.c.place),
    )
    marks = [
        sa.cast(sa.func.coalesce(sa.func.sum(mark), 0), sa.Double).label(f"{kind}_{name}")
        for kind, count in kinds.items()
        for name, mark in (
            ("counts", sa.case((count != 0, 1), else_=0)),
            ("sum", count),
            ("squares", count * count),
            ("places", count * areas.c.number),
        )
    ]
    statement = sa.select(*slices, *marks).join(areas, areas.c.area_code == Observation.area_code)
    counted = (Observation.superseded_by.is_(None), Observation.numerator.is_not(None))
    return select_frame(connection, statement.where(*counted).group_by(*slices))
