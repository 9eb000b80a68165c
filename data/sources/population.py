"""ONS small area population by single year of age on 2011 LSOAs, carried to 2021 LSOAs as an estimate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.errors import WrongColumns, WrongValues
from data.sources.carrying import METHODS, carry_counts
from data.sources.footprint import check_lsoa21, keep_footprint, lad_column
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
)

SOURCE_ID = "ons_population_lsoa11"
ACCEPTS = "ONS small area population estimates by single year of age (LSOA)"
SOURCE = "ONS small area population estimates"

_AGE = re.compile(r"(?:age[_ ]?)?(\d{1,2})(\+|[_ ]?plus|[_ ]?and over)?", re.IGNORECASE)
_CODE = r"LSOA(11|21)CD|LSOA Code|LSOA (2011|2021) Code|LSOA code \((2011|2021)\)"
_ALL = r"All Ages|Total"
_CHILD_AGES: Final = frozenset(str(age) for age in range(16))
DEFAULT_YEAR: Final = 2020  # SAPE23DT2, mid-2020: the last release on 2011 LSOAs


def age_of(name: str) -> str | None:
    """Read "Age_0", "0" or "Age_90plus" as "0" or "90+"; None for other columns."""
    found = _AGE.fullmatch(name.strip())
    return f"{found[1]}{'+' if found[2] else ''}" if found else None


def recognises(table: Preview) -> bool:
    """An LSOA code beside a column for each single year of age."""
    return _find_sheet(table) is not None


def _find_sheet(table: Preview) -> Sheet | None:
    if table.kind not in {"text", "xlsx", "ods"}:
        return None
    for sheet in table.sheets:
        ages = {age for name in sheet.columns if (age := age_of(name))}
        if len(ages) > 20 and any(name.upper().startswith("LSOA") for name in sheet.columns):
            return sheet
    return None


def read(path: Path, context: ReadingContext) -> Reading:
    """Read the counts and, where they are on 2011 LSOAs, carry them to 2021 LSOAs."""
    sheet = _find_sheet(preview(path))
    if sheet is None:
        raise WrongColumns("there is no column for each year of age", source=SOURCE, file=path.name)
    table = read_table(path, sheet.name, header_row=sheet.header_row)
    code = find_column(table, _CODE, expected="LSOA11CD", source=SOURCE)
    older = _on_2011(table, code)
    check_codes(table[code], "lsoa11" if older else "lsoa21", source=SOURCE)
    kept, notes = keep_footprint(table, lad_column(table, source=SOURCE), source=SOURCE)
    counts = _counts(kept, code)
    year, unsaid = _year(sheet, path)
    if older:
        rows, more = _carried(counts, context, year)
    else:
        check_lsoa21(kept[code], context, source=SOURCE)
        rows, more = _rows(counts.assign(method=""), year), ()
    return Reading(
        source_id=SOURCE_ID,
        edition=f"mid-{year}",
        rows_read=len(table),
        frames={"population": rows},
        notes=(*notes, *unsaid, *more),
    )


def _on_2011(table: pd.DataFrame, code: str) -> bool:
    """A header without a year is judged by its codes: any code made for 2021 means 2021."""
    if "21" in code:
        return False
    return "11" in code or not (table[code] > "E01033768").any()


def _year(sheet: Sheet, path: Path) -> tuple[int, tuple[str, ...]]:
    """The mid-year that title, sheet or file name gives; else that of the last release on 2011 LSOAs, and a note."""
    title = (cell for row in sheet.head[: sheet.header_row - 1] for cell in row)
    found = re.search(r"mid[-_ ]?(?:year[-_ ]?)?(20\d\d)", " ".join([sheet.name, *title, path.name]), re.IGNORECASE)
    if found:
        return int(found[1]), ()
    note = f"The file does not say its year. It was taken as mid-{DEFAULT_YEAR}, the last release on 2011 LSOAs."
    return DEFAULT_YEAR, (note,)


def _counts(kept: pd.DataFrame, code: str) -> pd.DataFrame:
    """Counts by age, checked to add up to the published total of each area."""
    ages = {name: age for name in kept.columns if (age := age_of(name))}
    wanted = [str(age) for age in range(90)] + ["90+"]
    missing = [age for age in wanted if age not in set(ages.values())]
    require_columns(kept, [f"Age_{age.replace('+', 'plus')}" for age in missing], source=SOURCE)
    counts = pd.DataFrame({age: to_number(kept[name], source=SOURCE, low=0, whole=True) for name, age in ages.items()})
    total = to_number(
        kept[find_column(kept, _ALL, expected="All Ages", source=SOURCE)], source=SOURCE, low=0, whole=True
    )
    wrong = counts.sum(axis=1) != total
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise WrongValues(
            f"in {int(wrong.sum())} rows the ages do not add up to the total",
            source=SOURCE,
            file=kept.attrs.get("file"),
            row=int(kept.index[first]),
            found=f"{counts.iloc[first].sum():,.0f}",
            expected=f"{total.iloc[first]:,.0f}",
        )
    counts.index = pd.Index(kept[code], name="area_code")
    counts.attrs = kept.attrs
    return counts


def _carried(counts: pd.DataFrame, context: ReadingContext, year: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
    changes = _changes(counts, context)
    weights = _weights(counts, changes, context)
    carried = carry_counts(counts, changes, weights)
    shared = int(carried["method"].isin({METHODS["S"], METHODS["X"]}).sum())
    merged = int(carried["method"].eq(METHODS["M"]).sum())
    note = (
        "Counts are on 2011 LSOAs and were carried to 2021 LSOAs. The total is the same. "
        f"Of {len(carried)} LSOAs, {len(carried) - shared - merged} are unchanged, {shared} are parts of a split LSOA, "
        f"{merged} come from a merger."
    )
    caution = "Parts of a split LSOA share its people by their own population, so their counts are estimates."
    old = f"Mid-{year} estimates were made before Census 2021 and were not rebased to it."
    return _rows(carried, year), (note, caution, *((old,) if year <= DEFAULT_YEAR else ()))


def _changes(counts: pd.DataFrame, context: ReadingContext) -> pd.DataFrame:
    """The rows of the change lookup for these areas; every area must be in it."""
    lookup, file = context.change_lookup(), counts.attrs.get("file")
    todo = "Load the ONS lookup of 2011 to 2021 LSOAs first, then this file again"
    if lookup is None:
        raise WrongValues(
            "the counts are on 2011 LSOAs and the change lookup is not loaded", source=SOURCE, file=file, todo=todo
        )
    unknown = counts.index.difference(pd.Index(lookup["area_code_from"]))
    if len(unknown):
        raise WrongValues(
            f"{len(unknown)} of these LSOAs are not in the change lookup",
            source=SOURCE,
            file=file,
            found=unknown[0],
            todo=todo,
        )
    return lookup[lookup["area_code_from"].isin(set(counts.index))]


def _weights(counts: pd.DataFrame, changes: pd.DataFrame, context: ReadingContext) -> pd.DataFrame:
    """People of the 2021 parts: children 0 to 15 for those ages and everyone else for older ages, where known."""
    codes = pd.Index(changes["area_code_to"].unique(), name="area_code")
    several = changes["area_code_from"].duplicated(keep=False)
    needed = set(changes.loc[several, "area_code_to"])
    known = _known_population(context)
    everyone, children = known.get("all"), known.get("0-15")
    if needed and (everyone is None or not needed <= set(everyone.index)):
        raise WrongValues(
            f"{len(needed)} LSOAs are parts of one that was split, and their population is not loaded",
            source=SOURCE,
            file=counts.attrs.get("file"),
            todo="Load the indices of deprivation 2025 (File 7) or Census 2021 ages first, then this file again",
        )
    ones = pd.Series(1.0, index=codes)
    whole = ones if everyone is None else everyone.reindex(codes).fillna(1.0)
    young = whole if children is None or not needed <= set(children.index) else children.reindex(codes).fillna(1.0)
    older = whole if young is whole else (whole - young).clip(lower=0)
    return pd.DataFrame({age: young if age in _CHILD_AGES else older for age in counts.columns})


def _known_population(context: ReadingContext) -> dict[str, pd.Series[float]]:
    """Published counts in the store by band; of several editions the one nearest to Census 2021 comes first."""
    rows = context.population()
    if rows is None:
        return {}
    published = rows[~rows["estimate"].astype(bool)].copy()
    distance = (pd.to_datetime(published["reference_date"]) - pd.Timestamp("2021-03-21")).abs()
    nearest = published.assign(distance=distance).sort_values("distance").drop_duplicates(["area_code", "age_band"])
    return {str(band): group.set_index("area_code")["count"] for band, group in nearest.groupby("age_band")}


def _rows(counts: pd.DataFrame, year: int) -> pd.DataFrame:
    ages = [name for name in counts.columns if name != "method"]
    counts = counts.assign(all=counts[ages].sum(axis=1)).reset_index()
    long = counts.melt(id_vars=["area_code", "method"], var_name="age_band", value_name="count")
    shared = long["method"].isin({METHODS["S"], METHODS["X"]})
    return long.assign(reference_date=f"{year}-06-30", edition=f"ONS mid-{year}", estimate=shared)
