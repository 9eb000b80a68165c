"""Keep only the areas of the integrated care system when a national file is given, and say how many were left out."""

from __future__ import annotations

import re

import pandas as pd

from data import reference
from data.catalogue import ics
from data.errors import WrongValues
from data.sources.reading import ReadingContext
from data.sources.tables import check_codes, find_column, wrong_values


def lad_codes() -> frozenset[str]:
    """Codes of the system's local authorities."""
    return frozenset(place.code for place in ics().lads)


def lad_column(frame: pd.DataFrame, *, source: str | None = None) -> str:
    """Name of the local authority code column, whatever its year."""
    pattern = r"LAD\d\dCD|LTLA\d\dCD|lad\d*_?code|la_code|laua|LAD code|Local Authority District code \(\d{4}\)"
    return find_column(frame, pattern, expected="LAD24CD", source=source)


def keep_footprint(
    frame: pd.DataFrame, column: str, *, source: str | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of the system's local authorities and a note on the rest."""
    return _keep(frame, frame[column].isin(lad_codes()), column, source)


def keep_known(
    frame: pd.DataFrame, column: str, codes: frozenset[str], *, source: str | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows whose area code is one of these and a note on the rest."""
    return _keep(frame, frame[column].isin(codes), column, source)


def _keep(
    frame: pd.DataFrame, inside: pd.Series[bool], column: str, source: str | None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    label, outside = ics().label, int((~inside).sum())
    if outside == len(frame):
        raise WrongValues(
            f"no row is in {label}",
            source=source,
            file=frame.attrs.get("file"),
            sheet=frame.attrs.get("sheet"),
            column=column,
            found=frame[column].iloc[0],
            expected=f"areas of {', '.join(sorted(lad_codes()))}",
            todo=f"Send the national file, or the part of it for {label}",
        )
    if not outside:
        return frame, ()
    return frame[inside], (f"{outside:,} of {len(frame):,} rows are outside {label} and were left out.",)


def known_lsoa21(context: ReadingContext) -> frozenset[str]:
    """Codes of the system's 2021 LSOAs: those of the embedded table and those in the store."""
    embedded = reference.lsoas()
    known = set(embedded.loc[embedded["lad24cd"].isin(lad_codes()), "lsoa21cd"])
    areas = context.areas()
    if areas is not None:
        known |= set(areas.loc[areas["area_type"].eq("lsoa21") & areas["lad_code"].isin(lad_codes()), "area_code"])
    return frozenset(known)


def without_living(areas: pd.DataFrame, context: ReadingContext) -> pd.DataFrame:
    """Leave out 2011 LSOAs that the store holds as 2021 LSOAs.

    An LSOA that did not change keeps its code, and the store has one row a code: the 2021 name and type must stay. That
    a figure is on 2011 LSOAs is told by its edition.
    """
    loaded = context.areas()
    if loaded is None:
        return areas
    living = set(loaded.loc[loaded["area_type"] == "lsoa21", "area_code"])
    return areas[~areas["area_code"].isin(living)].reset_index(drop=True)


def missing_note(codes: pd.Series[str], known: frozenset[str]) -> tuple[str, ...]:
    """Say how many of the system's areas the file leaves out: a sample, or a file that was cut at a row's end."""
    missing = sorted(known - set(codes))
    if not missing:
        return ()
    return (f"{len(missing)} of the {len(known)} areas of {ics().label} are not in the file, such as {missing[0]}.",)


def check_lsoa21(
    series: pd.Series[str], context: ReadingContext, *, source: str | None = None, unique: bool = True
) -> None:
    """Refuse LSOA codes of the system that are not 2021 codes: a 2011 code that was split or merged gives it away."""
    check_codes(series, "lsoa21", source=source, unique=unique, known=known_lsoa21(context) or None)


def column_year(name: str) -> int | None:
    """The year that an ONS column name carries: 2021 in both ``LSOA21CD`` and ``LSOA code (2021)``."""
    found = re.search(r"(?:20(\d\d)\)?$)|(?:[A-Za-z](\d\d)[A-Za-z_]*CD$)", name, re.IGNORECASE)
    return 2000 + int(found[1] or found[2]) if found else None


def refuse_outside(series: pd.Series[str], codes: frozenset[str], *, source: str | None = None) -> None:
    """Refuse a local return that names an area outside the system."""
    wrong = ~series.isin(codes)
    if wrong.any():
        raise wrong_values(series, wrong, expected=f"codes of areas in {ics().label}", source=source)
