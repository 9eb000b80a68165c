"""Released cells: protected values, the only ones that answers show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, select_frame
from data.store.models import Release, Released
from data.store.observations import with_iso_periods
from data.store.state import bump_release

TABLE: sa.Table = Released.__table__  # type: ignore[assignment]
COLUMNS = list(TABLE.columns)
ORDER = (
    Released.indicator_id,
    Released.period_from,
    Released.period_to,
    Released.breakdown_type,
    Released.breakdown_value,
    Released.area_code,
)


def replace_released(connection: sa.Connection, indicator_id: str, frame: pd.DataFrame, revision: str) -> int:
    """Put an indicator's protected cells in place of the earlier ones and record what they were made from."""
    connection.execute(sa.delete(Released).where(Released.indicator_id == indicator_id))
    rows = 0
    if not frame.empty:
        rows = insert_frame(connection, TABLE, with_iso_periods(frame.assign(indicator_id=indicator_id)))
    connection.execute(sa.delete(Release).where(Release.indicator_id == indicator_id))
    made = {"indicator_id": indicator_id, "revision": revision, "released_at": dt.datetime.now(dt.UTC), "cells": rows}
    connection.execute(sa.insert(Release).values(made))
    bump_release(connection)
    return rows


def select_release_revisions(connection: sa.Connection) -> dict[str, str]:
    """Give, for each released indicator, the data revision its cells were made from."""
    return dict(connection.execute(sa.select(Release.indicator_id, Release.revision)).all())


def select_released(
    connection: sa.Connection,
    indicator_id: str | Sequence[str] | None = None,
    *,
    area_type: str | None = None,
    period_type: str | None = None,
    breakdown_type: str | None = None,
    area_code: str | None = None,
    latest: bool = False,
) -> pd.DataFrame:
    """Give released cells; ``breakdown_type=""`` means everyone, None any; ``latest`` the newest period only.

    The newest period is found for each indicator, type of area and type of period by itself.
    """
    filters: list[sa.ColumnElement[bool]] = []
    if indicator_id is not None:
        names = [indicator_id] if isinstance(indicator_id, str) else list(indicator_id)
        filters.append(Released.indicator_id.in_(names))
    wanted = {
        Released.area_type: area_type,
        Released.period_type: period_type,
        Released.breakdown_type: breakdown_type,
        Released.area_code: area_code,
    }
    filters += [column == value for column, value in wanted.items() if value is not None]
    statement = sa.select(*COLUMNS).where(*filters)
    if latest:
        newest = newest_periods(filters)
        same = [TABLE.columns[name] == newest.c[name] for name in (*KINDS, "period_to")]
        statement = statement.join(newest, sa.and_(*same))
    return select_frame(connection, statement.order_by(*ORDER))


KINDS = ("indicator_id", "area_type", "period_type", "breakdown_type")


def newest_periods(filters: Sequence[sa.ColumnElement[bool]]) -> sa.Subquery:
    """Find the last period of each indicator, type of area, of period and of breakdown."""
    kinds = [TABLE.columns[name] for name in KINDS]
    last = sa.func.max(Released.period_to).label("period_to")
    return sa.select(*kinds, last).where(*filters).group_by(*kinds).subquery("newest")


def select_released_latest(
    connection: sa.Connection, area_code: str, *, period_type: str | None = None, breakdown_type: str | None = ""
) -> pd.DataFrame:
    """Give the newest cell of every indicator at one area, for everyone unless a breakdown is named."""
    return select_released(
        connection, period_type=period_type, breakdown_type=breakdown_type, area_code=area_code, latest=True
    )


def select_illustrative(connection: sa.Connection, area_codes: Sequence[str]) -> set[str]:
    """Give the indicators with an illustrative figure at any of the areas."""
    statement = sa.select(Released.indicator_id).distinct()
    statement = statement.where(Released.area_code.in_(list(area_codes)), Released.illustrative)
    return set(connection.execute(statement).scalars())


def select_released_periods(connection: sa.Connection, indicator_id: str) -> pd.DataFrame:
    """Give which periods, types of area and breakdowns of an indicator are released, how many cells and figures."""
    columns = (
        Released.area_type,
        Released.period_type,
        Released.period_from,
        Released.period_to,
        Released.breakdown_type,
    )
    counted = (sa.func.count().label("cells"), sa.func.count(Released.value).label("shown"))
    statement = sa.select(*columns, *counted).where(Released.indicator_id == indicator_id)
    return select_frame(connection, statement.group_by(*columns).order_by(*columns))
