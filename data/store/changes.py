"""How the neighbourhoods of 2011 became those of 2021."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, select_frame
from data.store.models import AreaChange

TABLE: sa.Table = AreaChange.__table__  # type: ignore[assignment]


def select_changes(connection: sa.Connection) -> pd.DataFrame:
    """Give area_code_from, area_code_to and change of the lookup that is loaded."""
    columns = (AreaChange.area_code_from, AreaChange.area_code_to, AreaChange.change)
    return select_frame(connection, sa.select(*columns).order_by(*columns[:2]))


def load_changes(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Put a whole lookup in place of the earlier one."""
    connection.execute(sa.delete(AreaChange))
    return insert_frame(connection, TABLE, frame.assign(submission_id=submission_id))
