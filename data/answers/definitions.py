"""The reviewed definitions, as pages may read them."""

from __future__ import annotations

from data.catalogue import ask, asks, breakdowns, catalogue, ics, indicator, indicators, pages, sections, source

__all__ = [
    "ask",
    "asks",
    "breakdowns",
    "catalogue",
    "ics",
    "indicator",
    "indicators",
    "pages",
    "sections",
    "source",
]
