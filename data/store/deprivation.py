"""Deprivation: scores, ranks and deciles by edition and domain."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, portions, select_frame
from data.store.models import Area, Deprivation

TABLE: sa.Table = Deprivation.__table__  # type: ignore[assignment]


def select_deprivation(
    connection: sa.Connection, edition: str = "2025", domain: str | None = "imd", area_type: str | None = None
) -> pd.DataFrame:
    """Give area_code, domain, score, rank and decile of one edition; every domain where none is named."""
    columns = (Deprivation.area_code, Deprivation.domain, Deprivation.score, Deprivation.rank, Deprivation.decile)
    statement = sa.select(*columns).where(Deprivation.edition == edition)
    if domain is not None:
        statement = statement.where(Deprivation.domain == domain)
    if area_type is not None:
        statement = statement.join(Area, Area.area_code == Deprivation.area_code).where(Area.area_type == area_type)
    return select_frame(connection, statement.order_by(Deprivation.domain, Deprivation.area_code))


def select_deprivation_editions(connection: sa.Connection) -> pd.DataFrame:
    """Give which domains of which edition are in the store, and for how many areas."""
    counted = sa.func.count().label("areas")
    statement = sa.select(Deprivation.edition, Deprivation.domain, counted)
    return select_frame(
        connection,
        statement.group_by(Deprivation.edition, Deprivation.domain).order_by(Deprivation.edition, Deprivation.domain),
    )


def load_deprivation(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Put an edition's domains in place of what was there for the same areas; a part leaves the other areas alone."""
    for (edition, domain), rows in frame.groupby(["edition", "domain"], sort=False):
        held = (Deprivation.edition == edition, Deprivation.domain == domain)
        for some in portions(rows["area_code"].tolist()):
            connection.execute(sa.delete(Deprivation).where(*held, Deprivation.area_code.in_(some)))
    return insert_frame(connection, TABLE, frame.assign(submission_id=submission_id))
