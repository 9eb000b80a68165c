"""Filters. Each is kept in the address, so that every view is a link; what can't be chosen falls back to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


def pick_one(label: str, options: Sequence[tuple[str, str]], *, key: str) -> str:
    """Pick one of ``(name, label)`` from a list."""
    labels = dict(options)
    names = list(labels)
    chosen = st.selectbox(label, names, format_func=lambda name: labels.get(name, name), key=key, bind="query-params")
    return chosen if chosen in labels else names[0]


def pick_few(label: str, options: Sequence[tuple[str, str]], *, key: str) -> str:
    """Pick one of a few ``(name, label)`` that are all in sight."""
    labels = dict(options)
    names = list(labels)
    chosen = st.segmented_control(
        label,
        names,
        default=names[0],
        required=True,
        format_func=lambda name: labels.get(name, name),
        key=key,
        bind="query-params",
    )
    return chosen if chosen in labels else names[0]


def pick_whether(label: str, *, key: str) -> bool:
    """Pick whether something is shown."""
    return st.toggle(label, key=key, bind="query-params")


def pick_layer(themes: Mapping[str, Sequence[tuple[str, str]]], *, label: str, key: str, first: str = "") -> str:
    """Pick what the map shows: a theme, then a layer of that theme."""
    names = list(themes)
    where, what = st.columns([1, 2])
    with where:
        start = names.index(first) if first in names else 0
        options = [(name, name) for name in (names[start], *names[:start], *names[start + 1 :])]
        theme = pick_one(f"{label}: theme", options, key=f"{key}_theme")
    with what:
        return pick_one(label, themes[theme], key=key)
