"""Census 2021 tables by LSOA: broad ages, ethnic group (TS021) and household deprivation (TS011).

Three shapes are read: one column a category, the Nomis bulk download and the long download of the ONS website.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import WrongColumns
from data.sources.footprint import check_lsoa21, keep_known, known_lsoa21, missing_note
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

SOURCE_ID = "census2021_age"  # the other two tables have source ids of their own
ACCEPTS = "Census 2021 by LSOA: ages, ethnic group (TS021), household deprivation (TS011)"
SOURCE = "ONS Census 2021"
CENSUS_DAY: Final = "2021-03-21"


@dataclass(frozen=True, slots=True)
class Table:
    """One census table: its source id and the band of ``population`` that each category becomes."""

    source_id: str
    title: str
    categories: dict[str, str]
    total: str
    everyone: str = ""


# Ethnic groups and households have no table of their own: they are kept in ``population`` under a band that says so.
TABLES: Final = (
    Table(
        source_id="census2021_age",
        title="broad age groups",
        categories={
            "Aged 15 years and under": "0-15",
            "Aged 16 to 24 years": "16-24",
            "Aged 25 to 34 years": "25-34",
            "Aged 35 to 49 years": "35-49",
            "Aged 50 to 64 years": "50-64",
            "Aged 65 years and over": "65+",
        },
        total="All usual residents",
        everyone="all",
    ),
    Table(
        source_id="census2021_ethnic_group",
        title="ethnic group (TS021)",
        categories={
            "Asian, Asian British or Asian Welsh": "ethnic:asian",
            "Black, Black British, Black Welsh, Caribbean or African": "ethnic:black",
            "Mixed or Multiple ethnic groups": "ethnic:mixed",
            "White": "ethnic:white",
            "Other ethnic group": "ethnic:other",
        },
        total="Total: All usual residents",
        everyone="ethnic:all",
    ),
    Table(
        source_id="census2021_household_deprivation",
        title="household deprivation (TS011)",
        categories={
            "Household is not deprived in any dimension": "households:0",
            "Household is deprived in one dimension": "households:1",
            "Household is deprived in two dimensions": "households:2",
            "Household is deprived in three dimensions": "households:3",
            "Household is deprived in four dimensions": "households:4",
        },
        total="Total: All households",
        everyone="households:all",
    ),
)
_CODES: Final = r"LSOA\d\dCD|geography code|lower layer super output areas code|lsoa code \(20\d\d\)"
_LEAD: Final = re.compile(r"^(ethnic group|household deprivation|age)( \(\d+ categor(y|ies)\))?: ", re.IGNORECASE)
_TAIL: Final = re.compile(r"(; measures: value| \(\d+ categories\))$", re.IGNORECASE)


def _plain(name: str) -> str:
    """Take away what Nomis writes around a category: "Ethnic group: White; measures: Value" is "White"."""
    return _LEAD.sub("", _TAIL.sub("", name)).casefold()


def recognises(table: Preview) -> bool:
    """An area code beside at least two categories of one of the three tables, as columns or as values."""
    return _find(table) is not None


def _find(seen: Preview) -> tuple[Sheet, int, Table] | None:
    for sheet in seen.sheets if seen.kind in {"text", "xlsx", "ods"} else ():
        for at, row in enumerate(sheet.head, start=1):
            if not any(re.fullmatch(_CODES, name, re.IGNORECASE) for name in row):
                continue
            table = _table_of({_plain(name) for name in row}) or _long_table(sheet, at)
            if table:
                return sheet, at, table
    return None


def _table_of(names: set[str]) -> Table | None:
    return next((each for each in TABLES if len(names & {name.casefold() for name in each.categories}) >= 2), None)


def _long_table(sheet: Sheet, at: int) -> Table | None:
    if sheet.head[at - 1][-1:] != ("Observation",):
        return None
    return _table_of({_plain(cell) for row in sheet.head[at:] for cell in row})


def read(path: Path, context: ReadingContext) -> Reading:
    """Read one of the three tables; only the system's LSOAs are kept."""
    found = _find(preview(path))
    if found is None:
        raise WrongColumns("there are no census categories beside an LSOA code", source=SOURCE, file=path.name)
    sheet, at, table = found
    frame = read_table(path, sheet.name, header_row=at)
    code = next(name for name in frame.columns if re.fullmatch(_CODES, name, re.IGNORECASE))
    long_form = frame.columns[-1] == "Observation"
    check_codes(frame[code], "lsoa11" if "11" in code else "lsoa21", source=SOURCE, unique=not long_form)
    if "11" in code:
        check_lsoa21(frame[code].rename(f"{code} (2011)"), context, source=SOURCE)
    kept, notes = _inside(frame, code, context)
    counts = _long_counts(kept, code, table) if long_form else _wide_counts(kept, code, table)
    return Reading(
        source_id=table.source_id,
        edition=f"Census 2021, {table.title}",
        rows_read=len(frame),
        frames={"population": _population(counts, table)},
        notes=(*notes, *missing_note(kept[code], known_lsoa21(context))),
    )


def _inside(frame: pd.DataFrame, code: str, context: ReadingContext) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A part of the file for the system alone must hold nothing but 2021 LSOAs; a national file is cut."""
    lad = next((name for name in frame.columns if re.fullmatch(r"LAD\d\dCD", name)), None)
    kept, notes = keep_known(frame, code, known_lsoa21(context), source=SOURCE)
    if lad is not None:
        inside = frame[frame[lad].isin(set(kept[lad]))]
        check_lsoa21(inside[code], context, source=SOURCE)
    return kept, notes


def _wide_counts(kept: pd.DataFrame, code: str, table: Table) -> pd.DataFrame:
    names = {_plain(name): name for name in kept.columns}
    missing = [category for category in table.categories if category.casefold() not in names]
    require_columns(kept, missing, source=SOURCE)
    counts = pd.DataFrame(
        {
            stored: to_number(kept[names[category.casefold()]], source=SOURCE, low=0, whole=True)
            for category, stored in table.categories.items()
        }
    )
    total = next((name for plain, name in names.items() if plain.startswith(table.total.casefold())), None)
    if total:
        published = to_number(kept[total], source=SOURCE, low=0, whole=True)
        _check_total(kept[total], counts, published)
    counts.index = pd.Index(kept[code], name="area_code")
    return counts


def _check_total(column: pd.Series[str], counts: pd.DataFrame, published: pd.Series[float]) -> None:
    """Census cells are perturbed, so parts and total may differ by a few people and no more."""
    wrong = (counts.sum(axis=1) - published).abs() > 5 * counts.shape[1]
    if wrong.any():
        raise wrong_values(column, wrong, expected="about the sum of the categories", source=SOURCE)


def _long_counts(kept: pd.DataFrame, code: str, table: Table) -> pd.DataFrame:
    label = kept.columns[-2]
    stored = {name.casefold(): stored for name, stored in table.categories.items()}
    category = kept[label].map(lambda value: stored.get(_plain(value)))
    number = to_number(kept["Observation"], source=SOURCE, low=0, whole=True)
    rows = pd.DataFrame({"area_code": kept[code], "category": category, "count": number}).dropna(subset=["category"])
    twice = rows.duplicated(["area_code", "category"])
    if twice.any():
        wrong = pd.Series(kept.index.isin(rows.index[twice]), index=kept.index)
        raise wrong_values(kept[code], wrong, expected="each area and category once", source=SOURCE)
    counts = rows.pivot_table(index="area_code", columns="category", values="count", aggfunc="sum")
    require_columns(counts, list(table.categories.values()), source=SOURCE)
    return counts[list(table.categories.values())]


def _population(counts: pd.DataFrame, table: Table) -> pd.DataFrame:
    everyone = counts.assign(**{table.everyone: counts.sum(axis=1)}).reset_index()
    rows = everyone.melt(id_vars="area_code", var_name="age_band", value_name="count")
    return rows.assign(reference_date=CENSUS_DAY, edition=f"Census 2021, {table.title}", estimate=False, method="")
