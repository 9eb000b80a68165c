"""``python -m data example``: a small store of invented areas, which answers can be asked of and no real one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import commands
from data.store.areas import select_areas
from data.store.engine import open_store, reading
from data.store.released import select_released
from data.store.state import prepared
from data.store.submissions import select_submissions

NAMES = ("buddy_allocated", "new_birth_visit_14_days")


def make(path: Path, *more: str) -> int:
    return commands.main(["example", "--lsoas", "60", "--quarters", "4", *more, "-o", f"sqlite:///{path}"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 60 invented neighbourhoods with a year of two indicators."""
    path = tmp_path_factory.mktemp("example") / "small.sqlite"
    assert make(path, "--indicators", *NAMES) == 0
    return path


def test_a_store_of_the_wanted_size_is_made_and_released(made: Path) -> None:
    engine = open_store(f"sqlite:///{made}")
    with reading(engine) as connection:
        areas = select_areas(connection)
        assert areas["area_type"].value_counts()["lsoa21"] == 60
        assert areas["area_code"].str.startswith("X").all()
        assert select_submissions(connection)["illustrative"].all()
        assert prepared(connection) is not None  # opening it does not fill it with Dorset
        for name in NAMES:
            released = select_released(connection, name, area_type="icb")
            assert len(released)
            assert released["illustrative"].all()
    engine.dispose()


def test_it_never_writes_into_a_store_that_holds_something(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(made) == 1
    assert "This store holds something already" in capsys.readouterr().err


def test_the_same_size_gives_the_same_figures_and_releasing_can_wait(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    assert make(again, "--indicators", NAMES[0], "--not-released") == 0
    rows = []
    for path in (made, again):
        engine = open_store(f"sqlite:///{path}")
        with reading(engine) as connection:
            statement = "SELECT * FROM observation WHERE indicator_id = 'buddy_allocated'"
            found = connection.exec_driver_sql(statement).mappings().all()
            rows.append(sorted((one["area_code"], one["period_from"], one["numerator"] or 0) for one in found))
            released = len(select_released(connection, NAMES[0]))
        engine.dispose()
    assert rows[0] == rows[1]
    assert released == 0


@pytest.mark.parametrize("size", ["0", "33756"])
def test_a_size_that_england_has_not_is_refused(tmp_path: Path, size: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["example", "--lsoas", size, "-o", f"sqlite:///{tmp_path / 'x.sqlite'}"]) == 1
    assert "from 1 to 33,755" in capsys.readouterr().err
    assert not (tmp_path / "x.sqlite").exists()
