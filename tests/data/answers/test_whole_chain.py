"""The truth that is built into the illustrative returns comes out of the answers, and nothing small comes with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.answers.current import ensure_current
from data.answers.figures import finest_grain
from data.answers.maps import map_layer, need_against_reach, side_by_side
from data.answers.neighbourhood import neighbourhood
from data.answers.opened import opened, reading
from data.answers.reviews import reviews_by_area
from data.answers.scorecard import scorecard
from data.answers.series import by_deprivation, over_time
from data.catalogue import disclosure, ics, indicator, source
from data.errors import UnknownName
from data.example import expected_by_fifth
from data.store.observations import select_observations
from data.store.released import select_released
from data.store.submissions import select_submissions
from metrics.disclosure import is_small

ICS = "E54000041"
BCP, DORSET = "E06000058", "E06000059"
HIGH_NEED_LOW_REACH = 2  # classes are three of need for each of three of reach, from the lowest


def released(**choices) -> pd.DataFrame:
    with reading() as connection:
        return select_released(connection, **choices)


@pytest.mark.parametrize(
    ("name", "lower_in_most_deprived"),
    [("review_12_months_by_15", True), ("buddy_allocated", True), ("buddy_criteria_met", False)],
)
def test_the_gradient_by_deprivation_comes_through(whole_chain, name, lower_in_most_deprived):
    rows = by_deprivation(name, ICS).table
    truth = expected_by_fifth(name, quarters=range(8, 12))
    values = rows["value"].to_numpy() / 100
    wanted = np.array([truth[fifth] for fifth in sorted(truth)]) if isinstance(truth, dict) else np.asarray(truth)
    # four standard errors of a share of about 500 people, and rounding of both counts to the nearest 5
    allowed = 4 * np.sqrt(wanted * (1 - wanted) / rows["denominator"].to_numpy()) + 5 / rows["denominator"].to_numpy()
    assert (np.abs(values - wanted) < allowed).all(), (values, wanted)
    assert (values[0] < values[4]) == lower_in_most_deprived


def test_need_and_reach_part_company_where_they_truly_do(whole_chain):
    answer = need_against_reach("deprivation:imd", "buddy_allocated", "msoa21")
    assert answer.table["class_index"].between(-1, 8).all()
    parted = answer.table.loc[answer.table["class_index"] == HIGH_NEED_LOW_REACH]
    assert parted.sort_values("need_value", ascending=False).iloc[0]["area_name"] in answer.finding
    with reading() as connection:
        exact = select_observations(connection, ["buddy_allocated"])
    exact = exact.loc[exact["breakdown_type"] == ""]
    true = exact.groupby(exact["area_code"].map(code_of("msoa_code")))[["numerator", "denominator"]].sum()
    there = true.loc[parted["area_code"]].sum()
    elsewhere = true.sum() - there
    # built in: odds of e^-0.8 of the others' in the most deprived fifth (here 118 of 248 against 846 of 1,390)
    assert there["numerator"] / there["denominator"] < elsewhere["numerator"] / elsewhere["denominator"] - 0.05


def test_the_neighbourhood_without_any_buddy_is_said_to_have_none_or_is_hidden_whole(whole_chain):
    answer = need_against_reach("deprivation:imd", "buddy_allocated", "msoa21")
    row = answer.table.set_index("area_code").loc["E02004284"]
    if row["value_status"] == "suppressed":  # a none is told, unless others could be worked out from it
        assert row[["value", "lowercl", "uppercl", "need_value"]].isna().all()
        assert row["class_index"] == -1
        assert row["area_name"] not in answer.finding
    else:
        assert (row["value_status"], row["value"]) == ("shown", 0)


def test_the_neighbourhood_whose_two_year_reviews_were_missed_is_the_lowest_on_the_map(whole_chain):
    answer = map_layer("review_2_years", "msoa21")
    lowest = answer.table.sort_values("value").iloc[0]
    assert lowest["area_code"] == "E02003208"
    assert lowest["comparison"] == "worse"
    assert lowest["area_name"] in answer.finding


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("review_12_months_by_15", "getting better"),
        ("new_birth_visit_14_days", "no clear change"),
        ("review_2_years", "getting worse"),
        ("breastfeeding_6_8_weeks", "getting better"),
    ],
)
def test_the_trend_comes_through(whole_chain, name, said):
    assert said in over_time(name, ICS).finding


def test_no_released_cell_of_a_local_return_holds_a_small_or_exact_count(whole_chain):
    rows = released()
    with reading() as connection:
        sources = select_submissions(connection).set_index("id")["source_id"]
    local = rows.loc[rows["submission_id"].map(sources).map(lambda name: source(name).protected_by == "us")]
    people = local.loc[local["indicator_id"].map(lambda name: indicator(name).disclosive)]
    assert len(people) > 5_000
    for column in ("numerator", "denominator"):
        assert (people[column].dropna() % disclosure().round_to == 0).all()
        assert not is_small(people[column].dropna()).any()
    withheld = ~people["value_status"].isin(["shown", "rounded"])
    assert withheld.any()
    assert people.loc[withheld, ["numerator", "value", "lowercl", "uppercl"]].isna().to_numpy().all()


def test_every_withheld_council_quarter_was_small_missing_or_refused_and_every_shown_one_was_not(whole_chain):
    with reading() as connection:
        exact = select_observations(connection, ["new_birth_visit_14_days"])
    exact = exact.loc[exact["breakdown_type"] == ""]
    exact["council"] = exact["area_code"].map(council_of())
    true = exact.groupby(["council", "period_from"])[["numerator", "denominator"]].sum()
    shown = released(indicator_id="new_birth_visit_14_days", area_type="lad", period_type="quarter", breakdown_type="")
    for row in shown.itertuples():
        counts = true.loc[(row.area_code, row.period_from)]
        small = is_small([counts["numerator"], counts["denominator"] - counts["numerator"]]).any()
        assert (row.value_status == "suppressed") == small
        if not small:
            assert abs(row.numerator - counts["numerator"]) <= 2.5
            assert row.value == pytest.approx(100 * row.numerator / row.denominator)


def council_of() -> dict[str, str]:
    return code_of("lad_code")


def code_of(column: str) -> dict[str, str]:
    from data.store.areas import select_areas

    with reading() as connection:
        areas = select_areas(connection, "lsoa21")
    return dict(zip(areas["area_code"], areas[column], strict=True))


def test_a_count_has_no_percentage_and_no_fifths_to_compare(whole_chain):
    answer = by_deprivation("antenatal_contact_count", ICS)
    assert answer.table.empty
    assert "can't be compared" in answer.finding
    assert "%" not in over_time("antenatal_contact_count", ICS).finding


def test_the_finest_safe_grain_is_given_and_said(whole_chain):
    with reading() as connection:
        grain = finest_grain(connection, "new_birth_visit_14_days")
    assert grain is not None
    assert grain.area_type == "msoa21", "thirteen births a year in a neighbourhood are too few"
    answer = map_layer("new_birth_visit_14_days", "lsoa21")
    assert answer.area_type == grain.area_type
    assert any("finest safe grain" in note for note in answer.notes)


def test_a_late_quarter_is_not_collected_and_is_not_a_zero(whole_chain):
    last = released(indicator_id="hub_reach_under_two", area_code=ICS, period_type="quarter", breakdown_type="")
    newest = last.sort_values("period_from").iloc[-1]
    assert (newest["period_from"], newest["value_status"]) == ("2026-01-01", "not_collected")
    assert np.isnan(newest["numerator"])


def test_what_is_pooled_over_three_years_has_no_other_grain(whole_chain):
    rows = released(indicator_id="care_proceedings_newborn", breakdown_type="")
    assert set(rows["period_type"]) == {"three_years"}
    assert set(rows["area_type"]) <= {"lad", "icb"}


def test_a_median_is_given_as_sent_and_never_added_up(whole_chain):
    rows = released(indicator_id="pregnancy_form_median_weeks", breakdown_type="")
    assert set(rows["area_type"]) == {"lad"}
    assert rows["value"].notna().any()


def test_everything_illustrative_says_so(whole_chain):
    for answer in (
        map_layer("new_birth_visit_14_days"),
        over_time("new_birth_visit_14_days", BCP),
        by_deprivation("new_birth_visit_14_days", DORSET),
        reviews_by_area(),
        need_against_reach("deprivation:imd", "buddy_allocated"),
    ):
        assert answer.illustrative
        assert answer.finding.startswith("Illustrative, not real: ")
        assert answer.text_alternative.startswith("Illustrative, not real: ")


def test_deprivation_is_real_and_is_not_called_illustrative(whole_chain):
    answer = map_layer("deprivation:imd")
    assert not answer.illustrative
    # 33 neighbourhoods of Dorset ICS are in deciles 1 and 2 of IMD 2025
    assert answer.finding.startswith("33 of 463 LSOA neighbourhoods are in the most deprived fifth of England")
    assert (answer.table["class_index"] == 0).sum() == 33


def test_local_fifths_hold_a_fifth_of_the_neighbourhoods_each(whole_chain):
    counts = map_layer("deprivation:imd", fifths="local").table["class_index"].value_counts()
    assert counts.min() >= 463 // 5 - 1
    assert counts.max() <= 463 // 5 + 2


def test_two_layers_are_given_for_the_same_areas(whole_chain):
    first, second = side_by_side("deprivation:imd", "buddy_allocated", "lsoa21")
    assert first.table["area_code"].tolist() == second.table["area_code"].tolist()


def test_the_scorecard_has_every_ask_and_says_honestly_what_has_no_data(whole_chain):
    table = scorecard().table
    assert len(table) == 107
    none = table.loc[table["figure"] == "No data yet"]
    assert len(none) > 40, "only a few indicators were loaded"
    assert (none["status"] == "Not measured").all()
    assert (none["template"] != "").all()
    assert none["template_address"].str.startswith("data?template=").all()
    given = ~table["status"].isin(["Not measured", "On the register"])
    real, invented = (int((given & (table["illustrative"] == kind)).sum()) for kind in (False, True))
    assert scorecard().finding == (
        f"Of 107 things that were asked for, {real} {'is' if real == 1 else 'are'} measured with real figures, "
        f"{invented} only with illustrative ones and {len(none)} have no data yet."
    )


def test_an_ask_whose_newest_quarter_is_late_keeps_its_last_figure_with_its_period(whole_chain):
    row = scorecard().table.set_index("ask").loc["A7.2"]
    assert row["period"] == "2025/26 Q3"  # data/example/senders.py: the family hubs have not sent 2025/26 Q4
    assert row["figure"].endswith("%")
    assert row["illustrative"]


def test_releasing_again_changes_nothing_until_something_is_loaded(whole_chain):
    assert ensure_current(opened()) == 0


def test_a_card_gives_each_figure_for_the_smallest_safe_area_around_the_neighbourhood(whole_chain):
    answer = neighbourhood("E01015273")
    assert answer.name == "Boscombe East 035B"
    assert dict(answer.facts)["Council"] == "BCP"
    given = answer.table.set_index("indicator_id")["given_for"]
    assert given["new_birth_visit_14_days"] == "Boscombe East (MSOA neighbourhood)"
    assert ". Illustrative, not real: " in answer.finding, "deprivation is real, what follows is not"
    assert set(answer.table["kind"]) == {"Illustrative"}


@pytest.mark.parametrize("code", ["E01999999", "E92000001", ""])
def test_an_unknown_neighbourhood_is_refused_in_words(whole_chain, code):
    with pytest.raises(UnknownName, match="no such neighbourhood"):
        neighbourhood(code)


def test_every_place_is_labelled_so_that_dorset_means_one_thing(whole_chain):
    table = reviews_by_area().table
    assert "Dorset" not in set(table["area"])
    assert {"Dorset ICS", "Dorset Council area", "BCP"} <= set(table["area"])
    assert {place.label for place in ics().lads} == {"BCP", "Dorset Council area"}
