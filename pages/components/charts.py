"""Charts in one style. Each specification is built once by Altair; after that only data travels.

They are drawn in the colours of a light page. ``style.css`` turns each into its like on a dark page, on paper and where
the reader's own colours rule, so a page that turns dark needs no new drawing. Colours are the Analysis Function's,
direction and meaning never rest on colour alone, and every chart carries the computed text alternative of its answer.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.catalogue.colours import BLUE, GREY, INK, ORANGE
from pages.components.explained import say_how_to_read

_DATA: Final = "shown"
#: The band of 95% limits: its edge is seen (3:1) although its ground is pale.
BAND: Final[dict[str, Any]] = {
    "color": BLUE,
    "fillOpacity": 0.15,
    "stroke": BLUE,
    "strokeOpacity": 0.6,
    "strokeWidth": 1,
}
#: About so many numbers on an axis, however wide it is: more of them say nothing more.
TICKS: Final = 6
#: Words that would leave the chart on the right are moved back; a letter of 13 pixels is about 6.6 wide.
KEPT_IN: Final = "min(0, width - scale('x', datum.value) - 6.6 * length(datum.label))"


def _base(height: int) -> dict[str, Any]:
    return {"height": height, "width": "container", "autosize": {"type": "fit", "contains": "padding"}}


def _quiet(spec: dict[str, Any]) -> dict[str, Any]:
    """Keep single marks from screen readers: the chart as a whole carries the answer's text alternative."""
    for layer in spec["layer"]:
        layer["mark"]["aria"] = False
    return spec


@cache
def _over_time() -> dict[str, Any]:
    """A value over periods with its 95% limits, unusual points squared, and the benchmark as a dashed line."""
    import altair as alt

    period = alt.X("period:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    ticks = alt.Axis(tickCount=TICKS)
    value = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, nice=True), axis=ticks)
    source = alt.NamedData(name=_DATA)
    limits = alt.Chart(source).mark_area(**BAND).encode(period, y="lowercl:Q", y2="uppercl:Q")
    line = alt.Chart(source).mark_line(color=BLUE, strokeWidth=2.5).encode(period, value)
    points = (
        alt.Chart(source)
        .mark_point(filled=True, size=70, color=BLUE, opacity=1)
        .encode(period, value, tooltip=[alt.Tooltip("words:N", title=" ")])
    )
    unusual = (
        alt.Chart(source)
        .mark_point(shape="square", size=150, color=ORANGE, strokeWidth=2.5, opacity=1)
        .encode(period, value)
        .transform_filter("datum.special === true")
    )
    benchmark = (
        alt.Chart(source).mark_line(strokeDash=[6, 4], color=GREY, strokeWidth=2).encode(period, y="benchmark:Q")
    )
    name = (
        alt.Chart(source)
        .mark_text(align="right", dy=-8, color=GREY)
        .encode(period, y="benchmark:Q", text="benchmark_name:N")
        .transform_filter("datum.last === true")
    )
    return _quiet(alt.layer(limits, benchmark, line, points, unusual, name).to_dict()) | _base(300)


@cache
def _by_group() -> dict[str, Any]:
    """Values of groups as points with their 95% limits, in the order given, and the benchmark as a dashed rule."""
    import altair as alt

    group = alt.Y("group:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    source = alt.NamedData(name=_DATA)
    scale, ticks = alt.Scale(zero=False, nice=True), alt.Axis(tickCount=TICKS)
    limits = (
        alt.Chart(source)
        .mark_rule(strokeWidth=3, color=BLUE)
        .encode(group, x=alt.X("lowercl:Q", title=None, scale=scale, axis=ticks), x2="uppercl:Q")
    )
    points = (
        alt.Chart(source)
        .mark_point(filled=True, size=110, color=BLUE, opacity=1)
        .encode(group, x="value:Q", tooltip=[alt.Tooltip("words:N", title=" ")])
    )
    words = (
        alt.Chart(source)
        .mark_text(align="left", dx=alt.expr(KEPT_IN), dy=-12)
        .encode(group, x="value:Q", text="label:N")
    )
    benchmark = alt.Chart(source).mark_tick(thickness=2, size=26, color=GREY).encode(group, x="benchmark:Q")
    return _quiet(alt.layer(benchmark, limits, points, words).to_dict()) | _base(260)


def _filled(template: dict[str, Any], frame: pd.DataFrame, unit: str, height: int | None = None) -> dict[str, Any]:
    spec = copy.deepcopy(template)
    ink = INK["light"]
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    spec["datasets"] = {_DATA: records}
    spec["config"] = {
        "axis": {"labelFontSize": 13, "gridColor": GREY, "gridOpacity": 0.25, "labelColor": ink},
        "text": {"fontSize": 13, "color": ink},
        "view": {"stroke": None},
    }
    spec["title"] = {"text": unit, "anchor": "start", "fontWeight": "normal", "fontSize": 13, "color": ink}
    if height:
        spec["height"] = height
    return spec


def draw_over_time(
    frame: pd.DataFrame, unit: str, text_alternative: str, *, key: str, guide: str = "over_time"
) -> None:
    """Draw a series and say how it is read.

    ``frame`` has ``period, value, lowercl, uppercl, benchmark, benchmark_name, special, last, words``.
    """
    st.vega_lite_chart(spec=_filled(_over_time(), frame, unit), key=key, alt=text_alternative)
    say_how_to_read(guide)


def draw_by_group(frame: pd.DataFrame, unit: str, text_alternative: str, *, key: str, guide: str = "dots") -> None:
    """Draw groups, with their guide: ``group, value, lowercl, uppercl, benchmark, label, words``."""
    spec = _filled(_by_group(), frame, unit, height=max(120, 52 * len(frame)))
    st.vega_lite_chart(spec=spec, key=key, alt=text_alternative)
    say_how_to_read(guide)
