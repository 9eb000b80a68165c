"""A process killed with SIGKILL at any step leaves the store as before or as after, and the next start works."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data.intake.loading import store_reading
from data.intake.preparing import areas
from data.store.engine import open_store, reading, writing
from data.store.models import Base

SCRIPT = Path(__file__).with_name("killed_at.py")
RETURN = """indicator,area_code,period_from,period_to,numerator,denominator
buddy_allocated,E01015272,2025-04-01,2025-06-30,9,12
buddy_allocated,E01015273,2025-04-01,2025-06-30,10,12
buddy_allocated,E01020373,2025-04-01,2025-06-30,11,12
"""
#: Every how many steps of each act it is killed. KILL_AT_EVERY=1 kills at every single one, which takes minutes.
EVERY = os.environ.get("KILL_AT_EVERY")
ACTS = {"make": EVERY or 30, "prepare": EVERY or 20, "load": EVERY or 3, "release": EVERY or 3}
Tries = list[dict[str, Any]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tries(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tries:
    """Make a store, fill it, load a return into it and release it, killed again and again at each."""
    folder = tmp_path_factory.mktemp("killed")
    address = f"sqlite:///{folder / 'store.sqlite'}"
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        owner = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with owner.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE killed")
        address = f"{server}/killed"
    file = folder / "return.csv"
    file.write_text(RETURN)
    command = [sys.executable, str(SCRIPT), address, str(file), *(f"{act}:{every}" for act, every in ACTS.items())]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=3000)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture
def tried(tries: Tries) -> Callable[[str], Tries]:
    """``tried(act)`` gives the tries of one act: all were killed but the last."""

    def of(act: str) -> Tries:
        found = [one for one in tries if one["act"] == act]
        assert {one["status"] for one in found[:-1]} == {signal.SIGKILL}
        assert found[-1]["status"] == 0
        return found

    return of


def assert_before_or_after(tries: Tries, at_least: int) -> None:
    """Each kill left all tables as they were or as the whole act leaves them: as before first, then as after."""
    killed, done = tries[:-1], tries[-1]["held"]
    before = killed[0]["held"]
    assert before != done
    assert len(killed) >= at_least, [one["killed"] for one in killed]
    assert [one["killed"] for one in killed if one["held"] not in (before, done)] == []
    turned = [one["held"] == done for one in killed]
    assert turned == sorted(turned)
    assert all(one["held"]["trail"] and one["held"].get("integrity", "ok") == "ok" for one in tries)


def test_a_load_killed_at_any_step(tried: Callable[[str], Tries]) -> None:
    tries = tried("load")
    assert_before_or_after(tries, at_least=8)
    assert tries[0]["held"]["submission"][0] + 1 == tries[-1]["held"]["submission"][0]


def test_a_release_killed_at_any_step(tried: Callable[[str], Tries]) -> None:
    assert_before_or_after(tried("release"), at_least=4)


def test_the_first_filling_of_a_store_killed_at_any_step(tried: Callable[[str], Tries]) -> None:
    tries = tried("prepare")
    assert_before_or_after(tries, at_least=4)
    assert (tries[0]["held"]["submission"][0], tries[-1]["held"]["submission"][0]) == (0, 5)


def test_the_making_of_a_store_killed_at_any_step(tried: Callable[[str], Tries]) -> None:
    tries = tried("make")
    assert len(tries) >= 4
    assert {one["held"].pop("tables") for one in tries} == {0, len(Base.metadata.tables) + 1}, "and alembic's own"
    assert all(one["held"] == tries[-1]["held"] for one in tries), "the next start makes it whole"


def test_a_commit_torn_at_any_byte_of_the_log_is_before_or_after(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    """A killed process leaves what it had written: some beginning of the log. SQLite must find out what that means."""
    path = Path(str(sqlite_store.url.database))
    with sqlite_store.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    before = counts(sqlite_store)
    with writing(sqlite_store) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
    log = Path(f"{path}-wal").read_bytes()
    after = counts(sqlite_store)
    found = []
    for number, size in enumerate([*range(0, len(log), len(log) // 12 + 1), len(log) - 1, len(log)]):
        torn = tmp_path / f"torn_{number}.sqlite"
        shutil.copy(path, torn)
        Path(f"{torn}-wal").write_bytes(log[:size])
        engine = open_store(f"sqlite:///{torn}")
        found.append(counts(engine))
        engine.dispose()
    assert before != after
    assert found == [before] * (len(found) - 1) + [after]


def counts(engine: sa.Engine) -> dict[str, int]:
    """Count the rows of every table."""
    with reading(engine) as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }
