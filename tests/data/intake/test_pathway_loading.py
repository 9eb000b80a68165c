"""Events of pathways at the door: each supplier's newest file counts, can be undone, and gives protected figures."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.actions.sign_off import fed_by
from data.answers.release import exact_rows, read_basis, release_indicator, wanted_releases
from data.catalogue.pathway import pathway
from data.errors import DataError, StoreError
from data.intake.history import earlier_files, go_back, take_back
from data.intake.loading import IdentifiersFound, load
from data.intake.proposal import accept, propose
from data.store.engine import reading
from data.store.pathway import select_pathway_events

HOME, DORSET_HOME = "E01015272", "E01020452"
HEADER = ("pseudonym", "event", "month", "lsoa21cd", "supplier", "illustrative")
STEPS = (("antenatal_form", "2025-01"), ("antenatal_contact", "2025-03"), ("birth", "2025-05"))
VISITS = (("new_birth_visit", "2025-05"), ("review_6_8_weeks", "2025-07"))
EARLY = (("antenatal_form", "2020-01"), ("antenatal_contact", "2020-03"), ("birth", "2020-05"))
EARLY_VISITS = (("new_birth_visit", "2020-05"), ("review_6_8_weeks", "2020-07"))
BY = "a steward"
POINTS = [point.indicator for point in pathway().points]


def name_of(family: str) -> str:
    return hashlib.sha256(family.encode()).hexdigest()


def rows_of(family: str, *steps: tuple[str, str], home: str = HOME) -> list[tuple[str, ...]]:
    return [(name_of(family), event, month, home) for event, month in steps]


def sent(folder: Path, name: str, rows: list[tuple[str, ...]], supplier: str = "Provider", made_up: str = "no") -> Path:
    """Write one supplier's file, which reaches to December 2025."""
    last = (name_of(f"last of {supplier}"), "booked", "2025-12", HOME)
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, *((*row, supplier, made_up) for row in (*rows, last))])
    path = folder / name
    path.write_text(file.getvalue(), encoding="utf-8")
    return path


def families(count: int, reviewed: int) -> list[tuple[str, ...]]:
    """Families of one neighbourhood, some of them with every visit; one long before, when all was collected."""
    early = rows_of("early", *EARLY, *EARLY_VISITS)
    some = [rows_of(f"f{at}", *STEPS, *(VISITS if at < reviewed else VISITS[:1])) for at in range(count)]
    return early + [row for rows in some for row in rows]


def exact(engine: sa.Engine, indicator: str = "continuity_to_6_8_weeks") -> list[tuple[str, str, float, float]]:
    """The exact rows from July 2025 on, which go into roll-up and protection."""
    with reading(engine) as connection:
        rows = exact_rows(connection, indicator, read_basis(connection))
    rows = rows[rows["period_from"] >= "2025-07-01"]
    return rows[["area_code", "period_from", "numerator", "denominator"]].to_numpy().tolist()


def test_what_is_loaded_is_counted_protected_and_released(ready: sa.Engine, tmp_path: Path) -> None:
    load(sent(tmp_path, "events.csv", families(20, 12)), ready, loaded_by=BY)
    assert exact(ready) == [[HOME, "2025-07-01", 12, 20]]
    with reading(ready) as connection:
        basis = read_basis(connection)
        released = release_indicator(connection, "continuity_to_6_8_weeks", basis)
        assert "continuity_to_6_8_weeks" in wanted_releases(connection, basis)
    council = released[(released["area_code"] == "E06000058") & (released["breakdown_type"] == "")]
    one = council[council["period_from"] == "2025-07-01"].iloc[0]
    # 12 and 20 rounded to the nearest 5: 10 of 20
    assert (one["numerator"], one["denominator"], one["value"], one["value_status"]) == (10, 20, 50.0, "rounded")
    assert not one["illustrative"]


def test_a_small_count_is_hidden(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    load(sent(tmp_path, "events.csv", families(20, 4)), ready_sqlite, loaded_by=BY)
    with reading(ready_sqlite) as connection:
        released = release_indicator(connection, "continuity_to_6_8_weeks", read_basis(connection))
    july = released[(released["period_from"] == "2025-07-01") & released["value_status"].isin(["shown", "rounded"])]
    assert july.empty
    assert not released["numerator"].isin([4, 16]).any()


def test_the_suppliers_next_file_takes_the_place_of_its_last_and_of_no_others(ready: sa.Engine, tmp_path: Path) -> None:
    own = [row for row in families(20, 12) if row[1] not in {"antenatal_form"}]
    forms = [row for row in families(20, 12) if row[1] == "antenatal_form"]
    load(sent(tmp_path, "visits.csv", own), ready, loaded_by=BY)
    load(sent(tmp_path, "forms.csv", forms, supplier="Forms"), ready, loaded_by=BY)
    assert exact(ready) == [[HOME, "2025-07-01", 12, 20]]
    path = sent(tmp_path, "fewer.csv", [row for row in own if row[0] != name_of("f0")])
    proposal = propose(path, ready)
    changes = proposal.changes
    assert changes is not None
    assert (changes.new, changes.removed) == (0, 4)  # contact, birth, visit and review of one family
    assert "continuity_to_12_months" in proposal.indicators
    accept(path, ready, proposal, loaded_by=BY)
    assert exact(ready) == [[HOME, "2025-07-01", 11, 19]]


def test_one_can_go_back_and_take_a_file_out(ready: sa.Engine, tmp_path: Path) -> None:
    first = load(sent(tmp_path, "first.csv", families(20, 12)), ready, loaded_by=BY).submission_id
    second = load(sent(tmp_path, "second.csv", families(21, 9)), ready, loaded_by=BY).submission_id
    assert first is not None
    assert second is not None
    assert exact(ready) == [[HOME, "2025-07-01", 9, 21]]
    assert earlier_files(ready)["id"].tolist() == [first]
    outcome = go_back(ready, first, by=BY)
    assert outcome.files_superseded == ("second.csv",)
    assert exact(ready) == [[HOME, "2025-07-01", 12, 20]]
    with pytest.raises(StoreError, match="used already"):
        go_back(ready, first, by=BY)
    take_back(ready, first, by=BY)
    assert exact(ready) == [[HOME, "2025-07-01", 9, 21]]
    take_back(ready, second, by=BY)
    assert exact(ready) == []


def test_illustrative_events_give_way_to_real_ones(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    load(sent(tmp_path, "made up.csv", families(30, 30), made_up="yes"), ready_sqlite, loaded_by=BY)
    with reading(ready_sqlite) as connection:
        assert select_pathway_events(connection)["illustrative"].all()
    load(sent(tmp_path, "real.csv", families(20, 12), supplier="Another"), ready_sqlite, loaded_by=BY)
    with reading(ready_sqlite) as connection:
        assert not select_pathway_events(connection)["illustrative"].any()
    assert exact(ready_sqlite) == [[HOME, "2025-07-01", 12, 20]]


def test_events_win_over_a_return_for_the_same_council_and_quarter(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    head = "indicator,area_code,period_from,period_to,numerator,denominator"
    rows = [
        f"continuity_to_6_8_weeks,{HOME},2025-07-01,2025-09-30,3,9",
        f"continuity_to_6_8_weeks,{DORSET_HOME},2025-07-01,2025-09-30,5,8",
    ]
    path = tmp_path / "return.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    load(path, ready_sqlite, loaded_by=BY)
    load(sent(tmp_path, "events.csv", families(20, 12)), ready_sqlite, loaded_by=BY)
    # the other council sends no events: what it returned stays, and nothing is added up
    assert sorted(exact(ready_sqlite)) == [[HOME, "2025-07-01", 12, 20], [DORSET_HOME, "2025-07-01", 5, 8]]


def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "export.json"
    response = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": response}]}), encoding="utf-8")
    return path


def table(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("NHS number,health-general,housing-home\n9990000018,good,home-settled\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("export", [bundle, table])
def test_raw_answers_are_refused_with_what_to_do_and_nothing_is_kept(
    ready_sqlite: sa.Engine, tmp_path: Path, export
) -> None:
    with pytest.raises(IdentifiersFound) as refused:
        load(export(tmp_path), ready_sqlite, loaded_by=BY)
    told = str(refused.value.problems[0])
    assert "answers of single people" in told
    assert "python -m data reduce" in told
    assert "9990000018" not in told
    with reading(ready_sqlite) as connection:
        assert select_pathway_events(connection).empty


def test_who_signs_events_off_has_every_indicator_attacked_that_they_feed(
    ready_sqlite: sa.Engine, tmp_path: Path
) -> None:
    number = load(sent(tmp_path, "events.csv", families(1, 1)), ready_sqlite, loaded_by=BY).submission_id
    assert number is not None
    with reading(ready_sqlite) as connection:
        assert set(POINTS) <= set(fed_by(connection, number))


def test_an_area_that_the_store_does_not_hold_is_refused(store: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="areas that the store does not hold"):
        load(sent(tmp_path, "events.csv", families(1, 1)), store, loaded_by=BY)
