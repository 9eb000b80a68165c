"""Registers kept in the app: who may, two people at once, and nothing lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from data.actions import registers
from data.actions.people import Person
from data.errors import DataErrors, NotAllowed, StoreError, WrongValues
from data.intake.loading import load
from data.store.audit import select_audit
from data.store.engine import reading
from data.store.registers import ChangedMeanwhile, select_register

LEAD = Person("lead@example.org", "A lead", "strategy")
OTHER = Person("other@example.org", "Another lead", "strategy")
STEWARD = Person("steward@example.org", "A steward", "steward")
BOARD = Person("board@example.org", "A board member", "board")

PROMISE = {
    "id": "C-001",
    "kind": "action",
    "promise": "Train everyone",
    "source_document": "The strategy",
    "partner_body": "A partner",
    "owner_role": "Training lead",
    "made_on": "2025-04-01",
    "status": "on track",
    "status_on": "2025-09-30",
}


@pytest.fixture
def kept(store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """An empty store that the app has opened; what is released is looked at elsewhere."""
    monkeypatch.setattr(registers, "opened", lambda: store)
    monkeypatch.setattr(registers, "ensure_current", lambda _: 0)
    return store


@pytest.fixture
def kept_sqlite(sqlite_store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """The same on SQLite alone."""
    monkeypatch.setattr(registers, "opened", lambda: sqlite_store)
    monkeypatch.setattr(registers, "ensure_current", lambda _: 0)
    return sqlite_store


def test_two_people_change_one_entry_and_nothing_is_lost(kept: sa.Engine) -> None:
    registers.add_entry(LEAD, "commitments", PROMISE)
    seen = registers.written_as(registers.entries(LEAD, "commitments").iloc[0], "commitments")
    assert {name: seen[name] for name in PROMISE} == PROMISE
    assert registers.revise_entry(LEAD, "commitments", "C-001", {**seen, "due_on": "2026-03-31"}, version=1) == 2
    with pytest.raises(ChangedMeanwhile, match=r"found version 2 by lead@example\.org") as told:
        registers.revise_entry(OTHER, "commitments", "C-001", {**seen, "owner_role": "Head of training"}, version=1)
    assert str(told.value.now["due_on"]) == "2026-03-31"
    # the second person has seen the newer version, and puts both changes together
    both = {**seen, "due_on": "2026-03-31", "owner_role": "Head of training"}
    assert registers.revise_entry(OTHER, "commitments", "C-001", both, version=2) == 3
    versions = registers.history(LEAD, "commitments", "C-001")
    assert versions["version"].tolist() == [3, 2, 1]
    assert versions["recorded_by"].tolist() == ["other@example.org", "lead@example.org", "lead@example.org"]
    assert versions["owner_role"].tolist() == ["Head of training", "Training lead", "Training lead"]
    assert versions["due_on"].isna().tolist() == [False, False, True]


def test_of_two_who_save_at_the_same_moment_one_is_told(kept: sa.Engine) -> None:
    registers.add_entry(LEAD, "commitments", PROMISE)
    start = threading.Barrier(2)

    def save(person: Person, role: str) -> object:
        start.wait()
        try:
            return registers.revise_entry(person, "commitments", "C-001", {**PROMISE, "owner_role": role}, version=1)
        except ChangedMeanwhile as told:
            return told.now["owner_role"]

    roles = {LEAD: "Head of one thing", OTHER: "Head of another"}
    with ThreadPoolExecutor(2) as both:
        results = list(both.map(lambda who: save(who, roles[who]), roles))
    kept_role = registers.entries(LEAD, "commitments")["owner_role"].iloc[0]
    assert sorted(map(str, results)) == sorted(["2", kept_role])
    assert registers.history(LEAD, "commitments", "C-001")["version"].tolist() == [2, 1]


def test_withdrawing_keeps_the_history_and_the_trail_names_no_words(kept_sqlite: sa.Engine) -> None:
    registers.add_entry(LEAD, "commitments", PROMISE)
    registers.withdraw_entry(LEAD, "commitments", "C-001", version=1)
    assert registers.entries(LEAD, "commitments").empty
    assert registers.history(LEAD, "commitments", "C-001")["withdrawn"].tolist() == [True, False]
    registers.add_entry(LEAD, "commitments", PROMISE)
    assert registers.history(LEAD, "commitments", "C-001")["version"].tolist() == [3, 2, 1]
    with reading(kept_sqlite) as connection:
        trail = select_audit(connection)
    assert trail["subject"].tolist()[::-1] == [
        "commitment: C-001 added",
        "commitment: C-001 withdrawn",
        "commitment: C-001 added",
    ]
    assert "Train everyone" not in trail.to_string()


def test_saving_what_stands_already_makes_no_version(kept_sqlite: sa.Engine) -> None:
    registers.add_entry(LEAD, "commitments", PROMISE)
    assert registers.revise_entry(LEAD, "commitments", "C-001", PROMISE, version=1) == 1


def test_a_new_status_leaves_the_former_one_as_a_step(kept_sqlite: sa.Engine) -> None:
    registers.add_entry(LEAD, "commitments", PROMISE)
    now = {**PROMISE, "status": "complete", "status_on": "2026-03-31", "evidence": "Minute 7"}
    registers.revise_entry(LEAD, "commitments", "C-001", now, version=1)
    with reading(kept_sqlite) as connection:
        steps = select_register(connection, "commitment_status")
    assert steps[["commitment", "status", "status_on"]].to_numpy().tolist() == [["C-001", "on track", "2025-09-30"]]


def test_whoever_may_not_is_told_who_may(kept_sqlite: sa.Engine) -> None:
    for act in (
        lambda: registers.entries(BOARD, "commitments"),
        lambda: registers.add_entry(BOARD, "commitments", PROMISE),
        lambda: registers.revise_entry(BOARD, "commitments", "C-001", PROMISE, version=1),
        lambda: registers.withdraw_entry(BOARD, "commitments", "C-001", version=1),
        lambda: registers.history(BOARD, "commitments", "C-001"),
    ):
        with pytest.raises(NotAllowed, match="can't edit a register"):
            act()
    registers.add_entry(STEWARD, "commitments", PROMISE)


def test_what_is_written_is_held_to_the_rules_of_a_file_and_to_the_guard(kept_sqlite: sa.Engine) -> None:
    wrong = {**PROMISE, "status": "fine", "due_on": "soon", "owner_role": "", "asks": "Z1"}
    with pytest.raises(DataErrors) as caught:
        registers.add_entry(LEAD, "commitments", wrong)
    told = {problem.column: problem for problem in caught.value.problems}
    assert set(told) == {"status", "due_on", "owner_role", "asks"}
    assert "something is needed here" in str(told["owner_role"])
    assert "one of: not started; on track" in str(told["status"])
    with pytest.raises(DataErrors) as caught:
        registers.add_entry(LEAD, "commitments", {**PROMISE, "evidence": "Call Mrs J Example on 01202 900123"})
    (problem,) = caught.value.problems
    assert problem.column == "evidence"
    assert "Example" not in str(problem)
    assert registers.entries(LEAD, "commitments").empty


def test_ids_are_suggested_and_never_taken_twice(kept_sqlite: sa.Engine) -> None:
    none = registers.entries(LEAD, "commitments")
    assert registers.next_id(none, "commitments") == "C-001"
    registers.add_entry(LEAD, "commitments", {**PROMISE, "id": "C-009"})
    assert registers.next_id(registers.entries(LEAD, "commitments"), "commitments") == "C-010"
    with pytest.raises(StoreError, match="There is an entry of this id already"):
        registers.add_entry(LEAD, "commitments", {**PROMISE, "id": "C-009"})
    milestone = {"id": "C-009", "point": "1", "milestone": "A form", "owner_role": "Digital lead"}
    milestone |= {"due_on": "2026-09-30", "status": "on track", "status_on": "2026-03-31"}
    with pytest.raises(StoreError, match="already"):  # milestones stand in the same table
        registers.add_entry(LEAD, "milestones", milestone)


def test_the_first_real_entry_sets_the_invented_ones_aside(kept_sqlite: sa.Engine, tmp_path) -> None:
    path = tmp_path / "invented.csv"
    head = ",".join(PROMISE)
    path.write_text(f"{head}\n" + ",".join({**PROMISE, "id": "EX-C-01"}.values()) + "\n", encoding="utf-8")
    load(path, kept_sqlite, loaded_by="x", illustrative=True)
    with pytest.raises(WrongValues, match="belongs to an invented entry"):
        registers.add_entry(LEAD, "commitments", {**PROMISE, "id": "EX-C-01"})
    registers.add_entry(LEAD, "commitments", PROMISE)
    assert registers.entries(LEAD, "commitments")["entry_id"].tolist() == ["C-001"]
    assert registers.history(LEAD, "commitments", "EX-C-01")["withdrawn"].tolist() == [True, False]
