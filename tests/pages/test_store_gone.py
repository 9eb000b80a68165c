"""The store disappears while somebody reads: every page says so in a sentence, and goes on when it is back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.answers.current import ensure_current
from data.intake import preparing
from data.intake.loading import load
from data.intake.preparing import prepare_store
from data.sources import Reading
from data.store.engine import open_store

SENTENCE = "The figures can't be read just now."
#: The pages ask the store at most once a second whether anything has changed.
A_SECOND = 1.1


def again(shown: Any) -> Any:
    """Run the page once more, in the same session, as a reader who presses something does."""
    time.sleep(A_SECOND)
    shown.app.run()
    assert [one.value for one in shown.app.exception] == []
    return shown


def errors(shown: Any) -> list[str]:
    return [one.value for one in shown.app.error]


@pytest.fixture
def own(real_store: Path, tmp_path: Path) -> Path:
    """A file of the test's own."""
    path = tmp_path / "store.sqlite"
    shutil.copy(real_store, path)
    return path


def test_a_file_that_goes_and_returns_in_the_middle_of_a_session(own: Path, show: Callable[..., Any]) -> None:
    shown = show(own, "pregnancy_and_pathway")
    before = shown.finding
    away = own.with_name("away.sqlite")
    own.rename(away)
    for _ in range(2):
        again(shown)
        (said,) = errors(shown)
        assert said.startswith(f"{SENTENCE} {own}: The file of the store cannot be opened.")
        assert shown.app.title[0].value, "the page still says its question"
    away.rename(own)
    again(shown)
    assert errors(shown) == []
    assert shown.finding == before


def test_a_store_that_goes_after_the_top_of_a_page_was_shown(
    own: Path, show: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its later parts stop with the same sentence, and not with a traceback."""
    shown = show(own, "pregnancy_and_pathway")
    away = own.with_name("away.sqlite")
    from pages.components import ask

    kept = ask._kept

    def gone_after_the_first(name: str, *others: Any) -> Any:
        if name == "loaded":
            return kept(name, *others)
        if own.exists():
            own.rename(away)
        ask._state.clear()
        return kept(name, ask._state(), *others[1:])

    monkeypatch.setattr(ask, "_kept", gone_after_the_first)
    again(shown)
    assert [said.startswith(SENTENCE) for said in errors(shown)] == [True]
    monkeypatch.setattr(ask, "_kept", kept)
    away.rename(own)
    again(shown)
    assert errors(shown) == []


def small_layers() -> Reading:
    import pandas as pd

    frame = pd.DataFrame({"layer": ["lad"], "method": ["official"], "edition": ["2024"], "content": [b"{}"]})
    return Reading("this_dashboard", "drawn", 1, {"geometry": frame})


@pytest.fixture
def on_postgres(own_postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A store with one return on a server that the test may stop."""
    address = f"{own_postgres.address}/postgres"
    engine = open_store(address)
    monkeypatch.setattr(preparing, "layers", small_layers)
    prepare_store(engine, write_returns=lambda _: ())
    path = tmp_path / "return.csv"
    path.write_text(
        "indicator,area_code,period_from,period_to,numerator,denominator\n"
        "new_birth_visit_14_days,E06000058,2025-04-01,2025-06-30,230,250\n"
    )
    load(path, engine, loaded_by="a test")
    ensure_current(engine)
    engine.dispose()
    yield address
    if own_postgres.process.poll() is not None:
        own_postgres.start()


@pytest.mark.postgres
def test_a_server_that_stops_and_starts_in_the_middle_of_a_session(
    on_postgres: str, own_postgres: Any, show: Callable[..., Any]
) -> None:
    shown = show(on_postgres, "data")
    before = shown.finding
    own_postgres.stop()
    again(shown)
    assert [said.startswith(f"{SENTENCE} postgresql://") for said in errors(shown)] == [True]
    assert "The store cannot be reached. Check that the database runs" in errors(shown)[0]
    own_postgres.start()
    again(shown)
    assert errors(shown) == []
    assert shown.finding == before
