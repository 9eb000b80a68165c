"""Headline figures: at most four, each with its unit, period and comparison."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

MOST = 4


def show_figures(figures: Sequence[tuple[str, str, str]]) -> None:
    """Show up to four headline figures: label, figure, and what it is held against."""
    items = "".join(
        f'<li><span class="f1-label">{escape(label)}</span><span class="f1-value">{_value(value)}</span>'
        f'<span class="f1-note">{escape(note)}</span></li>'
        for label, value, note in figures[:MOST]
    )
    st.html(f'<ul class="f1-figures">{items}</ul>')


def _value(words: str) -> str:
    """Write the number large and its unit small beside it; words alone, and so many of so many, stay as they are."""
    number, _, unit = words.partition(" ")
    if not unit or unit.startswith("of ") or not any(letter.isdigit() for letter in number):
        return escape(words)
    return f"{escape(number)} <small>{escape(unit)}</small>"
