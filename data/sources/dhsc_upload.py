"""Read the Department of Health and Social Care's upload format for one indicator: real dates at both ends.

The format has no column for the indicator, so its Fingertips id stands at the start of the file name, as in
``93436_2025.csv``, or is given.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from data import catalogue
from data.errors import UnknownName, WrongColumns
from data.sources.groups import DECILE, broadest_sex
from data.sources.markers import read_cells
from data.sources.observations import (
    KEY,
    area_types,
    drop_other_periods,
    join_words,
    left_out,
    to_observations,
    with_periods,
)
from data.sources.periods import Period, period_type, read_day
from data.sources.places import keep_known_areas, named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, read_table, require_columns, to_number, wrong_values

SOURCE_ID = "fingertips"
ACCEPTS = "a file in the DHSC upload format (CSV), named by its Fingertips id"
SOURCE = "DHSC upload format"

# The order is part of the format (FingertipsNext, August 2025).
COLUMNS = (
    "area_code",
    "date_from",
    "date_to",
    "period_type",
    "sex",
    "age_from_years_inclusive",
    "age_to_years_inclusive",
    "deprivation_decile",
    "deprivation_category",
    "count",
    "value",
    "denominator",
    "lower_ci_95",
    "upper_ci_95",
    "lower_ci_99_8",
    "upper_ci_99_8",
)
_NUMBERS = {
    "count": "numerator",
    "value": "value",
    "denominator": "denominator",
    "lower_ci_95": "lowercl",
    "upper_ci_95": "uppercl",
}
_MISSING = {"-1": "not_collected", "n/a": "not_collected"}
_OLDEST = 200.0  # years; stands for an age group without an upper end


def recognises(preview: Preview) -> bool:
    """Recognise the format by its own column names."""
    return preview.has_columns("date_from", "date_to", "age_from_years_inclusive")


def read(path: Path, context: ReadingContext, *, fingertips_id: int | None = None) -> Reading:
    """Read the file of one indicator."""
    table = require_columns(read_table(path), COLUMNS, source=SOURCE)
    _check_order(table)
    frame = table.assign(indicator_id=_indicator_id(path, fingertips_id), note="")
    frame, notes = _choose_group(frame)
    frame, more = keep_known_areas(frame, context)
    frame, last = drop_other_periods(_read_periods(frame))
    frame = _read_figures(frame)
    twice = frame.duplicated(list(KEY), keep=False)
    if twice.any():
        column = frame["area_code"]
        raise wrong_values(column, twice, expected="each area, period and decile once", source=SOURCE)
    return Reading(
        source_id=SOURCE_ID,
        edition=f"periods to {max(frame['date_to'], default='')}",
        rows_read=len(table),
        frames={"area": named_places(frame["area_code"]), "observation": to_observations(frame)},
        notes=tuple(notes + more + last),
    )


def _check_order(table: pd.DataFrame) -> None:
    if tuple(table.columns) != COLUMNS:
        wrong = next(
            (name for name, right in zip(table.columns, COLUMNS, strict=False) if name != right), table.columns[-1]
        )
        raise WrongColumns(
            "the columns are not those of the format, in its order",
            source=SOURCE,
            file=table.attrs.get("file"),
            column=str(wrong),
            expected=", ".join(COLUMNS),
            todo="Put the columns in this order and delete all others",
        )


def _indicator_id(path: Path, fingertips_id: int | None) -> str:
    ids = {entry.fingertips_id: entry.id for entry in catalogue.indicators() if entry.fingertips_id}
    match = re.match(r"(?:indicator[ _-]?)?(\d{3,6})(?!\d)", path.stem, re.IGNORECASE)
    given = fingertips_id or (int(match[1]) if match else None)
    if given in ids:
        return ids[given]
    raise UnknownName(
        "the format does not say which indicator this is, and the file name begins with no known Fingertips id",
        source=SOURCE,
        file=path.name,
        found=str(given) if given else "no number",
        expected=f"one of {join_words(map(str, ids), most=20)}",
        todo="Rename the file so that it begins with the indicator's Fingertips id, such as 93436_2025.csv",
    )


def _choose_group(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep everyone: the widest sex and age, with deprivation deciles as a breakdown."""
    of_sex = table[table["sex"] == broadest_sex(table["sex"])]
    start = to_number(of_sex["age_from_years_inclusive"], source=SOURCE, low=0, blank=True).fillna(0)
    end = to_number(of_sex["age_to_years_inclusive"], source=SOURCE, low=0, blank=True).fillna(_OLDEST)
    kept = of_sex[(end - start) == (end - start).max()]
    decile = kept["deprivation_decile"].str.removesuffix(".0").replace("0", "")
    wrong = ~decile.isin(["", *map(str, range(1, 11))])
    if wrong.any():
        raise wrong_values(kept["deprivation_decile"], wrong, expected="1 to 10 or nothing", source=SOURCE)
    left = len(table) - len(kept)
    notes = [left_out(left, "of single sexes or narrower ages")] if left else []
    return kept.assign(breakdown_type=decile.where(decile == "", DECILE), breakdown_value=decile), notes


def _read_periods(frame: pd.DataFrame) -> pd.DataFrame:
    for name in ("date_from", "date_to"):
        unread = ~frame[name].isin([day for day in frame[name].unique() if read_day(day)])
        if unread.any():
            raise wrong_values(frame[name], unread, expected="a date such as 2024-04-01", source=SOURCE)
    labels = frame["date_from"] + " " + frame["date_to"]
    periods = {label: _period(*label.split(" ")) for label in labels.unique()}
    wrong = labels.isin([label for label, period in periods.items() if period.period_from > period.period_to])
    if wrong.any():
        raise wrong_values(frame["date_to"], wrong, expected="a day not before date_from", source=SOURCE)
    return with_periods(frame, labels, periods)


def _period(first: str, last: str) -> Period:
    start, end = read_day(first), read_day(last)
    if start is None or end is None:
        raise ValueError("read the days before their period")
    return Period(period_type(start, end) or "other", start, end)


def _read_figures(frame: pd.DataFrame) -> pd.DataFrame:
    cells = {name: read_cells(frame[name], _MISSING) for name in _NUMBERS}
    for name, column in cells.items():
        if column.unread.any():
            raise wrong_values(frame[name], column.unread, expected="a number or a mark", source=SOURCE)
    status = cells["value"].status.where(cells["value"].number.isna(), "shown")
    numbers = {_NUMBERS[name]: column.number for name, column in cells.items()}
    return frame.assign(**numbers, value_status=status, area_type=area_types(frame["area_code"]))
