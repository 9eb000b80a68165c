"""English Indices of Deprivation: File 7 of 2025 (on 2021 LSOAs) and of 2019 (on 2011 LSOAs), long or short headers.

Copies of File 7 carry double spaces, line breaks or headers cut off in the middle, and some tools rename them
(``IMD_rank``, ``imd_decile``), so a column is recognised by how its name starts.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.errors import WrongColumns, WrongVintage
from data.sources.footprint import (
    check_lsoa21,
    column_year,
    keep_footprint,
    known_lsoa21,
    lad_column,
    missing_note,
    without_living,
)
from data.sources.reading import Reading, ReadingContext
from data.sources.tables import (
    Preview,
    Sheet,
    check_codes,
    find_column,
    preview,
    read_table,
    to_number,
    wrong_values,
)

SOURCE_ID = "iod2025"  # the 2019 edition reads as "iod2019"
ACCEPTS = "English Indices of Deprivation 2025 or 2019, File 7"
SOURCE = "English Indices of Deprivation"

MEASURES: Final = ("score", "rank", "decile")
# How a domain's column starts, in lower case, signs as spaces: the headers of File 7, then the short ones of copies.
DOMAINS: Final = {
    "index of multiple deprivation": "imd",
    "income deprivation affecting children": "idaci",
    "income deprivation affecting older people": "idaopi",
    "income": "income",
    "employment": "employment",
    "education skills and training": "education",
    "health deprivation and disability": "health",
    "crime": "crime",
    "barriers to housing and services": "housing",
    "living environment": "environment",
    "children and young people": "education_children",
    "adult skills": "education_adults",
    "geographical barriers": "housing_geographical",
    "wider barriers": "housing_wider",
    "indoors": "environment_indoors",
    "outdoors": "environment_outdoors",
    "imd": "imd",
    "idaci": "idaci",
    "idaopi": "idaopi",
    "education": "education",
    "health": "health",
    "housing and access": "housing",
    "barriers": "housing",
    "environment": "environment",
}
_BETWEEN: Final = {"imd", "idaci", "idaopi", "index", "domain", "sub", "subdomain", "2019", "2025"}
_POPULATIONS: Final = {
    "total population": "all",
    "dependent children aged 0 15": "0-15",
    "older population aged 60 and over": "60+",
    "working age population 18 66": "18-66",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the indices: how many LSOAs of which year it ranks."""

    name: str
    area_type: str
    lsoa_year: int
    areas: int
    published: dt.date


# MHCLG, English indices of deprivation 2025 and 2019: statistical releases.
EDITIONS: Final = (
    Edition("2025", "lsoa21", 2021, 33_755, dt.date(2025, 10, 30)),
    Edition("2019", "lsoa11", 2011, 32_844, dt.date(2019, 9, 26)),
)
_LSOA_COLUMN: Final = r"LSOA code \(20\d\d\)|LSOA\d\dCD|lsoa_?code_?20\d\d|lsoa\d\d_?code"


def domain_and_measure(name: str) -> tuple[str, str] | None:
    """Read a column name as (domain, score or rank or decile), or None when it is neither."""
    words = _words(name)
    for start, domain in DOMAINS.items():
        if words == start or words.startswith(start + " "):
            rest = [word for word in words[len(start) :].split() if word not in _BETWEEN]
            if rest and rest[0] in MEASURES:
                return domain, rest[0]
    return None


def _words(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))


def recognises(table: Preview) -> bool:
    """An LSOA code column beside ranks and deciles of deprivation domains."""
    return table.kind in {"text", "xlsx", "ods"} and _find_sheet(table) is not None


def _find_sheet(table: Preview) -> tuple[Sheet, int] | None:
    for sheet in table.sheets:
        for number, row in enumerate(sheet.head, start=1):
            measures = {found[1] for name in row if (found := domain_and_measure(name))}
            if measures & {"rank", "decile"} and any(_words(name).startswith("lsoa") for name in row):
                return sheet, number
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read one edition; only the system's areas are kept."""
    found = _find_sheet(preview(path))
    if found is None:
        raise WrongColumns("there are no ranks or deciles of deprivation by LSOA", source=SOURCE, file=path.name)
    sheet, header_row = found
    table = read_table(path, sheet.name, header_row=header_row)
    code = find_column(table, _LSOA_COLUMN, expected="LSOA code (2021)", source=SOURCE)
    lad = lad_column(table, source=SOURCE)
    edition = _edition(table, code, lad)
    check_codes(table[code], edition.area_type, source=SOURCE)
    kept, notes = keep_footprint(table, lad, source=SOURCE)
    if edition.area_type == "lsoa21":
        check_lsoa21(kept[code], context, source=SOURCE)
        notes = (*notes, *missing_note(kept[code], known_lsoa21(context)))
    areas = _areas(kept, code, lad, edition)
    if edition.area_type == "lsoa11":
        areas = without_living(areas, context)
    frames = {"area": areas, "deprivation": _deprivation(kept, code, edition)}
    population = _population(kept, code, edition)
    if len(population):
        frames["population"] = population
    return Reading(
        source_id=f"iod{edition.name}",
        edition=edition.name,
        rows_read=len(table),
        frames=frames,
        extract_date=edition.published,
        notes=(*notes, *_edition_notes(kept, edition)),
    )


def _edition(table: pd.DataFrame, code: str, lad: str) -> Edition:
    year, lad_year = column_year(code), column_year(lad)
    edition = next((each for each in EDITIONS if each.lsoa_year == year), None)
    if edition is None:
        raise _wrong_vintage(table, code, f"LSOA codes of {year}", "LSOA codes of 2021 (IoD 2025) or 2011 (IoD 2019)")
    if edition.name == "2025" and lad_year is not None and lad_year < 2021:
        raise _wrong_vintage(
            table,
            lad,
            f"2021 LSOAs beside local authorities of {lad_year}",
            "2021 LSOAs beside local authorities of 2024",
        )
    if edition.name == "2019" and lad_year is not None and lad_year < 2019:
        raise _wrong_vintage(table, lad, f"local authorities of {lad_year} (IoD 2015)", "the 2019 or 2025 edition")
    if edition.name == "2019" and lad_year is not None and lad_year > 2020:
        raise _wrong_vintage(
            table,
            lad,
            f"2011 LSOAs beside local authorities of {lad_year}",
            "2011 LSOAs beside local authorities of 2019",
        )
    return edition


def _wrong_vintage(table: pd.DataFrame, column: str, found: str, expected: str) -> WrongVintage:
    return WrongVintage(
        "the file mixes years or is of an edition that is not accepted",
        source=SOURCE,
        file=table.attrs.get("file"),
        sheet=table.attrs.get("sheet"),
        column=column,
        found=found,
        expected=expected,
        todo="Download File 7 of the 2025 or the 2019 edition",
    )


def _edition_notes(kept: pd.DataFrame, edition: Edition) -> tuple[str, ...]:
    if edition.area_type == "lsoa21":
        return ()
    notes = ["These ranks are of 2011 LSOAs. They are kept apart from 2021 LSOAs, even where the code is the same."]
    if any(_words(name).startswith("total population") for name in kept.columns):
        notes.append("The mid-2015 population columns are on 2011 LSOAs and were not stored.")
    return tuple(notes)


def _areas(kept: pd.DataFrame, code: str, lad: str, edition: Edition) -> pd.DataFrame:
    name = re.sub(r"code", "name", re.sub(r"CD$", "NM", code))
    columns = {"area_code": kept[code], "area_type": edition.area_type}
    if name in kept.columns:
        columns["area_name"] = kept[name]
    columns |= {"lad_code": kept[lad], "edition": str(edition.lsoa_year)}
    return pd.DataFrame(columns).reset_index(drop=True)


def _deprivation(kept: pd.DataFrame, code: str, edition: Edition) -> pd.DataFrame:
    columns = _measure_columns(kept)
    frames = [_domain(kept, code, domain, names, edition) for domain, names in columns.items()]
    return pd.concat(frames, ignore_index=True)


def _measure_columns(kept: pd.DataFrame) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    for name in kept.columns:
        found = domain_and_measure(name)
        if found is None:
            continue
        domain, measure = found
        if measure in columns.setdefault(domain, {}):
            raise _columns_error(kept, f"{name!r} and {columns[domain][measure]!r} both hold the {domain} {measure}")
        columns[domain][measure] = name
    columns.setdefault("imd", {})
    missing = [
        f"{domain} {each}" for domain, names in columns.items() for each in ("rank", "decile") if each not in names
    ]
    if missing:
        raise _columns_error(kept, f"{len(missing)} columns are missing: {', '.join(missing)}")
    return columns


def _columns_error(kept: pd.DataFrame, problem: str) -> WrongColumns:
    return WrongColumns(
        problem,
        source=SOURCE,
        file=kept.attrs.get("file"),
        sheet=kept.attrs.get("sheet"),
        todo="Use File 7 as published: a rank and a decile for each domain",
    )


def _domain(kept: pd.DataFrame, code: str, domain: str, names: dict[str, str], edition: Edition) -> pd.DataFrame:
    rank = to_number(kept[names["rank"]], source=SOURCE, low=1, high=edition.areas, whole=True)
    decile = to_number(kept[names["decile"]], source=SOURCE, low=1, high=10, whole=True)
    _check_decile(kept[names["decile"]], rank, decile, edition)
    score = to_number(kept[names["score"]], source=SOURCE) if "score" in names else np.nan
    return pd.DataFrame(
        {
            "area_code": kept[code],
            "edition": edition.name,
            "domain": domain,
            "score": score,
            "rank": rank.astype("int64"),
            "decile": decile.astype("int64"),
        }
    )


def _check_decile(column: pd.Series[str], rank: pd.Series[float], decile: pd.Series[float], edition: Edition) -> None:
    """A decile is the tenth of all England's LSOAs that a rank falls in; anything else is a mixed or shifted file."""
    wrong = decile != np.ceil(rank * 10 / edition.areas)
    if wrong.any():
        raise wrong_values(
            column,
            wrong,
            expected=f"the tenth of {edition.areas:,} LSOAs that the rank falls in",
            source=SOURCE,
            todo="Check that no column was sorted or pasted by itself",
        )


def _population(kept: pd.DataFrame, code: str, edition: Edition) -> pd.DataFrame:
    """Denominators of File 7, published by mid-year; those of 2019 are on 2011 LSOAs and stay out."""
    frames = []
    for name in kept.columns:
        words = _words(name)
        band = next((band for start, band in _POPULATIONS.items() if words.startswith(start)), None)
        year = re.search(r"mid (20\d\d)", words)
        if band and year and edition.area_type == "lsoa21":
            count = to_number(kept[name], source=SOURCE, low=0)
            frames.append(_population_rows(kept[code], band, int(year[1]), count))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _population_rows(code: pd.Series[str], band: str, year: int, count: pd.Series[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": code,
            "age_band": band,
            "reference_date": f"{year}-06-30",
            "count": count,
            "edition": f"ONS mid-{year}, as in the 2025 indices of deprivation",
            "estimate": False,
            "method": "",
        }
    )
