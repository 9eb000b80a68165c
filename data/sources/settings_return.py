"""Local return: family hubs, nurseries and other settings that serve under-twos, with where they are.

A postcode is used once to find the 2021 LSOA and is not kept. A childminder's home is kept as an LSOA, never a point.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd

from data.catalogue import ics
from data.errors import DataError, DataErrors, WrongColumns
from data.sources.footprint import check_lsoa21, known_lsoa21, refuse_outside
from data.sources.periods import read_day
from data.sources.places_on_map import check_places, lon_lat_from_grid
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, Sheet, preview, read_table, require_columns, to_number, wrong_values

Made = TypeVar("Made")

SOURCE_ID = "settings_return"
ACCEPTS = "return of family hubs and settings"
SOURCE = "Hubs and settings return"

KINDS: Final = ("family_hub", "nursery", "childminder", "creche", "school", "gp_practice")
_HOMES: Final = frozenset({"childminder"})
_NUMBERS: Final = (
    "core_elements_delivered",
    "core_elements_expected",
    "under_two_places",
    "direct_contact_staff",
    "trained_staff",
    "staff_at_required_level",
)
_PARTS: Final = (
    ("core_elements_delivered", "core_elements_expected"),
    ("trained_staff", "direct_contact_staff"),
    ("staff_at_required_level", "direct_contact_staff"),
)
_WORDS: Final = ("organisation", "council", "stressors_covered")
_YES_NO: Final = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def recognises(table: Preview) -> bool:
    """A kind, a name and an id of a setting beside something that only this return asks."""
    return _find_sheet(table) is not None


def _find_sheet(table: Preview) -> tuple[Sheet, int] | None:
    own = {"serves_under_twos", "under_two_places", "core_elements_delivered"}
    for sheet in table.sheets if table.kind in {"text", "xlsx", "ods"} else ():
        for at, row in enumerate(sheet.head, start=1):
            names = {_snake(cell) for cell in row}
            if names & {"setting_id", "id"} and len(names & {"kind", "name"}) and names & own:
                return sheet, at
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read and check each setting; every one must have an LSOA or a point of the system."""
    found = _find_sheet(preview(path))
    if found is None:
        raise WrongColumns("this is not a return of hubs and settings", source=SOURCE, file=path.name)
    table = read_table(path, found[0].name, header_row=found[1])
    table = table.rename(columns={name: _snake(name) for name in table.columns}).rename(columns={"id": "setting_id"})
    require_columns(table, ["setting_id", "kind", "name"], source=SOURCE)
    problems: list[DataError] = []
    for check in (_check_kinds, _check_ids, _check_names, _check_once):
        _attempt(problems, check, table)
    point, area_and_notes = _attempt(problems, _point, table), _attempt(problems, _area, table, context)
    if point and area_and_notes:
        _attempt(problems, _check_placed, table, area_and_notes[0], point[0])
    attributes, edition = _attempt(problems, _attributes, table), _attempt(problems, _edition, table)
    if point is None or area_and_notes is None or attributes is None or edition is None or problems:
        raise problems[0] if len(problems) == 1 else DataErrors(problems, file=path.name)
    (lon, lat), (area, notes) = point, area_and_notes
    home = table["kind"].isin(_HOMES)
    rows = pd.DataFrame(
        {
            "setting_id": table["setting_id"],
            "kind": table["kind"],
            "name": table["name"],
            "lon": lon.mask(home),
            "lat": lat.mask(home),
            "area_code": area,
            "attributes": attributes,
        }
    ).reset_index(drop=True)
    return Reading(
        source_id=SOURCE_ID,
        edition=edition,
        rows_read=len(table),
        frames={"setting": rows},
        notes=notes,
    )


def _attempt(problems: list[DataError], check: Callable[..., Made], *given: object) -> Made | None:
    """Do one step of reading; a problem is kept, so that all are told at once."""
    try:
        return check(*given)
    except DataErrors as errors:
        problems += errors.problems
    except DataError as error:
        problems.append(error)
    return None


def _check_kinds(table: pd.DataFrame) -> None:
    unknown = ~table["kind"].isin(KINDS)
    if unknown.any():
        raise wrong_values(table["kind"], unknown, expected=f"one of {', '.join(KINDS)}", source=SOURCE)


def _check_ids(table: pd.DataFrame) -> None:
    if table["setting_id"].eq("").any():
        raise wrong_values(table["setting_id"], table["setting_id"].eq(""), expected="a setting_id", source=SOURCE)


def _check_names(table: pd.DataFrame) -> None:
    if table["name"].eq("").any():
        raise wrong_values(table["name"], table["name"].eq(""), expected="a name", source=SOURCE)


def _check_once(table: pd.DataFrame) -> None:
    twice = table.duplicated(["setting_id", "kind"])
    if twice.any():
        raise wrong_values(table["setting_id"], twice, expected="each setting once", source=SOURCE)


def _point(table: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Longitude and latitude, or the grid reference where those are not given; blank is allowed."""
    empty = pd.Series(float("nan"), index=table.index)
    if {"easting", "northing"} <= set(table.columns) and not {"lon", "lat"} <= set(table.columns):
        east = to_number(table["easting"], source=SOURCE, blank=True)
        lon, lat = lon_lat_from_grid(east, to_number(table["northing"], source=SOURCE, blank=True))
    else:
        lon = to_number(table["lon"], source=SOURCE, blank=True) if "lon" in table.columns else empty
        lat = to_number(table["lat"], source=SOURCE, blank=True) if "lat" in table.columns else empty
    check_places(table, lon, lat, source=SOURCE)
    return lon, lat


def _area(table: pd.DataFrame, context: ReadingContext) -> tuple[pd.Series[str], tuple[str, ...]]:
    """The LSOA as given, else looked up from the postcode, which is then forgotten."""
    area = table["area_code"] if "area_code" in table.columns else pd.Series("", index=table.index, dtype="str")
    notes: tuple[str, ...] = ()
    if "postcode" in table.columns:
        area, notes = _from_postcode(table, area, context)
    given = area[area != ""].rename("area_code")
    given.attrs = table.attrs
    if len(given):
        refuse_outside(given, known_lsoa21(context), source=SOURCE)
        check_lsoa21(given, context, source=SOURCE, unique=False)
    return area.where(area != "", None), notes


def _from_postcode(
    table: pd.DataFrame, area: pd.Series[str], context: ReadingContext
) -> tuple[pd.Series[str], tuple[str, ...]]:
    wanted = (area == "") & (table["postcode"] != "")
    lookup = context.postcodes()
    if not wanted.any():
        return area, ("Postcodes were not stored.",)
    if lookup is None:
        todo = "Load the ONS postcode lookup first, or fill in area_code"
        raise wrong_values(table["postcode"], wanted, expected="a loaded postcode lookup", source=SOURCE, todo=todo)
    tidy = table["postcode"].str.replace(r"\s+", "", regex=True).str.upper()
    placed = tidy.map(lookup.set_index("postcode")["area_code"])
    lost = wanted & placed.isna()
    if lost.any():
        raise wrong_values(table["postcode"], lost, expected=f"a current postcode of {ics().label}", source=SOURCE)
    note = f"{int(wanted.sum())} settings were placed by postcode. Postcodes were not stored."
    return area.where(~wanted, placed), (note,)


def _check_placed(table: pd.DataFrame, area: pd.Series[str], lon: pd.Series[float]) -> None:
    nowhere = area.isna() & lon.isna()
    if nowhere.any():
        words = "an area_code, a postcode, or lon and lat"
        raise wrong_values(table["setting_id"], nowhere, expected=f"{words} beside each setting", source=SOURCE)


def _attributes(table: pd.DataFrame) -> pd.Series[Any]:
    """What the return says beside place and name; cells that are empty are left out."""
    known: dict[str, list[Any]] = {name: list(table[name]) for name in _WORDS if name in table.columns}
    numbers = {
        name: to_number(table[name], source=SOURCE, low=0, whole=True, blank=True)
        for name in _NUMBERS
        if name in table.columns
    }
    for part, whole in _PARTS:
        if {part, whole} <= set(numbers):
            over = numbers[part] > numbers[whole]
            if over.any():
                raise wrong_values(table[part], over, expected=f"no more than {whole}", source=SOURCE)
    known |= {name: [None if pd.isna(each) else int(each) for each in column] for name, column in numbers.items()}
    if "serves_under_twos" in table.columns:
        known["serves_under_twos"] = _yes_no(table["serves_under_twos"])
    if "as_at" in table.columns:
        known["as_at"] = [day.isoformat() if (day := read_day(text)) else None for text in table["as_at"]]
    records = [
        {name: column[at] for name, column in known.items() if column[at] not in ("", None)} for at in range(len(table))
    ]
    return pd.Series(records, index=table.index, dtype="object")


def _yes_no(column: pd.Series[str]) -> list[bool | None]:
    wrong = ~column.str.casefold().isin({*_YES_NO, ""})
    if wrong.any():
        raise wrong_values(column, wrong, expected="yes or no", source=SOURCE)
    return [_YES_NO.get(value.casefold()) for value in column]


def _edition(table: pd.DataFrame) -> str:
    """The day that the figures stand for, which must be a date; the latest where rows differ."""
    if "as_at" not in table.columns:
        return "no date given"
    days = table["as_at"].map(read_day)
    wrong = days.isna()
    if wrong.any():
        raise wrong_values(table["as_at"], wrong, expected="a date such as 2025-12-31", source=SOURCE)
    return str(max(days))
