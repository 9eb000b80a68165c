"""The newest figures of several indicators for the system and its councils, as rows that a page can show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.words import figure, figure_with_limits, period_label, status_words
from data.catalogue import ics, indicator
from data.catalogue.definitions import Indicator, Place
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

GIVEN: Final = frozenset({"shown", "rounded"})
NO_DATA: Final = "No data yet"
NOT_ADDED: Final = "Not given for this place"
PERIODS: Final = ("year", "three_years", "quarter", "snapshot")
NUMBERS: Final = ("value", "lowercl", "uppercl", "numerator", "denominator")
COLUMNS: Final = [
    "measure",
    "area",
    "figure",
    "counted",
    "period",
    *NUMBERS,
    "value_status",
    "illustrative",
    "indicator_id",
    "area_code",
    "period_to",
    "submission_id",
]


def own_places() -> tuple[Place, ...]:
    """The system and its councils."""
    return (ics().icb, *ics().lads)


def place_rows(
    connection: sa.Connection,
    names: Sequence[str],
    *,
    periods: Sequence[str] = PERIODS,
    places: Sequence[Place] | None = None,
) -> pd.DataFrame:
    """Give one row for each indicator and place, all places of one indicator for the same period.

    The period is the newest that has a figure, of the first kind in ``periods`` that has any.
    """
    wanted = tuple(places or own_places())
    rows = select_released(connection, list(names), breakdown_type="")
    rows = rows.loc[rows["area_code"].isin([place.code for place in wanted])]
    records = []
    for name in names:
        own = newest_with_figures(rows.loc[rows["indicator_id"] == name], periods)
        by_place = {row["area_code"]: row for row in own.to_dict("records")}
        why = NOT_ADDED if by_place else NO_DATA
        records += [place_record(indicator(name), place, by_place.get(place.code), why) for place in wanted]
    return pd.DataFrame(records, columns=COLUMNS)


def newest_with_figures(rows: pd.DataFrame, periods: Sequence[str]) -> pd.DataFrame:
    """Keep one period: the newest with a figure, of the kind that is preferred; the newest of all where none has."""
    order = {kind: place for place, kind in enumerate(periods)}
    known = rows.loc[rows["period_type"].isin(order)]
    if known.empty:
        return known
    preferred = known.assign(
        given=known["value"].notna(), kind=known["period_type"].map(order), end=known["period_to"]
    ).sort_values(["given", "kind", "end"], ascending=[False, True, False])
    first = preferred.iloc[0]
    chosen: pd.DataFrame = known.loc[
        (known["period_type"] == first["period_type"]) & (known["period_to"] == first["period_to"])
    ]
    return chosen


def place_record(definition: Indicator, place: Place, row: Mapping[Any, Any] | None, why: str) -> dict[str, Any]:
    """Write one figure, or ``why`` there is none."""
    said: dict[str, Any] = {
        "measure": definition.short_name,
        "area": place.label,
        "indicator_id": definition.id,
        "area_code": place.code,
    }
    if row is None:
        blank = dict.fromkeys(NUMBERS, math.nan)
        none = {
            "figure": why,
            "counted": "",
            "period": "",
            "period_to": "",
            "value_status": "not_collected",
            "illustrative": False,
        }
        return said | blank | none | {"submission_id": math.nan}
    return said | {
        "figure": figure_words(row, definition.unit),
        "counted": counted_words(row),
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "period_to": row["period_to"],
        **{name: number(row[name]) for name in NUMBERS},
        "value_status": row["value_status"],
        "illustrative": bool(row["illustrative"]),
        "submission_id": row["submission_id"],
    }


def number(value: Any) -> float:
    """Give a number, or not a number where there is none."""
    return math.nan if value is None else float(value)


def figure_words(row: Mapping[Any, Any], unit: str) -> str:
    """Write a figure with its limits, or say why there is none."""
    if row["value_status"] not in GIVEN or math.isnan(number(row["value"])):
        return status_words(row["value_status"])
    value, low, high = (number(row[name]) for name in ("value", "lowercl", "uppercl"))
    if unit == "%" or math.isnan(low) or math.isnan(high):
        return figure_with_limits(value, low, high, unit)
    return f"{figure(value, unit)} ({low:,.1f} to {high:,.1f})"


def counted_words(row: Mapping[Any, Any]) -> str:
    """Write "370 of 585" where both are known."""
    top, bottom = number(row["numerator"]), number(row["denominator"])
    if math.isnan(top) or math.isnan(bottom):
        return ""
    return f"{figure(top, '')} of {figure(bottom, '')}"


def of_system(rows: pd.DataFrame, name: str) -> Mapping[Any, Any]:
    """Give the system's own row of one indicator."""
    own = rows.loc[(rows["indicator_id"] == name) & (rows["area_code"] == ics().icb.code)]
    found: Mapping[Any, Any] = own.iloc[0].to_dict()
    return found


def shown(row: Mapping[Any, Any]) -> bool:
    """Whether a row has a figure."""
    return row["value_status"] in GIVEN and not math.isnan(row["value"])


def submissions_of(*frames: pd.DataFrame) -> set[int]:
    """Give the submissions that rows with a figure rest on."""
    return {int(one) for frame in frames for one in frame["submission_id"].dropna()}
