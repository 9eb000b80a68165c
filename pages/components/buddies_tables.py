"""The Parent buddies page's tables: a row for each measure or step, a column for each place, bars beside words."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from html import escape
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from pages.components.made_once import made_once
from pages.components.tables import Column, table_html

RULE: Final = (
    Column("part", "Part of the rule"),
    Column("words", "As it stands"),
    Column("in_force_from", "In force from"),
    Column("agreed_by", "Agreed by"),
)
RATIOS: Final = (
    Column("measure", "Help"),
    Column("words", "What it says"),
)
NEIGHBOURHOODS: Final = (
    Column("area_name", "Neighbourhood"),
    Column("council", "Council"),
    Column("need", "Parents who meet the criteria", number=True),
    Column("figure", "With a named buddy (95% confidence limits)"),
    Column("counted", "Counted"),
    Column("state", "Against Dorset ICS"),
)
STEPS: Final = (
    Column("measure", "Measure"),
    Column("group", "Place or reason"),
    Column("figure", "Figure (95% confidence limits)"),
    Column("counted", "Counted"),
    Column("period", "Period"),
)
ESCALATION: Final = (
    Column("step", "Step"),
    Column("part", "Part"),
    Column("figure", "Figure (95% confidence limits)"),
    Column("counted", "Counted"),
    Column("period", "Period"),
)


@made_once
def places_html(answer: Answer, caption: str) -> str:
    """Write one row for each measure and one column for each place."""
    return wide_html(answer, "measure", "area", caption)


@made_once
def steps_html(answer: Answer, caption: str) -> str:
    """Write one row for each place or group and one column for each step."""
    return wide_html(answer, "group", "step", caption, first="Place or group")


def wide_html(answer: Answer, down: str, across: str, caption: str, first: str = "Measure") -> str:
    """Write a table with one cell for each pair of a row's name and a column's name."""
    label, together = labelled(answer)
    cells = {(row[down], row[across]): cell_words(row, label) for row in answer.table.to_dict("records")}
    names, rows = list(dict.fromkeys(answer.table[across])), list(dict.fromkeys(answer.table[down]))
    wide = pd.DataFrame([[row, *(cells.get((row, name), "–") for name in names)] for row in rows], columns=["", *names])
    columns = [Column("", first), *(Column(name, name) for name in names)]
    return table_html(wide, columns, f"{together}{caption}, with 95% confidence limits")


def labelled(answer: Answer) -> tuple[bool, str]:
    """Say whether each cell needs the label, or the whole table has it once in its caption."""
    given = answer.table.loc[answer.table["period"] != "", "illustrative"].astype(bool)
    together = bool(len(given)) and bool(given.all())
    return not together, "Illustrative, not real: " if together else ""


def cell_words(row: Mapping[Hashable, Any], label: bool) -> str:
    """Write a figure with its counts and its period, and its label where the table is not all illustrative."""
    counted = f", {row['counted']}" if row["counted"] else ""
    period = f", {row['period']}" if row["period"] else ""
    said = " [illustrative]" if label and row["illustrative"] else ""
    return f"{row['figure']}{counted}{period}{said}"


@made_once
def bars_html(answer: Answer, down: str, across: str, caption: str) -> str:
    """Write one row for each group and one column for each place: words, and a bar as long as the share."""
    label, together = labelled(answer)
    table = answer.table.assign(period="")
    cells = {(row[down], row[across]): bar_cell(row, label) for row in table.to_dict("records")}
    names, rows = list(dict.fromkeys(table[across])), list(dict.fromkeys(table[down]))
    heads = "".join(f'<th scope="col" role="columnheader">{escape(name)}</th>' for name in ("Group", *names))
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row)}</th>'
        + "".join(f'<td role="cell" data-label="{escape(name)}">{cells.get((row, name), "–")}</td>' for name in names)
        + "</tr>"
        for row in rows
    )
    words = escape(f"{together}{caption}, {answer.table['period'].iloc[0]}, with 95% confidence limits", quote=True)
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{words}">'
        f'<table class="f1-table f1-cards" role="table"><caption>{words}</caption><thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def bar_cell(row: Mapping[Hashable, Any], label: bool) -> str:
    """Write one group's words and its bar; what is hidden has no bar."""
    words = escape(cell_words(row, label))
    if math.isnan(row["value"]):
        return words
    bar = f'<span class="f1-kept" style="width:{row["value"]:.1f}%"></span>'
    return f'{words}<span class="f1-bar" aria-hidden="true">{bar}</span>'
