"""The map: values and words go to the browser with each change, outlines are fetched once by URL.

``map_view`` and ``bivariate_view`` turn protected tables into a ``MapView``; ``draw_map`` draws one, or two side by
side, and returns the area that the reader chose. The drawing itself is in ``svg_map/``.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

FOLDER = Path(__file__).parent / "svg_map"
ASSETS = {file.name: file.read_bytes() for file in sorted(FOLDER.iterdir()) if file.is_file()}
#: The scripts' address holds the hash of them all, so that a browser may keep them for ever.
ASSETS_HASH = hashlib.sha256(b"".join(ASSETS.values())).hexdigest()[:12]
SCRIPTS = sorted((name for name in ASSETS if name.endswith(".js")), key=lambda name: name != "map.js")
#: All that travels with each change: where the scripts are. Naming each lets the browser fetch them side by side.
LOADER = f"""
const parts = {json.dumps(SCRIPTS)}.map((name) => import(`${{location.origin}}/map-assets/{ASSETS_HASH}/${{name}}`));
export default (component) => void parts[0].then((map) => map.default(component));
"""

STATUSES = ("shown", "rounded", "suppressed", "not_collected", "failed_validation", "not_applicable", "immature")
STATUS_WORDS = (
    "shown",
    "rounded",
    "hidden to protect small numbers",
    "no data yet",
    "sent in but failed the checks",
    "does not apply here",
    "too early to count",
)

# Government Analysis Function sequential blues with two tints; on a dark page the scale runs from dark to pale.
SEQUENTIAL = ("#DCEBF8", "#A3CDF0", "#5FA3DD", "#2073BC", "#12436D")
SEQUENTIAL_DARK = ("#1B3A55", "#22598C", "#3182C8", "#7DB8EA", "#D6EAFA")
# Orange for need, blue for reach, both for both: told apart in every common kind of colour blindness, and by lightness.
BIVARIATE = (
    *("#FCEEDF", "#F9B184", "#E8641E"),
    *("#A5D3E8", "#B59A8C", "#A8582F"),
    *("#2FA4D6", "#437C91", "#54402F"),
)


@dataclass(frozen=True, slots=True)
class MapLayer:
    """Outlines by URL, and their area codes in the order of the file."""

    areas_url: str
    codes: tuple[str, ...]
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class MapClass:
    """One colour of a map and the words it stands for."""

    label: str
    colour: str
    dark: str


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the values of one measure are named and written."""

    name: str
    suffix: str = ""
    prefix: str = ""
    decimals: int = 1

    def words(self, number: float) -> str:
        """Write a number with its unit."""
        return f"{self.prefix}{number:,.{self.decimals}f}{self.suffix}"


@dataclass(frozen=True, slots=True)
class MapMeasure:
    """Values and confidence limits in the order of the layer; None where there is nothing to show."""

    number_format: NumberFormat
    value: tuple[float | None, ...]
    lowercl: tuple[float | None, ...]
    uppercl: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A setting such as a family hub."""

    kind: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class MapView:
    """All that one map shows. Every value in it is already protected.

    ``closeups`` name zoom buttons and the places they show, such as ("Weymouth and Portland", ("Weymouth",
    "Portland")); a council that is small on the map has a button anyway.
    """

    layer: MapLayer
    title: str
    alt: str
    legend_title: str
    classes: tuple[MapClass, ...]
    class_of: tuple[int | None, ...]
    statuses: tuple[str, ...]
    uncertain: tuple[bool, ...]
    measures: tuple[MapMeasure, ...]
    comparison: tuple[str | None, ...] = ()
    uncertain_words: str = ""
    axes: tuple[str, str] | None = None
    named_classes: bool = False
    note: str = ""
    points: tuple[MapPoint, ...] = ()
    attribution: str = ""
    closeups: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())


def even_breaks(
    values: Sequence[float] | pd.Series, number_of_classes: int = 5, decimals: int = 1
) -> tuple[float, ...]:
    """Breaks that put about as many areas in each class, rounded as the values are shown, each only once."""
    known = np.asarray(pd.to_numeric(pd.Series(values)).dropna(), dtype=float)
    if known.size == 0:
        return ()
    shares = np.arange(1, number_of_classes) / number_of_classes
    breaks = np.unique(np.round(np.quantile(known, shares), decimals))
    return tuple(float(one) for one in breaks if known.min() < one <= known.max())


def classes_between(breaks: Sequence[float], number_format: NumberFormat) -> tuple[MapClass, ...]:
    """Name the classes between breaks in words, with the sequential colours spread over them."""
    words = number_format.words
    if not breaks:
        labels = ["all areas with a value"]
    else:
        inner = [f"{words(low)} to under {words(high)}" for low, high in pairwise(breaks)]
        labels = [f"under {words(breaks[0])}", *inner, f"{words(breaks[-1])} and over"]
    if len(labels) > len(SEQUENTIAL):
        raise ValueError(f"breaks must make at most {len(SEQUENTIAL)} classes, found {len(labels)}")
    steps = np.linspace(0, len(SEQUENTIAL) - 1, len(labels)).round().astype(int) if len(labels) > 1 else [2]
    return tuple(MapClass(label, SEQUENTIAL[k], SEQUENTIAL_DARK[k]) for label, k in zip(labels, steps, strict=True))


def map_view(
    table: pd.DataFrame,
    layer: MapLayer,
    number_format: NumberFormat,
    *,
    title: str,
    alt: str,
    breaks: Sequence[float] | None = None,
    parent_of: Mapping[str, str] | None = None,
    uncertain_span: int = 2,
    **extras: Any,
) -> MapView:
    """Make a choropleth from a protected table with one row for each area.

    ``table`` has ``area_code``, ``value``, ``value_status`` and, where known, ``lowercl``, ``uppercl`` and
    ``comparison`` (words). ``parent_of`` colours each area of the layer by the value of its parent. An area is
    marked uncertain when its limits lie ``uncertain_span`` or more classes apart. ``extras`` are other
    ``MapView`` fields, such as ``points``.
    """
    rows = _in_layer_order(table, layer, parent_of)
    edges = even_breaks(table["value"], decimals=number_format.decimals) if breaks is None else tuple(breaks)
    return MapView(
        layer=layer,
        title=title,
        alt=alt,
        legend_title=extras.pop("legend_title", number_format.name),
        classes=classes_between(edges, number_format),
        class_of=_class_of(rows["value"], edges),
        statuses=tuple(rows["value_status"]),
        uncertain=_uncertain(rows, edges, uncertain_span),
        measures=(_measure(rows, number_format),),
        comparison=_words(rows["comparison"]),
        uncertain_words=f"Dots: uncertain. The confidence limits reach across {uncertain_span + 1} or more colours",
        **extras,
    )


def category_view(
    table: pd.DataFrame,
    layer: MapLayer,
    number_format: NumberFormat,
    classes: Sequence[MapClass],
    *,
    title: str,
    alt: str,
    **extras: Any,
) -> MapView:
    """Make a map whose colours are given: the table's ``map_class`` names one of ``classes`` by its label."""
    rows = _in_layer_order(table, layer, None)
    index = {one.label: k for k, one in enumerate(classes)}
    unknown = set(table["map_class"].dropna()) - index.keys()
    if unknown:
        raise ValueError(f"map_class must be one of {sorted(index)}, found {sorted(unknown)}")
    return MapView(
        layer=layer,
        title=title,
        alt=alt,
        legend_title=extras.pop("legend_title", number_format.name),
        classes=tuple(classes),
        class_of=tuple(None if label is None else index[label] for label in _words(rows["map_class"])),
        statuses=tuple(rows["value_status"]),
        uncertain=(False,) * len(rows),
        measures=(_measure(rows, number_format),),
        comparison=_words(rows["comparison"]),
        named_classes=True,
        **extras,
    )


def bivariate_view(
    across: tuple[pd.DataFrame, NumberFormat],
    up: tuple[pd.DataFrame, NumberFormat],
    layer: MapLayer,
    *,
    title: str,
    alt: str,
    axes: tuple[str, str],
    level_names: tuple[tuple[str, str, str], tuple[str, str, str]],
    breaks: tuple[Sequence[float], Sequence[float]] | None = None,
    **extras: Any,
) -> MapView:
    """Make a 3 by 3 map of two measures; class = 3 × (third of ``up``) + (third of ``across``).

    ``axes`` are the words along the legend, such as ("more need", "more reach"). ``level_names`` name the thirds of
    each axis from low to high, such as (("low need", "middling need", "high need"), (…)).
    """
    sides = []
    for k, (table, number_format) in enumerate((across, up)):
        rows = _in_layer_order(table, layer, None)
        edges = tuple(breaks[k]) if breaks else even_breaks(table["value"], 3, number_format.decimals)
        sides.append((rows, edges, _class_of(rows["value"], edges), number_format))
    (rows_x, edges_x, class_x, format_x), (rows_y, edges_y, class_y, format_y) = sides
    pairs = zip(class_x, class_y, strict=True)
    uncertain = zip(_uncertain(rows_x, edges_x, 2), _uncertain(rows_y, edges_y, 2), strict=True)
    names = [f"{x}, {y}" for y in level_names[1] for x in level_names[0]]
    return MapView(
        layer=layer,
        title=title,
        alt=alt,
        legend_title=extras.pop("legend_title", "Both measures together"),
        classes=tuple(
            MapClass(name[:1].upper() + name[1:], colour, colour) for name, colour in zip(names, BIVARIATE, strict=True)
        ),
        class_of=tuple(None if x is None or y is None else 3 * y + x for x, y in pairs),
        statuses=tuple(map(_less_known, rows_x["value_status"], rows_y["value_status"])),
        uncertain=tuple(x or y for x, y in uncertain),
        measures=(_measure(rows_x, format_x), _measure(rows_y, format_y)),
        uncertain_words="Dots: uncertain. The confidence limits of a measure reach across all three levels",
        axes=axes,
        **extras,
    )


def _in_layer_order(table: pd.DataFrame, layer: MapLayer, parent_of: Mapping[str, str] | None) -> pd.DataFrame:
    """One row for each area of the layer; an area without a row has no data yet."""
    wanted = [parent_of[code] if parent_of else code for code in layer.codes]
    unknown = set(table["area_code"]) - set(wanted)
    if unknown:
        raise ValueError(f"area_code must be an area of the map, found {sorted(unknown)[:3]}")
    columns = ["value", "lowercl", "uppercl", "value_status", "comparison", "map_class"]
    rows = table.set_index("area_code").reindex(index=wanted, columns=columns)
    rows["value_status"] = rows["value_status"].fillna("not_collected")
    shown = rows["value_status"].isin(STATUSES[:2])
    numbers = rows[["value", "lowercl", "uppercl"]].apply(pd.to_numeric).astype(float)
    rows[["value", "lowercl", "uppercl"]] = numbers.where(shown)
    return rows


def _class_of(values: pd.Series, breaks: Sequence[float]) -> tuple[int | None, ...]:
    found = np.searchsorted(np.asarray(breaks, dtype=float), values.to_numpy(), side="right")
    return tuple(int(k) if known else None for k, known in zip(found, values.notna(), strict=True))


def _uncertain(rows: pd.DataFrame, breaks: Sequence[float], span: int) -> tuple[bool, ...]:
    low, high = _class_of(rows["lowercl"], breaks), _class_of(rows["uppercl"], breaks)
    return tuple(a is not None and b is not None and b - a >= span for a, b in zip(low, high, strict=True))


def _less_known(one: str, other: str) -> str:
    return max(one, other, key=STATUSES.index)


def _optional(values: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(value) else float(value) for value in values)


def _words(values: pd.Series) -> tuple[str | None, ...]:
    return tuple(None if pd.isna(value) else str(value) for value in values)


def _measure(rows: pd.DataFrame, number_format: NumberFormat) -> MapMeasure:
    return MapMeasure(number_format, _optional(rows["value"]), _optional(rows["lowercl"]), _optional(rows["uppercl"]))


def pack(views: Sequence[MapView], selected: str | None = None) -> bytes:
    """Write views as deflated JSON: one character an area for classes and statuses, whole numbers for values."""
    first = views[0]
    payload = {
        "areas": first.layer.areas_url,
        "base": first.layer.base_url,
        "statuses": STATUS_WORDS,
        "views": [_packed_view(view) for view in views],
        "points": _packed_points(first.points),
        "closeups": first.closeups,
        "attribution": first.attribution,
        "selected": selected,
    }
    return zlib.compress(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(content: bytes) -> dict[str, Any]:
    """Read back what ``pack`` wrote, so that a test can see everything that left the server."""
    payload: dict[str, Any] = json.loads(zlib.decompress(content))
    return payload


def _packed_view(view: MapView) -> dict[str, Any]:
    comparisons = sorted({words for words in view.comparison if words})
    return {
        "title": view.title,
        "alt": view.alt,
        "legendTitle": view.legend_title,
        "note": view.note,
        "classes": [{"label": one.label, "colour": one.colour, "dark": one.dark} for one in view.classes],
        "classOf": _digits(view.class_of),
        "status": _digits([STATUSES.index(status) for status in view.statuses]),
        "uncertain": _digits([int(flag) for flag in view.uncertain]) if any(view.uncertain) else "",
        "uncertainWords": view.uncertain_words,
        "comparisons": comparisons,
        "comparison": _digits([comparisons.index(w) if w else None for w in view.comparison]) if comparisons else "",
        "measures": [_packed_measure(measure) for measure in view.measures],
        "axes": {"x": view.axes[0], "y": view.axes[1]} if view.axes else None,
        "named": view.named_classes,
    }


def _digits(numbers: Sequence[int | None]) -> str:
    return "".join("." if number is None else "0123456789abcdefghijklmnopqrstuvwxyz"[number] for number in numbers)


def _packed_measure(measure: MapMeasure) -> dict[str, Any]:
    style = measure.number_format
    unit = 10**style.decimals
    whole = [None if value is None else round(value * unit) for value in measure.value]

    def steps(limits: Sequence[float | None], sign: int) -> list[int | None] | None:
        """Limits as distances from the value; None for a measure without limits."""
        if all(limit is None for limit in limits):
            return None
        pairs = zip(whole, limits, strict=True)
        return [None if v is None or limit is None else sign * (round(limit * unit) - v) for v, limit in pairs]

    return {
        "name": style.name,
        "prefix": style.prefix,
        "suffix": style.suffix,
        "decimals": style.decimals,
        "value": whole,
        "lower": steps(measure.lowercl, -1),
        "upper": steps(measure.uppercl, 1),
    }


def _packed_points(points: Sequence[MapPoint]) -> list[dict[str, Any]]:
    kinds = sorted({point.kind for point in points})
    return [
        {
            "kind": kinds.index(point.kind),
            "kindWords": point.kind,
            "name": point.name,
            "at": [round(point.lon, 4), round(point.lat, 4)],
        }
        for point in points
    ]


def draw_map(
    view: MapView,
    *,
    key: str,
    selected: str | None = None,
    beside: MapView | None = None,
    on_choose: Callable[[], None] | None = None,
) -> str | None:
    """Draw a map, or two of the same layer side by side, and return the code of the area just chosen.

    The code is returned once, in the run that the choice starts; keep it in a filter or the address. ``on_choose``
    runs before that script run, with the code in ``st.session_state[key].chosen``.
    """
    if beside is not None and beside.layer != view.layer:
        raise ValueError("beside must have the same layer as view")
    component = st.components.v2.component("first1001_map", js=LOADER)
    views = [view] if beside is None else [view, beside]
    result = component(key=key, data=pack(views, selected), on_chosen_change=on_choose or (lambda: None))
    chosen: str | None = result.chosen
    return chosen
