"""An answer's table as every file holds it: one value in each cell, real dates, the status beside each figure."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from data.answers.answer import HIDDEN, STATUS_WORDS, Answer
from data.exports.days import with_days
from data.exports.formulas import safe_text

#: Headings and meanings of the columns that many answers have; the others are named after themselves.
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "numerator": ("Counted", "How many were counted."),
    "denominator": ("Out of", "How many could have been counted."),
    "value": ("Value", "The figure as a number, in the unit of its row or table."),
    "figure": ("Figure", "The figure in words, with its unit and its 95% confidence limits where it has them."),
    "lowercl": ("Lower 95% confidence limit", "The true figure is likely to lie above this."),
    "uppercl": ("Upper 95% confidence limit", "The true figure is likely to lie below this."),
    "value_status": ("Status", "Whether the figure is shown, was rounded, or why it is not shown."),
    "illustrative": ("Illustrative", "Whether the row rests on invented figures."),
    "period": ("Period", "The quarter, year, years or day that the row is about."),
    "period_from": ("First day of the period", "The first day that is counted."),
    "period_to": ("Last day of the period", "The last day that is counted."),
    "area": ("Area", "The place that the row is about."),
    "area_name": ("Area", "The place that the row is about."),
    "area_code": ("Area code", "The code of the place, from the Office for National Statistics."),
    "indicator_id": ("Indicator identifier", "The name by which returns and programs know the indicator."),
    "benchmark": ("Benchmark", "What the figure is held against."),
    "comparison": ("Comparison", "Whether the figure differs from its benchmark by more than chance."),
    "fifth": ("Deprivation fifth", "A fifth of neighbourhoods by deprivation; 1 is the most deprived."),
    "sha256": ("SHA-256", "The fingerprint of the file: the same file always has the same one."),
    "class_index": ("Class on the map", "The number of the colour class, from 0; -1 is an area without a figure."),
}
#: What stands for an empty cell, and what it means.
SHORTHAND: Final[Mapping[str, str]] = {
    "[c]": "confidential: too few people to show",
    "[x]": "not available: it was not collected, or failed the publisher's checks",
    "[z]": "not applicable: there is nothing that could stand here",
    "[p]": "provisional: too early to say",
}
NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
LIMITS: Final = ("lowercl", "uppercl")
#: Control characters, which no spreadsheet may hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Plain = str | int | float | bool | dt.date | None


def long_table(answer: Answer) -> pd.DataFrame:
    """Give the rows with plain values only: text, numbers, yes or no, days, and None where there is nothing."""
    table = with_days(answer, answer.table)
    columns = {str(name): plain_column(table[name]) for name in table.columns}
    return pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in columns.items()})


def columns_of(answer: Answer) -> list[str]:
    """Name the columns that a file of the answer has."""
    return list(map(str, with_days(answer, answer.table).columns))


def plain_column(column: pd.Series) -> list[Plain]:
    """Make a column plain; numbers at once, and a text that stands in many rows only once."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub":
        return [None if isinstance(value, float) and math.isnan(value) else value for value in column.tolist()]
    texts: dict[str, Plain] = {}
    return [
        (texts[value] if value in texts else texts.setdefault(value, plain(value)))
        if isinstance(value, str)
        else plain(value)
        for value in column.tolist()
    ]


def plain(value: object) -> Plain:
    """Make one value plain; text is kept from being run as a formula, and a list becomes one text."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, pd.Timestamp | dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return plain("; ".join(str(plain(one)) for one in value)) if value else None
    text = _CONTROL.sub("", str(value)).strip()
    return safe_text(text) if text else None


def kinds_of(table: pd.DataFrame) -> dict[str, str]:
    """Say what each column of a long table holds: text, yes_no, day, whole or number; what is mixed is text."""
    return {str(name): _kind([value for value in table[name] if value is not None]) for name in table.columns}


def _kind(values: list[Plain]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return "yes_no"
    if kinds == {dt.date}:
        return "day"
    if kinds == {int}:
        return "whole"
    return "number" if kinds and kinds <= {int, float} else "text"


def shown_table(answer: Answer) -> pd.DataFrame:
    """Give the rows as people read them: words for codes, and a shorthand in every cell that would be empty."""
    table = long_table(answer)
    status = table["value_status"] if "value_status" in table.columns else [None] * len(table)
    columns = {
        name: [_shown(name, value, one) for value, one in zip(table[name], status, strict=True)]
        for name in table.columns
    }
    return pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in columns.items()})


def _shown(name: str, value: Plain, status: object) -> str | int | float | dt.date:
    if name == "value_status" and value in STATUS_WORDS:
        return STATUS_WORDS[str(value)][0]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return empty_cell(name, status) if value is None else value


def empty_cell(name: str, status: object) -> str:
    """Say why a cell is empty: its row is withheld, there is no such limit or words, or the number is not known."""
    if status in HIDDEN and name in {"numerator", "denominator", "value", *LIMITS}:
        return STATUS_WORDS[str(status)][1]
    return NOT_AVAILABLE if name in {"numerator", "denominator", "value"} else NOT_APPLICABLE


def headings(table: pd.DataFrame) -> list[str]:
    """Head each column in plain words; no two are the same."""
    made: list[str] = []
    for name in table.columns:
        words = COLUMNS[name][0] if name in COLUMNS else str(name).replace("_", " ").capitalize()
        made.append(f"{words} ({name})" if words in made else words)
    return made
