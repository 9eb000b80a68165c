"""What a reader hands on: tidy frames, one for each store table, with their provenance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one file, ready to be checked and loaded.

    ``frames`` maps a store table (``area``, ``deprivation``, ``population``, ``observation``, ``setting``,
    ``postcode``, ``geometry``) to a frame in that table's columns. ``notes`` are sentences for the person who
    loads the file, such as how a count was carried to newer areas.
    """

    source_id: str
    edition: str
    rows_read: int
    frames: dict[str, pd.DataFrame]
    extract_date: dt.date | None = None
    notes: tuple[str, ...] = field(default=())
    illustrative: bool = False
