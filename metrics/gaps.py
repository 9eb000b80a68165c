"""Gaps between the ends: absolute and relative gap, and what the whole would gain if all matched the best."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    as_numbers,
    check_choice,
    check_not_negative,
    check_positive,
    group_positions,
    group_sums,
)
from metrics.proportions import normal_quantile

JUDGEMENTS = ("high_is_good", "low_is_good")


def gap(
    value: Numbers,
    order: Numbers | None = None,
    *,
    polarity: str,
    standard_error: Numbers | None = None,
    reference: Numbers | None = None,
    groups: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure the difference and the ratio between the best- and worst-placed groups.

    Parameters
    ----------
    value : array-like
        The indicator in each group.
    order : array-like, optional
        Position of each group, lowest the most deprived: the gap is between its two ends, least minus most deprived
        when high is good, the reverse when low is good, so that above zero always means the deprived fare worse.
        Without it the groups are unordered (ethnic groups, places) and the gap is between highest and lowest.
    polarity : str
        ``high_is_good`` or ``low_is_good``.
    standard_error : array-like, optional
        Of each value, zero or more; without it there are no limits.
    reference : array-like of 0 and 1, optional
        Marks the group others are compared with; only for unordered groups, in place of the best one.
    groups : sequence, optional
        A label for each row saying which set it belongs to (an area, a period); one set when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``absolute_gap`` (unit of the value) with ``_se``, ``_lowercl``,
        ``_uppercl``; ``relative_gap`` (ratio, 1 is equal) with ``_log_se``, ``_lowercl``, ``_uppercl``.

    Raises
    ------
    ValueError
        If a standard error is negative, both ``order`` and ``reference`` are given, a set has no end or two, or a
        polarity is unknown.

    Notes
    -----
    Only the two ends count: the middle may do anything. A missing value at an ordered end makes the gap missing; among
    unordered groups missing values are left out. Zero is a value, but the ratio to zero is missing. Two groups tied at
    an unordered end give the same gap; two groups sharing the first or last place are refused.
    Verified against: healthequal 1.0.1 ``d`` and ``r``.

    References
    ----------
    Schlotheuber A, Hosseinpoor AR (2022), Int J Environ Res Public Health 19:3697; Ahn J et al. (2018), JCO Clin Cancer
    Inform 2:1-19.

    Examples
    --------
    >>> gap([61.2, 66.8, 71.1, 74.9, 79.3], [1, 2, 3, 4, 5], polarity="high_is_good").round(2)[
    ...     ["absolute_gap", "relative_gap"]
    ... ]
       absolute_gap  relative_gap
    0          18.1           1.3
    """
    check_choice(polarity, JUDGEMENTS, "polarity")
    (y,) = aligned(value=value)
    error = np.full(y.size, np.nan) if standard_error is None else aligned(standard_error=standard_error, value=y)[0]
    check_not_negative(error, "standard_error")
    positions, names = group_positions(groups, y.size)
    if order is None:
        top, bottom = _unordered_ends(y, reference, polarity, positions, len(names))
    else:
        if reference is not None:
            raise ValueError("reference must be left out when order is given; found both")
        top, bottom = _ordered_ends(aligned(order=order, value=y)[0], polarity, positions, len(names))
    z = normal_quantile(confidence)
    first, second = y[top], y[bottom]
    difference_error = np.sqrt(error[top] ** 2 + error[bottom] ** 2)
    safe_first, safe_second = (np.where(end > 0, end, np.nan) for end in (first, second))
    log_error = np.sqrt((error[top] / safe_first) ** 2 + (error[bottom] / safe_second) ** 2)
    difference, ratio = first - second, first / np.where(second == 0, np.nan, second)
    columns = {
        "absolute_gap": difference,
        "absolute_gap_se": difference_error,
        "absolute_gap_lowercl": difference - z * difference_error,
        "absolute_gap_uppercl": difference + z * difference_error,
        "relative_gap": ratio,
        "relative_gap_log_se": log_error,
        "relative_gap_lowercl": ratio * np.exp(-z * log_error),
        "relative_gap_uppercl": ratio * np.exp(z * log_error),
    }
    return pd.DataFrame(columns, index=names)


def population_attributable(
    value: Numbers,
    population: Numbers,
    order: Numbers | None = None,
    *,
    polarity: str,
    scale: float = 1.0,
    groups: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure how the whole would change if every group had the value of the least deprived (or best) one.

    Parameters
    ----------
    value : array-like
        The indicator in each group.
    population : array-like
        People in each group; zero or more.
    order : array-like, optional
        Position of each group, highest the least deprived, which is the reference. Without it the reference is the
        group with the best value.
    polarity : str
        ``high_is_good`` or ``low_is_good``.
    scale : float
        Of the value: 1 for fractions, 100 for percentages, 1,000 for rates per 1,000.
    groups : sequence, optional
        A label for each row saying which set it belongs to; one set when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``par`` (unit of the value; above zero when high is good, below when low
        is good) and ``paf`` (per cent of the mean), each with ``_se``, ``_lowercl``, ``_uppercl``.

    Raises
    ------
    ValueError
        If a population is negative, two groups share the last place, or polarity or scale are wrong.

    Notes
    -----
    Set to 0 where the reference is worse than the mean; the limits are not moved. A missing value makes its set
    missing. Tied best groups give the same answer (the larger is taken for the limits). A mean of zero has no fraction.
    Limits are approximate. The signs are WHO's; ScotPHO's PAR is positive for adverse indicators.
    Verified against: healthequal 1.0.1 ``parisk`` and ``paf`` (whose ``paf`` limits mix per cent and fraction; here
    all are per cent).

    References
    ----------
    Walter SD (1978), Int J Epidemiol 7:175-182; Schlotheuber A, Hosseinpoor AR (2022).

    Examples
    --------
    >>> population_attributable([20, 30, 40], [100, 100, 200], [1, 2, 3], polarity="high_is_good", scale=100)[
    ...     ["par", "paf"]
    ... ].round(2)
       par    paf
    0  7.5  23.08
    """
    check_choice(polarity, JUDGEMENTS, "polarity")
    y, n = aligned(value=value, population=population)
    check_not_negative(n, "population")
    check_positive(scale, "scale")
    positions, names = group_positions(groups, y.size)
    if order is None:
        rows = _best(y, n, polarity, positions, len(names))
    else:
        rows = _last(aligned(order=order, value=y)[0], positions, len(names))
    total = group_sums(n, positions, len(names))
    average = group_sums(n * y, positions, len(names)) / np.where(total > 0, total, np.nan)
    difference = y[rows] - average
    better = difference > 0 if polarity == "high_is_good" else difference < 0
    par = np.where(np.isnan(difference), np.nan, np.where(better, difference, 0.0))
    mean = np.where(average == 0, np.nan, average)
    fraction_error = _walter_error(y[rows] / scale, average / scale, n[rows], total)
    z = normal_quantile(confidence)
    columns = {}
    for name, estimate, error in (
        ("par", par, np.abs(average) * fraction_error),
        ("paf", 100 * par / mean, 100 * fraction_error),
    ):
        columns[name], columns[f"{name}_se"] = estimate, error
        columns[f"{name}_lowercl"], columns[f"{name}_uppercl"] = estimate - z * error, estimate + z * error
    return pd.DataFrame(columns, index=names)


def _walter_error(reference: FloatArray, average: FloatArray, people: FloatArray, total: FloatArray) -> FloatArray:
    """Standard error of the attributable fraction from the two-by-two table of reference and rest."""
    c = reference * people  # with the characteristic in the reference group
    d = people - c
    a = average * total - c  # with it elsewhere
    b = total - a - people
    below = (a + c) ** 3 * (c + d) ** 3
    square = c * total * (a * d * (total - c) + b * c**2) / np.where(below == 0, np.nan, below)
    return np.sqrt(np.where(square >= 0, square, np.nan))


def _ends(place: FloatArray, positions: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Rows of the first and last place in each set; a shared place is refused."""
    if np.isnan(place).any():
        raise ValueError("order must not be missing; found nan")
    index = np.lexsort((place, positions))
    counts = np.bincount(positions, minlength=size)
    last = np.cumsum(counts) - 1
    first = last - counts + 1
    sorted_place = place[index]
    for end, neighbour in ((first, first + 1), (last, last - 1)):
        shared = (counts > 1) & (sorted_place[end] == sorted_place[np.clip(neighbour, 0, place.size - 1)])
        if shared.any():
            raise ValueError(f"order must have one group at each end; found two at {sorted_place[end][shared][0]:g}")
    return index[first].astype(np.int64), index[last].astype(np.int64)


def _ordered_ends(place: FloatArray, polarity: str, positions: IntArray, size: int) -> tuple[IntArray, IntArray]:
    most, least = _ends(place, positions, size)
    return (least, most) if polarity == "high_is_good" else (most, least)


def _last(place: FloatArray, positions: IntArray, size: int) -> IntArray:
    return _ends(place, positions, size)[1]


def _extreme(y: FloatArray, tie_breaker: FloatArray, positions: IntArray, size: int, *, highest: bool) -> IntArray:
    """Row of the highest (or lowest) known value of each set; among equals the one with the larger tie-breaker."""
    key = np.where(np.isnan(y), -np.inf, y if highest else -y)
    index = np.lexsort((tie_breaker, key, positions))
    return index[np.cumsum(np.bincount(positions, minlength=size)) - 1].astype(np.int64)


def _best(y: FloatArray, n: FloatArray, polarity: str, positions: IntArray, size: int) -> IntArray:
    return _extreme(y, n, positions, size, highest=polarity == "high_is_good")


def _unordered_ends(
    y: FloatArray, reference: Numbers | None, polarity: str, positions: IntArray, size: int
) -> tuple[IntArray, IntArray]:
    nothing = np.zeros(y.size)
    top, bottom = (_extreme(y, nothing, positions, size, highest=highest) for highest in (True, False))
    if reference is None:
        return top, bottom
    rows = reference_rows(reference, positions, size)
    return (rows, bottom) if polarity == "high_is_good" else (top, rows)


def reference_rows(reference: Numbers, positions: IntArray, size: int) -> IntArray:
    """Find the one marked row of each set.

    Parameters
    ----------
    reference : array-like
        1 (or True) for the reference group of each set, 0 for the others.
    positions : numpy.ndarray
        Number of each row's set, from 0.
    size : int
        How many sets there are.

    Returns
    -------
    numpy.ndarray
        Row number of each set's reference.

    Raises
    ------
    ValueError
        If a set has none or several.

    Notes
    -----
    Zero means not the reference; a missing mark is refused. Ties do not arise.
    Verified against: worked examples (``tests/metrics/test_gaps.py``).

    References
    ----------
    None needed.

    Examples
    --------
    >>> import numpy as np
    >>> reference_rows([0, 1, 1, 0], np.array([0, 0, 1, 1]), 2)
    array([1, 2])
    """
    marked = as_numbers(reference, "reference") == 1
    counts = np.bincount(positions, weights=marked, minlength=size)
    if (counts != 1).any():
        raise ValueError(f"reference must mark one group in each set; found {int(counts[counts != 1][0])}")
    rows = np.flatnonzero(marked)
    return rows[np.argsort(positions[rows])].astype(np.int64)
