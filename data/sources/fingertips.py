"""Read a Fingertips data download: each area may stand twice, groups repeat the whole, empty is never zero."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from data import catalogue
from data.catalogue.definitions import Indicator
from data.errors import UnknownName, WrongValues
from data.sources.groups import DECILE, broadest_age, broadest_sex, decile_value
from data.sources.markers import read_cells, status_from_note
from data.sources.observations import (
    KEY,
    area_types,
    drop_other_periods,
    join_words,
    left_out,
    to_observations,
    with_periods,
)
from data.sources.periods import YEAR_TYPES, Period, pooled_calendar_years, read_period
from data.sources.places import keep_known_areas, named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, read_table, require_columns, wrong_values

SOURCE_ID = "fingertips"
ACCEPTS = "a Fingertips data download (CSV)"
SOURCE = "Fingertips"

# Read by name: column 23 changes its name with the parent area, and older files lack "Time period range".
COLUMNS = {
    "Indicator ID": "fingertips_id",
    "Area Code": "area_code",
    "Area Name": "area_name",
    "Sex": "sex",
    "Age": "age",
    "Category Type": "category_type",
    "Category": "category",
    "Time period": "period",
    "Value": "value_text",
    "Lower CI 95.0 limit": "lowercl",
    "Upper CI 95.0 limit": "uppercl",
    "Count": "numerator",
    "Denominator": "denominator",
    "Value note": "note",
    "Time period Sortable": "sortable",
}
RANGE = "Time period range"

# No number that Fingertips publishes for these indicators is below zero; -1 is how old exports write "missing".
_MISSING = {"-1": "not_collected", "-1.0": "not_collected", "n/a": "not_collected"}
_FIGURES = ("value", "numerator", "denominator", "lowercl", "uppercl", "value_status")


def recognises(preview: Preview) -> bool:
    """Recognise the export by columns that no other publication has together."""
    return preview.has_columns("Indicator ID", "Area Code", "Time period", "Category Type")


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the indicators that the dashboard uses, for the areas that it is about."""
    table = require_columns(read_table(path), COLUMNS, source=SOURCE)
    frame = table.rename(columns=COLUMNS)
    frame["span"] = table.get(RANGE, "")
    frame, notes = _keep_indicators(frame)
    for step in (_choose_group, _choose_breakdown):
        frame, more = step(frame)
        notes += more
    frame, more = keep_known_areas(frame, context)
    frame, last = drop_other_periods(_read_periods(frame))
    observations = _once(_read_figures(frame))
    return Reading(
        source_id=SOURCE_ID,
        edition=f"periods to {frame['period'].max()}" if len(frame) else "",
        rows_read=len(table),
        frames={"area": named_places(observations["area_code"]), "observation": observations},
        notes=tuple(notes + more + last),
    )


def _keep_indicators(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    ids = {str(entry.fingertips_id): entry.id for entry in catalogue.indicators() if entry.fingertips_id}
    wrong = ~frame["fingertips_id"].str.fullmatch(r"\d+")
    if wrong.any():
        raise wrong_values(frame["fingertips_id"].rename("Indicator ID"), wrong, expected="a number", source=SOURCE)
    kept = frame.assign(indicator_id=frame["fingertips_id"].map(ids)).dropna(subset=["indicator_id"])
    others = frame.loc[~frame.index.isin(kept.index), "fingertips_id"]
    if kept.empty:
        raise UnknownName(
            "the file holds no indicator that the dashboard uses",
            source=SOURCE,
            file=frame.attrs.get("file"),
            column="Indicator ID",
            found=join_words(others),
            expected=f"one of {join_words(ids, most=20)}",
        )
    if others.empty:
        return kept, []
    return kept, [left_out(len(others), f"of indicators that the dashboard does not use ({join_words(others)})")]


def _choose_group(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep one sex and one age of each indicator: those of the catalogue, otherwise the widest."""
    parts = []
    for name, part in frame.groupby("indicator_id", sort=False):
        entry = catalogue.indicator(str(name))
        of_sex = part[part["sex"] == (entry.fingertips_sex or broadest_sex(part["sex"]))]
        parts.append(of_sex[of_sex["age"] == (entry.fingertips_age or broadest_age(of_sex["age"]))])
        if parts[-1].empty:
            raise _no_group(part, entry)
    kept = pd.concat(parts)
    left = len(frame) - len(kept)
    return kept, [left_out(left, "of single sexes or narrower ages")] if left else []


def _no_group(part: pd.DataFrame, entry: Indicator) -> WrongValues:
    return WrongValues(
        "the file lacks the sex or age that this indicator is about",
        source=SOURCE,
        file=part.attrs.get("file"),
        column="Sex" if entry.fingertips_sex not in set(part["sex"]) else "Age",
        found=join_words(part["sex"] + ", " + part["age"]),
        expected=f"{entry.fingertips_sex or 'any sex'}, {entry.fingertips_age or 'any age'}",
        todo="Download the indicator again with that group",
    )


def _choose_breakdown(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep the whole and, as a breakdown, deprivation deciles of one kind; other categories are left out."""
    whole = frame["category_type"] == ""
    deciles = frame["category"].map(decile_value).astype("str").where(~whole, "")
    by_decile = frame["category_type"].str.contains("deprivation decile", case=False) & (deciles != "")
    chosen = frame[by_decile].groupby("indicator_id")["category_type"].agg(lambda kinds: max(kinds, key=_decile_rank))
    by_decile &= frame["category_type"] == frame["indicator_id"].map(chosen)
    frame = frame.assign(breakdown_type=DECILE, breakdown_value=deciles)
    frame["breakdown_type"] = frame["breakdown_type"].where(by_decile, "")
    kept = frame[whole | by_decile]
    left = len(frame) - len(kept)
    return kept, [left_out(left, "of other categories")] if left else []


def _decile_rank(kind: str) -> tuple[bool, str, str]:
    """Prefer deciles of small areas to deciles of councils, then the latest index of deprivation."""
    years = re.findall(r"20\d\d", kind)
    return "LSOA" in kind, max(years, default=""), kind


def _read_periods(frame: pd.DataFrame) -> pd.DataFrame:
    """Read the label; the range and the sort key must agree with it, since "2020/21" is not 2020."""
    labels = frame["period"] + "\x1f" + frame["span"] + "\x1f" + frame["indicator_id"]
    periods = {label: period for label in labels.unique() if (period := _period(*label.split("\x1f")))}
    unread = ~labels.isin(list(periods))
    if unread.any():
        column = frame["period"].rename("Time period")
        raise wrong_values(column, unread, expected="a period such as 2020/21 or 2019 - 21", source=SOURCE)
    clash = frame["period"].str.slice(0, 4) != frame["sortable"].str.slice(0, 4)
    if clash.any():
        column = frame["sortable"].rename("Time period Sortable")
        raise wrong_values(column, clash, expected="the first year of the time period", source=SOURCE)
    return with_periods(frame, labels, periods)


def _period(label: str, span: str, indicator_id: str) -> Period | None:
    year_type = YEAR_TYPES[catalogue.indicator(indicator_id).year_begins]
    period = read_period(label, year_type=year_type, calendar_quarters=True)
    match = re.fullmatch(r"(\d+)\s*y\w*", span.strip().casefold())
    if period is None or not match:
        return period
    if _years(period) != int(match[1]):
        period = pooled_calendar_years(label)
    return period if period and _years(period) == int(match[1]) else None


def _years(period: Period) -> int:
    return round((period.period_to - period.period_from).days / 365.25)


def _read_figures(frame: pd.DataFrame) -> pd.DataFrame:
    cells = read_cells(frame["value_text"], _MISSING)
    if cells.unread.any():
        raise wrong_values(
            frame["value_text"].rename("Value"), cells.unread, expected="a number or a mark", source=SOURCE
        )
    noted = status_from_note(frame["note"])
    status = cells.status.where(cells.status != "not_collected", noted).where(cells.number.isna(), "shown")
    numbers = {name: _optional(frame[name]) for name in ("numerator", "denominator", "lowercl", "uppercl")}
    frame = frame.assign(value=cells.number, value_status=status, **numbers)
    frame["area_type"] = area_types(frame["area_code"])
    return frame


def _optional(column: pd.Series[str]) -> pd.Series[float]:
    names = {name: title for title, name in COLUMNS.items()}
    cells = read_cells(column, _MISSING)
    if cells.unread.any():
        raise wrong_values(
            column.rename(names[str(column.name)]), cells.unread, expected="a number or nothing", source=SOURCE
        )
    return cells.number


def _once(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep each figure once: an area stands with and without its parent, and that is one figure, not two to add."""
    once = frame.drop_duplicates([*KEY, *_FIGURES])
    twice = once.duplicated(list(KEY), keep=False)
    if twice.any():
        first = once[twice].iloc[0]
        rows = once.index[twice & (once["area_code"] == first["area_code"]) & (once["period"] == first["period"])]
        raise WrongValues(
            "two different figures are given for the same area and period",
            source=SOURCE,
            file=frame.attrs.get("file"),
            row=int(rows[0]),
            column="Value",
            found=f"{join_words(once.loc[rows, 'value_text'])} for {first['area_name']}, {first['period']}",
            todo="Download the file again and load it unchanged",
        )
    return to_observations(once)
