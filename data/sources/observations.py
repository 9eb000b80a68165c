"""Bring what a reader found into the columns of the observation table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from data.sources.periods import Period

COLUMNS = (
    "indicator_id",
    "area_code",
    "area_type",
    "period_type",
    "period_from",
    "period_to",
    "breakdown_type",
    "breakdown_value",
    "numerator",
    "denominator",
    "value",
    "lowercl",
    "uppercl",
    "value_status",
    "note",
)
NUMBERS = ("numerator", "denominator", "value", "lowercl", "uppercl")
KEY = (
    "indicator_id",
    "area_code",
    "period_type",
    "period_from",
    "period_to",
    "breakdown_type",
    "breakdown_value",
)

# ONS entity codes: the first three characters name the kind of area.
AREA_TYPES = {
    "E01": "lsoa21",
    "E02": "msoa21",
    "E05": "ward",
    "E06": "lad",
    "E07": "lad",
    "E08": "lad",
    "E09": "lad",
    "E10": "lad",
    "E12": "region",
    "E54": "icb",
    "E92": "country",
}


def area_types(codes: pd.Series[str]) -> pd.Series[str]:
    """Name the area type of each code; empty where the dashboard holds no such areas."""
    return codes.astype("str").str.slice(0, 3).map(AREA_TYPES).fillna("").astype("str")


def with_periods(frame: pd.DataFrame, labels: pd.Series[str], periods: dict[str, Period]) -> pd.DataFrame:
    """Add the type and both days of the period that each label stands for."""
    return frame.assign(
        period_type=labels.map({label: period.period_type for label, period in periods.items()}),
        period_from=labels.map({label: period.period_from for label, period in periods.items()}),
        period_to=labels.map({label: period.period_to for label, period in periods.items()}),
    )


def drop_other_periods(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out months and years pooled by two, five or more: the dashboard has quarters, years and three years."""
    other = frame["period_type"] == "other"
    notes = (
        [left_out(int(other.sum()), "of periods other than a quarter, a year or three years")] if other.any() else []
    )
    return frame[~other], notes


def to_observations(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the columns in order; a number that was not given is missing, a word that was not given is empty."""
    given = frame.copy()
    for column in COLUMNS:
        if column not in given:
            given[column] = float("nan") if column in NUMBERS else ""
    return given[list(COLUMNS)].reset_index(drop=True)


def join_words(words: Iterable[str], most: int = 5) -> str:
    """List the first few names, and how many more there are."""
    names = sorted(set(words))
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def left_out(rows: int, of_what: str) -> str:
    """Say how many rows were left out and of what they were."""
    return f"1 row {of_what} was left out." if rows == 1 else f"{rows:,} rows {of_what} were left out."
