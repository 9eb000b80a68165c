"""Brings a store up to date. Two processes that start at once are safe: the second waits and finds it done."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from data.errors import StoreError
from data.store.engine import HEAD, MIGRATION_LOCK, WRITE_WAIT_SECONDS, patience, stored_revision
from data.store.location import shown

SCRIPTS = Path(__file__).parent / "migrations"


def configuration(connection: sa.Connection | None = None) -> Config:
    """Point alembic at the migrations and at an open connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: sa.Engine) -> None:
    """Apply what is missing in one transaction, under a lock."""
    with engine.connect() as connection:
        locked = connection.execution_options(sqlite_begin="IMMEDIATE")
        with patience(connection, WRITE_WAIT_SECONDS), locked.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            found = stored_revision(connection)
            if found == HEAD:
                return
            refuse_newer(found, engine)
            command.upgrade(configuration(locked), "head")


def refuse_newer(found: str | None, engine: sa.Engine) -> None:
    """A store made by a later version must not be touched."""
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            "The store was made by a newer version of this dashboard",
            file=shown(engine.url),
            found=f"revision {found}",
            expected=f"revision {HEAD} or earlier",
            todo="Update the dashboard",
        )
