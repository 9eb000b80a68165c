"""Registers: one reader for all of them, by what the catalogue says of each column."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from data import catalogue
from data.errors import DataError, DataErrors, WrongColumns, WrongValues
from data.sources import read_file, reader_for
from data.sources.register_checks import looks_like_a_person
from data.sources.registers import kept_registers
from data.sources.templates import write_template

REGISTERS = [register.id for register in kept_registers()]


def fill_in(register_id: str, path: Path, *rows: dict[str, object]) -> Path:
    """Fill the register's template in as a person does: its own example, with some cells changed in each row."""
    write_template(register_id, path, on=dt.date(2026, 4, 20))
    book = openpyxl.load_workbook(path)
    columns = catalogue.register(register_id).columns
    for number, changed in enumerate(rows or ({},), start=2):
        for at, column in enumerate(columns, start=1):
            book["Return"].cell(row=number, column=at, value=changed.get(column.name, column.example) or None)
    book.save(path)
    return path


def problems_of(path: Path) -> tuple[DataError, ...]:
    with pytest.raises(DataError) as caught:
        read_file(path)
    return caught.value.problems if isinstance(caught.value, DataErrors) else (caught.value,)


@pytest.mark.parametrize("register_id", REGISTERS)
def test_the_template_with_its_own_example_is_read_as_its_register(register_id: str, tmp_path: Path) -> None:
    path = fill_in(register_id, tmp_path / "sent.xlsx")
    assert reader_for(path).__name__ == "data.sources.registers"
    reading = read_file(path)
    register = catalogue.register(register_id)
    assert reading.source_id == register.source
    assert reading.rows_read == 1
    frame = reading.frames[register.store_table]
    assert frame["entry_id"].tolist() == [next(column.example for column in register.columns if column.name == "id")]
    assert not reading.illustrative


def test_commitments_and_milestones_share_a_table_and_say_which_they_are(tmp_path: Path) -> None:
    for register_id in ("commitments", "milestones"):
        frame = read_file(fill_in(register_id, tmp_path / f"{register_id}.xlsx")).frames["commitment"]
        assert frame["register"].tolist() == [register_id]


def test_cells_are_read_as_people_write_them(tmp_path: Path) -> None:
    path = fill_in(
        "coproduction",
        tmp_path / "sent.xlsx",
        {
            "held_on": dt.date(2025, 10, 14),
            "groups_present": "Health;parents",
            "expenses_paid": "Y",
            "level": "Co-design",
        },
        {"id": "P-002", "held_on": "14/10/2025", "groups_present": "", "expenses_paid": "", "members": "1,200"},
    )
    frame = read_file(path).frames["coproduction"]
    assert frame["held_on"].tolist() == ["2025-10-14", "2025-10-14"]
    assert frame["groups_present"].tolist() == ["parents; health", ""]
    assert frame["expenses_paid"].tolist() == [True, None]
    assert frame["level"].tolist() == ["co-design", "co-design"]
    assert frame["members"].tolist() == [12, 1200]


@pytest.mark.parametrize(
    ("register_id", "cells", "column", "words"),
    [
        ("commitments", {"kind": "wish"}, "kind", "one of: action; adoption; board decision; accountability action"),
        ("commitments", {"status_on": "soon"}, "status_on", "a day such as 2025-12-31"),
        ("commitments", {"made_on": None}, "made_on", "something in every row"),
        ("commitments", {"due_on": "2025-03-31"}, "due_on", "no day before made_on"),
        ("commitments", {"indicator": "imhcf_traned_direct_contact"}, "indicator", "'imhcf_trained_direct_contact'"),
        ("commitments", {"indicator": None}, "threshold", "an indicator beside its threshold"),
        ("commitments", {"asks": "A12.1 Z9.9"}, "asks", "ids of asks such as A12.1"),
        ("commitments", {"owner_role": "Jane Example"}, "owner_role", "Write the role and never a person’s name"),
        ("commitments", {"id": "-"}, "id", "up to 40 letters and digits"),
        ("funding_lines", {"share_0_to_2": 60}, "share_0_to_2", "a number from 0 to 1"),
        ("funding_lines", {"amount": -5}, "amount", "a number of 0 or more"),
        ("funding_lines", {"year": "2025"}, "year", "a financial year such as 2025/26"),
        ("funding_lines", {"recurrent": "maybe"}, "recurrent", "yes or no"),
        ("training_plan", {"direct_contact_headcount": 121}, "direct_contact_headcount", "no more than headcount"),
        ("training_plan", {"headcount": 120.5}, "headcount", "a whole number"),
        ("coproduction", {"groups_present": "parents, health"}, "groups_present", "with semicolons between"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(
    register_id: str, cells: dict[str, object], column: str, words: str, tmp_path: Path
) -> None:
    (problem,) = problems_of(fill_in(register_id, tmp_path / "sent.xlsx", cells))
    assert isinstance(problem, WrongValues)
    assert (problem.file, problem.sheet, problem.row, problem.column) == ("sent.xlsx", "Return", 2, column)
    assert problem.source == catalogue.register(register_id).name
    assert words in str(problem)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    rows = ({"status": "fine"}, {"due_on": "later"}, {"id": "C-001"})
    found = problems_of(fill_in("commitments", tmp_path / "sent.xlsx", *rows))
    assert {problem.column for problem in found} == {"id", "status", "due_on"}
    assert next(problem for problem in found if problem.column == "id").row == 3


def test_a_column_that_nobody_asked_for_is_refused(tmp_path: Path) -> None:
    path = fill_in("milestones", tmp_path / "sent.xlsx")
    book = openpyxl.load_workbook(path)
    book["Return"].cell(row=1, column=10, value="Telephone")
    book["Return"].cell(row=2, column=10, value="none")
    book.save(path)
    (problem,) = problems_of(path)
    assert isinstance(problem, WrongColumns)
    assert problem.column == "telephone"


@pytest.mark.parametrize(
    ("said", "invented"), [(("yes", "yes"), True), (("no", "no"), False), (("yes", "no"), None)]
)  # fmt: skip
def test_invented_entries_come_in_a_file_of_their_own(
    said: tuple[str, str], invented: bool | None, tmp_path: Path
) -> None:
    path = tmp_path / "sent.csv"
    rows = [f"D-{at},Executive lead is named,2025/26,no,A report,2025-12-31,{word}" for at, word in enumerate(said)]
    path.write_text("\n".join(["id,item,year,mentions_under_twos,document,found_on,illustrative", *rows]) + "\n")
    if invented is None:
        assert [problem.column for problem in problems_of(path)] == ["illustrative"]
    else:
        assert read_file(path).illustrative is invented


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Jane Example", True),
        ("Jane van Example", False),  # small letters inside: not told from a role by form alone
        ("Anne-Marie O’Example", True),
        ("Director of Public Health", False),
        ("Head of midwifery", False),
        ("Public Health Consultant", False),
        ("Portfolio Holder", False),
        ("NHS Dorset", False),
        ("Programme office", False),
        ("", False),
    ],
)
def test_a_role_is_told_from_a_name(text: str, person: bool) -> None:
    assert looks_like_a_person(text) is person
