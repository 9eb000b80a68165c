"""Opens the store: SQLite by default, PostgreSQL through an address; made or brought up to date when it must be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from data.errors import StoreError
from data.store.location import locate, shown
from data.store.refusals import explain, remedy
from data.store.sqlite_file import WAIT_SECONDS, sqlite_engine

HEAD = "0008"
WRITE_WAIT_SECONDS = 60
#: A server whose machine has gone sends no farewell: what was sent must be acknowledged in 20 seconds.
NOTICING = {
    "connect_timeout": WAIT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
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


def postgres_engine(address: sa.URL) -> sa.Engine:
    """Prepare an engine on PostgreSQL that notices connections lost in the pool, and servers that fell silent."""
    return sa.create_engine(address, pool_pre_ping=True, connect_args=NOTICING)


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
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise StoreError(explain(error), file=shown(engine.url), todo=remedy(error)) from error
