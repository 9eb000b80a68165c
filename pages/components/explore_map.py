"""A map to pan, zoom and tilt with pydeck. Outlines come by URL; a change sends one character for each area.

The map of ``maps.py`` is the default view: it offers every area to keyboard and screen reader, which this one cannot.
"""

from __future__ import annotations

import html
import json
import math
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.components.maps import MapView

if TYPE_CHECKING:
    import pydeck as pdk

HEIGHT_PIXELS = 560
TILE_PIXELS = 512  # deck.gl's world is 512 pixels wide at zoom 0
TALLEST_METRES = 6_000
UNSURE = [240, 110, 20, 255]  # the edge of an uncertain area
NOT_SHOWN = {"light": [214, 218, 222, 255], "dark": [66, 74, 82, 255]}
INK = {"light": [27, 31, 35], "dark": [232, 237, 242]}
PAPER = {"light": [255, 255, 255], "dark": [16, 21, 26]}


def draw_explore_map(
    view: MapView,
    *,
    key: str,
    areas_url: str,
    outlines_url: str,
    bbox: tuple[float, float, float, float],
    places: Sequence[tuple[str, float, float]] = (),
    height_of: str | None = None,
) -> None:
    """Draw ``view`` over the GeoJSON at ``areas_url``, whose features carry their place in the layer as ``i``.

    ``bbox`` is west, south, east, north. ``height_of`` raises areas by their "value" or by their "uncertainty" (the
    width of the confidence limits).
    """
    st.markdown(
        "Drag to move, scroll to zoom, hold Ctrl and drag to tilt. The default map shows the same values "
        "for keyboard and screen reader, with each figure and a table."
    )
    deck = explore_deck(view, areas_url, outlines_url, bbox, places, height_of, st.context.theme.type or "light")
    st.pydeck_chart(deck, key=key, height=HEIGHT_PIXELS, alt=view.alt)
    st.html(legend(view, st.context.theme.type or "light", height_of))
    st.markdown(view.attribution)


def explore_deck(
    view: MapView,
    areas_url: str,
    outlines_url: str,
    bbox: tuple[float, float, float, float],
    places: Sequence[tuple[str, float, float]],
    height_of: str | None,
    theme: str,
) -> pdk.Deck:
    """Put the layers together; no map provider, so that nothing is asked of a stranger."""
    layers = [_areas(view, areas_url, height_of, theme), _outlines(outlines_url, theme)]
    if view.points:
        layers.append(_points(view))
    if places:
        layers.append(_labels(places, theme))
    deck: pdk.Deck = _compact_deck()(
        layers=layers,
        initial_view_state=_whole(bbox, tilted=height_of is not None),
        map_provider=None,
        tooltip={"text": "{name}"},
    )
    return deck


def _compact_deck() -> type[Any]:
    import pydeck as pdk
    from pydeck.bindings.json_tools import default_serialize

    class CompactDeck(pdk.Deck):  # type: ignore[misc]
        """A deck without the indentation that makes pydeck's JSON five times as long."""

        def to_json(self) -> str:
            """Write the deck in one line."""
            return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))

    return CompactDeck


def _areas(view: MapView, url: str, height_of: str | None, theme: str) -> pdk.Layer:
    """The areas; expressions look up each area's colour (and height) by its place in the layer."""
    import pydeck as pdk

    codes = _colour_codes(view)
    # deck.gl's expressions know no function calls, and array literals need parentheses before an index.
    settings: dict[str, Any] = {
        "get_fill_color": f"({_colours(view, theme)})[({codes})[properties.i]]",
        "update_triggers": {"getFillColor": [zlib.crc32(codes.encode()), theme]},
    }
    if height_of:
        heights = _heights(view, height_of)
        # Mostly even light, so that a raised area keeps the colour of its class.
        settings["material"] = {"ambient": 0.85, "diffuse": 0.35, "shininess": 1, "specularColor": [0, 0, 0]}
        settings |= {"extruded": True, "get_elevation": f"({heights})[properties.i]"}
        settings["update_triggers"]["getElevation"] = zlib.crc32(heights.encode())
    else:
        settings["get_line_color"] = _edges(view, codes, theme)
        settings["update_triggers"]["getLineColor"] = settings["update_triggers"]["getFillColor"]
    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id="areas",
        pickable=True,
        auto_highlight=True,
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1,
        **settings,
    )


def _colour_codes(view: MapView) -> str:
    """A number for each area: its class, its class among the uncertain ones, or the last number for not shown."""
    count = len(view.classes)
    numbers = [
        2 * count if k is None or status not in {"shown", "rounded"} else k + count * unsure
        for k, status, unsure in zip(view.class_of, view.statuses, view.uncertain, strict=True)
    ]
    return json.dumps(numbers, separators=(",", ":"))


def _colours(view: MapView, theme: str) -> str:
    """The colours in the order of the numbers: each class, each class again where uncertain, not shown."""
    plain = [_rgb(one.dark if theme == "dark" else one.colour) for one in view.classes]
    return json.dumps([*plain, *plain, NOT_SHOWN[theme]], separators=(",", ":"))


def _edges(view: MapView, codes: str, theme: str) -> str:
    """An orange edge round uncertain areas, the page's own colour round the others."""
    if not any(view.uncertain):
        return f"({PAPER[theme]})"
    number, count = f"({codes})[properties.i]", len(view.classes)
    return f"{number}>={count}&&{number}<{2 * count}?({UNSURE}):({PAPER[theme]})"


def _rgb(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def _heights(view: MapView, height_of: str) -> str:
    """Whole metres for each area, the largest ``TALLEST_METRES``; nothing for areas that are not shown."""
    measure = view.measures[0]
    if height_of == "value":
        sizes = [value or 0.0 for value in measure.value]
    elif height_of == "uncertainty":
        limits = zip(measure.lowercl, measure.uppercl, strict=True)
        sizes = [0.0 if low is None or high is None else high - low for low, high in limits]
    else:
        raise ValueError(f"height_of must be 'value' or 'uncertainty', found {height_of!r}")
    largest = max(sizes, default=0.0) or 1.0
    return json.dumps(
        [round(max(size, 0.0) / largest * TALLEST_METRES / 50) * 50 for size in sizes], separators=(",", ":")
    )


def _outlines(url: str, theme: str) -> pdk.Layer:
    import pydeck as pdk

    return pdk.Layer(
        "GeoJsonLayer",
        url,
        id="outlines",
        filled=False,
        stroked=True,
        get_line_color=[*INK[theme], 220],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1.4,
    )


def _points(view: MapView) -> pdk.Layer:
    import pydeck as pdk

    places = [{"name": f"{p.name} ({p.kind})", "at": [round(p.lon, 4), round(p.lat, 4)]} for p in view.points]
    return pdk.Layer(
        "ScatterplotLayer",
        places,
        id="points",
        pickable=True,
        get_position="at",
        get_fill_color=[128, 22, 80],
        get_line_color=[255, 255, 255],
        stroked=True,
        radius_units=pdk.types.String("pixels"),
        get_radius=5,
        line_width_units=pdk.types.String("pixels"),
        get_line_width=1.2,
    )


def _labels(places: Sequence[tuple[str, float, float]], theme: str) -> pdk.Layer:
    """Names of towns; letters are drawn by the browser itself, no font is fetched."""
    import pydeck as pdk

    return pdk.Layer(
        "TextLayer",
        [{"t": name, "at": [lon, lat]} for name, lon, lat in places],
        id="places",
        get_text="t",
        get_position="at",
        get_color=INK[theme],
        get_size=13,
        font_weight=600,
        font_family=pdk.types.String("sans-serif"),
        background=True,
        get_background_color=[*PAPER[theme], 205],
        background_padding=[3, 1],
        parameters={"depthTest": False},
    )


def _whole(bbox: tuple[float, float, float, float], *, tilted: bool) -> pdk.ViewState:
    """A view in which the box fits a map of 700 pixels by the usual height."""
    import pydeck as pdk

    west, south, east, north = bbox
    middle = (south + north) / 2
    by_width = math.log2(700 * 360 / (TILE_PIXELS * (east - west)))
    by_height = math.log2(HEIGHT_PIXELS * 0.9 * 360 * math.cos(math.radians(middle)) / (TILE_PIXELS * (north - south)))
    return pdk.ViewState(
        longitude=round((west + east) / 2, 4),
        latitude=round(middle, 4),
        zoom=round(min(by_width, by_height), 2),
        pitch=45 if tilted else 0,
    )


def legend(view: MapView, theme: str, height_of: str | None) -> str:
    """The classes in words beside their colours, as an HTML list."""
    shown = [(one.dark if theme == "dark" else one.colour, one.label) for one in view.classes]
    missing = "#{:02X}{:02X}{:02X}".format(*NOT_SHOWN[theme][:3])
    rows = [*shown, (missing, "not shown")]
    swatch = "display:inline-block;width:1.75rem;height:1rem;margin-right:.5rem;outline:1px solid #767676"
    items = [f'<li><span style="{swatch};background:{c}"></span>{html.escape(label)}</li>' for c, label in rows]
    if any(view.uncertain) and not height_of:
        items.append("<li>An orange edge means uncertain: the confidence limits reach across several colours.</li>")
    if height_of:
        words = {"value": "a larger value", "uncertainty": "wider confidence limits, so less certainty"}[height_of]
        items.append(f"<li>A taller area has {words}.</li>")
    title = html.escape(view.legend_title)
    return f'<p><strong>{title}</strong></p><ul style="list-style:none;padding:0">{"".join(items)}</ul>'
