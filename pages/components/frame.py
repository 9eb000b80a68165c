"""The frame that every page stands in: title, question, the label for illustrative figures, and the source line."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from data.answers import definitions
from data.answers.answer import Answer
from data.errors import DataError
from pages.components.ask import answer_to, say_unreadable
from pages.components.explained import say_words
from pages.components.links import offer_link_and_citation
from pages.components.sign_in import person, say_who
from pages.components.sources import source_lines

STYLES = [Path(__file__).with_name(name) for name in ("style.css", "print.css")]
PRODUCT = "First 1001 Days: Dorset"
#: Which page stands open, for what ends it.
OPEN = "open_page"
#: Stands at the end of each page.
TO_STATEMENT = '<p class="f1-end"><a href="accessibility" target="_self">Accessibility of this dashboard</a></p>'


@cache
def _style() -> str:
    return f"<style>{''.join(file.read_text(encoding='utf-8') for file in STYLES)}</style>"


def open_page(slug: str, *, labelled: bool = True) -> None:
    """Set the page up and say its question. Stops where nobody is signed in, and where the store can't be reached.

    ``labelled=False`` is for a page that says by itself what of it is illustrative.
    """
    page = definitions.page(slug)
    st.session_state[OPEN] = slug
    st.set_page_config(page_title=f"{page.title} · {PRODUCT}", layout="wide", initial_sidebar_state="auto")
    st.html(_style())
    say_who(person())
    try:
        loaded = answer_to("loaded")
    except DataError as error:
        st.title(page.question, anchor=False)
        say_unreadable(error)
        st.stop()
    if loaded.illustrative and labelled:
        say_illustrative()
    st.title(page.question, anchor=False)


def say_illustrative() -> None:
    """Say at the top of a page that local figures on it are invented."""
    st.html(
        '<p class="f1-banner" role="note"><strong>Illustrative local figures.</strong> '
        "Local returns shown here are invented to show how the product works. They describe no real family, "
        "service or council. Deprivation, geography and published statistics are real.</p>"
    )


def say_finding(answer: Answer) -> None:
    """Put the finding first, in words, with its label when it rests on illustrative figures."""
    st.html(f'<p class="f1-finding">{_escaped(answer.finding)}</p>')


def say_part(title: str, answer: Answer) -> None:
    """Begin a part of the page: its heading, then what it shows in words."""
    st.header(title, anchor=False)
    st.html(f"<p>{_escaped(answer.finding)}</p>")


def close_page(*answers: Answer) -> None:
    """End with what a reader must know, and with the link to what is shown and how it is cited."""
    say_sources(*answers)
    say_words(answers)
    offer_link_and_citation(st.session_state[OPEN], answers)


def say_sources(*answers: Answer) -> None:
    """Say where the figures come from, how small numbers were protected, and what else a reader must know."""
    notes = dict.fromkeys(note for answer in answers for note in answer.notes)
    lines = source_lines(line for answer in answers for line in answer.sources)
    disclosure = dict.fromkeys(answer.disclosure for answer in answers if answer.disclosure)
    items = "".join(f"<li>{_escaped(text)}</li>" for text in [*notes, *disclosure, *lines])
    heading = "<h2>Notes and sources</h2>"
    st.html(
        f'<section class="f1-source" aria-label="Notes and sources">{heading}<ul>{items}</ul>{TO_STATEMENT}</section>'
    )


def _escaped(text: str) -> str:
    return escape(text)
