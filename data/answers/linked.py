"""Protects an indicator's released cells against each other: no hidden count may follow from what is shown.

Each cell gives up to three counts of people: those counted, those left over, and the whole. What a reader knows of
them is the range that the mark or the rounded number leaves open. ``metrics.disclosure_linked`` hides what must be
hidden besides; ``metrics.disclosure_audit`` attacks the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from data.answers.sums import sums_between, with_pieces
from data.catalogue.definitions import DisclosureRule, Indicator
from metrics.disclosure import is_small, round_half_up
from metrics.disclosure_linked import (
    NO_LIMIT,
    Items,
    Links,
    Protection,
    complementary_suppression,
    what_is_published,
)

#: What is lost by hiding a figure: most for the system, for longer periods and for everyone.
AREA_COST: Final = {"lsoa21": 1.0, "msoa21": 4.0, "ward": 4.0, "lad": 40.0, "icb": 200.0}
PERIOD_COST: Final = {"snapshot": 1.0, "quarter": 1.0, "year": 3.0, "three_years": 9.0}
EVERYONE_COST: Final = 3.0
#: "Nobody was reached" is what readers most need to see.
NOBODY_COST: Final = 25.0
WHOLE_COST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Linked:
    """One indicator's cells as counts that hang together.

    ``kinds`` names the blocks of counts, each as long as there are cells: those counted (``part``), those left over
    (``rest``) and the ``whole``.
    """

    kinds: tuple[str, ...]
    cells: pd.DataFrame
    links: Links
    least: np.ndarray
    greatest: np.ndarray
    truth: np.ndarray
    items: Items

    @property
    def size(self) -> int:
        """Give the number of cells."""
        return len(self.cells)


def counted_in(cells: pd.DataFrame, definition: Indicator, rule: DisclosureRule) -> dict[str, np.ndarray]:
    """Give the counts of people in each cell: only these are protected."""
    numerator, denominator = (cells[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    if definition.value_type == "mean":
        return {"whole": denominator}
    if definition.value_type == "count":
        return {"part": numerator}
    if definition.value_type == "proportion" and rule.protect_complement:
        return {"part": numerator, "rest": denominator - numerator, "whole": denominator}
    return {"part": numerator, "whole": denominator}


def link(
    exact: pd.DataFrame,
    protected: pd.DataFrame,
    released: np.ndarray,
    areas: pd.DataFrame,
    fifths: pd.DataFrame,
    definition: Indicator,
    rule: DisclosureRule,
    *,
    sums: bool = True,
) -> Linked:
    """Put one indicator's exact cells, and what is shown of the released ones, into one system of counts.

    ``exact`` and ``protected`` have the same rows; ``released`` says which of them anybody is given. Without ``sums``
    it is left out what adds up to what: for a system that is joined with one of the same cells.
    """
    if sums:
        exact, areas = with_pieces(exact, areas)
    added = len(exact) - len(protected)
    status = np.concatenate([protected["value_status"].to_numpy(dtype=object), np.full(added, "", dtype=object)])
    released = np.concatenate([released, np.zeros(added, dtype=bool)])
    counts = counted_in(exact, definition, rule)
    counted = (exact["reason"] == "").to_numpy() & np.all([~np.isnan(one) for one in counts.values()], axis=0)
    cells = exact.loc[counted].reset_index(drop=True)
    counts = {name: one[counted] for name, one in counts.items()}
    hidden = status[counted] == "suppressed"
    given = released[counted]
    found = sums_between(cells, list(counts.values()), areas, fifths, definition.over_time) if sums else []
    ranges = _ranges(counts, hidden, given, rule)
    return Linked(
        kinds=tuple(counts),
        cells=cells.assign(released=given, position=np.flatnonzero(counted)),
        links=_links(found, counts, len(cells)),
        least=np.concatenate([ranges[name][0] for name in counts]),
        greatest=np.concatenate([ranges[name][1] for name in counts]),
        truth=np.concatenate(list(counts.values())),
        items=_items(cells, counts, hidden, given, rule),
    )


def _links(sums: list[tuple[np.ndarray, np.ndarray]], counts: dict[str, np.ndarray], size: int) -> Links:
    """Write every sum once for each kind of count, and whole = part + rest for each cell."""
    equations, members, signs, number = [], [], [], 0
    for totals, parts in sums:
        names, place = np.unique(totals, return_inverse=True)
        for block in range(len(counts)):
            equations += [number + place, number + np.arange(names.size)]
            members += [parts + block * size, names + block * size]
            signs += [np.ones(parts.size), -np.ones(names.size)]
            number += names.size
    if "rest" in counts:
        every = np.arange(size)
        for block, sign in ((0, 1.0), (1, 1.0), (2, -1.0)):
            equations.append(number + every)
            members.append(every + block * size)
            signs.append(np.full(size, sign))
        number += size
    return Links(
        np.concatenate([*equations, []]).astype(np.int64),
        np.concatenate([*members, []]).astype(np.int64),
        np.concatenate([*signs, []]),
        size * len(counts),
        number,
    )


def _ranges(
    counts: dict[str, np.ndarray], hidden: np.ndarray, given: np.ndarray, rule: DisclosureRule
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Give the range that the release leaves open for each count.

    Whoever reads a mark is taken to know which of the counts behind it is small, unless the whole is so small that
    both could be: then only that neither is 0.
    """
    size = hidden.size
    small = {name: _small(one, rule) for name, one in counts.items()}
    ranges = {name: (np.zeros(size), np.full(size, NO_LIMIT)) for name in counts}
    whole = counts.get("whole")
    small_whole = np.zeros(size, dtype=bool) if whole is None else small["whole"]
    few = np.zeros(size, dtype=bool)
    if whole is not None:
        ranges["whole"] = _of_shown(whole, small_whole, given, rule)
        few = hidden & ~small_whole & (round_half_up(whole, rule.round_to) < 2 * (rule.suppress_to + 3))
    for name in [name for name in counts if name != "whole"]:
        least, greatest = _of_shown(counts[name], np.zeros(size, dtype=bool), given & ~hidden, rule)
        if name == "rest":
            # what is left over is not shown as a number: only that it is 0, or not small
            greatest = np.where(given & ~hidden & (counts[name] > 0), NO_LIMIT, greatest)
            least = np.where(given & ~hidden & (counts[name] > 0), rule.suppress_to + 1, least)
        told = given & hidden & ~small_whole & small[name] & ~(few if "rest" in counts else False)
        least, greatest = (
            np.where(told, _least_small(counts[name], rule), least),
            np.where(told, rule.suppress_to, greatest),
        )
        if "rest" in counts:
            least = np.where(given & few, 1.0, least)
        ranges[name] = least, greatest
    return ranges


def _of_shown(
    count: np.ndarray, small: np.ndarray, given: np.ndarray, rule: DisclosureRule
) -> tuple[np.ndarray, np.ndarray]:
    """Give the range behind a shown, rounded or marked count; anything where it is not given."""
    rounded = round_half_up(count, rule.round_to)
    if _has_fractions(count):  # anything that is rounded to this
        least = np.maximum(rounded - rule.round_to / 2, np.where(count > rule.suppress_to, rule.suppress_to, 0.0))
        greatest = rounded + rule.round_to / 2
    else:
        least = np.maximum(rounded - rule.round_to // 2, rule.suppress_to + 1)
        greatest = rounded + (rule.round_to - 1) // 2
    least = np.where(count == 0, 0, np.where(small, _least_small(count, rule), least))
    greatest = np.where(count == 0, 0, np.where(small, rule.suppress_to, greatest))
    return np.where(given, least, 0.0), np.where(given, greatest, NO_LIMIT)


def _least_small(count: np.ndarray, rule: DisclosureRule) -> float:
    """Give the least count behind a mark that says "small": a part of one where counts have fractions."""
    return 0.0 if _has_fractions(count) else rule.suppress_from


def _has_fractions(count: np.ndarray) -> bool:
    """Say whether a series counts full-time equivalents, hours or shares."""
    return bool(np.any(count != np.floor(count)))


def _small(count: np.ndarray, rule: DisclosureRule) -> np.ndarray:
    return is_small(count, suppress_from=rule.suppress_from, suppress_to=rule.suppress_to)


def _items(
    cells: pd.DataFrame, counts: dict[str, np.ndarray], hidden: np.ndarray, given: np.ndarray, rule: DisclosureRule
) -> Items:
    """Let each cell's figure be hidden, and its whole as well; the whole only together with the figure."""
    size = len(cells)
    cell = np.arange(size)
    largest = np.max(list(counts.values()), axis=0) if size else np.zeros(0)
    cost = (
        cells["area_type"].map(AREA_COST).to_numpy(dtype=float, na_value=1.0)
        * cells["period_type"].map(PERIOD_COST).to_numpy(dtype=float, na_value=1.0)
        * np.where(cells["breakdown_type"] == "", EVERYONE_COST, 1.0)
        * (1.0 + np.log1p(largest))
        * np.where(counts["part" if "part" in counts else "whole"] == 0, NOBODY_COST, 1.0)
    )
    nobody = counts["whole"] == 0 if "whole" in counts else np.zeros(size, dtype=bool)
    cost = np.where(nobody, np.inf, cost)
    small_whole = _small(counts["whole"], rule) if "whole" in counts else np.zeros(size, dtype=bool)
    of_count = [np.where(given, cell + (size if name == "whole" else 0), -1) for name in counts]
    return Items(
        of_count=np.concatenate(of_count).astype(np.int64),
        row=np.concatenate([cell, cell]).astype(np.int64),
        cost=np.concatenate([cost, cost * WHOLE_COST]),
        needs=np.concatenate([np.full(size, -1), cell]).astype(np.int64),
        small=np.concatenate([hidden & given, hidden & given & small_whole]),
        sensitive=np.concatenate([_small(one, rule) for one in counts.values()]),
    )


def protect_linked(linked: Linked, rule: DisclosureRule) -> Protection:
    """Find what must be hidden beside the small counts, and which cells must be left out."""
    return complementary_suppression(
        linked.links, linked.least, linked.greatest, linked.items, needed=rule.values_left_open
    )


def apply_protection(protected: pd.DataFrame, linked: Linked, done: Protection) -> pd.DataFrame:
    """Hide and leave out, in one indicator's protected cells, what the protection says."""
    size, position = linked.size, linked.cells["position"].to_numpy()
    figure, whole = done.hidden[:size], done.hidden[size:]
    hidden = protected.copy()
    figures, wholes = hidden.index[position[figure]], hidden.index[position[whole]]
    hidden.loc[figures, ["numerator", "value", "lowercl", "uppercl"]] = np.nan
    hidden.loc[figures, "value_status"] = "suppressed"
    hidden.loc[wholes, "denominator"] = np.nan
    left_out = np.zeros(len(hidden), dtype=bool)
    left_out[position[done.withheld]] = True
    kept: pd.DataFrame = hidden.loc[~left_out]
    return kept


def published(linked: Linked, done: Protection) -> tuple[np.ndarray, np.ndarray]:
    """Give the range of each count that the release leaves open after protection."""
    return what_is_published(linked.least, linked.greatest, linked.items, done)


def hidden_counts(linked: Linked, done: Protection) -> np.ndarray:
    """Give the positions of the counts that stand behind a mark."""
    items = linked.items
    released = np.flatnonzero(items.of_count >= 0)
    mine = items.of_count[released]
    chosen: np.ndarray = released[done.hidden[mine] & ~done.withheld[items.row[mine]]]
    return chosen
