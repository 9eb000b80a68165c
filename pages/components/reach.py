"""The Reach page's beginning: find a place by name, by postcode or on the map, and its answer in short.

The address holds the code of a neighbourhood, never a postcode. A postcode is looked up and forgotten at once: what
the browser sent is deleted from the session before the page runs. It is not asked as other questions are, because
their answers are kept.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from data.answers.answer import Answer
from data.answers.postcode_place import neighbourhood_of, postcodes_loaded
from data.answers.reach import PlaceAnswer
from data.errors import StoreError
from pages.components.ask import ask, say_unreadable
from pages.components.figures import show_figures
from pages.components.folded import folded
from pages.components.frame import say_finding
from pages.components.headlines import show_headlines
from pages.components.sign_in import person

AREA: Final = "area"
#: The keys of what is typed or chosen; the first holds a postcode for as long as it takes to look it up.
TYPED, CHOSEN, SAID = "reach_typed", "reach_chosen", "reach_said"
NOT_FOUND: Final = "That postcode is not in the lookup. Check it, or find your place by name."
NOT_NOW: Final = "The postcode could not be looked up just now. Find your place by name."
NOT_LOADED: Final = (
    "Finding a place by postcode is not possible yet: the ONS postcode lookup has not been loaded. "
    "Find your place by name or on the map."
)
FORGOTTEN: Final = "The postcode is looked up and forgotten. It is not stored, logged or put in the address."


def chosen_place() -> str:
    """Give the code of the place in the address; nothing where it names no place."""
    code = st.query_params.get(AREA, "")
    return code if code in dict(ask("reach_places")) else ""


def show_short(code: str) -> list[Answer]:
    """Show the finding and up to four figures: of the place, or of the whole system."""
    if not code:
        whole, figures = ask("reach_whole"), ask("headlines", page="reach")
        say_finding(whole)
        show_headlines(figures)
        return [whole, figures]
    place: PlaceAnswer = ask("reach_place", area_code=code)
    say_finding(place)
    show_figures(place.facts)
    return [place]


def find_place(code: str) -> list[Answer]:
    """Offer the three ways to find a place."""
    places = dict(ask("reach_places"))
    if st.query_params.get(AREA) and not code:
        st.info("The address names a place that is not here. Find one by name.")
    st.session_state[CHOSEN] = code or None
    st.selectbox(
        "Find your place by name",
        list(places),
        index=None,
        format_func=lambda one: places.get(one, one),
        placeholder="Type a town, a village or part of one",
        key=CHOSEN,
        on_change=_take_chosen,
    )
    _offer_postcode()
    return folded("Find your place on the map", "find_on_map", _show_map)


def _take_chosen() -> None:
    _go_to(st.session_state[CHOSEN] or "")


def _go_to(code: str) -> None:
    if code:
        st.query_params[AREA] = code
    else:
        st.query_params.pop(AREA, None)


def _offer_postcode() -> None:
    """Offer the search by postcode where the lookup is loaded; say so where it is not."""
    try:
        loaded = postcodes_loaded()
    except StoreError as error:
        say_unreadable(error)
        return
    if not loaded:
        st.markdown(NOT_LOADED)
        return
    with st.form("reach_postcode", border=False):
        st.text_input("Or by postcode", key=TYPED, max_chars=12, autocomplete="off")
        st.form_submit_button("Find by postcode", on_click=_take_postcode)
    st.markdown(st.session_state.pop(SAID, FORGOTTEN))


def _take_postcode() -> None:
    """Look the postcode up for somebody signed in, and forget it before the page runs."""
    typed = st.session_state[TYPED]
    del st.session_state[TYPED]  # what the browser sent would stay until the next run
    st.session_state[TYPED] = ""
    person()
    try:
        code = neighbourhood_of(typed)
    except StoreError:
        st.session_state[SAID] = NOT_NOW
        return
    if code:
        _go_to(code)
    else:
        st.session_state[SAID] = NOT_FOUND


def _show_map() -> list[Answer]:
    """Draw neighbourhoods by deprivation; the one that is chosen goes into the address."""
    from pages.components.map_page import Choice, ask_for, show_maps

    choice = Choice("one", "deprivation:imd", "", "lsoa21", "map", "national", points=bool(ask("map_points")))
    answers = ask_for(choice)
    found = show_maps(choice, answers)
    if found and found != st.query_params.get(AREA):
        _go_to(found)
        st.rerun()
    return list(answers)
