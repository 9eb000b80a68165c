"""Figures, periods and places in plain English."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Final

from data.answers.answer import STATUS_WORDS
from data.catalogue.definitions import Indicator

AREA_WORDS: Final = {
    "lsoa21": ("LSOA neighbourhood", "LSOA neighbourhoods"),
    "msoa21": ("MSOA neighbourhood", "MSOA neighbourhoods"),
    "ward": ("ward", "wards"),
    "lad": ("council area", "council areas"),
    "icb": ("Integrated Care System", "Integrated Care Systems"),
    "region": ("region", "regions"),
    "country": ("country", "countries"),
    "provider": ("maternity provider", "maternity providers"),
    "nhs_region": ("NHS region", "NHS regions"),
}
FIFTH_WORDS: Final = {"1": "1 (most deprived)", "2": "2", "3": "3", "4": "4", "5": "5 (least deprived)"}
_APRIL: Final = 4


def period_label(period_type: str, period_from: str, period_to: str) -> str:
    """Name a period as the field does: 2025/26 Q4, 2025/26, 2023/24 to 2025/26, or a date."""
    start, end = dt.date.fromisoformat(period_from), dt.date.fromisoformat(period_to)
    if period_type == "snapshot":
        return f"{end.day} {end:%B %Y}"
    if start.month == 1 and end.month == 12 and start.day == 1:
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    if period_type == "quarter":
        return f"{_year_label(start)} Q{(start.month - _APRIL) % 12 // 3 + 1}"
    first, last = _year_label(start), _year_label(end)
    return first if first == last else f"{first} to {last}"


def _year_label(day: dt.date) -> str:
    began = day.year - (day.month < _APRIL)
    return f"{began}/{(began + 1) % 100:02d}"


def figure(value: float | None, unit: str) -> str:
    """Write a value with its unit, as precisely as its unit deserves."""
    if value is None or math.isnan(value):
        return "no figure"
    if unit == "yes or no":
        return "Yes" if value else "No"
    if unit == "%":
        return f"{value:.1f}%"
    if unit.startswith("£"):
        exact = round(float(value), 2)
        pounds = f"{exact:,.0f}" if exact.is_integer() or abs(exact) >= 100 else f"{exact:,.2f}"
        return f"£{pounds}"
    number = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:,.1f}"
    return f"{number} {unit}".strip()


def figure_with_limits(value: float, lowercl: float, uppercl: float, unit: str) -> str:
    """Write a value with its 95% confidence limits, where it has them."""
    if math.isnan(lowercl) or math.isnan(uppercl):
        return figure(value, unit)
    low, high = figure(lowercl, unit), figure(uppercl, unit)
    return f"{figure(value, unit)} ({low} to {high})"


def status_words(value_status: str) -> str:
    """Say why there is no figure."""
    return STATUS_WORDS[value_status][0]


def areas_word(area_type: str, count: int) -> str:
    """Count areas in words: 1 ward, 85 wards."""
    return f"{count:,} {AREA_WORDS[area_type][0 if count == 1 else 1]}"


def better_direction(indicator: Indicator) -> str:
    """Say which way is better, for the reader of a figure."""
    return {"high_is_good": "Higher is better.", "low_is_good": "Lower is better."}.get(
        indicator.polarity, "Neither way is better: this gives context."
    )


def join_words(items: list[str]) -> str:
    """Join names as a person would: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


#: The order in which themes are offered: what the three points ask first, context last.
THEME_ORDER: Final = (
    "mandated_reviews",
    "development",
    "pregnancy_form",
    "offers",
    "buddies",
    "workforce",
    "reach_and_hubs",
    "outcomes",
    "investment",
    "strategy",
    "context",
)


def in_theme_order(chosen: Iterable[Indicator]) -> list[Indicator]:
    """Put indicators in the order in which they are offered; within a theme the catalogue's order holds."""
    return sorted(chosen, key=lambda one: THEME_ORDER.index(one.theme))
