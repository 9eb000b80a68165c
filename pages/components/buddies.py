"""The Parent buddies page's pieces: its answer in short, who needs and has a buddy, and the folded parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.asks_page import look_into
from pages.components.buddies_tables import (
    ESCALATION,
    NEIGHBOURHOODS,
    RATIOS,
    RULE,
    STEPS,
    bars_html,
    places_html,
    steps_html,
)
from pages.components.downloads import offer_download
from pages.components.explained import say_how_to_read
from pages.components.filters import pick_few
from pages.components.folded import folded
from pages.components.frame import say_finding, say_part
from pages.components.headlines import show_headlines
from pages.components.made_once import made_once
from pages.components.tables import show_table
from pages.components.templates import offer_template

PAGE: Final = "parent_buddies"
MAP_TITLE: Final = "Map of need and allocation"
MAPS: Final = [("need", "Need"), ("against", "Need against allocation")]
SEND: Final = (
    "The programme sends in the page’s return. Whoever agrees the rule or a caseload sends in local settings. "
    "Both are loaded on the Data page."
)


def show_answer(whole: Answer, figures: Answer) -> None:
    """Show the finding, the headline figures, and a line for each part."""
    say_finding(whole)
    show_headlines(figures)
    st.html(in_short_html(whole))


@made_once
def in_short_html(answer: Answer) -> str:
    """Write each part's line."""
    lines = "".join(
        f"<li><strong>{escape(row['title'])}</strong> {escape(row['finding'])}</li>"
        for row in answer.table.to_dict("records")
    )
    return f'<section class="f1-how" aria-label="In short"><ul>{lines}</ul></section>'


def show_parts() -> list[Answer]:
    """Show who needs and has a buddy, then every other part when it is opened."""
    answers = show_need()
    for name, title in ask("buddies_parts"):
        if name in FOLDED:
            answers += folded(title, name, FOLDED[name])
    nothing = not answers[0].table["value"].notna().any()
    answers += folded("Send figures in, or change the rule or the caseload", "send", show_sending, opened=nothing)
    answers += look_into(ask("indicator_choices", page=PAGE))
    return [*answers, *folded(TITLE, "asked", partial(show_asked, PAGE))]


def today() -> str:
    """Give the day on which local settings are read."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def show_need() -> list[Answer]:
    """Show who has a buddy, whether deprivation matters, who might need one, and why support ended."""
    have, fifths = ask("buddies_allocation"), ask("buddies_by_fifth")
    rule, endings = ask("buddies_rule", on=today()), ask("buddies_endings")
    say_part(have.question, have)
    st.html(places_html(have, "Need, allocation and support kept"))
    offer_download(have, "buddy-allocation")
    say_part(fifths.question, fifths)
    if not fifths.empty:
        st.html(bars_html(fifths, "fifth", "area", "Share with a named buddy, by deprivation fifth"))
        say_how_to_read("bars")
        offer_download(fifths, "buddies-by-fifth")
    say_part(rule.question, rule)
    show_table(rule, RULE, "The rule in force, part by part", download_as="buddy-rule")
    say_part(endings.question, endings)
    if not endings.empty:
        st.html(bars_html(endings, "group", "area", "Why support ended early, as a share of all that ended"))
        say_how_to_read("bars")
        offer_download(endings, "buddy-endings")
    return [have, fifths, rule, endings]


def show_where() -> list[Answer]:
    """Show whether help goes where need is, the neighbourhoods in words, and the map when it is opened."""
    spread, places = ask("buddies_targeting"), ask("buddies_neighbourhoods")
    say_part(spread.question, spread)
    if not spread.empty:
        show_table(spread, RATIOS, "Targeting ratios", download_as="targeting-ratio")
    say_part(places.question, places)
    if not places.empty:
        show_table(places, NEIGHBOURHOODS, "Neighbourhoods, most need first", download_as="buddy-places", folded=True)
    return [spread, places, *folded(MAP_TITLE, "buddy_map", show_map)]


def show_map() -> list[Answer]:
    """Say why the map begins with need, and draw what the reader chooses."""
    st.html(f"<p>{escape(ask('buddies_map').finding)}</p>")
    return draw_chosen(pick_few("Map of", MAPS, key="map_of"))


def draw_chosen(chosen: str) -> list[Answer]:
    """Draw the map that was chosen, at the finest safe grain."""
    from pages.components.map_page import Choice, ask_for, show_maps

    mode = "one" if chosen == "need" else "against"
    choice = Choice(mode, "buddy_criteria_met", "buddy_allocated", "msoa21", "map", "national", points=False)
    answers = ask_for(choice)
    show_maps(choice, answers)
    for answer in answers:
        offer_download(answer, f"map-{chosen}")
    return list(answers)


def show_take_up() -> list[Answer]:
    """Show the three steps, offers not taken up in time, and what follows as a sequence."""
    steps, late, after = ask("buddies_steps"), ask("buddies_take_up"), ask("buddies_escalation")
    say_part(steps.question, steps)
    st.html(steps_html(steps, "The three steps, as a share of buddied parents with a service need"))
    offer_download(steps, "buddy-steps")
    say_part(late.question, late)
    show_table(late, STEPS, "Offers not taken up in time", download_as="buddy-take-up")
    say_part(after.question, after)
    show_table(after, ESCALATION, "The sequence, and who moved up from which level", download_as="buddy-escalation")
    return [steps, late, after]


def show_outcomes() -> list[Answer]:
    """Show removals and care beside safety, then what is published."""
    own, published = ask("buddies_outcomes"), ask("buddies_published")
    say_part(own.question, own)
    st.html(places_html(own, "Removals and care over three years, and safety"))
    offer_download(own, "buddy-outcomes")
    say_part(published.question, published)
    if not published.empty:
        st.html(places_html(published, "Published figures, children of all ages"))
        offer_download(published, "children-in-care-published")
    return [own, published]


def show_team() -> list[Answer]:
    """Show the buddies, their families and supervision, then the specialist workers and the model."""
    team, others = ask("buddies_capacity", on=today()), ask("buddies_specialists")
    say_part(team.question, team)
    st.html(places_html(team, "Buddies in post, their families and supervision"))
    offer_download(team, "buddy-capacity")
    say_part(others.question, others)
    st.html(places_html(others, "Specialist workers and the buddy model"))
    offer_download(others, "parent-infant-workers")
    return [team, others]


def show_sending() -> list[Answer]:
    """Offer the templates that this page's figures and settings are sent in with."""
    st.html(f"<p>{escape(SEND)}</p>")
    offer_template("long_return_parent_buddies", "the page’s return")
    offer_template("local_settings", "local settings")
    return []


FOLDED: Final[dict[str, Callable[[], list[Answer]]]] = {
    "where": show_where,
    "take_up": show_take_up,
    "outcomes": show_outcomes,
    "buddies": show_team,
}
