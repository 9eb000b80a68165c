"""Going back makes an earlier file's rows current again, on record and reversibly; invented rows never mix in."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.errors import StoreError, UnknownName
from data.intake.history import earlier_files, go_back, take_back
from data.intake.loading import load
from data.store.audit import select_audit
from data.store.engine import reading
from data.store.observations import KEY, select_observations
from data.store.state import data_revision
from data.store.submissions import select_submissions

BOURNEMOUTH, NEXT_DOOR, BRIDPORT = "E01015272", "E01015273", "E01020373"
Q1 = ("2025-04-01", "2025-06-30")
Q2 = ("2025-07-01", "2025-09-30")
Send = Callable[..., Path]
BY = "a steward"
ROOT = Path(__file__).parents[3]


def row(
    area: str, quarter: tuple[str, str], numerator: object, indicator: str = "buddy_allocated"
) -> tuple[object, ...]:
    return (indicator, area, *quarter, numerator, 12)


def current(engine: sa.Engine) -> list[tuple[str, str, str, float]]:
    with reading(engine) as connection:
        frame = select_observations(connection)
    columns = ["indicator_id", "area_code", "period_from", "numerator"]
    return list(frame[columns].itertuples(index=False, name=None))


def figures(engine: sa.Engine) -> list[tuple[str, float]]:
    return [(area, numerator) for _, area, _, numerator in current(engine)]


def number_of(engine: sa.Engine, name: str) -> int:
    with reading(engine) as connection:
        listed = select_submissions(connection)
    return int(listed.loc[listed["file_name"] == name, "id"].max())


def sent(engine: sa.Engine, send: Send, name: str, *rows: tuple[object, ...], illustrative: bool = False) -> int:
    report = load(send(*rows, name=name), engine, loaded_by=BY, illustrative=illustrative)
    assert report.submission_id is not None
    return report.submission_id


def marks(engine: sa.Engine) -> dict[int, tuple[bool, int | None]]:
    """Give for each submission whether it is marked as superseded, and what it took the place of."""
    with reading(engine) as connection:
        rows = connection.exec_driver_sql("SELECT id, superseded_at IS NOT NULL, supersedes_id FROM submission").all()
    return {number: (bool(gone), behind) for number, gone, behind in rows}


def is_consistent(engine: sa.Engine) -> bool:
    """Hold the store to what must be true whatever was done to it."""
    with reading(engine) as connection:
        rows = select_observations(connection)
        kept = connection.exec_driver_sql("SELECT DISTINCT submission_id FROM observation").scalars().all()
    assert not rows.duplicated(KEY).any(), "one current figure for each cell"
    assert (rows.groupby("indicator_id")["illustrative"].nunique() == 1).all(), "never invented beside real"
    held = marks(engine)
    used = set(rows["submission_id"])
    assert {number for number in kept if not held[number][0]} == used
    for number in held:
        at, steps = held[number][1], 0
        while at is not None:
            at, steps = held[at][1], steps + 1
            assert steps <= len(held), "the order of places is a line and never a ring"
    return True


def test_going_back_brings_the_earlier_figures_and_is_on_record(ready: sa.Engine, send: Send) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5), row(NEXT_DOOR, Q1, 6))
    second = sent(ready, send, "second.csv", row(BOURNEMOUTH, Q1, 7))
    with reading(ready) as connection:
        before = data_revision(connection)
    outcome = go_back(ready, first, by=BY)
    assert figures(ready) == [(BOURNEMOUTH, 5.0), (NEXT_DOOR, 6.0)]
    assert (outcome.rows_current, outcome.rows_superseded, outcome.files_superseded) == (2, 1, ("second.csv",))
    assert outcome.sentences()[0] == "first.csv is used again: 2 of its rows came back."
    with reading(ready) as connection:
        trail = select_audit(connection).iloc[0]
        assert data_revision(connection) != before
    assert (trail["action"], trail["who"], trail["subject"]) == ("go_back", BY, "first.csv")
    assert trail["file_sha256"] == outcome.sha256
    assert (marks(ready)[first], marks(ready)[second]) == ((False, second), (True, None))
    assert is_consistent(ready)


def test_going_back_is_reversible(ready: sa.Engine, send: Send) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5), row(BOURNEMOUTH, Q2, 4))
    second = sent(ready, send, "second.csv", row(BOURNEMOUTH, Q1, 7), row(NEXT_DOOR, Q1, 8))
    before = current(ready)
    go_back(ready, first, by=BY)
    assert current(ready) != before
    go_back(ready, second, by=BY)
    assert current(ready) == before
    assert is_consistent(ready)


def test_going_back_is_what_loading_the_file_again_would_be(ready: sa.Engine, send: Send) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5))
    sent(ready, send, "second.csv", row(BOURNEMOUTH, Q1, 7), row(BOURNEMOUTH, Q2, 8))
    go_back(ready, first, by=BY)
    # the later file's other quarter stays
    assert figures(ready) == [(BOURNEMOUTH, 5.0), (BOURNEMOUTH, 8.0)]


def test_a_file_further_back_can_be_reached_and_others_are_left_alone(ready: sa.Engine, send: Send) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 1))
    sent(ready, send, "second.csv", row(BOURNEMOUTH, Q1, 2))
    sent(ready, send, "third.csv", row(BOURNEMOUTH, Q1, 3))
    sent(ready, send, "elsewhere.csv", row(BRIDPORT, Q1, 9))
    assert earlier_files(ready)["file_name"].tolist() == ["second.csv", "first.csv"]
    go_back(ready, first, by=BY)
    assert figures(ready) == [(BOURNEMOUTH, 1.0), (BRIDPORT, 9.0)]
    assert earlier_files(ready)["file_name"].tolist() == ["third.csv", "second.csv"]
    assert load(send(row(BOURNEMOUTH, Q1, 3), name="third.csv"), ready, loaded_by=BY).loaded, "may be sent again"
    assert is_consistent(ready)


def test_going_back_to_what_is_used_already_is_refused_and_changes_nothing(ready: sa.Engine, send: Send) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5))
    with reading(ready) as connection:
        before = (data_revision(connection), len(select_audit(connection)))
    with pytest.raises(StoreError, match="nothing to go back to"):
        go_back(ready, first, by=BY)
    with pytest.raises(UnknownName, match="no file of this number"):
        go_back(ready, 9999, by=BY)
    with pytest.raises(StoreError, match="Load the earlier file again"):
        go_back(ready, number_of(ready, "deprivation"), by=BY)
    with reading(ready) as connection:
        assert (data_revision(connection), len(select_audit(connection))) == before


def test_taking_a_wrong_file_out_brings_back_what_gave_way_to_it(ready: sa.Engine, send: Send) -> None:
    sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5))
    wrong = sent(ready, send, "wrong.csv", row(BOURNEMOUTH, Q1, 7), row(BOURNEMOUTH, Q2, 8))
    outcome = take_back(ready, wrong, by=BY)
    assert figures(ready) == [(BOURNEMOUTH, 5.0)]
    assert (outcome.rows_superseded, outcome.rows_current) == (2, 1)
    assert is_consistent(ready)
    with pytest.raises(StoreError, match="taken out already"):
        take_back(ready, wrong, by=BY)
    go_back(ready, wrong, by=BY)
    assert figures(ready) == [(BOURNEMOUTH, 7.0), (BOURNEMOUTH, 8.0)]
    assert is_consistent(ready)


def test_only_the_newest_of_a_pile_can_be_taken_out(ready: sa.Engine, send: Send) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5), row(BOURNEMOUTH, Q2, 6))
    second = sent(ready, send, "second.csv", row(BOURNEMOUTH, Q1, 7))
    with pytest.raises(StoreError, match="Take the later file out first"):
        take_back(ready, first, by=BY)
    take_back(ready, second, by=BY)
    take_back(ready, first, by=BY)
    assert figures(ready) == []


def test_illustrative_figures_come_back_only_when_no_real_one_is_left(ready: sa.Engine, send: Send) -> None:
    invented = (row(BOURNEMOUTH, Q1, 1), row(BRIDPORT, Q2, 2), row(BRIDPORT, Q1, 3, "buddy_waiting"))
    sent(ready, send, "i.csv", *invented, illustrative=True)
    before = current(ready)
    one = sent(ready, send, "one.csv", row(BOURNEMOUTH, Q1, 5))
    other = sent(ready, send, "other.csv", row(BRIDPORT, Q1, 6))
    outcome = take_back(ready, one, by=BY)
    assert outcome.illustrative_back == 0, "the other council's real figures still stand"
    assert is_consistent(ready)
    outcome = take_back(ready, other, by=BY)
    assert outcome.illustrative_back == 2
    assert "2 illustrative rows are shown again" in " ".join(outcome.sentences())
    assert current(ready) == before
    outcome = go_back(ready, one, by=BY)
    assert outcome.illustrative_removed == 2
    assert is_consistent(ready)


def test_nobody_goes_back_to_illustrative_figures_over_real_ones(ready: sa.Engine, send: Send) -> None:
    invented = sent(ready, send, "i.csv", row(BOURNEMOUTH, Q1, 1), illustrative=True)
    sent(ready, send, "real.csv", row(BRIDPORT, Q1, 6))
    assert "i.csv" not in earlier_files(ready)["file_name"].tolist()
    with pytest.raises(StoreError, match="illustrative, and real ones are used now"):
        go_back(ready, invented, by=BY)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_in_whatever_order_the_store_stays_consistent(
    ready_sqlite: sa.Engine, send: Send, seed: int
) -> None:
    pick = random.Random(seed)  # noqa: S311 (a repeatable choice, no secret)
    numbers: list[int] = []
    for step in range(14):
        act = pick.choice(["load", "load", "go_back", "take_back"]) if numbers else "load"
        if act == "load":
            areas = pick.sample([BOURNEMOUTH, NEXT_DOOR, BRIDPORT], k=2)
            rows = [row(area, pick.choice([Q1, Q2]), step % 12, "buddy_allocated") for area in areas]
            rows += [row(BRIDPORT, Q1, step % 12, "buddy_waiting")] if pick.random() < 0.5 else []
            invented = pick.random() < 0.3
            report = load(send(*rows, name=f"{step}.csv"), ready_sqlite, loaded_by=BY, illustrative=invented)
            assert report.submission_id is not None
            numbers.append(report.submission_id)
        else:
            before = current(ready_sqlite)
            try:
                (go_back if act == "go_back" else take_back)(ready_sqlite, pick.choice(numbers), by=BY)
            except StoreError:
                assert current(ready_sqlite) == before
        assert is_consistent(ready_sqlite)


KILLED = """
import os, sys
import data.intake.history as history
from data.store.engine import open_store
step = getattr(history, sys.argv[4])
def kill_after(*arguments, **named):
    step(*arguments, **named)
    os.kill(os.getpid(), 9)
setattr(history, sys.argv[4], kill_after)
getattr(history, sys.argv[3])(open_store(sys.argv[1]), int(sys.argv[2]), by="a test")
"""


@pytest.mark.parametrize(("act", "step"), [("go_back", "supersede_observations"), ("take_back", "append_audit")])
def test_going_back_that_is_killed_leaves_the_store_as_it_was(
    ready: sa.Engine, send: Send, act: str, step: str
) -> None:
    first = sent(ready, send, "first.csv", row(BOURNEMOUTH, Q1, 5))
    second = sent(ready, send, "second.csv", row(BOURNEMOUTH, Q1, 7))
    before = (current(ready), marks(ready))
    number = first if act == "go_back" else second
    address = ready.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", KILLED, address, str(number), act, step], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (current(ready), marks(ready)) == before
    assert (go_back if act == "go_back" else take_back)(ready, number, by=BY).rows_current == 1
