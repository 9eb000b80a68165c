"""The reviewed definitions, as pages may read them."""

from __future__ import annotations

from data.catalogue import (
    ask,
    asks,
    breakdowns,
    catalogue,
    every_page,
    glossary,
    ics,
    indicator,
    indicators,
    page,
    pages,
    sections,
    source,
)
from data.catalogue.accessibility import AccessibilityStatement, accessibility_statement
from data.catalogue.criteria import criteria as reading_criteria
from data.catalogue.definitions import Term
from data.catalogue.reading_guides import reading_guide

__all__ = [
    "AccessibilityStatement",
    "Term",
    "accessibility_statement",
    "ask",
    "asks",
    "breakdowns",
    "catalogue",
    "every_page",
    "glossary",
    "ics",
    "indicator",
    "indicators",
    "page",
    "pages",
    "reading_criteria",
    "reading_guide",
    "sections",
    "source",
]
