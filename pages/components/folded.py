"""A folded part of a page: nothing of it is asked or drawn until the reader opens it, and the address keeps it open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.answers.answer import Answer


def folded(title: str, key: str, show: Callable[[], Sequence[Answer]], *, opened: bool = False) -> list[Answer]:
    """Show a part when it is open, and give the answers it rests on."""
    part = st.expander(title, opened, key=key, on_change="rerun", bind="query-params")
    if not part.open:
        return []
    with part:
        return list(show())
