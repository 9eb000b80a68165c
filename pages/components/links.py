"""The link to a view, how to cite it, and the way to fix it for good: folded away at the end of every page.

Nothing of it is worked out until the reader opens it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from data.actions.people import may, roles
from data.answers import definitions
from data.answers.answer import Answer
from data.answers.cited import citation
from data.errors import DataError
from pages.components.ask import ask, asked_at
from pages.components.sign_in import person

LABEL: Final = "Link to this view, and how to cite it"
FIRST: Final = "overview"  # stands at the root
FIXED: Final = "frozen"
NAME_AT_MOST: Final = 40


def offer_link_and_citation(slug: str, answers: Sequence[Answer]) -> None:
    """Offer the address of what is shown with all its filters, its citation, and to fix it."""
    part = st.expander(LABEL, key="link", on_change="rerun")
    if not part.open:
        return
    with part:
        page, view = definitions.page(slug), view_address(slug)
        address = f"{server_address(slug)}{view}"
        show_link(address, "It opens the page as you see it, with every choice that you have made.")
        place = st.query_params.get("place", "")
        place = place if place in dict(ask("place_choices")).values() else ""
        show_citation(citation(page.title, page.question, answers, address, today(), place=place))
        offer_fixing(slug, f"{page.title}, {place}" if place else page.title, view, answers)


def show_link(address: str, words: str) -> None:
    """Show an address to copy: with a button of its own, and as plain text for whoever selects it."""
    st.markdown(f"**Link.** {words}")
    st.code(address, language=None, wrap_lines=True)


def show_citation(words: str) -> None:
    """Show a citation to copy."""
    st.markdown("**Citation.** The SHA-256 stands for the files that the figures rest on.")
    st.code(words, language=None, wrap_lines=True)


def today() -> dt.date:
    """Give the day, as the trail counts days."""
    return dt.datetime.now(dt.UTC).date()


def view_address(slug: str) -> str:
    """Give the path and the filters of the view that is shown."""
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    path = "/" if slug == FIRST else f"/{slug}"
    return f"{path}?{query}" if query else path


def server_address(slug: str) -> str:
    """Give what stands before the path in this reader's browser; nothing where no browser asks."""
    return (st.context.url or "").rstrip("/").removesuffix(f"/{slug}")


def offer_fixing(slug: str, title: str, view: str, answers: Sequence[Answer]) -> None:
    """Let whoever may take figures away fix what is shown at today's data."""
    if not may(person(), "export"):
        able = " or ".join(one.name.lower() for one in roles().values() if "export" in one.rights)
        st.markdown(f"Figures change when returns are loaded. A {able} can fix this view for good.")
        return
    st.markdown("**Fix this view.** It stays as it is today, at an address of its own, whatever is loaded later.")
    with st.form("fixing", border=False):
        given = st.text_input("Title, which everybody reads", title, max_chars=150, key="fixing_title")
        if not st.form_submit_button("Fix this view at today’s data"):
            return
    try:
        identity = _fix(answers, given, view)
    except DataError as error:
        st.error(str(error))
        return
    st.success("This view is fixed. The page Take away lists all fixed views.")
    show_link(f"{server_address(slug)}{fixed_address(identity)}", "It is permanent.")


def fixed_address(identity: str) -> str:
    """Give the path of a fixed view."""
    return f"/{FIXED}?id={identity}"


def _fix(answers: Sequence[Answer], title: str, view: str) -> str:
    from data.actions.freezing import freeze

    return freeze(person(), named(answers), title, address=view, as_of=asked_at(answers))


def named(answers: Sequence[Answer]) -> dict[str, Answer]:
    """Name each answer after its question; the same question twice is told apart by a number."""
    made: dict[str, Answer] = {}
    for answer in answers:
        words = re.sub(r"[^a-z0-9]+", "-", answer.question.lower()).strip("-")[:NAME_AT_MOST].rstrip("-") or "view"
        name, number = words, 1
        while name in made:
            number += 1
            name = f"{words}-{number}"
        made[name] = answer
    return made
