"""Places that families use: practices, schools, nurseries, family hubs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, select_frame
from data.store.models import Setting, Submission

TABLE: sa.Table = Setting.__table__  # type: ignore[assignment]


def select_settings(connection: sa.Connection, kinds: Sequence[str] | None = None) -> pd.DataFrame:
    """Give the settings of the kinds asked for, or all, with attributes as dictionaries and the file each is from."""
    statement = sa.select(*TABLE.columns).order_by(Setting.kind, Setting.name, Setting.setting_id)
    if kinds is not None:
        statement = statement.where(Setting.kind.in_(list(kinds)))
    return select_frame(connection, statement)


def load_settings(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Put the settings of each kind in the frame in place of those of that kind."""
    kinds = frame["kind"].unique().tolist()
    connection.execute(sa.delete(Setting).where(Setting.kind.in_(kinds)))
    return insert_frame(connection, TABLE, frame.assign(submission_id=submission_id))


def files_of_settings(connection: sa.Connection) -> set[int]:
    """Give the submissions of which a setting still stands."""
    return set(connection.execute(sa.select(Setting.submission_id).distinct()).scalars())


def kinds_really_returned(connection: sa.Connection) -> set[str]:
    """Name the kinds of setting that stand from a file that is not illustrative."""
    real = sa.select(Setting.kind).distinct().join(Submission, Submission.id == Setting.submission_id)
    return set(connection.execute(real.where(Submission.illustrative.is_(False))).scalars())
