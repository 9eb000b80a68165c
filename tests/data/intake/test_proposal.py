"""Trying a file says what is wrong and what would change, writes nothing, and holds only for that file and store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data.errors import DataErrors, StoreError, UnreadableFile
from data.intake.changes import Changes, changes_of
from data.intake.loading import load
from data.intake.proposal import accept, propose
from data.sources import Reading
from data.store.audit import select_audit
from data.store.engine import reading, writing
from data.store.observations import select_observations
from data.store.settings import load_settings
from data.store.state import data_revision
from data.store.submissions import select_submissions

BOURNEMOUTH, NEXT_DOOR, BRIDPORT = "E01015272", "E01015273", "E01020373"
Q1 = ("2025-04-01", "2025-06-30")
Q2 = ("2025-07-01", "2025-09-30")
Send = Callable[..., Path]


def row(
    area: str, quarter: tuple[str, str], numerator: object, indicator: str = "buddy_allocated"
) -> tuple[object, ...]:
    return (indicator, area, *quarter, numerator, 12)


def written(engine: sa.Engine) -> tuple[object, ...]:
    with reading(engine) as connection:
        return (
            data_revision(connection),
            len(select_submissions(connection)),
            len(select_audit(connection)),
            select_observations(connection)[["area_code", "numerator"]].to_numpy().tolist(),
        )


def test_a_first_file_is_all_new_and_nothing_is_written(ready: sa.Engine, send: Send) -> None:
    before = written(ready)
    proposal = propose(send(row(BOURNEMOUTH, Q1, 5), row(NEXT_DOOR, Q1, 0)), ready)
    assert proposal.passes
    assert proposal.changes == Changes(new=2)
    assert proposal.indicators == ("buddy_allocated",)
    assert proposal.report is not None
    assert "may be loaded" in proposal.report.sentences()[0]
    assert written(ready) == before


def test_rows_that_are_new_changed_removed_and_as_they_were_are_counted(ready: sa.Engine, send: Send) -> None:
    first = (row(BOURNEMOUTH, Q1, 5), row(NEXT_DOOR, Q1, 6), row(BRIDPORT, Q1, 7), row(BOURNEMOUTH, Q2, 8))
    load(send(*first), ready, loaded_by="a steward")
    second = send(row(BOURNEMOUTH, Q1, 9), row(BRIDPORT, Q1, 7), row("E01020374", Q1, 1), name="second.csv")
    # next door stood in the same council and quarter and is not repeated; the second quarter is not touched
    assert propose(second, ready).changes == Changes(new=1, changed=1, removed=1, unchanged=1)


def test_what_is_foreseen_is_what_loading_does(ready: sa.Engine, send: Send) -> None:
    load(
        send(row(BOURNEMOUTH, Q1, 1), row(BRIDPORT, Q2, 2), name="i.csv"), ready, loaded_by="a test", illustrative=True
    )
    path = send(row(NEXT_DOOR, Q1, 9))
    proposal = propose(path, ready)
    assert proposal.changes == Changes(new=1), "invented rows are no earlier return"
    assert proposal.report is not None
    assert proposal.report.illustrative_removed == 2
    assert "2 illustrative rows would be removed." in proposal.report.sentences()
    report = accept(path, ready, proposal, loaded_by="a steward")
    assert report.illustrative_removed == 2
    assert report.loaded


def test_every_problem_is_listed_and_the_file_is_not_accepted(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 13), row("E01999999", Q1, 5), row(BRIDPORT, Q2, "some"))
    before = written(ready)
    proposal = propose(path, ready)
    assert not proposal.passes
    assert {(problem.row, problem.column) for problem in proposal.problems} == {
        (2, "numerator"),
        (3, "area_code"),
        (4, "numerator"),
    }
    assert all(problem.file == "return.csv" for problem in proposal.problems)
    assert proposal.changes is None
    with pytest.raises(DataErrors):
        accept(path, ready, proposal, loaded_by="a steward")
    assert written(ready) == before


def test_a_file_that_changed_since_is_refused(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 5))
    proposal = propose(path, ready)
    send(row(BOURNEMOUTH, Q1, 6))
    before = written(ready)
    with pytest.raises(UnreadableFile, match="the file has changed since it was checked"):
        accept(path, ready, proposal, loaded_by="a steward")
    assert written(ready) == before


def test_a_store_that_changed_since_is_refused(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 5))
    proposal = propose(path, ready)
    load(send(row(BOURNEMOUTH, Q1, 4), name="other.csv"), ready, loaded_by="another steward")
    before = written(ready)
    with pytest.raises(StoreError, match="somebody has loaded another file"):
        accept(path, ready, proposal, loaded_by="a steward")
    assert written(ready) == before
    assert accept(path, ready, propose(path, ready), loaded_by="a steward").rows_superseded == 1


def test_a_file_that_is_in_the_store_changes_nothing(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 5))
    load(path, ready, loaded_by="a steward")
    proposal = propose(path, ready)
    assert proposal.passes
    assert proposal.changes == Changes()
    assert proposal.report is not None
    assert proposal.report.already_loaded
    assert accept(path, ready, proposal, loaded_by="a steward").already_loaded


def test_settings_of_a_kind_are_compared_as_a_whole(ready_sqlite: sa.Engine) -> None:
    def hubs(*rows: tuple[str, str]) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=["setting_id", "name"]).assign(kind="family_hub", lon=-1.9, lat=50.7)
        return frame.assign(area_code=None, attributes=[{"under_two_places": 4} for _ in rows])

    with writing(ready_sqlite) as connection:
        load_settings(connection, hubs(("a", "A hub"), ("b", "B hub"), ("c", "C hub")), 1)
        new = hubs(("a", "A hub"), ("b", "Another name"), ("d", "D hub"))
        found = changes_of(connection, Reading("settings_return", "2025", 3, {"setting": new}))
    assert found == Changes(new=1, changed=1, removed=1, unchanged=1)


def test_deprivation_that_is_loaded_again_is_unchanged(ready_sqlite: sa.Engine) -> None:
    frame = pd.DataFrame(
        {"area_code": [BOURNEMOUTH, BRIDPORT], "edition": "2025", "domain": "crime", "score": [1.5, 2.5]}
    ).assign(rank=[5, 6], decile=1)
    part = Reading("iod2025", "2025", 2, {"deprivation": frame})
    with writing(ready_sqlite) as connection:
        assert changes_of(connection, part) == Changes(new=2)
        from data.store.deprivation import load_deprivation

        load_deprivation(connection, frame, 1)
        assert changes_of(connection, part) == Changes(unchanged=2)
        other = Reading("iod2025", "2025", 1, {"deprivation": frame[:1].assign(score=9.5)})
        assert changes_of(connection, other) == Changes(changed=1)
