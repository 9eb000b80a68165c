"""Bars for a list of shares, drawn in HTML: a name, a bar, a figure; read aloud as one description."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.components.explained import say_how_to_read


def draw_bars(rows: Sequence[tuple[str, float, str]], alt: str) -> None:
    """Draw ``(name, percent, words)`` as bars of up to 100%."""
    st.html(bars_html(rows, alt))
    say_how_to_read("bars")


def bars_html(rows: Sequence[tuple[str, float, str]], alt: str) -> str:
    """Write the bars; the name and the figure stand on one line on a phone, the bar below them."""
    bars = "".join(
        f"<span>{escape(name)}</span><b>{escape(words)}</b>"
        f'<span class="f1-bar"><span class="f1-kept" style="width:{min(max(percent, 0.0), 100.0):.1f}%"></span></span>'
        for name, percent, words in rows
    )
    return f'<div class="f1-bars" role="img" aria-label="{escape(alt, quote=True)}">{bars}</div>'
