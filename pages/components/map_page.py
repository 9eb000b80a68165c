"""The Map page's pieces: what to show, how to draw it, and the card of a neighbourhood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from data.answers.geometry import ATTRIBUTION
from data.answers.maps import MapAnswer
from data.catalogue.colours import BIVARIATE, SEQUENTIAL, SEQUENTIAL_DARK
from data.errors import UnknownName
from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.explained import say_how_to_read
from pages.components.filters import pick_few, pick_layer, pick_one, pick_whether
from pages.components.frame import close_page, say_finding
from pages.components.made_once import made_once
from pages.components.maps import (
    MapClass,
    MapLayer,
    MapMeasure,
    MapPoint,
    MapView,
    NumberFormat,
    draw_map,
)
from pages.components.tables import Column, show_table

MODES: Final = [("one", "One layer"), ("two", "Two side by side"), ("against", "Need against reach")]
SHAPES: Final = [("map", "Map"), ("hexagons", "Equal-area hexagons"), ("explore", "Explore")]
FIFTHS: Final = [("national", "Of England"), ("local", "Of Dorset ICS")]
AREA_LABELS: Final = {
    "lsoa21": "Neighbourhoods (LSOA)",
    "msoa21": "Larger neighbourhoods (MSOA)",
    "ward": "Wards",
    "lad": "Councils",
}
KIND_LABELS: Final = {
    "family_hub": "Family hub",
    "gp_practice": "GP practice",
    "nursery": "Nursery",
    "childminder": "Childminder",
    "creche": "Creche",
    "school": "School",
}
CLOSEUPS: Final = (("Weymouth and Portland", ("Weymouth", "Portland")),)
CARD: Final = (
    Column("indicator", "Figure"),
    Column("figure", "Value (95% confidence limits)"),
    Column("comparison", "Comparison"),
    Column("rank", "Rank among like places"),
    Column("given_for", "Given for"),
    Column("period", "Period"),
    Column("kind", "Real or illustrative"),
)


@dataclass(frozen=True)
class Choice:
    """What the reader chose to see."""

    mode: str
    first: str
    second: str
    area_type: str
    shape: str
    fifths: str
    points: bool


def pick_view() -> Choice:
    """Pick the layers, the areas and the way of drawing."""
    themes: dict[str, list[tuple[str, str]]] = ask("map_choices")
    mode = pick_few("Show", MODES, key="view")
    first = pick_layer(themes, label="Need" if mode == "against" else "Layer", key="layer")
    second = ""
    if mode != "one":
        label = "Reach" if mode == "against" else "Beside it"
        second = pick_layer(themes, label=label, key="beside", first="Mandated reviews")
    where, how, fifths = st.columns([2, 3, 2])
    with where:
        options = [(name, AREA_LABELS[name]) for name in ask("area_types")]
        area_type = pick_one("Areas", options, key="areas")
    with how:
        shape = pick_few("Drawn as", SHAPES if mode != "two" else SHAPES[:2], key="shape")
    with fifths:
        cut = pick_few("Deprivation fifths", FIFTHS, key="fifths")
    points = pick_whether("Show hubs and settings", key="points") if ask("map_points") else False
    return Choice(mode, first, second, area_type, shape, cut, points)


def ask_for(choice: Choice) -> list[MapAnswer]:
    """Ask for the layers that were chosen; those without figures yet are left out."""
    shared = {"area_type": choice.area_type, "fifths": choice.fifths}
    if choice.mode == "against":
        answers = [ask("need_against_reach", need=choice.first, reach=choice.second, **shared)]
    elif choice.mode == "two":
        answers = list(ask("side_by_side", first=choice.first, second=choice.second, **shared))
    else:
        answers = [ask("map_layer", name=choice.first, **shared)]
    return [answer for answer in answers if answer is not None]


def show_maps(choice: Choice, answers: list[MapAnswer]) -> str | None:
    """Say what is found and draw it; give the code of the area that the reader has just chosen."""
    for answer in answers:
        say_finding(answer)
    if not answers:
        st.info("There are no figures for this yet. The Data page says how to send them in.")
        return None
    addresses = ask("layer_addresses")
    hexagons = choice.shape == "hexagons" and "hexagons" in addresses
    drawn = "hexagons" if hexagons else answers[0].area_type
    if drawn not in addresses:
        st.info("These figures are only given for the whole of Dorset ICS, so there is no map of them.")
        return None
    layer = MapLayer(addresses[drawn].url, addresses[drawn].codes, None if hexagons else addresses["base"].url)
    points = _as_points(ask("map_points")) if choice.points else ()
    plain = [_view(one, layer, hexagons, addresses[drawn].label) for one in answers]
    views = [replace(one, points=points, alt=f"{one.alt} {points_words(points)}".strip()) for one in plain]
    guide = "map_bivariate" if answers[0].kind == "bivariate" else "map"
    if choice.shape == "explore":
        _explore(views[0], addresses, drawn)
        say_how_to_read(guide)
        return None
    beside = views[1] if len(views) > 1 else None
    chosen = draw_map(views[0], key="map", selected=st.query_params.get("area"), beside=beside)
    say_how_to_read(guide)
    return chosen


def points_words(points: Sequence[MapPoint]) -> str:
    """Count the places that are marked on a map, by kind."""
    counts = Counter(one.kind for one in points)
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"Places marked: {listed}." if listed else ""


def show_points(answer: MapAnswer, settings: Sequence[Mapping[str, Any]], *, key: str = "settings-map") -> None:
    """Draw settings over one layer."""
    addresses = ask("layer_addresses")
    address = addresses[answer.area_type]
    view = _view(answer, MapLayer(address.url, address.codes, addresses["base"].url), False, address.label)
    marked = _as_points(settings)
    draw_map(replace(view, points=marked, alt=f"{view.alt} {points_words(marked)}".strip()), key=key)
    say_how_to_read("map")


def _explore(view: MapView, addresses: Mapping[str, Any], drawn: str) -> None:
    from pages.components.explore_map import draw_explore_map

    base = addresses["base"]
    west, south, east, north = addresses[drawn].bbox
    draw_explore_map(
        view,
        key="explore",
        areas_url=addresses[drawn].geojson_url,
        outlines_url=base.geojson_url,
        bbox=(west, south, east, north),
        places=base.places,
    )


@made_once
def _view(answer: MapAnswer, layer: MapLayer, hexagons: bool, how_drawn: str) -> MapView:
    """Write an answer as the map draws it, in the order of the layer's areas."""
    parent_of = ask("parents_of_neighbourhoods", area_type=answer.area_type) if hexagons else None
    wanted = [parent_of.get(code, code) for code in layer.codes] if parent_of else list(layer.codes)
    rows = answer.table.set_index("area_code").reindex(wanted)
    statuses = rows["value_status"].fillna("not_collected")
    both = answer.kind == "bivariate"
    carried = bool(parent_of) and answer.area_type != "lsoa21"
    measures = (_measure(rows, "need_value", answer.axes[0], ""), _measure(rows, "value", answer.axes[1], answer.unit))
    return MapView(
        layer=layer,
        title=f"{answer.title}, {answer.period}",
        alt=answer.text_alternative,
        legend_title="Need and reach" if both else answer.title,
        classes=tuple(_class(one.label, one.role, both=both) for one in answer.classes),
        class_of=tuple(None if pd.isna(k) or k < 0 else int(k) for k in rows["class_index"]),
        statuses=tuple(statuses),
        uncertain=tuple(flag is True or flag == 1 for flag in rows["uncertain"]),
        measures=measures if both else (_measure(rows, "value", answer.title, answer.unit),),
        comparison=tuple(_compared(words, answer.benchmark) for words in rows["comparison"]),
        uncertain_words="Dots: uncertain. The 95% limits reach across four colours or more",
        axes=("more need", "more reach") if both else None,
        note="; ".join(
            part
            for part in (
                how_drawn,
                f"each hexagon has the figure of its {AREA_LABELS[answer.area_type]} area" if carried else "",
                "Illustrative figures, not real" if answer.illustrative else "",
            )
            if part
        ),
        attribution=ATTRIBUTION,
        closeups=CLOSEUPS,
    )


def _class(label: str, role: int, *, both: bool) -> MapClass:
    if both:
        return MapClass(label, BIVARIATE[role], BIVARIATE[role])
    return MapClass(label, SEQUENTIAL[role], SEQUENTIAL_DARK[role])


def _measure(rows: pd.DataFrame, column: str, name: str, unit: str) -> MapMeasure:
    if unit == "rank in England":
        style = NumberFormat(name, prefix="rank ", suffix=" of 33,755", decimals=0)
    else:
        style = NumberFormat(name, suffix="%" if unit == "%" else f" {unit}".rstrip())
    values = _optional(rows[column]) if column in rows else (None,) * len(rows)
    limits = (rows["lowercl"], rows["uppercl"]) if column == "value" else (pd.Series(dtype=float),) * 2
    low, high = (_optional(one) if len(one) else (None,) * len(rows) for one in limits)
    return MapMeasure(style, values, low, high)


def _optional(values: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(value) else float(value) for value in values)


def _compared(words: object, benchmark: str) -> str | None:
    if not isinstance(words, str) or words in {"", "not compared"} or not benchmark:
        return None
    return f"{words} than {benchmark}" if words in {"better", "worse", "higher", "lower"} else f"{words} to {benchmark}"


def _as_points(settings: Sequence[Mapping[str, Any]]) -> tuple[MapPoint, ...]:
    return tuple(
        MapPoint(KIND_LABELS.get(one["kind"], one["kind"]), one["name"], one["lon"], one["lat"]) for one in settings
    )


@made_once
def with_rows(answer: Answer, near: bool) -> Answer:
    """Keep the figures of the neighbourhood and what is around it, or those of the whole council."""
    return replace(answer, table=answer.table.loc[answer.table["near"] == near])


def show_card(chosen: str | None) -> list[Answer]:
    """Open the card of the area that was chosen now or stands in the address; nothing when there is none."""
    if chosen:
        st.query_params["area"] = chosen
    code = st.query_params.get("area")
    if not code:
        st.markdown("Choose a neighbourhood on the map, or find it by name, to see what is known of it.")
        return []
    try:
        answer = ask("neighbourhood", area_code=code)
    except UnknownName:
        st.info("The address names a neighbourhood that is not here. Choose one on the map, or find it by name.")
        return []
    st.header(answer.name, anchor=False)
    say_finding(answer)
    st.markdown("\n".join(f"- **{label}**: {words}" for label, words in answer.facts))
    show_table(with_rows(answer, near=True), CARD, f"In and around {answer.name}", download_as=f"neighbourhood-{code}")
    show_table(with_rows(answer, near=False), CARD, f"Given only for the whole of {answer.council}", folded=True)
    return [answer]


@st.fragment
def show_map_page() -> None:
    """Choose, ask, show: everything that a change touches, so that nothing else of the page travels with it."""
    choice = pick_view()
    answers = ask_for(choice)
    chosen = show_maps(choice, answers)
    for answer in {one.title: one for one in answers}.values():  # the same layer may stand on both sides
        offer_download(answer, f"map of {answer.title}")
    close_page(*answers, *show_card(chosen))
