"""The store disappears and returns, is busy, locked or read-only: one plain sentence each, and on without a restart."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data.errors import StoreError
from data.intake.loading import store_reading
from data.intake.preparing import areas
from data.store import engine as store_engine
from data.store import sqlite_file
from data.store.audit import append_audit, select_audit
from data.store.engine import open_store, reading, writing
from data.store.trail_check import find_broken_link

ROOT = Path(__file__).parents[3]


def note(engine: sa.Engine, subject: str, wait_seconds: int = 60) -> None:
    with writing(engine, wait_seconds=wait_seconds) as connection:
        append_audit(connection, who="a test", action="load", subject=subject)


def noted(engine: sa.Engine) -> list[str]:
    with reading(engine) as connection:
        assert find_broken_link(connection) is None
        return list(reversed(select_audit(connection)["subject"].tolist()))


# ---- PostgreSQL stops and starts -----------------------------------------------------------------------------------


@pytest.fixture
def kept(own_postgres: Any) -> Iterator[sa.Engine]:
    """A store with one entry on a server that the test may stop; it runs again afterwards."""
    owner = sa.create_engine(f"{own_postgres.address}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with owner.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS kept WITH (FORCE)")
        connection.exec_driver_sql("CREATE DATABASE kept")
    engine = open_store(f"{own_postgres.address}/kept")
    note(engine, "before")
    yield engine
    engine.dispose()
    if own_postgres.process.poll() is not None:
        own_postgres.start()


@pytest.mark.postgres
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_server_that_stops_is_said_plainly_and_used_again_when_it_returns(
    kept: sa.Engine, own_postgres: Any, how: signal.Signals
) -> None:
    own_postgres.stop(how)
    for _ in range(2):
        with pytest.raises(StoreError) as refused:
            noted(kept)
        assert "The store cannot be reached. Check that the database runs" in str(refused.value)
    own_postgres.start()
    assert noted(kept) == ["before"]
    note(kept, "after")
    assert noted(kept) == ["before", "after"]


def write_while(server: Any, engine: sa.Engine, how: signal.Signals) -> None:
    """Write, and let the server go before the end."""
    with writing(engine) as connection:
        append_audit(connection, who="a test", action="load", subject="never")
        server.stop(how)
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")


@pytest.mark.postgres
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_a_server_that_goes_in_the_middle_of_a_load_has_kept_nothing_of_it(
    kept: sa.Engine, own_postgres: Any, how: signal.Signals
) -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        write_while(own_postgres, kept, how)
    own_postgres.start()
    assert noted(kept) == ["before"]
    with writing(kept) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
    assert noted(kept) == ["before", "areas"]


@pytest.mark.postgres
def test_a_database_that_may_only_be_read_says_so_and_can_be_read(kept: sa.Engine) -> None:
    with kept.begin() as connection:
        connection.exec_driver_sql("ALTER DATABASE kept SET default_transaction_read_only = on")
    kept.dispose()
    with pytest.raises(StoreError, match="may be read but not written to"):
        note(kept, "never")
    assert noted(kept) == ["before"]


# ---- a SQLite file goes away and comes back ------------------------------------------------------------------------


@pytest.fixture
def path(sqlite_store: sa.Engine) -> Path:
    """The file of a store with one entry, which stands in the log still."""
    note(sqlite_store, "before")
    return Path(str(sqlite_store.url.database))


def move(path: Path, to: Path, endings: tuple[str, ...] = ("", "-wal", "-shm")) -> None:
    for ending in endings:
        if Path(f"{path}{ending}").exists():
            shutil.move(f"{path}{ending}", f"{to}{ending}")


@pytest.mark.parametrize("endings", [("",), ("", "-wal", "-shm")])
def test_a_file_that_was_moved_away_is_said_plainly_and_used_again_when_it_returns(
    sqlite_store: sa.Engine, path: Path, tmp_path: Path, endings: tuple[str, ...]
) -> None:
    away = tmp_path / "away.sqlite"
    move(path, away, endings)
    for _ in range(2):
        with pytest.raises(StoreError, match="The file of the store cannot be opened"):
            noted(sqlite_store)
        with pytest.raises(StoreError, match="The file of the store cannot be opened"):
            note(sqlite_store, "never")
    assert not path.exists(), "an empty file in its place would stand in the way"
    move(away, path, endings)
    assert noted(sqlite_store) == ["before"]
    note(sqlite_store, "after")
    assert noted(sqlite_store) == ["before", "after"]


def test_a_copy_that_was_put_back_is_what_is_read_and_written_from_then_on(
    sqlite_store: sa.Engine, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    with sqlite_store.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
        connection.exec_driver_sql("BEGIN")
    note(sqlite_store, "after the copy")
    move(path, tmp_path / "away.sqlite")
    move(copy, path)
    assert noted(sqlite_store) == ["before"]
    note(sqlite_store, "into the copy")
    again = open_store(str(sqlite_store.url))
    assert noted(again) == ["before", "into the copy"]
    again.dispose()


def write_and_move(engine: sa.Engine, path: Path, away: Path) -> None:
    with writing(engine) as connection:
        append_audit(connection, who="a test", action="load", subject="never")
        move(path, away)


def test_a_file_that_goes_in_the_middle_of_a_load_has_kept_nothing_of_it(
    sqlite_store: sa.Engine, path: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away.sqlite"
    with pytest.raises(StoreError, match="moved away while it was written, so nothing was changed"):
        write_and_move(sqlite_store, path, away)
    move(away, path)
    assert noted(sqlite_store) == ["before"]


# ---- busy, hung and locked -----------------------------------------------------------------------------------------

HOLD = """
import sys, time
from data.store.audit import append_audit
from data.store.engine import open_store, writing
with writing(open_store(sys.argv[1])) as connection:
    append_audit(connection, who="another", action="load", subject="of the other")
    print("holding", flush=True)
    sys.stdin.readline()
print("written", flush=True)
"""


@pytest.fixture
def other(store: sa.Engine) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of a load; it ends its load when it reads a line."""
    address = store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", HOLD, address]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


def test_a_load_that_hangs_lets_others_read_and_refuses_their_loads_plainly_until_it_is_ended(
    store: sa.Engine, other: subprocess.Popen[str]
) -> None:
    other.send_signal(signal.SIGSTOP)
    assert noted(store) == []
    with pytest.raises(StoreError, match=r"The store is busy with another load\. Try again in a minute"):
        note(store, "refused", wait_seconds=1)
    other.kill()
    other.wait(timeout=10)
    note(store, "after it was ended")
    assert noted(store) == ["after it was ended"]


def test_a_load_that_comes_second_waits_and_both_are_kept(store: sa.Engine, other: subprocess.Popen[str]) -> None:
    assert other.stdin is not None
    other.stdin.write("go on\n")
    other.stdin.flush()
    note(store, "the second")
    assert noted(store) == ["of the other", "the second"]


LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA locking_mode = EXCLUSIVE")
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
"""


def test_a_file_that_another_program_has_locked_is_said_and_used_again(
    sqlite_store: sa.Engine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sqlite_file, store_engine):
        monkeypatch.setattr(module, "WAIT_SECONDS", 1)
    sqlite_store.dispose()
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", LOCK, str(path)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        for act in (lambda: noted(sqlite_store), lambda: note(sqlite_store, "never", wait_seconds=1)):
            with pytest.raises(StoreError, match="The store is busy"):
                act()
        other.kill()
    assert noted(sqlite_store) == ["before"]


def test_readers_that_are_too_many_are_told_so(sqlite_store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store.pool, "_timeout", 0.1)
    held = [sqlite_store.connect() for _ in range(15)]
    with pytest.raises(StoreError, match="more readers than it can serve at once"):
        noted(sqlite_store)
    for connection in held:
        connection.close()
    assert noted(sqlite_store) == []
