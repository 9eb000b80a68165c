"""Groups that are not released for the period a page wants are given for the next longer one, and the page says so."""

from __future__ import annotations

import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers.buddies_allocation import fifth_rows
from data.answers.equity_gaps import gap_indicators, gaps
from data.answers.group_periods import at_or_longer, longer_labels, period_sentences
from data.answers.inequality_of_one import SPLITS, inequality_groups
from data.answers.opened import reading
from data.answers.reach import reach_whole
from data.answers.workforce import MEASURES, workforce_groups
from data.catalogue import ics, indicator
from data.store.released import select_released

PERIODS = {
    "quarter": ("2026-01-01", "2026-03-31"),
    "year": ("2025-04-01", "2026-03-31"),
    "three_years": ("2023-04-01", "2026-03-31"),
}
REVIEW, HEALTH = "review_2_years", "poor_self_rated_health"


def rows(name: str, *kinds: str, breakdown_type: str = "ethnic_group", area_type: str = "lad") -> pd.DataFrame:
    """One released row for each kind of period."""
    return pd.DataFrame(
        {
            "indicator_id": name,
            "area_type": area_type,
            "breakdown_type": breakdown_type,
            "period_type": kind,
            "period_from": PERIODS[kind][0],
            "period_to": PERIODS[kind][1],
        }
        for kind in kinds
    )


def kept(frame: pd.DataFrame, wanted: str) -> list[tuple[str, str]]:
    found = at_or_longer(frame, wanted)
    return list(zip(found["indicator_id"], found["period_type"], strict=True))


def test_the_period_wanted_is_taken_where_it_is_released() -> None:
    assert kept(rows(REVIEW, "quarter", "year", "three_years"), "year") == [(REVIEW, "year")]


def test_the_next_longer_period_is_taken_where_it_is_not() -> None:
    assert kept(rows(REVIEW, "year", "three_years"), "quarter") == [(REVIEW, "year")]
    assert kept(rows(REVIEW, "quarter", "three_years"), "year") == [(REVIEW, "three_years")]


def test_a_shorter_period_never_stands_in() -> None:
    assert kept(rows(REVIEW, "quarter"), "year") == []


def test_each_measure_area_and_breakdown_finds_its_own_period() -> None:
    frame = pd.concat(
        [
            rows(REVIEW, "year", "three_years"),
            rows(HEALTH, "three_years"),
            rows(HEALTH, "year", "three_years", area_type="icb"),
            rows(HEALTH, "year", "three_years", breakdown_type="language"),
        ],
        ignore_index=True,
    )
    assert kept(frame, "year") == [(REVIEW, "year"), (HEALTH, "three_years"), (HEALTH, "year"), (HEALTH, "year")]


def test_a_day_of_counting_is_no_period_to_fall_back_on() -> None:
    frame = rows(REVIEW, "year").assign(period_type="snapshot")
    assert kept(frame, "year") == []


def test_nothing_released_gives_nothing() -> None:
    assert at_or_longer(rows(REVIEW, "year").iloc[0:0], "year").empty
    assert period_sentences(rows(REVIEW, "year").iloc[0:0], "year") == ()


def test_the_sentence_names_measure_period_and_reason() -> None:
    assert period_sentences(rows(HEALTH, "three_years"), "year") == (
        "Groups are given over three years together (2023/24 to 2025/26) for “Bad self-rated health”. "
        "This is the finest safe grain: by year, they would tell of too few people.",
    )
    assert longer_labels(rows(HEALTH, "three_years"), "year") == {HEALTH: "2023/24 to 2025/26"}


def test_nothing_is_said_of_groups_given_as_finely_as_wanted() -> None:
    assert period_sentences(rows(HEALTH, "year", "quarter"), "year") == ()
    assert longer_labels(rows(HEALTH, "year", "quarter"), "year") == {}


def test_protection_is_not_blamed_where_a_measure_is_returned_by_year() -> None:
    by_year = "public_health_grant"  # a year for everyone, too
    assert period_sentences(rows(by_year, "year"), "quarter") == ()
    assert period_sentences(rows("re_referrals", "three_years"), "year") == ()  # rare: pooled for everyone


def test_people_in_a_gap_over_three_years_are_those_of_one() -> None:
    ends = pd.DataFrame(
        {
            "indicator_id": REVIEW,
            "area_type": "lad",
            "area_code": "E06000058",
            "period_type": "three_years",
            "period_from": "2023-04-01",
            "period_to": "2026-03-31",
            "breakdown_value": ["1", "5"],
            "value": [80.0, 90.0],
            "lowercl": [78.0, 88.0],
            "uppercl": [82.0, 92.0],
            "denominator": [900.0, 1200.0],
            "value_status": "rounded",
            "illustrative": False,
            "submission_id": 1,
        }
    )
    assert gaps(ends)["people"].tolist() == [900 / 3]
    assert gaps(ends.assign(period_type="year"))["people"].tolist() == [900]


@pytest.mark.usefixtures("everything")
def test_no_page_loses_groups_that_are_given_for_a_longer_period() -> None:
    place = ics().lads[0]
    with reading() as connection:
        released = pd.concat(
            select_released(connection, [one.id for one in gap_indicators()], area_code=place.code, breakdown_type=kind)
            for kind in SPLITS
        )
    kinds = released.groupby(["indicator_id", "breakdown_type"])["period_type"].agg(set)
    longer = kinds.loc[[("year" not in found) and ("three_years" in found) for found in kinds]]
    assert len(longer) > 0
    for name, split in longer.index:
        answer = inequality_groups(name, place.code, split)
        assert len(answer.table) > 0
        assert any("over three years together" in note and "by year, they would tell" in note for note in answer.notes)


@pytest.mark.usefixtures("everything")
def test_every_workforce_group_has_a_row_with_a_period_or_a_reason() -> None:
    place = ics().lads[0]
    answer = workforce_groups(place.code)
    withheld = answer.table.loc[answer.table["figure"] == "no data yet", "indicator_id"]
    with reading() as connection:
        names = [one.indicator_id for one in MEASURES]
        released = select_released(connection, names, area_code=place.code, breakdown_type="workforce_group")
    assert set(withheld) & set(released["indicator_id"]) == set()
    by_year = answer.table["period"].str.fullmatch(r"\d{4}/\d\d")
    assert by_year.any()
    said = [note for note in answer.notes if "by quarter, they would tell" in note]
    assert all(
        any(indicator(str(name)).short_name in note for note in said)
        for name in answer.table.loc[by_year, "indicator_id"]
    )


def test_councils_without_a_year_bring_the_whole_to_three_years(monkeypatch: pytest.MonkeyPatch) -> None:
    councils = [place.code for place in ics().lads]
    frame = pd.DataFrame(
        {"area_code": code, "breakdown_value": fifth, "period_type": kind, "period_to": "2026-03-31", "value": 50.0}
        for kind, codes in (("year", [ics().icb.code]), ("three_years", [ics().icb.code, *councils]))
        for code in codes
        for fifth in "12345"
    )
    monkeypatch.setattr("data.answers.buddies_allocation.select_released", lambda *_, **__: frame)
    found = fifth_rows(None, "buddy_allocated")  # type: ignore[arg-type]
    assert set(found["period_type"]) == {"three_years"}
    assert set(found["area_code"]) == {ics().icb.code, *councils}


@pytest.mark.usefixtures("everything")
def test_reach_over_the_whole_says_the_gap_where_its_fifths_are_given_for_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_longer(connection: sa.Connection, name: str, *, area_code: str) -> pd.DataFrame:
        every = select_released(connection, name, area_code=area_code)
        fifths = every["breakdown_type"] == "imd_fifth_national"
        return every.loc[~fifths | (every["period_type"] != "quarter")]

    monkeypatch.setattr("data.answers.reach.select_released", only_longer)
    after = reach_whole()
    assert "Over 2024/25 it is" in after.finding  # the last quarter of 2025/26 is not sent in, so no year is whole
    assert any("by quarter, they would tell of too few people" in note for note in after.notes)
