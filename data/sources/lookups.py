"""ONS lookups: which MSOA, ward, council and board a 2021 LSOA lies in, and how 2011 LSOAs became 2021 LSOAs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue import ics
from data.errors import WrongColumns
from data.sources.footprint import check_lsoa21, column_year, keep_footprint, known_lsoa21, lad_column, missing_note
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import (
    Preview,
    Sheet,
    check_codes,
    find_column,
    preview,
    read_table,
    require_columns,
    to_number,
    wrong_values,
)

SOURCE_ID = "ons_lookup_lsoa21"
CHANGE_SOURCE_ID: Final = "ons_lookup_lsoa11_lsoa21"
ACCEPTS = "ONS lookup of 2021 LSOAs to wards, councils and boards; ONS lookup of 2011 to 2021 LSOAs"
SOURCE = "ONS lookup"

CHANGES: Final = {"U": "unchanged", "S": "split", "M": "merged", "X": "changed in other ways"}
# Kind of area: its code column, its name column, and the area type it becomes. Years vary by edition.
_PARENTS: Final = {
    "msoa": ("msoa21", r"MSOA21CD", r"MSOA21NM", "msoa_code"),
    "ward": ("ward", r"WD\d\dCD", r"WD\d\dNM", "ward_code"),
    "lad": ("lad", r"LAD\d\dCD", r"LAD\d\dNM", "lad_code"),
    "icb": ("icb", r"ICB\d\dCD", r"ICB\d\dNM", "icb_code"),
    "region": ("region", r"RGN\d\dCD", r"RGN\d\dNM", "region_code"),
}
_PLACES: Final = ("centroid_long", "centroid_lat")


def recognises(table: Preview) -> bool:
    """LSOA21CD beside at least one area that holds it, or beside LSOA11CD and CHGIND; no counts."""
    return _change_sheet(table) is not None or _best_fit_sheet(table) is not None


def _change_sheet(table: Preview) -> Sheet | None:
    if table.kind not in {"text", "xlsx", "ods"}:
        return None
    return next(
        (sheet for sheet in table.sheets if _holds(sheet, "LSOA11CD") and _holds(sheet, "CHGIND|CHNGIND")), None
    )


def _best_fit_sheet(table: Preview) -> Sheet | None:
    if table.kind not in {"text", "xlsx", "ods"}:
        return None
    parents = r"WD\d\dCD|MSOA21CD|SICBL\d\dCD|ICB\d\dCD|RUC21CD"
    return next(
        (
            sheet
            for sheet in table.sheets
            if _holds(sheet, r"LSOA(21|11)CD") and _holds(sheet, parents) and not _postcodes(sheet)
        ),
        None,
    )


def _holds(sheet: Sheet, pattern: str) -> bool:
    return any(re.fullmatch(pattern, name, re.IGNORECASE) for name in sheet.columns)


def _postcodes(sheet: Sheet) -> bool:
    return _holds(sheet, r"pcds?|pcd\d|postcode|organisation code|urn")


def read(path: Path, context: ReadingContext) -> Reading:
    """Read whichever of the two lookups this is; only the system's areas are kept."""
    seen = preview(path)
    change = _change_sheet(seen)
    sheet = change or _best_fit_sheet(seen)
    if sheet is None:
        raise WrongColumns("there is no LSOA21CD column beside areas or changes", source=SOURCE, file=path.name)
    table = _capitals(read_table(path, sheet.name, header_row=sheet.header_row))
    return _read_changes(table, context) if change else _read_best_fit(table, context)


def _capitals(table: pd.DataFrame) -> pd.DataFrame:
    """The ONS portal writes LSOA21CD in its files and lsoa21cd in some downloads."""
    capitals = {
        name: name.upper() for name in table.columns if re.fullmatch(r"[A-Za-z]+\d\d(CD|NM|CDH|NMW|HCLNM)", name, re.I)
    }
    return table.rename(
        columns=capitals | {name: "CHGIND" for name in table.columns if name.upper() in {"CHGIND", "CHNGIND"}}
    )


# ---- LSOA to wards, councils and boards -----------------------------------------------------------------------------


def _read_best_fit(table: pd.DataFrame, context: ReadingContext) -> Reading:
    require_columns(table, ["LSOA21CD", "LSOA21NM"], source=SOURCE)
    if "OA21CD" in table.columns:  # a lookup from output areas, about five of which make an LSOA
        table = table.drop_duplicates([name for name in table.columns if not name.startswith("OA21")])
    check_codes(table["LSOA21CD"], "lsoa21", source=SOURCE)
    kept, notes = keep_footprint(table, lad_column(table, source=SOURCE), source=SOURCE)
    check_lsoa21(kept["LSOA21CD"], context, source=SOURCE)
    columns = _parent_columns(kept)
    for kind, (code, _) in columns.items():
        check_codes(kept[code], _PARENTS[kind][0], source=SOURCE, unique=False)
    areas = [_lsoas(kept, columns), *(_parents(kept, kind, columns) for kind in columns)]
    year = max(column_year(code) or 2021 for code, _ in columns.values())
    return Reading(
        source_id=SOURCE_ID,
        edition=str(year),
        rows_read=len(table),
        frames={"area": pd.concat(areas, ignore_index=True)},
        notes=(*notes, *missing_note(kept["LSOA21CD"], known_lsoa21(context))),
    )


def _parent_columns(table: pd.DataFrame) -> dict[str, tuple[str, str | None]]:
    """The code and name column of each kind of area that the file has, the latest year where there are two."""
    columns: dict[str, tuple[str, str | None]] = {}
    for kind, (_, code, name, _) in _PARENTS.items():
        codes = sorted(each for each in table.columns if re.fullmatch(code, each))
        names = sorted(each for each in table.columns if re.fullmatch(name, each))
        if codes:
            columns[kind] = (codes[-1], names[-1] if names else None)
    return columns


def _lsoas(kept: pd.DataFrame, columns: dict[str, tuple[str, str | None]]) -> pd.DataFrame:
    areas = pd.DataFrame(
        {"area_code": kept["LSOA21CD"], "area_type": "lsoa21", "area_name": kept["LSOA21NM"], "edition": "2021"}
    )
    if "MSOA21HCLNM" in kept.columns:
        areas["display_name"] = _neighbourhood_name(kept)
    for kind, (code, _) in columns.items():
        areas[_PARENTS[kind][3]] = kept[code]
    if "RUC21NM" in kept.columns:
        areas["rural_urban"] = kept["RUC21NM"]
    if set(_PLACES) <= set(kept.columns):
        areas["lon"] = to_number(kept["centroid_long"], source=SOURCE, low=-9, high=3)
        areas["lat"] = to_number(kept["centroid_lat"], source=SOURCE, low=49, high=61)
    return areas


def _neighbourhood_name(kept: pd.DataFrame) -> pd.Series[str]:
    """Write "Boscombe East 035A": the House of Commons Library name of the MSOA and the end of the LSOA's own name."""
    return kept["MSOA21HCLNM"] + " " + kept["LSOA21NM"].str.extract(r"(\d{3}[A-Z]+)$")[0].fillna("")


def _parents(kept: pd.DataFrame, kind: str, columns: dict[str, tuple[str, str | None]]) -> pd.DataFrame:
    """One row for each MSOA, ward, council or board, with the council and board that hold it."""
    code, name = columns[kind]
    area_type = _PARENTS[kind][0]
    areas = pd.DataFrame({"area_code": kept[code], "area_type": area_type, "edition": str(column_year(code) or 2021)})
    if name:
        areas["area_name"] = kept[name]
    if kind == "msoa" and "MSOA21HCLNM" in kept.columns:
        areas["display_name"] = kept["MSOA21HCLNM"]
    for above in _above(kind):
        if above in columns:
            areas[_PARENTS[above][3]] = kept[columns[above][0]]
    areas = _one_row_each(areas.drop_duplicates(ignore_index=True), kept, code)
    if kind in {"lad", "icb"}:
        areas["display_name"] = [_label(area) for area in areas["area_code"]]
    return areas


def _label(code: str) -> str | None:
    """The label that the catalogue gives a place: the council called Dorset is always "Dorset Council area"."""
    place = ics().place(code)
    return place.label if place else None


def _above(kind: str) -> tuple[str, ...]:
    return {
        "msoa": ("lad", "icb", "region"),
        "ward": ("lad", "icb", "region"),
        "lad": ("icb", "region"),
        "icb": ("region",),
    }.get(kind, ())


def _one_row_each(areas: pd.DataFrame, kept: pd.DataFrame, code: str) -> pd.DataFrame:
    twice = areas.loc[areas["area_code"].duplicated(), "area_code"]
    if len(twice):
        wrong = kept[code].isin(set(twice))
        raise wrong_values(kept[code], wrong, expected="one name and one parent for each area", source=SOURCE)
    return areas


# ---- 2011 to 2021 ---------------------------------------------------------------------------------------------------


def _read_changes(table: pd.DataFrame, context: ReadingContext) -> Reading:
    require_columns(table, ["LSOA11CD", "CHGIND", "LSOA21CD"], source=SOURCE)
    check_codes(table["LSOA11CD"], "lsoa11", source=SOURCE, unique=False)
    check_codes(table["LSOA21CD"], "lsoa21", source=SOURCE, unique=False)
    kept, notes = keep_footprint(
        table, find_column(table, r"LAD\d\dCD", expected="LAD22CD", source=SOURCE), source=SOURCE
    )
    check_lsoa21(kept["LSOA21CD"], context, source=SOURCE, unique=False)
    _check_changes(kept)
    changes = pd.DataFrame(
        {"area_code_from": kept["LSOA11CD"], "area_code_to": kept["LSOA21CD"], "change": kept["CHGIND"]}
    ).reset_index(drop=True)
    frames = {"area_change": changes}
    if {"LSOA11NM", "LSOA21NM"} <= set(kept.columns):
        frames["area"] = _change_areas(kept)
    return Reading(
        source_id=CHANGE_SOURCE_ID,
        edition="2011 to 2021",
        rows_read=len(table),
        frames=frames,
        notes=(*notes, _change_note(changes)),
    )


def _check_changes(kept: pd.DataFrame) -> None:
    """Hold each row to its change: unchanged keeps its code, a split has several parts, a merger several origins."""
    unknown = ~kept["CHGIND"].isin(set(CHANGES))
    if unknown.any():
        raise wrong_values(kept["CHGIND"], unknown, expected="U, S, M or X", source=SOURCE)
    origins = kept.groupby("LSOA21CD")["LSOA11CD"].transform("size")
    parts = kept.groupby("LSOA11CD")["LSOA21CD"].transform("size")
    change = kept["CHGIND"]
    wrong = (change.eq("U") & (kept["LSOA11CD"] != kept["LSOA21CD"])) | (change.eq("S") & parts.lt(2))
    wrong |= change.eq("M") & origins.lt(2)
    wrong |= kept.duplicated(["LSOA11CD", "LSOA21CD"])
    if wrong.any():
        words = "U with equal codes, S with every part, M with every origin, each pair once"
        raise wrong_values(change, wrong, expected=words, source=SOURCE, todo="Check that the file is complete")


def _change_areas(kept: pd.DataFrame) -> pd.DataFrame:
    lad = find_column(kept, r"LAD\d\dCD", expected="LAD22CD", source=SOURCE)
    newer = pd.DataFrame(
        {"area_code": kept["LSOA21CD"], "area_type": "lsoa21", "area_name": kept["LSOA21NM"], "edition": "2021"}
    )
    older = pd.DataFrame(
        {"area_code": kept["LSOA11CD"], "area_type": "lsoa11", "area_name": kept["LSOA11NM"], "edition": "2011"}
    )
    older = older[~older["area_code"].isin(set(newer["area_code"]))]  # an unchanged LSOA is one area under one code
    both = pd.concat([newer.assign(lad_code=kept[lad]), older.assign(lad_code=kept[lad])])
    return both.drop_duplicates(["area_code", "area_type"], ignore_index=True)


def _change_note(changes: pd.DataFrame) -> str:
    counts = changes["change"].value_counts()
    parts = [f"{counts[mark]} {words}" for mark, words in CHANGES.items() if mark in counts]
    return f"Rows of the change lookup: {', '.join(parts)}."
