"""Neighbour lists as pairs of areas, checked once for every spatial statistic."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from metrics._checks import BoolArray, FloatArray, IntArray


class Pairs(NamedTuple):
    """Positions of areas and of their neighbours, one pair for each link, and how many areas there are."""

    left: IntArray
    right: IntArray
    areas: int


Neighbours = Sequence[Sequence[int]] | Pairs


def neighbour_pairs(neighbours: Neighbours, areas: int, *, include_self: bool = False) -> Pairs:
    """List every area beside each of its neighbours.

    Parameters
    ----------
    neighbours : sequence of sequences of int, or Pairs
        For each area in order, the positions (from 0) of its neighbours; or the pairs this function has made of them
        before, which saves checking the lists again for every period.
    areas : int
        How many areas there are.
    include_self : bool
        Whether each area also stands beside itself.

    Returns
    -------
    Pairs
        Positions of the areas and of their neighbours, one pair for each link.

    Raises
    ------
    ValueError
        If there is not one list for each area, or a list names no area, the area itself or one twice.

    Notes
    -----
    An area without neighbours (an island) has an empty list. Links need not be mutual. Zero is the first area. A
    missing list is refused. Ties do not arise.
    Verified against: worked examples (``tests/metrics/test_clusters.py``).

    References
    ----------
    None needed.

    Examples
    --------
    >>> neighbour_pairs([[1], [0, 2], [1]], 3)[:2]
    (array([0, 1, 1, 2]), array([1, 0, 2, 1]))
    """
    found = neighbours.areas if isinstance(neighbours, Pairs) else len(neighbours)
    if found != areas:
        raise ValueError(f"neighbours must have one list for each area; found {found} for {areas} areas")
    pairs = neighbours if isinstance(neighbours, Pairs) else _listed(neighbours)
    if not include_self:
        return pairs
    return Pairs(np.append(pairs.left, np.arange(areas)), np.append(pairs.right, np.arange(areas)), areas)


def _listed(neighbours: Sequence[Sequence[int]]) -> Pairs:
    areas = len(neighbours)
    lengths = np.fromiter(map(len, neighbours), dtype=np.int64, count=areas)
    left = np.repeat(np.arange(areas), lengths)
    right = np.fromiter(chain.from_iterable(neighbours), dtype=np.int64, count=int(lengths.sum()))
    wrong = (right < 0) | (right >= areas) | (right == left)
    if wrong.any():
        raise ValueError(
            f"neighbours must be positions of other areas from 0 to {areas - 1}; "
            f"found {right[wrong][0]} for area {left[wrong][0]}"
        )
    if np.unique(left * areas + right).size < right.size:
        raise ValueError("neighbours must name each neighbour once; found one twice")
    return Pairs(left, right, areas)


def known_pairs(pairs: Pairs, known: BoolArray) -> Pairs:
    """Keep the links between areas that both have a value.

    Parameters
    ----------
    pairs : Pairs
        As :func:`neighbour_pairs`.
    known : numpy.ndarray
        Whether each area has a value.

    Returns
    -------
    Pairs
        The pairs kept.

    Notes
    -----
    An area all of whose neighbours are missing becomes an island. Zero is a value; ties do not arise.
    Verified against: worked examples (``tests/metrics/test_clusters.py``).

    References
    ----------
    None needed.

    Examples
    --------
    >>> import numpy as np
    >>> known_pairs(neighbour_pairs([[1], [0, 2], [1]], 3), np.array([True, True, False]))[:2]
    (array([0, 1]), array([1, 0]))
    """
    if known.all():
        return pairs
    kept = known[pairs.left] & known[pairs.right]
    return Pairs(pairs.left[kept], pairs.right[kept], pairs.areas)


def neighbour_sums(column: FloatArray, pairs: Pairs) -> FloatArray:
    """Sum a column over each area's neighbours.

    Parameters
    ----------
    column : numpy.ndarray
        One number for each area.
    pairs : Pairs
        As :func:`neighbour_pairs`.

    Returns
    -------
    numpy.ndarray
        One sum for each area; 0 for an island.

    Notes
    -----
    A missing neighbour makes the sum missing: drop it first with :func:`known_pairs`. Zero is a value; ties do not
    arise.
    Verified against: worked examples (``tests/metrics/test_clusters.py``).

    References
    ----------
    None needed.

    Examples
    --------
    >>> import numpy as np
    >>> neighbour_sums(np.array([1.0, 2.0, 4.0]), neighbour_pairs([[1], [0, 2], [1]], 3))
    array([2., 5., 2.])
    """
    sums: FloatArray = np.bincount(pairs.left, weights=column[pairs.right], minlength=pairs.areas).astype(float)
    return sums
