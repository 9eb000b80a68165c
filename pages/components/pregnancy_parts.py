"""The folded parts of the pregnancy page. Nothing of a part is asked or drawn until the reader opens it."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import quote

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.figure_part import show_figure_part
from pages.components.filters import pick_one
from pages.components.flow import say_what_to_send
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.indicator_views import show_indicator
from pages.components.reviews import show_reviews

PAGE: Final = "pregnancy_and_pathway"
FIRST_MAPPED: Final = "pregnancy_form_completed"
TITLES: Final = {
    "form": "Who fills the pregnancy form in, when and how",
    "needs": "Which needs are found, and acted on in time",
    "offers": "What is offered early, and to partners",
}


def show_parts(area_code: str, fifths: str) -> list[Answer]:
    """Offer every part of the page beside the flow; give the answers of those that are open."""
    answers: list[Answer] = []
    for part, title in TITLES.items():
        answers += folded(title, part, partial(show_part, part, area_code))
    answers += folded("Mandated reviews beside the region and England", "reviews", show_mandated)
    answers += folded("Map of one figure by neighbourhood", "neighbourhoods", show_figure_map)
    options = ask("indicator_choices", page=PAGE)
    linked = st.query_params.get("indicator") in dict(options).values()
    look = partial(show_indicator, options, area_code, fifths)
    answers += folded("Look closer: one figure over time and by deprivation", "look", look, opened=linked)
    return [*answers, *folded(TITLE, "asked", partial(show_asked, PAGE))]


def show_part(part: str, area_code: str) -> list[Answer]:
    """Show one part: its finding, bars of its shares, and its figures by deprivation and by group."""
    groups = partial(ask, "pregnancy_groups", part=part, area_code=area_code)
    return show_figure_part(part, ask("pregnancy_part", part=part, area_code=area_code), groups, say_what_to_send)


def show_mandated() -> list[Answer]:
    """Show every mandated review beside its councils, the region and England."""
    reviews = ask("reviews_by_area")
    say_part("Are babies seen on time?", reviews)
    show_reviews(reviews)
    return [reviews]


def show_figure_map() -> list[Answer]:
    """Draw one of the page's figures at its finest safe grain, with the way to the Map page."""
    from pages.components.map_page import Choice, show_maps

    own = {name for name, _ in ask("indicator_choices", page=PAGE)}
    mapped = {name: (theme, label) for theme, some in ask("map_choices").items() for name, label in some if name in own}
    if not mapped:
        say_what_to_send()
        return []
    options = sorted(((one, label) for one, (_, label) in mapped.items()), key=lambda one: one[0] != FIRST_MAPPED)
    name = pick_one("Figure on the map", options, key="mapped")
    answer = ask("map_layer", name=name, area_type="lsoa21", fifths="national")
    answers = [answer] if answer is not None else []
    show_maps(Choice("one", name, "", "lsoa21", "map", "national", points=False), answers)
    theme, label = mapped[name]
    st.markdown(f"[The same figure on the Map page](map?layer_theme={quote(theme)}&layer={quote(label)})")
    return answers
