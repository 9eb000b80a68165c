"""The Accountability page's pieces: promises with their history, the duty, sectors, and the folded registers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any, Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.asks_page import look_into
from pages.components.bars import draw_bars
from pages.components.downloads import offer_download
from pages.components.filters import pick_few
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.register_parts import PARTS, show_register_part
from pages.components.tables import answer_html
from pages.components.templates import offer_template

PAGE: Final = "accountability"
#: A shape beside each status and each cell, so that it never rests on colour.
SHAPES: Final = {
    "complete": "●",
    "on track": "◐",
    "at risk": "◆",
    "overdue": "▲",
    "not started": "○",
    "withdrawn": "✕",
    "In place": "●",
    "Not in place": "✕",
    "Nothing on file": "○",
}
FROM_DATA: Final = "Follows from data"
NONE: Final = "–"
WITHDRAWN: Final = "withdrawn"
SHOWN: Final = [("first", "Overdue or without evidence"), ("open", "Not complete"), ("all", "All")]
HEADS: Final = ("Promise", "Who answers for it", "Due", "Status and history", "Evidence")
MATRIX: Final = (
    ("service", "Service"),
    ("training", "Training"),
    ("lead", "Lead"),
    ("champion", "Champion"),
    ("commitment", "Signed commitment"),
)
AT_THE_END: Final = "The template stands at the end of this page, under “Templates: what to send in”."
LADDER: Final = ("inform", "consult", "engage", "co-design", "co-produce")
FOLDED: Final = ("status_rule", "kpi_register", "asks_nobody_measures", "coproduction", "milestones")
TEMPLATES: Final = (
    *(("commitments", "promises"), ("commitment_status", "their status"), ("duty_evidence", "evidence of the duty")),
    *(("sector_evidence", "the eight sectors"), ("kpis", "measures in contracts")),
    *(("coproduction", "co-production"), ("milestones", "milestones")),
    ("long_return_accountability", "commitment of the ICB and the ICP, and the strategy’s stage"),
)


def show_in_short(*answers: Answer) -> None:
    """Say the finding of each main part in a line."""
    lines = "".join(f"<li><strong>{escape(one.question)}</strong> {escape(one.finding)}</li>" for one in answers)
    st.html(f'<section class="f1-how" aria-label="In short"><ul>{lines}</ul></section>')


# ---- promises -------------------------------------------------------------------------------------------------------


def show_promises(answer: Answer) -> None:
    """Show promises, the overdue and unevidenced first, each with a history that opens."""
    st.header("Promises, overdue and without evidence first", anchor=False)
    if answer.empty:
        st.markdown(answer.finding)
        return
    which = pick_few("Promises to show", SHOWN, key="promises")
    kept = chosen_promises(answer, which)
    if kept.empty:
        st.markdown(f"None of the {len(answer.table)} promises is {dict(SHOWN)[which].lower()}.")
    else:
        st.html(promises_html(kept, dict(SHOWN)[which]))
    offer_download(answer, "commitments")


@made_once
def chosen_promises(answer: Answer, which: str) -> Answer:
    """Keep what is overdue or without evidence, what is not complete, or every promise."""
    table = answer.table
    late = (table["status"] == "overdue") | (table["days_late"] > 0)
    kept = {
        "first": (late | (table["evidence"] == NONE)) & (table["status"] != WITHDRAWN),
        "open": ~table["status"].isin(["complete", WITHDRAWN]),
    }
    return replace(answer, table=table.loc[kept[which]]) if which in kept else answer


@made_once
def promises_html(answer: Answer, which: str) -> str:
    """Write one row for each promise; its status says when it was set from data, its history opens."""
    heads = "".join(f'<th scope="col" role="columnheader">{head}</th>' for head in HEADS)
    rows = "".join(_promise(row) for row in answer.table.to_dict("records"))
    count = len(answer.table)
    caption = f"{which}: {count} {'promise' if count == 1 else 'promises'}"
    return _table(caption, heads, rows)


def _promise(row: dict[Hashable, Any]) -> str:
    evidence = "None on file" if row["evidence"] == NONE else str(row["evidence"])
    cells = (escape(str(row["who"])), escape(str(row["due_in_words"])), _status(row) + _history(row), escape(evidence))
    name = f'<span class="f1-id">{escape(str(row["entry"]))}</span> {escape(str(row["promise"]))}'
    return _row(f"{name} {_small('In: ' + str(row['source']))}", dict(zip(HEADS[1:], cells, strict=True)))


def _small(words: str) -> str:
    return f'<span class="f1-sender">{escape(words)}</span>'


def _status(row: dict[Hashable, Any]) -> str:
    """Write a status with its shape and since when, and which figure it follows if it was set from data."""
    words = f"{_shape(str(row['status']))} {escape(str(row['status']).capitalize())}, since {escape(str(row['since']))}"
    if row["said_by"] == FROM_DATA:
        return f'{words} <span class="f1-tag">Set from data</span> {_small(str(row["bound_to"]))}'
    return words


def _history(row: dict[Hashable, Any]) -> str:
    steps = "".join(f"<li>{escape(step)}</li>" for step in str(row["history"]).split("; "))
    title = f"History of {escape(str(row['entry']))}"
    return f"<details><summary>{title}</summary><ol>{steps}</ol></details>"


def _shape(words: str) -> str:
    return f'<span aria-hidden="true">{SHAPES.get(words, "")}</span>'


def _row(name: str, cells: dict[str, str]) -> str:
    written = "".join(f'<td role="cell" data-label="{head}">{cell}</td>' for head, cell in cells.items())
    return f'<tr role="row"><th scope="row" role="rowheader">{name}</th>{written}</tr>'


def _table(caption: str, heads: str, rows: str) -> str:
    label = escape(caption, quote=True)
    return (
        f'<div class="f1-scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="f1-table f1-cards" role="table"><caption>{escape(caption)}</caption><thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>'
    )


# ---- the duty, and the sectors --------------------------------------------------------------------------------------


def show_duty(answer: Answer) -> None:
    """Show what is on file for each item of the duty, with the equality duty beside it, and no verdict."""
    say_part(answer.question, answer)
    if answer.empty:
        st.html(duty_items_html())
        st.markdown(AT_THE_END)
        return
    st.markdown("This is evidence, not a verdict. The public sector equality duty stands in the last row.")
    _, _, caption, columns = next(part for part in PARTS if part[1] == "duty_file")
    st.html(answer_html(answer, columns, caption))
    offer_download(answer, "duty-file")


def duty_items_html() -> str:
    """List the items of the duty where nothing is on file yet, so that a reader sees what is missing."""
    from data.answers.register_evidence import allowed

    items = "".join(f"<li>{_cell('Nothing on file')}: {escape(item)}</li>" for item in allowed("duty_evidence", "item"))
    return f'<section class="f1-how" aria-label="Items of the duty"><ul>{items}</ul></section>'


def show_sectors(answer: Answer) -> None:
    """Show the eight sectors by service, training and lead."""
    say_part(answer.question, answer)
    if answer.empty:
        st.markdown(AT_THE_END)
        return
    st.html(matrix_html(answer))
    offer_download(answer, "sector-matrix")


@made_once
def matrix_html(answer: Answer) -> str:
    """Write one row for each sector; each cell has a shape and words."""
    heads = "".join(f'<th scope="col" role="columnheader">{head}</th>' for head in ("Sector", *dict(MATRIX).values()))
    rows = "".join(
        _row(escape(str(row["sector"])), {head: _cell(str(row[name])) for name, head in MATRIX})
        for row in answer.table.to_dict("records")
    )
    return _table("Eight sectors by service, training and lead, with champion and signed commitment", heads, rows)


def _cell(words: str) -> str:
    kind = next((one for one in SHAPES if words.startswith(one)), "")
    return f"{_shape(kind)} {escape(words)}"


# ---- folded parts ---------------------------------------------------------------------------------------------------


def show_parts() -> list[Answer]:
    """Offer every other part, asked only when it is opened, and the asks at the end."""
    titles = {name: title for title, name, _, _ in PARTS}
    answers: list[Answer] = []
    for name in FOLDED:
        draw = draw_ladder if name == "coproduction" else None
        answers += folded(titles[name], name, partial(show_register_part, name, draw))
    return answers


def draw_ladder(answer: Answer) -> None:
    """Draw how many activities reached each rung of the ladder."""
    draw_bars(ladder(answer), answer.text_alternative)


@made_once
def ladder(answer: Answer) -> list[tuple[str, float, str]]:
    """Count the activities on each rung of the ladder, from informing families to co-producing with them."""
    counts = answer.table["level"].value_counts()
    found = [(rung, int(counts.get(rung, 0))) for rung in LADDER]
    return [(rung.capitalize(), 100 * count / len(answer.table), str(count)) for rung, count in found]


def show_end(*, lacking: bool) -> list[Answer]:
    """Offer a closer look, the templates (open where a register is empty), and the asks of this page at the end."""
    answers = look_into(ask("indicator_choices", page=PAGE))
    answers += folded("Templates: what to send in", "templates", _templates, opened=lacking)
    return [*answers, *folded(TITLE, "asked", partial(show_asked, PAGE))]


def _templates() -> list[Answer]:
    """Offer the templates of this page's registers."""
    st.markdown("Fill in a template, then send it in on the Data page.")
    for name, words in TEMPLATES:
        offer_template(name, words)
    return []
