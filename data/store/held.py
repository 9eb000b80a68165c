"""What a table holds now, so that a file can be compared with it before it is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import portions, select_frame
from data.store.models import Base

LEFT_ASIDE = ("submission_id", "content")


def select_held(connection: sa.Connection, table_name: str, where: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Give a table's rows without their submission; each column in ``where`` holds one of the values given."""
    table = Base.metadata.tables[table_name]
    columns = [column for column in table.columns if column.name not in LEFT_ASIDE]
    statement = sa.select(*columns)
    longest = max(where, key=lambda name: len(where[name]), default=None)
    for name, values in where.items():
        if name != longest:
            statement = statement.where(table.columns[name].in_(list(values)))
    if longest is None:
        return select_frame(connection, statement)
    frames = [
        select_frame(connection, statement.where(table.columns[longest].in_(some)))
        for some in portions(list(where[longest]))
    ]
    return pd.concat(frames, ignore_index=True) if frames else select_frame(connection, statement.where(sa.false()))
