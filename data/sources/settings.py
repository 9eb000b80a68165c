"""Places that families use: NHS practices (ODS), schools and nursery schools (GIAS). Never a telephone or a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from data.catalogue import ics
from data.errors import WrongColumns
from data.sources.footprint import keep_footprint, keep_known, known_lsoa21
from data.sources.places_on_map import check_places, lon_lat_from_grid
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import (
    Preview,
    Sheet,
    find_column,
    preview,
    read_table,
    require_columns,
    to_number,
    wrong_values,
)

SOURCE_ID = "nhs_gp_practices"
SCHOOLS_SOURCE_ID: Final = "dfe_gias"
ACCEPTS = "NHS ODS GP practices; DfE Get Information about Schools"

PRACTICES: Final = "NHS ODS practices"
SCHOOLS: Final = "DfE Get Information about Schools"
_PRACTICE_COLUMNS: Final = ("Organisation Code", "Name", "Status Code")
_GP_SETTING: Final = "4"  # ODS prescribing setting 4: GP practice; others are clinics, prisons, hospices
# GIAS names: the portal's own and the short ones of extracts.
_SCHOOL_COLUMNS: Final = {
    "urn": r"urn",
    "name": r"EstablishmentName|establishment_name",
    "type": r"TypeOfEstablishment \(name\)|establishment_type",
    "phase": r"PhaseOfEducation \(name\)|education_phase",
    "lsoa": r"LSOA \(code\)|lsoa_code|LSOA21CD",
}
_DFE_NUMBERS: Final = r"LA \(code\)|la_code"


def recognises(table: Preview) -> bool:
    """An ODS organisation code with status, or a school's URN with its phase."""
    return _find(table) is not None


def _find(table: Preview) -> tuple[Sheet, Callable[[pd.DataFrame, ReadingContext], Reading]] | None:
    for sheet in table.sheets if table.kind in {"text", "xlsx", "ods"} else ():
        if sheet.row_with(_PRACTICE_COLUMNS[:2]) and sheet.row_starting(["Status", "Prescribing"]):
            return sheet, _read_practices
        if sheet.row_with(["urn"]) and any(re.fullmatch(_SCHOOL_COLUMNS["name"], name, re.I) for name in sheet.columns):
            return sheet, _read_schools
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read one of the two registers; only open places of the system are kept."""
    found = _find(preview(path))
    if found is None:
        raise WrongColumns("there is neither an organisation code nor a URN", file=path.name)
    sheet, read_register = found
    return read_register(read_table(path, sheet.name, header_row=sheet.header_row), context)


# ---- practices ------------------------------------------------------------------------------------------------------


def _read_practices(table: pd.DataFrame, context: ReadingContext) -> Reading:
    require_columns(table, [*_PRACTICE_COLUMNS, "Prescribing Setting"], source=PRACTICES)
    _refuse_repeats(table["Organisation Code"], PRACTICES)
    kept, notes = _practices_inside(table, context)
    open_now = kept[(kept["Status Code"] == "A") & (kept["Prescribing Setting"] == _GP_SETTING)]
    lon, lat = _lon_lat(open_now, PRACTICES)
    area, unplaced = _area(open_now, "LSOA21CD" if "LSOA21CD" in kept.columns else None, context)
    rows = _settings(open_now["Organisation Code"], "gp_practice", open_now["Name"].map(_capital_words), lon, lat, area)
    rows["attributes"] = _attributes(ods_code=open_now["Organisation Code"], sub_icb=_text(open_now, "Commissioner"))
    left = len(kept) - len(open_now)
    closed = (f"{left} closed practices or other prescribing places were left out.",) if left else ()
    return Reading(
        source_id=SOURCE_ID,
        edition="ODS practices",
        rows_read=len(table),
        frames={"setting": rows},
        notes=(*notes, *closed, *unplaced, "Telephone numbers and addresses were not stored."),
    )


def _practices_inside(table: pd.DataFrame, context: ReadingContext) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Practices of the system's sub-ICB; by LSOA only where the file says no commissioner."""
    if "Commissioner" in table.columns:
        return keep_known(table, "Commissioner", frozenset({ics().sub_icb_ods_code}), source=PRACTICES)
    require_columns(table, ["LSOA21CD"], source=PRACTICES)
    return keep_known(table, "LSOA21CD", known_lsoa21(context), source=PRACTICES)


def _capital_words(name: str) -> str:
    """Write "ORCHID HOUSE SURGERY" as "Orchid House Surgery"; leave a name that is not all capitals alone."""
    if not name.isupper():
        return name
    words = re.sub(r"[A-Z]+(?:'[A-Z]+)?", lambda word: word[0].capitalize(), name)
    return re.sub(r"\b(And|Of|The|At|On|In)\b(?!^)", lambda word: word[0].lower() if word.start() else word[0], words)


# ---- schools --------------------------------------------------------------------------------------------------------


def _read_schools(table: pd.DataFrame, context: ReadingContext) -> Reading:
    columns = {
        key: find_column(table, pattern, expected=pattern.split("|")[-1], source=SCHOOLS)
        for key, pattern in _SCHOOL_COLUMNS.items()
    }
    _refuse_repeats(table[columns["urn"]], SCHOOLS)
    kept, notes = _schools_inside(table, columns["lsoa"], context)
    status = next((name for name in kept.columns if re.fullmatch(r"EstablishmentStatus \(name\)", name, re.I)), None)
    open_now = kept[kept[status].str.startswith("Open")] if status else kept
    lon, lat = _lon_lat(open_now, SCHOOLS)
    area, unplaced = _area(open_now, columns["lsoa"], context)
    nursery = _has_nursery(open_now, columns)
    kinds = np.where(nursery, "nursery", "school")
    rows = _settings("URN" + open_now[columns["urn"]], kinds, open_now[columns["name"]], lon, lat, area)
    rows["attributes"] = _attributes(
        establishment_type=open_now[columns["type"]],
        phase=open_now[columns["phase"]],
        nursery_classes=_text(open_now, "NurseryProvision (name)"),
        lowest_age=_text(open_now, "StatutoryLowAge"),
    )
    closed = (f"{len(kept) - len(open_now)} closed schools were left out.",) if len(kept) > len(open_now) else ()
    return Reading(
        source_id=SCHOOLS_SOURCE_ID,
        edition="Get Information about Schools",
        rows_read=len(table),
        frames={"setting": rows},
        notes=(
            *notes,
            *closed,
            *unplaced,
            f"{int(nursery.sum())} are nursery schools. The others are kept as schools.",
        ),
    )


def _schools_inside(table: pd.DataFrame, lsoa: str, context: ReadingContext) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Schools in the system's council areas: by council code where there is one, else by LSOA.

    GIAS numbers councils its own way (838, 839), which the catalogue does not hold, so its number decides nothing.
    """
    gss = next(
        (name for name in table.columns if re.fullmatch(r"GSSLACode \(name\)|DistrictAdministrative \(code\)", name)),
        None,
    )
    if gss:
        return keep_footprint(table, gss, source=SCHOOLS)
    return keep_known(table, lsoa, known_lsoa21(context), source=SCHOOLS)


def _has_nursery(open_now: pd.DataFrame, columns: dict[str, str]) -> pd.Series[bool]:
    return open_now[columns["phase"]].str.casefold().eq("nursery") | open_now[columns["type"]].str.contains(
        r"nursery school", case=False
    )


# ---- both -----------------------------------------------------------------------------------------------------------


def _refuse_repeats(codes: pd.Series[str], source: str) -> None:
    wrong = codes.duplicated() | (codes == "")
    if wrong.any():
        raise wrong_values(codes, wrong, expected="each place once, with its code", source=source)


def _text(table: pd.DataFrame, name: str) -> pd.Series[str]:
    return table[name] if name in table.columns else pd.Series("", index=table.index, dtype="str")


def _attributes(**columns: pd.Series[str]) -> pd.Series[Any]:
    """One dictionary a row, of what the file says and no more: an empty cell is left out."""
    rows = pd.DataFrame(columns).to_dict(orient="records")
    records = [{name: value for name, value in row.items() if value} for row in rows]
    return pd.Series(records, dtype="object")


def _lon_lat(table: pd.DataFrame, source: str) -> tuple[pd.Series[float], pd.Series[float]]:
    """Longitude and latitude as given, or worked out from the British National Grid."""
    names = {name.casefold(): name for name in table.columns}
    lon = next((names[each] for each in ("longitude", "long", "lon") if each in names), None)
    lat = next((names[each] for each in ("latitude", "lat") if each in names), None)
    if lon and lat:
        places = (to_number(table[lon], source=source, blank=True), to_number(table[lat], source=source, blank=True))
    elif "easting" in names and "northing" in names:
        east = to_number(table[names["easting"]], source=source, blank=True)
        places = lon_lat_from_grid(east, to_number(table[names["northing"]], source=source, blank=True))
    else:
        require_columns(table, ["longitude", "latitude"], source=source)
        return to_number(table["longitude"]), to_number(table["latitude"])
    check_places(table, *places, source=source)
    return places


def _area(table: pd.DataFrame, column: str | None, context: ReadingContext) -> tuple[pd.Series[str], tuple[str, ...]]:
    """The 2021 LSOA of each place; an unknown code is left blank and counted, because registers lag behind."""
    if column is None:
        return pd.Series(None, index=table.index, dtype="str"), ("The file gives no LSOA, so these places have none.",)
    known = table[column].isin(known_lsoa21(context))
    note = (f"{int((~known).sum())} places have no 2021 LSOA of {ics().label}.",) if not known.all() else ()
    return table[column].where(known, None), note


def _settings(
    code: pd.Series[str],
    kind: str | np.ndarray[tuple[int, ...], np.dtype[np.str_]],
    name: pd.Series[str],
    lon: pd.Series[float],
    lat: pd.Series[float],
    area: pd.Series[str],
) -> pd.DataFrame:
    columns = {"setting_id": code, "kind": kind, "name": name, "lon": lon, "lat": lat, "area_code": area}
    return pd.DataFrame(columns).reset_index(drop=True)
