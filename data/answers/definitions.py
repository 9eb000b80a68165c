"""The reviewed definitions, as pages may read them."""

from __future__ import annotations

from data.catalogue import (
    ask,
    asks,
    breakdowns,
    catalogue,
    every_page,
    ics,
    indicator,
    indicators,
    page,
    pages,
    sections,
    source,
)
from data.catalogue.criteria import criteria as reading_criteria

__all__ = [
    "ask",
    "asks",
    "breakdowns",
    "catalogue",
    "every_page",
    "ics",
    "indicator",
    "indicators",
    "page",
    "pages",
    "reading_criteria",
    "sections",
    "source",
]
