"""An answer's table as a paper can hold it: the columns that fit, the first rows, and what is left to the workbook."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from data.answers.answer import HIDDEN, STATUS_WORDS, Answer
from data.exports.pack import Table
from data.exports.table import LIMITS, NOT_APPLICABLE, NOT_AVAILABLE, SHORTHAND, headings, plain

MOST_COLUMNS: Final = 6
#: Letters: no column is narrower or asks for more, and as many stand side by side on a page.
NARROWEST, WIDEST, PAGE_WIDTH = 7, 70, 104
UNBROKEN: Final = 12  # letters of a text that stays in one line
#: What the column of figures in words says already, and what only programs read.
_SAID: Final = frozenset({"value", "lowercl", "uppercl", "numerator", "denominator", "value_status"})
_FOR_PROGRAMS: Final = frozenset({"illustrative", "class_index", "uncertain", "period_from", "period_to", "unusual"})
#: Columns whose empty cells are numbers that are not there; in any other nothing was said.
NUMBERS: Final = frozenset({"value", "numerator", "denominator", "need", "need_value", "people"})
NO_WORDS: Final = "–"
_FORMULA_MARK: Final = re.compile(r"^'(?=[=+\-@])")
_NUMBER: Final = re.compile(r"^[£−-]?[\d,.]+%?$")


def paper_table(
    answer: Answer, columns: Mapping[str, str], *, caption: str, order: str = "", most: int | None = None
) -> tuple[Table, str]:
    """Lay an answer's table out for paper; the second is the sentence that says how much of it this is."""
    chosen = dict(columns) or own_columns(answer)
    known = {name: heading for name, heading in chosen.items() if name in answer.table.columns}
    if "illustrative" in answer.table.columns and len(set(answer.table["illustrative"])) > 1:
        known["illustrative"] = ""
    kept = kept_rows(answer, order, most)
    rows = tuple(tuple(cell(name, row) for name in known) for row in kept.to_dict("records"))
    header = tuple(heading_of(name, said, list(known)) for name, said in known.items())
    table = Table(caption, header, rows, widths_of(header, rows), right_of(rows, len(header)))
    return table, how_much(len(kept), len(answer.table), order)


def kept_rows(answer: Answer, order: str = "", most: int | None = None) -> pd.DataFrame:
    """Give the rows that a paper prints."""
    ordered = in_order(answer.table, order)
    return ordered if most is None else ordered.head(most)


def how_much(shown: int, held: int, order: str) -> str:
    """Say how many rows a paper leaves to the workbook."""
    if shown == held:
        return ""
    by = {"": "", "-": " with the highest figures"}.get(order[:1], " with the lowest figures")
    first = "" if by else "first "
    return (
        f"These are the {first}{shown:,} of {held:,} rows{by}. The workbook on the page “Take away” holds all of them."
    )


def in_order(table: pd.DataFrame, order: str) -> pd.DataFrame:
    """Sort by a column of numbers, with - for the highest first; what has no number comes last."""
    name = order.removeprefix("-")
    if not name or name not in table.columns:
        return table
    keys = pd.to_numeric(table[name])
    return table.loc[keys.sort_values(ascending=not order.startswith("-"), kind="stable", na_position="last").index]


def own_columns(answer: Answer) -> dict[str, str]:
    """Choose the columns of a question that the form of papers does not know: those in words, and as many as fit."""
    names = [str(name) for name in answer.table.columns]
    left_out = _FOR_PROGRAMS | (_SAID if "figure" in names else frozenset())
    kept = [name for name in names if name not in left_out and not name.endswith(("_code", "_id"))]
    return dict.fromkeys(kept[:MOST_COLUMNS], "")


def heading_of(name: str, said: str, names: Sequence[str]) -> str:
    """Head a column: as the form says, or as every file heads it."""
    return said or dict(zip(names, headings(pd.DataFrame(columns=list(names))), strict=True))[name]


def cell(name: str, row: Mapping[Hashable, Any]) -> str:
    """Write a cell: numbers with thousands marked, days in words, and a reason where there is no number."""
    value = plain(row[name])
    if value is not None:
        return written(name, value)
    if name in LIMITS:
        return NOT_APPLICABLE
    if name not in NUMBERS:
        return NO_WORDS
    status = row.get("value_status")
    if status not in HIDDEN:
        return NOT_AVAILABLE
    words, shorthand = STATUS_WORDS[str(status)]
    return words if name == "value" else shorthand


def written(name: str, value: str | float | bool | dt.date) -> str:
    """Write a plain value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    if name == "value_status" and value in STATUS_WORDS:
        return STATUS_WORDS[value][0]
    return _FORMULA_MARK.sub("", value)  # no program runs the text of a paper


def widths_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Share the page's width out: each column gets its longest word, and what is left goes to the longest texts."""
    least, wanted = [], []
    for place, heading in enumerate(header):
        texts = [heading, *(row[place] for row in rows)]
        word = max(len(word) for text in texts for word in text.split() or [""])
        longest = max([len(heading) // 2 + 2, *(len(text) + 2 for text in texts[1:])])  # a heading may take two lines
        least.append(min(max(NARROWEST, word + 1, longest if longest <= UNBROKEN else 0), WIDEST))
        wanted.append(max(least[-1], min(longest, WIDEST)))
    over = sum(wanted) - sum(least)
    share = min(1.0, max(0.0, PAGE_WIDTH - sum(least)) / over) if over else 1.0
    found = [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]
    return tuple(round(one / sum(found), 4) for one in found)


def right_of(rows: Sequence[Sequence[str]], columns: int) -> tuple[bool, ...]:
    """Say which columns hold numbers, or a sign for one that is not there, and so stand to the right."""
    cells = ([row[place] for row in rows] for place in range(columns))
    return tuple(
        any(_NUMBER.match(one) for one in column)
        and all(_NUMBER.match(one) or one in SHORTHAND or one == NO_WORDS for one in column)
        for column in cells
    )
