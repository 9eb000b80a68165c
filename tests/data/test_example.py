"""The illustrative returns hold together: nothing impossible, every indicator, and the faults that are promised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import catalogue
from data.errors import UnknownName
from data.example import GROUND_TRUTH, SENDERS, large_example, returns, wanted, write_returns
from data.example.calendar import Period, periods
from data.example.cohorts import births_expected, cohorts
from data.example.groups import GROUPS
from data.example.kinds import Events, Share, Staff, Total
from data.example.places import dorset_places, invented_places
from data.example.senders import as_text
from data.example.services import STAFF_GROUPS
from data.example.world import split_by_group
from data.sources import long_return
from data.sources.reading import ReadingContext

KEY = ["indicator_id", "area_code", "period_from", "period_to", "breakdown_type", "breakdown_value"]
BCP, DORSET_COUNCIL = "E06000058", "E06000059"


@pytest.fixture(scope="module")
def sent() -> dict[str, pd.DataFrame]:
    return returns()


@pytest.fixture(scope="module")
def rows(sent: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every row as numbers; marks and blanks become missing."""
    together = pd.concat([frame.assign(sender=name) for name, frame in sent.items()], ignore_index=True)
    figures = {name: pd.to_numeric(together[name], errors="coerce") for name in ("numerator", "denominator", "value")}
    return together.assign(**{f"{name}_text": together[name] for name in figures}, **figures)


@pytest.fixture(scope="module")
def by_indicator(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(name): own for name, own in rows.groupby("indicator_id")}


def of(rows: pd.DataFrame, indicator_id: str) -> pd.DataFrame:
    """Rows of one indicator about everyone, by area and period."""
    own = rows[rows["indicator_id"] == indicator_id]
    chosen = own[own["breakdown_type"] == ""]
    return chosen.set_index(["area_code", "period_from"]).sort_index()


# ---- the same every time --------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_rows(sent: dict[str, pd.DataFrame]) -> None:
    again = returns()
    assert list(again) == list(sent)
    assert all(again[name].equals(frame) for name, frame in sent.items())


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def digests(folder: str) -> list[str]:
        paths = write_returns(tmp_path / folder, indicators=["buddy_allocated", "imhcf_trained_direct_contact"])
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]

    assert digests("first") == digests("second")


def test_another_seed_gives_other_rows(sent: dict[str, pd.DataFrame]) -> None:
    other = returns(seed=1002, indicators=["buddy_allocated"])["buddies"]
    same = sent["buddies"][sent["buddies"]["indicator_id"] == "buddy_allocated"]
    assert not other.equals(same.reset_index(drop=True))


def test_an_indicator_does_not_depend_on_which_others_are_made(sent: dict[str, pd.DataFrame]) -> None:
    alone = returns(indicators=["buddy_attended"])["buddies"]
    among = sent["buddies"][sent["buddies"]["indicator_id"] == "buddy_attended"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)


# ---- complete and marked --------------------------------------------------------------------------------------------


def test_every_local_indicator_of_the_long_return_has_rows_and_no_other(rows: pd.DataFrame) -> None:
    local = {e.id for e in catalogue.indicators() if e.returned_by == "long_return" and e.access != "public"}
    assert set(rows["indicator_id"]) == local == set(wanted()) == set(GROUND_TRUTH)


def test_nothing_is_made_up_about_what_a_public_body_decided(rows: pd.DataFrame) -> None:
    public = {e.id for e in catalogue.indicators() if e.access == "public"}
    assert "icb_commitment" in public
    assert not public & set(rows["indicator_id"])


def test_every_row_and_sender_says_illustrative(rows: pd.DataFrame) -> None:
    assert (rows["illustrative"] == "yes").all()
    assert rows["note"].str.startswith("Illustrative").all()
    assert all("illustrative" in sender.name for sender in SENDERS)
    assert set(rows["sender"]) == {sender.id for sender in SENDERS}


def test_twelve_quarters_from_april_2023_to_march_2026(rows: pd.DataFrame) -> None:
    visits = of(rows, "new_birth_visit_14_days").reset_index()
    assert visits["period_from"].nunique() == 12
    assert visits["period_from"].min() == "2023-04-01"
    assert visits["period_to"].max() == "2026-03-31"
    assert visits["area_code"].nunique() == 463


def test_there_are_few_enough_rows(rows: pd.DataFrame) -> None:
    assert 200_000 < len(rows) <= 350_000


def test_each_row_stands_once(rows: pd.DataFrame) -> None:
    assert not rows.duplicated(KEY).any()


@pytest.mark.parametrize("entry", [catalogue.indicator(name) for name in wanted()], ids=lambda entry: entry.id)
def test_each_indicator_has_its_grain_and_its_groups(
    entry: catalogue.Indicator, by_indicator: dict[str, pd.DataFrame]
) -> None:
    own = by_indicator[entry.id]
    prefix = {"lsoa21": "E01", "msoa21": "E02", "lad": "E06", "icb": "E54"}[entry.area_grain]
    assert own.loc[own["breakdown_type"] == "", "area_code"].str.startswith(prefix).all()
    derived = {breakdown.id for breakdown in catalogue.breakdowns() if breakdown.derived}
    assert set(own["breakdown_type"]) - {""} == set(entry.breakdowns) - derived
    names = {breakdown.id: set(breakdown.values) for breakdown in catalogue.breakdowns()}
    for kind, part in own[own["breakdown_type"] != ""].groupby("breakdown_type"):
        assert set(part["breakdown_value"]) <= (names[str(kind)] or set(GROUPS[str(kind)].shares))


# ---- possible ---------------------------------------------------------------------------------------------------


def test_no_part_is_above_its_whole(rows: pd.DataFrame) -> None:
    kinds = {entry.id: entry.value_type for entry in catalogue.indicators()}
    part = rows["indicator_id"].map(kinds).isin(["proportion", "share_of_items"])
    assert part.sum() > 150_000
    assert not (rows.loc[part, "numerator"] > rows.loc[part, "denominator"]).any()


def test_no_figure_is_below_zero_and_nobody_below_the_line_is_left_out(rows: pd.DataFrame) -> None:
    assert not (rows[["numerator", "denominator", "value"]] < 0).any(axis=None)
    assert not (rows["denominator"] == 0).any()


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("buddy_introduced", "buddy_attended"),
        ("buddy_attended", "buddy_three_contacts"),
        ("pregnancy_form_completed", "pregnancy_form_by_16_weeks"),
        ("continuity_to_new_birth", "continuity_to_6_8_weeks"),
        ("asq3_communication", "good_level_development_2_years"),
        ("asq3_personal_social", "good_level_development_2_years"),
        ("care_proceedings_infant", "care_proceedings_newborn"),
        ("settings_any_trained", "settings_all_trained"),
        ("settings_all_trained", "settings_fully_trained"),
    ],
)
def test_steps_with_one_cohort_nest(whole: str, part: str, rows: pd.DataFrame) -> None:
    both = of(rows, whole)[["numerator", "denominator"]].join(
        of(rows, part)[["numerator", "denominator"]], suffixes=("", "_part"), how="inner"
    )
    both = both.dropna()
    assert len(both)
    assert (both["denominator"] == both["denominator_part"]).all()
    assert (both["numerator_part"] <= both["numerator"]).all()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("relationship_course_offered", "relationship_course_started"),
        ("relationship_course_started", "relationship_course_completed"),
        ("finance_skills_offered", "finance_skills_completed"),
        ("review_2_years", "review_2_years_asq3"),
        ("review_2_years_asq3", "good_level_development_2_years"),
        ("buddy_criteria_met", "buddy_allocated"),
        ("pregnancy_form_completed", "form_linked"),
        ("antenatal_contact_coverage", "antenatal_review_scphn_home"),
        ("imhcf_trained_direct_contact", "training_three_topics"),
    ],
)
def test_those_above_one_line_are_those_below_the_next(earlier: str, later: str, rows: pd.DataFrame) -> None:
    below = of(rows, later)["denominator"]
    above = of(rows, earlier)["numerator"].reindex(below.index)
    assert (above == below).all()


def test_visits_by_14_days_and_after_make_visits_by_30_days(rows: pd.DataFrame) -> None:
    by_14, after, by_30 = (
        of(rows, name)["numerator"]
        for name in ("new_birth_visit_14_days", "new_birth_visit_after_14_days", "new_birth_visit_30_days")
    )
    assert (by_14 + after == by_30).all()


def test_direct_contact_staff_are_among_all_staff(rows: pd.DataFrame) -> None:
    direct, everyone = of(rows, "imhcf_trained_direct_contact"), of(rows, "all_staff_attended")
    # 60+180+220+70+260+80+110+90+900 in direct contact; 140+60+180+30+50+15+20+25+150 others
    assert set(direct["denominator"]) == {1970}
    assert set(everyone["denominator"]) == {1970 + 670}
    assert (direct["numerator"] <= everyone["numerator"]).all()


def test_c1_is_a_count_and_equals_the_coverage_numerator(rows: pd.DataFrame) -> None:
    c1 = of(rows, "antenatal_contact_count")
    assert c1["denominator"].isna().all()
    coverage = of(rows, "antenatal_contact_coverage")["numerator"]
    assert (c1["numerator"].reindex(coverage.index) == coverage).all()


def test_groups_add_up_to_their_council(rows: pd.DataFrame) -> None:
    council = dict(zip(dorset_places().lsoa, dorset_places().lad[dorset_places().lad_of], strict=True))
    council |= dict(zip(dorset_places().msoa[dorset_places().msoa_of], council.values(), strict=True))
    people = [name for name, truth in GROUND_TRUTH.items() if isinstance(truth, Share | Events | Total | Staff)]
    own = rows[rows["indicator_id"].isin(people) & (rows["numerator_text"] != "failed validation")]
    own = own[~((own["sender"] == "digital_form") & (own["period_from"] == "2024-07-01"))]  # the missing neighbourhood
    own = own[(own["numerator_text"] != "*") & (own["indicator_id"] != "treatment_started_in_time")]
    own = own.assign(lad=own["area_code"].map(council).fillna(own["area_code"]))
    keys = ["indicator_id", "lad", "period_from"]
    whole = own[own["breakdown_type"] == ""].groupby(keys)[["numerator", "denominator"]].sum()
    groups = own[own["breakdown_type"] != ""].groupby([*keys, "breakdown_type"])[["numerator", "denominator"]].sum()
    groups = groups.reset_index("breakdown_type").join(whole, suffixes=("", "_whole"))
    assert len(groups) > 2_000
    assert np.allclose(groups["numerator"], groups["numerator_whole"], atol=0.51)
    how = [name for name, entry in GROUPS.items() if entry.of_everyone]
    split = groups[~groups["breakdown_type"].isin(how)]
    assert np.allclose(split["denominator"], split["denominator_whole"], atol=0.51)


# ---- plausible --------------------------------------------------------------------------------------------------


def test_births_are_about_thirteen_a_year_for_each_lsoa() -> None:
    places = dorset_places()
    assert births_expected(places).sum() == pytest.approx(13 * 463)  # 6,019
    births = cohorts(places, 12, 1001)["births"].sum() / 3
    assert births == pytest.approx(6019, abs=4 * np.sqrt(6019 / 3))


def test_cohorts_follow_from_the_births_of_their_own_quarter() -> None:
    made = cohorts(dorset_places(), 12, 1001)
    assert (made["due_12_months"][:, 4:] <= made["births"][:, :8]).all()
    assert (made["due_30_months"][:, 10:] <= made["births"][:, :2]).all()
    assert (made["due_28_weeks"][:, :-1] == made["births"][:, 1:]).all()
    assert (made["under_2"][:, 7] == made["births"][:, :8].sum(axis=1)).all()
    kept = made["due_12_months"][:, 4:].sum() / made["births"][:, :8].sum()
    assert kept == pytest.approx(0.98, abs=0.005)


@pytest.mark.parametrize(
    ("indicator_id", "lowest", "highest"),
    [
        ("new_birth_visit_14_days", 82.1, 90.8),  # regions 2024/25; England 85.2
        ("new_birth_visit_30_days", 97.0, 99.0),  # England 2024/25: 98.0
        ("review_6_8_weeks", 80.0, 90.0),  # England 2024/25: over 80
        ("review_2_years", 72.0, 85.0),  # England 2017/18 Q1: 75.7
        ("review_2_years_asq3", 89.0, 95.0),  # England 2017/18 Q1: 91.2
        ("breastfeeding_6_8_weeks", 48.0, 62.0),  # England 2023/24: 52.7
        ("good_level_development_2_years", 77.0, 83.0),  # England 2021/22 and 2022/23: 81.1, 79.2
        ("asq3_communication", 83.0, 88.0),  # England 2022/23: 85.3
    ],
)
def test_levels_are_near_published_ones(indicator_id: str, lowest: float, highest: float, rows: pd.DataFrame) -> None:
    own = of(rows, indicator_id).dropna(subset=["numerator"])
    assert lowest < 100 * own["numerator"].sum() / own["denominator"].sum() < highest


# ---- faults that are promised ---------------------------------------------------------------------------------------


def test_family_hubs_are_late_with_the_last_quarter(rows: pd.DataFrame) -> None:
    latest = rows.groupby("sender")["period_to"].max()
    assert latest["family_hubs"] == "2025-12-31"
    assert (latest.drop("family_hubs") == "2026-03-31").all()


def test_one_neighbourhood_is_missing_from_the_digital_form(rows: pd.DataFrame) -> None:
    places = dorset_places()
    block = set(places.lsoa[places.msoa[places.msoa_of] == "E02003190"])
    forms = of(rows, "pregnancy_form_completed").reset_index()
    gone = forms[forms["period_from"] == "2024-07-01"]
    assert len(block) == 7
    assert not block & set(gone["area_code"])
    assert block <= set(forms["area_code"])


def test_ethnic_group_is_unknown_for_about_nine_in_a_hundred(rows: pd.DataFrame) -> None:
    groups = rows[(rows["indicator_id"] == "review_6_8_weeks") & (rows["breakdown_type"] == "ethnic_group")]
    unknown = groups.loc[groups["breakdown_value"] == "Unknown", "denominator"].sum()
    assert unknown / groups["denominator"].sum() == pytest.approx(0.09, abs=0.01)


def test_one_trust_knows_the_week_of_booking_for_about_half(rows: pd.DataFrame) -> None:
    def known(sender: str) -> float:
        own = rows[(rows["sender"] == sender) & (rows["breakdown_type"] == "")]
        total = own.groupby("indicator_id")["denominator"].sum()
        return float(total["rights_information_early"] / total["rights_information_often"])

    assert known("maternity_trust_a") > 0.85
    assert 0.45 < known("maternity_trust_b") < 0.65


def test_one_quarter_failed_validation(rows: pd.DataFrame) -> None:
    failed = rows[rows["numerator_text"] == "failed validation"]
    assert set(failed["indicator_id"]) == {"review_12_months_by_12"}
    assert set(failed["period_from"]) == {"2023-10-01"}
    assert set(failed["sender"]) == {"health_visiting_dorset"}
    assert failed["note"].str.contains("failed the sender").all()


def test_social_care_has_hidden_its_small_counts(rows: pd.DataFrame) -> None:
    hidden = rows[rows["numerator_text"] == "*"]
    assert set(hidden["sender"]) == {"social_care_bcp", "social_care_dorset", "parent_infant_team"}
    shown = rows[rows["sender"].str.startswith("social_care") & rows["numerator"].notna()]
    assert not shown["numerator"].between(1, 7).any()


def test_the_changed_definition_is_noted_from_its_quarter_on(rows: pd.DataFrame) -> None:
    noted = rows[rows["note"].str.contains("Break in the series")]
    assert set(noted["indicator_id"]) == {"loneliness"}
    assert noted["period_from"].min() == "2025-04-01"


def test_some_figures_begin_later(rows: pd.DataFrame) -> None:
    first = rows.groupby("indicator_id")["period_from"].min()
    assert first["continuity_to_2_years"] == "2025-10-01"
    assert first["continuity_to_12_months"] == "2024-07-01"
    assert first["relationship_course_offered"] == "2024-04-01"


def test_a_neighbourhood_in_need_has_no_buddy(rows: pd.DataFrame) -> None:
    places = dorset_places()
    within = places.lsoa[places.msoa[places.msoa_of] == "E02004284"]
    own = of(rows, "buddy_allocated").reset_index()
    own = own[own["area_code"].isin(within)]
    assert own["denominator"].sum() >= 10
    assert own["numerator"].sum() == 0


# ---- files, parts and sizes -----------------------------------------------------------------------------------------


def test_the_reader_takes_every_file_as_illustrative(tmp_path: Path) -> None:
    sent = returns(quarters=4)
    paths = write_returns(tmp_path, quarters=4)
    assert [path.name for path in paths] == [f"ILLUSTRATIVE_{sender.id}.csv" for sender in SENDERS]
    for path, frame in zip(paths, sent.values(), strict=True):
        reading = long_return.read(path, ReadingContext())
        assert reading.illustrative
        assert reading.rows_read == len(frame)


def test_a_workbook_holds_what_the_text_file_holds(tmp_path: Path) -> None:
    chosen = ["buddy_kept_to_two", "buddies_in_post"]
    text, book = (write_returns(tmp_path, indicators=chosen, suffix=suffix)[0] for suffix in (".csv", ".xlsx"))
    frames = [long_return.read(path, ReadingContext()).frames["observation"] for path in (text, book)]
    pd.testing.assert_frame_equal(frames[0].reset_index(drop=True), frames[1].reset_index(drop=True))


def test_invented_areas_cannot_be_taken_for_real_ones() -> None:
    example = large_example(1_200, indicators=["new_birth_visit_14_days", "all_staff_attended"])
    assert example.area["area_code"].str.startswith("X").all()
    assert example.area["area_type"].value_counts().to_dict() == {"lsoa21": 1200, "msoa21": 240, "lad": 6, "icb": 2}
    assert sorted(example.deprivation["rank"]) == list(range(1, 1201))
    assert set(example.deprivation["decile"]) == set(range(1, 11))
    made = dict(example.returns)
    assert set(made) == {"health_visiting_bcp", "health_visiting_dorset", "workforce"}
    assert all(frame["area_code"].str.startswith("X").all() for frame in made.values())


def test_deciles_of_invented_areas_follow_their_scores() -> None:
    places = invented_places(100)
    assert np.bincount(places.imd_decile).tolist() == [0, *[10] * 10]
    assert places.imd_score[places.imd_decile == 1].min() > places.imd_score[places.imd_decile == 2].max()


@pytest.mark.parametrize("lsoas", [0, 33_756])
def test_more_areas_than_england_has_are_refused(lsoas: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 33755"):
        invented_places(lsoas)


@pytest.mark.parametrize("quarters", [0, 13])
def test_other_than_one_to_twelve_quarters_are_refused(quarters: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 12"):
        returns(quarters=quarters)


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(UnknownName, match="new_birth_visits"):
        returns(indicators=["new_birth_visits"])


def test_fewer_quarters_are_the_last_ones() -> None:
    few = returns(quarters=2, indicators=["buddies_in_post", "loneliness"])
    assert set(few["buddies"]["period_from"]) == {"2025-10-01", "2026-01-01"}


def test_periods_are_whole_financial_ones() -> None:
    assert periods(12, "year") == [Period(0, 3), Period(4, 7), Period(8, 11)]
    assert periods(6, "year") == [Period(8, 11)]
    assert periods(11, "three_years") == []
    day = periods(4, "snapshot")[0]
    assert day.period_from.isoformat() == day.period_to.isoformat() == "2026-03-31"


def test_groups_share_out_everyone_once() -> None:
    met, counted = split_by_group(30, 100, [0.5, 0.3, 0.2], [1.0, 1.0, 0.0001], np.random.default_rng(1))
    assert met.sum() == 30
    assert counted.sum() == 100
    assert (met <= counted).all()
    assert met[2] == 0  # odds of nearly nothing: others come first


def test_numbers_are_written_as_people_write_them() -> None:
    assert as_text(pd.Series([3.0, np.nan, 0.0, 2.5, 1_234_567.0])).tolist() == ["3", "", "0", "2.5", "1234567"]


def test_the_nine_workforce_groups_are_those_of_the_catalogue() -> None:
    listed = next(entry.values for entry in catalogue.breakdowns() if entry.id == "workforce_group")  # noqa: PD011
    assert tuple(STAFF_GROUPS) == listed


def test_panels_are_counted_in_people(by_indicator: dict[str, pd.DataFrame]) -> None:
    panels = by_indicator["panel_representation"]
    members, expected = panels["numerator"].astype(float), panels["denominator"].astype(float)
    assert len(panels) == 3
    assert (members == members.round()).all()
    assert members.between(1, 20).all()
    assert expected.between(1, 20).all()
