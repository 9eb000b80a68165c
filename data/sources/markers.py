"""Read cells that hold a number or a mark: `*`, `<5`, `[c]`, `[z]`, "failed validation". Zero is a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from data import catalogue

# Marks of publications beside those that the catalogue lists for everyone.
_PUBLISHERS: Mapping[str, str] = {
    "[low]": "suppressed",
    "confidential": "suppressed",
    "did not submit": "not_collected",
    "dns": "not_collected",
    "[v]": "failed_validation",
    "[dq]": "failed_validation",
}

# Notes that a publication writes beside an empty value, most telling first.
NOTE_WORDS: tuple[tuple[str, str], ...] = (
    ("validation", "failed_validation"),
    ("data quality", "failed_validation"),
    ("suppress", "suppressed"),
    ("small count", "suppressed"),
    ("small number", "suppressed"),
    ("disclosure", "suppressed"),
    ("not applicable", "not_applicable"),
    ("not collected", "not_collected"),
    ("missing", "not_collected"),
    ("not available", "not_collected"),
)

FLAGS: Mapping[str, str] = {
    "p": "provisional",
    "r": "revised",
    "b": "break in the series",
    "e": "estimated",
    "u": "low reliability",
    "low": "low, rounds to zero",
}

# Where cells of one row disagree, the first of these decides.
PRECEDENCE = ("failed_validation", "suppressed", "immature", "not_applicable", "not_collected")

LONGEST = 300  # letters of a number or mark with its remark; on 100,000 digits the patterns below take minutes
_LESS_THAN = re.compile(r"^(?:<|<=|≤|less than|fewer than|under)\s*\d+$")
_DECORATED = re.compile(r"^(-?[\d,]*\.?\d+)\s*%?\s*(?:\[(p|r|b|e|u)\])?$")
_SMALL_RANGE = re.compile(r"^1\s*(?:-|–|to)\s*[2-9]$")


@dataclass(frozen=True, slots=True)
class Cells:
    """A column read: numbers, the status of each mark (empty beside a number), flags, and what could not be read."""

    number: pd.Series[float]
    status: pd.Series[str]
    flag: pd.Series[str]
    unread: pd.Series[bool]


def read_cells(column: pd.Series[str], extra: Mapping[str, str] | None = None) -> Cells:
    """Read a column of numbers and marks; ``extra`` adds or replaces marks for one publication."""
    text = column.astype("str").str.strip()
    number = pd.to_numeric(text, errors="coerce").astype("float64")
    marks = {**known_marks(), **(extra or {})}
    odd = text[number.isna() | text.isin(list(extra or ()))]
    read = {value: read_cell(value, marks) for value in odd.unique()}
    number.loc[odd.index] = odd.map({cell: found[0] for cell, found in read.items()}).astype("float64")
    status = odd.map({cell: found[1] for cell, found in read.items()}).reindex(text.index, fill_value="")
    flag = odd.map({cell: found[2] for cell, found in read.items()}).reindex(text.index, fill_value="")
    unread = (number.isna() & (status == "")) | (number.abs() == float("inf"))
    return Cells(number, status.astype("str"), flag.astype("str"), unread)


@cache
def known_marks() -> dict[str, str]:
    """Every mark and the status that it stands for: the catalogue's, and those that only publishers use."""
    listed = {mark: entry.status for entry in catalogue.long_return().spellings for mark in entry.spellings}
    return {**_PUBLISHERS, **listed}


def read_cell(text: str, marks: Mapping[str, str]) -> tuple[float | None, str, str]:
    """Read one cell to number, status and flag; no number and no status when it is neither."""
    if len(text) > LONGEST:
        return None, "", ""
    plain = " ".join(text.strip().lower().split())
    if plain in marks:
        return None, marks[plain], FLAGS["low"] if plain == "[low]" else ""
    if _LESS_THAN.match(plain) or _SMALL_RANGE.match(plain):
        return None, "suppressed", ""
    if "validat" in plain:
        return None, "failed_validation", ""
    match = _DECORATED.match(plain)
    if match:
        return float(match[1].replace(",", "")), "", FLAGS.get(match[2] or "", "")
    return None, "", ""


def status_from_note(notes: pd.Series[str]) -> pd.Series[str]:
    """Say why a value is empty from the note beside it; not collected when the note does not tell."""
    texts = notes.astype("str").str.lower()
    return texts.map({note: _note_status(note) for note in texts.unique()}).astype("str")


def join_statuses(columns: list[pd.Series[str]]) -> pd.Series[str]:
    """Join the statuses of several cells of a row by precedence; empty where every cell is a number."""
    joined = columns[0].where(columns[0] == "", "")
    for status in reversed(PRECEDENCE):
        for column in columns:
            joined = joined.mask(column == status, status)
    return joined


def _note_status(note: str) -> str:
    return next((status for words, status in NOTE_WORDS if words in note), "not_collected")
