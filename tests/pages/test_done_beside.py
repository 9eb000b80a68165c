"""Work beside the page: its steps are shown, its outcome is given, its error is raised; it ends without a reader."""

from __future__ import annotations

import time
from threading import Event

import pytest

from data.answers.progress import Progress, Step
from data.errors import DataError
from pages.components import beside


class Bar:
    """What a page would show."""

    def __init__(self) -> None:
        self.said: list[tuple[float, str]] = []

    def progress(self, share: float, text: str) -> Bar:
        self.said.append((share, text))
        return self

    def markdown(self, text: str) -> None:
        self.said.append((-1.0, text))

    def empty(self) -> Bar:
        return self


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Bar:
    shown = Bar()
    monkeypatch.setattr(beside.st, "progress", shown.progress)
    monkeypatch.setattr(beside.st, "empty", shown.empty)
    monkeypatch.setattr(beside, "LOOK", 0.01)
    monkeypatch.setattr(beside, "LONG", 0.0)
    return shown


def test_steps_are_shown_and_the_outcome_is_given(bar: Bar) -> None:
    def work(progress: Progress) -> str:
        progress(Step(1, 4))
        until = time.monotonic() + 10.0
        while len(bar.said) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        return "loaded"

    assert beside.done_beside(work, "Loading the file") == "loaded"
    assert bar.said[0] == (0.0, "Loading the file")
    assert (0.25, "Protecting small numbers: 1 of 4 measures done.") in bar.said
    assert (-1.0, beside.MEANWHILE) in bar.said


def test_an_error_is_that_of_the_work(bar: Bar) -> None:
    def work(progress: Progress) -> None:
        raise DataError("the file has changed meanwhile")

    with pytest.raises(DataError, match="the file has changed meanwhile"):
        beside.done_beside(work, "Loading the file")


def test_work_goes_on_when_the_reader_has_gone(bar: Bar, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, ended = Event(), Event()

    def leaves(share: float, text: str) -> Bar:
        if text == "Loading the file":
            return bar
        gone.set()
        raise GeneratorExit  # a page's script is stopped at its next call when its reader leaves

    def work(progress: Progress) -> None:
        progress(Step(1, 4))
        gone.wait(10.0)
        ended.set()

    monkeypatch.setattr(beside.st, "progress", lambda share, text: bar)
    monkeypatch.setattr(bar, "progress", leaves)
    with pytest.raises(GeneratorExit):
        beside.done_beside(work, "Loading the file")
    assert ended.wait(10.0)
