"""The form in which somebody says what a local group offers: choices throughout, and few words of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from data.errors import DataError, DataErrors
from pages.components.ask import ask

#: What each field is called; the order is that of the form.
LABELS: Final = {
    "group_name": "Name of the group",
    "offers": "What it offers",
    "for_whom": "Whom it is mainly for",
    "languages": "Languages that families can speak there",
    "area_code": "Where it meets",
    "covers": "Which families may come",
    "how_often": "How often it meets",
    "since_year": "Since which year",
    "places": "Places each time it meets",
    "free": "Is it free for families?",
    "how_found": "How families find it",
    "about": "A few words more",
    "reason": "Reason",
    "reason_words": "The reason in a few words",
}
REQUIRED: Final = frozenset({"group_name", "offers", "for_whom", "area_code", "covers", "how_often", "how_found"})
#: What else must be known to fill a field in: in sight, and not in a bubble that a thumb cannot open.
TOLD: Final = {
    "group_name": "Its public name, never a person’s",
    "area_code": "A neighbourhood or ward; look a postcode up at the top of this page and it is chosen here",
    "places": "How many fit in, never how many came",
    "about": "No names, addresses or phone numbers, and nothing about a family",
}
SEVERAL: Final = ("offers", "for_whom", "languages", "how_found")
NOT_SAID: Final = "not said"
OLDEST_YEAR: Final = 1950
LONGEST_NAME, LONGEST_WORDS, MOST_PLACES = 80, 160, 1000


def show_fields(key: str, stands: Mapping[str, str], area_code: str) -> None:
    """Show every field with what stands in it; ``area_code`` is the place that the page is about."""
    st.text_input(_label("group_name"), stands.get("group_name", ""), LONGEST_NAME, key=f"{key}_group_name")
    for name in ("offers", "for_whom", "languages"):
        _several(key, name, stands)
    places = dict(ask("reach_places"))
    # another place at the top of the page is chosen here as well, and leaves the other fields as they are
    _one(f"{key}_{area_code}", "area_code", list(places), stands.get("area_code", "") or area_code, places)
    _one(key, "covers", _choices("covers"), stands.get("covers", "") or "families nearby")
    _one(key, "how_often", _choices("how_often"), stands.get("how_often", ""))
    years = [str(year) for year in range(dt.datetime.now(tz=dt.UTC).year, OLDEST_YEAR - 1, -1)]
    _one(key, "since_year", years, stands.get("since_year", ""))
    fit_in = int(stands["places"]) if stands.get("places") else None
    st.number_input(_label("places"), 0, MOST_PLACES, fit_in, 1, key=f"{key}_places")
    free = [NOT_SAID, "yes", "no"]
    st.radio(_label("free"), free, free.index(stands.get("free", "") or NOT_SAID), key=f"{key}_free", horizontal=True)
    _several(key, "how_found", stands)
    st.text_input(_label("about"), stands.get("about", ""), LONGEST_WORDS, key=f"{key}_about")


def _label(name: str) -> str:
    required = " (required)" if name in REQUIRED else ""
    return f"**{LABELS[name]}**{required}" + (f". {TOLD[name]}." if name in TOLD else "")


def _choices(column: str) -> Sequence[str]:
    from data.actions.offers import choices

    return choices(column)


def _several(key: str, name: str, stands: Mapping[str, str]) -> None:
    chosen = [word for word in _choices(name) if word in stands.get(name, "").split("; ")]
    st.multiselect(_label(name), _choices(name), chosen, key=f"{key}_{name}", placeholder="Choose one or more")


def _one(key: str, name: str, options: Sequence[str], stands: str, words: Mapping[str, str] | None = None) -> None:
    st.selectbox(
        _label(name),
        options,
        options.index(stands) if stands in options else None,
        format_func=lambda one: (words or {}).get(one, one),
        key=f"{key}_{name}",
        placeholder="Choose",
    )


def written_in(key: str, area_code: str) -> dict[str, str]:
    """Read what was written into each field."""
    said: dict[str, str] = {}
    for name in LABELS:
        placed = f"{key}_{area_code}" if name == "area_code" else key
        value: Any = st.session_state.get(f"{placed}_{name}")
        if name in SEVERAL:
            said[name] = "; ".join(value or ())
        else:
            said[name] = "" if value is None or value == NOT_SAID else str(value)
    return said


def problems_in_words(error: DataError) -> str:
    """Say what can't be kept, field by field; what was written is not repeated."""
    if not isinstance(error, DataErrors):
        return f"Nothing was saved. {error}"
    lines = []
    for one in error.problems:
        expected = f" Expected: {one.expected}." if one.expected else ""
        todo = f" {one.todo}." if one.todo else ""
        lines.append(f"- **{LABELS.get(one.column or '', 'The form')}**: {one.problem}.{expected}{todo}")
    return "Nothing was saved.\n\n" + "\n".join(lines)
