"""The illustrative registers, from their files to the scorecard: what is found is what they were made from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data import catalogue
from data.answers import evidence, opened
from data.answers.current import ensure_current
from data.answers.evidence import asks_nobody_measures, coproduction, duty_file, kpi_register, sector_matrix
from data.answers.promises import commitments, milestones, status_rule
from data.answers.register_figures import figures_from_registers
from data.answers.registers_kept import registers_kept
from data.answers.release import release_changed
from data.answers.scorecard import scorecard
from data.example import register_money
from data.example.register_tables import TRUTH
from data.example.registers import INVENTED, registers, write_registers
from data.intake.loading import load
from data.store.engine import open_store, reading, writing
from data.store.registers import select_history, select_register
from data.store.released import replace_released, select_released

ICS, BCP = "E54000041", "E06000058"


@pytest.fixture(scope="module")
def with_registers(whole_chain_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The illustrative returns of a few indicators, with every illustrative register."""
    folder = tmp_path_factory.mktemp("registers")
    shutil.copy(whole_chain_file, folder / "store.sqlite")
    engine = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    for path in write_registers(folder):
        load(path, engine, loaded_by="a test", illustrative=True)
    ensure_current(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def asked(with_registers: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A copy of that store, which answers read and a test may change."""
    with reading(with_registers) as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    shutil.copy(str(with_registers.url.database), tmp_path / "copy.sqlite")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'copy.sqlite'}")
    opened._opened.cache_clear()
    yield opened.opened()
    opened.opened().dispose()
    opened._opened.cache_clear()


def newest(engine: sa.Engine, indicator_id: str, area: str = ICS) -> dict[str, object]:
    with reading(engine) as connection:
        rows = select_released(connection, indicator_id, area_code=area, breakdown_type="")
    rows = rows.loc[rows["period_to"] <= "2026-03-31"].sort_values("period_to")
    return {str(name): value for name, value in rows.iloc[-1].items()}


def test_every_row_says_in_its_own_words_that_it_is_invented() -> None:
    for register_id, rows in registers().items():
        columns = {one.name: one for one in catalogue.register(register_id).columns}
        for row in rows:
            assert str(row["id"]).startswith("EX-")
            assert any(str(value).startswith(INVENTED) for value in row.values())
            # whoever is named, quoted or cited is invented: only closed lists, codes, days and numbers are not
            free = [name for name in row if columns[name].kind in {"text", "long_text"} and row[name]]
            exempt = {"asks", "year", "source_page", "page"}
            assert all(str(row[name]).startswith(INVENTED) for name in free if name not in exempt), row


@pytest.mark.parametrize("indicator_id", sorted(TRUTH))
def test_the_known_truth_is_what_is_found(with_registers: sa.Engine, indicator_id: str) -> None:
    found = newest(with_registers, indicator_id)
    assert (found["numerator"], found["denominator"]) == TRUTH[indicator_id]
    assert found["value"] == pytest.approx(100 * TRUTH[indicator_id][0] / TRUTH[indicator_id][1])
    assert found["illustrative"] is True or found["illustrative"] == 1
    assert found["period_to"] == "2026-03-31"


def test_the_middle_of_the_days_late_is_that_of_the_two_late_actions(with_registers: sa.Engine) -> None:
    # 31 March 2026 less 31 December 2025 is 90 days, less 28 February 2026 is 31: 60.5 in the middle
    assert newest(with_registers, "actions_days_late")["value"] == (90 + 31) / 2


def test_the_money_is_what_the_lines_add_up_to(with_registers: sa.Engine) -> None:
    share = newest(with_registers, "prevention_share")
    assert share["numerator"] == pytest.approx(1.05 * register_money.PREVENTION)
    assert share["value"] == pytest.approx(100 * register_money.PREVENTION / register_money.EVERYTHING)
    whole = register_money.PREVENTION
    assert newest(with_registers, "secured_funding_share")["value"] == pytest.approx(
        100 * register_money.SECURED / whole
    )
    assert newest(with_registers, "recurrent_funding_share")["value"] == pytest.approx(
        100 * register_money.RECURRENT / whole
    )
    with reading(with_registers) as connection:
        split = select_released(connection, "spend_by_beneficiary", area_code=BCP, period_type="year")
    split = split.loc[split["period_to"] == "2026-03-31"].set_index("breakdown_value")["value"]
    # in BCP: 1,000,000 for the infant and 300,000 for the carer
    assert split.to_dict() == pytest.approx({"Unborn": 0, "Infant": 100 * 10 / 13, "Carer": 100 * 3 / 13})


def test_money_for_each_child_needs_its_children_and_its_births(asked: sa.Engine) -> None:
    with reading(asked) as connection:
        assert select_released(connection, "prevention_spend_per_child").empty
        years = select_released(
            connection, "new_birth_visit_14_days", area_code=ICS, period_type="year", breakdown_type=""
        )
    births = years.set_index("period_to").loc["2026-03-31", "denominator"]
    each = newest(asked, "icb_spend_per_birth")
    # the parent-infant team and perinatal care: 500,000 + 0.4 × 1,000,000, 5% more in 2025/26
    assert each["value"] == pytest.approx(1.05 * 900_000 / float(births))
    with writing(asked) as connection:
        for name, count in (("cohort_under_two", 12_000), ("cohort_pregnancies", 4_500)):
            replace_released(connection, name, pd.DataFrame([cell_of(year, count) for year in (2024, 2025)]), "a test")
        made = figures_from_registers(connection, "prevention_spend_per_child", "2026-03-31")
        assert made["area_code"].tolist() == [ICS]  # nothing stands below the line of either council
        assert made["period_to"].tolist() == ["2026-03-31"]  # the year before needs the deflator
        assert made["value"].tolist() == pytest.approx([1.05 * 3_000_000 / 16_500])
        prices = pd.DataFrame([cell_of(2024, 96), cell_of(2025, 100)]).assign(
            area_code="E92000001", area_type="country"
        )
        replace_released(connection, "gdp_deflator", prices, "a test")
        made = figures_from_registers(connection, "prevention_spend_per_child", "2026-03-31")
    # 3,000,000 of 2024/25 are worth 100/96 of that in the prices of 2025/26
    assert made["value"].tolist() == pytest.approx([3_000_000 / 0.96 / 16_500, 1.05 * 3_000_000 / 16_500])


def cell_of(year: int, value: float) -> dict[str, object]:
    """Write a released figure of the system for a financial year."""
    return {
        "area_type": "icb", "area_code": ICS, "period_type": "year", "breakdown_type": "", "breakdown_value": "",
        "period_from": f"{year}-04-01", "period_to": f"{year + 1}-03-31", "numerator": value, "denominator": None,
        "value": value, "lowercl": None, "uppercl": None, "value_status": "rounded", "illustrative": True,
        "submission_id": 1,
    }  # fmt: skip


def test_the_scorecard_shows_them_labelled_as_illustrative(asked: sa.Engine) -> None:
    table = scorecard("accountability").table.set_index("ask")
    assert table.loc["A6.4", "figure"] == "54.2%"  # 13 of 24
    assert table.loc["A6.4", "period"] == "2025/26 Q4"
    assert bool(table.loc["A6.4", "illustrative"])
    assert table.loc["A10.2", "figure"] == "50.0%"


def test_a_bound_promise_follows_its_figure_and_says_so(asked: sa.Engine) -> None:
    with reading(asked) as connection:
        steps = select_register(connection, "commitment_status")
        figure = newest(asked, "new_birth_visit_14_days")
    from_data = steps.loc[steps["from_data"].astype("bool")].set_index("commitment")
    assert from_data["status"].to_dict()["EX-B-01"] == ("complete" if float(str(figure["value"])) >= 85 else "at risk")
    assert from_data.loc["EX-B-02", "status"] == "overdue"  # nowhere near 95%, and due on 31 March 2026
    assert from_data.loc["EX-B-03", "status"] in {"on track", "at risk"}  # due a year later
    assert from_data["illustrative"].all()
    assert from_data["evidence"].str.startswith("Invented example. From data: ").all()
    assert from_data["status_on"].unique().tolist() == ["2026-03-31"]
    with reading(asked) as connection:
        own = select_history(connection, "commitment", "EX-B-01")
    assert own["status"].tolist() == ["not started"]  # what a person wrote stays as it was


def test_releasing_again_writes_nothing_new(asked: sa.Engine) -> None:
    with reading(asked) as connection:
        before = len(select_register(connection, "commitment_status"))
    assert release_changed(asked, "a test") == 0
    with reading(asked) as connection:
        assert len(select_register(connection, "commitment_status")) == before


def test_a_real_return_of_one_register_leaves_the_others_illustrative(asked: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "sectors.csv"
    rows = [f"S-{at},{name},service,yes,Minute {at},2026-02-01" for at, name in enumerate(("Health", "Education"))]
    path.write_text("\n".join(["id,sector,what,in_place,evidence,since", *rows]) + "\n", encoding="utf-8")
    load(path, asked, loaded_by="a lead")
    assert ensure_current(asked) == 5  # five figures rest on evidence of sectors
    real = newest(asked, "sectors_with_provision")
    assert (real["numerator"], real["denominator"], bool(real["illustrative"])) == (2, 8, False)
    assert bool(newest(asked, "milestones_on_track")["illustrative"])


# ---- what pages are given -------------------------------------------------------------------------------------------


def test_promises_come_overdue_and_unevidenced_first_with_their_history(asked: sa.Engine) -> None:
    answer = commitments()
    assert answer.finding.startswith("Illustrative, not real: Of 18 promises, ")  # 19 less one withdrawn
    # two actions are late on 31 March 2026; one more was recorded as overdue, and one follows from its figure
    assert "and 4 are overdue" in answer.finding
    late = answer.table.loc[answer.table["days_late"] > 0]
    assert answer.table.index[: len(late)].tolist() == late.index.tolist()
    # due on 31 December 2025 and counted on 31 March 2026, as every entry is invented
    assert late.iloc[0][["entry", "days_late"]].tolist() == ["EX-A-03", 90.0]
    first = answer.table.set_index("entry").loc["EX-C-01"]
    assert first["history"] == (
        "30 Jun 2025: not started; 30 Sep 2025: on track; 31 Dec 2025: on track; 31 Mar 2026: complete"
    )
    bound = answer.table.set_index("entry").loc["EX-B-02"]
    assert bound["said_by"] == "Follows from data"
    assert bound["bound_to"].endswith("kept at 95.0%")
    assert any("counted on 31 March 2026" in note for note in answer.notes)


def test_the_duty_file_says_what_is_there_and_what_is_missing_and_gives_no_verdict(
    asked: sa.Engine, tmp_path: Path
) -> None:
    assert duty_file().finding.startswith("No data yet")  # nothing is made up about a real body's duty
    items = next(one.allowed for one in catalogue.register("duty_evidence").columns if one.name == "item")
    rows = [(0, "yes", "2025/26"), (3, "yes", "2025/26"), (4, "no", "2025/26"), (1, "yes", "2024/25")]
    lines = [f"D-{at},{items[item]},{year},{about},A test,2026-03-31" for at, (item, about, year) in enumerate(rows)]
    path = tmp_path / "duty.csv"
    path.write_text("\n".join(["id,item,year,mentions_under_twos,document,found_on", *lines]) + "\n", encoding="utf-8")
    load(path, asked, loaded_by="a test")
    ensure_current(asked)
    assert newest(asked, "duty_evidence_items")["numerator"] == 2
    answer = duty_file()
    assert "For 2025/26, 2 of 5 items are evidenced for under-twos, and 1 more is on file" in answer.finding
    said = answer.table["on_file"].tolist()
    assert [words.split(",")[0] for words in said[:5]] == [
        *("On file", "Nothing on file", "Nothing on file", "On file", "On file"),
    ]
    assert "Equality Act 2010" in answer.table["item"].iloc[5]
    assert any("no verdict" in note for note in answer.notes)


def test_sectors_measures_meetings_and_milestones_say_what_the_rows_hold(asked: sa.Engine) -> None:
    matrix = sector_matrix()
    # Health 3, Education 2, social care 3, Community 3, Policing 1, Employment 1
    assert "13 of 24 cells" in matrix.finding
    assert "There is none for Local Economy and Special Education Needs and Disabilities (SEND)." in matrix.finding
    assert matrix.table.set_index("sector").loc["Policing", "service"] == "Nothing on file"
    assert "6 of 10 measures" in kpi_register().finding
    # measures are mapped to B23.5, B17.1, A14.1 and B25.2
    assert "103 of the 107 asks" in asks_nobody_measures().finding
    assert len(asks_nobody_measures().table) == 103
    # three co-designed, two co-produced
    assert "5 of 7 activities" in coproduction().finding
    assert "against their share in the community: no data yet." in coproduction().finding  # no return has it
    assert not {"members", "members_plus_groups", "panel"} & set(coproduction().table.columns)
    assert "6 of 9 milestones are complete or on track" in milestones().finding
    assert "2 of 3 in Point 1, 2 of 3 in Point 2, 2 of 3 in Point 3" in milestones().finding


def test_an_empty_register_names_the_template_that_would_fill_it(reference_file: Path, monkeypatch, tmp_path) -> None:
    shutil.copy(reference_file, tmp_path / "store.sqlite")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    opened._opened.cache_clear()
    for give in (commitments, duty_file, sector_matrix, kpi_register, coproduction, milestones):
        answer = give()
        assert answer.empty
        assert answer.finding.startswith("No data yet. Send in the template “")
        assert not answer.illustrative
    opened.opened().dispose()
    opened._opened.cache_clear()


def test_the_rules_by_which_a_promise_follows_its_figure_can_be_read(asked: sa.Engine) -> None:
    answer = status_rule()
    assert answer.table["status"].tolist() == ["complete", "overdue", "on track", "at risk"]
    assert any("illustrative figure never changes the status of a real promise" in note for note in answer.notes)


def test_the_data_page_is_told_which_registers_are_kept(asked: sa.Engine) -> None:
    answer = registers_kept()
    table = answer.table.set_index("template")
    assert table.loc["commitments", ["entries", "newest", "kind"]].tolist() == [
        *("19 entries", "31 March 2026", "Illustrative, not real"),
    ]
    assert table.loc["duty_evidence", ["entries", "newest", "kind"]].tolist() == ["0 entries", "–", "Nothing yet"]
    assert "0 have real entries" in answer.finding
    assert answer.illustrative


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("value", "status", "said"),
    [(0.75, "shown", "0.8 ratio (1 is proportionate)"), (float("nan"), "suppressed", "too few people to show")],
)
def test_the_make_up_of_panels_comes_from_what_is_released(
    monkeypatch: pytest.MonkeyPatch, value: float, status: str, said: str
) -> None:
    row = {"value": value, "value_status": status, "period_type": "year"}
    row |= {"period_from": "2025-04-01", "period_to": "2026-03-31"}
    monkeypatch.setattr(evidence, "select_released", lambda *_, **__: pd.DataFrame([row]))
    assert f"against their share in the community: {said} (2025/26)." in evidence.coproduction().finding
