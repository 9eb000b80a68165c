"""What a file is called: what it shows, of which indicator and area, held against what, and of which period."""

from __future__ import annotations

import re
from typing import Final

from data.answers.answer import Answer
from data.exports.days import days_of

LONGEST: Final = 140  # some programs take no longer name


def named(answer: Answer, name: str, suffix: str) -> str:
    """Name one answer's file; an illustrative one says so first."""
    against = _only(answer, "benchmark_name")
    parts = (
        name,
        _only(answer, "indicator_id"),
        _area(answer),
        f"against-{against}" if against else "",
        _period(answer),
    )
    return labelled("-".join(part for part in parts if part), suffix, illustrative=answer.illustrative)


def labelled(name: str, suffix: str, *, illustrative: bool) -> str:
    """Write a name in small letters and digits, and say in it when its figures are illustrative."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:LONGEST].strip("-")
    return f"{'ILLUSTRATIVE-' if illustrative else ''}{slug}.{suffix}"


def _area(answer: Answer) -> str:
    return next((said for said in (_only(answer, name) for name in ("area", "area_name")) if said), "")


def _only(answer: Answer, column: str) -> str:
    """Give a column's one value, or nothing where it has several."""
    if column not in answer.table.columns:
        return ""
    found = {str(value) for value in answer.table[column].dropna()} - {""}
    return found.pop() if len(found) == 1 else ""


def _period(answer: Answer) -> str:
    """Name the one period, or the first and the last."""
    if answer.period or "period" not in answer.table.columns:
        return answer.period
    known = {str(label): days_of(str(label)) for label in answer.table["period"].dropna()}
    begins = {begin: label for label, (begin, _) in known.items() if begin}
    ends = {end: label for label, (_, end) in known.items() if end}
    if not begins:
        return ""
    first, last = begins[min(begins)], ends[max(ends)]
    return first if first == last else f"{first} to {last}"
