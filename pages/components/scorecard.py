"""The asks as the two documents group them, each with its figure, status, gap and trend in words."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from pages.components.figures import show_figures
from pages.components.made_once import made_once

HEADINGS: Final = (
    ("quote", "What was asked for"),
    ("measure", "Measured by"),
    ("figure", "Newest figure"),
    ("target", "Published level"),
    ("status", "Status"),
    ("gap", "Gap by deprivation"),
    ("trend", "Trend"),
)
#: A shape beside each status, so that it never rests on colour.
SHAPES: Final = {
    "No data yet": "○",
    "Measured": "◐",
    "On the register": "◐",
    "Meets the published level": "●",
    "Short of the published level": "▲",
}


def count_statuses(answer: Answer) -> None:
    """Show how many asks have a real figure, an illustrative one, and none."""
    table = answer.table
    none, invented = int((table["status"] == "No data yet").sum()), int(table["illustrative"].sum())
    total = f"of {len(table)} asks"
    show_figures(
        [
            ("Measured with real figures", str(len(table) - none - invented), f"{total}; published or returned"),
            ("Measured with illustrative figures", str(invented), f"{total}; invented, waiting for local returns"),
            ("No data yet", str(none), f"{total}; nobody has sent a figure"),
        ]
    )


def with_status(answer: Answer, status: str) -> Answer:
    """Keep the asks that have a figure, or those that have none."""
    return with_figures(answer, status == "measured") if status in {"measured", "none"} else answer


@made_once
def with_figures(answer: Answer, measured: bool) -> Answer:
    """Keep the asks that have a figure, or the others."""
    return replace(answer, table=answer.table.loc[(answer.table["status"] != "No data yet") == measured])


def show_scorecard(answer: Answer, *, link_pages: bool = False) -> None:
    """Show every ask, grouped by document and section."""
    for words in document_tables(answer, link_pages):
        st.html(words)


@made_once
def document_tables(answer: Answer, link_pages: bool) -> list[str]:
    """Write one table for each of the two documents."""
    return [
        f"<h2>{escape(str(document))}</h2>{_table(str(document), rows, link_pages)}"
        for document, rows in answer.table.groupby("document", sort=False)
    ]


def _table(document: str, rows: pd.DataFrame, link_pages: bool) -> str:
    heads = "".join(f'<th scope="col" role="columnheader">{heading}</th>' for _, heading in HEADINGS)
    groups = "".join(_group(str(section), part, link_pages) for section, part in rows.groupby("section", sort=False))
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{escape(document, quote=True)}: asks">'
        f'<table class="f1-table f1-cards" role="table"><caption>{escape(document)}: {len(rows)} asks</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>{groups}</table></div>'
    )


def _group(section: str, rows: pd.DataFrame, link_pages: bool) -> str:
    lines = "".join(_line(row, link_pages) for row in rows.to_dict("records"))
    title = f'<th scope="rowgroup" role="rowheader" colspan="{len(HEADINGS)}">{escape(section)}</th>'
    return f'<tbody role="rowgroup"><tr role="row" class="f1-group">{title}</tr>{lines}</tbody>'


def _line(row: dict[Hashable, Any], link_pages: bool) -> str:
    name = f'<span class="f1-id">{escape(str(row["ask"]))}</span> '
    quote = f'{name}<span class="f1-quote">“{escape(str(row["quote"]))}”</span>'
    cells = "".join(
        f'<td role="cell" data-label="{heading}">{_cell(row, column, link_pages)}</td>'
        for column, heading in HEADINGS[1:]
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{quote}</th>{cells}</tr>'


def _cell(row: dict[Hashable, Any], column: str, link_pages: bool) -> str:
    words = escape(str(row[column]))
    if column == "figure":
        period = f" ({escape(str(row['period']))})" if row["period"] else ""
        label = ' <span class="f1-tag">Illustrative</span>' if row["illustrative"] else ""
        return f"{words}{period}{label}"
    if column == "status":
        shape = SHAPES.get(str(row["status"]), "")
        return f'<span aria-hidden="true">{shape}</span> {words}'
    if column == "measure" and link_pages and row["page"] != "overview":
        return f'<a href="{escape(str(row["page"]), quote=True)}" target="_self">{words}</a>'
    return words or "–"
