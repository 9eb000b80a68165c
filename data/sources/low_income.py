"""DWP: children in relative low income after housing costs, by council and by ward."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue import ics
from data.errors import WrongColumns
from data.sources.footprint import keep_footprint, keep_known, lad_codes, missing_note
from data.sources.observations import area_types, to_observations
from data.sources.places import named_places
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import (
    Preview,
    Sheet,
    check_codes,
    preview,
    read_table,
    require_columns,
    to_number,
    wrong_values,
)

SOURCE_ID = "dwp_low_income"
ACCEPTS = "DWP children in low income families, by council or ward"
SOURCE = "DWP children in low income families"
SHARE: Final = "children_low_income"
NUMBER: Final = "children_low_income_number"

_COLUMN = re.compile(r"(Number|Percentage) of children,? FYE (20\d\d)( \[p\])?", re.IGNORECASE)


def recognises(table: Preview) -> bool:
    """Numbers or percentages of children by financial year ending, beside an area code."""
    return _find_sheet(table) is not None


def _find_sheet(table: Preview) -> tuple[Sheet, int] | None:
    for sheet in table.sheets if table.kind in {"text", "xlsx", "ods"} else ():
        for at, row in enumerate(sheet.head, start=1):
            if any(_COLUMN.fullmatch(name) for name in row) and any(name.casefold().endswith("code") for name in row):
                return sheet, at
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read each year's number and percentage of children."""
    found = _find_sheet(preview(path))
    if found is None:
        raise WrongColumns("there is no number of children by FYE", source=SOURCE, file=path.name)
    table = read_table(path, found[0].name, header_row=found[1])
    by_ward = any(name.casefold() == "ward code" for name in table.columns)
    code = "Ward code" if by_ward else "Area code"
    require_columns(table, [code, *(["LAD code", "Ward name"] if by_ward else [])], source=SOURCE)
    kept, notes = _inside(table, code, by_ward=by_ward)
    if by_ward:
        check_codes(kept[code], "ward", source=SOURCE)
    elif kept[code].duplicated().any():
        raise wrong_values(kept[code], kept[code].duplicated(), expected="each area once", source=SOURCE)
    years = _years(table)
    rows = [_observations(kept, code, year, names) for year, names in years.items()]
    return Reading(
        source_id=SOURCE_ID,
        edition=f"FYE {min(years)} to {max(years)}",
        rows_read=len(table),
        frames={"area": _areas(kept, code, by_ward=by_ward), "observation": pd.concat(rows, ignore_index=True)},
        notes=(
            *notes,
            *_missing(kept[code], context, by_ward=by_ward),
            "These figures are of all children after housing costs, not of under-twos alone.",
        ),
    )


def _inside(table: pd.DataFrame, code: str, *, by_ward: bool) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Wards are chosen by their council; of a council table the system's councils, region and country are kept."""
    if by_ward:
        return keep_footprint(table, "LAD code", source=SOURCE)
    places = (*ics().lads, ics().region, ics().country)
    return keep_known(table, code, frozenset(place.code for place in places), source=SOURCE)


def _missing(codes: pd.Series[str], context: ReadingContext, *, by_ward: bool) -> tuple[str, ...]:
    """Areas of the system that the file leaves out; wards are known only once a lookup is loaded."""
    if not by_ward:
        return missing_note(codes, lad_codes())
    areas = context.areas()
    if areas is None:
        return ()
    wards = areas[(areas["area_type"] == "ward") & areas["lad_code"].isin(lad_codes())]
    return missing_note(codes, frozenset(wards["area_code"]))


def _areas(kept: pd.DataFrame, code: str, *, by_ward: bool) -> pd.DataFrame:
    if not by_ward:
        return named_places(kept[code])
    columns = {
        "area_code": kept[code],
        "area_type": "ward",
        "area_name": kept["Ward name"],
        "lad_code": kept["LAD code"],
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def _years(table: pd.DataFrame) -> dict[int, dict[str, str]]:
    """The column of the number and of the percentage for each financial year ending; both must be there."""
    years: dict[int, dict[str, str]] = {}
    for name in table.columns:
        if found := _COLUMN.fullmatch(name):
            years.setdefault(int(found[2]), {})[found[1].capitalize()] = name
    for year, names in years.items():
        missing = {"Number", "Percentage"} - set(names)
        require_columns(table, [f"{each} of children FYE {year}" for each in sorted(missing)], source=SOURCE)
    return dict(sorted(years.items()))


def _observations(kept: pd.DataFrame, code: str, year: int, names: dict[str, str]) -> pd.DataFrame:
    """The share and the number of one financial year, which ends on 31 March of the year that names it."""
    number = to_number(kept[names["Number"]], source=SOURCE, low=0, whole=True)
    share = to_number(kept[names["Percentage"]], source=SOURCE, low=0, high=100)
    base = pd.DataFrame(
        {
            "area_code": kept[code],
            "area_type": area_types(kept[code]),
            "period_type": "year",
            "period_from": f"{year - 1}-04-01",
            "period_to": f"{year}-03-31",
            "numerator": number,
            "value_status": "shown",
        }
    )
    both = [base.assign(indicator_id=SHARE, value=share), base.assign(indicator_id=NUMBER, value=number)]
    return to_observations(pd.concat(both))
