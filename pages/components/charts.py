"""Charts in one style. Each specification is built once by Altair; after that only data travels.

Colours are the Analysis Function's, direction and meaning never rest on colour alone, and every chart carries the
computed text alternative of its answer.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.catalogue.colours import BLUE, GREY, INK, ON_DARK, ORANGE

_DATA: Final = "shown"


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
    value = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, nice=True))
    source = alt.NamedData(name=_DATA)
    limits = alt.Chart(source).mark_area(opacity=0.18, color=BLUE).encode(period, y="lowercl:Q", y2="uppercl:Q")
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
    limits = (
        alt.Chart(source)
        .mark_rule(strokeWidth=3, color=BLUE)
        .encode(group, x=alt.X("lowercl:Q", title=None, scale=alt.Scale(zero=False, nice=True)), x2="uppercl:Q")
    )
    points = (
        alt.Chart(source)
        .mark_point(filled=True, size=110, color=BLUE, opacity=1)
        .encode(group, x="value:Q", tooltip=[alt.Tooltip("words:N", title=" ")])
    )
    words = alt.Chart(source).mark_text(align="left", dx=0, dy=-12).encode(group, x="value:Q", text="label:N")
    benchmark = alt.Chart(source).mark_tick(thickness=2, size=26, color=GREY).encode(group, x="benchmark:Q")
    return _quiet(alt.layer(benchmark, limits, points, words).to_dict()) | _base(260)


def _filled(template: dict[str, Any], frame: pd.DataFrame, unit: str, height: int | None = None) -> dict[str, Any]:
    theme = "dark" if st.context.theme.type == "dark" else "light"
    spec = _on_dark(template) if theme == "dark" else copy.deepcopy(template)
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    spec["datasets"] = {_DATA: records}
    spec["config"] = {
        "axis": {"labelFontSize": 13, "gridOpacity": 0.4, "labelColor": INK[theme]},
        "text": {"fontSize": 13, "color": INK[theme]},
        "view": {"stroke": None},
    }
    spec["title"] = {"text": unit, "anchor": "start", "fontWeight": "normal", "fontSize": 13}
    if height:
        spec["height"] = height
    return spec


def _on_dark(part: Any) -> Any:
    """Give a copy of a specification in the colours for a dark page."""
    if isinstance(part, dict):
        return {name: _on_dark(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_on_dark(value) for value in part]
    return ON_DARK.get(part, part) if isinstance(part, str) else part


def draw_over_time(frame: pd.DataFrame, unit: str, text_alternative: str, *, key: str) -> None:
    """Draw a series: ``period, value, lowercl, uppercl, benchmark, benchmark_name, special, last, words``."""
    st.vega_lite_chart(spec=_filled(_over_time(), frame, unit), key=key, alt=text_alternative)


def draw_by_group(frame: pd.DataFrame, unit: str, text_alternative: str, *, key: str) -> None:
    """Draw groups: ``group, value, lowercl, uppercl, benchmark, label, words``."""
    spec = _filled(_by_group(), frame, unit, height=max(120, 52 * len(frame)))
    st.vega_lite_chart(spec=spec, key=key, alt=text_alternative)
