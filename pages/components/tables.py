"""Real tables: readable by keyboard, screen reader and printer, unlike a grid drawn on a canvas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from pages.components.downloads import offer_download
from pages.components.made_once import made_once


@dataclass(frozen=True)
class Column:
    """One column on screen: the column of the answer's table, its heading, and whether it holds numbers."""

    name: str
    heading: str
    number: bool = False


def table_html(frame: pd.DataFrame, columns: Sequence[Column], caption: str) -> str:
    """Write a table whose first column names each row; on a phone each row is a card.

    Roles are written out, because a browser forgets that a table is one when its style shows rows as cards.
    """
    heads = "".join(
        f'<th scope="col" role="columnheader"{_class(column)}>{escape(column.heading)}</th>' for column in columns
    )
    rows = "".join(
        _row(record, columns) for record in frame[[column.name for column in columns]].itertuples(index=False)
    )
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
        f'<table class="f1-table f1-cards" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def table_of_words(headings: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Write a table that holds words only; an address in it is a link."""
    columns = [Column(str(place), heading) for place, heading in enumerate(headings)]
    return table_html(
        pd.DataFrame([list(row) for row in rows], columns=[one.name for one in columns]), columns, caption
    )


def _class(column: Column) -> str:
    return ' class="f1-number"' if column.number else ""


def _row(record: tuple[object, ...], columns: Sequence[Column]) -> str:
    first, *rest = record
    cells = "".join(
        f'<td role="cell" data-label="{escape(column.heading, quote=True)}"{_class(column)}>'
        f"{_cell(cell_words(value))}</td>"
        for value, column in zip(rest, columns[1:], strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{escape(str(first))}</th>{cells}</tr>'


def _cell(words: str) -> str:
    if words.startswith("https://") and " " not in words:
        return f'<a href="{escape(words, quote=True)}">{escape(words.removeprefix("https://"))}</a>'
    return escape(words)


def cell_words(value: object) -> str:
    """Write one cell; a missing number is a dash, and a whole one has no decimals."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:,.0f}" if whole or (isinstance(value, int) and not isinstance(value, bool)) else str(value)


@made_once
def answer_html(answer: Answer, columns: tuple[Column, ...], caption: str) -> str:
    """Write an answer's table."""
    return table_html(answer.table, columns, caption)


def show_table(
    answer: Answer, columns: Sequence[Column], caption: str, *, download_as: str = "", folded: bool = False
) -> None:
    """Show an answer's table, folded away beside a chart, with its download when it has a name to be saved under."""
    words = answer_html(answer, tuple(columns), caption)
    st.html(f"<details><summary>Table: {escape(caption)}</summary>{words}</details>" if folded else words)
    if download_as:
        offer_download(answer, download_as)
