"""Neighbour lists as pairs of areas, checked once for every spatial statistic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from metrics._checks import BoolArray, FloatArray, IntArray

Neighbours = Sequence[Sequence[int]]


def neighbour_pairs(neighbours: Neighbours, areas: int, *, include_self: bool = False) -> tuple[IntArray, IntArray]:
    """List every area beside each of its neighbours.

    Parameters
    ----------
    neighbours : sequence of sequences of int
        For each area in order, the positions (from 0) of its neighbours.
    areas : int
        How many areas there are.
    include_self : bool
        Whether each area also stands beside itself.

    Returns
    -------
    tuple of numpy.ndarray
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
    >>> neighbour_pairs([[1], [0, 2], [1]], 3)
    (array([0, 1, 1, 2]), array([1, 0, 2, 1]))
    """
    if len(neighbours) != areas:
        raise ValueError(f"neighbours must have one list for each area; found {len(neighbours)} for {areas} areas")
    lengths = np.array([len(near) for near in neighbours], dtype=np.int64)
    left = np.repeat(np.arange(areas), lengths)
    right = np.array([place for near in neighbours for place in near], dtype=np.int64)
    wrong = (right < 0) | (right >= areas) | (right == left)
    if wrong.any():
        raise ValueError(
            f"neighbours must be positions of other areas from 0 to {areas - 1}; "
            f"found {right[wrong][0]} for area {left[wrong][0]}"
        )
    if np.unique(left * areas + right).size < right.size:
        raise ValueError("neighbours must name each neighbour once; found one twice")
    if include_self:
        left, right = np.append(left, np.arange(areas)), np.append(right, np.arange(areas))
    return left, right


def known_pairs(pairs: tuple[IntArray, IntArray], known: BoolArray) -> tuple[IntArray, IntArray]:
    """Keep the links between areas that both have a value.

    Parameters
    ----------
    pairs : tuple of numpy.ndarray
        As :func:`neighbour_pairs`.
    known : numpy.ndarray
        Whether each area has a value.

    Returns
    -------
    tuple of numpy.ndarray
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
    >>> known_pairs((np.array([0, 1]), np.array([1, 0])), np.array([True, False]))
    (array([], dtype=int64), array([], dtype=int64))
    """
    left, right = pairs
    kept = known[left] & known[right]
    return left[kept], right[kept]


def neighbour_sums(column: FloatArray, pairs: tuple[IntArray, IntArray], areas: int) -> FloatArray:
    """Sum a column over each area's neighbours.

    Parameters
    ----------
    column : numpy.ndarray
        One number for each area.
    pairs : tuple of numpy.ndarray
        As :func:`neighbour_pairs`.
    areas : int
        How many areas there are.

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
    >>> neighbour_sums(np.array([1.0, 2.0, 4.0]), neighbour_pairs([[1], [0, 2], [1]], 3), 3)
    array([2., 5., 2.])
    """
    left, right = pairs
    sums: FloatArray = np.bincount(left, weights=column[right], minlength=areas).astype(float)
    return sums
