"""The asks as the two documents group them, each with its figure, status, gap and trend in words."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from data.answers.scorecard import Scorecard, counted_asks
from pages.components.ask import ask
from pages.components.explained import say_how_to_read
from pages.components.figures import show_figures
from pages.components.filters import pick_few, pick_one
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.tables import Column, show_table

Headings = tuple[tuple[str, str], ...]
HEADINGS: Final[Headings] = (
    ("quote", "What was asked for"),
    ("measure", "Measured by"),
    ("figure", "Newest figure"),
    ("target", "Level"),
    ("status", "Status"),
    ("gap", "Gap by deprivation"),
    ("trend", "Trend"),
)
#: The Overview page says the gap in people, and who answers for it.
WHOLE: Final[Headings] = (
    *HEADINGS[:5],
    ("trend", "Trend"),
    ("people", "Gap in babies or families"),
    ("complete", "Complete"),
    ("owner", "Owner"),
)
#: A shape beside each status, so that it never rests on colour.
SHAPES: Final = {
    "Not measured": "○",
    "Measured, no level": "◐",
    "On the register": "◐",
    "Met": "●",
    "Progressing": "◕",
    "Off track": "▲",
}
NO_DATA: Final = "No data yet"
SHOWN: Final = [("all", "All asks"), ("measured", "With a figure"), ("none", NO_DATA)]
STATUSES: Final = [("", "Every status"), *((status, status) for status in SHAPES)]
COUNTED: Final = (
    Column("measure", "Measured by"),
    Column("counted_in", "Counted in"),
    Column("figure", "Newest figure"),
    Column("period", "Period"),
    Column("level", "Level"),
    Column("reached", "Level reached"),
    Column("trend", "Trend"),
)
RULES: Final = (Column("status", "Status"), Column("words", "When it is given"))


def say_top_line(answer: Scorecard) -> None:
    """Say the paragraph a board member could read aloud; each of its numbers is a link to its answer."""
    words = "".join(
        f'<a href="{escape(to, quote=True)}" target="_self">{escape(said)}</a>' if to else escape(said)
        for said, to in answer.top_line
    )
    st.html(f'<p class="f1-top-line">{words}</p>')


def show_rules() -> list[Answer]:
    """Show the rules by which a status is given."""
    answer = ask("scorecard_rule")
    say_part(answer.question, answer)
    show_table(answer, RULES, answer.question)
    return [answer]


def count_statuses(answer: Answer) -> None:
    """Show how many asks have a real figure, an illustrative one, and none."""
    counts = counted_asks(answer.table)
    total = f"of {len(answer.table)} asks"
    figures = [
        ("Measured with real figures", counts["real"], "published or returned"),
        ("Measured with illustrative figures", counts["invented"], "invented, waiting for local returns"),
        ("No data yet", counts["none"], "nobody has sent a figure"),
    ]
    if counts["hidden"] or counts["register"]:
        said = "hidden to protect small numbers, or entries of a register"
        figures.append(("No figure to show", counts["hidden"] + counts["register"], said))
    show_figures([(name, str(count), f"{total}; {words}") for name, count, words in figures])


def show_counts() -> list[Answer]:
    """List what the counts of indicators count."""
    answer = ask("behind_the_counts")
    say_part(answer.question, answer)
    if not answer.empty:
        show_table(answer, COUNTED, answer.question, download_as="behind-the-counts")
    return [answer]


@made_once
def chosen_asks(answer: Answer, shown: str, status: str) -> Answer:
    """Keep the asks that have a figure, or those that have none, and those of one status."""
    table = answer.table
    if shown in {"measured", "none"}:
        table = table.loc[(table["figure"] == NO_DATA) == (shown == "none")]
    return replace(answer, table=table.loc[table["status"] == status] if status else table)


def pick_asks(answer: Answer) -> Answer:
    """Let the reader choose which asks to see; both choices stand in the address."""
    shown, status = pick_few("Show", SHOWN, key="show"), pick_one("Status", STATUSES, key="status")
    kept = chosen_asks(answer, shown, status)
    if kept.empty:
        st.markdown("No ask has this status.")
    return kept


def show_scorecard(answer: Answer, *, whole: bool = False) -> None:
    """Show every ask, grouped by document and section; ``whole`` with gap in people, completeness and owner."""
    say_how_to_read("scorecard")
    for words in document_tables(answer, whole):
        st.html(words)


@made_once
def document_tables(answer: Answer, whole: bool) -> list[str]:
    """Write one table for each of the two documents."""
    return [
        f"<h2>{escape(str(document))}</h2>{_table(str(document), rows, WHOLE if whole else HEADINGS)}"
        for document, rows in answer.table.groupby("document", sort=False)
    ]


def _table(document: str, rows: pd.DataFrame, headings: Headings) -> str:
    heads = "".join(f'<th scope="col" role="columnheader">{heading}</th>' for _, heading in headings)
    groups = "".join(_group(str(section), part, headings) for section, part in rows.groupby("section", sort=False))
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{escape(document, quote=True)}: asks">'
        f'<table class="f1-table f1-cards" role="table"><caption>{escape(document)}: {len(rows)} asks</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>{groups}</table></div>'
    )


def _group(section: str, rows: pd.DataFrame, headings: Headings) -> str:
    lines = "".join(_line(row, headings) for row in rows.to_dict("records"))
    title = f'<th scope="rowgroup" role="rowheader" colspan="{len(headings)}">{escape(section)}</th>'
    return f'<tbody role="rowgroup"><tr role="row" class="f1-group">{title}</tr>{lines}</tbody>'


def _line(row: dict[Hashable, Any], headings: Headings) -> str:
    name = f'<span class="f1-id">{escape(str(row["ask"]))}</span> '
    quote = f'{name}<span class="f1-quote">“{escape(str(row["quote"]))}”</span>'
    cells = "".join(
        f'<td role="cell" data-label="{heading}">{_cell(row, column, link_pages=headings is WHOLE)}</td>'
        for column, heading in headings[1:]
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{quote}</th>{cells}</tr>'


def _cell(row: dict[Hashable, Any], column: str, *, link_pages: bool) -> str:
    words = escape(str(row[column]))
    if column == "figure":
        period = f" ({escape(str(row['period']))})" if row["period"] else ""
        label = ' <span class="f1-tag">Illustrative</span>' if row["illustrative"] else ""
        return f"{words}{period}{label}{_offer(row)}"
    if column == "trend":
        return f"{_icon(str(row['icon']))}{words}" if words else "–"
    if column == "status":
        shape = SHAPES.get(str(row["status"]), "")
        return f'<span aria-hidden="true">{shape}</span>&nbsp;{words}'
    if column == "measure" and link_pages:
        return f'<a href="{escape(str(row["address"]), quote=True)}" target="_self">{words}</a>'
    return words or "–"


def _offer(row: dict[Hashable, Any]) -> str:
    """Name the template that would fill an ask without data, and lead to it."""
    if not row["template"]:
        return ""
    to = escape(str(row["template_address"]), quote=True)
    return f'. Template: <a href="{to}" target="_self">{escape(str(row["template"]))}</a>'


def _icon(name: str) -> str:
    """Draw the icon of Making Data Count: H or L for special cause, a wave for common cause; words stand beside it."""
    if not name:
        return ""
    kind, _, towards = name.partition(" ")
    return f'<span class="f1-xmr f1-xmr-{escape(kind)}" aria-hidden="true">{escape(towards) or "∿"}</span>&nbsp;'
