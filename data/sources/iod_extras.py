"""Indices of Deprivation 2025 beside File 7: underlying indicators (File 8) and summaries (Files 10 and 13).

No ask of the dashboard is measured by these figures, so what they leave in the store is the areas they name. The
summaries are held against File 7: the share of neighbourhoods in the most deprived tenth must be the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data import reference
from data.catalogue import ics
from data.errors import WrongColumns, WrongVintage
from data.sources.footprint import (
    check_lsoa21,
    keep_footprint,
    keep_known,
    known_lsoa21,
    lad_codes,
    lad_column,
    missing_note,
)
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

SOURCE_ID = "iod2025_underlying"
SUMMARY_SOURCE_ID: Final = "iod2025_summary"
ACCEPTS = "English Indices of Deprivation 2025, Files 8, 10 and 13"
SOURCE = "English Indices of Deprivation 2025"

_UNDERLYING: Final = ("income domain numerator", "employment domain numerator", "mental health indicator")
_SUMMARY: Final = ("imd average rank", "imd average score")
_LSOA: Final = r"LSOA\d\dCD|LSOA code \(20\d\d\)"
_LARGER: Final = r"(ltla|lad|icb)\d\d_?(code|cd)|(Local Authority District|Integrated Care Board) code \(20\d\d\)"


def _words(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))


def recognises(table: Preview) -> bool:
    """Numerators and indicators by LSOA, or average ranks and scores by council or board."""
    return _find(table) is not None


def _find(seen: Preview) -> tuple[Sheet, int, bool] | None:
    for sheet in seen.sheets if seen.kind in {"text", "xlsx", "ods"} else ():
        for at, row in enumerate(sheet.head, start=1):
            words = [_words(name) for name in row]
            for starts, underlying in ((_UNDERLYING, True), (_SUMMARY, False)):
                if sum(any(each.startswith(start) for each in words) for start in starts) >= 2:
                    return sheet, at, underlying
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read and check either kind of file."""
    found = _find(preview(path))
    if found is None:
        raise WrongColumns("there are no underlying indicators and no average ranks", source=SOURCE, file=path.name)
    sheet, header_row, underlying = found
    table = read_table(path, sheet.name, header_row=header_row)
    return _read_underlying(table, context) if underlying else _read_summary(table)


def _read_underlying(table: pd.DataFrame, context: ReadingContext) -> Reading:
    code = find_column(table, _LSOA, expected="LSOA21CD", source=SOURCE)
    if "11" in code:
        raise _wrong_vintage(table, code)
    check_codes(table[code], "lsoa21", source=SOURCE)
    kept, notes = keep_footprint(table, lad_column(table, source=SOURCE), source=SOURCE)
    check_lsoa21(kept[code], context, source=SOURCE)
    notes = (*notes, *missing_note(kept[code], known_lsoa21(context)))
    blank = 0
    for name in kept.columns:
        if _words(name).endswith(("numerator", "indicator")):
            blank += int(to_number(kept[name], source=SOURCE, blank=True).isna().sum())
    stored = "No indicator of this dashboard uses File 8, so only the names and councils of its LSOAs were stored."
    blanks = (f"{blank} cells are blank as published and were not filled.",) if blank else ()
    name = re.sub("code", "name", re.sub("CD$", "NM", code))
    require_columns(kept, [name], source=SOURCE)
    areas = pd.DataFrame(
        {"area_code": kept[code], "area_type": "lsoa21", "area_name": kept[name], "lad_code": kept[lad_column(kept)]}
    )
    return Reading(
        source_id=SOURCE_ID,
        edition="2025",
        rows_read=len(table),
        frames={"area": areas.reset_index(drop=True)},
        notes=(*notes, *blanks, stored),
    )


def _wrong_vintage(table: pd.DataFrame, code: str) -> WrongVintage:
    return WrongVintage(
        "the indicators are on LSOAs of another year",
        source=SOURCE,
        file=table.attrs.get("file"),
        column=code,
        found="LSOA codes of 2011",
        expected="LSOA codes of 2021",
        todo="Download File 8 of the 2025 edition",
    )


def _read_summary(table: pd.DataFrame) -> Reading:
    code = find_column(table, _LARGER, expected="ltla24_code", source=SOURCE)
    name = re.sub("code", "name", re.sub("(?i)cd$", "nm", code))
    area_type = "icb" if _words(code).startswith(("icb", "integrated")) else "lad"
    check_codes(table[code], area_type, source=SOURCE)
    codes = frozenset({ics().icb.code}) if area_type == "icb" else lad_codes()
    kept, notes = keep_known(table, code, codes, source=SOURCE)
    _check_shares(kept, code)
    areas = pd.DataFrame(
        {"area_code": kept[code], "area_type": area_type, "area_name": kept[find_column(kept, name, expected=name)]}
    )
    stored = (
        "The share of LSOAs in the most deprived tenth agrees with File 7. "
        "No indicator of this dashboard uses these summaries, so only the names of the areas were stored."
    )
    return Reading(
        source_id=SUMMARY_SOURCE_ID,
        edition="2025",
        rows_read=len(table),
        frames={"area": areas.reset_index(drop=True)},
        notes=(*notes, stored),
    )


def _check_shares(kept: pd.DataFrame, code: str) -> None:
    """Hold the published share of LSOAs in decile 1 against the embedded deciles of File 7, to its four decimals."""
    column = next((name for name in kept.columns if _words(name).startswith("imd proportion of ls")), None)
    if column is None:
        raise WrongColumns(
            "the share of LSOAs in the most deprived tenth is missing", source=SOURCE, file=kept.attrs.get("file")
        )
    share = to_number(kept[column], source=SOURCE, low=0, high=1)
    lsoas = reference.lsoas()
    lsoas = lsoas[lsoas["lad24cd"].isin(lad_codes())]
    worst = lsoas["imd_decile"].eq(1)
    expected = worst.groupby(lsoas["lad24cd"]).mean().to_dict() | {ics().icb.code: worst.mean()}
    wrong = (share - kept[code].map(expected)).abs() > 0.00006
    if wrong.any():
        raise wrong_values(kept[column], wrong, expected="the share that File 7 gives", source=SOURCE)
