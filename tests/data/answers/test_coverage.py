"""The grid of returns: what has arrived, is late, missing or refused, counted by visible arithmetic."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data import catalogue
from data.answers import opened
from data.answers.arrivals import expected_cells, periods_before
from data.answers.coverage import STATES, completeness, coverage, grid, last_refusal, refusals
from data.answers.current import ensure_current
from data.intake.loading import load
from data.store.areas import select_areas
from data.store.audit import append_audit
from data.store.engine import writing

BCP, DORSET, ICB = "E06000058", "E06000059", "E54000041"
SOCIAL_CARE = next(part.indicators for part in catalogue.expected() if part.id == "social_care")
YEAR = ("2025-04-01", "2026-03-31")
QUARTER = ("2026-01-01", "2026-03-31")
HEADS = ["indicator", "area_code", "period_from", "period_to", "breakdown_type", "breakdown_value"]


@pytest.fixture
def bare(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it that answers read; gives the folder for files to load."""
    copy = tmp_path / "store.sqlite"
    shutil.copy(reference_file, copy)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
    opened._opened.cache_clear()
    grid.cache_clear()
    yield tmp_path
    opened.opened().dispose()
    opened._opened.cache_clear()
    grid.cache_clear()


def send(folder: Path, rows: list[tuple[object, ...]]) -> None:
    """Load a real long return."""
    path = folder / "return.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEADS, "numerator", "denominator"], *rows])
    load(path, opened.opened(), loaded_by="a test")


def social_care(*names: str, place: str = BCP) -> list[tuple[object, ...]]:
    return [(name, place, *YEAR, "", "", 20, 1000) for name in names]


def cell(part: str, place: str, period: str, on: str) -> pd.Series:
    table = coverage(on=on).table
    found = table[(table["part_id"] == part) & (table["place"] == place) & (table["period"] == period)]
    assert len(found) == 1
    return found.iloc[0]


def test_periods_are_those_that_had_ended():
    assert periods_before(dt.date(2026, 3, 31), "quarter", 1) == [(dt.date(2025, 10, 1), dt.date(2025, 12, 31))]
    assert periods_before(dt.date(2026, 4, 1), "quarter", 2) == [
        (dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        (dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
    ]
    assert periods_before(dt.date(2026, 3, 31), "year", 1) == [(dt.date(2024, 4, 1), dt.date(2025, 3, 31))]
    assert periods_before(dt.date(2026, 4, 1), "year", 1) == [(dt.date(2025, 4, 1), dt.date(2026, 3, 31))]


def test_every_indicator_of_the_long_return_is_expected_once_from_each_place():
    cells = expected_cells(dt.date(2026, 5, 16))
    newest = cells.sort_values("period_to").drop_duplicates(["part_id", "place", "cadence"], keep="last")
    councils = newest[newest["place"].isin([BCP, DORSET])].groupby("place")["indicators_expected"].sum()
    system = newest.loc[newest["place"] == ICB, "indicators_expected"].sum()
    returned = [one for one in catalogue.indicators() if one.returned_by == "long_return"]
    assert councils[BCP] == councils[DORSET] == sum(one.area_grain != "icb" for one in returned)
    assert system == sum(one.area_grain == "icb" for one in returned)


@pytest.mark.parametrize(("days", "state"), [(45, "not due"), (46, "late"), (135, "late"), (136, "missing")])
def test_a_return_is_late_and_missing_by_the_published_rule_to_the_day(bare, days, state):
    send(bare, social_care(SOCIAL_CARE[0], place=DORSET))  # a real return: so the calendar is the real one
    on = dt.date.fromisoformat(YEAR[1]) + dt.timedelta(days=days)
    assert cell("social_care", BCP, "2025/26", on.isoformat())["state"] == state


def test_the_rule_stands_in_the_notes_as_this_dashboards_own(bare):
    notes = " ".join(coverage(on="2026-05-16").notes)
    assert "No due date has been agreed with any sender" in notes
    assert "this dashboard’s own rule" in notes


def test_a_return_has_arrived_when_every_indicator_of_it_has(bare):
    send(bare, social_care(*SOCIAL_CARE[:-1]))
    found = cell("social_care", BCP, "2025/26", "2026-05-16")
    assert (found["state"], found["words"]) == ("in part", "In part: 6 of 7 indicators")
    send(bare, social_care(*SOCIAL_CARE))
    found = cell("social_care", BCP, "2025/26", "2026-05-16")
    assert (found["state"], found["words"], found["illustrative"]) == ("arrived", "Arrived", False)
    assert cell("social_care", DORSET, "2025/26", "2026-05-16")["state"] == "late"
    assert not coverage(on="2026-05-16").illustrative


def test_a_supplier_that_a_return_names_is_named(bare):
    path = bare / "named.csv"
    row = ["buddy_allocated", BCP, *QUARTER, "", "", 20, 40, "A trust"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEADS, "numerator", "denominator", "supplier"], row])
    load(path, opened.opened(), loaded_by="a test")
    send(bare, social_care(SOCIAL_CARE[0]))
    assert cell("buddies", BCP, "2025/26 Q4", "2026-05-16")["came_from"] == "A trust"
    assert cell("social_care", BCP, "2025/26", "2026-05-16")["came_from"] == ""


def test_a_missing_neighbourhood_makes_it_in_part(bare):
    with opened.reading() as connection:
        lsoas = select_areas(connection, "lsoa21")
    lsoas = lsoas[lsoas["lad_code"] == BCP]
    names = next(part.indicators for part in catalogue.expected() if part.id == "maternity")
    kinds = {name: catalogue.indicator(name) for name in names}
    quarterly = [
        name for name, one in kinds.items() if one.period_grain == "quarter" and one.value_type == "proportion"
    ]
    left_out = sorted(lsoas["msoa_code"])[0]
    heard = lsoas.loc[lsoas["msoa_code"] != left_out, "area_code"]
    rows: list[tuple[object, ...]] = [(name, BCP, *QUARTER, "", "", 20, 100) for name in quarterly]
    send(bare, rows + [("cohort_pregnancies", code, *QUARTER, "", "", 9, "") for code in heard])
    found = cell("maternity", BCP, "2025/26 Q4", "2026-05-16")
    assert (found["areas"], found["areas_expected"]) == (47, 48)
    share = completeness(on="2026-05-16").table.set_index(["part_id", "place", "cadence"])["areas"]
    assert share["maternity", BCP, "quarter"] == "98%"  # 47 of 48


def test_what_was_not_collected_has_arrived_and_is_counted_as_such(bare):
    rows = [
        (name, BCP, *YEAR, "", "", *(("[x]", "[x]") if at < 2 else (20, 1000))) for at, name in enumerate(SOCIAL_CARE)
    ]
    rows[2] = (*rows[2][:6], "[f]", 1000)
    send(bare, rows)
    assert cell("social_care", BCP, "2025/26", "2026-05-16")["state"] == "arrived"
    line = completeness(on="2026-05-16").table.set_index(["part_id", "place"]).loc[("social_care", BCP)]
    assert line["periods"] == "1 of 3"
    assert line["not_collected"] == "29%"  # 2 of 7 rows
    assert line["failed"] == "14%"  # 1 of 7


def test_a_refused_return_stands_in_the_grid_until_a_good_one_comes(bare):
    send(bare, social_care(SOCIAL_CARE[0], place=DORSET))
    before = last_refusal()
    with writing(opened.opened()) as connection:
        append_audit(
            connection,
            who="a person",
            action="refuse",
            subject="Return of Jane Doe.xlsx",
            detail={
                "problems": 3,
                "kinds": {"a value of the wrong kind": 3},
                "about": [f"social_care {BCP} {YEAR[1]}"],
            },
        )
    assert last_refusal() != before
    answer = coverage(on="2026-05-16", refused=last_refusal())
    table = answer.table.set_index(["part_id", "place", "period"])
    assert table.loc[("social_care", BCP, "2025/26"), "state"] == "refused"
    assert "missing and 1 refused." in answer.finding
    listed = refusals()
    assert listed.finding == "1 file was refused. Nothing was loaded from it."
    assert listed.table[["about", "problems", "kinds"]].to_numpy().tolist() == [
        ["Children’s social care", 3, "3 a value of the wrong kind"]
    ]
    assert "Jane" not in listed.table.to_csv()
    assert "a person" not in listed.table.to_csv()
    send(bare, social_care(*SOCIAL_CARE))
    assert cell("social_care", BCP, "2025/26", "2026-05-16")["state"] == "arrived"


def test_without_returns_nothing_has_arrived_and_completeness_says_so(bare):
    assert set(coverage(on="2026-05-16").table["state"]) == {"late", "missing"}
    assert "Nothing has arrived yet" in completeness(on="2026-05-16").finding
    assert refusals().finding == "No file has been refused."


def test_the_illustrative_faults_are_found_as_of_the_illustrative_present(whole_chain):
    grid.cache_clear()
    answer = coverage(on="2030-01-01")
    assert answer.illustrative
    assert answer.finding.startswith("Illustrative, not real: Of ")
    assert "as on 16 May 2026" in " ".join(answer.notes)  # 31 March and 46 days
    table = answer.table.set_index(["part_id", "place", "period"])
    assert table.loc[("family_hubs", BCP, "2025/26 Q4"), "state"] == "late"  # documented in data/example/senders.py
    assert table.loc[("family_hubs", BCP, "2025/26 Q3"), "state"] == "in part"  # the test sends one indicator of it


def test_about_nine_in_a_hundred_have_no_known_ethnic_group(whole_chain):
    grid.cache_clear()
    ensure_current(opened.opened())
    table = completeness().table.set_index(["part_id", "place", "cadence"])
    share = table.loc[("health_visiting", BCP, "quarter"), "unknown_ethnic_group"]
    assert 7 <= int(share.rstrip("%")) <= 11


def test_every_state_has_a_sign_of_its_own():
    assert len({sign for sign, _ in STATES.values()}) == len(STATES)


def test_what_is_counted_from_events_has_arrived(bare: Path) -> None:
    from data.example.pathway import write_events

    for path in write_events(bare / "events", 1_500):
        load(path, opened.opened(), loaded_by="a test")
    ensure_current(opened.opened())
    part = next(one.id for one in catalogue.expected() if "continuity_to_6_8_weeks" in one.indicators)
    found = cell(part, BCP, "2025/26 Q3", "2026-06-30")
    assert found["state"] == "in part"  # four continuity indicators of the part, and none of the others
    assert found["indicators"] == 4
    assert "Health visiting" in found["came_from"]
    assert found["illustrative"]


def test_a_register_has_arrived_for_the_period_that_an_entry_is_of_and_is_late_and_missing_otherwise(
    bare: Path,
) -> None:
    register, on = "register_sector_evidence", "2026-05-16"
    before = cell(register, ICB, "2025/26 Q4", on)
    # 31 March 2026 and 45 days is 15 May: late from the 16th; 31 December 2025 and 135 days is 15 May: missing
    assert (before["state"], cell(register, ICB, "2025/26 Q3", on)["state"]) == ("late", "missing")
    assert before["sender"] == "The lead of each sector"
    file = bare / "register.csv"
    file.write_text(
        "id,sector,what,in_place,evidence,since\nS-1,Health,service,yes,A published page,2026-01-10\n", encoding="utf-8"
    )
    load(file, opened.opened(), loaded_by="a test")
    after = cell(register, ICB, "2025/26 Q4", on)
    assert (after["state"], after["words"], after["rows"]) == ("arrived", "Arrived", 1)
    assert cell(register, ICB, "2025/26 Q3", on)["state"] == "missing"
    assert cell("register_funding_lines", ICB, "2025/26", on)["state"] == "late"  # a yearly one, with no line at all


def test_every_expected_register_has_a_keeper_and_a_cadence() -> None:
    for one in catalogue.registers():
        assert (one.expected in {"quarter", "year"}) == bool(one.keeper), one.id
        assert one.expected in {"", "quarter", "year"}
