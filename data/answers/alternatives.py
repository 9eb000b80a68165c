"""What a picture shows, in words: highest and lowest by name, the pattern by deprivation, and what is not shown.

Every text alternative is put together from these sentences, out of the answer's own table. So the words that a
screen reader speaks, a file holds and a map carries can't differ from the figures.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from data.answers.words import figure, join_words, status_words

GIVEN: Final = frozenset({"shown", "rounded"})
#: How many names are said where several share the highest or the lowest figure.
NAMED: Final = 3
MOST, LEAST = "1", "5"
FIFTHS: Final = (MOST, "2", "3", "4", LEAST)
NO_FIFTHS: Final = "By deprivation: the most and least deprived fifths can’t both be shown."


def extremes_words(names: Iterable[str], values: Iterable[float | None], unit: str) -> str:
    """Name the highest and the lowest of the figures that are shown, with their figures."""
    pairs = zip(names, values, strict=True)
    known = [(str(name), float(value)) for name, value in pairs if value is not None and not math.isnan(value)]
    if not known:
        return "No figure can be shown."
    low, high = min(value for _, value in known), max(value for _, value in known)
    if len(known) == 1:
        return f"The only figure: {known[0][0]} ({figure(high, unit)})."
    if low == high:
        return f"{'Both' if len(known) == 2 else f'All {len(known)}'} are {figure(high, unit)}."
    return f"Highest: {_at(known, high, unit)}; lowest: {_at(known, low, unit)}."


def _at(known: Sequence[tuple[str, float]], value: float, unit: str) -> str:
    names = [name for name, own in known if own == value]
    more = len(names) - NAMED
    listed = [*names[:NAMED], f"{more} more"] if more > 0 else names
    return f"{join_words(listed)} ({figure(value, unit)})"


def not_shown_words(statuses: Iterable[str]) -> str:
    """Count what is not shown, by reason; say so where everything is."""
    found = [str(status) for status in statuses]
    hidden = Counter(status for status in found if status not in GIVEN)
    if not hidden:
        return "" if len(found) < 2 else "Both are shown." if len(found) == 2 else f"All {len(found)} are shown."
    reasons = ", ".join(f"{count} {status_words(status)}" for status, count in hidden.items())
    return f"{sum(hidden.values())} of {len(found)} not shown: {reasons}."


def deprivation_words(values: Mapping[str, float], unit: str) -> str:
    """Say how a figure runs from the most deprived fifth, "1", to the least, "5"."""
    known = {fifth: float(values[fifth]) for fifth in FIFTHS if not math.isnan(values.get(fifth, math.nan))}
    if not {MOST, LEAST} <= known.keys():
        return NO_FIFTHS
    most, least = known[MOST], known[LEAST]
    ends = f"({figure(most, unit)} against {figure(least, unit)})"
    if figure(most, unit) == figure(least, unit):
        return f"By deprivation: the same in the most and the least deprived fifth {ends}."
    steps = [known[fifth] for fifth in FIFTHS if fifth in known]
    rising = all(later > earlier for earlier, later in pairwise(steps))
    falling = all(later < earlier for earlier, later in pairwise(steps))
    if len(steps) == len(FIFTHS) and (rising or falling):
        way = "rises" if rising else "falls"
        return f"By deprivation: it {way} step by step from the most to the least deprived fifth {ends}."
    side = "lower" if most < least else "higher"
    return f"By deprivation: {side} in the most deprived fifth than in the least {ends}, but not step by step."


def sentences(*parts: str) -> str:
    """Put sentences together, leaving out those that say nothing."""
    return " ".join(part for part in parts if part)
