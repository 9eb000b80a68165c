"""The folded parts of the pregnancy page. Nothing of a part is asked or drawn until the reader opens it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.bars import draw_bars
from pages.components.downloads import offer_download
from pages.components.filters import pick_one
from pages.components.flow import say_what_to_send
from pages.components.frame import say_part
from pages.components.indicator_views import show_indicator
from pages.components.made_once import made_once
from pages.components.reviews import show_reviews
from pages.components.scorecard import show_scorecard
from pages.components.tables import Column, show_table

PAGE: Final = "pregnancy_and_pathway"
FIRST_MAPPED: Final = "pregnancy_form_completed"
FIGURES: Final = (
    Column("name", "Figure"),
    Column("value_words", "Newest"),
    Column("period", "When"),
    Column("area", "Where"),
    Column("most_deprived", "Most deprived fifth"),
    Column("least_deprived", "Least deprived fifth"),
    Column("gap", "Gap"),
    Column("against", "Held against"),
    Column("tool", "Agreed tool"),
)
GROUPS: Final = (
    Column("name", "Figure"),
    Column("kind", "By"),
    Column("group", "Group"),
    Column("figure", "Newest (95% confidence limits)"),
    Column("share", "Share of all counted"),
    Column("numerator", "Counted", number=True),
    Column("denominator", "Out of", number=True),
    Column("period", "When"),
)
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
    return [*answers, *folded("What was asked for", "asked", show_asked)]


def folded(title: str, key: str, show: Callable[[], Sequence[Answer]], *, opened: bool = False) -> Sequence[Answer]:
    """Show a part when it is open; whether it is stands in the address."""
    part = st.expander(title, opened, key=key, on_change="rerun", bind="query-params")
    if not part.open:
        return []
    with part:
        return show()


def show_part(part: str, area_code: str) -> list[Answer]:
    """Show one part: its finding, bars of its shares, and its figures by deprivation and by group."""
    answer = ask("pregnancy_part", part=part, area_code=area_code)
    say_part(answer.question, answer)
    if not answer.table["value"].notna().any():
        say_what_to_send()
        return [answer]
    draw_bars(shares(answer), answer.text_alternative)
    show_table(answer, FIGURES, answer.question, download_as=f"{part}-figures", folded=True)
    groups = ask("pregnancy_groups", part=part, area_code=area_code)
    if len(groups.table):
        show_table(groups, GROUPS, groups.question, download_as=f"{part}-by-group", folded=True)
    return [answer, groups]


@made_once
def shares(answer: Answer) -> list[tuple[str, float, str]]:
    """Choose the figures that are percentages."""
    table = answer.table.dropna(subset="value")
    table = table.loc[table["value_words"].str.endswith("%")]
    return list(zip(table["name"], table["value"], table["value_words"], strict=True))


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


def show_asked() -> list[Answer]:
    """Show the asks that this page answers."""
    asks = ask("scorecard", page=PAGE)
    say_part("What was asked for", asks)
    show_scorecard(asks)
    offer_download(asks, "pregnancy-and-pathway-asks")
    return [asks]
