"""The answers, kept for as long as the store stays as it is. Every reader sees the same, so copies are shared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st

from data.answers.answer import Answer
from data.answers.opened import state
from data.answers.questions import question
from data.errors import DataError, StoreError
from pages.components.sign_in import person

KEPT_ANSWERS = 200
#: At which state of the store each answer was given.
_GIVEN_AT: WeakKeyDictionary[Answer, str] = WeakKeyDictionary()


def ask(name: str, /, **choices: str) -> Any:
    """Ask a question; an answer that was given since the last change to the store is given again.

    Where the store can't be reached, the page stops there with a plain sentence. Nothing of that is kept: whoever asks
    again once the store is back is answered.
    """
    try:
        return answer_to(name, **choices)
    except StoreError as error:
        say_unreadable(error)
        st.stop()


def answer_to(name: str, /, **choices: str) -> Any:
    """Ask as ``ask`` does, for who says by themselves that the store can't be reached.

    Nobody is answered who is not signed in, so that a part of a page that runs by itself stops with the sign-in.
    """
    person()
    return _kept(name, _state(), tuple(sorted(choices.items())))


def say_unreadable(error: DataError) -> None:
    """Say in a plain sentence why there are no figures."""
    st.error(f"The figures can't be read just now. {error}")


@st.cache_resource(ttl=1.0, max_entries=1, show_spinner=False)
def _state() -> str:
    """Ask the store at most once a second whether anything has changed."""
    return state()


def look_again() -> None:
    """Ask the store at once whether anything has changed, after an act that changed it."""
    _state.clear()


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _kept(name: str, at: str, choices: tuple[tuple[str, str], ...]) -> Any:
    found = question(name)(**dict(choices))
    for answer in found if isinstance(found, tuple) else (found,):
        if isinstance(answer, Answer):
            _GIVEN_AT[answer] = at
    return found


def asked_at(answers: Iterable[Answer]) -> str:
    """Give the state of the store that answers were given at; empty where they are not all of one state."""
    states = {_GIVEN_AT.get(answer, "") for answer in answers}
    return states.pop() if len(states) == 1 else ""


def warm_up() -> None:
    """Bring in what pages need beside what the first one has brought."""
    import altair  # noqa: F401

    for name in ("loaded", "scorecard", "map_choices", "layer_addresses"):
        question(name)()
