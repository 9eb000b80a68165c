"""The Reach page: a place by name, by postcode or on the map; what reaches families there, groups, hubs, sending in."""

from __future__ import annotations

import csv
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers.current import ensure_current
from data.intake.loading import load
from data.store.engine import open_store, writing
from data.store.postcodes import load_postcodes

Show = Callable[..., Any]
SLUG = "reach"
#: Boscombe East 035A and the middle layer area that holds it.
LSOA, MSOA = "E01015272", "E02003187"
#: Not a postcode of Bournemouth's that anybody has: the lookup of these tests holds it alone.
POSTCODE, UNKNOWN = "BH5 1ZZ", "BH9 9ZZ"
SETTINGS = (
    # ten kilometres north and at the middle of the neighbourhood, whose middle is 50.72289 north and 1.82824 west
    ("H-1", "family_hub", "Example hub one", LSOA, -1.82824, 50.72289, "yes", "5", "6", "Money; Housing; Isolation"),
    ("H-2", "family_hub", "Example hub two", "E01020479", -2.44, 50.71, "yes", "6", "6", ""),
    ("N-1", "nursery", "Example nursery", LSOA, -1.82824, 50.81282, "yes", "", "", ""),
    ("C-1", "childminder", "Example childminder", LSOA, "", "", "yes", "", "", ""),
)


@pytest.fixture(scope="module")
def everything(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store with every illustrative return, which pages only read."""
    copy = tmp_path_factory.mktemp("everything") / "store.sqlite"
    shutil.copy(everything_file, copy)
    return copy


@pytest.fixture(scope="module")
def with_lookup(reference_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with a postcode lookup of one postcode and a small return of settings."""
    folder = tmp_path_factory.mktemp("lookup")
    copy = folder / "store.sqlite"
    shutil.copy(reference_file, copy)
    file = folder / "settings.csv"
    heads = "setting_id kind name area_code lon lat serves_under_twos core_elements_delivered core_elements_expected"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*heads.split(), "stressors_covered", "as_at"])
        writer.writerows([*row, "2026-03-31"] for row in SETTINGS)
    engine = open_store(f"sqlite:///{copy}")
    load(file, engine, loaded_by="a test")
    with writing(engine) as connection:
        lookup = pd.DataFrame({"postcode": [POSTCODE.replace(" ", "")], "area_code": [LSOA]})
        load_postcodes(connection, lookup, 1)
    ensure_current(engine)
    engine.dispose()
    return copy


def type_postcode(shown: Any, typed: str) -> Any:
    """Type a postcode and press the button."""
    shown.app.text_input(key="reach_typed").input(typed)
    next(one for one in shown.app.button if one.label == "Find by postcode").click().run()
    assert [one.value for one in shown.app.exception] == []
    return shown


def area_of(shown: Any) -> str:
    """The place in the address."""
    return "".join(shown.app.query_params.get("area", ""))


def kept_anywhere(shown: Any, store: Path, log: str) -> str:
    """All that a run leaves behind: session with its inner parts, address, page, log, trail and list of files."""
    engine = sa.create_engine(f"sqlite:///{store}")
    with engine.connect() as connection:
        trail = connection.execute(sa.text("SELECT * FROM audit")).all()
        files = connection.execute(sa.text("SELECT * FROM submission")).all()
    engine.dispose()
    assert files
    held = shown.app.session_state._state._state
    session = [held._old_state, held._new_session_state, held._new_widget_state.states]
    assert "reach_typed" in str(session)
    return "\n".join(map(str, [*session, dict(shown.app.query_params), shown.text, shown.html, log, trail, files]))


def test_the_page_opens_with_the_finding_four_figures_and_nothing_drawn(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG)
    assert shown.finding.startswith("Illustrative, not real: Family hubs reached ")
    assert "in the most deprived fifth" in shown.finding
    assert list(shown.figures) == [
        "Vulnerable babies reached",
        "Hubs with full core offer",
        "Stressors covered by hubs",
        "Public reach",
    ]
    assert shown.charts == []
    assert shown.maps == []
    assert shown.tables == {}


def test_a_place_in_the_address_gives_its_facts_and_what_reaches_families(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG, area=LSOA)
    assert shown.finding.startswith("Illustrative, not real: Boscombe East 035A (BCP). Family hubs reach ")
    assert " of families in Boscombe East." in shown.finding  # a wider area, and it says which
    assert list(shown.figures) == ["Babies under two", "Deprivation", "Core20", "Town or country"]
    assert shown.figures["Deprivation"] == "tenth 9 of 10"
    assert shown.figures["Core20"] == "no"
    assert shown.figures["Town or country"] == "no data yet"
    heads, *rows = shown.tables["What reaches families: Boscombe East 035A"]
    hubs = dict(zip(heads, next(row for row in rows if row[0] == "Family hub reach"), strict=True))
    assert hubs["Figure is for"] == "Boscombe East (MSOA neighbourhood), wider than this place"
    assert hubs["Places like it"] == "19 MSOA neighbourhoods in the same fifth of deprivation"
    assert len(rows) == 15


def test_a_place_is_chosen_by_name_and_stands_in_the_address(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG)
    shown.app.selectbox(key="reach_chosen").select(MSOA).run()
    assert area_of(shown) == MSOA
    assert "Boscombe East (BCP). Family hubs reach " in shown.finding
    shown.app.selectbox(key="reach_chosen").set_value(None).run()
    assert area_of(shown) == ""
    assert "in Dorset ICS" in shown.finding


def test_an_address_that_names_no_place_says_so(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG, area="E01999999")
    assert "The address names a place that is not here." in shown.text
    assert "No data yet on how many families the hubs reach." in shown.finding


def test_without_the_lookup_the_page_says_so_and_takes_no_postcode(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG)
    assert "the ONS postcode lookup has not been loaded" in shown.text
    assert list(shown.app.text_input) == []


@pytest.mark.parametrize("typed", [POSTCODE, "bh51zz", "  BH5 1ZZ "])
def test_a_postcode_finds_its_neighbourhood_and_is_kept_nowhere(
    show: Show, with_lookup: Path, caplog: pytest.LogCaptureFixture, typed: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        shown = type_postcode(show(with_lookup, SLUG), typed)
    assert area_of(shown) == LSOA
    assert shown.finding.startswith("Boscombe East 035A (BCP)")
    assert shown.app.text_input(key="reach_typed").value == ""
    kept = kept_anywhere(shown, with_lookup, caplog.text).upper()
    assert "BH51ZZ" not in kept
    assert "BH5 1ZZ" not in kept


def test_an_unknown_postcode_is_said_to_be_unknown_and_is_kept_nowhere(
    show: Show, with_lookup: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        shown = type_postcode(show(with_lookup, SLUG), UNKNOWN)
    assert area_of(shown) == ""
    assert "That postcode is not in the lookup." in shown.text
    kept = kept_anywhere(shown, with_lookup, caplog.text).upper()
    assert "BH99ZZ" not in kept
    assert "BH9 9ZZ" not in kept
    assert all(b"BH99ZZ" not in file.read_bytes() for file in with_lookup.parent.glob("store.sqlite*"))


def test_a_store_that_fails_tells_nothing_of_the_postcode(
    show: Show, with_lookup: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(connection: sa.Connection, postcode: str) -> str:
        return str(connection.execute(sa.text("SELECT 1 FROM no_such_table WHERE p = :p"), {"p": postcode}))

    shown = show(with_lookup, SLUG)
    monkeypatch.setattr("data.answers.postcode_place.find_postcode", fail)
    with caplog.at_level(logging.DEBUG):
        type_postcode(shown, POSTCODE)
    assert "The postcode could not be looked up just now." in shown.text
    assert "BH51ZZ" not in kept_anywhere(shown, with_lookup, caplog.text)


def test_what_is_near_is_listed_with_distance_core_offer_and_stressors(show: Show, with_lookup: Path) -> None:
    shown = show(with_lookup, SLUG, area=LSOA)
    rows = {row[0]: row[1:] for row in shown.tables["The nearest of each kind: Boscombe East 035A"][1:]}
    assert rows["Example hub one"] == [
        *("Family hub", "under 100 m"),
        *("5 of 6 core elements", "3 of 8: Money, Housing, Isolation"),
    ]
    # (50.81282 - 50.72289) degrees of 111.2 km
    assert rows["Example nursery"][:2] == ["Nursery", "10.0 km"]
    assert "Example childminder" not in shown.text
    assert "The nearest family hub to Boscombe East 035A is Example hub one, under 100 m away" in shown.text


def test_babies_near_a_hub_are_estimated_at_the_distance_chosen(show: Show, with_lookup: Path) -> None:
    shown = show(with_lookup, SLUG, walking="true", near="1.6 km, about 20")
    table = shown.tables["How many babies live within walking distance of a hub?"]
    assert [row[0] for row in table[1:4]] == ["Dorset ICS", "BCP", "Dorset Council area"]
    assert "live within 1.6 km of a family hub, in a straight line" in shown.text
    within, babies = (int(table[1][place].replace(",", "")) for place in (2, 4))
    assert table[1][1] == f"{100 * within / babies:.0f}%"


def test_each_hub_has_its_core_offer(show: Show, with_lookup: Path) -> None:
    shown = show(with_lookup, SLUG, hubs="true")
    assert "1 of 2 hubs that have said deliver every core element." in shown.text
    one, two = shown.tables["What does each hub offer?"][1:]
    assert one[:4] == ["Example hub one", "BCP", "5 of 6 core elements", "3 of 8: Money, Housing, Isolation"]
    assert one[4] == "Mental health, Relationship conflict, Domestic abuse, Substance use, Feeding and sleep"
    assert two[:5] == ["Example hub two", "Dorset Council area", "6 of 6 core elements", "no data yet", "no data yet"]
    (drawn,) = shown.maps  # over deprivation, as nobody has sent in how many families hubs reach
    assert [point["name"] for point in drawn["points"]] == ["Example hub one", "Example hub two"]


def test_groups_hubs_and_stressors_are_listed_when_they_are_opened(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG, groups="true", hubs="true")
    groups = {(row[0], row[1]): row[2] for row in shown.tables["Groups beside everyone"][1:]}
    assert groups["Families in co-production", "Panel representation"] == "too few people to show"
    for group in ("Dads and partners", "Isolated parents", "Core20: the most deprived fifth"):
        assert any(name == group and "%" in figure for (name, _), figure in groups.items())
    hubs = shown.tables["What does each hub offer?"][1:]
    assert len(hubs) == 8  # four invented hubs in each council
    assert all(row[0].startswith("Illustrative hub ") and row[-1] == "Illustrative" for row in hubs)
    assert len(shown.tables["Which stressors do hubs help with?"][1:]) == 8


def test_a_group_is_told_how_to_send_in_what_it_does(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG, send="true")
    assert "**A moderator reads it first.**" in shown.text
    offered = {one.proto.id for one in shown.elements if one.type == "download_button"}
    for name in ("community_offers", "settings", "sector_evidence", "long_return_reach"):
        assert any(f"template-{name}" in one for one in offered)


def test_what_was_asked_for_shows_what_was_sent_in(show: Show, real_store: Path) -> None:
    shown = show(real_store, SLUG, asked="true")
    rows = [row for table in shown.tables.values() for row in table if len(row) > 2]
    found = next(row for row in rows if row[1] == "Families reached by a family hub")
    # (500 + 250) of (1,000 + 1,000)
    assert any(cell.startswith("37.5% (2025/26)") for cell in found)
    assert "Family hubs reached 37.5% of families" in shown.finding


def test_the_map_is_drawn_when_it_is_opened(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG, find_on_map="true", area=LSOA)
    (drawn,) = shown.maps
    assert drawn["selected"] == LSOA
