"""Terms of art: those that occur in an answer, and all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.opened import reading
from data.catalogue import glossary
from data.catalogue.definitions import Term

COLUMNS: Final = ["term", "meaning", "also"]


@cache
def spellings() -> tuple[tuple[str, re.Pattern[str], Term], ...]:
    """Every spelling of every term: as it is searched for in small letters, and as a whole word."""
    return tuple((name.casefold(), whole_word(name), one) for one in glossary() for name in (one.term, *one.also))


def whole_word(name: str) -> re.Pattern[str]:
    """Find a term as a word of its own, one or several; short capitals only as they are written."""
    how = 0 if name.isupper() else re.IGNORECASE
    return re.compile(rf"(?<!\w){re.escape(name)}(?:s|’s)?(?!\w)", how)


def terms_in(text: str) -> list[Term]:
    """List the terms that occur in a text, in the order of the glossary."""
    small = text.casefold()
    found = {one.term: one for name, pattern, one in spellings() if name in small and pattern.search(text)}
    return list(found.values())


def words_of(answer: Answer) -> str:
    """Put together what an answer says in words."""
    return "\n".join((answer.question, answer.finding, answer.text_alternative, answer.unit, *answer.notes))


def in_order(terms: Iterable[Term]) -> list[Term]:
    """Put terms in the order of the alphabet, each once."""
    return sorted({one.term: one for one in terms}.values(), key=lambda one: one.term.casefold())


def glossary_terms() -> Answer:
    """List every term with its meaning and its other names."""
    terms = in_order(glossary())
    finding = f"{len(terms)} terms are explained, each in one or two short sentences."
    rows = [{"term": one.term, "meaning": one.meaning, "also": ", ".join(one.also) or "–"} for one in terms]
    with reading() as connection:
        return make_answer(
            connection,
            question="What do the words mean?",
            finding=finding,
            table=pd.DataFrame(rows, columns=COLUMNS),
            text_alternative=finding,
            submission_ids=(),
            people=False,
        )
