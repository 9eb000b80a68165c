"""How a view is cited: what, where, when, of which data, and whether any of it is illustrative."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from data.answers.answer import Answer
from data.answers.words import AREA_WORDS, areas_word, join_words
from data.catalogue import ics

PRODUCT: Final = "First 1001 Days: Dorset"
NAMES_AT_MOST: Final = 3
AREAS: Final = ("area", "area_name", "place")
_CODE: Final = re.compile(r"[A-Z]\d{8}")
_YEAR: Final = re.compile(r"\b\d{4}\b")
_SETTINGS: Final = Path(__file__).parents[2] / "pyproject.toml"


@cache
def product_version() -> str:
    """Give the version of the dashboard."""
    with _SETTINGS.open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def data_hash(answers: Iterable[Answer]) -> str:
    """Give one SHA-256 for all files that answers rest on, whatever their order; empty where they rest on none.

    It is the hash of the files' own hashes, sorted, one in a line: anybody who has the files can work it out.
    """
    files = sorted({line.sha256 for answer in answers for line in answer.sources})
    return hashlib.sha256("\n".join(files).encode()).hexdigest() if files else ""


def citation(
    title: str,
    question: str,
    answers: Sequence[Answer],
    address: str,
    on: dt.date,
    *,
    place: str = "",
    fixed: dt.date | None = None,
    version: str = "",
) -> str:
    """Cite a view: its title and question, areas, period, day, version and data; illustrative where any of it is.

    ``place`` is the one that the reader chose; without it, the areas are those of the answers.
    """
    label = "ILLUSTRATIVE, not real. " if any(answer.illustrative for answer in answers) else ""
    named = f"{title}: {question}" if question else title
    stop = "" if named.endswith(("?", ".", "!")) else "."
    given = "; ".join(part for part in (place or areas_of(answers), period_of(answers)) if part)
    data = data_hash(answers)
    seen = f"Fixed on {day_words(fixed)}, seen" if fixed else "Seen"
    made = f"{seen} on {day_words(on)}, version {version or product_version()}"
    of_data = f", data SHA-256 {data}" if data else ""
    return f"{label}{PRODUCT}. {named}{stop} {given}. {made}{of_data}. {address}".strip()


def day_words(day: dt.date) -> str:
    """Write a day: 3 May 2026."""
    return f"{day.day} {day:%B %Y}"


def areas_of(answers: Sequence[Answer]) -> str:
    """Name the areas of a view: a few by name, more by their number and kind; the system where nothing else is said."""
    said = list(dict.fromkeys(words for answer in answers for words in _areas(answer)))
    shown = said if len(said) <= NAMES_AT_MOST else [*said[: NAMES_AT_MOST - 1], "other places"]
    return join_words(shown) or ics().label


def _areas(answer: Answer) -> list[str]:
    if name := getattr(answer, "name", ""):
        return [str(name)]
    column = next((name for name in AREAS if name in answer.table.columns), None)
    names = [] if column is None else [str(one) for one in answer.table[column].dropna().unique()]
    names = [one for one in names if one and not _CODE.fullmatch(one)]
    if len(names) <= NAMES_AT_MOST:
        return names
    many = f"{areas_word(answer.area_type, len(names))} of {ics().label}" if answer.area_type in AREA_WORDS else ""
    return [many or ics().label]


def period_of(answers: Sequence[Answer]) -> str:
    """Name the periods of a view: each, or the first and last where there are many."""
    said: list[str] = []
    for answer in answers:
        column = answer.table["period"].dropna() if "period" in answer.table.columns else ()
        said += [answer.period] if answer.period else [str(one) for one in column if str(one)]
    periods = sorted(dict.fromkeys(said), key=_in_time)
    if len(periods) <= NAMES_AT_MOST:
        return join_words(periods)
    return f"periods from {periods[0].split(' to ')[0]} to {periods[-1].split(' to ')[-1]}"


def _in_time(period: str) -> tuple[str, str]:
    """Put periods in the order of their years, whatever way they are written."""
    year = _YEAR.search(period)
    return (year[0] if year else "", period)
