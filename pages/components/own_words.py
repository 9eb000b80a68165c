"""The page on documents: mentions beside other stages of life, the passages behind them, and the ten criteria."""

from __future__ import annotations

import re
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.charts import draw_by_group
from pages.components.downloads import offer_download
from pages.components.figures import show_figures
from pages.components.filters import pick_few, pick_one
from pages.components.frame import say_finding
from pages.components.made_once import made_once
from pages.components.own_words_parts import show_more
from pages.components.tables import Column, show_table

SHOWN_AT_ONCE: Final = 12
#: A find that counts is marked; one that is left out has a broken line under it and no mark.
_TAGS: Final = {False: "mark", True: "u"}
STAGES: Final = (
    Column("stage", "Stage of life"),
    Column("value", "In 10,000 words", number=True),
    Column("limits", "95% limits"),
    Column("mentions", "Mentions", number=True),
    Column("words", "Words", number=True),
)
CRITERIA: Final = (
    Column("name", "Criterion"),
    Column("first", "First reader", number=True),
    Column("second", "Second reader", number=True),
    Column("agreed", "Agreed"),
    Column("means", "What that score means"),
    Column("evidence", "Words and page"),
)
AGREEMENT: Final = (
    Column("measure", "Agreement of the two readers"),
    Column("value", "Value"),
    Column("limits", "95% limits"),
    Column("pairs", "Rests on"),
)
HOW_TO_SEND: Final = (
    "Send a published strategy, plan, board paper or minutes in on the [Data page](/data): a PDF, a Word file or a "
    "saved web page, with its title, organisation, kind, date and link. Or run `python -m data load FILE --title … "
    "--organisation … --kind … --date …`. Scores of the ten criteria come in the documents register."
)


def show_own_words() -> list[Answer]:
    """Show the page; where there is no document, say how to send one in."""
    figures = ask("document_headlines")
    if figures.empty:
        say_finding(figures)
        st.markdown(HOW_TO_SEND)
        return [figures, *show_more("", "babies", documents=False)]
    top = st.container()
    document = pick_one("Document", ask("document_choices"), key="document")
    stages = ask("life_stages", document=document)
    with top:
        say_finding(stages)
        show_figures(_figures(figures))
    show_stages(stages)
    scored = show_criteria()
    stage, passages = show_passages(document)
    return [stages, *scored, passages, *show_more(document, stage)]


@made_once
def _figures(answer: Answer) -> list[tuple[str, str, str]]:
    label = "Illustrative. " if answer.illustrative else ""
    return [(row["label"], row["value"], f"{label}{row['note']}") for row in answer.table.to_dict("records")]


def show_stages(answer: Answer) -> None:
    """Draw the stages of life beside each other."""
    draw_by_group(_groups(answer), answer.unit, answer.text_alternative, key="stages", guide="mentions")
    show_table(answer, STAGES, "Mentions of each stage of life", download_as="mentions-by-stage-of-life", folded=True)


@made_once
def _groups(answer: Answer) -> pd.DataFrame:
    """Give what the chart needs: most mentioned first."""
    table = answer.table.sort_values("value", ascending=False)
    words = [
        f"{stage}: {value:.1f} in 10,000 words ({limits})"
        for stage, value, limits in zip(table["stage"], table["value"], table["limits"], strict=True)
    ]
    labels = [f"{value:.1f}" for value in table["value"]]
    drawn = table.rename(columns={"stage": "group"})[["group", "value", "lowercl", "uppercl"]]
    return drawn.assign(benchmark=float("nan"), label=labels, words=words)


# ---- the ten criteria -----------------------------------------------------------------------------------------------


def show_criteria() -> list[Answer]:
    """Show all ten criteria of one document with both readers' scores, and how far readers agree."""
    st.header("Ten criteria, scored by two readers", anchor=False)
    choices = ask("scored_choices")
    name = pick_one("Scored document", choices, key="scored") if choices else ""
    scores, agreed = ask("criteria_scores", document=name), ask("readers_agreement")
    st.html(f"<p>{escape(scores.finding)}</p>")
    if scores.empty:
        return [scores]
    show_table(scores, CRITERIA, "Scores from 0 to 3 on each criterion", download_as="ten-criteria")
    st.html(f"<p>{escape(agreed.finding)}</p>")
    show_table(agreed, AGREEMENT, "How far the two readers agree", download_as="readers-agreement", folded=True)
    return [scores, agreed]


# ---- passages -------------------------------------------------------------------------------------------------------


def show_passages(document: str) -> tuple[str, Answer]:
    """Show the passages behind a count, with what to look for and where they stand."""
    st.header("Read the passages", anchor=False)
    first, second, third = st.columns([1, 1, 1])
    with first:
        stage = pick_one("Stage of life", ask("stage_choices"), key="stage")
    with second:
        term = pick_one("Word", ask("term_choices", stage=stage), key="word")
    with third:
        search = st.text_input("Search in the passages", key="search", bind="query-params", max_chars=80)
    counts = pick_few("Show", [("no", "Mentions that count"), ("yes", "Left out, and why")], key="left_out")
    answer = ask("passages", document=document, stage=stage, term=term, left_out=counts, search=search)
    st.html(f"<p>{escape(answer.finding)}{_how_marked(counts) if len(answer.table) else ''}</p>")
    if len(answer.table):
        page = _page(len(answer.table))
        st.html(passages_html(answer, page))
        offer_download(answer, "passages")
    return stage, answer


def _how_marked(left_out: str) -> str:
    return " What is left out has a broken line under it." if left_out == "yes" else " Each is bold and underlined."


def _page(count: int) -> int:
    """Let the reader go on where there are more passages than are shown at once."""
    pages = -(-count // SHOWN_AT_ONCE)
    if pages < 2:
        return 0
    options = [(str(number), f"{number} of {pages}") for number in range(1, pages + 1)]
    return int(pick_one("Part of the list", options, key="part")) - 1


def passages_html(answer: Answer, page: int) -> str:
    """Write some of the passages, each with its document, place and mark."""
    rows = answer.table.iloc[page * SHOWN_AT_ONCE : (page + 1) * SHOWN_AT_ONCE].to_dict("records")
    items = "".join(
        f"<li><blockquote>{marked_html(str(row['text']), str(row['letters']), _TAGS[bool(row['reasons'])])}"
        f'</blockquote><p class="f1-place">'
        f"{_mark(row['label'])}{escape(str(row['document']))}, {escape(str(row['place']))}. "
        f"Found: {escape(str(row['terms']))}.{_reason(row['reasons'])}</p></li>"
        for row in rows
    )
    start = page * SHOWN_AT_ONCE + 1
    return f'<ol class="f1-passages" start="{start}">{items}</ol>'


def marked_html(text: str, letters: str, tag: str) -> str:
    """Write a passage with what was found in it marked; what stands there is words and never a page's code."""
    parts, free = [], 0
    for start, end in re.findall(r"(\d+) to (\d+)", letters):
        begin, until = int(start) - 1, int(end)
        parts.append(f"{escape(text[free:begin])}<{tag}>{escape(text[begin:until])}</{tag}>")
        free = until
    return "".join(parts) + escape(text[free:])


def _mark(label: object) -> str:
    return f"<strong>{escape(str(label))}.</strong> " if label else ""


def _reason(reasons: object) -> str:
    return f" Left out: {escape(str(reasons))}." if reasons else ""
