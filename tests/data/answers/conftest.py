"""A store that went the whole way once: illustrative returns written to files, loaded, protected and released."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.answers import opened

INDICATORS = (
    "new_birth_visit_14_days",
    "review_12_months_by_15",
    "review_2_years",
    "breastfeeding_6_8_weeks",
    "buddy_allocated",
    "buddy_criteria_met",
    "hub_reach_under_two",
    "antenatal_contact_count",
    "pregnancy_form_median_weeks",
    "imhcf_trained_direct_contact",
    "care_proceedings_newborn",
    "strategy_stage",
)


@pytest.fixture(scope="session")
def whole_chain_file(store_with_returns: Callable[..., Path]) -> Path:
    """Generate, write as CSV files, load each through the door, and release."""
    return store_with_returns("whole-chain", INDICATORS)


@pytest.fixture
def whole_chain(whole_chain_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of that store, which answers read."""
    copy = tmp_path / "store.sqlite"
    shutil.copy(whole_chain_file, copy)
    url = f"sqlite:///{copy}"
    monkeypatch.setenv("DATABASE_URL", url)
    opened._opened.cache_clear()
    yield url
    opened.opened().dispose()
    opened._opened.cache_clear()


@pytest.fixture(scope="session")
def everything_copy(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a copy of the store with every illustrative return, which answers only read."""
    copy = tmp_path_factory.mktemp("everything") / "store.sqlite"
    shutil.copy(everything_file, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def everything(everything_copy: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """That copy, as the store that answers read."""
    monkeypatch.setenv("DATABASE_URL", everything_copy)
    opened._opened.cache_clear()
    yield everything_copy
    opened.opened().dispose()
    opened._opened.cache_clear()
