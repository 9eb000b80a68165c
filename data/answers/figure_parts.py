"""A part of a page: a list of figures at one place, each with its gap by deprivation, and the same figures by group."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.figures import COMPARED, benchmarks
from data.answers.group_periods import period_sentences, select_groups
from data.answers.headlines import newest_rows, record
from data.answers.scorecard import gap_words
from data.answers.words import figure, figure_with_limits, period_label, status_words
from data.catalogue import breakdown as kind_of_group
from data.catalogue import ics, indicator
from data.catalogue.definitions import Indicator, Place
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

GIVEN: Final = frozenset({"shown", "rounded"})
MOST, LEAST = "1", "5"
FIGURE_COLUMNS: Final = [
    "name",
    "value_words",
    "period",
    "area",
    "most_deprived",
    "least_deprived",
    "gap",
    "against",
    "tool",
    "value",
    "value_status",
    "indicator_id",
    "illustrative",
]
GROUP_COLUMNS: Final = [
    "name",
    "kind",
    "group",
    "figure",
    "share",
    "numerator",
    "denominator",
    "period",
    "value",
    "value_status",
    "indicator_id",
    "illustrative",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """A part's table, the returns that its figures rest on, and why its groups are given for a longer period."""

    table: pd.DataFrame
    submission_ids: set[int]
    notes: tuple[str, ...] = ()


def place_rows(connection: sa.Connection, names: Sequence[str], place: Place) -> dict[str, list[dict[Hashable, Any]]]:
    """Give the newest figures for everyone at one place; for the system, its councils' too."""
    rows = newest_rows(connection, tuple(names))
    if place.code == ics().icb.code:
        return rows
    own = {name: [row for row in found if row["area_code"] == place.code] for name, found in rows.items()}
    return {name: found for name, found in own.items() if found}


def figures_of(connection: sa.Connection, names: Sequence[str], place: Place) -> Figures:
    """Give each indicator's newest figure at one place, in the order asked for, with its gap by deprivation."""
    rows = place_rows(connection, names, place)
    held_against = benchmarks(connection, list(names))
    fifths = newest_fifths(connection, names, place)
    by_end = ends_of(fifths)
    records = []
    for name in names:
        definition = indicator(name)
        said = record(definition, rows.get(name, []), held_against.get(name))
        value = _value(rows.get(name, []), place)
        records.append(
            said | _place_words(said, place) | fifth_words(definition, by_end.get(name, {})) | {"value": value}
        )
    used = {int(row["submission_id"]) for found in rows.values() for row in found if pd.notna(row["submission_id"])}
    return Figures(pd.DataFrame(records, columns=FIGURE_COLUMNS), used, period_sentences(fifths, "year"))


def _place_words(said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Name a council's figure by the council's label alone."""
    definition = indicator(str(said["indicator_id"]))
    prefix = f"{place.label} "
    own = str(said["value_words"]).removeprefix(prefix) if place.code != ics().icb.code else said["value_words"]
    area = place.label if place.code != ics().icb.code else said["area"]
    return {"value_words": own, "area": area, "tool": definition.tool or "–"}


def _value(rows: Sequence[Mapping[Hashable, Any]], place: Place) -> float | None:
    shown = [row for row in rows if row["area_code"] == place.code and pd.notna(row["value"])]
    yearly = [row for row in shown if row["period_type"] == "year"] or shown
    return float(yearly[-1]["value"]) if yearly else None


def newest_fifths(connection: sa.Connection, names: Sequence[str], place: Place) -> pd.DataFrame:
    """Give the newest year of the fifths of each indicator; three years where too few can be shown by year."""
    breakdown = "imd_fifth_national"
    rows = select_groups(
        connection, list(names), "year", area_code=place.code, breakdown_type=breakdown, latest=True
    ).dropna(subset="value")
    both = rows["breakdown_value"].isin([MOST, LEAST]).groupby(rows["indicator_id"]).transform("sum") == 2
    return rows.loc[both]


def ends_of(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Give the figures of each indicator's fifths."""
    found: dict[str, dict[str, float]] = {}
    for name, group, value in zip(rows["indicator_id"], rows["breakdown_value"], rows["value"], strict=True):
        found.setdefault(str(name), {})[str(group)] = float(value)
    return found


def fifth_words(definition: Indicator, fifths: Mapping[str, float]) -> dict[str, str]:
    """Write the most and least deprived fifth's figures and the gap between them; dashes where there is none."""
    if definition.value_type not in COMPARED or not {MOST, LEAST} <= fifths.keys():
        return {"most_deprived": "–", "least_deprived": "–", "gap": "–"}
    return {
        "most_deprived": figure(fifths[MOST], definition.unit),
        "least_deprived": figure(fifths[LEAST], definition.unit),
        "gap": gap_words(fifths[MOST] - fifths[LEAST], definition),
    }


def groups_of(connection: sa.Connection, wanted: Sequence[tuple[str, str]], place: Place) -> Figures:
    """Give indicators by group, ``(indicator, breakdown)`` each, in the order of the breakdown's values."""
    records: list[dict[str, Any]] = []
    used: set[int] = set()
    notes: list[str] = []
    for name, breakdown in wanted:
        rows = newest_groups(connection, name, breakdown, place)
        notes += period_sentences(rows, "year")
        records += group_records(indicator(name), breakdown, rows)
        used |= {int(number) for number in rows["submission_id"].dropna()}
    return Figures(pd.DataFrame(records, columns=GROUP_COLUMNS), used, tuple(dict.fromkeys(notes)))


def newest_groups(connection: sa.Connection, name: str, breakdown: str, place: Place) -> pd.DataFrame:
    """Give the newest period with a figure of any group: a year rather than three, three rather than a quarter."""
    rows = select_released(connection, name, area_code=place.code, breakdown_type=breakdown, latest=True)
    for period_type in ("year", "three_years", "quarter", "snapshot"):
        chosen = rows.loc[rows["period_type"] == period_type]
        if chosen["value"].notna().any():
            return chosen
    return rows.loc[rows["period_type"] == "year"]


def group_records(definition: Indicator, breakdown: str, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Write one indicator's groups; ``share`` is a group's share of all counted, where every group is shown."""
    kind = kind_of_group(breakdown)
    order = {value: place for place, value in enumerate(kind.values)}
    given = rows["value_status"].isin(GIVEN)
    total = float(rows["numerator"].sum()) if len(rows) and given.all() else 0.0
    found = sorted(
        rows.to_dict("records"), key=lambda row: (order.get(row["breakdown_value"], 99), row["breakdown_value"])
    )
    return [
        {
            "name": definition.short_name,
            "kind": kind.name,
            "group": row["breakdown_value"],
            "figure": group_figure(definition, row),
            "share": f"{100 * row['numerator'] / total:.0f}%" if total else "–",
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
            "value": row["value"],
            "value_status": row["value_status"],
            "indicator_id": definition.id,
            "illustrative": bool(row["illustrative"]),
        }
        for row in found
    ]


def group_figure(definition: Indicator, row: Mapping[Hashable, Any]) -> str:
    """Write one group's figure, or why there is none."""
    if row["value_status"] not in GIVEN:
        return status_words(str(row["value_status"]))
    return figure_with_limits(row["value"], row["lowercl"], row["uppercl"], definition.unit)
