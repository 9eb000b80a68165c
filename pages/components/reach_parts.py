"""The Reach page's parts: one place in full, then groups, hubs and how to send in what a group does."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from html import escape
from typing import Any, Final

import streamlit as st

from data.answers.answer import Answer
from data.answers.reach import NOT_COMPARED, STANDINGS
from data.answers.reach_walking import LIMITS
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.asks_page import look_into
from pages.components.bars import draw_bars
from pages.components.filters import pick_few
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.offers import show_offers, show_sending
from pages.components.offers_moderating import TITLE as MODERATE
from pages.components.offers_moderating import may_moderate, show_moderating
from pages.components.tables import Column, show_table

PAGE: Final = "reach"
#: What is worse stands first.
ORDER: Final = tuple(STANDINGS[word] for word in ("worse", "better", "similar"))
REACHING: Final = (
    Column("indicator", "What reaches families"),
    Column("figure", "Here (95% limits)"),
    Column("standing", "So it is"),
    Column("typical", "Typical of places like it"),
    Column("like", "Places like it"),
    Column("given_for", "Figure is for"),
    Column("period", "Period"),
    Column("kind", "Real or illustrative"),
)
WHO: Final = (Column("fact", "What"), Column("figure", "Figure"), Column("words", "In words"))
NEAR: Final = (
    Column("name", "Place"),
    Column("kind", "Kind"),
    Column("distance", "Distance, straight line"),
    Column("core_offer", "Core offer"),
    Column("stressors", "Stressors it helps with"),
)
WITHIN: Final = (
    Column("place", "Where"),
    Column("figure", "Share near a hub"),
    Column("within", "Babies near a hub, about", number=True),
    Column("beyond", "Babies beyond, about", number=True),
    Column("babies", "Babies, about", number=True),
)
GROUPS: Final = (
    Column("group", "Group"),
    Column("measure", "Figure"),
    Column("figure", "Value (95% limits)"),
    Column("everyone", "Everyone"),
    Column("period", "Period"),
    Column("kind", "Real or illustrative"),
)
HUBS: Final = (
    Column("hub", "Hub"),
    Column("council", "Council"),
    Column("core_offer", "Core offer"),
    Column("stressors", "Stressors it helps with"),
    Column("missing", "Stressors it does not help with"),
    Column("reach", "Families with an under-two reached by any hub there"),
    Column("babies", "Babies within 800 m, about", number=True),
    Column("kind", "Real or illustrative"),
)
STRESSORS: Final = (
    Column("stressor", "Stressor"),
    Column("hubs", "Hubs that help with it"),
    Column("period", "Period"),
    Column("kind", "Real or illustrative"),
)
TEMPLATE: Final = "Nobody has sent this in yet. The template is under ‘Tell us what your group does’."


def show_parts(code: str) -> list[Answer]:
    """Show one place in full where there is one, then offer what holds for the whole system."""
    answers = show_place(code) if code else folded("What local groups told us", "told", partial(show_offers, ""))
    answers += folded("Which groups are reached?", "groups", show_groups)
    answers += folded("What each family hub offers", "hubs", show_hubs)
    answers += folded("Babies within walking distance of a hub", "walking", show_walking)
    folded("Tell us what your group does", "send", partial(show_sending, code))
    if may_moderate():
        folded(MODERATE, "moderate", show_moderating)
    answers += look_into(ask("indicator_choices", page=PAGE))
    return [*answers, *folded(TITLE, "asked", partial(show_asked, PAGE))]


def show_place(code: str) -> list[Answer]:
    """Show what reaches families in a place, what is near, and who lives there."""
    place, near = ask("reach_place", area_code=code), ask("what_is_near", area_code=code)
    st.header(place.question, anchor=False)
    if place.empty:
        st.markdown(TEMPLATE)
    else:
        st.html(standings_html(place))
        show_table(
            place, REACHING, f"What reaches families: {place.name}", download_as="what-reaches-families", folded=True
        )
    say_part(near.question, near)
    if near.empty:
        st.markdown(TEMPLATE)
    else:
        show_table(near, NEAR, f"The nearest of each kind: {place.name}", download_as="what-is-near")
    told = show_offers(code)
    return [place, near, *told, *folded("Who lives here?", "who", partial(show_who, code))]


@made_once
def standings_html(answer: Answer) -> str:
    """List what is worse here, then what is better, the same, and what can't be compared: a line for each figure."""
    parts = []
    for standing in (*ORDER, NOT_COMPARED):
        rows = answer.table.loc[answer.table["standing"] == standing].to_dict("records")
        lines = "".join(f"<li>{escape(_line(row))}</li>" for row in rows)
        if lines:
            title = f"{standing[0].upper()}{standing[1:]}"
            parts.append(f"<h3>{escape(title)}</h3><ul>{lines}</ul>")
    return f'<section class="f1-how" aria-label="What reaches families, in short">{"".join(parts)}</section>'


def _line(row: dict[Hashable, Any]) -> str:
    typical = f"; typical {row['typical']}" if row["typical"] != "–" else ""
    where = f" (for {str(row['given_for']).split(' (', maxsplit=1)[0]}, a wider area)" if row["wider"] else ""
    return f"{row['indicator']}: {str(row['figure']).split(' (', maxsplit=1)[0]}{typical}{where}"


def show_who(code: str) -> list[Answer]:
    """Show what is published of the people of a place."""
    who = ask("who_lives_here", area_code=code)
    st.html(f"<p>{escape(who.finding)}</p>")
    show_table(who, WHO, who.question, download_as="who-lives-here")
    return [who]


def show_groups() -> list[Answer]:
    """Show each group's figure beside everyone's."""
    groups = ask("reach_groups")
    say_part(groups.question, groups)
    show_table(groups, GROUPS, "Groups beside everyone", download_as="reach-by-group")
    return [groups]


def show_hubs() -> list[Answer]:
    """Show each hub's offer, and the eight kinds of stressor."""
    hubs, stressors = ask("hub_offer"), ask("hub_stressors")
    say_part(hubs.question, hubs)
    if hubs.empty:
        st.markdown(TEMPLATE)
    else:
        show_table(hubs, HUBS, hubs.question, download_as="hub-offer")
        show_hubs_on_map()
    say_part(stressors.question, stressors)
    if not stressors.empty:
        bars = [(row["stressor"], float(row["share"]), row["hubs"]) for row in stressors.table.to_dict("records")]
        draw_bars(bars, stressors.text_alternative)
        show_table(stressors, STRESSORS, stressors.question, download_as="hub-stressors", folded=True)
    return [hubs, stressors]


def show_hubs_on_map() -> None:
    """Draw the hubs over the share of families reached, or over deprivation where that is not sent in."""
    from pages.components.map_page import show_points

    hubs = [one for one in ask("map_points") if one["kind"] == "family_hub"]
    layers = (("hub_reach_under_two", "msoa21"), ("deprivation:imd", "lsoa21"))
    layer = next((found for name, kind in layers if (found := ask("map_layer", name=name, area_type=kind))), None)
    if hubs and layer is not None:
        st.html(f"<p>{escape(layer.finding)}</p>")
        show_points(layer, hubs)


def show_walking() -> list[Answer]:
    """Show the share of babies near a hub, at the distance that the reader chooses."""
    near = ask("babies_near_hubs", limit=pick_few("Near means within", list(LIMITS), key="near"))
    say_part(near.question, near)
    if near.empty:
        st.markdown(TEMPLATE)
    else:
        show_table(near, WITHIN, near.question, download_as="babies-near-a-hub")
    return [near]
