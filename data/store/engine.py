"""Opens the store: SQLite by default, PostgreSQL through an address; made or brought up to date when it must be."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data.errors import StoreError
from data.store.location import locate, shown
from data.store.refusals import explain, remedy

HEAD = "0002"
WAIT_SECONDS = 5
WRITE_WAIT_SECONDS = 60
WRITE_LOCK = 1001_01
MIGRATION_LOCK = 1001_02


def open_store(url: str | None = None) -> sa.Engine:
    """Open the store, making it or bringing it up to date when it must be."""
    address = locate(url)
    engine = sqlite_engine(address) if address.get_backend_name() == "sqlite" else postgres_engine(address)
    try:
        bring_up_to_date(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


def bring_up_to_date(engine: sa.Engine) -> None:
    """Make or migrate the store where it is not at the newest migration."""
    with plainly(engine):
        with engine.connect() as connection:
            found = stored_revision(connection)
        if found != HEAD:
            from data.store.migrate import migrate

            migrate(engine)


def sqlite_engine(address: sa.URL) -> sa.Engine:
    """Prepare an engine on a SQLite file with write-ahead log, foreign keys and a busy timeout."""
    path = Path(str(address.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder of the store cannot be made ({error.strerror})", file=str(path)) from None
    engine = sa.create_engine(address, connect_args={"timeout": WAIT_SECONDS})
    sa.event.listen(engine, "connect", set_up_sqlite)
    sa.event.listen(engine, "begin", begin_sqlite)
    return engine


def set_up_sqlite(connection: Any, record: object) -> None:  # noqa: ARG001 (SQLAlchemy hands both)
    """Set what SQLite keeps for each connection; the driver must not open transactions by itself."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        turn_on_write_ahead_log(cursor)
    cursor.close()


def turn_on_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """Change the journal; SQLite does not wait for the lock here, so a second process tries again."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def begin_sqlite(connection: sa.Connection) -> None:
    """Open a transaction; one that will write takes the lock at once, so that it waits instead of failing late."""
    how = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")


def postgres_engine(address: sa.URL) -> sa.Engine:
    """Prepare an engine on PostgreSQL that notices connections lost in the pool."""
    return sa.create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": WAIT_SECONDS})


def stored_revision(connection: sa.Connection) -> str | None:
    """Read which migration the store has reached, without alembic; None for an empty store."""
    if connection.dialect.name == "sqlite":
        look = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    else:
        look = "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('alembic_version')"
    if not connection.exec_driver_sql(look).scalar_one():
        return None
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if revision is None else str(revision)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Read from one consistent state of the store."""
    with plainly(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine, *, wait_seconds: int = WRITE_WAIT_SECONDS) -> Iterator[sa.Connection]:
    """Write in one transaction. Writers queue: a second one waits until the first is done, or says it could not."""
    with plainly(engine), engine.connect() as connection:
        ready = connection.execution_options(sqlite_begin="IMMEDIATE")
        with patience(connection, wait_seconds), ready.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait_seconds}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
            yield ready


@contextmanager
def patience(connection: sa.Connection, seconds: int) -> Iterator[None]:
    """Let a SQLite connection wait longer for the write lock than readers do."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.connection.execute(f"PRAGMA busy_timeout = {seconds * 1000}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")


@contextmanager
def plainly(engine: sa.Engine) -> Iterator[None]:
    """Turn the database's refusals into one plain sentence, without its address's password."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.DatabaseError) as error:
        raise StoreError(explain(error), file=shown(engine.url), todo=remedy(error)) from error
