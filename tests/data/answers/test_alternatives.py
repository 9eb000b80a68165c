"""What is said of a picture is what its table holds: highest and lowest by name, the pattern, what is not shown."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from data.answers.alternatives import deprivation_words, extremes_words, not_shown_words
from data.answers.answer import Answer
from data.answers.questions import QUESTIONS, question
from data.exports.drawings_rows import plan_of

ICB, BCP = "E54000041", "E06000058"
SHOWN = ["shown", "rounded"]

# ---- the sentences --------------------------------------------------------------------------------------------------


def test_the_ends_are_named_with_their_figures() -> None:
    said = extremes_words(["a", "b", "c"], [12.34, 80.0, math.nan], "%")
    assert said == "Highest: b (80.0%); lowest: a (12.3%)."


def test_who_shares_an_end_is_named_up_to_three() -> None:
    assert extremes_words(["a", "b", "c"], [2.0, 2.0, 1.0], "babies") == (
        "Highest: a and b (2 babies); lowest: c (1 babies)."
    )
    said = extremes_words(list("abcdef"), [1.0, 1.0, 1.0, 1.0, 1.0, 9.0], "%")
    assert said == "Highest: f (9.0%); lowest: a, b, c and 2 more (1.0%)."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([math.nan, math.nan], "No figure can be shown."),
        ([math.nan, 5.0], "The only figure: b (5.0%)."),
        ([5.0, 5.0], "Both are 5.0%."),
        ([0.0, 5.0], "Highest: b (5.0%); lowest: a (0.0%)."),  # zero is a figure
    ],
)
def test_there_may_be_no_two_ends(values: list[float], said: str) -> None:
    assert extremes_words(["a", "b"], values, "%") == said


def test_what_is_not_shown_is_counted_by_reason() -> None:
    statuses = ["shown", "suppressed", "rounded", "suppressed", "immature"]
    assert not_shown_words(statuses) == "3 of 5 not shown: 2 too few people to show, 1 too early to say."
    assert not_shown_words(["shown", "rounded", "shown"]) == "All 3 are shown."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((10, 20, 30, 40, 50), "rises step by step from the most to the least deprived fifth (10.0% against 50.0%)"),
        ((50, 40, 30, 20, 10), "falls step by step from the most to the least deprived fifth (50.0% against 10.0%)"),
        ((10, 30, 20, 40, 50), "lower in the most deprived fifth than in the least (10.0% against 50.0%), but not"),
        ((50, 30, 30, 40, 10), "higher in the most deprived fifth than in the least (50.0% against 10.0%), but not"),
        ((10, 30, math.nan, 40, 50), "lower in the most deprived fifth than in the least"),  # a step is not known
        ((10, 30, 20, 40, 10.04), "the same in the most and the least deprived fifth (10.0% against 10.0%)"),
        ((math.nan, 20, 30, 40, 50), "can’t both be shown"),
    ],
)
def test_the_pattern_runs_from_the_most_deprived_to_the_least(values: Sequence[float], said: str) -> None:
    by_fifth = {str(place + 1): float(value) for place, value in enumerate(values)}
    assert said in deprivation_words(by_fifth, "%")


# ---- every picture's alternative against its table ------------------------------------------------------------------


def ends(table: pd.DataFrame, name: str, words: str, value: str = "value") -> tuple[str, str]:
    """What must be said of the highest and of the lowest: the name, and the figure as the table has it."""
    known = table.dropna(subset=value)
    high, low = (known.loc[known[value] == bound] for bound in (known[value].max(), known[value].min()))
    one = (f"{part[name].iloc[0]}" for part in (high, low))
    figures = (str(part[words].iloc[0]).split(" (")[0] for part in (high, low))
    (first, last), (top, bottom) = one, figures
    return f"Highest: {first} ({top})", f"lowest: {last} ({bottom})"


def said_of(answer: Answer, name: str, words: str, value: str = "value") -> None:
    """Hold both ends and the number that is not shown."""
    known = answer.table[value].dropna()
    assert known.max() > known.min(), "choose an example with figures that differ"
    assert (known == known.max()).sum() == (known == known.min()).sum() == 1, "choose an example without ties"
    for said in ends(answer.table, name, words, value):
        assert said in answer.text_alternative
    if "value_status" in answer.table:
        hidden = int((~answer.table["value_status"].isin(SHOWN)).sum())
        of_all = f"{hidden} of {len(answer.table)} not shown" if hidden else f"All {len(answer.table)} are shown"
        assert of_all in answer.text_alternative


def ask(asked: str, /, **choices: Any) -> Answer:
    found: Answer = question(asked)(**choices)
    return found


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("indicator", ["new_birth_visit_14_days", "buddy_allocated", "breastfeeding_6_8_weeks"])
def test_a_series_names_its_highest_and_lowest_period(indicator: str) -> None:
    said_of(ask("over_time", name=indicator, area_code=BCP), "period", "figure")


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("name", ["by_deprivation", "inequality"])
@pytest.mark.parametrize("indicator", ["new_birth_visit_14_days", "pregnancy_form_completed", "review_2_years"])
def test_fifths_name_their_ends_and_their_direction(name: str, indicator: str) -> None:
    answer = ask(name, name=indicator, area_code=ICB)
    named = answer.table.assign(fifth="fifth " + answer.table["fifth"])
    for said in ends(named, "fifth", "figure"):
        assert said in answer.text_alternative
    values = answer.table["value"].tolist()
    steps = [later > earlier for earlier, later in pairwise(values)]
    words = "rises step by step" if all(steps) else "falls step by step" if not any(steps) else "but not step by step"
    assert words in answer.text_alternative
    assert ("lower in the most" in answer.text_alternative) == (words.startswith("but") and values[0] < values[-1])
    assert ("higher in the most" in answer.text_alternative) == (words.startswith("but") and values[0] > values[-1])


@pytest.mark.usefixtures("everything")
def test_gaps_name_their_ends_and_count_where_the_most_deprived_fare_worse() -> None:
    years = ask("inequality_over_time", name="review_2_years", area_code=ICB)
    for said in ends(years.table, "period", "gap_words"):
        assert said in years.text_alternative
    worse = int((years.table["value"] > 0).sum())
    assert f"fare worse in {worse} of {len(years.table)} years" in years.text_alternative
    gaps = ask("provision_gaps", area_code=ICB)
    for said in ends(gaps.table, "group", "figure"):
        assert said in gaps.text_alternative
    assert f"get less in {int((gaps.table['value'] > 0).sum())} of {len(gaps.table)}" in gaps.text_alternative


@pytest.mark.usefixtures("everything")
def test_groups_and_bars_name_their_ends_and_what_is_not_shown() -> None:
    split = {"name": "pregnancy_form_completed", "area_code": ICB, "split": "ethnic_group"}
    said_of(ask("inequality_groups", **split), "group", "figure")
    said_of(ask("buddies_by_fifth"), "group", "figure")
    endings = ask("buddies_endings")  # two reasons share the lowest figure
    assert ends(endings.table, "group", "figure")[0] in endings.text_alternative
    for answer in (
        ask("pregnancy_part", part="needs", area_code=ICB),
        ask("workforce_part", part="care", area_code=BCP),
    ):
        bars = answer.table.loc[answer.table["value_words"].str.endswith("%")]
        for said in ends(bars, "name", "value_words"):
            assert said in answer.text_alternative


@pytest.mark.usefixtures("everything")
def test_each_measure_of_the_dots_names_its_groups() -> None:
    answer = ask("workforce_groups", area_code=BCP)
    for (measure, out_of), own in answer.table.groupby(["measure", "out_of"], sort=False):
        part = answer.text_alternative.split(f"{measure}, {out_of}.")[1].split(" shown")[0]
        groups = own.loc[own["group"] != "All nine groups"]
        for said in ends(groups, "group", "figure"):
            assert said in part
        hidden = int((~groups["value_status"].isin(SHOWN)).sum())
        assert (f"{hidden} of {len(groups)} not" if hidden else f"All {len(groups)} are") in part


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("layer", ["new_birth_visit_14_days", "review_2_years", "hub_reach_under_two"])
def test_a_map_names_its_highest_and_lowest_area_and_counts_what_is_not_shown(layer: str) -> None:
    answer = ask("map_layer", name=layer)
    table = answer.table.assign(words=[f"{value:.1f}%" for value in answer.table["value"]])
    for said in ends(table, "area_name", "words"):
        assert said in answer.text_alternative
    hidden = int(table["value"].isna().sum())
    of_all = f"{hidden} of {len(table)} areas not shown" if hidden else f"All {len(table)} areas are shown"
    assert of_all in answer.text_alternative
    fifths = ask("by_deprivation", name=layer, area_code=ICB).text_alternative
    assert fifths[fifths.index("By deprivation") :].split(". ")[0] in answer.text_alternative


@pytest.mark.usefixtures("everything")
def test_a_map_of_deprivation_names_the_most_and_the_least_deprived() -> None:
    answer = ask("map_layer", name="deprivation:imd")
    by_rank = answer.table.sort_values("value")  # rank 1 is the most deprived
    first, last = by_rank.iloc[0], by_rank.iloc[-1]
    assert f"Most deprived: {first['area_name']} (rank {first['value']:,.0f} in England)" in answer.text_alternative
    assert f"least deprived: {last['area_name']} (rank {last['value']:,.0f} in England)" in answer.text_alternative
    both = ask("need_against_reach", need="deprivation:imd", reach="new_birth_visit_14_days")
    reached = both.table.assign(words=[f"{value:.1f}%" for value in both.table["value"]]).dropna(subset="need_value")
    for said in ends(reached, "area_name", "words"):
        assert said in both.text_alternative
    need = both.table.dropna(subset="value").sort_values("need_value")  # an average score: high is deprived
    assert f"Most deprived: {need.iloc[-1]['area_name']} (" in both.text_alternative
    parted = int((both.table["class_index"] == 2).sum())  # high need, low reach
    assert f"High need, low reach: {parted};" in both.text_alternative


@pytest.mark.usefixtures("everything")
def test_the_other_pictures_name_their_ends() -> None:
    path = ask("workforce_trajectory", group="Maternity", area_code=ICB, target="90", by="2028-03-31")
    table = path.table.assign(words=[f"{value:.1f}%" for value in path.table["value"]])
    for said in ends(table, "period", "words"):
        assert said in path.text_alternative
    flow = ask("continuity", area_code=ICB)
    known = flow.table.dropna(subset="value").sort_values("value")
    for said, row in (("Highest", known.iloc[-1]), ("lowest", known.iloc[0])):
        group = "everyone" if row["group"] == "Everyone" else row["group"]
        assert f"{said}: {row['stage'].lower()}, {group} ({row['value']:.1f}%)" in flow.text_alternative
    stages = ask("life_stages")
    for said in ends(stages.table.assign(words=stages.table["value"].map("{:g}".format)), "stage", "words"):
        assert said.split(" (")[0] in stages.text_alternative
    rungs = ask("coproduction").table["level"].value_counts()
    assert f"Highest: {rungs.index[0].capitalize()}" in ask("coproduction").text_alternative
    money = ask("money_by_year", area_code=ICB)
    for kind, own in money.table.groupby("kind"):
        most, least = (
            own.loc[own["prevention"] == bound, "year"].iloc[0] for bound in own["prevention"].agg(["max", "min"])
        )
        part = money.text_alternative.split(f"{kind}, prevention.")[1]
        assert f"Highest: {most} (£" in part.split("Budget")[0]
        assert f"lowest: {least} (£" in part.split("Budget")[0]


#: What is chosen for whatever a question asks, so that every question can be asked.
CHOICES = {
    "area_code": ICB,
    "name": "new_birth_visit_14_days",
    "page": "workforce",
    "part": "needs",
    "split": "employer",
}
CHOICES |= {"group": "Maternity", "target": "90", "by": "2028-03-31", "chosen": "all", "area_type": "msoa21"}
CHOICES |= {
    "need": "deprivation:imd",
    "reach": "new_birth_visit_14_days",
    "first": "deprivation:imd",
    "second": "review_2_years",
}
OTHERWISE = {
    **{key: {"area_code": "E01020479"} for key in ("neighbourhood", "reach_place", "who_lives_here", "what_is_near")},
    **{key: {"part": "care"} for key in ("workforce_part", "workforce_part_groups")},
    "inequality_groups": {"name": "pregnancy_form_completed", "split": "ethnic_group"},
}


def asked_with_choices(name: str) -> list[Answer]:
    """Ask a question with a choice for each thing that it must be told."""
    wanted = [one for one, how in inspect.signature(question(name)).parameters.items() if how.default is how.empty]
    given = {one: CHOICES[one] for one in wanted} | OTHERWISE.get(name, {})
    found = question(name)(**given)
    return [one for one in (found if isinstance(found, tuple) else (found,)) if isinstance(one, Answer)]


@pytest.mark.usefixtures("everything")
def test_whatever_can_be_drawn_of_any_question_says_its_ends() -> None:
    drawn = {
        name: answer.text_alternative
        for name in QUESTIONS
        for answer in asked_with_choices(name)
        if plan_of(answer) is not None
    }
    assert len(drawn) > 12
    assert {name: said for name, said in drawn.items() if "ighest: " not in said} == {}
