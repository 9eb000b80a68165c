"""The grid of returns: what has arrived from whom, what is late, missing or refused, in words, signs and a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from data.answers.coverage import HOW_OFTEN, OUTSTANDING, STATES, last_refusal
from pages.components.ask import ask
from pages.components.figures import show_figures
from pages.components.filters import pick_few
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.tables import Column, show_table

COMPLETE: Final = (
    Column("part", "Return"),
    Column("place_label", "Place"),
    Column("how_often", "How often"),
    Column("periods", "Arrived"),
    Column("areas", "Neighbourhoods in it"),
    Column("not_collected", "Rows not collected"),
    Column("failed", "Rows that failed checks"),
    Column("unknown_ethnic_group", "Ethnic group unknown"),
    Column("unknown_language", "Language unknown"),
)
REFUSED: Final = (
    Column("at", "When (UTC)"),
    Column("about", "What it was about"),
    Column("problems", "Problems", number=True),
    Column("kinds", "Kinds of problems"),
)
MEANINGS: Final = """
- **Arrived**: every indicator of the return has rows for the period, for every neighbourhood if it is sent by
  neighbourhood (MSOA).
- **In part**: something came, and an indicator or a neighbourhood is missing.
- **Late** and **missing**: nothing came, by the rule in the notes below. **Refused**: a file came, and it had problems.
- **A register**, such as commitments, has arrived for a period when an entry is dated in it, or was written in it.
- **Neighbourhoods in it**: the share of neighbourhoods that any row speaks of. A dash: it isn’t sent by neighbourhood,
  or a neighbourhood may well have nobody to count.
- **Rows not collected** and **rows that failed checks**: the share of rows in which the sender says so.
- **Ethnic group unknown** and **language unknown**: about how many of those counted in the newest year have no known
  group. It is worked out from protected figures.
"""


def ask_coverage() -> tuple[Answer, Answer, Answer]:
    """Ask for the grid, for how complete it is, and for what was refused, as of today."""
    today, refused = dt.datetime.now(tz=dt.UTC).date().isoformat(), last_refusal()
    return (
        ask("coverage", on=today, refused=refused),
        ask("completeness", on=today, refused=refused),
        ask("refusals", refused=refused),
    )


def show_coverage(grid: Answer, complete: Answer, refusals: Answer) -> None:
    """Show what has arrived: the finding, four figures, the grid, then how complete it is and what was refused."""
    say_part("What has arrived, and what has not", grid)
    _count(grid)
    shown = pick_few("Show", [("all", "Every return"), ("outstanding", "Only what is not there")], key="returns")
    for words in grid_tables(grid, shown == "outstanding"):
        st.html(words)
    with st.expander("What these words mean"):
        st.markdown(MEANINGS)
    say_part("How complete it is", complete)
    show_table(complete, COMPLETE, "How complete each return is", download_as="completeness", folded=True)
    st.markdown(refusals.finding)
    if not refusals.empty:
        show_table(refusals, REFUSED, "Files that were refused")


def _count(grid: Answer) -> None:
    counts = grid.table["state"].value_counts()
    due = f"of {int((grid.table['state'] != 'not due').sum()):,} that were due"
    show_figures(
        [
            (f"{sign} {words}", f"{int(counts.get(state, 0)):,}", due)
            for state, (sign, words) in STATES.items()
            if state in {"arrived", "in part", "late", "missing"}
        ]
    )


@made_once
def grid_tables(grid: Answer, outstanding: bool) -> list[str]:
    """Write one table of quarters and one of years."""
    table = grid.table
    if outstanding:
        left = table.loc[table["state"].isin([*OUTSTANDING, "in part"])]
        table = table.loc[table.set_index(ROW).index.isin(left.set_index(ROW).index)]
    return [_table(rows, HOW_OFTEN[str(cadence)]) for cadence, rows in table.groupby("cadence", sort=False)]


ROW: Final = ["part_id", "place", "cadence"]


def _table(rows: pd.DataFrame, caption: str) -> str:
    periods = list(dict.fromkeys(rows["period"]))
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(head)}</th>' for head in ("Return, and from whom", *periods)
    )
    body = "".join(_line(group, periods) for _, group in rows.groupby(ROW, sort=False))
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="f1-table f1-cards f1-grid" role="table"><caption>{caption}: {_count_words(rows)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _count_words(rows: pd.DataFrame) -> str:
    count = rows.drop_duplicates(ROW).shape[0]
    return f"{count} return{'' if count == 1 else 's'}"


def _line(group: pd.DataFrame, periods: Sequence[str]) -> str:
    first, cells = group.iloc[0], {row["period"]: row for row in group.to_dict("records")}
    name = f"{escape(str(first['part']))}, {escape(str(first['place_label']))}"
    came_from = ", ".join(dict.fromkeys(name for name in group["came_from"] if name))
    expected = f"{first['sender']}. Came from: {came_from}" if came_from else str(first["sender"])
    sender = f'<span class="f1-sender">{escape(expected)}</span>'
    states = "".join(
        f'<td role="cell" data-label="{escape(period, quote=True)}">{_cell(cells[period])}</td>' for period in periods
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{name} {sender}</th>{states}</tr>'


def _cell(cell: dict[Hashable, Any]) -> str:
    """Write a state: its sign, its word, and what is there."""
    said, _, there = str(cell["words"]).partition(": ")
    sign = STATES[str(cell["state"])][0]
    word = f'<span class="f1-state"><span class="f1-sign" aria-hidden="true">{sign}</span> {escape(said)}</span>'
    return f'{word} <span class="f1-there">{escape(there)}</span>' if there else word
