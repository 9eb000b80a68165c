"""What a page, a file or a board pack is given: a finding, a protected table, and where it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

#: How each status is said to a reader, and the shorthand of the Analysis Function beside it.
STATUS_WORDS: Final[dict[str, tuple[str, str]]] = {
    "shown": ("shown as published", ""),
    "rounded": ("from counts rounded to the nearest 5", ""),
    "suppressed": ("too few people to show", "[c]"),
    "not_collected": ("not collected", "[x]"),
    "failed_validation": ("failed the publisher's checks", "[x]"),
    "not_applicable": ("nobody to count", "[z]"),
    "immature": ("too early to say", "[p]"),
}
HIDDEN: Final = frozenset(STATUS_WORDS) - {"shown", "rounded"}
NUMBERS: Final = ("numerator", "denominator", "value", "lowercl", "uppercl")


class UnprotectedAnswerError(Exception):
    """A table tried to leave the answers with a number that disclosure control had withheld."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where figures come from: enough for a reader to find the same file again."""

    supplier: str
    publication: str
    edition: str
    extract_date: dt.date | None
    sha256: str
    illustrative: bool

    def words(self) -> str:
        """Write the source line that stands under a figure."""
        dated = f", extracted {self.extract_date:%-d %B %Y}" if self.extract_date else ""
        label = "ILLUSTRATIVE, not real: " if self.illustrative else ""
        return f"{label}{self.supplier}, {self.publication} ({self.edition}{dated}; file {self.sha256[:12]})"


@dataclass(frozen=True, eq=False)
class Answer:
    """One question, answered with protected values only.

    ``table`` has a ``value_status`` wherever it has figures about people. A withheld row holds no number at all,
    and a rounded one holds counts that are multiples of the rounding base; the constructor refuses anything else.
    """

    question: str
    finding: str
    table: pd.DataFrame
    unit: str
    period: str
    area_type: str
    text_alternative: str
    sources: tuple[SourceLine, ...]
    disclosure: str
    illustrative: bool
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a table that disclosure control has not passed."""
        if "value_status" in self.table.columns:
            refuse_unprotected(self.table)

    @property
    def empty(self) -> bool:
        """True when there is nothing to show yet."""
        return self.table.empty


def refuse_unprotected(table: pd.DataFrame) -> None:
    """Raise when a withheld row carries a number, a status is unknown, or a rounded count is not rounded."""
    unknown = set(table["value_status"].dropna().unique()) - set(STATUS_WORDS)
    if unknown or table["value_status"].isna().any():
        found = sorted(unknown) or "none"
        raise UnprotectedAnswerError(f"every row needs one of {sorted(STATUS_WORDS)}; found {found}")
    withheld = table["value_status"].isin(HIDDEN)
    numbers = [name for name in ("numerator", "value", "lowercl", "uppercl") if name in table.columns]
    if numbers and table.loc[withheld, numbers].notna().to_numpy().any():
        raise UnprotectedAnswerError("a withheld row carries a number")
    rounded = table.loc[table["value_status"] == "rounded"]
    for name in ("numerator", "denominator"):
        if name in table.columns and (rounded[name].dropna() % 5 != 0).any():
            raise UnprotectedAnswerError(f"a rounded row carries an exact {name}")
