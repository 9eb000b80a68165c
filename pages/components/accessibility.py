"""The accessibility statement on screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from data.answers.definitions import AccessibilityStatement, ics
from pages.components.tables import table_of_words


def show_statement(statement: AccessibilityStatement) -> None:
    """Say what passes, how that is known, what does not, and whom to ask."""
    tested = f"Tested on {statement.tested_on:%-d %B %Y} against the {statement.standard}."
    st.html(f'<p class="f1-finding">{escape(statement.finding)}</p><p>{escape(tested)}</p>')
    _part("What is tested, and how", ("What", "How"), ((one.what, one.how) for one in statement.tested))
    failures = [(one.what, one.rule, one.issue) for one in statement.failures]
    if failures:
        _part("What fails the checks, because of Streamlit", ("What", "Rule", "Issue upstream"), failures)
    else:
        st.html("<h2>What fails the checks</h2><p>Nothing that axe-core can find.</p>")
    limits = [(one.what, one.instead, one.issue or "–") for one in statement.limits]
    _part("What is hard all the same", ("What", "What to do instead", "Issue of Streamlit"), limits)
    _part("What Streamlit gets wrong and is mended here", ("What", "Issue upstream"), _mended(statement))
    st.html(f"<h2>Another format, or something that does not work</h2>{_contact(statement)}")


def _mended(statement: AccessibilityStatement) -> Iterable[tuple[str, str]]:
    return ((one.what, one.issue) for one in statement.mended)


def _part(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    st.html(f'<h2>{escape(title)}</h2><div class="f1-headed">{table_of_words(headings, rows, title)}</div>')


def _contact(statement: AccessibilityStatement) -> str:
    contact = ics().accessibility_contact
    said = f"Write to {contact}. Say which page, and what you need." if contact else statement.no_contact
    return f"<p>{escape(statement.other_formats)}</p><p>{escape(said)}</p>"
