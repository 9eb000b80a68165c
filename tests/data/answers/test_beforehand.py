"""What an attack on the illustrative figures hides is kept with them, and holds only for the very same counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.answers import attack_illustrative, beforehand, opened
from data.answers.beforehand import hidden_beforehand, is_known, kept_for, write_kept, written_down
from data.answers.linked import Linked, protect_linked
from data.answers.release import read_basis
from data.answers.together import Prepared, prepare
from data.catalogue import disclosure
from data.store.engine import reading
from metrics.disclosure_linked import Protection
from tests.data.answers.test_mending import DEFINITION, FIFTHS, areas, cells

COUNTS = np.array([3, 12, 9, 20, 30, 8])


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of its own, so that the project's stays as it is."""
    file = tmp_path / "hidden_further.csv"
    monkeypatch.setattr(beforehand, "FILE", file)
    beforehand._kept.cache_clear()
    return file


@pytest.fixture(autouse=True)
def forget() -> None:
    beforehand._kept.cache_clear()


def measure(counts: np.ndarray = COUNTS) -> Prepared:
    return prepare(cells(counts), areas(), FIFTHS, DEFINITION, disclosure())


def with_more(linked: Linked, done: Protection) -> Protection:
    """Hide one figure and leave one row out, beside what is hidden already."""
    figures, rows = done.hidden.copy(), done.withheld.copy()
    given = np.flatnonzero(linked.items.of_count[: linked.size] >= 0)
    free = given[~figures[given]]
    figures[free[-1]] = True
    rows[free[0]] = True
    return Protection(figures, rows)


def test_what_was_kept_is_hidden_again(own_file: Path) -> None:
    one, rule = measure(), disclosure()
    done = protect_linked(one.linked, rule)
    mended = with_more(one.linked, done)
    write_kept(written_down([one], [done], [mended], rule))
    assert own_file.read_text().count("\n") == 3  # the heading, a figure and a row
    (again,) = hidden_beforehand([one], [done], rule)
    assert (again.hidden == mended.hidden).all()
    assert (again.withheld == mended.withheld).all()


def test_an_attack_that_found_nothing_is_kept_too(own_file: Path) -> None:
    one, rule = measure(), disclosure()
    done = protect_linked(one.linked, rule)
    assert not is_known([one], rule)
    write_kept(written_down([one], [done], [done], rule))
    assert is_known([one], rule)
    assert kept_for([one], rule)["hidden"].tolist() == ["nothing"]
    (again,) = hidden_beforehand([one], [done], rule)
    assert (again.hidden == done.hidden).all()
    assert own_file.exists()


@pytest.mark.usefixtures("own_file")
def test_other_counts_or_another_rule_take_nothing_from_it() -> None:
    one, rule = measure(), disclosure()
    done = protect_linked(one.linked, rule)
    write_kept(written_down([one], [done], [with_more(one.linked, done)], rule))
    other = measure(COUNTS + np.array([0, 0, 0, 0, 0, 1]))
    stricter = replace(rule, values_left_open=rule.values_left_open + 1)
    for measures, held in (([other], rule), ([one], stricter)):
        assert not is_known(measures, held)
        (same,) = hidden_beforehand(measures, [done], held)
        assert (same.hidden == done.hidden).all()


def test_a_cell_that_there_is_not_is_refused(own_file: Path) -> None:
    one, rule = measure(), disclosure()
    done = protect_linked(one.linked, rule)
    rows = written_down([one], [done], [with_more(one.linked, done)], rule)
    write_kept(rows.assign(area_code="Z"))
    with pytest.raises(ValueError, match=r"hidden_further\.csv must name cells that there are; found"):
        hidden_beforehand([one], [done], rule)
    assert own_file.exists()


@pytest.mark.usefixtures("everything")
def test_every_illustrative_measure_was_attacked_as_it_is_now() -> None:
    with reading(opened.opened()) as connection:
        assert len(attack_illustrative._clusters(connection, read_basis(connection))) > 20
        left = attack_illustrative.unattacked(connection)
    assert left == [], "illustrative figures, the rule or its use have changed: run python -m data mend and commit"


@pytest.mark.usefixtures("everything", "own_file")
def test_what_was_never_attacked_is_named() -> None:
    with reading(opened.opened()) as connection:
        assert "buddy_allocated" in attack_illustrative.unattacked(connection)
