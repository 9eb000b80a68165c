"""Signing out holds at every process behind one address, on both databases."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.actions import signed_out
from data.store.ended import add_ended, is_ended
from data.store.engine import writing

ROOT = Path(__file__).parents[3]
MINE, ANOTHER = "a" * 64, "b" * 64
#: A process of its own, which says of each name whether that sign-in has ended, as a page of it would find.
OTHER = """
import sys
from data.actions import signed_out
for line in sys.stdin:
    print(signed_out.ended(line.strip()), flush=True)
"""


@pytest.fixture
def own(store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A store on each database, and a process that remembers nothing yet."""
    monkeypatch.setattr(signed_out, "opened", lambda: store)
    for memory in ("_ASKED", "_ENDED"):
        monkeypatch.setattr(signed_out, memory, {})
    return store


@pytest.fixture
def ask_other(own: sa.Engine) -> Iterator[Callable[[str], bool]]:
    """``ask_other(name)`` asks another process on the same store."""
    address = own.url.render_as_string(hide_password=False)
    settings = {**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", OTHER]
    with subprocess.Popen(command, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def ask(name: str) -> bool:
            print(name, file=child.stdin, flush=True)
            return child.stdout.readline().strip() == "True"  # type: ignore[union-attr]

        yield ask
        child.stdin.close()


def test_another_process_knows_within_the_time_that_is_promised(
    own: sa.Engine, ask_other: Callable[[str], bool]
) -> None:
    assert not ask_other(MINE)
    signed_out.end(MINE)
    assert signed_out.ended(MINE)
    time.sleep(signed_out.ASK_AGAIN_SECONDS + 0.1)
    assert ask_other(MINE)
    assert not ask_other(ANOTHER)


def test_the_store_is_asked_now_and_then_and_never_again_once_it_said_so(
    own: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked = [100.0], []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr("data.store.ended.is_ended", lambda engine, name: asked.append(name) or is_ended(engine, name))
    for at in (100.0, 101.9, 102.0):  # within 2 seconds it is not asked again, at 2 it is
        now[0] = at
        assert not signed_out.ended(MINE)
    assert asked == [MINE] * 2
    today = dt.datetime.now(dt.UTC)
    add_ended(own, MINE, today, today)
    now[0] = 104.0
    assert signed_out.ended(MINE)
    now[0] = 200.0
    assert signed_out.ended(MINE)
    assert asked == [MINE] * 3


def test_a_sign_in_is_forgotten_when_its_cookie_has_long_run_out(own: sa.Engine) -> None:
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    day = dt.timedelta(days=1)
    add_ended(own, MINE, long_ago, long_ago - signed_out.REMEMBER)
    add_ended(own, MINE, long_ago, long_ago - signed_out.REMEMBER)  # signing out twice is no failure
    add_ended(own, ANOTHER, long_ago + 31 * day, long_ago + 31 * day - signed_out.REMEMBER)
    assert is_ended(own, MINE)  # 31 days to the moment
    add_ended(own, ANOTHER, long_ago + 32 * day, long_ago + 32 * day - signed_out.REMEMBER)
    assert (is_ended(own, MINE), is_ended(own, ANOTHER)) == (False, True)


@pytest.mark.postgres
def test_on_postgresql_signing_out_waits_for_no_load(
    postgres_store: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed_out, "opened", lambda: postgres_store)
    with writing(postgres_store):  # a load that goes on
        signed_out.end("c" * 64)
        assert is_ended(postgres_store, "c" * 64)


def test_while_the_store_is_gone_nothing_breaks_and_what_is_known_here_holds(
    sqlite_store: sa.Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(signed_out, "opened", lambda: sqlite_store)
    path = Path(str(sqlite_store.url.database))
    path.rename(path.with_name("away.sqlite"))
    signed_out.end("d" * 64)
    assert signed_out.ended("d" * 64)
    assert not signed_out.ended("e" * 64)
    assert ["A sign-out is known to this process alone" in one.message for one in caplog.records] == [True, False]
