"""The Inequalities page: one figure by deprivation and over time, then parts that ask nothing until they are opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.charts import draw_by_group, draw_over_time
from pages.components.filters import pick_few, pick_one
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.indicator_views import FIFTHS, show_indicator, show_reasons
from pages.components.tables import Column, show_table
from pages.components.templates import offer_template

PAGE: Final = "inequalities"
KINDS: Final = [("national", "Of England"), ("local", "Of Dorset ICS")]
SPLITS: Final = [("ethnic_group", "Ethnic group"), ("parent_role", "Parent")]
YEARS: Final = (
    Column("period", "Year"),
    Column("gap_words", "Gap (95% confidence limits)"),
    Column("slope_words", "Slope index of inequality"),
    Column("ratio_words", "Relative index"),
    Column("people_words", "With the least deprived fifth’s figure"),
)
LEAGUE: Final = (
    Column("name", "Measure"),
    Column("people_words", "With the least deprived fifth’s figure, a year"),
    Column("gap_words", "Gap (95% confidence limits)"),
    Column("most_words", "Most deprived fifth"),
    Column("least_words", "Least deprived fifth"),
    Column("sure", "More than chance?"),
    Column("closing", "Closing?"),
    Column("period", "Year"),
)
PROVISION: Final = (
    Column("group", "What is provided"),
    Column("figure", "Gap (95% confidence limits)"),
    Column("people_words", "With the least deprived fifth’s figure, a year"),
    Column("closing", "Closing?"),
    Column("rule", "By which rule"),
    Column("period", "Year"),
)
GROUPS: Final = (Column("group", "Group"), *FIFTHS[1:])
NOT_COMPARED: Final = (Column("name", "Measure"), Column("why", "Why it can’t be compared"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader has chosen: a measure (none where nothing can be compared), a place, and whose fifths."""

    name: str
    area_code: str
    fifths: str


def pick_measure() -> Choice:
    """Let the reader choose measure, place and fifths; each stands in the address."""
    options = ask("inequality_choices")
    what, where, which = st.columns([3, 2, 3])
    with what:
        name = pick_one("Measure", options, key="measure") if options else ""
    with where:
        area = pick_one("Place", ask("place_choices"), key="place")
    with which:
        return Choice(name, area, pick_few("Deprivation fifths", KINDS, key="fifths"))


def show_measure(choice: Choice) -> list[Answer]:
    """Show the chosen measure in the five fifths, and its gap over time; or say what to send in."""
    if not choice.name:
        st.markdown("Figures by neighbourhood are needed. Fill in a template, then send it in on the Data page.")
        offer_template("long_return_pregnancy_and_pathway", "reviews, forms and offers")
        offer_template("long_return_inequalities", "targeted contacts")
        return []
    asked = {"name": choice.name, "area_code": choice.area_code, "fifths": choice.fifths}
    now, years = ask("inequality", **asked), ask("inequality_over_time", **asked)
    say_part(now.question, now)
    draw_groups(now, "fifth", "measure-fifths", "by-deprivation")
    say_part(years.question, years)
    draw_years(years)
    return [now, years]


def draw_groups(answer: Answer, heading: str, key: str, name: str) -> None:
    """Draw groups as points with their limits, and their table."""
    columns = FIFTHS if heading == "fifth" else GROUPS
    if not answer.table["value"].notna().any():
        show_reasons(answer, columns)
        return
    frame = answer.table.assign(
        group=answer.table[heading], label=answer.table["figure"], words=answer.table["figure"], benchmark=None
    )
    draw_by_group(frame, answer.unit, answer.text_alternative, key=key)
    show_table(answer, columns, answer.question, download_as=name, folded=True)


def draw_years(answer: Answer) -> None:
    """Draw the gap of each year with its limits."""
    if answer.empty:
        return
    last = answer.table.index == len(answer.table) - 1
    frame = answer.table.assign(
        benchmark=0.0, benchmark_name="no gap", special=False, last=last, words=answer.table["gap_words"]
    )
    draw_over_time(frame, answer.unit, answer.text_alternative, key="gap-over-time", guide="gap_over_time")
    show_table(answer, YEARS, answer.question, download_as="gap-over-time", folded=True)


def show_parts(choice: Choice, league: Answer) -> list[Answer]:
    """Offer every other part of the page; give the answers of those that are open."""
    answers = folded(
        "Every measure, by how many babies or families its gap touches", "league", partial(show_league, league)
    )
    answers += folded("Provision before birth and after birth", "provision", partial(show_provision, choice))
    if choice.name:
        answers += folded("By ethnic group and by parent", "groups", partial(show_groups, choice))
    answers += folded("What can’t be compared, and why", "missing", partial(show_not_compared, choice))
    options = ask("indicator_choices", page=PAGE)
    linked = st.query_params.get("indicator") in dict(options).values()
    look = partial(show_indicator, options, choice.area_code, choice.fifths)
    answers += folded("Look closer: targeted contacts, over time and by deprivation", "look", look, opened=linked)
    answers += folded(TITLE, "asked", partial(show_asked, PAGE))
    return answers


def show_league(answer: Answer) -> list[Answer]:
    """Show every measure, widest in people first."""
    if answer.empty:
        st.markdown(answer.finding)
        return []
    st.markdown("The order is by people, not by how sure the difference is. One baby can stand in several rows.")
    show_table(answer, LEAGUE, "Measures by how many people their gap touches", download_as="measures-by-gap")
    return []


def show_provision(choice: Choice) -> list[Answer]:
    """Show what is provided before birth beside what is provided after it."""
    answer = ask("provision_gaps", area_code=choice.area_code, fifths=choice.fifths)
    say_part(answer.question, answer)
    if not answer.empty:
        table = answer.table
        frame = table.assign(label=table["figure"], words=table["figure"], benchmark=0.0)
        draw_by_group(frame, answer.unit, answer.text_alternative, key="provision-chart", guide="gaps")
        show_table(answer, PROVISION, answer.question, download_as="provision-gaps", folded=True)
    return [answer]


def show_groups(choice: Choice) -> list[Answer]:
    """Show the chosen measure by ethnic group or by parent."""
    split = pick_few("Split by", SPLITS, key="split")
    answer = ask("inequality_groups", name=choice.name, area_code=choice.area_code, split=split)
    say_part(answer.question, answer)
    draw_groups(answer, "group", "groups-chart", f"by-{split.replace('_', '-')}")
    return [answer]


def show_not_compared(choice: Choice) -> list[Answer]:
    """Show what can't be compared by fifth, and why."""
    answer = ask("not_compared", area_code=choice.area_code, fifths=choice.fifths)
    say_part(answer.question, answer)
    show_table(answer, NOT_COMPARED, answer.question, download_as="not-compared")
    return [answer]
