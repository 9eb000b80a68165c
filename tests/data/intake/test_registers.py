"""Registers through the door: each change of an entry is a new version, and every act can be undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.errors import StoreError, UnknownName, WrongValues
from data.intake.history import earlier_files, go_back, take_back
from data.intake.loading import IdentifiersFound, load
from data.intake.proposal import accept, propose
from data.store.engine import reading, writing
from data.store.registers import revise_entry, select_history, select_register
from data.store.submissions import select_submissions

HEAD = "id,item,year,mentions_under_twos,document,found_on"
Write = Callable[..., Path]


@pytest.fixture
def duty(tmp_path: Path) -> Write:
    """Write a return of duty evidence: ``duty("a.csv", D-1="Annual report 2025")``, one entry for each name."""

    def write(name: str, **documents: str) -> Path:
        rows = [
            f"{entry.replace('_', '-')},Executive lead is named,2025/26,no,{document},2025-12-31"
            for entry, document in documents.items()
        ]
        path = tmp_path / name
        path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def now(engine: sa.Engine, table: str = "duty_evidence") -> dict[str, str]:
    with reading(engine) as connection:
        frame = select_register(connection, table)
    return dict(zip(frame["entry_id"], frame["document"], strict=True))


def versions(engine: sa.Engine, entry_id: str) -> list[tuple[str, bool]]:
    with reading(engine) as connection:
        frame = select_history(connection, "duty_evidence", entry_id)
    return list(zip(frame["document"], frame["withdrawn"], strict=True))


def test_a_corrected_file_changes_adds_and_withdraws_and_overwrites_nothing(store: sa.Engine, duty: Write) -> None:
    load(duty("first.csv", D_1="Report", D_2="Plan", D_3="Minutes"), store, loaded_by="a lead")
    second = duty("second.csv", D_1="Report", D_2="Plan page 4", D_4="Letter")
    proposal = propose(second, store)
    assert proposal.changes is not None
    assert (proposal.changes.new, proposal.changes.changed, proposal.changes.removed, proposal.changes.unchanged) == (
        *(1, 1, 1, 1),
    )
    assert now(store) == {"D-1": "Report", "D-2": "Plan", "D-3": "Minutes"}
    accept(second, store, proposal, loaded_by="a lead")
    assert now(store) == {"D-1": "Report", "D-2": "Plan page 4", "D-4": "Letter"}
    assert versions(store, "D-1") == [("Report", False)]
    assert versions(store, "D-2") == [("Plan", False), ("Plan page 4", False)]
    assert versions(store, "D-3") == [("Minutes", False), ("Minutes", True)]


def test_going_back_and_taking_out_undo_a_file_whole(store: sa.Engine, duty: Write) -> None:
    first = load(duty("first.csv", D_1="Report", D_2="Plan"), store, loaded_by="a lead").submission_id
    second = load(duty("second.csv", D_2="Plan page 4", D_3="Letter"), store, loaded_by="a lead").submission_id
    assert first is not None
    assert second is not None
    assert earlier_files(store)["id"].tolist() == [first]
    back = go_back(store, first, by="a lead")
    assert now(store) == {"D-1": "Report", "D-2": "Plan"}
    assert (back.rows_current, back.rows_superseded) == (2, 1)
    go_back(store, second, by="a lead")
    assert now(store) == {"D-2": "Plan page 4", "D-3": "Letter"}
    take_back(store, second, by="a lead")
    assert now(store) == {"D-1": "Report", "D-2": "Plan"}
    with pytest.raises(StoreError, match="taken out already"):
        take_back(store, second, by="a lead")
    with pytest.raises(StoreError, match="nothing to go back to"):
        go_back(store, first, by="a lead")
    assert [word for word, _ in versions(store, "D-2")] == ["Plan", "Plan page 4", "Plan", "Plan page 4", "Plan"]


def test_what_was_written_in_the_app_is_told_and_never_withdrawn(ready_sqlite: sa.Engine, duty: Write) -> None:
    first = load(duty("first.csv", D_1="Report", D_2="Plan"), ready_sqlite, loaded_by="a lead").submission_id
    assert first is not None
    with writing(ready_sqlite) as connection:
        revise_entry(connection, "duty_evidence", "D-1", {"document": "Report in the app"}, version=1, by="one")
        revise_entry(connection, "duty_evidence", "D-2", {"document": "Plan in the app"}, version=1, by="one")
    second = duty("second.csv", D_1="Report in a file", D_3="Letter")
    proposal = propose(second, ready_sqlite)
    (warning,) = proposal.warnings
    assert "1 entry that was last changed in the app differs" in str(warning)
    assert warning.found == "D-1"
    accept(second, ready_sqlite, proposal, loaded_by="a lead")
    assert now(ready_sqlite) == {"D-1": "Report in a file", "D-2": "Plan in the app", "D-3": "Letter"}
    outcome = go_back(ready_sqlite, first, by="a lead")
    assert now(ready_sqlite) == {"D-1": "Report", "D-2": "Plan in the app"}
    assert outcome.left_alone == 1
    assert "1 entries were changed in the app" in " ".join(outcome.sentences())


def test_real_entries_set_invented_ones_aside_until_none_is_left(ready_sqlite: sa.Engine, duty: Write) -> None:
    load(duty("i.csv", EX_1="Invented example: a report"), ready_sqlite, loaded_by="x", illustrative=True)
    path = duty("real.csv", D_1="Report")
    proposal = propose(path, ready_sqlite)
    assert proposal.report is not None
    assert proposal.report.illustrative_removed == 1
    real = accept(path, ready_sqlite, proposal, loaded_by="a lead").submission_id
    assert real is not None
    assert now(ready_sqlite) == {"D-1": "Report"}
    assert [gone for _, gone in versions(ready_sqlite, "EX-1")] == [False, True]
    later = load(duty("i2.csv", EX_2="Invented example: a plan"), ready_sqlite, loaded_by="x", illustrative=True)
    assert later.tables == {"duty_evidence": 0}
    with reading(ready_sqlite) as connection:
        used = select_submissions(connection, current=True)
    assert "i.csv" not in used["file_name"].tolist()
    take_back(ready_sqlite, real, by="a lead")
    assert now(ready_sqlite) == {"EX-1": "Invented example: a report"}


def test_an_id_of_an_invented_entry_is_not_taken_for_a_real_one(ready_sqlite: sa.Engine, duty: Write) -> None:
    load(duty("i.csv", EX_1="Invented example: a report"), ready_sqlite, loaded_by="x", illustrative=True)
    with pytest.raises(WrongValues, match="belongs to an invented entry"):
        load(duty("real.csv", EX_1="Report"), ready_sqlite, loaded_by="a lead")
    assert now(ready_sqlite) == {"EX-1": "Invented example: a report"}


def test_a_payers_file_withdraws_nothing_of_another_payers(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    columns = (
        "id,service,payer,funding_source,council,year,budget_or_outturn,amount,share_0_to_2,share_basis,prevention,"
        "beneficiary,recurrent,ring_fenced_locally"
    )

    def send(name: str, *lines: tuple[str, str]) -> None:
        rows = [
            f"{line},Health visiting,{payer},ICB,BCP,2025/26,budget,100,0.5,By contacts,prevention,Infant,yes,no"
            for line, payer in lines
        ]
        path = tmp_path / name
        path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
        load(path, ready_sqlite, loaded_by="a lead")

    send("a.csv", ("F-1", "A"), ("F-2", "A"))
    send("b.csv", ("F-3", "B"))
    send("a2.csv", ("F-1", "A"))
    with reading(ready_sqlite) as connection:
        assert select_register(connection, "funding_line")["entry_id"].tolist() == ["F-1", "F-3"]


def test_a_step_of_a_commitment_that_is_on_no_register_is_refused(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "steps.csv"
    path.write_text("id,commitment,status,status_on\nCS-1,C-9,on track,2025-12-31\n", encoding="utf-8")
    with pytest.raises(UnknownName) as caught:
        load(path, ready_sqlite, loaded_by="a lead")
    assert (caught.value.row, caught.value.column, caught.value.found) == (2, "commitment", "C-9")
    assert "Send the commitments first" in str(caught.value)


def test_the_guard_looks_at_registers_too(ready_sqlite: sa.Engine, duty: Write) -> None:
    with pytest.raises(IdentifiersFound) as caught:
        load(duty("r.csv", D_1="A letter from Mrs J Example"), ready_sqlite, loaded_by="a lead")
    assert "Example" not in str(caught.value.problems[0])
    assert now(ready_sqlite) == {}
