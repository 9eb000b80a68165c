"""The addresses that maps are fetched from: kept for ever, not known, or away for a moment."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from data.answers import geometry, opened
from pages.components.server import geometry_file


@pytest.fixture
def own(reference_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of the test's own, which may go."""
    path = tmp_path / "store.sqlite"
    shutil.copy(reference_store, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    opened._opened.cache_clear()
    geometry._layer_file.cache_clear()
    yield path
    opened.opened().dispose()
    opened._opened.cache_clear()


def ask(name: str) -> Response:
    """Ask in a thread of its own: a browser's loop may be running in this one."""
    request = Request({"type": "http", "headers": [], "path_params": {"name": name}})
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(geometry_file(request))).result()


def test_a_layer_is_kept_for_a_year_and_what_is_not_known_is_not_found(own: Path) -> None:
    (url,) = geometry.layer_urls("lad")
    found = ask(url.rpartition("/")[2])
    assert (found.status_code, found.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert json.loads(bytes(found.body))["codes"] == ["E06000058", "E06000059"]
    missing = ask("lad-000000000000.json")
    assert (missing.status_code, "retry-after" in missing.headers) == (404, False)
    assert b"There is no such map layer" in missing.body


def test_while_the_store_is_gone_one_is_asked_to_come_back_and_nobody_keeps_that(own: Path) -> None:
    """A browser or a proxy may remember that a layer does not exist; this one does, and is only out of reach."""
    (url,) = geometry.layer_urls("lad")
    name = url.rpartition("/")[2]
    away = own.with_name("away.sqlite")
    own.rename(away)
    gone = ask(name)
    assert (gone.status_code, gone.headers["retry-after"], gone.headers["cache-control"]) == (503, "5", "no-store")
    assert gone.body == b"The maps can't be read just now."  # and not where the store stands
    away.rename(own)
    assert ask(name).status_code == 200
