"""A new store is filled once and whole, whoever starts first and whatever kills it on the way."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data.example import write_returns
from data.intake import preparing
from data.intake.preparing import EMBEDDED, prepare_store
from data.sources import Reading
from data.store.areas import select_areas
from data.store.deprivation import select_deprivation
from data.store.engine import open_store, reading
from data.store.geometry import select_layers
from data.store.observations import select_observations
from data.store.population import select_population
from data.store.state import prepared, revision
from data.store.submissions import select_submissions

ROOT = Path(__file__).parents[3]
HEAD = "indicator,area_code,period_from,period_to,numerator,denominator,illustrative\n"


def small_returns(folder: Path) -> Iterable[Path]:
    """Stand in for the generator: one invented return of one row."""
    path = folder / "ILLUSTRATIVE_buddies.csv"
    path.write_text(HEAD + "buddy_allocated,E01015272,2025-04-01,2025-06-30,5,12,yes\n")
    return [path]


def small_layers() -> Reading:
    """Stand in for drawing the map, which takes seconds and has its own tests."""
    frame = pd.DataFrame({"layer": ["lad"], "method": ["official"], "edition": ["2024"], "content": [b"{}"]})
    return Reading("this_dashboard", "drawn", 1, {"geometry": frame})


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "layers", small_layers)


def test_a_new_store_gets_the_embedded_facts_and_the_illustrative_returns(store: sa.Engine, quick: None) -> None:
    assert prepare_store(store, write_returns=small_returns)
    with reading(store) as connection:
        assert prepared(connection) == EMBEDDED
        counted = select_areas(connection)["area_type"].value_counts()
        assert counted[["lsoa21", "msoa21", "lad", "icb", "region"]].tolist() == [463, 96, 2, 1, 1]
        imd = select_deprivation(connection, "2025", "imd", "lsoa21").set_index("area_code")
        # lsoa21_deprivation.csv, first row: score 7.313, rank 28274, decile 9
        assert imd.loc["E01015272"].drop("domain").tolist() == [7.313, 28274, 9]
        people = select_population(connection, age_band="all", area_type="lsoa21", latest=True)
        assert people.set_index("area_code").loc["E01015272", "count"] == 1908
        observed = select_observations(connection)
        assert observed.groupby("illustrative").size()[True] == 1
        files = select_submissions(connection).set_index("file_name")
    assert files.loc["ILLUSTRATIVE_buddies.csv", "illustrative"]
    assert not files.loc["published_statistics.csv", "illustrative"]


def test_preparing_again_changes_nothing(sqlite_store: sa.Engine, quick: None) -> None:
    prepare_store(sqlite_store, write_returns=small_returns)
    with reading(sqlite_store) as connection:
        before = revision(connection)
    assert not prepare_store(sqlite_store, write_returns=small_returns)
    with reading(sqlite_store) as connection:
        assert revision(connection) == before


def test_the_embedded_maps_are_drawn_and_kept(reference_file: Path, tmp_path: Path) -> None:
    shutil.copy(reference_file, tmp_path / "store.sqlite")  # what a preparation without stand-ins has made
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with reading(store) as connection:
        layers = {layer.layer: layer for layer in select_layers(connection)}
    store.dispose()
    assert {"lsoa21", "msoa21", "lad", "base"} <= set(layers)
    assert layers["lsoa21"].method == "approximate"
    assert all(layer.bytes <= 150_000 for layer in layers.values())


PREPARE = """
import os, sys
from pathlib import Path
sys.path.insert(0, str(Path(sys.argv[3]).parent))
import test_preparing as stand_in
from data.intake import preparing
from data.store.engine import open_store
preparing.layers = stand_in.small_layers
step = getattr(preparing, sys.argv[2], None)
if step is not None:
    def kill_after(*arguments, **named):
        step(*arguments, **named)
        os.kill(os.getpid(), 9)
    setattr(preparing, sys.argv[2], kill_after)
print(preparing.prepare_store(open_store(sys.argv[1]), write_returns=stand_in.small_returns))
"""


def start(engine: sa.Engine, killed_after: str = "") -> subprocess.Popen[str]:
    address = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", PREPARE, address, killed_after, __file__]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("step", ["store_reading", "store_published", "store_illustrative", "mark_prepared"])
def test_a_preparation_that_is_killed_is_done_by_the_next_one(store: sa.Engine, quick: None, step: str) -> None:
    process = start(store, step)
    said = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, said
    with reading(store) as connection:
        assert prepared(connection) is None
        assert select_areas(connection).empty
    assert prepare_store(store, write_returns=small_returns)


def test_two_processes_that_start_at_once_prepare_once(store: sa.Engine) -> None:
    both = [start(store), start(store)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(words.strip() for words, _ in said) == ["False", "True"]
    with reading(store) as connection:
        assert select_submissions(connection)["file_name"].value_counts().max() == 1


def test_the_generated_returns_go_in_whole(sqlite_store: sa.Engine, quick: None) -> None:
    def two_indicators(folder: Path) -> Iterable[Path]:
        return write_returns(folder, quarters=2, indicators=["buddy_allocated", "buddy_waiting"])

    prepare_store(sqlite_store, write_returns=two_indicators)
    with reading(sqlite_store) as connection:
        rows = select_observations(connection, ["buddy_allocated", "buddy_waiting"])
    assert set(rows["indicator_id"]) == {"buddy_allocated", "buddy_waiting"}
    assert rows["illustrative"].all()


def test_a_store_prepared_elsewhere_is_opened_as_it_is(sqlite_store: sa.Engine, quick: None) -> None:
    prepare_store(sqlite_store, write_returns=small_returns)
    again = open_store(sqlite_store.url.render_as_string())
    assert not prepare_store(again, write_returns=small_returns)
    again.dispose()
