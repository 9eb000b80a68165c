"""How a view is cited: what, where, when, of which data, and whether any of it is illustrative."""

from __future__ import annotations

import datetime as dt
import hashlib
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


def citation(title: str, answers: Sequence[Answer], address: str, on: dt.date, fixed: dt.date | None = None) -> str:
    """Cite a view: its title and question, areas, period, day, version and data; illustrative where any of it is."""
    label = "ILLUSTRATIVE, not real. " if any(answer.illustrative for answer in answers) else ""
    question = next((answer.question for answer in answers), "")
    asked = f" {question}" if question and question != title else ""
    stop = "" if (title + asked).endswith(("?", ".", "!")) else "."
    given = [areas_of(answers), period_of(answers)]
    about = "; ".join(part for part in given if part)
    data = data_hash(answers)
    of_data = f", data SHA-256 {data}" if data else ""
    seen = f"Fixed on {day_words(fixed)}, seen" if fixed else "Seen"
    made = f"{seen} on {day_words(on)}, version {product_version()}{of_data}."
    return " ".join(
        f"{label}{PRODUCT}. {title}{'' if not asked else ':'}{asked}{stop} {about}. {made} {address}".split()
    )


def day_words(day: dt.date) -> str:
    """Write a day: 3 May 2026."""
    return f"{day.day} {day:%B %Y}"


def areas_of(answers: Sequence[Answer]) -> str:
    """Name the areas of a view: a few by name, more by their number and kind; the system where nothing else is said."""
    said = dict.fromkeys(words for answer in answers if (words := _areas(answer)))
    return join_words(list(said)[:NAMES_AT_MOST]) or ics().label


def _areas(answer: Answer) -> str:
    column = next((name for name in AREAS if name in answer.table.columns), None)
    names = [] if column is None else [str(one) for one in answer.table[column].dropna().unique() if str(one)]
    if 0 < len(names) <= NAMES_AT_MOST:
        return join_words(names)
    if not names or answer.area_type not in AREA_WORDS:
        return ics().label if names or answer.area_type == ics().icb.area_type else ""
    return f"{areas_word(answer.area_type, len(names))} of {ics().label}"


def period_of(answers: Sequence[Answer]) -> str:
    """Name the periods of a view: each, or the first and last where there are many."""
    said: list[str] = []
    for answer in answers:
        column = "period" if "period" in answer.table.columns else None
        found = [answer.period] if answer.period else [] if column is None else [*answer.table[column].dropna()]
        said += [str(one) for one in found if str(one)]
    periods = sorted(dict.fromkeys(said))
    if len(periods) <= NAMES_AT_MOST:
        return join_words(periods)
    return f"periods from {periods[0]} to {periods[-1]}"
