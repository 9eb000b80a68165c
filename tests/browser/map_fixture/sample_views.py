"""Views made up from a table, for the map's own tests: the product's views come from its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from data.catalogue.colours import BIVARIATE, SEQUENTIAL, SEQUENTIAL_DARK
from pages.components.maps import (
    STATUSES,
    MapClass,
    MapLayer,
    MapMeasure,
    MapView,
    NumberFormat,
)


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
