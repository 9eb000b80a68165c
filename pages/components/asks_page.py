"""A page whose asks are its table of contents: the finding, the asks, and any of their indicators looked into."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.frame import close_page, open_page, say_finding
from pages.components.indicator_views import show_indicator
from pages.components.scorecard import count_statuses, show_scorecard


def show_asks_page(slug: str) -> None:
    """Show the asks that a page answers, then one of their indicators over time and by deprivation."""
    open_page(slug)
    answer = ask("scorecard", page=slug)
    say_finding(answer)
    count_statuses(answer)
    show_scorecard(answer)
    offer_download(answer, slug)
    close_page(answer, *look_into(ask("indicator_choices", page=slug)))


def look_into(options: Sequence[tuple[str, str]]) -> list[Answer]:
    """Offer a closer look at one figure; nothing is asked or drawn until the reader opens it."""
    if not options:
        return []
    linked = st.query_params.get("indicator") in dict(options).values()
    part = st.expander("Look closer: one figure over time and by deprivation", linked, key="look", on_change="rerun")
    if not part.open:
        return []
    with part:
        return show_indicator(options)
