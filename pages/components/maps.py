"""The map: values and words go to the browser with each change, outlines are fetched once by URL.

``map_view`` and ``bivariate_view`` turn protected tables into a ``MapView``; ``draw_map`` draws one, or two side by
side, and returns the area that the reader chose. The drawing itself is in ``svg_map/``.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
