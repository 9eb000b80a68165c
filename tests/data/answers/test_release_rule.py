"""A change to the rule for small numbers is released at once, without waiting for anybody to load something."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.answers import current, protection, release
from data.answers.opened import _opened, opened, reading
from data.catalogue import disclosure
from data.store.released import select_released


def hidden_cells() -> int:
    """Count what is hidden over three years, for which every group is released whatever the rule."""
    with reading() as connection:
        rows = select_released(connection, "review_2_years", area_type="lad", period_type="three_years")
    return int((rows["value_status"] == "suppressed").sum())


@pytest.fixture
def one_indicator(
    store_with_returns: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A store with the returns of one indicator, which answers read."""
    shutil.copy(store_with_returns("review", ("review_2_years",)), tmp_path / "store.sqlite")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    _opened.cache_clear()
    yield
    opened().dispose()
    _opened.cache_clear()


def test_a_stricter_rule_hides_more_at_the_next_look(one_indicator: None, monkeypatch: pytest.MonkeyPatch):
    before = hidden_cells()
    strict = replace(disclosure(), suppress_to=99)
    for module in (current, release):
        monkeypatch.setattr(module, "disclosure", lambda: strict)
    assert current.ensure_current(opened()) > 0
    assert hidden_cells() > before
    assert current.ensure_current(opened()) == 0
    assert protection.RELEASED[-1] == "value_status"
