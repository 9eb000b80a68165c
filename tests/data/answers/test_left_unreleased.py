"""A load whose process was killed before it released: a running app releases it by itself, and no reader waits."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from data.answers import opened, release
from data.answers.current import ensure_current
from data.errors import StoreError
from data.intake.loading import load, store_reading
from data.intake.preparing import areas, deprivation
from data.store import releasing
from data.store.engine import reading, writing
from data.store.released import select_release_revisions
from data.store.state import mark_prepared

RETURN = (
    "indicator,area_code,period_from,period_to,numerator,denominator\n"
    "new_birth_visit_14_days,E06000058,2025-04-01,2025-06-30,230,250\n"
)


@pytest.fixture
def left(store: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A store in use, into which a return was loaded and not released."""
    with writing(store) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")
        mark_prepared(connection, "a test")
    ensure_current(store)
    monkeypatch.setattr(opened, "opened", lambda: store)
    monkeypatch.setattr(opened, "made_ready", lambda: None)
    monkeypatch.setattr(opened, "_SEEN", {})
    file = tmp_path / "return.csv"
    file.write_text(RETURN)
    load(file, store, loaded_by="a test")
    return store


def released(engine: sa.Engine) -> list[str]:
    with reading(engine) as connection:
        return list(select_release_revisions(connection))


def wait_for_release() -> None:
    for thread in threading.enumerate():
        if thread.name == "release":
            thread.join(timeout=60)


def test_what_was_left_is_released_after_a_while(left: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "LEFT_AFTER_SECONDS", 0.05)
    before = opened.state()
    assert released(left) == []
    time.sleep(0.06)
    assert opened.state() == before, "the reader who notices does not wait"
    wait_for_release()
    assert released(left) == ["new_birth_visit_14_days"]
    after = opened.state()
    assert after != before
    time.sleep(0.06)
    assert opened.state() == after
    assert all(thread.name != "release" for thread in threading.enumerate())


def test_whoever_is_still_at_it_is_left_to_finish(left: sa.Engine) -> None:
    for _ in range(3):
        opened.state()
    wait_for_release()
    assert released(left) == []
    assert opened.LEFT_AFTER_SECONDS >= 60


def signs(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return releasing.beats(connection)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock of our own for whoever waits: set ``now``."""
    own = SimpleNamespace(now=0.0)
    monkeypatch.setattr(opened, "time", SimpleNamespace(monotonic=lambda: own.now))
    return own


def test_whoever_gives_signs_of_life_is_left_to_finish(left: sa.Engine, clock: SimpleNamespace) -> None:
    for _ in range(4):
        opened.state()
        clock.now += opened.LEFT_AFTER_SECONDS - 1
        releasing.beat(left)
    opened.state()
    wait_for_release()
    assert released(left) == []
    clock.now += opened.LEFT_AFTER_SECONDS
    opened.state()
    wait_for_release()
    assert released(left) == ["new_birth_visit_14_days"]


def test_a_reader_who_comes_back_late_waits_anew_where_somebody_was_at_it(
    left: sa.Engine, clock: SimpleNamespace
) -> None:
    opened.state()
    releasing.beat(left)
    clock.now += 100 * opened.LEFT_AFTER_SECONDS
    opened.state()
    wait_for_release()
    assert released(left) == []


def test_of_several_who_notice_one_goes_on(left: sa.Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda seen: releasing.take_over(left, seen), [signs(left)] * 4))
    assert sorted(taken) == [False, False, False, True]
    assert signs(left) == 1


def test_who_was_not_first_does_not_release(left: sa.Engine) -> None:
    seen = signs(left)
    releasing.beat(left)
    opened._release_left(left, seen)
    assert released(left) == []


def test_a_long_release_gives_signs_of_life_and_a_short_one_none(
    left: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = release.release_changed

    def slow(*asked: object) -> int:
        until = time.monotonic() + 30
        while signs(left) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        return real(*asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(releasing, "BEAT_SECONDS", 0.02)
        patch.setattr(release, "release_changed", slow)
        assert ensure_current(left) == 1
    given = signs(left)
    assert given >= 2
    assert all(thread.name != "signs of life" for thread in threading.enumerate())
    assert ensure_current(left) == 0
    assert signs(left) == given
    assert releasing.BEAT_SECONDS * 5 <= opened.LEFT_AFTER_SECONDS


def test_a_release_goes_on_where_no_sign_can_be_given(left: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Event()

    def refused(engine: sa.Engine) -> None:
        tried.set()
        raise StoreError("The store is busy with another load")

    monkeypatch.setattr(releasing, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(releasing, "beat", refused)
    with releasing.beating(left):
        assert tried.wait(30)
        assert ensure_current(left) == 1
    assert released(left) == ["new_birth_visit_14_days"]


def test_signs_of_life_change_no_answer(left: sa.Engine) -> None:
    before = opened.state()
    releasing.beat(left)
    assert opened.state() == before
