"""Pounds, prices and places in plain English, for everything that is said of money."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

from data.answers.register_cells import Entry, Held, financial_year
from data.answers.register_money import BUDGET, OUTTURN, deflators, places
from data.answers.words import period_label
from data.errors import UnknownName
from data.store.observations import select_notes

if TYPE_CHECKING:
    import sqlalchemy as sa

DEFLATOR: Final = "gdp_deflator"
KINDS: Final = {OUTTURN: "Spent (outturn)", BUDGET: "Planned (budget)"}
NEVER_MIXED: Final = "Budget is what was planned and outturn is what was spent. The two are never added or compared."
RING_FENCE: Final = (
    "Nationally the public health grant is ring-fenced for public health functions as a whole. "
    "Protecting a part of it for the 1001 days is a local decision, so a low share is no breach."
)
SYSTEM_LINES: Final = "A line for the whole of Dorset ICS counts for the system and for neither council."


def marked(words: str, illustrative: bool, *, alike: bool) -> str:
    """Mark a figure that rests on invented counts, unless all beside it do and one label says so for all."""
    return f"{words} [illustrative]" if illustrative and not alike else words


def pounds_words(amount: float) -> str:
    """Write pounds as people say them."""
    if math.isnan(amount):
        return "–"
    for size, name in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if amount >= size:
            return f"£{amount / size:,.3f}".rstrip("0").rstrip(".") + f" {name}"
    return f"£{amount:,.0f}"


def labels_of(area_code: str) -> tuple[str, str, tuple[str, ...]]:
    """Give a place's type, its own label, and the labels of the funding lines that count for it."""
    for area_type, code, labels in places().values():
        if code == area_code:
            return area_type, labels[0], labels
    raise UnknownName("there is no such place", found=area_code, expected="the ICS or one of its councils")


def year_label(day: dt.date) -> str:
    """Name the financial year that ends on a day."""
    return period_label("year", day.replace(year=day.year - 1, month=4, day=1).isoformat(), day.isoformat())


def newest_outturn(held: Held) -> dt.date | None:
    """Give the last day of the newest year with outturn, whose prices all other years are given in."""
    ends = [financial_year(row["year"]).last for row in held.of("funding_lines") if row["budget_or_outturn"] == OUTTURN]
    return max(ends, default=None)


def deflator_words(connection: sa.Connection, held: Held) -> str:
    """Say which prices pounds are in, and by which edition of the deflator; or that none is loaded."""
    base, index = newest_outturn(held), deflators(held)
    if base is None or base not in index:
        return (
            "No GDP deflator is loaded for the newest year, so only that year has pounds in real terms. "
            "Download HM Treasury’s file “GDP deflators at market prices, and money GDP”, and load it on the Data page."
        )
    notes = select_notes(connection, [DEFLATOR])
    said = notes.sort_values("period_from")["note"].tolist()
    edition = f" ({said[-1].rstrip('.')})" if said else ""
    return f"Real terms: pounds in the prices of {year_label(base)}, by the GDP deflator{edition}."


def share_words(row: Entry) -> str:
    """Say what share of a line counts for pregnancy to age two, and how that share was reached."""
    return f"{row['share_0_to_2']:.0%} of it: {row['share_basis']}"
