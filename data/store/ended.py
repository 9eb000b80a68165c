"""Sign-ins that were ended by signing out, kept so that every process that serves the dashboard knows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from data.store.engine import plainly, reading, writing
from data.store.models import EndedSignIn

#: How long a sign-out waits for a load that holds SQLite's only write lock.
WAIT_SECONDS: Final = 5


def add_ended(engine: sa.Engine, name: str, at: dt.datetime, forget_before: dt.datetime) -> None:
    """Keep that a sign-in has ended, and forget those whose cookies have long run out."""
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    with noting(engine) as connection:
        connection.execute(sa.delete(EndedSignIn).where(EndedSignIn.ended_at < forget_before))
        connection.execute(insert(EndedSignIn).values(name=name, ended_at=at).on_conflict_do_nothing())


def is_ended(engine: sa.Engine, name: str) -> bool:
    """Say whether a sign-in has ended."""
    with reading(engine) as connection:
        found = connection.execute(sa.select(EndedSignIn.name).where(EndedSignIn.name == name))
        return found.first() is not None


@contextmanager
def noting(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Write what no load touches: on PostgreSQL without queueing behind loads, on SQLite in their queue."""
    if engine.dialect.name == "sqlite":
        with writing(engine, wait_seconds=WAIT_SECONDS) as connection:
            yield connection
    else:
        with plainly(engine), engine.begin() as connection:
            yield connection
