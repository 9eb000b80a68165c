"""How unequal, is it closing, how many: recovered from the illustrative world's known gradient and by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from data.answers.inequalities import (
    CLOSING,
    NO_CLEAR,
    SIMILAR,
    TOO_SHORT,
    WIDENING,
    WORSE,
    change_of,
    closing_sentence,
    inequalities,
)
from data.answers.inequality_of_one import inequality, inequality_groups, inequality_over_time
from data.answers.provision_gaps import not_compared, provision_gaps
from data.catalogue import ics
from data.example import expected_by_fifth

ICB = ics().icb.code
REVIEW = "review_2_years"
LAST_YEAR = range(8, 12)  # 2025/26: the last four of twelve quarters


def gap_series(*years: tuple[float, float, float]) -> pd.DataFrame:
    """Make the gaps of one figure: value and limits for each year from 2020/21."""
    return pd.DataFrame(
        [
            {
                "period_type": "year",
                "period_from": f"{2020 + at}-04-01",
                "period_to": f"{2021 + at}-03-31",
                **dict(zip(("gap", "lowercl", "uppercl"), year, strict=True)),
            }
            for at, year in enumerate(years)
        ]
    )


def test_with_few_years_a_gap_closes_only_where_limits_do_not_overlap() -> None:
    assert change_of(gap_series((10, 8, 12))).words == TOO_SHORT
    assert change_of(gap_series((10, 8, 12), (5, 3, 7.9))).words == CLOSING
    assert change_of(gap_series((10, 8, 12), (5, 3, 8))).words == NO_CLEAR  # the limits touch
    found = change_of(gap_series((5, 3, 7.9), (6, 4, 8), (10, 8, 12)))
    assert (found.words, found.rule) == (WIDENING, "limits of 2020/21 and 2022/23 do not overlap")


def test_a_gap_that_turns_round_and_grows_is_not_called_closing() -> None:
    assert change_of(gap_series((2, 1, 3), (-9, -12, -6))).words == WIDENING


def test_with_five_years_the_recent_trend_rule_decides() -> None:
    falling = [(20.0 - 4 * at, 18.0 - 4 * at, 22.0 - 4 * at) for at in range(5)]
    found = change_of(gap_series(*falling))
    assert (found.words, found.rule) == (CLOSING, "recent-trend rule, 5 years")
    assert change_of(gap_series(*falling[::-1])).words == WIDENING
    assert change_of(gap_series(*[(10.0, 5.0, 15.0)] * 2, *[(11.0, 6.0, 16.0)] * 3)).words == NO_CLEAR


def test_gaps_that_close_and_widen_are_counted() -> None:
    said = closing_sentence([CLOSING, WIDENING, NO_CLEAR, CLOSING, TOO_SHORT])
    assert said == f"Of the gaps, 2 are {CLOSING} and 1 is {WIDENING}; 1 shows no clear change."
    assert closing_sentence([NO_CLEAR, TOO_SHORT]) == "No gap is known to be closing or widening."


def test_the_known_gradient_of_the_illustrative_world_is_recovered(everything: str) -> None:
    truth = expected_by_fifth(REVIEW, LAST_YEAR, outliers=True)
    table = inequality(REVIEW, ICB).table
    for fifth, row in enumerate(table.to_dict("records"), start=1):
        assert row["lowercl"] <= 100 * truth[fifth] <= row["uppercl"]
    years = inequality_over_time(REVIEW, ICB).table
    assert years["lowercl"].iloc[-1] <= 100 * (truth[5] - truth[1]) <= years["uppercl"].iloc[-1]


def test_a_gap_and_its_people_are_the_arithmetic_of_the_fifths_on_screen(everything: str) -> None:
    answer = inequality(REVIEW, ICB)
    ends = answer.table.set_index("fifth")
    most, least = ends.loc["1 (most deprived)"], ends.loc["5 (least deprived)"]
    gap = 100 * (least["numerator"] / least["denominator"] - most["numerator"] / most["denominator"])
    people = 5 * round(gap / 100 * most["denominator"] / 5)
    assert f"The gap is {gap:.1f} points (" in answer.finding
    assert f"about {people} more children a year" in answer.finding
    assert answer.finding.startswith("Illustrative, not real: ")
    league = inequalities(ICB).table.set_index("indicator_id").loc[REVIEW]
    assert (league["gap"], league["people"]) == (pytest.approx(gap), people)


def test_the_league_stands_in_the_order_of_people_and_says_what_is_chance(everything: str) -> None:
    answer = inequalities(ICB)
    known = answer.table["people"].dropna()
    assert known.is_monotonic_decreasing
    assert len(known) < len(answer.table)  # where the most deprived fare no worse there are none, at the end
    worse = answer.table["sure"] == WORSE
    assert (answer.table.loc[worse, "lowercl"] > 0).all()
    assert (answer.table.loc[answer.table["sure"] == SIMILAR, "lowercl"] <= 0).all()
    assert f"{worse.sum()} of {len(answer.table)} figures are worse in the most deprived fifth" in answer.finding


def test_before_and_after_birth_stand_side_by_side(everything: str) -> None:
    table = provision_gaps(ICB).table
    assert table["when"].tolist() == ["Before birth", *["After birth"] * 5]
    assert table["group"].iloc[-1] == "After birth: all four reviews together"
    each = table["value"].iloc[1:5]
    assert each.min() < table["value"].iloc[-1] < each.max()
    assert len(provision_gaps(ICB, "local").table) == 5  # all four together are released for national fifths only


def test_groups_are_compared_without_those_whose_group_is_unknown(everything: str) -> None:
    answer = inequality_groups(REVIEW, ICB, "ethnic_group")
    assert "Unknown" in set(answer.table["group"])
    known = answer.table.loc[answer.table["group"] != "Unknown"].dropna(subset="value").sort_values("value")
    assert f"lowest for {known['group'].iloc[0]} (" in answer.finding
    apart = known["value"].iloc[-1] - known["value"].iloc[0]
    assert f"{apart:.1f} points apart" in answer.finding
    assert "no two groups by parent can be compared" in inequality_groups(REVIEW, ICB, "parent_role").finding


def test_what_cannot_be_compared_says_why(everything: str) -> None:
    why = not_compared(ICB).table.set_index("name")["why"]
    assert "one and the same figure" in why["Smoking at delivery"]
    assert why["Reflective supervision"] == "not sent in by neighbourhood, so it can’t be split by deprivation"
    assert not set(why.index) & set(inequalities(ICB).table["name"])
