"""A table with a dot in each cell, from 0% to 100%, with its 95% limits: a row for each group, a column a measure."""

from __future__ import annotations

from collections.abc import Hashable
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from data.answers.workforce import GroupsAnswer
from pages.components.downloads import offer_download
from pages.components.explained import say_how_to_read
from pages.components.made_once import made_once
from pages.components.tables import cell_words

KEY: Final = (
    "Each strip runs from 0% to 100%. The dot is the figure and the line its 95% limits. "
    "A hollow dot is a measure of which less is better. Counts are rounded to the nearest 5."
)
#: Measures of which less is better have a hollow dot.
HOLLOW: Final = frozenset({"training_expired"})


def show_groups(answer: GroupsAnswer) -> None:
    """Show the nine groups by the five measures, or which template to send in."""
    st.header(answer.title, anchor=False)
    if answer.empty:
        st.markdown("No data yet. The template to send in is at the end of this page.")
        return
    st.html(f'<p class="f1-how">{KEY}</p>')
    show_dots(answer, "Workforce group", "Each workforce group by each measure", "workforce-groups")


def show_dots(answer: Answer, heading: str, caption: str, download_as: str) -> None:
    """Show an answer's groups by measure, with the file of all its figures."""
    st.html(dots_html(answer, heading, caption))
    say_how_to_read("dots_table")
    offer_download(answer, download_as)


@made_once
def dots_html(answer: Answer, heading: str, caption: str) -> str:
    """Write the table; the strips are drawn for the eye, the words beside them are the figures."""
    table = answer.table
    measures = table.drop_duplicates("measure")[["measure", "out_of"]].to_dict("records")
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(one["measure"])}<span>{escape(one["out_of"])}</span></th>'
        for one in measures
    )
    rows = "".join(_row(str(group), own, first=place == 0) for place, (group, own) in enumerate(_groups(table)))
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
        f'<table class="f1-table f1-cards f1-dots" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{escape(heading)}</th>{heads}</tr>'
        f'</thead><tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _groups(table: pd.DataFrame) -> list[tuple[Hashable, list[dict[Hashable, Any]]]]:
    return [(group, own.to_dict("records")) for group, own in table.groupby("group", sort=False)]


def _row(group: str, cells: list[dict[Hashable, Any]], *, first: bool) -> str:
    written = "".join(_cell(cell) for cell in cells)
    whole = ' class="f1-whole"' if first else ""
    return f'<tr role="row"{whole}><th scope="row" role="rowheader">{escape(group)}</th>{written}</tr>'


def _cell(cell: dict[Hashable, Any]) -> str:
    label = escape(f"{cell['measure']}, {cell['out_of']}", quote=True)
    if pd.isna(cell["value"]):
        words = f'<span class="f1-there">{escape(str(cell["figure"]))}</span>'
        return f'<td role="cell" data-label="{label}">{words}</td>'
    counts = f"{cell_words(float(cell['numerator']))} of {cell_words(float(cell['denominator']))}"
    words = f'<strong>{cell["value"]:.0f}%</strong> <span class="f1-counts">{counts}</span>'
    return f'<td role="cell" data-label="{label}">{words}{_strip(cell)}</td>'


def _strip(cell: dict[Hashable, Any]) -> str:
    value = float(cell["value"])
    low, high = (value if pd.isna(cell[name]) else float(cell[name]) for name in ("lowercl", "uppercl"))
    kind = " f1-hollow" if cell["indicator_id"] in HOLLOW else ""
    title = escape(str(cell["figure"]), quote=True)
    return (
        f'<span class="f1-strip{kind}" aria-hidden="true" title="{title}">'
        f'<i style="left:{low:.1f}%;width:{max(high - low, 0):.1f}%"></i><s style="left:{value:.1f}%"></s></span>'
    )
