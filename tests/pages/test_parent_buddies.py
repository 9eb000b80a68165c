"""The Parent buddies page on figures that a reader can work out in the head, and on what is agreed locally."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest

from data import catalogue
from data.answers.buddies import buddies
from data.answers.buddies_allocation import buddies_allocation, buddies_by_fifth, buddies_endings
from data.answers.buddies_capacity import buddies_capacity, buddies_specialists
from data.answers.buddies_coverage import buddies_targeting
from data.answers.buddies_neighbourhoods import buddies_neighbourhoods
from data.answers.buddies_outcomes import buddies_outcomes
from data.answers.buddies_rule import buddies_rule
from data.answers.buddies_steps import buddies_escalation, buddies_steps, buddies_take_up
from data.answers.current import ensure_current
from data.answers.figures import released_grains
from data.catalogue.buddy_criteria import starting_rule
from data.intake.loading import load
from data.sources.templates import template_names
from data.store.areas import select_areas
from data.store.deprivation import select_deprivation
from data.store.engine import open_store, reading

Show = Callable[..., Any]
BCP, DORSET = "E06000058", "E06000059"
QUARTERS = ("2025/26 Q1", "2025/26 Q2", "2025/26 Q3", "2025/26 Q4")
YEARS = ("2023/24", "2024/25", "2025/26")
#: One LSOA of each MSOA, in each quarter: 100 parents of 1,000 meet the criteria.
NEED, ASSESSED = 100, 1000
#: Of them 20 have a buddy in the most deprived fifth and 60 elsewhere; one neighbourhood has none at all.
HAVE_CORE20, HAVE_ELSEWHERE = 20, 60
#: And 50 children under two live there.
CHILDREN = 50
#: Each council and quarter: indicator, counted, out of.
COUNCIL_ROWS = (
    ("buddies_in_post", 20, None),
    ("families_per_buddy", 160, 20),
    ("buddies_supervised", 30, 40),
    ("buddy_waiting", 10, None),
    ("buddy_kept_to_two", 60, 100),
    ("buddy_ended_early", 40, 100),
    ("buddy_introduced", 80, 100),
    ("buddy_attended", 50, 100),
    ("buddy_three_contacts", 40, 100),
    ("offers_not_taken_up", 300, 1000),
    ("pir_workers_wte", 9, 3000),
    ("pir_contacts_home_community", 700, 1000),
    ("pir_contacts_per_family", 1000, 250),
    ("core20_share_of_contacts", 300, 1000),
    ("vulnerable_babies_reached", 300, 500),
)
#: Each council and year.
YEAR_ROWS = (
    ("escalated_within_year", 50, 1000),
    ("care_proceedings_newborn", 20, 3000),
    ("care_proceedings_infant", 30, 3000),
    ("under_two_started_looked_after", 30, 6000),
    ("looked_after_under_1", 30, 3000),
    ("looked_after_1_to_4", 60, 12000),
    ("re_referrals", 40, 200),
    ("serious_incidents", 1, 6000),
)
HEADINGS = [
    "indicator_id",
    "area_code",
    "period",
    "breakdown_type",
    "breakdown_value",
    "numerator",
    "denominator",
    "value",
]
HEADINGS.append("note")
SETTINGS = """id,setting,value,in_force_from,agreed_on,owner_role,agreed_by,evidence
L-1,buddy_caseload,9,2026-01-01,2025-12-01,Programme lead,The programme board,Minute 7
L-2,buddy_level_housing,1,2026-01-01,2025-12-01,Programme lead,The programme board,Minute 8
L-3,buddy_kinds_of_need,1,2030-01-01,2025-12-01,Programme lead,The programme board,Minute 8
"""


def return_rows(places: pd.DataFrame, no_buddy: str, core20: set[str]) -> Iterator[list[object]]:
    """Write the return row by row."""
    note = f"Counted by {starting_rule().version}"
    for quarter in QUARTERS:
        for code in places:
            have = 0 if code == no_buddy else HAVE_CORE20 if code in core20 else HAVE_ELSEWHERE
            yield ["buddy_criteria_met", code, quarter, "", "", NEED, ASSESSED, "", note]
            yield ["buddy_allocated", code, quarter, "", "", have, NEED, "", ""]
            yield ["cohort_under_two", code, quarter, "", "", CHILDREN, "", "", ""]
        for council in (BCP, DORSET):
            yield from ([name, council, quarter, "", "", top, under or "", "", ""] for name, top, under in COUNCIL_ROWS)
            yield ["buddy_median_days", council, quarter, "", "", "", 60, 21, ""]
            yield ["offer_to_contact_median_days", council, quarter, "", "", "", 60, 14, ""]
            yield ["buddy_ended_early", council, quarter, "end_reason", "Buddy left", 10, 100, "", ""]
            yield ["buddy_ended_early", council, quarter, "end_reason", "No longer needed", 30, 100, "", ""]
    for year in YEARS:
        yield ["buddy_model_fidelity", "E54000041", year, "", "", 4, 6, "", ""]
        for council in (BCP, DORSET):
            yield from ([name, council, year, "", "", top, under, "", ""] for name, top, under in YEAR_ROWS)


@pytest.fixture(scope="session")
def places(reference_file: Path) -> tuple[list[str], str, set[str]]:
    """One LSOA of each MSOA, the one without a buddy, and those of the most deprived national fifth."""
    engine = open_store(f"sqlite:///{reference_file}")
    with reading(engine) as connection:
        areas, ranks = select_areas(connection), select_deprivation(connection, "2025", "imd", "lsoa21")
    engine.dispose()
    chosen = areas.loc[areas["area_type"] == "lsoa21"].drop_duplicates("msoa_code")["area_code"].tolist()
    core20 = set(ranks.loc[ranks["decile"] <= 2, "area_code"]) & set(chosen)
    return chosen, next(code for code in chosen if code not in core20), core20


@pytest.fixture(scope="session")
def buddy_file(
    reference_file: Path, made_once: Callable[..., Path], places: tuple[list[str], str, set[str]], tmp_path_factory: Any
) -> Path:
    """The reference with that one return, released."""

    def make(path: Path) -> None:
        shutil.copy(reference_file, path)
        engine = open_store(f"sqlite:///{path}")
        with TemporaryDirectory() as folder:
            file = Path(folder) / "buddies.csv"
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out)
                writer.writerows([HEADINGS, *return_rows(*places)])  # type: ignore[arg-type]
            load(file, engine, loaded_by="a test")
        ensure_current(engine)
        engine.dispose()

    copy = tmp_path_factory.mktemp("buddies") / "store.sqlite"
    shutil.copy(made_once("buddies.sqlite", make), copy)
    return copy


@pytest.fixture
def store(buddy_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store that answers read."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{buddy_file}")
    return buddy_file


@pytest.fixture
def agreed(buddy_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it into which local settings were sent."""
    copy, file = tmp_path / "agreed.sqlite", tmp_path / "local_settings.csv"
    shutil.copy(buddy_file, copy)
    file.write_text(SETTINGS, encoding="utf-8")
    engine = open_store(f"sqlite:///{copy}")
    load(file, engine, loaded_by="a lead")
    ensure_current(engine)
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
    return copy


# ---- the answers ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
def test_allocation_is_counted_over_those_who_meet_the_criteria(places: tuple[list[str], str, set[str]]) -> None:
    chosen, _, core20 = places
    have = 4 * (HAVE_CORE20 * len(core20) + HAVE_ELSEWHERE * (len(chosen) - len(core20) - 1))
    need = 4 * NEED * len(chosen)
    answer = buddies_allocation()
    assert answer.finding.startswith(f"{have:,} of {need:,} parents who met the criteria in 2025/26 had a named buddy")
    assert f"about {need - have:,} had none. 20 were waiting on the last day." in answer.finding
    assert "Of buddied families whose child turned two, 60.0% had kept the support." in answer.finding


@pytest.mark.usefixtures("store")
def test_the_targeting_ratio_is_core20s_chance_over_everybodys(places: tuple[list[str], str, set[str]]) -> None:
    chosen, _, core20 = places
    everybody = (HAVE_CORE20 * len(core20) + HAVE_ELSEWHERE * (len(chosen) - len(core20) - 1)) / (NEED * len(chosen))
    row = buddies_targeting().table.iloc[0]
    assert row["targeting_ratio"] == pytest.approx(HAVE_CORE20 / NEED / everybody)
    assert row["lowercl"] < row["targeting_ratio"] < row["uppercl"] < 1
    assert row["meaning"] == "less than their share"


@pytest.mark.usefixtures("store")
def test_targeted_contacts_are_held_against_the_children_who_live_there(
    places: tuple[list[str], str, set[str]],
) -> None:
    chosen, _, core20 = places
    row = buddies_targeting().table.iloc[1]
    # 30% of contacts go to Core20; every neighbourhood has the same number of children
    assert row["help_share"] == pytest.approx(0.30)
    assert row["need_share"] == pytest.approx(len(core20) / len(chosen), abs=0.001)
    assert row["targeting_ratio"] == pytest.approx(0.30 / row["need_share"])
    assert row["meaning"] == "more than their share"


@pytest.mark.usefixtures("store")
def test_the_neighbourhood_with_need_and_no_buddy_is_named(places: tuple[list[str], str, set[str]]) -> None:
    chosen, no_buddy, core20 = places
    answer = buddies_neighbourhoods()
    states = answer.table.set_index("area_code")["state"]
    assert states[states == "need and no buddy"].index.tolist() == [no_buddy]
    assert set(states[states == "fewer than elsewhere"].index) == core20
    name = answer.table.set_index("area_code")["area_name"][no_buddy]
    assert f"Of {len(chosen)} LSOA neighbourhoods, {len(chosen)} can be shown" in answer.finding
    assert f"1 has need and no buddy: {name} (100 in need)." in answer.finding
    assert "guessed" not in answer.finding  # nothing is hidden here


@pytest.mark.usefixtures("store")
def test_deprivation_fifths_are_shown_by_council(places: tuple[list[str], str, set[str]]) -> None:
    table = buddies_by_fifth().table.set_index("group")
    assert table.loc["BCP, fifth 1 (most deprived)", "value"] == pytest.approx(100 * HAVE_CORE20 / NEED)
    assert table["value"].max() == pytest.approx(100 * HAVE_ELSEWHERE / NEED)
    assert places[2]  # some neighbourhoods are in the most deprived fifth


@pytest.mark.usefixtures("store")
def test_the_three_steps_say_where_most_are_lost() -> None:
    # two councils, four quarters: 800 in need, 640 introduced, 400 attended, 320 with three contacts
    finding = buddies_steps().finding
    assert "Of 800 buddied parents with a service need in 2025/26, 80.0% were introduced" in finding
    assert "50.0% came to a first appointment and 40.0% had three contacts." in finding
    assert finding.endswith("Most are lost between introduction and first appointment (about 240).")


@pytest.mark.usefixtures("store")
def test_escalation_is_a_sequence_and_never_a_cause() -> None:
    answer = buddies_escalation()
    assert answer.table["step"].tolist() == [
        "1. Offers not taken up in time",
        "2. Families who moved up a level of support",
        "3. Children under two who entered care",
    ]
    assert "This is a sequence and never proof of cause." in answer.finding
    assert "This is a sequence and never proof of cause." in answer.text_alternative
    for word in ("because", "led to", "due to", "caused by", "result of"):
        assert word not in f"{answer.finding} {' '.join(answer.notes)}"
    assert "30.0% of offers in 2025/26 were not taken up" in buddies_take_up().finding


@pytest.mark.usefixtures("store")
def test_removals_are_pooled_over_three_years_beside_safety_and_never_judged() -> None:
    answer = buddies_outcomes()
    assert set(answer.table["period"]) == {"2023/24 to 2025/26"}
    assert set(answer.table["area"]) == {"Dorset ICS", "BCP", "Dorset Council area"}
    infants = answer.table.loc[answer.table["indicator_id"] == "care_proceedings_infant"].iloc[0]
    # 2 councils × 3 years × 30 of 3,000 births
    assert infants["value"] == pytest.approx(10_000 * 180 / 18_000)
    assert infants["safety_1"].startswith("20.0%")
    assert infants["safety_2"] == "too few people to show"
    assert "comparison" not in answer.table.columns
    for word in ("better", "worse", "improv"):
        assert word not in answer.finding.replace("Fewer is better only if babies stay safe", "")


@pytest.mark.usefixtures("store")
def test_the_model_is_counted_and_the_projects_it_names_are_not_invented() -> None:
    answer = buddies_specialists()
    assert "4 of 6 core parts of the buddy model were delivered in 2025/26." in answer.finding
    assert any("could not be found out" in note for note in answer.notes)
    assert "There are 3 specialist workers for each 1,000 births" in answer.finding
    assert "The commonest reason is “no longer needed” (240)." in buddies_endings().finding


# ---- what is agreed locally -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
def test_without_an_agreed_caseload_nothing_is_judged() -> None:
    answer = buddies_capacity()
    assert "No caseload for parent buddies has been published, and none has been agreed here." in answer.finding
    assert "Room at the agreed caseload" not in set(answer.table["measure"])
    assert "8 families on average" in answer.finding  # 320 families, 40 buddies


@pytest.mark.usefixtures("agreed")
def test_an_agreed_caseload_has_an_owner_a_day_and_a_judgement() -> None:
    answer = buddies_capacity(on="2026-02-01")
    assert (
        "The agreed caseload is 9 families for each whole-time buddy. Programme lead answers for it." in answer.finding
    )
    assert "It is in force from 1 January 2026." in answer.finding
    # 40 buddies × 9 families less 320 families
    assert "there is room for about 40 more families, and 20 parents wait." in answer.finding
    assert "No caseload" in buddies_capacity(on="2025-12-31").finding


@pytest.mark.usefixtures("store")
def test_the_starting_rule_says_that_nobody_agreed_it_and_counts_carry_its_version() -> None:
    answer = buddies_rule()
    assert "No rule of eligibility for a parent buddy has been published." in answer.finding
    assert starting_rule().version in answer.finding
    assert any(
        note.startswith("All counts of need say that they were made by the rule in force") for note in answer.notes
    )


@pytest.mark.usefixtures("agreed")
def test_a_rule_that_was_agreed_holds_from_its_day_and_older_counts_are_said_to_be_older() -> None:
    before, now = buddies_rule(on="2025-12-31"), buddies_rule(on="2026-02-01")
    assert "Housing and safety count from level 1" not in before.finding
    assert "Housing and safety count from level 1 (something to ask about)." in now.finding
    assert "This rule is in force since 1 January 2026. Programme lead answers for it." in now.finding
    assert "Agreed locally: 1 of its 9 parts." in now.finding
    assert any("were made by another rule than" in note for note in now.notes)
    assert any(note.startswith("Another rule begins on 1 January 2030: ") for note in now.notes)
    assert any("no family’s answers enter this dashboard" in note for note in now.notes)


# ---- every ask ------------------------------------------------------------------------------------------------------

#: The finest area type at which each ask can be answered, as the asks say.
GRAINS = {
    "B11.1": ("lad",),
    "B11.2": ("lsoa21",),
    "B11.3": ("lad",),
    "B13.1": ("lad",),
    "B13.2": ("lad",),
    "B13.3": ("lad",),
    "B15.1": ("lad",),
    "B15.2": ("lad",),
    "B17.1": ("lsoa21",),
    "B17.2": ("lad",),
    "B17.3": ("icb",),
    "A11.2": ("lad",),
    "A9.1": ("lad",),
}
ANSWERS = (
    *(buddies_allocation, buddies_rule, buddies_endings, buddies_capacity, buddies_specialists),
    *(buddies_steps, buddies_take_up, buddies_escalation, buddies_outcomes),
)


@pytest.mark.parametrize("ask_id", GRAINS)
def test_every_ask_is_defined_accepted_answered_at_its_grain_and_on_the_page(ask_id: str, store: Path) -> None:
    ask = catalogue.ask(ask_id)
    returned = [name for name in ask.indicators if catalogue.indicator(name).returned_by == "long_return"]
    assert returned, "somebody must be able to send it in"
    page = catalogue.indicator(returned[0]).page
    assert f"long_return_{page}" in template_names()
    engine = open_store(f"sqlite:///{store}")
    with reading(engine) as connection:
        grains = [released_grains(connection, name) for name in returned if name not in LATER]
        finest = {given["area_type"].iloc[0] for given in grains if len(given)}
    engine.dispose()
    assert finest & set(GRAINS[ask_id])
    on_page = {name for answer in ANSWERS for name in answer().table.get("indicator_id", ())}
    words = " ".join(
        answer().finding for answer in (buddies_rule, buddies_take_up, buddies_escalation, buddies_targeting)
    )
    measured = {"offers_not_taken_up": "Offers not taken up", "escalated_within_year": "moved up a level"}
    measured |= {"core20_share_of_contacts": "of targeted contacts", "targeted_contacts": "of targeted contacts"}
    for name in returned:
        if name not in LATER:
            assert name in on_page or measured.get(name, "\0") in words or name in EXTRA, name


#: Sent in with others: reasons and days stand in the take-up table, endings in a table of their own.
EXTRA = {"offer_to_contact_median_days"}
#: Not in this small return; the ratio itself is worked out from the share.
LATER = {"targeted_contacts"}


@pytest.mark.usefixtures("store")
def test_point_2_is_rolled_up_without_an_ambition_that_nobody_agreed() -> None:
    notes = buddies().notes
    assert any(
        "No local ambition has been agreed for any of them, so none is said to meet one." in note for note in notes
    )


# ---- the page -------------------------------------------------------------------------------------------------------


def test_the_page_leads_with_the_finding_and_four_figures(show: Show, store: Path) -> None:
    shown = show(store, "parent_buddies")
    assert shown.finding.startswith("More than half do: ")
    assert list(shown.figures) == [
        "Buddy allocated",
        "Waiting for a buddy",
        "Three contacts or more",
        "Buddy kept to age two",
    ]
    assert shown.charts == []  # bars are real text, so that the page opens without a charting library
    assert shown.maps == []
    rule = shown.tables["The rule in force, part by part"]
    assert ["Safety", "counts from level 1 (something to ask about)", "from the start", "not agreed yet"] in rule


PARTS = {
    "where": "Targeting ratios",
    "take_up": "The sequence, and who moved up from which level",
    "outcomes": "Removals and care over three years, and safety, with 95% confidence limits",
    "buddies": "Buddies in post, their families and supervision, with 95% confidence limits",
}


def test_a_link_opens_the_parts_that_are_closed_otherwise(show: Show, store: Path) -> None:
    assert not set(PARTS.values()) & set(show(store, "parent_buddies").tables)
    assert set(PARTS.values()) <= set(show(store, "parent_buddies", **dict.fromkeys(PARTS, "true")).tables)


def test_the_map_is_drawn_when_it_is_opened_and_says_what_it_can_show(
    show: Show, store: Path, places: tuple[list[str], str, set[str]]
) -> None:
    shown = show(store, "parent_buddies", where="true", buddy_map="true")
    assert len(shown.maps) == 1
    assert "Parents who meet the buddy criteria" in shown.maps[0]["views"][0]["alt"]
    assert f"Need can be shown in {len(places[0])} of {len(places[0])} MSOA neighbourhoods" in shown.text
    against = show(store, "parent_buddies", where="true", buddy_map="true", map_of="Need against allocation")
    assert "need (Parents who meet the buddy criteria) against reach" in against.maps[0]["views"][0]["alt"]


def test_what_is_agreed_locally_stands_on_the_page(show: Show, agreed: Path) -> None:
    assert dt.datetime.now(tz=dt.UTC).date() >= dt.date(2026, 1, 1)
    shown = show(agreed, "parent_buddies", buddies="true")
    rule = shown.tables["The rule in force, part by part"]
    words = "counts from level 1 (something to ask about)"
    assert ["Housing", words, "1 January 2026", "The programme board"] in rule
    assert "Programme lead answers for it." in shown.text
    assert "Room at the agreed caseload" in shown.text


def test_without_data_the_page_says_so_and_offers_the_templates(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, "parent_buddies")
    assert "no data yet" in shown.finding
    labels = [one.label for one in shown.app.get("download_button")]
    assert "Download the template for the page’s return (XLSX)" in labels
    assert "Download the template for local settings (XLSX)" in labels
