"""Which further cells to hide so that small ones cannot be worked out from the margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from metrics._checks import BoolArray, FloatArray, Numbers, as_panel, check_not_negative, check_whole_number
from metrics.disclosure_attack import Interval, Relation, attack_intervals

MOST_CELLS_TO_TRY = 25  # beyond it trying every pattern takes too long

Position: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """The smallest set of further cells that protects a table.

    Attributes
    ----------
    primary : tuple of (row, column)
        Cells hidden because they are small, row by row.
    primary_only : dict
        What a reader could work out if only those were hidden.
    secondary : tuple of (row, column)
        One smallest set of further cells to hide; among the smallest, that with the lowest hidden total.
    hidden_total : float
        Sum of the counts of the secondary cells.
    patterns : int
        How many sets of that size protect the table.
    """

    primary: tuple[Position, ...]
    primary_only: dict[Position, Interval]
    secondary: tuple[Position, ...]
    hidden_total: float
    patterns: int


def smallest_protection(
    table: Numbers, *, small: tuple[int, int] = (1, 7), width: int = 1, margins_published: bool = True
) -> Pattern:
    """Find the fewest further cells to hide so that no small cell is known to within ``width``.

    Parameters
    ----------
    table : array-like of two dimensions
        True counts without margins; whole numbers, zero or more; at most 25 cells.
    small : tuple of int
        Least and greatest count that must be hidden.
    width : int
        Greatest less least count a reader may be left with for a small cell; 1 or more.
    margins_published : bool
        Whether row, column and grand totals are published.

    Returns
    -------
    Pattern
        Positions count from 0.

    Raises
    ------
    ValueError
        If the table is too large to try every pattern, a count is negative or missing, or no pattern protects it.

    Notes
    -----
    Any pattern whose intervals are wide enough will do; this is one of the smallest, against which to judge others.
    Only small cells need be protected. Zeros may be hidden to help. Among patterns tied in size and hidden total the
    first in row order is taken. For larger tables use :func:`elimination_pattern`.
    Verified against: sdcTable 0.34 (OPT, HITAS) and exhaustive enumeration.

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027.

    Examples
    --------
    >>> pattern = smallest_protection([[3, 18, 27], [22, 35, 14], [19, 26, 41]])
    >>> pattern.secondary, pattern.hidden_total, pattern.patterns
    (((0, 1), (2, 0), (2, 1)), 63.0, 4)
    """
    counts = _whole(table)
    check_whole_number(width, 1, "width")
    if counts.size > MOST_CELLS_TO_TRY:
        raise ValueError(f"table must have at most {MOST_CELLS_TO_TRY} cells; found {counts.size}")
    primary = _positions((counts >= small[0]) & (counts <= small[1]))
    others = [place for place in _positions(np.ones(counts.shape, dtype=bool)) if place not in primary]
    primary_only = hidden_intervals(counts, primary, margins_published=margins_published)
    for size in range(len(others) + 1):
        safe = [
            chosen
            for chosen in combinations(others, size)
            if _worth_trying(counts.shape, (*primary, *chosen), margins_published)
            and is_protected(counts, primary, chosen, width=width, margins_published=margins_published)
        ]
        if safe:
            best = min(safe, key=lambda chosen: sum(counts[place] for place in chosen))
            total = float(sum(counts[place] for place in best))
            return Pattern(tuple(primary), primary_only, best, total, len(safe))
    raise ValueError("table must have cells enough to protect its small ones; found none that do")


def elimination_pattern(table: Numbers, *, small: tuple[int, int] = (1, 7)) -> tuple[Position, ...]:
    """Choose further cells to hide by publishing the largest cells first, as long as no small cell follows from them.

    Parameters
    ----------
    table : array-like of two dimensions
        True counts without margins; whole numbers, zero or more. Margins are published if they can be.
    small : tuple of int
        Least and greatest count that must be hidden.

    Returns
    -------
    tuple of (row, column)
        Further cells to hide, row by row; positions count from 0.

    Raises
    ------
    ValueError
        If a count is negative or missing, or a margin itself would give a small cell away.

    Notes
    -----
    Gaussian elimination: quick on large tables, never exact disclosure, but not the fewest cells and no promise of
    wide intervals. Among cells of equal count (ties) the first in row order is published first. Zeros are published
    last but for the small cells.
    Verified against: GaussSuppression 1.2.3 and sdcTable 0.34 (SIMPLEHEURISTIC).

    References
    ----------
    Langsrud Ø (2024), Secondary cell suppression by Gaussian elimination, Privacy in Statistical Databases.

    Examples
    --------
    >>> elimination_pattern([[3, 18, 27], [22, 35, 14], [19, 26, 41]])
    ((0, 1), (2, 0), (2, 1))
    """
    counts = _whole(table)
    rows, columns = counts.shape
    unit = np.eye(counts.size).reshape(rows, columns, counts.size)
    margins = [counts_of.ravel() for counts_of in (unit.sum(axis=(0, 1)), *unit.sum(axis=1), *unit.sum(axis=0))]
    primary = _positions((counts >= small[0]) & (counts <= small[1]))
    open_cells = [place for place in _positions(np.ones(counts.shape, dtype=bool)) if place not in primary]
    order = sorted(open_cells, key=lambda place: -counts[place])
    span = _Span([unit[place] for place in primary])
    for margin in margins:
        if not span.publish(margin):
            raise ValueError("table must have margins that can be published; found one that gives a small cell away")
    shown = {place for place in order if span.publish(unit[place])}
    return tuple(place for place in open_cells if place not in shown)


def hidden_intervals(
    table: Numbers, hidden: Sequence[Position], *, margins_published: bool = True
) -> dict[Position, Interval]:
    """Find what a reader can work out about the hidden cells of a table.

    Parameters
    ----------
    table : array-like of two dimensions
        True counts without margins.
    hidden : sequence of (row, column)
        Cells not published; positions count from 0.
    margins_published : bool
        Whether row, column and grand totals are published.

    Returns
    -------
    dict
        Least and greatest count of each hidden cell; the greatest is infinite without margins.

    Raises
    ------
    ValueError
        If a count is negative, missing or not whole.

    Notes
    -----
    As :func:`metrics.disclosure_attack.attack_intervals`: whole counts, not negative. Ties do not arise.
    Verified against: sdcTable 0.34 ``attack``.

    References
    ----------
    As :func:`metrics.disclosure_attack.attack_intervals`.

    Examples
    --------
    >>> hidden_intervals([[3, 18], [22, 35]], [(0, 0)])
    {(0, 0): (3, 3)}
    """
    counts = _whole(table)
    if not margins_published:
        return {place: (0, float("inf")) for place in hidden}
    rows, columns = counts.shape
    cells: dict[object, float] = {
        place: float(counts[place]) for place in np.ndindex(rows, columns) if place not in hidden
    }
    relations = []
    for row in range(rows):
        cells["row", row] = counts[row].sum()
        relations.append(Relation(("row", row), tuple((row, column) for column in range(columns))))
    for column in range(columns):
        cells["column", column] = counts[:, column].sum()
        relations.append(Relation(("column", column), tuple((row, column) for row in range(rows))))
    intervals = attack_intervals(cells, relations)
    return {place: intervals[place] for place in hidden}


def is_protected(
    table: Numbers,
    primary: Sequence[Position],
    secondary: Sequence[Position],
    *,
    width: int = 1,
    margins_published: bool = True,
) -> bool:
    """Say whether a pattern of hidden cells leaves every small cell open to at least ``width``.

    Parameters
    ----------
    table : array-like of two dimensions
        True counts without margins.
    primary, secondary : sequence of (row, column)
        Small cells, and further cells hidden with them; positions count from 0.
    width : int
        Greatest less least count a reader must be left with for a small cell; 1 or more.
    margins_published : bool
        Whether row, column and grand totals are published.

    Returns
    -------
    bool
        True when safe. A table without small cells is.

    Raises
    ------
    ValueError
        If a count is negative, missing or not whole, or the width is not.

    Notes
    -----
    As :func:`hidden_intervals`. Secondary cells may be exact: they are not small. Ties do not arise.
    Verified against: sdcTable 0.34 ``attack``.

    References
    ----------
    As :func:`metrics.disclosure_attack.attack_intervals`.

    Examples
    --------
    >>> is_protected([[3, 18], [22, 35]], [(0, 0)], [(0, 1), (1, 0), (1, 1)])
    True
    """
    check_whole_number(width, 1, "width")
    intervals = hidden_intervals(table, [*primary, *secondary], margins_published=margins_published)
    return all(intervals[place][1] - intervals[place][0] >= width for place in primary)


class _Span:
    """The linear span of what is published, kept reduced, and the small cells that must stay outside it."""

    def __init__(self, secret: list[FloatArray]) -> None:
        self.basis: list[tuple[int, FloatArray]] = []
        self.secret = secret

    def reduce(self, vector: FloatArray) -> FloatArray:
        for pivot, row in self.basis:
            vector = vector - vector[pivot] * row
        return np.where(np.abs(vector) < 1e-9, 0.0, vector)

    def publish(self, vector: FloatArray) -> bool:
        """Add a cell unless a secret would then follow; say whether it was added."""
        reduced = self.reduce(vector)
        if not reduced.any():
            return True
        pivot = int(np.flatnonzero(reduced)[0])
        row = reduced / reduced[pivot]
        later = [secret - secret[pivot] * row for secret in self.secret]
        if any(not (np.abs(secret) > 1e-9).any() for secret in later):
            return False
        self.basis.append((pivot, row))
        self.secret = later
        return True


def _whole(table: Numbers) -> FloatArray:
    counts = as_panel(table, "table")
    check_not_negative(counts, "table")
    if (counts != np.floor(counts)).any():
        raise ValueError(f"table must hold whole numbers, none missing; found {counts[counts != np.floor(counts)][0]}")
    return counts


def _positions(mask: BoolArray) -> list[Position]:
    return [(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)]


def _worth_trying(shape: tuple[int, ...], hidden: tuple[Position, ...], margins_published: bool) -> bool:
    """A cell hidden alone in its row or column follows by subtraction, so a smallest pattern never has one."""
    if not margins_published:
        return True
    mask = np.zeros(shape, dtype=bool)
    for place in hidden:
        mask[place] = True
    return not ((mask.sum(axis=0) == 1).any() or (mask.sum(axis=1) == 1).any())
