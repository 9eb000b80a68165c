"""The flow of one year's babies from stage to stage, drawn as stepped bars: who is kept, who drops, who is too young.

It is drawn in HTML rather than by a charting library, so that the page opens without one; its words are real text.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import quote

import streamlit as st

from data.answers.continuity import ContinuityAnswer
from pages.components.ask import ask
from pages.components.explained import say_how_to_read
from pages.components.filters import pick_few, pick_one
from pages.components.made_once import made_once
from pages.components.tables import Column, show_table

GROUPS: Final = [("fifths", "Everyone and five fifths"), ("everyone", "Everyone only")]
FIFTHS: Final = [("national", "Of England"), ("local", "Of Dorset ICS")]
PREGNANCIES: Final = "Of all pregnancies, with a form or without"
WITH_FORM: Final = "Of children with a form: every review so far on record"
LINKED: Final = "continuity_"
TEMPLATE: Final = "Long return: the page Pregnancy and pathway"
COLUMNS: Final = (
    Column("group", "Deprivation fifth"),
    Column("stage", "Stage"),
    Column("figure", "Reached (95% confidence limits)"),
    Column("dropped_words", "Dropped at this step"),
    Column("numerator", "Counted", number=True),
    Column("denominator", "Out of", number=True),
    Column("whom", "Who is counted"),
    Column("period", "When"),
)
KEY: Final = (
    ("f1-kept", "reached"),
    ("f1-dropped", "dropped at this step"),
    ("f1-gone", "dropped before"),
    ("f1-young", "too young, or can’t be shown"),
)


@dataclass(frozen=True)
class FlowChoice:
    """Which babies the reader follows."""

    area_code: str
    born: str
    fifths: str
    everyone_only: bool


def pick_flow() -> FlowChoice:
    """Pick the place, the year of birth, the fifths and the groups; each is kept in the address."""
    where, when = st.columns(2)
    with where:
        area = pick_one("Place", ask("place_choices"), key="place")
    cohorts = ask("birth_cohorts", area_code=area)
    with when:
        born = pick_one("Babies due or born in", cohorts, key="born") if cohorts else ""
    how, cut = st.columns(2)
    with how:
        groups = pick_few("Show", GROUPS, key="groups")
    with cut:
        fifths = pick_few("Deprivation fifths", FIFTHS, key="fifths")
    return FlowChoice(area, born, fifths, groups == "everyone")


def ask_for_flow(choice: FlowChoice) -> ContinuityAnswer:
    """Ask for the flow that was chosen."""
    answer: ContinuityAnswer = ask("continuity", area_code=choice.area_code, born=choice.born, fifths=choice.fifths)
    return answer


def show_flow(answer: ContinuityAnswer, choice: FlowChoice) -> None:
    """Draw the flow, with its table folded beside it; where nothing was sent in, say which template to fill."""
    st.header(answer.title, anchor=False)
    if answer.empty:
        say_what_to_send()
        return
    st.html(flow_html(answer, choice.everyone_only))
    say_how_to_read("flow")
    show_table(answer, COLUMNS, "Who reached each stage, and who dropped", download_as="continuity", folded=True)


def say_what_to_send() -> None:
    """Say that there is no figure yet, and which template to fill in."""
    st.info(
        f"No data yet. Fill in the template [‘{TEMPLATE}’](data?template={quote(TEMPLATE)}) and send it in. "
        "Both are done on the Data page."
    )


@made_once
def flow_html(answer: ContinuityAnswer, everyone_only: bool) -> str:
    """Write the drawing: a row for each stage, a bar for each group."""
    table = answer.table.loc[answer.table["group"] == "Everyone"] if everyone_only else answer.table
    groups, stages = list(dict.fromkeys(table["group"])), list(dict.fromkeys(table["stage"]))
    cells = {(row["stage"], row["group"]): row for row in table.to_dict("records")}
    heads = "".join(f'<div class="f1-flow-head">{escape(group_words(group))}</div>' for group in groups)
    rows, part = [f'<div class="f1-flow-row f1-flow-heads"><div></div>{heads}</div>'], ""
    for stage in stages:
        first = cells[stage, groups[0]]
        begins = WITH_FORM if str(first["indicator_id"]).startswith(LINKED) else PREGNANCIES
        if begins != part:
            rows.append(f'<div class="f1-flow-part">{escape(begins)}</div>')
            part = begins
        bars = "".join(cell_html(cells[stage, group], group) for group in groups)
        name = f'<div class="f1-flow-stage">{escape(stage)}<span>{escape(str(first["period"]))}</span></div>'
        rows.append(f'<div class="f1-flow-row">{name}{bars}</div>')
    alt = escape(answer.text_alternative, quote=True)
    one = " f1-flow-one" if everyone_only else ""
    drawing = f'<div class="f1-flow{one}" role="img" aria-label="{alt}" style="--f1-groups:{len(groups)}">'
    return f"{drawing}{''.join(rows)}</div>{key_html()}"


def group_words(group: str) -> str:
    """Name a group above its column."""
    return group if group == "Everyone" else f"Fifth {group}"


def cell_html(row: dict[Hashable, Any], group: str) -> str:
    """Write one group's bar at one stage, with its figures in words."""
    name = f'<span class="f1-flow-name">{escape(group_words(group))}: </span>'
    if row["value_status"] not in {"shown", "rounded"}:
        return f'<div class="f1-flow-cell">{_words(name, escape(str(row["figure"])))}{_bar("", "f1-young")}</div>'
    kept = float(row["value"])
    lost = 0.0 if row["dropped"] != row["dropped"] else min(100 - kept, 100 * row["dropped"] / row["denominator"])
    so_far = " so far" if row["so_far"] else ""
    parts = f'<span class="f1-kept" style="width:{kept:.1f}%"></span>'
    parts += f'<span class="f1-dropped" style="width:{lost:.1f}%"></span>'
    words = f"<b>{kept:.1f}%</b>{so_far} <span>{escape(str(row['dropped_words']))}</span>"
    return f'<div class="f1-flow-cell">{_words(name, words)}{_bar(parts)}</div>'


def _words(name: str, words: str) -> str:
    return f'<span class="f1-flow-words">{name}{words}</span>'


def _bar(parts: str, kind: str = "") -> str:
    return f'<span class="f1-bar {kind}">{parts}</span>'


def key_html() -> str:
    """Write what the bars' parts mean."""
    items = "".join(f'<li><span class="f1-swatch {name}"></span> {escape(words)}</li>' for name, words in KEY)
    return f'<ul class="f1-flow-key">{items}</ul>'
