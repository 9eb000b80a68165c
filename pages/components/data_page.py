"""The Data page's words: the columns of its tables."""

from __future__ import annotations

from typing import Final

from pages.components.tables import Column

FILES: Final = (
    Column("publication", "Publication or return"),
    Column("supplier", "Supplier"),
    Column("edition", "Edition"),
    Column("kind", "Real or illustrative"),
    Column("file_name", "File"),
    Column("loaded_at", "Loaded on"),
    Column("sign_off", "Signed off"),
    Column("rows_accepted", "Rows", number=True),
)
DEFINITIONS: Final = (
    Column("indicator", "Indicator"),
    Column("definition", "What it means"),
    Column("numerator", "Counted"),
    Column("denominator", "Out of"),
    Column("unit", "Unit"),
    Column("better", "Which way is better"),
    Column("source", "Source"),
    Column("caveat", "Take care"),
)
