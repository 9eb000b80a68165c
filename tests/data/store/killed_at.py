"""Do each act on a store again and again, each time killed some steps later, and print what the store then holds.

``python killed_at.py ADDRESS FILE make:20 prepare:12 load:3 release:3`` kills at every 20th, 12th and 3rd step of the
acts. Libraries are brought in once; every try runs in a process of its own, which kills itself with SIGKILL before a
statement, within a stream of rows, before or after a commit. Each line printed is JSON: the act, where it was killed
(nowhere: null), and what stands in every table.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[3]))

import alembic.command  # noqa: F401 (brought in once, before the first try)
import psycopg  # noqa: F401

from data.answers.current import ensure_current
from data.answers.release import release_changed  # noqa: F401
from data.intake import preparing
from data.intake.guard import refuse_identifiers
from data.intake.loading import load
from data.intake.preparing import prepare_store
from data.sources import Reading, reader_for
from data.store import frames
from data.store.engine import open_store, reading
from data.store.models import Base
from data.store.register_models import REGISTERS  # noqa: F401
from data.store.trail_check import find_broken_link

#: Differs between two runs of the same act.
OF_THE_MOMENT = {
    "loaded_at",
    "at",
    "released_at",
    "recorded_at",
    "previous_hash",
    "entry_hash",
    "head_hash",
    "entry_id",
}
OF_THE_MOMENT |= {"store_id", "released_from", "revision"}


class Countdown:
    """Kills this process at its n-th step."""

    def __init__(self, steps: int, tell: int) -> None:
        self.left, self.pipe = steps, tell

    def step(self, where: str) -> None:
        self.left -= 1
        if self.left == 0:
            os.write(self.pipe, where.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Count statements, rows half-way through a stream, and both sides of a commit, on any engine."""
        sa.event.listen(sa.Engine, "before_cursor_execute", lambda *a: self.step(" ".join(a[2].split())[:60]))
        sa.event.listen(sa.Engine, "commit", lambda _: self.step("before a commit"))
        sa.event.listen(sa.pool.Pool, "reset", lambda *_: self.step("after a transaction"))
        rows = frames.plain_rows

        def half(frame: Any, table: sa.Table) -> Iterator[tuple[Any, ...]]:
            for number, row in enumerate(rows(frame, table)):
                if number == len(frame) // 2:
                    self.step(f"within the rows of {table.name}")
                yield row

        frames.plain_rows = half


def small_layers() -> Reading:
    import pandas as pd

    frame = pd.DataFrame({"layer": ["lad"], "method": ["official"], "edition": ["2024"], "content": [b"{}"]})
    return Reading("this_dashboard", "drawn", 1, {"geometry": frame})


def small_returns(folder: Path) -> list[Path]:
    path = folder / "ILLUSTRATIVE_buddies.csv"
    head = "indicator,area_code,period_from,period_to,numerator,denominator,illustrative\n"
    path.write_text(head + "buddy_allocated,E01015272,2025-04-01,2025-06-30,5,12,yes\n")
    return [path]


def acts(file: Path) -> dict[str, Callable[[str], object]]:
    """What may be done to the store at an address."""
    return {
        "make": open_store,
        "prepare": lambda address: prepare_store(open_store(address), write_returns=small_returns),
        "load": lambda address: load(file, open_store(address), loaded_by="a test"),
        "release": lambda address: ensure_current(open_store(address)),
    }


def held(address: str) -> dict[str, Any]:
    """Start again after a kill and say what stands in every table, and whether the trail holds."""
    found = {}
    with reading(open_store(address)) as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in OF_THE_MOMENT]
            rows = sorted(repr(tuple(row)) for row in connection.execute(sa.select(*columns)))
            found[table.name] = [len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]]
        found["trail"] = find_broken_link(connection) is None
        if connection.dialect.name == "sqlite":
            found["integrity"] = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    return found


def tables_before_next_start(address: str) -> int:
    """Count the tables of a store that nobody has opened since."""
    engine = sa.create_engine(address)
    count = len(sa.inspect(engine).get_table_names())
    engine.dispose()
    return count


def wipe(address: str) -> None:
    """Take a store away altogether."""
    url = sa.make_url(address)
    if url.get_backend_name() == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(f"{url.database}{ending}").unlink(missing_ok=True)
        return
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


def in_own_process(run: Callable[[int], None]) -> tuple[int, str]:
    """Run something in a child; give how it ended and what it said."""
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(there)
        run(here)
        os._exit(0)
    os.close(here)
    with os.fdopen(there) as said:
        words = said.read()
    return os.waitpid(child, 0)[1], words


def kill_at_each_step(address: str, file: Path, act: str, every: int) -> None:
    """Do one act until it is no longer killed."""

    def look(pipe: int) -> None:
        tables = tables_before_next_start(address)
        os.write(pipe, json.dumps({"tables": tables, **held(address)}).encode())

    number, status = 1, signal.SIGKILL
    while os.WIFSIGNALED(status):
        if act == "make":
            in_own_process(lambda _: wipe(address))

        def do(pipe: int, steps: int = number) -> None:
            Countdown(steps, pipe).watch()
            acts(file)[act](address)

        status, where = in_own_process(do)
        state = json.loads(in_own_process(look)[1])
        killed = where if os.WIFSIGNALED(status) else None
        sys.stdout.write(json.dumps({"act": act, "killed": killed, "status": status, "held": state}) + "\n")
        number += every


def bring_in(file: Path) -> None:
    """Bring in all that a load needs, so that no try pays for it."""
    refuse_identifiers(file)
    reader_for(file)


def main(address: str, file: Path, wanted: list[str]) -> None:
    """Do the acts one after the other; each ends well before the next begins."""
    bring_in(file)
    preparing.layers = small_layers
    parts = list(preparing.embedded())
    preparing.embedded = lambda: parts
    for one in wanted:
        act, every = one.split(":")
        if act == "load":
            in_own_process(lambda _: acts(file)["release"](address))
        kill_at_each_step(address, file, act, int(every))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
