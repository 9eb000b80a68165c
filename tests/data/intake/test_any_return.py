"""Whatever stands in a return, trying it ends in a proposal, and what is wrong can be marked in a copy."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.intake.loading import load
from data.intake.proposal import accept, marked_copy, propose
from data.store.engine import reading
from data.store.state import data_revision

HEADER = ["indicator_id", "area_code", "period", "period_from", "period_to", "breakdown_type", "breakdown_value"]
HEADER += ["numerator", "denominator", "value", "note", "supplier", "illustrative"]
#: For each column, cells that are right and cells that people or machines write instead.
CELLS: dict[str, list[str]] = {
    "indicator_id": [
        "new_birth_visit_14_days",
        "buddy_allocated",
        "looked_after_under_1",
        "preparedness_gain",
        "",
        "x",
    ],
    "area_code": ["E06000058", "E06000059", "E01015272", "E02003190", "E54000041", "E01999999", "", "Dorset"],
    "period": ["2025/26 Q1", "2025/26 Q2", "2024/25", "2023/24 to 2025/26", "", "soon", "9999/00", "0000/01 Q1"],
    "period_from": ["", "", "2025-04-01", "01/04/2025", "1066-10-14", "2025-02-30"],
    "period_to": ["", "", "2025-06-30", "30/06/2025", "9999-12-31"],
    "breakdown_type": ["", "", "ethnic_group", "need_domain", "imd_fifth_national", "?"],
    "breakdown_value": ["", "", "White", "Unknown", "Health", "=1+1"],
    "numerator": ["5", "0", "12", "*", "[x]", "", "-3", "1e309", "nan", "1,234", "12.5", "٣", "=A1"],
    "denominator": ["12", "0", "40", "*", "", "-1", "1e308", "inf"],
    "value": ["", "", "1.5", "85", "x"],
    "note": ["", "example", "'", '"quoted"', "line\nbreak", "é", "=HYPERLINK(1)"],
    "supplier": ["", "", "The trust", "the trust", "A" * 300],
    "illustrative": ["", "no", "yes", "perhaps"],
}


def any_return(path: Path, pick: random.Random) -> Path:
    """Write a return of random cells: mostly right at the beginning of each list, seldom so at its end."""
    columns = [name for name in HEADER if name in HEADER[:2] or pick.random() < 0.9]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for _ in range(pick.randint(1, 12)):
            writer.writerow([CELLS[name][min(pick.randrange(len(CELLS[name])), pick.randrange(9))] for name in columns])
    return path


@pytest.mark.parametrize("seed", range(12))
def test_trying_any_return_ends_in_a_proposal(ready_sqlite: sa.Engine, tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 (a repeatable choice, no secret)
    for number in range(12):
        path = any_return(tmp_path / f"{number}.csv", pick)
        with reading(ready_sqlite) as connection:
            before = data_revision(connection)
        proposal = propose(path, ready_sqlite)
        with reading(ready_sqlite) as connection:
            assert data_revision(connection) == before, "trying writes nothing"
        if proposal.passes:
            accept(path, ready_sqlite, proposal, loaded_by="a test")
        else:
            assert all(problem.problem and problem.file for problem in proposal.problems)
            assert marked_copy(path, proposal.problems)[:2] == b"PK"


def test_some_random_returns_do_pass(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    """Without this the test above could try nothing but refusals."""
    pick = random.Random(0)  # noqa: S311 (a repeatable choice, no secret)
    right = {name: cells[:2] for name, cells in CELLS.items()} | {"illustrative": ["no"], "denominator": ["12", "40"]}
    with (tmp_path / "right.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerow([pick.choice(right[name]) for name in HEADER])
    assert load(tmp_path / "right.csv", ready_sqlite, loaded_by="a test").loaded
