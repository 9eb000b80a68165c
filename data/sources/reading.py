"""What a reader is given and what it hands on: tidy frames, one for each store table, with their provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one file, ready to be checked and loaded.

    ``frames`` maps a store table (``area``, ``deprivation``, ``population``, ``observation``, ``setting``,
    ``postcode``, ``geometry``) to a frame in that table's columns. ``notes`` are sentences for the person who
    loads the file, such as how a count was carried to newer areas. ``supplier`` is the organisation that a return
    names as its own; one that names none speaks for everybody.
    """

    source_id: str
    edition: str
    rows_read: int
    frames: dict[str, pd.DataFrame]
    extract_date: dt.date | None = None
    notes: tuple[str, ...] = field(default=())
    illustrative: bool = False
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What is loaded already and a reader may look up. Intake fills it from the store; read alone, it is empty.

    ``load_areas`` returns rows of ``area``; ``load_changes`` rows of ``area_change`` (``area_code_from``,
    ``area_code_to``, ``change``); ``load_population`` rows of ``population``;
    ``load_postcodes`` rows of ``postcode``.
    """

    load_areas: Callable[[], pd.DataFrame] | None = None
    load_changes: Callable[[], pd.DataFrame] | None = None
    load_population: Callable[[], pd.DataFrame] | None = None
    load_postcodes: Callable[[], pd.DataFrame] | None = None

    def areas(self) -> pd.DataFrame | None:
        """Areas in the store, or None when none are loaded."""
        return _filled(self.load_areas)

    def change_lookup(self) -> pd.DataFrame | None:
        """The 2011 to 2021 LSOA change lookup, or None when it is not loaded."""
        return _filled(self.load_changes)

    def population(self) -> pd.DataFrame | None:
        """Population rows in the store, or None when none are loaded."""
        return _filled(self.load_population)

    def postcodes(self) -> pd.DataFrame | None:
        """The postcode lookup, or None when it is not loaded."""
        return _filled(self.load_postcodes)


def _filled(load: Callable[[], pd.DataFrame] | None) -> pd.DataFrame | None:
    if load is None:
        return None
    frame = load()
    return None if frame.empty else frame
