"""A load whose process was killed before it released: a running app releases it by itself, and no reader waits."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.answers import opened
from data.answers.current import ensure_current
from data.intake.loading import load, store_reading
from data.intake.preparing import areas, deprivation
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
