"""The Map page: every filter from the address, true figures on the map, nothing that was withheld."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data.store.geometry import select_geometry_content, select_layers
from data.store.released import select_released
from pages.components.downloads import WORDS
from pages.components.maps import STATUSES

Show = Callable[..., Any]
REVIEWS = {"layer_theme": "Mandated reviews"}
AGAINST_BUDDIES = {"view": "Need against reach", "beside": "Buddy allocated", "beside_theme": "Buddies"}
ONE = 10  # values travel as tenths
#: Swanage 042B in the embedded indices of deprivation 2025: rank 20,316, decile 7, so fifth 4.
SWANAGE = "E01020479"


#: Classes go from the most deprived, 0, to the least, 4.
FOURTH = 3


@pytest.fixture(scope="session")
def codes_of(illustrative_store: Path) -> dict[str, list[str]]:
    """The areas of each layer, in the order in which a map sends their values."""
    engine = sa.create_engine(f"sqlite:///{illustrative_store}")
    with engine.connect() as connection:
        content = {
            one.layer: json.loads(select_geometry_content(connection, one.sha12) or b"{}")
            for one in select_layers(connection)
        }
    engine.dispose()
    return {name: layer["codes"] for name, layer in content.items() if "codes" in layer}


def released(store: Path, indicator: str, **which: str) -> pd.DataFrame:
    """Released cells by area."""
    engine = sa.create_engine(f"sqlite:///{store}")
    with engine.connect() as connection:
        rows = select_released(connection, indicator, breakdown_type="", **which)
    engine.dispose()
    return rows.set_index("area_code")


def exact(store: Path, indicator: str) -> pd.DataFrame:
    """The counts as they were sent in, which no page may show where they are small."""
    query = (
        "SELECT area_code, numerator, denominator FROM observation WHERE indicator_id = :name AND breakdown_type = ''"
    )
    engine = sa.create_engine(f"sqlite:///{store}")
    with engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(sa.text(query), {"name": indicator}).mappings().all())
    engine.dispose()
    return rows


def test_the_map_opens_on_deprivation(show: Show, illustrative_store: Path, codes_of: dict[str, list[str]]) -> None:
    shown = show(illustrative_store, "map")
    sent = shown.maps[0]["views"][0]
    assert shown.finding.startswith("33 of 463 LSOA neighbourhoods are in the most deprived fifth of England")
    assert sent["title"].startswith("Overall deprivation (IMD), ")
    place = codes_of["lsoa21"].index(SWANAGE)
    assert sent["measures"][0]["value"][place] == 20316
    assert sent["classes"][int(sent["classOf"][place])]["label"] == sent["classes"][FOURTH]["label"]
    assert len(sent["classOf"]) == 463


@pytest.mark.parametrize(
    ("query", "label", "value"),
    [
        ({"view": "Two side by side"}, "Show", "two"),
        ({"view": "Need against reach"}, "Show", "against"),
        (REVIEWS, "Layer", "new_birth_visit_14_days"),
        ({"layer": "Income deprivation affecting children"}, "Layer", "deprivation:idaci"),
        ({"areas": "Larger neighbourhoods (MSOA)"}, "Areas", "msoa21"),
        ({"areas": "Councils"}, "Areas", "lad"),
        ({"shape": "Equal-area hexagons"}, "Drawn as", "hexagons"),
        ({"fifths": "Of Dorset ICS"}, "Deprivation fifths", "local"),
        (
            {"view": "Need against reach", "beside": "Buddy allocated", "beside_theme": "Buddies"},
            "Reach",
            "buddy_allocated",
        ),
    ],
)
def test_every_filter_is_read_from_the_address(
    show: Show, illustrative_store: Path, query: dict[str, str], label: str, value: str
) -> None:
    shown = show(illustrative_store, "map", **query)
    assert shown.choices[label] == value
    assert shown.maps


def test_local_fifths_hold_a_fifth_each(show: Show, illustrative_store: Path) -> None:
    sent = show(illustrative_store, "map", fifths="Of Dorset ICS").maps[0]["views"][0]
    counts = [sent["classOf"].count(str(k)) for k in range(5)]
    assert sorted(counts) == [92, 92, 93, 93, 93]  # 463 = 2 × 92 + 3 × 93


def test_a_neighbourhood_in_the_address_opens_its_card(show: Show, illustrative_store: Path) -> None:
    shown = show(illustrative_store, "map", area=SWANAGE)
    assert shown.app.header[0].value == "Swanage 042B"
    assert "rank 20,316 of 33,755" in shown.text
    near = shown.tables["In and around Swanage 042B"]
    assert "New birth visit by 14 days (C2)" in {row[0] for row in near[1:]}
    council = shown.tables["Given only for the whole of Dorset Council area"]
    assert "Buddies in post" in {row[0] for row in council[1:]}
    assert {row[6] for row in near[1:]} == {"Illustrative"}
    assert shown.maps[0]["selected"] == SWANAGE


def test_an_unknown_neighbourhood_is_said_plainly(show: Show, illustrative_store: Path) -> None:
    shown = show(illustrative_store, "map", area="E01099999")
    assert [one.value for one in shown.app.info] == [
        "The address names a neighbourhood that is not here. Choose one on the map, or find it by name."
    ]


def test_the_map_shows_released_values_and_nothing_for_what_is_withheld(
    show: Show, illustrative_store: Path, codes_of: dict[str, list[str]]
) -> None:
    shown = show(illustrative_store, "map", **REVIEWS)
    sent = shown.maps[0]["views"][0]
    assert "Illustrative figures, not real" in sent["note"]
    assert sent["alt"].startswith("Illustrative, not real: ")
    rows = released(illustrative_store, "new_birth_visit_14_days", area_type="msoa21", period_type="three_years")
    withheld = 0
    for place, code in enumerate(codes_of["msoa21"]):
        status = STATUSES[int(sent["status"][place])]
        measure = sent["measures"][0]
        assert status == rows.loc[code, "value_status"]
        if status in {"shown", "rounded"}:
            assert measure["value"][place] == pytest.approx(rows.loc[code, "value"] * ONE, abs=0.5)
        else:
            withheld += 1
            assert [measure[name][place] for name in ("value", "lower", "upper")] == [None, None, None]
            assert sent["classOf"][place] == "."
    assert withheld >= 1


def test_no_exact_count_of_a_neighbourhood_leaves_the_server(show: Show, illustrative_store: Path) -> None:
    """The share that the exact counts of a withheld neighbourhood give is nowhere in what its map sends."""
    counts = exact(illustrative_store, "new_birth_visit_14_days")
    assert counts["numerator"].between(1, 7).any()
    areas = counts["area_code"].unique()
    sent = show(illustrative_store, "map", **REVIEWS).maps[0]["views"][0]
    assert len(sent["classOf"]) < len(areas)  # given for larger neighbourhoods than it was sent in for
    rows = released(illustrative_store, "new_birth_visit_14_days")
    assert not (set(areas) & set(rows.index))
    assert (rows["numerator"].dropna() % 5 == 0).all()


def test_hexagons_carry_the_figure_of_the_larger_neighbourhood(
    show: Show, illustrative_store: Path, codes_of: dict[str, list[str]]
) -> None:
    shown = show(illustrative_store, "map", shape="Equal-area hexagons", **REVIEWS)
    sent = shown.maps[0]["views"][0]
    assert len(sent["classOf"]) == len(codes_of["hexagons"]) == 463
    assert len(set(map(str, sent["measures"][0]["value"]))) <= 96  # one value for each of 96 MSOAs


def test_need_against_reach_has_nine_classes(show: Show, illustrative_store: Path) -> None:
    sent = show(illustrative_store, "map", view="Need against reach").maps[0]["views"][0]
    assert len(sent["classes"]) == 9
    assert sent["axes"] == {"x": "more need", "y": "more reach"}
    known = len(sent["classOf"]) - sent["classOf"].count(".")
    across = [sum(sent["classOf"].count(str(3 * up + need)) for up in range(3)) for need in range(3)]
    assert sum(across) == known
    assert max(across) - min(across) <= 1  # thirds of need


@pytest.mark.parametrize("theme", ["Buddies", "Mandated reviews"])
def test_a_figure_that_is_only_given_for_councils_can_be_mapped(show: Show, real_store: Path, theme: str) -> None:
    assert show(real_store, "map", layer_theme=theme).maps


def test_an_indicator_can_be_shown_for_councils(show: Show, real_store: Path) -> None:
    sent = show(real_store, "map", areas="Councils", **REVIEWS).maps[0]["views"][0]
    assert sent["measures"][0]["value"] == [920, 900]  # 230 / 250 and 180 / 200, in tenths of a per cent
    assert len(sent["classes"]) == 2


def test_each_map_can_be_taken_away_as_rows_outlines_and_picture(show: Show, illustrative_store: Path) -> None:
    app = show(illustrative_store, "map", view="Two side by side").app
    first, second = (one.label for one in app.get("expander") if one.label.startswith("Take away: map of "))
    assert first == "Take away: map of Overall deprivation (IMD)"
    assert second != first
    app.session_state["take-map of Overall deprivation (IMD)"] = True
    app.run()
    formats = app.selectbox(key="format-map of Overall deprivation (IMD)").options
    assert {WORDS["gpkg"], WORDS["geojson"], WORDS["png"]} <= set(formats)
