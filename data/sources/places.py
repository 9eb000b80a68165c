"""Keep the areas that the dashboard is about, and say how many rows were about others."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from data import catalogue
from data.errors import WrongValues
from data.sources.observations import join_words, left_out
from data.sources.reading import ReadingContext


def known_areas(context: ReadingContext) -> set[str]:
    """Codes of the system's own areas, its benchmarks and neighbours, and of every area that is loaded."""
    ics = catalogue.ics()
    places = (ics.country, ics.region, ics.icb, *ics.lads, *ics.neighbours)
    loaded = context.areas()
    codes = set() if loaded is None else set(loaded["area_code"].astype("str"))
    return codes | {place.code for place in places}


def keep_known_areas(
    frame: pd.DataFrame, context: ReadingContext, also: Collection[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """Keep rows whose ``area_code`` is known; the notes count the others, rows without a code apart.

    Councils that ended (in Dorset on 1 April 2019) have codes of their own, so their figures are never joined to
    those of the councils that followed.
    """
    codes = frame["area_code"].astype("str")
    known = codes.isin(known_areas(context).union(also))
    if not known.any():
        raise WrongValues(
            f"no row is about {catalogue.ics().label} or an area that it is compared with",
            file=frame.attrs.get("file"),
            sheet=frame.attrs.get("sheet"),
            found=join_words(codes),
            todo="Send the national file, or the part of it for these areas",
        )
    nameless = codes == ""
    other = ~known & ~nameless
    notes = []
    if nameless.any():
        notes.append(left_out(int(nameless.sum()), "without an area code, such as averages or extremes,"))
    if other.any():
        names = frame.get("area_name", codes)
        notes.append(left_out(int(other.sum()), f"about other areas ({join_words(names[other])})"))
    return frame[known], notes


def named_places(codes: pd.Series[str]) -> pd.DataFrame:
    """Rows of ``area`` for the named places among these codes, under the names that the catalogue gives them."""
    ics = catalogue.ics()
    places = [place for code in sorted(set(codes)) if (place := ics.place(code))]
    return pd.DataFrame(
        {
            "area_code": [place.code for place in places],
            "area_type": [place.area_type for place in places],
            "area_name": [place.name for place in places],
        }
    )
