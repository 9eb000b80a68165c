"""How a picture is read, and what the words of a page mean: both folded, so that who knows is not kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape

import streamlit as st

from data.answers.answer import Answer
from data.answers.definitions import Term, glossary, reading_guide
from data.answers.explained import in_order, terms_in, words_of
from pages.components.made_once import made_once

#: The banner at the top of a page says what is illustrative, wherever anything is.
IN_BANNER = "Illustrative"


def say_how_to_read(kind: str) -> None:
    """Say below a picture how its kind is read."""
    st.html(guide_html(kind))


@cache
def guide_html(kind: str) -> str:
    """Write the guide to one kind of picture, with the words that it needs."""
    guide = reading_guide(kind)
    points = "".join(f"<li>{escape(point)}</li>" for point in guide.points)
    terms = [one for one in glossary() if one.term in guide.terms]
    return f"<details><summary>{escape(guide.summary)}</summary><ul>{points}</ul>{list_html(terms)}</details>"


def list_html(terms: Iterable[Term]) -> str:
    """Write terms and their meanings."""
    return f'<dl class="f1-words">{"".join(map(_entry, terms))}</dl>'


def _entry(one: Term) -> str:
    also = f" ({escape(', '.join(one.also))})" if one.also else ""
    return f"<dt>{escape(one.term)}{also}</dt><dd>{escape(one.meaning)}</dd>"


def say_words(answers: Iterable[Answer]) -> None:
    """Explain at the end of a page the terms that occur on it, and lead to all of them."""
    found = in_order(one for answer in answers for one in own_terms(answer))
    link = '<p><a href="glossary" target="_self">All words that are explained</a></p>'
    title = f"What the words on this page mean ({len(found)})"
    st.html(f"<details><summary>{title}</summary>{list_html(found)}{link}</details>" if found else link)


@made_once
def own_terms(answer: Answer) -> list[Term]:
    """Find the terms that occur in an answer's words."""
    return [one for one in terms_in(words_of(answer)) if one.term != IN_BANNER]
