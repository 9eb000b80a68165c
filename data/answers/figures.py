"""Released figures of an indicator: at its finest safe grain, beside a benchmark, and by deprivation fifth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.words import AREA_WORDS, figure, period_label
from data.catalogue import disclosure, ics, indicator
from data.catalogue.definitions import Indicator, Place
from data.errors import UnknownName
from data.store.areas import select_areas
from data.store.released import select_released, select_released_periods
from metrics.comparison import compare

if TYPE_CHECKING:
    import sqlalchemy as sa

PERIOD_WORDS: Final = {
    "quarter": "by quarter",
    "year": "by year",
    "three_years": "over three years together",
    "snapshot": "at one date",
}


#: What can be compared between places and groups of different size; a plain count can't.
COMPARED: Final = frozenset({"proportion", "rate", "ratio", "mean", "share_of_items"})


@dataclass(frozen=True, slots=True)
class Grain:
    """The area type, period type and newest period at which an indicator is given."""

    area_type: str
    period_type: str
    period_from: str
    period_to: str

    @property
    def period(self) -> str:
        """The period as the field names it."""
        return period_label(self.period_type, self.period_from, self.period_to)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a figure is held against: England, the region or the system itself."""

    name: str
    value: float
    period: str
    submission_id: int


def released_grains(connection: sa.Connection, indicator_id: str) -> pd.DataFrame:
    """List the grains at which everyone's figures are released, finest first, each with its newest period."""
    rule = disclosure()
    found = select_released_periods(connection, indicator_id)
    found = found.loc[(found["breakdown_type"] == "") & (found["shown"] > 0)]
    found = found.sort_values("period_to").drop_duplicates(["area_type", "period_type"], keep="last")
    fineness = {name: place for place, name in enumerate(rule.area_order)}
    length = {name: place for place, name in enumerate((*rule.period_order, "snapshot"))}
    found = found.assign(
        area_place=found["area_type"].map(fineness), period_place=found["period_type"].map(length)
    ).dropna(subset=["area_place", "period_place"])
    return found.sort_values(["area_place", "period_place"], ignore_index=True)


def finest_grain(connection: sa.Connection, indicator_id: str, at_least: str = "lsoa21") -> Grain | None:
    """Find the finest safe grain that is not finer than the area type asked for; None where there are no figures.

    A ward and an MSOA are of like size, so asking for one never gives the other unless it is not released.
    """
    order = list(disclosure().area_order)
    if at_least not in order:
        raise UnknownName("there is no such area type", found=at_least, expected=f"one of {', '.join(order)}")
    grains = released_grains(connection, indicator_id)
    coarse_enough = grains.loc[grains["area_place"] >= order.index(at_least)]
    if coarse_enough.empty:
        return None
    row = coarse_enough.iloc[0]
    return Grain(row["area_type"], row["period_type"], row["period_from"], row["period_to"])


def grain_sentence(definition: Indicator, grain: Grain, asked: str) -> str:
    """Say at which grain figures are given, and why not at a finer one."""
    given = f"Figures are for {AREA_WORDS[grain.area_type][1]}, {PERIOD_WORDS[grain.period_type]} ({grain.period})."
    if grain.area_type == asked:
        return given
    share = round(disclosure().share_of_areas * 100)
    if definition.area_grain == grain.area_type or definition.pooled_only:
        return f"{given} They are not returned for smaller areas."
    return (
        f"{given} This is the finest safe grain: for {AREA_WORDS[asked][1]} "
        f"fewer than {share}% could be shown without small numbers of people."
    )


def figures_at(connection: sa.Connection, indicator_id: str, grain: Grain) -> pd.DataFrame:
    """Give everyone's figures at one grain, one row for each area."""
    rows = select_released(
        connection, indicator_id, area_type=grain.area_type, period_type=grain.period_type, breakdown_type=""
    )
    return rows.loc[(rows["period_from"] == grain.period_from) & (rows["period_to"] == grain.period_to)]


def find_benchmark(connection: sa.Connection, definition: Indicator, period_to: str = "") -> Benchmark | None:
    """Find what to hold figures against: England's newest published figure, or else the system's own."""
    return benchmarks(connection, [definition.id], period_to).get(definition.id)


def benchmarks(connection: sa.Connection, indicator_ids: Sequence[str], period_to: str = "") -> dict[str, Benchmark]:
    """Find the benchmark of each indicator; a figure for ``period_to`` is preferred to a newer one.

    A local return is held against the publication that measures the same thing, where there is one.
    """
    compared = [name for name in indicator_ids if indicator(name).value_type in COMPARED]
    published = {name: indicator(name).benchmark_from or name for name in compared}
    england = newest_at(connection, set(published.values()), ics().country, period_to)
    system = newest_at(connection, compared, ics().icb, period_to)
    return {name: one for name in compared if (one := england.get(published[name]) or system.get(name)) is not None}


def newest_at(
    connection: sa.Connection, indicator_ids: Iterable[str], place: Place, period_to: str = ""
) -> dict[str, Benchmark]:
    """Give each indicator's newest figure at one place, a year before a quarter."""
    rows = select_released(connection, sorted(indicator_ids), area_code=place.code, breakdown_type="")
    rows = rows.loc[rows["value"].notna()]
    rows = rows.assign(yearly=rows["period_type"] == "year", same=rows["period_to"] == period_to)
    rows = rows.sort_values(["yearly", "same", "period_to"]).drop_duplicates("indicator_id", keep="last")
    return {
        row["indicator_id"]: Benchmark(
            place.label,
            float(row["value"]),
            period_label(row["period_type"], row["period_from"], row["period_to"]),
            int(row["submission_id"]),
        )
        for row in rows.to_dict("records")
    }


def with_comparison(rows: pd.DataFrame, benchmark: Benchmark | None, definition: Indicator) -> pd.DataFrame:
    """Say of each figure whether it is better, similar or worse than the benchmark, by its limits and polarity."""
    if benchmark is None or rows.empty:
        return rows.assign(comparison="not compared")
    judged = compare(rows["lowercl"], rows["uppercl"], benchmark.value, definition.polarity)
    return rows.assign(comparison=np.asarray(judged, dtype=object))


def area_names(connection: sa.Connection) -> pd.DataFrame:
    """Give every area's display name and council label, indexed by code."""
    areas = select_areas(connection).set_index("area_code")
    labels = {place.code: place.label for place in (*ics().lads, ics().icb, ics().region, ics().country)}
    own = areas.index.to_series().map(labels)
    areas["area_label"] = own.fillna(areas["display_name"]).fillna(areas["area_name"])
    areas["council"] = areas["lad_code"].map(labels).fillna("")
    return areas


def by_fifth(connection: sa.Connection, indicator_id: str, area_code: str, kind: str = "national") -> pd.DataFrame:
    """Give the newest figures of the five deprivation fifths of one area, most deprived first.

    Years are preferred to quarters, because a fifth's quarter is often too small to say anything.
    """
    rows = select_released(
        connection, indicator_id, area_code=area_code, breakdown_type=f"imd_fifth_{kind}", latest=True
    )
    for period_type in ("year", "three_years", "quarter"):
        chosen = rows.loc[rows["period_type"] == period_type]
        if chosen["value"].notna().any():
            return chosen.sort_values("breakdown_value", ignore_index=True)
    return rows.iloc[0:0]


def gap_sentence(rows: pd.DataFrame, unit: str) -> str:
    """Compare the most with the least deprived fifth in words; empty where either is not shown."""
    values = rows.set_index("breakdown_value")["value"]
    if not {"1", "5"} <= set(values.dropna().index):
        return ""
    most, least = float(values["1"]), float(values["5"])
    if abs(most - least) < 0.05:
        return f"The most and the least deprived fifth have the same figure, {figure(most, unit)}."
    word = "lower" if most < least else "higher"
    return (
        f"It is {word} in the most deprived fifth of neighbourhoods ({figure(most, unit)}) "
        f"than in the least deprived ({figure(least, unit)})."
    )
