"""Whoever waits for a release is told how far it is: measures that are done, and hidden counts that are attacked."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest

from data.answers import release
from data.answers.progress import Step, untold
from data.answers.shared_counts import SharedCounts
from data.commands_progress import telling
from metrics.disclosure_audit import TELLING, attack_release
from tests.metrics.test_disclosure_linked import linked


def test_measures_that_count_the_same_people_are_done_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(connection, names, basis, wanted, *, attack, tell):  # type: ignore[no-untyped-def]
        tell(20, 60)
        return {name: name for name in names if name in wanted}

    monkeypatch.setattr(release, "release_cluster", made)
    basis = release.Basis(None, None, None, None, SharedCounts({}, (("b", "c"),)))  # type: ignore[arg-type]
    told: list[Step] = []
    release.release_indicators(None, ["a", "b", "c"], basis, progress=told.append)  # type: ignore[arg-type]
    assert told == [Step(0, 3), Step(0, 3, 20, 60), Step(1, 3), Step(1, 3, 20, 60), Step(3, 3)]


@pytest.mark.parametrize(
    ("step", "share", "words"),
    [
        (Step(0, 1), 0.0, "Protecting small numbers: 0 of 1 measures done."),
        (Step(3, 4), 0.75, "Protecting small numbers: 3 of 4 measures done."),
        (
            Step(1, 4, 20, 1200),
            0.25,
            "Protecting small numbers: 1 of 4 measures done. 20 of 1,200 hidden numbers attacked in the next ones.",
        ),
        (Step(0, 0), 1.0, "Protecting small numbers: 0 of 0 measures done."),
    ],
)
def test_a_step_in_words(step: Step, share: float, words: str) -> None:
    assert (step.share, step.sentence) == (share, words)


def test_an_attack_tells_how_many_counts_it_has_looked_at() -> None:
    parts = TELLING + 1
    links = linked([(parts, list(range(parts)))], parts + 1)
    least, greatest = np.append(np.ones(parts), parts * 4.0), np.append(np.full(parts, 7.0), parts * 4.0)
    told: list[tuple[int, int]] = []
    attack_release(
        links,
        least,
        greatest,
        np.append(np.full(parts, 4.0), parts * 4.0),
        np.arange(parts),
        tell=lambda *at: told.append(at),
    )
    assert told == [(0, parts), (TELLING, parts)]


def test_a_terminal_is_told_in_one_line_and_a_file_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for output, lines in (
        (Terminal(), ["", "Protecting small numbers: 1 of 2 measures done.", "", ""]),
        (io.StringIO(), [""]),
    ):
        monkeypatch.setattr(sys, "stderr", output)
        with telling() as progress:
            assert (progress is untold) == (len(lines) == 1)
            progress(Step(1, 2))
        assert [line.strip() for line in output.getvalue().split("\r")] == lines
