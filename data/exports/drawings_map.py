"""A map on paper: the served outlines in the classes that the screen has, north up, in the projection of the screen.

What is not shown is hatched or crossed and counted in the legend, so that nothing rests on colour alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import pandas as pd

from data.answers.answer import HIDDEN, STATUS_WORDS, Answer
from data.answers.geometry import ATTRIBUTION
from data.answers.map_layers import MapClass, class_edges, class_labels, class_of
from data.answers.maps import MapAnswer
from data.catalogue.colours import BIVARIATE, GREY, INK, PAPER, SEQUENTIAL
from data.errors import DataError
from data.exports.drawings_frame import LETTER, MARGIN, SMALL, WIDTH, Body, said_at, wrapped
from data.geography.served import geojson_of

MAP_WIDTH: Final = 500
LEGEND_LEFT: Final = MAP_WIDTH + 2 * MARGIN
LEGEND_WIDTH: Final = WIDTH - LEGEND_LEFT - MARGIN
LINE: Final = 17  # pixels
SWATCH: Final = (26, 14)
NOT_SHOWN_GROUND: Final = "#F4F5F6"
#: Hatched: hidden to protect small numbers. Crossed: no figure for another reason. Dotted: uncertain.
HATCH: Final = f'<path d="M-1 9L9 -1M-1 1L1 -1M7 9L9 7" stroke="{GREY}" stroke-width="1.1"/>'
CROSS: Final = f'<path d="M2.5 4H5.5M4 2.5V5.5" stroke="{GREY}" stroke-width="0.8"/>'
UNCERTAIN: Final = "Dots: uncertain. The 95% limits reach across four colours or more"
PALE: Final = 120  # of 255: light dots stand on darker colours, dark dots on paler ones


@dataclass(frozen=True, slots=True)
class Classed:
    """The class of each area, from 0, or its status where it has none; which are uncertain; the classes; the title."""

    of_area: dict[str, int | str]
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    title: str
    unsure: frozenset[str] = frozenset()


def map_body(answer: Answer, layer: bytes, places: Sequence[tuple[str, float, float]] = ()) -> tuple[Body, str]:
    """Draw the areas with their legend beside them; give what the map shows, as a subtitle, as well."""
    content = json.loads(layer)
    if content.get("type") != "Topology" or "areas" not in content.get("objects", {}):
        raise DataError("This layer has no outlines to draw", found=str(content.get("label", "")), todo="Use another")
    features = json.loads(geojson_of(layer))["features"]
    point, height = projection(content.get("bbox") or bounds(features))
    known = {str(feature["properties"]["code"]) for feature in features}
    classed = classed_of(answer, known)
    if not classed.of_area:
        raise DataError(
            "None of the answer's areas has an outline in this layer",
            found=answer.question,
            expected="rows with the area codes of the layer",
        )
    shapes = "".join(shape(feature, classed, point) for feature in features)
    drawn = {code: classed.of_area.get(code, "not_collected") for code in known}
    marks, low = legend(classed, drawn, str(content.get("label", "")))
    outlines = f'<g stroke="{PAPER["light"]}" stroke-width="0.7" stroke-linejoin="round">{shapes}</g>'
    edges = f'<path d="{council_edges(content, point)}" fill="none" stroke="{INK["light"]}" stroke-width="1"/>'
    unit = f"Unit: {answer.unit}" if answer.unit else ""
    said = " · ".join(part for part in (classed.title, unit, answer.period) if part)
    inside = f"{outlines}{edges}{named_places(places, point)}{north(height)}{marks}"
    return Body(inside, max(height, low), notes_of(answer), patterns(classed.colours)), said


def classed_of(answer: Answer, known: set[str]) -> Classed:
    """Sort the areas that are drawn into the classes of the screen's map, or into fifths where it has none."""
    table = answer.table.loc[answer.table["area_code"].astype("str").isin(known)]
    statuses = table["value_status"] if "value_status" in table.columns else pd.Series("shown", index=table.index)
    places, classes, title = _classes_of(answer, table)
    both = isinstance(answer, MapAnswer) and answer.kind == "bivariate"
    palette = BIVARIATE if both else SEQUENTIAL
    of_area: dict[str, int | str] = {}
    for code, place, status in zip(table["area_code"], places, statuses, strict=True):
        withheld = str(status) if status in HIDDEN else "not_collected"
        of_area[str(code)] = int(place) if place >= 0 and status not in HIDDEN else withheld
    flags = table["uncertain"].astype(bool) if "uncertain" in table.columns else pd.Series(False, index=table.index)
    unsure = frozenset(table.loc[flags, "area_code"].astype("str"))
    labels = tuple(one.label for one in classes)
    return Classed(of_area, labels, tuple(palette[one.role] for one in classes), title, unsure)


def _classes_of(answer: Answer, table: pd.DataFrame) -> tuple[pd.Series, tuple[MapClass, ...], str]:
    if isinstance(answer, MapAnswer):
        title = "Need and reach" if answer.kind == "bivariate" else answer.title
        return table["class_index"], answer.classes, title
    values = pd.to_numeric(table["value"])
    numbers = values.to_numpy(dtype=float)
    edges = class_edges(numbers)
    places = pd.Series(class_of(values, edges), index=values.index)
    return places, class_labels(edges, numbers, answer.unit), answer.question


def projection(box: Sequence[float]) -> tuple[Any, float]:
    """Give the screen's projection, equirectangular at the middle latitude, and the height of the map."""
    west, south, east, north_ = box
    shrink = math.cos(math.radians((south + north_) / 2))
    scale = (MAP_WIDTH - MARGIN) / ((east - west) * shrink)

    def point(at: Sequence[float]) -> str:
        return f"{MARGIN + (at[0] - west) * shrink * scale:.1f} {(north_ - at[1]) * scale:.1f}"

    return point, (north_ - south) * scale


def bounds(features: Sequence[dict[str, Any]]) -> tuple[float, float, float, float]:
    """Find the box around all outlines."""
    points = [at for feature in features for ring in rings(feature["geometry"]) for at in ring]
    lons, lats = [at[0] for at in points], [at[1] for at in points]
    return min(lons), min(lats), max(lons), max(lats)


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """Give every ring of an outline."""
    coordinates = geometry["coordinates"]
    parts = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [ring for part in parts for ring in part]


def council_edges(content: dict[str, Any], point: Any) -> str:
    """Draw every line that lies between two councils, or round the whole: each arc stands in the layer once."""
    councils = content.get("parents", {}).get("lad") or list(range(len(content["codes"])))
    beside: dict[int, set[object]] = {}
    uses: dict[int, int] = {}
    for council, area in zip(councils, content["objects"]["areas"]["geometries"], strict=True):
        parts = [area["arcs"]] if area["type"] == "Polygon" else area["arcs"]
        for number in (number for part in parts for ring in part for number in ring):
            arc = number if number >= 0 else ~number
            beside.setdefault(arc, set()).add(council)
            uses[arc] = uses.get(arc, 0) + 1
    wanted = [arc for arc, of in beside.items() if len(of) > 1 or uses[arc] == 1]
    return "".join(f"M{'L'.join(point(at) for at in line)}" for line in lines_of(content, wanted))


def lines_of(content: dict[str, Any], arcs: Sequence[int]) -> list[list[tuple[float, float]]]:
    """Give arcs of a layer as coordinates."""
    (across, up), (west, south) = content["transform"]["scale"], content["transform"]["translate"]
    lines = []
    for arc in arcs:
        steps = content["arcs"][arc]
        xs, ys = accumulate(step[0] for step in steps), accumulate(step[1] for step in steps)
        lines.append([(x * across + west, y * up + south) for x, y in zip(xs, ys, strict=True)])
    return lines


def shape(feature: dict[str, Any], classed: Classed, point: Any) -> str:
    """Draw one area in the colour of its class, or in a pattern."""
    path = "".join(f"M{'L'.join(point(at) for at in ring)}Z" for ring in rings(feature["geometry"]))
    code = str(feature["properties"]["code"])
    found = classed.of_area.get(code, "not_collected")
    fill = f"url(#u{found})" if isinstance(found, int) and code in classed.unsure else fill_of(found, classed)
    return f'<path d="{path}" fill="{fill}" fill-rule="evenodd"/>'


def fill_of(found: int | str, classed: Classed) -> str:
    """Name the fill of a class or a status."""
    if isinstance(found, int):
        return classed.colours[found]
    return "url(#hidden)" if found == "suppressed" else "url(#none)"


def legend(classed: Classed, drawn: dict[str, int | str], how_drawn: str) -> tuple[str, float]:
    """Write each class with its colour, its words and how many areas it has; then what is not shown, and why."""
    marks, y = [], 4.0
    for fill, label, count in entries_of(classed, drawn):
        lines = wrapped(f"{label}: {count} {'area' if count == 1 else 'areas'}", LEGEND_WIDTH - 36, SMALL)
        edge = f'stroke="{GREY}" stroke-width="0.7"'
        size = f'width="{SWATCH[0]}" height="{SWATCH[1]}"'
        marks.append(f'<rect x="{LEGEND_LEFT}" y="{y:.1f}" {size} fill="{fill}" {edge}/>')
        for line in lines:
            marks.append(said_at(line, LEGEND_LEFT + 36, y + 12, SMALL))
            y += LINE
        y += 4
    for line in wrapped(how_drawn, LEGEND_WIDTH, SMALL):
        marks.append(said_at(line, LEGEND_LEFT, y + 16, SMALL, f'fill="{GREY}"'))
        y += LINE
    return "".join(marks), y + LINE


def entries_of(classed: Classed, drawn: dict[str, int | str]) -> list[tuple[str, str, int]]:
    """List the fills of the legend, what each stands for, and how many areas have it."""
    counts = pd.Series(list(drawn.values()), dtype="object").value_counts()
    entries = [
        (fill_of(place, classed), label, int(counts.get(place, 0))) for place, label in enumerate(classed.labels)
    ]
    if unsure := sum(isinstance(drawn.get(code), int) for code in classed.unsure):
        entries.append((f"url(#u{len(classed.labels) // 2})", UNCERTAIN, unsure))
    for one in (one for one in STATUS_WORDS if one in HIDDEN and counts.get(one, 0)):
        words, shorthand = STATUS_WORDS[one]
        entries.append((fill_of(one, classed), f"Not shown: {shorthand} {words}", int(counts[one])))
    return entries


def patterns(colours: Sequence[str]) -> str:
    """Define the patterns: hatched, crossed, and each colour with dots."""
    made = [_pattern("hidden", NOT_SHOWN_GROUND, HATCH), _pattern("none", NOT_SHOWN_GROUND, CROSS)]
    for place, colour in enumerate(colours):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        ink = INK["light"] if 0.2126 * red + 0.7152 * green + 0.0722 * blue > PALE else PAPER["light"]
        dots = f'<circle cx="2" cy="2" r="1" fill="{ink}"/><circle cx="6" cy="6" r="1" fill="{ink}"/>'
        made.append(_pattern(f"u{place}", colour, dots))
    return f"<defs>{''.join(made)}</defs>"


def _pattern(name: str, ground: str, marks: str) -> str:
    return (
        f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{ground}"/>{marks}</pattern>'
    )


def named_places(places: Sequence[tuple[str, float, float]], point: Any) -> str:
    """Name towns where they lie, the first ones first; one whose name would lie on another's is left out."""
    marks: list[str] = []
    taken: list[tuple[float, float, float]] = []
    halo = f'stroke="{PAPER["light"]}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    for name, lon, lat in places:
        x, y = map(float, point((lon, lat)).split())
        wide = len(name) * LETTER * SMALL
        left = min(x + 5, MAP_WIDTH - wide)
        if any(abs(y - top) < SMALL and left < right and start < left + wide for start, right, top in taken):
            continue
        taken.append((left, left + wide, y))
        marks.append(f'<circle cx="{x}" cy="{y}" r="1.8" fill="{INK["light"]}" stroke="{PAPER["light"]}"/>')
        marks.append(said_at(name, left, y + 4, SMALL - 1, halo))
    return "".join(marks)


def north(height: float) -> str:
    """Point north, at the lower left of the map."""
    arrow = f'<path d="M{MARGIN + 8} {height - 34:.0f}l6 18l-6 -4l-6 4z" fill="{INK["light"]}"/>'
    return arrow + said_at("N", MARGIN + 3.5, height - 2, SMALL)


def notes_of(answer: Answer) -> tuple[str, ...]:
    """Say what the colours mean where that is not in the legend."""
    notes = []
    if isinstance(answer, MapAnswer) and answer.kind == "bivariate":
        notes.append(f"Need: {answer.axes[0]}. Reach: {answer.axes[1]}. Each is cut into thirds of the areas.")
    elif isinstance(answer, MapAnswer) and answer.benchmark:
        notes.append(f"{answer.benchmark} for comparison.")
    return (*notes, ATTRIBUTION)
