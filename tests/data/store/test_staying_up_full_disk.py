"""A disk that is really full, or may not be written to: the load is refused in a plain sentence and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data.errors import StoreError
from data.intake.loading import store_reading
from data.intake.preparing import areas, deprivation
from data.store.engine import open_store, reading, writing
from data.store.models import Base
from data.store.trail_check import find_broken_link

ROOT = Path(__file__).parents[3]
FULL = "The disk is full, so nothing was changed. Free some space and try again"
MB = 1_000_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """``disk(megabytes)`` gives a small disk of its own, which only root can have."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = Path("/var/tmp") / f"first1001-disk-{os.getpid()}"  # noqa: S108 (pytest's own is closed to PostgreSQL's user)

    def mount(megabytes: int) -> Path:
        place.mkdir()
        size = f"size={megabytes}m"
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=False, capture_output=True
        )
        if made.returncode:
            pytest.skip("this machine lets nobody mount a small disk")
        return place

    yield mount
    subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)
    place.rmdir()


def fill(disk: Path, leave: int) -> Path:
    """Fill a disk but for some bytes."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    with filler.open("wb") as out:
        out.write(b"x" * max(0, free - leave))
    return filler


def counts(engine: sa.Engine) -> dict[str, int]:
    """Count the rows of every table."""
    with reading(engine) as connection:
        assert find_broken_link(connection) is None
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def load_areas(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")


def load_deprivation(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")


def assert_refused_and_then_loaded(engine: sa.Engine, disk: Path, leave: int) -> None:
    """Load onto a disk with so many bytes left: refused, as before, readable; then space is made and it goes in."""
    load_areas(engine)
    before = counts(engine)
    filler = fill(disk, leave)
    for _ in range(2):
        with pytest.raises(StoreError) as refused:
            load_deprivation(engine)
        assert FULL in str(refused.value)
        assert counts(engine) == before, "it can still be read"
    filler.unlink()
    load_deprivation(engine)
    after = counts(engine)
    assert after["submission"] == before["submission"] + 1
    assert after["deprivation"] > 0


@pytest.mark.parametrize("leave", [0, 40_000, 90_000])
def test_a_load_into_a_file_on_a_full_disk(disk: Callable[..., Path], empty_sqlite: Path, leave: int) -> None:
    place = disk(8)
    shutil.copy(empty_sqlite, place / "store.sqlite")
    engine = open_store(f"sqlite:///{place / 'store.sqlite'}")
    assert_refused_and_then_loaded(engine, place, leave)
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("leave", [0, 90_000])
def test_a_load_into_postgresql_on_a_full_disk(disk: Callable[..., Path], postgres_template: str, leave: int) -> None:
    place = disk(30)
    shutil.chown(place, "nobody", "nogroup")
    owner = sa.create_engine(f"{postgres_template}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with owner.connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{place}'")
        connection.exec_driver_sql("CREATE DATABASE on_small TEMPLATE migrated TABLESPACE small")
    engine = open_store(f"{postgres_template}/on_small")
    try:
        assert_refused_and_then_loaded(engine, place, leave)
    finally:
        engine.dispose()
        with owner.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE on_small WITH (FORCE)")
            connection.exec_driver_sql("DROP TABLESPACE small")


def write_much(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE much AS SELECT generate_series(1, 2000000) AS number")


@pytest.mark.postgres
def test_postgresql_without_room_for_its_own_log_comes_back_whole(
    disk: Callable[..., Path], postgres_in: Callable[[Path], Any]
) -> None:
    """It then stops by itself, which is its way of losing nothing; once there is space it runs again."""
    place = disk(90)
    shutil.chown(place, "nobody", "nogroup")
    server = postgres_in(place)
    engine = open_store(f"{server.address}/postgres")
    load_areas(engine)
    before = counts(engine)
    filler = fill(place, 0)
    with pytest.raises(StoreError, match=r"disk is full|cannot be reached"):
        write_much(engine)
    filler.unlink()
    server.stop(signal.SIGQUIT)
    server.start()
    assert counts(engine) == before
    load_deprivation(engine)
    assert counts(engine)["deprivation"] > 0
    engine.dispose()


# ---- may not grow, may not be written to ---------------------------------------------------------------------------

LIMITED = """
import resource, sys
from data.errors import StoreError
from data.intake.loading import store_reading
from data.intake.preparing import deprivation
from data.store.engine import open_store, writing
engine = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with writing(engine) as connection:
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")
except StoreError as error:
    print(error)
"""


#: Bytes: less than the load writes, however long its files are already, and more than the index of the log takes.
MOST_WRITTEN = 40_000


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of a process's files")
def test_a_file_that_may_not_grow_any_more(sqlite_store: sa.Engine) -> None:
    load_areas(sqlite_store)
    before = counts(sqlite_store)
    command = [sys.executable, "-c", LIMITED, str(sqlite_store.url), str(MOST_WRITTEN)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "The disk of the store refused to read or write. Check its space and its health" in run.stdout
    assert counts(sqlite_store) == before
    load_deprivation(sqlite_store)
    assert counts(sqlite_store)["deprivation"] > 0


def test_a_disk_that_may_only_be_read(disk: Callable[..., Path], empty_sqlite: Path) -> None:
    """A store in use can be read there; one that nobody else has open cannot, for want of its log."""
    place = disk(8)
    (place / "own").mkdir()
    (place / "read").mkdir()
    shutil.copy(empty_sqlite, place / "own" / "store.sqlite")
    engine = open_store(f"sqlite:///{place / 'own' / 'store.sqlite'}")
    load_areas(engine)
    before = counts(engine)
    for how in ("bind", "remount,bind,ro"):
        subprocess.run(["mount", "-o", how, str(place / "own"), str(place / "read")], check=True)
    reader = open_store(f"sqlite:///{place / 'read' / 'store.sqlite'}")
    try:
        with pytest.raises(StoreError, match=r"The store may be read but not written to. Ask for write permission"):
            load_deprivation(reader)
        assert counts(reader) == before
        reader.dispose()
        engine.dispose()
        with pytest.raises(StoreError, match=r"cannot be opened. Check DATABASE_URL and its permissions"):
            counts(reader)
    finally:
        reader.dispose()
        subprocess.run(["umount", str(place / "read")], check=True)
    load_deprivation(engine)
    assert counts(engine)["deprivation"] > 0
    engine.dispose()
