"""Population by area, age band and reference date."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, select_frame
from data.store.models import Area, Population

TABLE: sa.Table = Population.__table__  # type: ignore[assignment]


def select_population(
    connection: sa.Connection,
    *,
    age_band: str | Sequence[str] | None = None,
    area_type: str | None = None,
    edition: str | None = None,
    latest: bool = False,
) -> pd.DataFrame:
    """Give counts by area and age band; ``latest`` keeps the newest reference date of each area and age band."""
    columns = [column for column in TABLE.columns if column.name != "submission_id"]
    statement = sa.select(*columns, Area.area_type).join(Area, Area.area_code == Population.area_code)
    if age_band is not None:
        bands = [age_band] if isinstance(age_band, str) else list(age_band)
        statement = statement.where(Population.age_band.in_(bands))
    if area_type is not None:
        statement = statement.where(Area.area_type == area_type)
    if edition is not None:
        statement = statement.where(Population.edition == edition)
    order = (Population.area_code, Population.age_band, Population.reference_date, Population.edition)
    frame = select_frame(connection, statement.order_by(*order))
    if not latest:
        return frame
    return frame.drop_duplicates(["area_code", "age_band"], keep="last").reset_index(drop=True)


def load_population(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Put an edition's age bands at a date in place of what was there for them and the same type of area."""
    dated = frame.assign(reference_date=frame["reference_date"].astype("str").str[:10], submission_id=submission_id)
    codes = dated["area_code"].unique().tolist()
    keys = dated[["edition", "reference_date", "age_band"]].drop_duplicates()
    kinds = sa.select(Area.area_type).where(Area.area_code == codes[0]).scalar_subquery() if codes else None
    same_type = sa.select(Area.area_code).where(Area.area_type == kinds)
    for edition, date, band in keys.itertuples(index=False, name=None):
        held = (Population.edition == edition, Population.reference_date == date, Population.age_band == band)
        connection.execute(sa.delete(Population).where(*held, Population.area_code.in_(same_type)))
    return insert_frame(connection, TABLE, dated)
