"""The folded parts of the page on documents: words, sections, time, bodies, minutes, and the form for readers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.definitions import reading_criteria
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.charts import draw_by_group
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.own_words_reading import show_reading
from pages.components.tables import Column, show_table

TERMS: Final = (
    Column("term", "Word"),
    Column("counted", "Mentions that count", number=True),
    Column("left_out", "Left out", number=True),
    Column("reason", "Why words are left out"),
)
SECTIONS: Final = (
    Column("section", "Section"),
    Column("document", "Document"),
    Column("mentions", "Mentions", number=True),
    Column("words", "Words", number=True),
    Column("value", "In 10,000 words", number=True),
)
DOCUMENTS: Final = (
    Column("title", "Document"),
    Column("organisation", "Organisation"),
    Column("kind", "Kind"),
    Column("published", "Published"),
    Column("words", "Words", number=True),
    Column("babies", "Babies", number=True),
    Column("children", "Children of any age", number=True),
    Column("school_age", "School age", number=True),
    Column("working_age", "Working age", number=True),
    Column("older", "Older people", number=True),
    Column("end_of_life", "End of life", number=True),
    Column("link", "Link"),
)
BODIES: Final = (
    Column("organisation", "Organisation"),
    Column("year", "Year"),
    Column("value", "Babies, in 10,000 words", number=True),
    Column("limits", "95% limits"),
    Column("mentions", "Mentions", number=True),
    Column("words", "Words", number=True),
)
SHARES: Final = (
    Column("measure", "In minutes and agendas"),
    Column("share", "Concern under-twos"),
    Column("limits", "95% limits"),
)
ITEMS: Final = (
    Column("item", "Item"),
    Column("document", "Document"),
    Column("concerns", "Concerns under-twos"),
    Column("told_by", "As told by"),
    Column("mentions", "Mentions", number=True),
    Column("decisions", "Decisions", number=True),
    Column("money", "Money lines", number=True),
    Column("leads", "Named leads", number=True),
)
MINUTES_OF: Final = (
    Column("organisation", "Organisation"),
    Column("year", "Year"),
    Column("documents", "Documents", number=True),
    Column("items", "Items"),
    Column("decisions", "Decisions"),
    Column("money_lines", "Money lines"),
    Column("named_leads", "Named leads"),
)
PAGE: Final = "in_their_own_words"


def show_more(document: str, stage: str, *, documents: bool = True) -> list[Answer]:
    """Offer every further part; nothing of it is asked before it is opened."""
    parts: list[tuple[str, str, Callable[[], list[Answer]]]] = [
        ("Each document, over time", "over_time", show_documents),
        ("Between organisations", "bodies", show_bodies),
        ("Minutes and agendas: items, decisions, money and leads", "minutes", show_minutes),
        ("Which words are used, and what is left out", "words", partial(show_terms, document, stage)),
        ("In which sections", "sections", partial(show_sections, document, stage)),
    ]
    answers: list[Answer] = []
    for title, key, show in parts if documents else []:
        answers += folded(title, key, show)
    answers += folded("Score a document, or correct an item", "reading", show_reading)
    return [*answers, *folded(TITLE, "asked", partial(show_asked, PAGE))]


def show_documents() -> list[Answer]:
    """Show each document's mentions of babies, oldest first."""
    answer = ask("mentions_by_document")
    say_part(answer.question, answer)
    drawn = _over_time(answer)
    draw_by_group(drawn, answer.unit, answer.text_alternative, key="documents_over_time", guide="mentions")
    show_table(answer, DOCUMENTS, "Mentions in 10,000 words of each document", download_as="mentions-by-document")
    return [answer]


@made_once
def _over_time(answer: Answer) -> pd.DataFrame:
    table = answer.table
    groups = [f"{day[-4:]}: {title}" for title, day in zip(table["title"], table["published"], strict=True)]
    drawn = table.rename(columns={"babies": "value"})[["value", "lowercl", "uppercl"]]
    labels = [f"{value:.1f}" for value in table["babies"]]
    return drawn.assign(group=groups, benchmark=float("nan"), label=labels, words=groups)


def show_bodies() -> list[Answer]:
    """Show each organisation and year."""
    answer = ask("mentions_between_bodies")
    say_part(answer.question, answer)
    show_table(answer, BODIES, "Mentions of babies by organisation and year", download_as="mentions-by-organisation")
    scores = ask("criteria_side_by_side")
    say_part(scores.question, scores)
    if not scores.empty:
        known = reading_criteria().criteria
        columns = (
            Column("document", "Document"),
            *(Column(one.id, f"{one.id[0].upper()}{one.id[1:]}") for one in known),
        )
        show_table(scores, columns, "Agreed scores from 0 to 3", download_as="criteria-by-document")
    return [answer, scores]


def show_minutes() -> list[Answer]:
    """Show what of minutes and agendas concerns under-twos, and each item."""
    shares, items = ask("minutes_shares"), ask("minutes_items")
    say_part(shares.question, shares)
    if shares.empty:
        return [shares]
    show_table(shares, SHARES, "What concerns under-twos", download_as="minutes-shares")
    show_table(items, ITEMS, "Every item", download_as="minutes-items", folded=True)
    bodies = ask("minutes_by_body")
    say_part(bodies.question, bodies)
    show_table(bodies, MINUTES_OF, "Minutes by organisation and year", download_as="minutes-by-organisation")
    return [shares, items, bodies]


def show_terms(document: str, stage: str) -> list[Answer]:
    """Show each word with its count, and what is left out of it."""
    answer = ask("term_counts", document=document, stage=stage)
    say_part(answer.question, answer)
    show_table(answer, TERMS, "Each word of the list", download_as="words-counted")
    return [answer]


def show_sections(document: str, stage: str) -> list[Answer]:
    """Show where in the documents the mentions stand."""
    answer = ask("mentions_by_section", document=document, stage=stage)
    say_part(answer.question, answer)
    show_table(answer, SECTIONS, "Mentions by section", download_as="mentions-by-section")
    return [answer]
