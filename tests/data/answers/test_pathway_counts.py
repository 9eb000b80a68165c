"""Continuity counted from events: small families whose answer can be worked out by hand."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest

from data.answers.pathway_counts import join_sources, linked_births, month_number, pathway_rows
from data.catalogue.pathway import counted_indicators

HOME, AWAY, DORSET_HOME = "E01015272", "E01015273", "E01020452"
BCP, DORSET = "E06000058", "E06000059"
COUNCIL = {HOME: BCP, AWAY: BCP, DORSET_HOME: DORSET}
FORM_ONLY = (("antenatal_form", -4), ("birth", 0))
TO_8_WEEKS = (*FORM_ONLY, ("antenatal_contact", -2), ("new_birth_visit", 0), ("review_6_8_weeks", 2))


def name_of(family: str) -> str:
    """A pseudonym for a family of a test."""
    return hashlib.sha256(family.encode()).hexdigest()


def month(born: str, age: int) -> str:
    """The month that lies so many months after a birth."""
    number = int(born[:4]) * 12 + int(born[5:7]) - 1 + age
    return f"{number // 12:04}-{number % 12 + 1:02}"


def family(name: str, born: str, steps, home: str = HOME, submission: int = 1) -> list[dict]:
    """The events of one family, by month from the birth."""
    return [
        {
            "pseudonym": name_of(name),
            "event": event,
            "month": month(born, age),
            "area_code": home,
            "lad_code": COUNCIL[home],
            "submission_id": submission,
            "illustrative": False,
        }
        for event, age in steps
    ]


#: Somebody long before, so that every step was collected in both councils since 2023; and the files reach 2026-03.
LONG_AGO = [
    *(*TO_8_WEEKS, ("review_12_months", 12), ("review_2_years", 25)),
    *(("record_matched", -3),),
]


def events(*families: list[dict], until: str = "2026-03") -> pd.DataFrame:
    """All events of some families, with the two early ones and the last month of the files."""
    early = family("early BCP", "2021-01", LONG_AGO) + family("early Dorset", "2021-01", LONG_AGO, DORSET_HOME)
    last = family("last", until, [("booked", 0)])
    return pd.DataFrame([row for rows in (early, *families, last) for row in rows])


def cell(rows: pd.DataFrame, first_day: str, area: str = HOME) -> tuple[float, float] | None:
    """Numerator and denominator of one quarter."""
    found = rows[(rows["period_from"] == first_day) & (rows["area_code"] == area) & (rows["value_status"] == "shown")]
    return None if found.empty else (found["numerator"].iloc[0], found["denominator"].iloc[0])


def test_each_baby_counts_in_the_quarter_in_which_it_reached_the_age() -> None:
    # born in November 2024: 8 weeks in January 2025, 12 month review due by 15 months in February 2026
    all_steps = [*TO_8_WEEKS, ("review_12_months", 13)]
    made = events(family("a", "2024-11", all_steps), family("b", "2024-11", TO_8_WEEKS))
    assert cell(pathway_rows(made, "continuity_to_new_birth"), "2024-10-01") == (2, 2)  # 1 month old in December 2024
    assert cell(pathway_rows(made, "continuity_to_6_8_weeks"), "2025-01-01") == (2, 2)
    assert cell(pathway_rows(made, "continuity_to_12_months"), "2026-01-01") == (1, 2)


@pytest.mark.parametrize(
    ("late", "met"),
    [
        (("new_birth_visit", 1), 1),  # by 30 days, as near as months can say
        (("new_birth_visit", 2), 0),
    ],
)
def test_a_late_visit_breaks_the_chain(late: tuple[str, int], met: int) -> None:
    made = events(family("a", "2025-02", [*FORM_ONLY, ("antenatal_contact", -1), late]))
    assert cell(pathway_rows(made, "continuity_to_new_birth"), "2025-01-01") == (met, 1)  # March 2025


def test_a_missed_step_stays_missed_at_every_later_point() -> None:
    steps = [*FORM_ONLY, ("new_birth_visit", 0), ("review_6_8_weeks", 2), ("review_12_months", 12)]  # no contact
    made = events(family("a", "2024-05", steps))
    assert cell(pathway_rows(made, "continuity_to_new_birth"), "2024-04-01") == (0, 1)
    assert cell(pathway_rows(made, "continuity_to_12_months"), "2025-07-01") == (0, 1)


def test_babies_without_a_form_are_not_counted() -> None:
    steps = [step for step in TO_8_WEEKS if step[0] != "antenatal_form"]
    made = events(family("a", "2025-02", TO_8_WEEKS), family("b", "2025-02", steps))
    assert cell(pathway_rows(made, "continuity_to_6_8_weeks"), "2025-04-01") == (1, 1)


@pytest.mark.parametrize("leaving", ["stop_contact", "moved_out"])
def test_whoever_leaves_is_counted_before_and_nowhere_from_then_on(leaving: str) -> None:
    made = events(family("a", "2024-11", [*TO_8_WEEKS, (leaving, 6)]), family("b", "2024-11", TO_8_WEEKS))
    assert cell(pathway_rows(made, "continuity_to_6_8_weeks"), "2025-01-01") == (2, 2)
    assert cell(pathway_rows(made, "continuity_to_12_months"), "2026-01-01") == (0, 1)  # b alone, and not reviewed


@pytest.mark.parametrize(("left", "counted"), [(2, None), (3, (1, 1))])
def test_leaving_in_the_very_month_of_the_age_leaves_the_denominator(left: int, counted) -> None:
    made = events(family("a", "2025-02", [*TO_8_WEEKS, ("stop_contact", left)]))  # 8 weeks: month 2
    assert cell(pathway_rows(made, "continuity_to_6_8_weeks"), "2025-04-01") == counted


def test_a_loss_before_the_form_was_another_pregnancys() -> None:
    # contact stopped in May 2024; a new form in October, and a baby in February
    made = events(family("a", "2025-02", [("stop_contact", -9), *TO_8_WEEKS]))
    assert cell(pathway_rows(made, "continuity_to_6_8_weeks"), "2025-04-01") == (1, 1)


def test_two_suppliers_are_linked_by_the_pseudonym() -> None:
    form = family("a", "2025-02", [("antenatal_form", -4)], submission=2)
    visits = family("a", "2025-02", [step for step in TO_8_WEEKS if step[0] != "antenatal_form"], submission=3)
    ends = family("x", "2026-03", [("booked", 0)], submission=2) + family("y", "2026-03", [("booked", 0)], submission=3)
    assert cell(pathway_rows(events(form, visits, ends), "continuity_to_6_8_weeks"), "2025-04-01") == (1, 1)


def test_a_second_child_has_a_chain_of_its_own() -> None:
    # 20 months apart; the second child has only a form
    made = events(family("a", "2023-06", TO_8_WEEKS), family("a", "2025-02", FORM_ONLY))
    rows = pathway_rows(made, "continuity_to_6_8_weeks")
    assert cell(rows, "2023-07-01") == (1, 1)
    assert cell(rows, "2025-04-01") == (0, 1)


def test_a_family_that_moves_within_the_system_counts_where_it_lived_then() -> None:
    steps = [step for step in TO_8_WEEKS if step[0] != "review_6_8_weeks"]
    made = events(family("a", "2025-02", steps), family("a", "2025-02", [("review_6_8_weeks", 2)], home=AWAY))
    rows = pathway_rows(made, "continuity_to_6_8_weeks")
    assert cell(rows, "2025-04-01", AWAY) == (1, 1)
    assert cell(rows, "2025-04-01", HOME) is None


def test_a_quarter_to_whose_end_the_files_do_not_reach_is_immature() -> None:
    made = events(family("a", "2025-12", TO_8_WEEKS), until="2026-02")  # 8 weeks in February 2026
    rows = pathway_rows(made, "continuity_to_6_8_weeks", "2026-03-31")
    last = rows[rows["period_from"] == "2026-01-01"]
    assert set(zip(last["area_code"], last["value_status"], strict=True)) == {(BCP, "immature"), (DORSET, "immature")}
    assert pathway_rows(made, "continuity_to_6_8_weeks", "2025-12-31")["value_status"].eq("shown").all()


def test_a_quarter_is_not_counted_before_every_step_was_collected() -> None:
    # in the Dorset Council area nobody sent an antenatal contact before July 2025; one may come 4 months before birth,
    # so births are covered from November 2025, and their 8 weeks from January 2026
    before = family("d", "2025-09", TO_8_WEEKS, DORSET_HOME)
    after = family("e", "2025-11", TO_8_WEEKS, DORSET_HOME)
    frame = events(before, after)
    frame = frame[~((frame["area_code"] == DORSET_HOME) & (frame["month"] < "2021-12"))]
    rows = pathway_rows(frame, "continuity_to_6_8_weeks")
    assert cell(rows, "2025-10-01", DORSET_HOME) is None
    assert cell(rows, "2026-01-01", DORSET_HOME) == (1, 1)


def test_a_council_that_sends_no_review_has_no_figure_rather_than_nought() -> None:
    frame = events(family("a", "2023-02", TO_8_WEEKS))
    frame = frame[frame["event"] != "review_2_years"]
    assert pathway_rows(frame, "continuity_to_2_years").empty


@pytest.mark.parametrize("indicator", counted_indicators())
@pytest.mark.parametrize("kept", ["birth", "booked", "antenatal_form", "need_found"])
def test_events_of_one_kind_alone_give_no_figure(indicator: str, kept: str) -> None:
    made = family("a", "2025-02", [(kept, 0)])
    assert pathway_rows(pd.DataFrame(made), indicator, "2025-12-31").empty


def test_a_form_is_linked_by_a_confirmed_match_or_a_contact_of_the_record() -> None:
    made = events(
        family("a", "2025-12", [("antenatal_form", -5), ("record_matched", -4)]),  # July 2025
        family("b", "2025-12", [("antenatal_form", -5), ("antenatal_contact", -2)]),
        family("c", "2025-12", [("antenatal_form", -5)]),
        family("d", "2025-12", [("antenatal_form", -5), ("stop_contact", -4)]),  # nobody could link it
        family("e", "2025-12", [("antenatal_form", -5), ("record_matched", -6)]),  # an earlier pregnancy's
    )
    assert cell(pathway_rows(made, "form_linked"), "2025-07-01") == (2, 4)


def test_needs_count_where_they_were_first_found_before_the_second_birthday() -> None:
    start = family("old", "2012-01", [("need_found", -5), ("assessment_3_4_years", 40)])
    one = family("a", "2021-06", [("birth", 0), ("need_found", 23), ("need_found", 30), ("assessment_3_4_years", 48)])
    two = family("b", "2021-06", [("birth", 0), ("need_found", 24), ("need_found", 49), ("assessment_3_4_years", 48)])
    rows = pathway_rows(events(start, one, two), "needs_found_before_two")
    year = rows[rows["period_from"] == "2025-04-01"]  # the assessments were in June 2025
    # a: at 23 months (early) and at 30; b: at 24, and at 49 months, which is after the assessment
    assert year[["area_code", "period_type", "numerator", "denominator"]].to_numpy().tolist() == [[BCP, "year", 1, 3]]


def test_steps_belong_to_the_birth_in_whose_window_they_lie() -> None:
    frame = events(family("a", "2024-05", [*TO_8_WEEKS, ("review_12_months", 16)]))
    births = linked_births(frame.assign(at=month_number(frame["month"])))
    own = births[births["pseudonym"] == name_of("a")].iloc[0]
    assert own["review_6_8_weeks"] - own["born"] == 2
    assert pd.isna(own["review_12_months"])  # at 16 months it is too late


def test_returned_rows_of_the_same_council_and_time_give_way_and_others_stay() -> None:
    made = pathway_rows(events(family("a", "2025-02", TO_8_WEEKS)), "continuity_to_6_8_weeks")
    said = made[made["area_code"] == HOME]  # BCP, and only the quarters that are covered
    held = pd.DataFrame(
        {
            "indicator_id": "continuity_to_6_8_weeks",
            "area_code": [AWAY, AWAY, DORSET_HOME, BCP],
            "period_type": ["quarter", "quarter", "quarter", "year"],
            "period_from": ["2025-04-01", "2018-04-01", "2025-04-01", "2025-04-01"],
            "period_to": ["2025-06-30", "2018-06-30", "2025-06-30", "2026-03-31"],
            "breakdown_type": "",
            "numerator": 1.0,
        }
    )
    joined = join_sources(said, held, pd.Series(COUNCIL))
    kept = joined[joined["numerator"].eq(1.0) & joined["denominator"].isna()]
    # the other neighbourhood of the same council and quarter goes, and so does the council's year
    assert kept[["area_code", "period_from"]].to_numpy().tolist() == [[AWAY, "2018-04-01"], [DORSET_HOME, "2025-04-01"]]
