"""What the map can show: deprivation or an indicator, one row for each area, sorted into classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.answers.figures import (
    Grain,
    area_names,
    figures_at,
    find_benchmark,
    finest_grain,
    grain_sentence,
    with_comparison,
)
from data.answers.words import AREA_WORDS, FIFTH_WORDS, better_direction, figure, in_theme_order
from data.catalogue import disclosure, ics, indicator, indicators
from data.errors import UnknownName
from data.store.deprivation import select_deprivation, select_deprivation_editions
from data.store.fingerprints import select_returned
from data.store.population import select_population
from data.store.submissions import select_submissions
from metrics.quantiles import quantile

if TYPE_CHECKING:
    import sqlalchemy as sa

DOMAINS: Final = {
    "imd": "Overall deprivation (IMD)",
    "idaci": "Income deprivation affecting children",
    "income": "Income deprivation",
    "employment": "Employment deprivation",
    "education": "Education, skills and training deprivation",
    "health": "Health deprivation and disability",
    "crime": "Crime",
    "housing": "Barriers to housing and services",
    "environment": "Living environment deprivation",
    "idaopi": "Income deprivation affecting older people",
}
EDITION: Final = "2025"
DEPRIVATION: Final = "deprivation:"
CLASSES: Final = 5
#: A figure is uncertain when its 95% limits reach into this many of the map's five classes.
UNCERTAIN_SPAN: Final = 4


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class of the legend, in words; ``role`` places it on the colour scale, 0 palest."""

    label: str
    role: int


@dataclass(frozen=True)
class Layer:
    """One layer of the map before it is made an answer.

    ``rows`` has ``area_code, value, lowercl, uppercl, value_status, class_index, uncertain, comparison`` and is in
    the order of the codes; ``class_index`` is -1 where there is no figure.
    """

    name: str
    title: str
    unit: str
    grain: Grain
    rows: pd.DataFrame
    classes: tuple[MapClass, ...]
    submission_ids: tuple[int, ...]
    high_is_need: bool
    high_is_reach: bool
    notes: tuple[str, ...]
    benchmark: str = ""
    people: bool = True
    #: Deprivation only: the whole that fifths are cut across.
    cut_across: str = ""

    @property
    def period(self) -> str:
        """The period of the figures; deprivation has an edition instead."""
        return f"2025 edition, in fifths of {self.cut_across}" if self.cut_across else self.grain.period


def layer_names(connection: sa.Connection) -> dict[str, list[tuple[str, str]]]:
    """List the layers that have figures, by theme: each layer's name and its label."""
    editions = select_deprivation_editions(connection)
    loaded = set(editions.loc[editions["edition"] == EDITION, "domain"])
    themes = {"Deprivation": [(f"{DEPRIVATION}{name}", label) for name, label in DOMAINS.items() if name in loaded]}
    returned = set(select_returned(connection))
    small = ("lsoa21", "msoa21", "ward", "lad")
    # a plain count comes last: where few babies are born, a low count is no low reach
    for definition in sorted(in_theme_order(indicators()), key=lambda one: one.value_type == "count"):
        if definition.id in returned and definition.area_grain in small:
            themes.setdefault(theme_words(definition.theme), []).append((definition.id, definition.short_name))
    return themes


def theme_words(theme: str) -> str:
    """Name a theme of the catalogue for a menu."""
    return theme.replace("_", " ").capitalize()


def layer(connection: sa.Connection, name: str, area_type: str, fifths: str = "national") -> Layer | None:
    """Give one layer at an area type, or at the finest safe grain above it; None where it has no figures yet."""
    if name.startswith(DEPRIVATION):
        return deprivation_layer(connection, name.removeprefix(DEPRIVATION), area_type, fifths)
    return indicator_layer(connection, name, area_type)


def deprivation_layer(connection: sa.Connection, domain: str, area_type: str, fifths: str) -> Layer:
    """Give deprivation in national or local fifths; areas larger than an LSOA take a population-weighted average."""
    if domain not in DOMAINS:
        raise UnknownName("there is no such domain of deprivation", found=domain, expected=", ".join(DOMAINS))
    ranks = select_deprivation(connection, EDITION, domain, "lsoa21")
    if ranks.empty:
        raise UnknownName(f"the {DOMAINS[domain]} domain has not been loaded", found=domain)
    if area_type == "lsoa21":
        rows = neighbourhood_deprivation(ranks, fifths)
        national = fifths == "national"
    else:
        rows = average_deprivation(connection, ranks, area_type)
        national = False
    labels = deprivation_classes(len(rows))
    where = "England" if national else ics().label
    return Layer(
        name=f"{DEPRIVATION}{domain}",
        title=DOMAINS[domain],
        unit="rank in England" if area_type == "lsoa21" else "average score",
        grain=Grain(area_type, "snapshot", "2025-10-30", "2025-10-30"),
        rows=rows.assign(
            lowercl=np.nan, uppercl=np.nan, value_status="shown", uncertain=False, comparison="not compared"
        ).sort_values("area_code", ignore_index=True),
        classes=labels,
        submission_ids=deprivation_submissions(connection),
        high_is_need=area_type != "lsoa21",
        high_is_reach=False,
        notes=(
            "English Indices of Deprivation 2025. Rank 1 is the most deprived of 33,755 neighbourhoods in England.",
            "Deprivation describes places, not families: many poor families live outside the most deprived areas.",
        ),
        people=False,
        cut_across=where,
    )


def deprivation_classes(areas: int) -> tuple[MapClass, ...]:
    """Name the fifths; fewer than five areas can only be put in order."""
    if areas < CLASSES:
        return tuple(
            MapClass(f"{place + 1} of {areas}, 1 most deprived", CLASSES - 1 - place) for place in range(areas)
        )
    return tuple(MapClass(f"Fifth {words}", CLASSES - int(place)) for place, words in FIFTH_WORDS.items())


def neighbourhood_deprivation(ranks: pd.DataFrame, fifths: str) -> pd.DataFrame:
    """Give each LSOA its rank and its fifth, nationally by decile or locally by rank."""
    if fifths == "national":
        place = (ranks["decile"].to_numpy(dtype=int) + 1) // 2
    else:
        place = quantile(ranks["rank"].to_numpy(dtype=float), CLASSES, invert=False).astype(int)
    value = ranks["rank"].to_numpy(dtype=float)
    return pd.DataFrame({"area_code": ranks["area_code"], "value": value, "class_index": place - 1})


def average_deprivation(connection: sa.Connection, ranks: pd.DataFrame, area_type: str) -> pd.DataFrame:
    """Average the scores of neighbourhoods, weighted by the people who live there, and rank the areas locally."""
    column = {"msoa21": "msoa_code", "ward": "ward_code", "lad": "lad_code", "icb": "icb_code"}[area_type]
    people = select_population(connection, age_band="all", area_type="lsoa21", latest=True)
    weights = people.set_index("area_code")["count"]
    areas = area_names(connection)
    frame = ranks.assign(parent=ranks["area_code"].map(areas[column]), weight=ranks["area_code"].map(weights))
    frame["measure"] = frame["score"] if frame["score"].notna().all() else -frame["rank"]
    frame["measure"] = frame["measure"] * frame["weight"]
    totals = frame.dropna(subset="parent").groupby("parent")[["measure", "weight"]].sum()
    value = totals["measure"] / totals["weight"]
    groups = min(CLASSES, len(value))
    place = quantile(value.to_numpy(), groups) if groups > 1 else np.ones(len(value))
    return pd.DataFrame(
        {"area_code": value.index, "value": np.abs(value.to_numpy()), "class_index": place.astype(int) - 1}
    )


def deprivation_submissions(connection: sa.Connection) -> tuple[int, ...]:
    """Find the newest file that deprivation was read from."""
    found = select_submissions(connection, current=True)
    return tuple(found.loc[found["source_id"] == f"iod{EDITION}", "id"].head(1))


def indicator_layer(connection: sa.Connection, indicator_id: str, area_type: str) -> Layer | None:
    """Give an indicator at its finest safe grain, in classes that hold about as many areas each."""
    definition = indicator(indicator_id)
    grain = finest_grain(connection, indicator_id, area_type)
    if grain is None:
        return None
    rows = figures_at(connection, indicator_id, grain)
    benchmark = find_benchmark(connection, definition, grain.period_to)
    rows = with_comparison(rows, benchmark, definition)
    edges = class_edges(rows["value"].to_numpy(dtype=float))
    rows = rows.assign(
        class_index=class_of(rows["value"], edges),
        uncertain=(class_of(rows["uppercl"], edges) - class_of(rows["lowercl"], edges) + 1 >= UNCERTAIN_SPAN)
        & rows["lowercl"].notna(),
    )
    compared = f"{benchmark.name} {figure(benchmark.value, definition.unit)} ({benchmark.period})" if benchmark else ""
    submissions = {*rows["submission_id"].dropna().astype(int), *([benchmark.submission_id] if benchmark else [])}
    return Layer(
        name=indicator_id,
        title=definition.name,
        unit=definition.unit,
        grain=grain,
        rows=rows.sort_values("area_code", ignore_index=True),
        classes=class_labels(edges, rows["value"].to_numpy(dtype=float), definition.unit),
        submission_ids=tuple(sorted(submissions)),
        high_is_need=definition.polarity != "high_is_good",
        high_is_reach=definition.polarity != "low_is_good",
        notes=tuple(
            note
            for note in (
                definition.definition,
                better_direction(definition),
                definition.caveat,
                grain_sentence(definition, grain, area_type),
                hidden_sentence(rows),
            )
            if note
        ),
        benchmark=compared,
        people=definition.disclosive,
    )


def hidden_sentence(rows: pd.DataFrame) -> str:
    """Say how many areas are hidden to protect small numbers, where any are."""
    hidden = int((rows["value_status"] == "suppressed").sum())
    return f"{hidden} of {len(rows)} areas are hidden, because so few people could be recognised." if hidden else ""


def class_edges(values: npt.NDArray[np.float64], classes: int = CLASSES) -> npt.NDArray[np.float64]:
    """Find the inner edges of classes that hold about as many areas each; equal edges fall together."""
    known = values[~np.isnan(values)]
    if len(np.unique(known)) < 2:
        return np.empty(0)
    # edges are values that occur, so that no class is empty
    edges = np.unique(np.quantile(known, np.arange(1, classes) / classes, method="higher"))
    return np.asarray(edges[(edges > known.min()) & (edges <= known.max())])


def class_of(values: pd.Series, edges: npt.NDArray[np.float64]) -> npt.NDArray[np.int_]:
    """Say which class each value lies in, from 0; -1 where there is none."""
    numbers = values.to_numpy(dtype=float)
    return np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers, side="right"))


def class_labels(edges: npt.NDArray[np.float64], values: npt.NDArray[np.float64], unit: str) -> tuple[MapClass, ...]:
    """Write the range of each class as it stands in the figures, so that no label names a gap."""
    known = np.sort(values[~np.isnan(values)])
    place = np.searchsorted(edges, known, side="right")
    roles = np.linspace(0, CLASSES - 1, len(edges) + 1).round().astype(int) if len(edges) else np.array([CLASSES // 2])
    labels = []
    for number, role in enumerate(roles):
        members = known[place == number]
        low, high = figure(members[0], unit), figure(members[-1], unit)
        labels.append(MapClass(low if low == high else f"{low} to {high}", int(role)))
    return tuple(labels)


def at_common_grain(
    connection: sa.Connection, need: str, reach: str, area_type: str, fifths: str
) -> tuple[Layer, Layer] | None:
    """Give two layers at the finest area type at which both are safe."""
    order: list[str] = list(disclosure().area_order)
    first, second = layer(connection, need, area_type, fifths), layer(connection, reach, area_type, fifths)
    if first is None or second is None:
        return None
    common = max(first.grain.area_type, second.grain.area_type, key=order.index)
    if first.grain.area_type != common:
        first = layer(connection, need, common, fifths)
    if second.grain.area_type != common:
        second = layer(connection, reach, common, fifths)
    return None if first is None or second is None else (first, second)


def named(rows: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Put each area's name and council beside its figures."""
    return rows.assign(
        area_name=rows["area_code"].map(areas["area_label"]), council=rows["area_code"].map(areas["council"])
    )


def with_every_area(found: Layer, areas: pd.DataFrame) -> Layer:
    """Give a row to every area of the layer's type; one without a figure was not collected."""
    codes = areas.index[areas["area_type"] == found.grain.area_type].sort_values()
    rows = found.rows.set_index("area_code").reindex(codes)
    rows["value_status"] = rows["value_status"].fillna("not_collected")
    rows["class_index"] = rows["class_index"].fillna(-1).astype(int)
    rows["uncertain"] = rows["uncertain"].fillna(False).astype(bool)
    rows["comparison"] = rows["comparison"].fillna("not compared")
    return replace(found, rows=named(rows.rename_axis("area_code").reset_index(), areas))


def area_type_words(grain: Grain) -> str:
    """Name the areas of a grain in the plural."""
    return AREA_WORDS[grain.area_type][1]
