"""Where do need and reach part company? The map's answers: one layer, or need against reach."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names, by_fifth, gap_sentence
from data.answers.group_periods import period_sentences
from data.answers.made import answer_fields
from data.answers.map_alternatives import deprivation_finding, layer_alternative, parted_alternative
from data.answers.map_layers import (
    DEPRIVATION,
    Layer,
    MapClass,
    area_type_words,
    at_common_grain,
    layer,
    layer_names,
    with_every_area,
)
from data.answers.opened import reading
from data.answers.roll_up import parents_of
from data.answers.words import figure, join_words
from data.catalogue import disclosure, ics
from data.store.geometry import select_layers
from data.store.settings import select_settings
from metrics.quantiles import quantile

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "Where do need and reach part company?"
THIRDS: Final = ("Low", "Middle", "High")
NAMED: Final = 3
#: The area types worth a map: the system as a whole is one area.
DRAWN: Final = ("lsoa21", "msoa21", "ward", "lad")
#: The class of high need and low reach: third of reach (0) times 3, plus third of need (2).
PARTED: Final = 2
COLUMNS: Final = [
    "area_code",
    "area_name",
    "council",
    "value",
    "lowercl",
    "uppercl",
    "value_status",
    "class_index",
    "uncertain",
    "comparison",
]


@dataclass(frozen=True, eq=False)
class MapAnswer(Answer):
    """An answer that a map can draw: one row for each area, with ``class_index`` (-1 where there is no figure)."""

    title: str = ""
    kind: str = "sequential"
    classes: tuple[MapClass, ...] = field(default=())
    benchmark: str = ""
    axes: tuple[str, str] = ("", "")


def map_choices() -> dict[str, list[tuple[str, str]]]:
    """List what the map can show, by theme."""
    with reading() as connection:
        return layer_names(connection)


def area_types() -> list[str]:
    """List the area types that the map can draw, finest first: those that have an outline."""
    with reading() as connection:
        drawn = {one.layer for one in select_layers(connection)}
    return [name for name in disclosure().area_order if name in drawn and name in DRAWN]


def parents_of_neighbourhoods(area_type: str) -> dict[str, str]:
    """Map each neighbourhood to the larger area that holds it, so that hexagons can carry the larger area's figure."""
    with reading() as connection:
        areas = area_names(connection)
    if area_type == "lsoa21":
        return {code: code for code in areas.index[areas["area_type"] == "lsoa21"]}
    parents = parents_of(areas.reset_index(), "lsoa21", area_type)
    return dict(zip(parents.index.astype("str"), parents.astype("str"), strict=True))


def map_points() -> list[dict[str, Any]]:
    """List the hubs and settings that have been loaded, where they are, and what kind they are."""
    with reading() as connection:
        settings = select_settings(connection)
    placed = settings.dropna(subset=["lon", "lat"])[["kind", "name", "lon", "lat"]]
    return [dict(zip(placed.columns, one, strict=True)) for one in placed.itertuples(index=False)]


def map_layer(name: str, area_type: str = "lsoa21", fifths: str = "national") -> MapAnswer | None:
    """Show one layer; None where it has no figures yet."""
    with reading() as connection:
        found = layer(connection, name, area_type, fifths)
        if found is None:
            return None
        areas = area_names(connection)
        found = with_every_area(found, areas)
        by_deprivation = by_fifth(connection, found.name, ics().icb.code)
        found = replace(found, notes=(*found.notes, *period_sentences(by_deprivation, "year")))
        finding = layer_finding(by_deprivation, found)
        return _made(connection, found, found.rows[COLUMNS], finding, layer_alternative(by_deprivation, found))


def side_by_side(first: str, second: str, area_type: str = "lsoa21", fifths: str = "national") -> tuple[MapAnswer, ...]:
    """Show two layers at the finest area type at which both are safe; a layer without figures is left out."""
    with reading() as connection:
        pair = at_common_grain(connection, first, second, area_type, fifths)
    common = pair[0].grain.area_type if pair else area_type
    answers = (map_layer(name, common, fifths) for name in (first, second))
    return tuple(answer for answer in answers if answer is not None)


def layer_finding(fifths: pd.DataFrame, found: Layer) -> str:
    """Say what the layer shows."""
    if found.name.startswith(DEPRIVATION):
        return deprivation_finding(found)
    shown = found.rows.dropna(subset="value")
    if shown.empty:
        return f"{found.title}: no area can be shown for {found.grain.period}."
    by_value = shown.sort_values("value")
    low, high = by_value.iloc[0], by_value.iloc[-1]
    spread = (
        f"{found.title} ranges from {figure(low['value'], found.unit)} in {low['area_name']} "
        f"to {figure(high['value'], found.unit)} in {high['area_name']} ({found.grain.period})."
    )
    return " ".join(part for part in (spread, compared_sentence(found), gap_sentence(fifths, found.unit)) if part)


def compared_sentence(found: Layer) -> str:
    """Count the areas that differ from the benchmark by more than chance."""
    counts = found.rows["comparison"].value_counts()
    said = [f"{counts[word]} {word}" for word in ("better", "higher", "similar", "lower", "worse") if word in counts]
    return f"Against {found.benchmark}: {join_words(said)}." if said and found.benchmark else ""


def need_against_reach(need: str, reach: str, area_type: str = "lsoa21", fifths: str = "national") -> MapAnswer | None:
    """Set need against reach in thirds of the areas of Dorset ICS; None where either has no figures yet."""
    with reading() as connection:
        pair = at_common_grain(connection, need, reach, area_type, fifths)
        if pair is None:
            return None
        areas = area_names(connection)
        first, second = (with_every_area(one, areas) for one in pair)
        rows = in_thirds(first, second)
        classes = tuple(
            MapClass(f"{THIRDS[x]} need, {THIRDS[y].lower()} reach", y * 3 + x) for y in range(3) for x in range(3)
        )
        finding = parted_finding(rows, first, second)
        by_deprivation = by_fifth(connection, reach, ics().icb.code)
        alternative = parted_alternative(by_deprivation, rows, classes, first, second)
        both = Layer(
            name=f"{need} against {reach}",
            title=f"{first.title} against {second.title}",
            unit=second.unit,
            grain=second.grain,
            rows=rows,
            classes=classes,
            submission_ids=tuple({*first.submission_ids, *second.submission_ids}),
            high_is_need=True,
            high_is_reach=True,
            notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
            people=first.people or second.people,
        )
        return _made(connection, both, rows, finding, alternative, kind="bivariate", axes=(first.title, second.title))


def in_thirds(need: Layer, reach: Layer) -> pd.DataFrame:
    """Place each area in a third of need and a third of reach, of the areas where both are known."""
    rows = reach.rows[COLUMNS].copy()
    rows["need_value"] = need.rows["value"].to_numpy()
    hidden = need.rows["value"].isna().to_numpy() & rows["value"].notna().to_numpy()
    rows.loc[hidden, "value_status"] = need.rows["value_status"].to_numpy()[hidden]
    rows.loc[hidden, ["value", "lowercl", "uppercl"]] = np.nan
    known = rows["value"].notna() & rows["need_value"].notna()
    across = thirds(rows.loc[known, "need_value"], high=need.high_is_need)
    up = thirds(rows.loc[known, "value"], high=reach.high_is_reach)
    rows["class_index"] = -1
    rows.loc[known, "class_index"] = up * 3 + across
    rows.loc[~known, "need_value"] = np.nan
    rows["uncertain"] = rows["uncertain"] & known
    return rows


def thirds(values: pd.Series, *, high: bool) -> Any:
    """Give 0, 1 or 2 for the low, middle or high third; ``high`` says that high values count as high."""
    if len(values) < len(THIRDS):
        return np.ones(len(values), dtype=int)
    return quantile(values.to_numpy(dtype=float), len(THIRDS), invert=not high).astype(int) - 1


def parted_finding(rows: pd.DataFrame, need: Layer, reach: Layer) -> str:
    """Name the areas with most need and least reach."""
    parted = rows.loc[rows["class_index"] == PARTED].sort_values("value", ascending=reach.high_is_reach)
    total = int((rows["class_index"] >= 0).sum())
    kind = area_type_words(reach.grain)
    if not total:
        return f"{need.title} and {reach.title} can't both be shown for any of these {kind}."
    if parted.empty:
        return f"None of {total} {kind} has high need ({need.title}) and low reach ({reach.title})."
    names = parted["area_name"].head(NAMED).tolist()
    more = len(parted) - len(names)
    listed = join_words([*names, f"{more} more"] if more else names)
    return (
        f"Need and reach part company in {len(parted)} of {total} {kind}: high on {need.title}, "
        f"low on {reach.title}. They are {listed}."
    )


def _made(
    connection: sa.Connection,
    found: Layer,
    table: pd.DataFrame,
    finding: str,
    alternative: str,
    *,
    kind: str = "sequential",
    axes: tuple[str, str] = ("", ""),
) -> MapAnswer:
    fields = answer_fields(
        connection,
        question=QUESTION,
        finding=finding,
        table=table,
        text_alternative=alternative,
        submission_ids=found.submission_ids,
        unit=found.unit,
        period=found.period,
        area_type=found.grain.area_type,
        people=found.people,
        notes=found.notes,
    )
    classes, benchmark = found.classes, found.benchmark
    return MapAnswer(**fields, title=found.title, kind=kind, classes=classes, benchmark=benchmark, axes=axes)
