"""ONS National Statistics Postcode Lookup: the 2021 LSOA of each postcode, read a part at a time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue import ics
from data.errors import EmptyFile, UnreadableFile, WrongColumns, WrongValues, WrongVintage
from data.sources.footprint import check_lsoa21, known_lsoa21
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import Preview, Sheet, preview, read_in_chunks, wrong_values

SOURCE_ID = "ons_nspl"
ACCEPTS = "ONS National Statistics Postcode Lookup (CSV)"
SOURCE = "ONS postcode lookup"

# The newest writing of the postcode comes first; NSPL has three columns for it.
_POSTCODES: Final = ("pcds", "postcode", "pcd", "pcd2", "pcd7", "pcd8")
_LSOAS: Final = ("lsoa21cd", "lsoa21")
_OLD_LSOAS: Final = ("lsoa11cd", "lsoa11", "lsoa01cd", "lsoa01")
# A9 9AA, A99 9AA, AA9 9AA, AA99 9AA, A9A 9AA, AA9A 9AA, without the space.
PATTERN: Final = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"


def recognises(table: Preview) -> bool:
    """A postcode column beside an LSOA column, and not a list of practices, schools or other places with a name."""
    return _find_sheet(table) is not None


def _find_sheet(table: Preview) -> Sheet | None:
    for sheet in table.sheets if table.kind in {"text", "xlsx", "ods"} else ():
        names = {name.casefold() for name in sheet.columns}
        places = any(re.search(r"\bname|organisation|establishment|urn", name) for name in names)
        if names & set(_POSTCODES) and any(name.startswith("lsoa") for name in names) and not places:
            return sheet
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the system's postcodes; one that stands twice with different LSOAs is refused."""
    seen = preview(path)
    sheet = _find_sheet(seen)
    if sheet is None:
        raise WrongColumns("there is no postcode beside an LSOA", source=SOURCE, file=path.name)
    if seen.kind != "text":
        raise UnreadableFile(
            "a postcode lookup is too long for a workbook", source=SOURCE, file=path.name, expected="CSV"
        )
    postcode, lsoa = _columns(sheet, path)
    known = known_lsoa21(context)
    rows_read, parts = 0, []
    for part in read_in_chunks(path, [postcode, lsoa]):
        rows_read += len(part)
        parts.append(_inside(part, postcode, lsoa, known))
    if not rows_read:
        raise EmptyFile("there are no rows below the column names", source=SOURCE, file=path.name)
    kept = pd.concat(parts)
    kept.attrs = {"file": path.name, "sheet": None}
    frame = _tidy(kept, postcode, lsoa, path, context)
    outside = rows_read - len(kept)
    note = f"{outside:,} of {rows_read:,} postcodes are outside {ics().label} and were left out."
    return Reading(
        source_id=SOURCE_ID,
        edition=_edition(path),
        rows_read=rows_read,
        frames={"postcode": frame},
        notes=(note,) if outside else (),
    )


def _columns(sheet: Sheet, path: Path) -> tuple[str, str]:
    names = {name.casefold(): name for name in sheet.columns}
    lsoa = next((names[each] for each in _LSOAS if each in names), None)
    if lsoa is None:
        older = next((names[each] for each in _OLD_LSOAS if each in names), "LSOA")
        raise WrongVintage(
            "the postcodes are placed in LSOAs of another year",
            source=SOURCE,
            file=path.name,
            column=older,
            found=older,
            expected="LSOA21CD",
            todo="Download the postcode lookup for Census 2021 areas",
        )
    return next(names[each] for each in _POSTCODES if each in names), lsoa


def _inside(part: pd.DataFrame, postcode: str, lsoa: str, known: frozenset[str]) -> pd.DataFrame:
    """Keep the system's rows; a row with a postcode and no LSOA (Channel Islands, ended codes) is left out."""
    wrong = (part[lsoa] != "") & ~part[lsoa].str.fullmatch(
        r"[EWSN9L][0-9A-Z]\d{7}|[A-Z]\d{8}|\d{2}[A-Z]{2}\d{2}[A-Z]\d"
    )
    wrong |= part[postcode] == ""
    if wrong.any():
        raise wrong_values(part[lsoa], wrong, expected="a postcode and its LSOA code", source=SOURCE)
    return part[part[lsoa].isin(known)]


def _tidy(kept: pd.DataFrame, postcode: str, lsoa: str, path: Path, context: ReadingContext) -> pd.DataFrame:
    if kept.empty:
        raise WrongValues(
            f"no postcode is in a 2021 LSOA of {ics().label}",
            source=SOURCE,
            file=path.name,
            column=lsoa,
            expected="LSOA21CD",
        )
    check_lsoa21(kept[lsoa], context, source=SOURCE, unique=False)
    tidy = kept[postcode].str.replace(r"\s+", "", regex=True).str.upper()
    wrong = ~tidy.str.fullmatch(PATTERN)
    if wrong.any():
        raise wrong_values(kept[postcode], wrong, expected="a postcode such as BH1 1AA", source=SOURCE)
    frame = pd.DataFrame({"postcode": tidy, "area_code": kept[lsoa]}).drop_duplicates()
    twice = frame["postcode"].duplicated(keep=False)
    if twice.any():
        raise wrong_values(
            kept[postcode].loc[twice[twice].index], twice[twice], expected="one LSOA a postcode", source=SOURCE
        )
    return frame.reset_index(drop=True)


def _edition(path: Path) -> str:
    """The month in the name that ONS gives the file (NSPL21_MAY_2025…); the content does not hold it."""
    found = re.search(r"(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*_?(20\d\d)", path.name.upper())
    return f"{found[1].capitalize()} {found[2]}" if found else "not stated in the file"
