"""How wide the columns of a sheet are, in characters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from data.exports.sheets import Cell

NARROWEST, WIDEST, TEXT_WIDTH = 12, 50, 110
SAMPLE: Final = 200  # rows that a column's width is judged by


def column_width(heading: str, cells: Sequence[Cell]) -> int:
    """Make a column as wide as its words, within limits; headings wrap at spaces."""
    words = (len(word) for word in heading.split())
    longest = max([*words, *(len(_written(cell)) for cell in cells[:SAMPLE])], default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def _written(cell: Cell) -> str:
    if isinstance(cell, dt.date):
        return f"{cell.day} {cell:%B %Y}"
    return f"{cell:,.1f}" if isinstance(cell, float) else str(cell)
