"""Charts as the screen draws them, for paper: nothing to point at, so every mark is named where it stands."""

from __future__ import annotations

import math
import re
import textwrap
from functools import cache
from typing import Any, Final

from data.answers.words import figure
from data.catalogue.colours import BLUE, GREY, INK, LINES, ORANGE
from data.exports.drawings_frame import FONT, MARGIN, SMALL, WIDTH, Body, font_folder
from data.exports.drawings_rows import SHORT_UNIT, Plan, Row

PLOT_HEIGHT: Final = 260  # pixels, over time
NAMES_WIDTH, FIGURES_WIDTH, END_WIDTH = 250, 180, 150  # pixels beside the plot
NAME_LETTERS, FIGURE_LETTERS, END_LETTERS, PERIOD_LETTERS = 38, 27, 20, 9
ROW, TWO_LINE_ROW, SMALL_ROW, MANY = 36, 29, 25, 16  # pixels for a row; so many rows are set closer
MOST_PERIODS: Final = 9  # whose names fit side by side
APART: Final = 15  # pixels between the names of two lines
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_SPLIT: Final = "split(datum.label, '\\n')"
_FLAG: Final = 3  # the letter after a row's number says whether it is a heading
NAMES_AXIS: Final[dict[str, Any]] = {
    "labelExpr": f"split(slice(datum.label, {_FLAG + 1}), '\\n')",
    "labelFontWeight": {
        "condition": {"test": f"slice(datum.value, {_FLAG}, {_FLAG + 1}) === 'h'", "value": "bold"},
        "value": "normal",
    },
    "labelLimit": NAMES_WIDTH,
    "labelLineHeight": 14,
    "labelPadding": 8,
    "ticks": False,
    "minExtent": NAMES_WIDTH,
    "maxExtent": NAMES_WIDTH,
}
_SVG: Final = re.compile(r'^<svg[^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>(.*)</svg>\s*$', re.DOTALL)


@cache
def converter() -> Any:
    """Bring in the program that draws, once, and show it the typeface."""
    import vl_convert

    folder = font_folder()
    if folder is not None:
        vl_convert.register_font_directory(str(folder))
    return vl_convert


def chart_body(plan: Plan) -> Body:
    """Draw a chart."""
    spec = lines_spec(plan) if plan.kind == "lines" else groups_spec(plan)
    svg = converter().vegalite_to_svg(spec | CONFIG, allowed_base_urls=[])
    found = _SVG.match(svg)
    if found is None:
        raise ValueError(f"the chart is no SVG: {svg[:80]}")
    marks = f'<g transform="translate({MARGIN},0)">{found[3]}</g>'
    return Body(marks, float(found[2]), notes_of(plan))


CONFIG: Final[dict[str, Any]] = {
    "config": {
        "font": FONT,
        "background": "transparent",
        "axis": {"labelFontSize": SMALL, "gridOpacity": 0.4, "labelColor": INK["light"], "domain": False},
        "text": {"fontSize": SMALL, "color": INK["light"]},
        "view": {"stroke": None},
    },
    "autosize": {"type": "pad", "contains": "content"},
    "padding": 2,
}


def notes_of(plan: Plan) -> tuple[str, ...]:
    """Explain what is drawn beside the figures themselves, and what is not shown."""
    several = len({row.heading for row in plan.rows}) > 1
    limits = "shaded band" if plan.kind == "lines" and not several else "line through each dot"
    hidden: dict[str, int] = {}
    for row in plan.rows:
        if row.value is None:
            hidden[row.words] = hidden.get(row.words, 0) + 1
    notes = [f"The {limits} shows the 95% confidence limits."] if plan.limits else []
    notes += ["An orange square is an unusual period by the rules of Making Data Count."] * any(
        row.unusual for row in plan.rows
    )
    if plan.kind == "groups" and any(row.benchmark is not None for row in plan.rows):
        notes.append(f"The grey tick is the benchmark{f', {plan.benchmark_name}' if plan.benchmark_name else ''}.")
    notes += [f"Not shown, {count} of {len(plan.rows)}: {words}." for words, count in hidden.items()]
    return tuple(notes)


def span_of(plan: Plan, *, from_zero: bool = False) -> tuple[float, float]:
    """Give the lowest and highest number that is drawn, with a little room; a share stays within 0 and 100."""
    numbers = [
        number
        for row in plan.rows
        for number in (row.value, row.lowercl, row.uppercl, row.benchmark)
        if number is not None
    ]
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    lowest = 0.0 if low >= 0 and (from_zero or low < room) else low - room
    highest = 100.0 if plan.unit == "%" and high <= 100 < high + room else high + room
    return lowest, highest


def lines_spec(plan: Plan) -> dict[str, Any]:
    """Draw values over periods with their 95% limits, a line for each set, each named at its end."""
    low, high = span_of(plan)
    sets = list(dict.fromkeys(row.heading for row in plan.rows))
    periods = list(dict.fromkeys(_broken(row.name, PERIOD_LETTERS) for row in plan.rows))
    named = periods[:: -math.ceil(len(periods) / MOST_PERIODS)]  # the last period always has its name
    axis = {"labelAngle": 0, "labelExpr": _SPLIT, "labelOverlap": False, "grid": False, "values": named}
    period = {"field": "period", "type": "ordinal", "sort": periods, "title": None, "axis": axis}
    value = _number_on(low, high)
    told = {"field": "set", "type": "nominal", "legend": None}
    colour = told | {"scale": {"domain": sets, "range": list(LINES[: len(sets)])}}
    shape = told | {"scale": {"domain": sets, "range": list(SHAPES[: len(sets)])}}
    drawn = {"x": period, "y": value, "color": colour}
    limits = _mark("area", opacity=0.18) if len(sets) == 1 else _mark("rule", strokeWidth=1.5)
    square = _mark("point", shape="square", size=150, color=ORANGE, strokeWidth=2.5, opacity=1)
    hidden = {"x": period, "y": {"value": PLOT_HEIGHT - 8}, "text": {"field": "hidden"}}
    layers = [
        limits | {"encoding": {**drawn, "y": value | {"field": "lowercl"}, "y2": {"field": "uppercl"}}},
        _mark("line", strokeDash=[6, 4], color=GREY, strokeWidth=2)
        | {"encoding": {"x": period, "y": value | {"field": "benchmark"}}},
        _mark("line", strokeWidth=2.5) | {"encoding": drawn},
        _mark("point", filled=True, size=70, opacity=1) | {"encoding": drawn | {"shape": shape}},
        square | {"transform": [{"filter": "datum.unusual"}], "encoding": {"x": period, "y": value}},
        _mark("text", color=GREY) | {"transform": [{"filter": "datum.hidden"}], "encoding": hidden},
        *end_names(plan, sets, low, high),
    ]
    width = WIDTH - 2 * MARGIN - END_WIDTH - 60
    return {"width": width, "height": PLOT_HEIGHT, "data": {"values": _records(plan)}, "layer": layers}


def end_names(plan: Plan, sets: list[str], low: float, high: float) -> list[dict[str, Any]]:
    """Name each line and the benchmark at the right, with the mark of the line, moved apart where they would touch."""
    unit = plan.unit if len(plan.unit) <= SHORT_UNIT else ""
    ends: list[tuple[float, str, int | None]] = []
    for number, one in enumerate(sets):
        last = next((row for row in reversed(plan.rows) if row.heading == one and row.value is not None), None)
        if last is not None and last.value is not None:
            said = figure(last.value, unit)
            ends.append((last.value, f"{one}: {said}" if one else said, number))
    benchmark = next((row.benchmark for row in reversed(plan.rows) if row.benchmark is not None), None)
    if benchmark is not None:
        ends.append((benchmark, f"{plan.benchmark_name or 'Benchmark'}: {figure(benchmark, unit)}", None))
    layers, free = [], 0.0
    for at, words, place in sorted(ends, key=lambda end: -end[0]):
        lines = textwrap.wrap(words, END_LETTERS)
        top = max(PLOT_HEIGHT * (high - at) / (high - low) - APART / 2, free)
        free = top + APART * len(lines) + 2
        layers += _end_name(lines, top, place, alone=len(sets) == 1)
    return layers


def _end_name(lines: list[str], top: float, place: int | None, *, alone: bool) -> list[dict[str, Any]]:
    """Write the name of one line, bold where it is the only one; a benchmark has no place and is grey."""
    colour = GREY if place is None else BLUE if alone else INK["light"]
    words = _mark("text", align="left", baseline="top", dx=10 if alone or place is None else 20, color=colour)
    words["mark"] |= {"lineHeight": APART, "fontWeight": "bold" if alone and place is not None else "normal"}
    at = {"x": {"value": "width"}, "y": {"value": top}}
    layers = [words | {"data": {"values": [{}]}, "encoding": at | {"text": {"value": lines}}}]
    if place is not None and not alone:
        mark = _mark(
            "point", filled=True, size=60, opacity=1, shape=SHAPES[place], color=LINES[place], xOffset=12, yOffset=7
        )
        layers.append(mark | {"data": {"values": [{}]}, "encoding": at})
    return layers


def groups_spec(plan: Plan) -> dict[str, Any]:
    """Draw groups as points with their 95% limits, or as bars where there are none, each with its figure beside it."""
    low, high = span_of(plan, from_zero=not plan.limits)
    records = _records(plan, headed=True)
    tall = any("\n" in f"{record['key']}{record['words']}" for record in records)
    step = ROW if len(records) <= MANY else TWO_LINE_ROW if tall else SMALL_ROW
    keys = [record["key"] for record in records]
    group = {"field": "key", "type": "ordinal", "sort": keys, "title": None, "axis": NAMES_AXIS}
    value = _number_on(low, high)
    drawn = {"y": group, "x": value}
    if plan.limits:
        whiskers = {"y": group, "x": value | {"field": "lowercl"}, "x2": {"field": "uppercl"}}
        figures = [
            _mark("rule", strokeWidth=3, color=BLUE) | {"encoding": whiskers},
            _mark("point", filled=True, size=110, color=BLUE, opacity=1) | {"encoding": drawn},
        ]
    else:
        bars = _mark("bar", color=BLUE, size=round(step * 0.5))
        figures = [bars | {"encoding": drawn | {"x2": {"datum": max(low, 0.0)}}}]
    words = {"y": group, "x": {"value": "width"}, "text": {"field": "words"}}
    layers = [
        _mark("tick", thickness=2, size=22, color=GREY)
        | {"encoding": {"y": group, "x": value | {"field": "benchmark"}}},
        *figures,
        _mark("text", align="left", dx=10, lineBreak="\n", lineHeight=14) | {"encoding": words},
    ]
    width = WIDTH - 2 * MARGIN - NAMES_WIDTH - FIGURES_WIDTH - 14
    return {"width": width, "height": {"step": step}, "data": {"values": records}, "layer": layers}


def _mark(kind: str, **settings: Any) -> dict[str, Any]:
    """Name a mark; single marks are kept from screen readers, for the whole has its text alternative."""
    return {"mark": {"type": kind, "aria": False, **settings}}


def _number_on(low: float, high: float) -> dict[str, Any]:
    scale = {"domain": [low, high], "zero": False, "nice": False}
    return {"field": "value", "type": "quantitative", "title": None, "scale": scale, "axis": {"tickCount": 6}}


def _records(plan: Plan, *, headed: bool = False) -> list[dict[str, Any]]:
    """Give the rows as data; ``headed`` puts the name of each set in a row above it."""
    records: list[dict[str, Any]] = []
    heading = ""
    for row in plan.rows:
        if headed and row.heading != heading:
            heading = row.heading
            records.append({"key": f"{len(records):03}h{_broken(heading, NAME_LETTERS)}", "words": ""})
        key = f"{len(records):03}r{_broken(row.name, NAME_LETTERS)}"
        records.append({"key": key, "period": _broken(row.name, PERIOD_LETTERS), **_numbers(row)})
    return records


def _numbers(row: Row) -> dict[str, Any]:
    return {
        "set": row.heading,
        "value": row.value,
        "lowercl": row.lowercl,
        "uppercl": row.uppercl,
        "benchmark": row.benchmark,
        "words": _broken(row.words, FIGURE_LETTERS),
        "unusual": row.unusual,
        "hidden": row.shorthand,
    }


def _broken(text: str, letters: int) -> str:
    return "\n".join(textwrap.wrap(text, letters)) or text
