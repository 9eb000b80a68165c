"""Two employers in one council both count: a named supplier replaces only what it has sent itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.intake.changes import Changes
from data.intake.history import go_back, take_back
from data.intake.loading import load
from data.intake.proposal import propose
from data.store.engine import reading
from data.store.observations import select_observations
from data.store.submissions import select_submissions

BCP, DORSET = "E06000058", "E06000059"
HEAD = "indicator_id,area_code,period,numerator,denominator,supplier"
STAFF = "imhcf_trained_direct_contact"
Send = Callable[..., Path]


@pytest.fixture
def send(tmp_path: Path) -> Send:
    """Write a return of one supplier: rows of area, numerator and denominator."""

    def write(name: str, supplier: str, *rows: tuple[object, ...], indicator: str = STAFF) -> Path:
        lines = [f"{indicator},{area},2025/26 Q1,{top},{bottom},{supplier}" for area, top, bottom in rows]
        path = tmp_path / name
        path.write_text("\n".join([HEAD, *lines]) + "\n")
        return path

    return write


def figures(engine: sa.Engine) -> list[tuple[str, float, float]]:
    with reading(engine) as connection:
        frame = select_observations(connection)
    assert not frame.duplicated(["indicator_id", "area_code", "period_from"]).any()
    return list(frame[["area_code", "numerator", "denominator"]].itertuples(index=False, name=None))


def test_suppliers_in_one_council_are_added_up(ready: sa.Engine, send: Send) -> None:
    load(send("trust.csv", "The trust", (BCP, 30, 50), (DORSET, 7, 9)), ready, loaded_by="a steward")
    load(send("council.csv", "The council", (BCP, 12, 40)), ready, loaded_by="a steward")
    assert figures(ready) == [(BCP, 42.0, 90.0), (DORSET, 7.0, 9.0)]
    with reading(ready) as connection:
        listed = select_submissions(connection, current=True).set_index("file_name")["supplier"]
    assert (listed["trust.csv"], listed["council.csv"]) == ("The trust", "The council")


def test_a_supplier_s_correction_leaves_the_others_alone(ready: sa.Engine, send: Send) -> None:
    load(send("trust.csv", "The trust", (BCP, 30, 50)), ready, loaded_by="a steward")
    load(send("council.csv", "The council", (BCP, 12, 40)), ready, loaded_by="a steward")
    path = send("trust2.csv", "The trust", (BCP, 31, 50))
    assert propose(path, ready).changes == Changes(changed=1)
    assert load(path, ready, loaded_by="a steward").rows_superseded == 1
    assert figures(ready) == [(BCP, 43.0, 90.0)]


def test_a_return_that_names_nobody_speaks_for_all_and_gives_way_to_who_is_named(ready: sa.Engine, send: Send) -> None:
    load(send("trust.csv", "The trust", (BCP, 30, 50)), ready, loaded_by="a steward")
    load(send("council.csv", "The council", (BCP, 12, 40)), ready, loaded_by="a steward")
    path = send("all.csv", "", (BCP, 60, 100))
    assert propose(path, ready).changes == Changes(changed=1), "42 of 90 becomes 60 of 100"
    assert load(path, ready, loaded_by="a steward").rows_superseded == 2
    assert figures(ready) == [(BCP, 60.0, 100.0)]
    load(send("trust2.csv", "The trust", (BCP, 33, 50)), ready, loaded_by="a steward")
    assert figures(ready) == [(BCP, 33.0, 50.0)]


def test_going_back_keeps_suppliers_apart(ready: sa.Engine, send: Send) -> None:
    first = load(send("trust.csv", "The trust", (BCP, 30, 50)), ready, loaded_by="a steward").submission_id
    load(send("council.csv", "The council", (BCP, 12, 40)), ready, loaded_by="a steward")
    second = load(send("trust2.csv", "The trust", (BCP, 31, 50)), ready, loaded_by="a steward").submission_id
    assert first is not None
    assert second is not None
    go_back(ready, first, by="a steward")
    assert figures(ready) == [(BCP, 42.0, 90.0)]
    go_back(ready, second, by="a steward")
    whole = load(send("all.csv", "", (BCP, 60, 100)), ready, loaded_by="a steward").submission_id
    assert whole is not None
    take_back(ready, whole, by="a steward")
    assert figures(ready) == [(BCP, 43.0, 90.0)], "both suppliers come back"


def test_a_count_that_one_supplier_hides_is_not_given_for_all(ready_sqlite: sa.Engine, send: Send) -> None:
    load(send("trust.csv", "The trust", (BCP, 30, 50)), ready_sqlite, loaded_by="a steward")
    load(send("council.csv", "The council", (BCP, "*", 40)), ready_sqlite, loaded_by="a steward")
    with reading(ready_sqlite) as connection:
        only = select_observations(connection).iloc[0]
    assert only["value_status"] == "suppressed"
    assert only[["numerator", "denominator"]].isna().all()


def test_one_file_is_of_one_supplier(ready_sqlite: sa.Engine, send: Send) -> None:
    path = send("two.csv", "The trust", (BCP, 30, 50), (DORSET, 7, 9))
    path.write_text(path.read_text().replace("7,9,The trust", "7,9,The council"))
    (problem,) = propose(path, ready_sqlite).problems
    assert "this file is of more than one supplier" in str(problem)
    assert (problem.row, problem.column) == (3, "supplier")


def test_what_cannot_be_added_up_takes_no_supplier(ready_sqlite: sa.Engine, send: Send) -> None:
    path = send("rate.csv", "The trust", (BCP, 3, 1000), indicator="RATE")
    from data.catalogue import indicators

    rate = next(entry.id for entry in indicators() if entry.value_type == "rate" and entry.returned_by == "long_return")
    path.write_text(path.read_text().replace("RATE", rate).replace("2025/26 Q1", "2024/25"))
    found = [str(problem) for problem in propose(path, ready_sqlite).problems]
    assert any("cannot be added up with those of other suppliers" in problem for problem in found)
