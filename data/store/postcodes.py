"""The postcode lookup. What a person types is looked up, never stored."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, select_frame
from data.store.models import Postcode

TABLE: sa.Table = Postcode.__table__  # type: ignore[assignment]


def find_postcode(connection: sa.Connection, postcode: str) -> str | None:
    """Give the neighbourhood a postcode lies in, however it is spaced, or None."""
    tidy = "".join(postcode.split()).upper()
    return connection.execute(sa.select(Postcode.area_code).where(Postcode.postcode == tidy)).scalar_one_or_none()


def select_postcodes(connection: sa.Connection) -> pd.DataFrame:
    """Give the whole lookup: postcode and neighbourhood."""
    return select_frame(connection, sa.select(Postcode.postcode, Postcode.area_code).order_by(Postcode.postcode))


def count_postcodes(connection: sa.Connection) -> int:
    """Count the postcodes in the lookup; none means that it has not been loaded."""
    return connection.execute(sa.select(sa.func.count()).select_from(Postcode)).scalar_one()


def load_postcodes(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Put a whole lookup in place of the earlier one."""
    connection.execute(sa.delete(Postcode))
    return insert_frame(connection, TABLE, frame.assign(submission_id=submission_id))
