"""The figures that a page leads with."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from data.answers.answer import Answer
from pages.components.figures import show_figures
from pages.components.made_once import made_once


def show_headlines(answer: Answer) -> None:
    """Show up to four figures with their place, period and what they are held against."""
    show_figures(headline_figures(answer))


@made_once
def headline_figures(answer: Answer) -> list[tuple[str, str, str]]:
    """Write each figure's label, value and note."""
    return [(str(row["name"]), str(row["value_words"]), _note(row)) for row in answer.table.to_dict("records")]


def _note(row: dict[Hashable, Any]) -> str:
    label = "Illustrative. " if row["illustrative"] else ""
    where = f"{row['area']}, {row['period']}" if row["period"] else str(row["area"])
    held = str(row["against"])
    return f"{label}{where}. {held[:1].upper()}{held[1:]}"
