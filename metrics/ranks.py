"""Fractional ranks: where each group stands between the most deprived (0) and the least deprived (1)."""

from __future__ import annotations

import numpy as np

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    check_choice,
    check_not_negative,
    group_positions,
    group_sums,
)

TIES = ("average", "given_order")


def fractional_rank(
    order: Numbers, population: Numbers = 1.0, *, ties: str = "average", groups: Labels | None = None
) -> FloatArray:
    """Measure the share of the population that stands before the middle of each group.

    Parameters
    ----------
    order : array-like
        Position of each group, lowest the most deprived; any numbers.
    population : array-like
        People in each group (weights); zero or more. One number stands for equal groups.
    ties : str
        ``average``: groups of the same order share the middle of their joint range. ``given_order``: they follow one
        another as given, which makes the result depend on row order.
    groups : sequence, optional
        A label for each row saying which set it belongs to (an area, a period); one set when left out.

    Returns
    -------
    numpy.ndarray
        Ranks from 0 (most deprived) to 1, in the order given.

    Raises
    ------
    ValueError
        If an order is missing, a population is negative, an option is unknown or lengths differ.

    Notes
    -----
    A population of zero has the rank where it stands; a set of zero people has none. A missing population makes the
    ranks of its set missing.
    Verified against: healthequal 1.0.1 and rineq 0.3.0 (``rank_wt`` is ``given_order``, ``rank_gwt`` is ``average``).

    References
    ----------
    Kakwani N, Wagstaff A, van Doorslaer E (1997), J Econometrics 77:87-103; van Ourti T (2004), Health Econ 13:705-724.

    Examples
    --------
    >>> fractional_rank([1, 2, 2, 3], [10, 10, 20, 10])
    array([0.1, 0.5, 0.5, 0.9])
    """
    place, people = aligned(order=order, population=population)
    check_not_negative(people, "population")
    check_choice(ties, TIES, "ties")
    if np.isnan(place).any():
        raise ValueError("order must not be missing; found nan")
    positions, names = group_positions(groups, place.size)
    return rank_within(place, people, positions, len(names), join_ties=ties == "average")


def rank_within(
    place: FloatArray, people: FloatArray, positions: IntArray, size: int, *, join_ties: bool = True
) -> FloatArray:
    """Give fractional ranks within numbered sets, for columns already checked.

    Parameters
    ----------
    place, people : numpy.ndarray
        Order and population of each row.
    positions : numpy.ndarray
        Number of each row's set, from 0.
    size : int
        How many sets there are.
    join_ties : bool
        Whether rows of the same order in a set share the middle of their joint range.

    Returns
    -------
    numpy.ndarray
        Ranks from 0 to 1.

    Notes
    -----
    As :func:`fractional_rank`, which checks its arguments and calls this.
    Verified against: as :func:`fractional_rank`.

    References
    ----------
    As :func:`fractional_rank`.

    Examples
    --------
    >>> import numpy as np
    >>> rank_within(np.array([2.0, 1.0]), np.array([1.0, 3.0]), np.array([0, 0]), 1)
    array([0.875, 0.375])
    """
    index = np.lexsort((place, positions))
    p, g, o = people[index], positions[index], place[index]
    after = np.cumsum(np.nan_to_num(p))
    before = after - np.nan_to_num(p)
    new_set = np.append(True, g[1:] != g[:-1])
    new_run = new_set | np.append(True, o[1:] != o[:-1]) if join_ties else np.ones(p.size, dtype=bool)
    starts = np.flatnonzero(new_run)
    run = np.cumsum(new_run) - 1
    ends = np.append(starts[1:], p.size) - 1
    offset = before[np.flatnonzero(new_set)][np.cumsum(new_set) - 1]
    total = group_sums(people, positions, size)[g]
    rank = np.empty(p.size)
    rank[index] = ((before[starts][run] + after[ends][run]) / 2 - offset) / np.where(total > 0, total, np.nan)
    return rank
