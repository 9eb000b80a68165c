"""One indicator looked into: over time and by deprivation fifth, each as words, chart and table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.charts import draw_by_group, draw_over_time
from pages.components.filters import pick_few, pick_one
from pages.components.frame import say_part
from pages.components.tables import Column, show_table

SERIES: Final = (
    Column("period", "Period"),
    Column("figure", "Figure (95% confidence limits)"),
    Column("numerator", "Counted", number=True),
    Column("denominator", "Out of", number=True),
    Column("unusual", "Unusual"),
)
FIFTHS: Final = (
    Column("fifth", "Deprivation fifth"),
    Column("figure", "Figure (95% confidence limits)"),
    Column("numerator", "Counted", number=True),
    Column("denominator", "Out of", number=True),
)


def show_indicator(options: Sequence[tuple[str, str]], area: str = "", fifths: str = "") -> list[Answer]:
    """Let the reader choose an indicator, and a place and fifths unless the page has chosen; show both views of it."""
    if not options:
        return []
    st.header("Look into one figure", anchor=False)
    what, where = st.columns([2, 1])
    with what:
        name = pick_one("Figure", options, key="indicator")
    with where:
        area = area or pick_one("Place", ask("place_choices"), key="place")
    fifths = fifths or pick_few(
        "Deprivation fifths", [("national", "Of England"), ("local", "Of Dorset ICS")], key="fifths"
    )
    series, groups = (
        ask("over_time", name=name, area_code=area),
        ask("by_deprivation", name=name, area_code=area, fifths=fifths),
    )
    show_series(series)
    show_fifths(groups)
    return [series, groups]


def show_series(answer: Answer) -> None:
    """Show a series as words, chart and table."""
    say_part("Over time", answer)
    if not answer.table["value"].notna().any():
        show_reasons(answer, SERIES)
        return
    last = answer.table["value"].last_valid_index()
    frame = answer.table.assign(
        special=answer.table["unusual"] != "", last=answer.table.index == last, words=answer.table["figure"]
    )
    draw_over_time(frame, answer.unit, answer.text_alternative, key="series")
    show_table(answer, SERIES, answer.question, download_as="over-time", folded=True)


def show_fifths(answer: Answer) -> None:
    """Show the five deprivation fifths as words, chart and table."""
    say_part("By deprivation", answer)
    if not answer.table["value"].notna().any():
        show_reasons(answer, FIFTHS)
        return
    frame = answer.table.assign(
        group=answer.table["fifth"], label=answer.table["figure"], words=answer.table["figure"], benchmark=None
    )
    draw_by_group(frame, answer.unit, answer.text_alternative, key="fifth-chart")
    show_table(answer, FIFTHS, answer.question, download_as="by-deprivation", folded=True)


def show_reasons(answer: Answer, columns: Sequence[Column]) -> None:
    """Show why there is no figure, row by row, where there is nothing to draw."""
    if len(answer.table):
        show_table(answer, columns, answer.question)
