"""The figure that stands for an indicator: the system's newest year if there is one, otherwise the next best."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from data.answers.words import figure, join_words, period_label, status_words
from data.catalogue import ics, indicator
from data.catalogue.definitions import Indicator

_AREAS_PREFERRED: Final = ("icb", "lad", "country")
#: The stages of a strategy, from 0, as the ask counts them.
STAGES: Final = ("none yet", "drafted", "consulted on", "adopted", "implemented and reviewed")
_PERIODS_PREFERRED: Final = ("year", "three_years", "quarter", "snapshot")


@dataclass(frozen=True, slots=True)
class Headline:
    """One indicator's newest figure for the system, or for each council where it can't be added up.

    ``place`` names the first of those councils, and is empty for the system.
    """

    words: str
    period: str
    value: float | None
    illustrative: bool
    submission_ids: tuple[int, ...]
    given: tuple[float, ...] = ()
    place: str = ""


def headlines(rows: pd.DataFrame) -> dict[str, Headline]:
    """Choose each indicator's figure to lead with: the system's year if there is one, otherwise the next best."""
    by_indicator: dict[str, list[dict[Hashable, Any]]] = {}
    for row in rows.to_dict("records"):
        by_indicator.setdefault(row["indicator_id"], []).append(row)
    return {name: headline(indicator(name), found) for name, found in by_indicator.items()}


def headline(definition: Indicator, rows: list[dict[Hashable, Any]]) -> Headline:
    """Lead with the figures of the best area type and period, or say why there is none."""
    alike = leading_rows(rows)
    if not alike:
        return _headline_of(status_words(usual_reason(rows)).capitalize(), "", rows)
    period = period_label(alike[0]["period_type"], alike[0]["period_from"], alike[0]["period_to"])
    if alike[0]["area_type"] == "icb":
        words = whole_words(definition, alike[0])
        return _headline_of(words, period, alike, float(alike[0]["value"]))
    labels = {place.code: place.label for place in (*ics().lads, ics().icb)}
    words = "; ".join(f"{labels[row['area_code']]} {figure(row['value'], definition.unit)}" for row in alike)
    return replace(_headline_of(words, period, alike), place=labels.get(alike[0]["area_code"], ""))


def whole_words(definition: Indicator, row: dict[Hashable, Any]) -> str:
    """Write the figure of the whole system."""
    if definition.unit == "stage":
        return f"stage {row['value']:.0f} of {len(STAGES) - 1}: {STAGES[int(row['value'])]}"
    return counted(row) if is_counted(definition) else figure(row["value"], definition.unit)


def parts_headline(definition: Indicator, rows: list[dict[Hashable, Any]]) -> Headline:
    """Lead with the parts of a figure that has no whole, the largest first."""
    ordered = sorted(rows, key=lambda row: -float(row["value"]))
    words = [f"{str(row['breakdown_value']).lower()} {figure(row['value'], definition.unit)}" for row in ordered]
    period = period_label(ordered[0]["period_type"], ordered[0]["period_from"], ordered[0]["period_to"])
    return _headline_of(join_words(words).capitalize(), period, ordered)


def leading_rows(rows: list[dict[Hashable, Any]]) -> list[dict[Hashable, Any]]:
    """Choose the newest figures of the best area type and period; none where none is shown."""
    shown = [row for row in rows if not math.isnan(row["value"])]
    if not shown:
        return []
    best = min(map(_preference, shown))
    alike = [row for row in shown if _preference(row) == best]
    newest = max(row["period_to"] for row in alike)
    return [row for row in alike if row["period_to"] == newest]


def usual_reason(rows: list[dict[Hashable, Any]]) -> str:
    """Give the status for which most of the figures are not shown."""
    reasons = [str(row["value_status"]) for row in rows]
    return max(sorted(set(reasons)), key=reasons.count)


def _preference(row: dict[Hashable, Any]) -> tuple[int, int]:
    return _AREAS_PREFERRED.index(row["area_type"]), _PERIODS_PREFERRED.index(row["period_type"])


def _headline_of(words: str, period: str, rows: list[dict[Hashable, Any]], value: float | None = None) -> Headline:
    submissions = {int(row["submission_id"]) for row in rows if pd.notna(row["submission_id"])}
    given = tuple(float(row["value"]) for row in rows if not math.isnan(row["value"]))
    return Headline(words, period, value, any(row["illustrative"] for row in rows), tuple(sorted(submissions)), given)


def is_counted(definition: Indicator) -> bool:
    """Whether a figure is this dashboard's own count of so many of so many indicators."""
    return definition.returned_by == "this_dashboard" and definition.value_type == "share_of_items"


def counted(row: dict[Hashable, Any]) -> str:
    """Write so many of so many: a percentage of a few indicators says too little."""
    return f"{row['numerator']:.0f} of {row['denominator']:.0f}"
