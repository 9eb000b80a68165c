"""What reaches families in a place: protected figures only, beside places like it; what is near, who lives there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.answers.opened import opened
from data.answers.postcode_place import neighbourhood_of
from data.answers.questions import QUESTIONS
from data.answers.reach import REACHING, place_finding, reach_place, reach_places
from data.answers.reach_groups import ASKED, reach_groups
from data.answers.reach_like import Like, like_places, rurality, typical_figure
from data.answers.reach_near import distance_words, near_table, offer_words, what_is_near
from data.answers.reach_who import country_words, who_lives_here
from data.answers.words import figure_with_limits, status_words
from data.catalogue import ics, indicator
from data.errors import UnknownName
from data.store.deprivation import select_deprivation
from data.store.engine import reading
from data.store.released import select_released

LSOA, MSOA = "E01015272", "E02003187"
ROWS = pd.DataFrame(
    {
        "indicator": ["Family hub reach", "Buddy allocated", "Loneliness"],
        "figure": ["40.0% (30.0% to 50.0%)", "too few people to show", "20.0% (10.0% to 30.0%)"],
        "standing": ["worse than in places like it", "not compared", "better than in places like it"],
        "given_for": ["Example East (MSOA neighbourhood), wider than this place", "", "Example (LSOA neighbourhood)"],
        "wider": [True, False, False],
        "value_status": ["rounded", "suppressed", "rounded"],
    }
)


def test_every_measure_of_a_place_and_of_a_group_is_in_the_catalogue() -> None:
    assert {indicator(name).id for name in REACHING} == set(REACHING)
    for one in ASKED:
        definition = indicator(one.name)
        assert one.breakdown in {"", "imd_fifth_national", *definition.breakdowns}


def test_a_finding_names_what_is_worse_before_what_is_better_and_counts_wider_areas() -> None:
    assert place_finding("Example (BCP)", ROWS, illustrative=False) == (
        "Example (BCP). Family hubs reach 40.0% of families in Example East. "
        "Worse than in places like it: Family hub reach. Better than in places like it: Loneliness. "
        "1 of 2 figures are for a wider area."
    )
    hidden = ROWS.loc[ROWS["value_status"] == "suppressed"]
    assert place_finding("Example", hidden, illustrative=False) == "Example: no data yet on what reaches families here."


@pytest.mark.parametrize("code", [LSOA, MSOA])
def test_a_place_shows_released_cells_and_nothing_else(everything: str, code: str) -> None:
    table = reach_place(code).table
    assert len(table) == len(REACHING)
    with reading(opened()) as connection:
        cells = select_released(connection, list(REACHING), breakdown_type="")
    allowed = {
        figure_with_limits(row.value, row.lowercl, row.uppercl, indicator(row.indicator_id).unit)
        for row in cells.loc[cells["value"].notna()].itertuples()
    }
    allowed |= {status_words(status) for status in ("suppressed", "not_collected", "not_applicable", "immature")}
    assert set(table["figure"]) <= allowed


def test_what_is_typical_is_the_middle_of_the_released_figures_of_places_as_deprived(everything: str) -> None:
    with reading(opened()) as connection:
        areas = pd.DataFrame({"area_type": ["lsoa21"], "rural_urban": [None]}, index=[LSOA])
        like = like_places(connection, areas, "lsoa21", LSOA)
        ranks = select_deprivation(connection, "2025", "imd", "lsoa21").set_index("area_code")["decile"]
        assert like.codes == frozenset(ranks.index[ranks == 9]) - {LSOA}
        assert like.words == f"{len(like.codes)} LSOA neighbourhoods in the same tenth of deprivation"
        row = {
            "indicator_id": "screened_for_anxiety_depression",
            "area_type": "lsoa21",
            "period_type": "three_years",
            "period_to": "2026-03-31",
        }
        cells = select_released(connection, row["indicator_id"], area_type="lsoa21", breakdown_type="")
        cells = cells.loc[(cells["period_type"] == "three_years") & cells["area_code"].isin(like.codes)]
        assert typical_figure(connection, row, like) == float(np.median(cells["value"].dropna()))
        few = frozenset(sorted(like.codes)[:4])  # fewer than five
        assert typical_figure(connection, row, Like(few, "")) is None


def test_a_place_is_as_rural_as_most_of_its_neighbourhoods() -> None:
    areas = pd.DataFrame(
        {
            "area_type": ["lsoa21"] * 4,
            "msoa_code": ["M1", "M1", "M1", "M2"],
            "rural_urban": [
                "Urban: nearer to a major town",
                "Larger rural: further from a city",
                "Urban: further",
                None,
            ],
        },
        index=["A", "B", "C", "D"],
    )
    assert rurality(areas, "lsoa21") == {"A": "Urban", "B": "Rural", "C": "Urban"}
    assert rurality(areas, "msoa21") == {"M1": "Urban"}
    assert country_words(areas["rural_urban"])[0] == "Larger rural"
    assert country_words(areas["rural_urban"].tail(1))[0] == "no data yet"


@pytest.mark.parametrize(
    ("kilometres", "words"),
    [(0.0, "under 100 m"), (0.09, "under 100 m"), (0.83, "800 m"), (0.96, "1.0 km"), (12.34, "12.3 km")],
)
def test_a_distance_is_no_more_exact_than_the_middle_of_a_neighbourhood(kilometres: float, words: str) -> None:
    assert distance_words(kilometres) == words


def test_the_nearest_of_each_kind_are_listed_and_hubs_first() -> None:
    places = [("family_hub", f"Hub {far}", 50.0 + far / 100) for far in (4, 1, 3, 2)] + [("school", "School", 50.0)]
    settings = pd.DataFrame(places, columns=["kind", "name", "lat"]).assign(lon=-2.0, setting_id="S", attributes=None)
    table = near_table(settings, 50.0, -2.0)
    assert list(table["name"]) == ["Hub 1", "Hub 2", "Hub 3", "School"]  # the fourth hub is left out
    assert list(table["core_offer"]) == ["no data yet"] * 3 + ["–"]


def test_an_offer_that_nobody_has_sent_in_is_no_offer_of_nothing() -> None:
    assert offer_words(None) == ("no data yet", "no data yet")
    said = {"core_elements_delivered": 0, "core_elements_expected": 6, "stressors_covered": "Money; ; Housing"}
    assert offer_words(said) == ("0 of 6 core elements", "2 of 8: Money, Housing")


def test_published_facts_of_a_place_stand_without_any_return(everything: str) -> None:
    facts = who_lives_here(LSOA).table.set_index("fact")["figure"]
    assert facts["Deprivation"] == "tenth 9 of 10"
    assert facts["Core20"] == "no"
    assert "Deprivation: tenth 9 of 10. Core20: no." in who_lives_here(LSOA).finding
    wider = who_lives_here(MSOA).table.set_index("fact")["figure"]
    assert wider["Core20"] == "0 of 5"
    assert wider["Deprivation"] == "tenths 3 to 9 of 10"


def test_what_names_no_place_is_refused(everything: str) -> None:
    for ask in (reach_place, what_is_near, who_lives_here):
        with pytest.raises(UnknownName):
            ask(ics().icb.code)


def test_every_place_has_a_name_of_its_own(everything: str) -> None:
    names = [label for _, label in reach_places()]
    assert len(names) == len(set(names)) == 463 + 96  # neighbourhoods and middle layer areas


def test_a_group_without_a_figure_stands_in_the_list(everything: str) -> None:
    table = reach_groups().table
    assert {one.group for one in ASKED if one.breakdown == ""} <= set(table["group"])
    panel = table.loc[table["measure"] == indicator("panel_representation").short_name]
    assert list(panel["figure"]) == ["too few people to show"]


@pytest.mark.parametrize("typed", ["", "BH1", "'; DROP TABLE postcode", "E01015272", "BH11AA" * 100])
def test_what_is_no_postcode_is_not_looked_up(typed: str) -> None:
    assert neighbourhood_of(typed) == ""  # no store is open, so a look-up would fail


def test_a_postcode_is_no_question_whose_answer_is_kept() -> None:
    assert not [name for name, place in QUESTIONS.items() if "postcode" in name or "postcode" in place]
