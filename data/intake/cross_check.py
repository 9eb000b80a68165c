"""Checks that need the store: every area code that a file uses must be known."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import sqlalchemy as sa

from data.errors import WrongVintage
from data.sources.reading import Reading, ReadingContext
from data.store.areas import select_area_types, select_areas
from data.store.changes import select_changes
from data.store.population import select_population
from data.store.postcodes import select_postcodes

CODED = ("deprivation", "population", "observation", "postcode", "setting", "pathway_event")
NAMED = 3


def context_of(connection: sa.Connection) -> ReadingContext:
    """Let readers look up what is loaded; each table is fetched only when a reader asks."""
    return ReadingContext(
        load_areas=lambda: select_areas(connection),
        load_changes=lambda: select_changes(connection),
        load_population=lambda: select_population(connection),
        load_postcodes=lambda: select_postcodes(connection),
    )


def check_areas(connection: sa.Connection, reading: Reading, *, publication: bool, file: str) -> Reading:
    """Hold a reading's area codes to the store and to the areas that the file itself brings.

    A national publication may hold other parts of the country: their rows are left out and counted. A return may not.
    """
    frames, notes = dict(reading.frames), list(reading.notes)
    used = {code for name in CODED if name in frames for code in frames[name]["area_code"].dropna()}
    known = set(select_area_types(connection, used))
    if "area" in frames:
        known |= set(frames["area"]["area_code"])
    unknown = used - known
    if not unknown:
        return reading
    for name in [name for name in CODED if name in frames]:
        frame = frames[name]
        outside = frame["area_code"].isin(unknown)
        if not outside.any():
            continue
        if outside.all() or not publication:
            raise unknown_areas(frame.loc[outside, "area_code"], file, reading.source_id)
        frames[name] = frame[~outside]
        notes.append(f"{int(outside.sum()):,} rows for areas that the store does not hold were left out.")
    return replace(reading, frames=frames, notes=tuple(notes))


def unknown_areas(codes: pd.Series[str], file: str, source: str) -> WrongVintage:
    """Name the first few codes that the store does not know."""
    distinct = codes.drop_duplicates().tolist()
    more = f" and {len(distinct) - NAMED} more" if len(distinct) > NAMED else ""
    return WrongVintage(
        f"{len(codes):,} rows are for areas that the store does not hold",
        source=source,
        file=file,
        column="area_code",
        found=", ".join(distinct[:NAMED]) + more,
        expected="areas of Dorset ICS, with codes of the right year",
        todo="Check the codes, or load the ONS lookup that holds them first",
    )
