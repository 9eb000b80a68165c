"""The embedded store: one SQLite file with a write-ahead log, which may go away and come back while the app runs."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data.errors import StoreError

WAIT_SECONDS = 5


def sqlite_engine(address: sa.URL) -> sa.Engine:
    """Prepare an engine on a SQLite file with write-ahead log, foreign keys and a busy timeout."""
    path = Path(str(address.database)).absolute()
    make_file(path)
    engine = sa.create_engine(address, connect_args={"timeout": WAIT_SECONDS})

    def open_existing(dialect: Any, record: Any, arguments: list[Any], named: dict[str, Any]) -> None:  # noqa: ARG001
        """Never make a file where the store has gone: it would stand in the way of the one that comes back."""
        arguments[:] = [f"{path.as_uri()}?mode=rw"]
        named["uri"] = True

    def remember_file(connection: Any, record: Any) -> None:  # noqa: ARG001 (SQLAlchemy hands both)
        record.info["file"] = identity(path)

    def hold_to_file(connection: Any, record: Any, proxy: Any) -> None:  # noqa: ARG001
        """A connection goes on reading and writing a file that was moved away or replaced: let go of all such."""
        if record.info.get("file") != identity(path):
            raise sa.exc.InvalidatePoolError

    def commit_to_file(connection: sa.Connection) -> None:
        """What is written to a file that has gone would be lost, although the person was told it is kept."""
        if connection.info.get("file") != identity(path):
            gone = "The file of the store was moved away while it was written, so nothing was changed"
            raise StoreError(gone, file=str(path), todo="Put it back and try again")

    sa.event.listen(engine, "do_connect", open_existing)
    sa.event.listen(engine, "commit", commit_to_file)
    sa.event.listen(engine, "connect", set_up_sqlite)
    sa.event.listen(engine, "connect", remember_file)
    sa.event.listen(engine, "checkout", hold_to_file)
    sa.event.listen(engine, "begin", begin_sqlite)
    return engine


def make_file(path: Path) -> None:
    """Make an empty file for a store that does not exist yet."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder of the store cannot be made ({error.strerror})", file=str(path)) from None
    try:
        if not path.exists():
            path.touch()
    except OSError as error:
        raise StoreError(f"The file of the store cannot be made ({error.strerror})", file=str(path)) from None


def identity(path: Path) -> tuple[int, int] | None:
    """Tell one file from another that has taken its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
