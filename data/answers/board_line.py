"""The paragraph of the Overview page that a board member could read aloud; each number leads to its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from data.answers.ask_links import link
from data.answers.leading import Headline
from data.catalogue import indicator

#: Words, and the page and choices that answer them; nothing where words only join.
Part = tuple[str, str]
#: The figure that is said of each point, where it has one.
POINTS: Final = {1: "needs_acted_on", 2: "buddy_allocated", 3: "imhcf_trained_direct_contact"}
#: How each status is said of one ask, and of several.
STATUSES: Final = {
    "Met": ("has met its level", "have met their level"),
    "Progressing": ("is progressing", "are progressing"),
    "Off track": ("is off track", "are off track"),
    "Measured, no level": ("is measured without a level", "are measured without a level"),
    "On the register": ("is on a register", "are on a register"),
    "Not measured": ("is not measured", "are not measured"),
}


def board_line(table: pd.DataFrame, figures: Mapping[str, Headline], young: tuple[str, str] | None) -> tuple[Part, ...]:
    """Write the paragraph: where the asks stand, each point in one figure, and the widest gap in babies."""
    parts = [*standing_parts(table), *point_parts(figures)]
    if young is not None:
        name, people = young
        short = indicator(name).short_name
        label = " (illustrative)" if figures[name].illustrative else ""
        parts += [
            (f"If the most deprived fifth did as well as the least on “{short}”, that would mean ", ""),
            (people, link("inequalities", measure=short)),
            (f" a year{label}.", ""),
        ]
    return tuple(parts)


def standing_parts(table: pd.DataFrame) -> Iterator[Part]:
    """Count the asks by status; each count leads to those asks."""
    counts = table["status"].value_counts()
    known = [(status, words) for status, words in STATUSES.items() if counts.get(status, 0)]
    yield f"Of {len(table)} asks, ", ""
    for at, (status, words) in enumerate(known):
        yield str(counts[status]), link("", status=status)
        end = ". " if at == len(known) - 1 else " and " if at == len(known) - 2 else ", "
        yield f" {words[int(counts[status] > 1)]}{end}", ""


def point_parts(figures: Mapping[str, Headline]) -> Iterator[Part]:
    """Say one figure of each point that has one."""
    for point, name in POINTS.items():
        found = figures.get(name)
        if found is None or found.value is None:
            continue
        definition = indicator(name)
        label = " (illustrative)" if found.illustrative else ""
        yield f"On Point {point}, “{definition.short_name}” stands at ", ""
        yield found.words, link(definition.page, look="true", indicator=definition.short_name)
        yield f" for {found.period}{label}. ", ""
