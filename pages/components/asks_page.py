"""A closer look at any figure of a page, at its end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from data.answers.answer import Answer
from pages.components.folded import folded
from pages.components.indicator_views import show_indicator


def look_into(options: Sequence[tuple[str, str]]) -> list[Answer]:
    """Offer a closer look at one figure; nothing is asked or drawn until the reader opens it."""
    if not options:
        return []
    linked = st.query_params.get("indicator") in dict(options).values()
    title = "Look closer: one figure over time and by deprivation"
    return folded(title, "look", partial(show_indicator, options), opened=linked)
