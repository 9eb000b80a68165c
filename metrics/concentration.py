"""Concentration indices: whether something good or bad gathers among the deprived or the advantaged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    check_between,
    check_not_negative,
    group_positions,
    group_sums,
)
from metrics.proportions import normal_quantile
from metrics.ranks import TIES, fractional_rank, rank_within


def concentration_index(
    value: Numbers,
    population: Numbers,
    order: Numbers,
    *,
    bounds: tuple[float, float] | None = None,
    groups: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure how far an indicator gathers among the deprived (below zero) or the advantaged (above zero).

    Parameters
    ----------
    value : array-like
        The indicator in each group, ordered by deprivation.
    population : array-like
        People in each group; zero or more.
    order : array-like
        Position of each group, lowest the most deprived (national or local quantiles, ranks, scores turned round).
    bounds : tuple of float, optional
        The least and greatest possible value, (0, 1) or (0, 100) for a proportion; adds Wagstaff's and Erreygers'
        corrections.
    groups : sequence, optional
        A label for each row saying which set it belongs to (an area, a period); one set when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``aci`` (absolute, in the unit of the value), ``rci`` (relative, -1 to 1)
        and, with bounds, ``wagstaff`` and ``erreygers`` (-1 to 1), each with ``…_se``, ``…_lowercl`` and
        ``…_uppercl``. Zero is equality.

    Raises
    ------
    ValueError
        If a population is negative, a value leaves the bounds, an order is missing or lengths differ.

    Notes
    -----
    Zero is a value. A set with a missing value or a mean of zero has no relative index; one with fewer than three
    groups has no standard error. Tied orders share a rank, so row order is irrelevant. The relative index of a bounded
    indicator changes size when the shortfall is measured instead of the attainment; Erreygers' only changes sign.
    Verified against: healthequal 1.0.1 ``aci`` and ``rci``.

    References
    ----------
    Kakwani N et al. (1997), J Econometrics 77:87-103; Wagstaff A (2005), Health Econ 14:429-432; Erreygers G (2009),
    J Health Econ 28:504-515; Schlotheuber A, Hosseinpoor AR (2022), Int J Environ Res Public Health 19:3697.

    Examples
    --------
    >>> fifths = [0.31, 0.27, 0.22, 0.19, 0.14]
    >>> concentration_index(fifths, [100] * 5, [1, 2, 3, 4, 5], bounds=(0, 1)).round(4).loc[0, ["rci", "erreygers"]]
    rci         -0.1487
    erreygers   -0.1344
    Name: 0, dtype: float64
    """
    y, n, place = aligned(value=value, population=population, order=order)
    check_not_negative(n, "population")
    z = normal_quantile(confidence)
    positions, names = group_positions(groups, y.size)
    rank = fractional_rank(place, n, groups=positions)
    absolute, error, average = _convenient_regression(y, n, rank, positions, len(names))
    scales = {"aci": np.ones(len(names)), "rci": 1 / np.where(average == 0, np.nan, average)}
    if bounds is not None:
        scales |= _corrections(y, average, bounds)
    columns = {}
    for name, scale in scales.items():
        columns[name], columns[f"{name}_se"] = absolute * scale, error * np.abs(scale)
        columns[f"{name}_lowercl"] = columns[name] - z * columns[f"{name}_se"]
        columns[f"{name}_uppercl"] = columns[name] + z * columns[f"{name}_se"]
    return pd.DataFrame(columns, index=names)


def concentration_index_of_individuals(
    value: Numbers,
    rank_variable: Numbers,
    weights: Numbers = 1.0,
    *,
    ties: str = "average",
    groups: Labels | None = None,
) -> pd.DataFrame:
    """Measure the concentration index of people (or areas) each with a value and a place in the ranking.

    Parameters
    ----------
    value : array-like
        The indicator of each person.
    rank_variable : array-like
        What ranks them, lowest the most deprived (income, an IMD rank).
    weights : array-like
        Weight of each person; zero or more.
    ties : str
        ``average`` or ``given_order``, as for :func:`metrics.ranks.fractional_rank`.
    groups : sequence, optional
        A label for each row saying which set it belongs to; one set when left out.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``ci`` (relative, -1 to 1), ``generalised`` (absolute, in the unit of the
        value), ``erreygers`` (with the range of the data as bounds) and ``wagstaff`` (for values from 0 to 1). Above
        zero the value gathers among the advantaged.

    Raises
    ------
    ValueError
        If a weight is negative, ``ties`` is unknown or lengths differ.

    Notes
    -----
    Rows with a missing value, rank or weight are left out. A mean of zero has no relative index; a set whose values
    are all equal has no Erreygers index, and one with a mean of 1 no Wagstaff index. Row order matters only with
    ``given_order`` ties. rineq multiplies weighted indices by a small-sample factor that is 1 for equal weights.
    Verified against: rineq 0.3.0 ``ci``.

    References
    ----------
    O'Donnell O et al. (2008), Analyzing Health Equity Using Household Survey Data, World Bank; Erreygers G (2009).

    Examples
    --------
    >>> concentration_index_of_individuals([0, 0, 1, 1], [1, 2, 3, 4])
        ci  generalised  erreygers  wagstaff
    0  0.5         0.25        1.0       1.0
    """
    y, place, w = aligned(value=value, rank_variable=rank_variable, weights=weights)
    check_not_negative(w, "weights")
    positions, names = group_positions(groups, y.size)
    known = ~(np.isnan(y) | np.isnan(place) | np.isnan(w))
    y, place, w, positions = y[known], place[known], w[known], positions[known]
    if ties not in TIES:
        raise ValueError(f"ties must be one of {', '.join(TIES)}; found {ties!r}")
    rank = rank_within(place, w, positions, len(names), join_ties=ties == "average")
    total = group_sums(w, positions, len(names))
    share = w / np.where(total > 0, total, np.nan)[positions]
    average = group_sums(share * y, positions, len(names))
    generalised = 2 * group_sums(share * (y - average[positions]) * (rank - 0.5), positions, len(names))
    spread = pd.Series(y).groupby(positions).agg(np.ptp).reindex(range(len(names))).to_numpy(dtype=float)
    columns = {
        "ci": generalised / np.where(average == 0, np.nan, average),
        "generalised": generalised,
        "erreygers": 4 * generalised / np.where(spread > 0, spread, np.nan),
        "wagstaff": generalised / np.where((average == 0) | (average == 1), np.nan, average * (1 - average)),
    }
    return pd.DataFrame(columns, index=names)


def concentration_curve(value: Numbers, population: Numbers, order: Numbers) -> pd.DataFrame:
    """Draw the cumulative share of something against the cumulative share of people, most deprived first.

    Parameters
    ----------
    value : array-like
        Amount in each group (a count, contacts, £), not a rate; zero or more.
    population : array-like
        People (or need) in each group; zero or more.
    order : array-like
        Position of each group, lowest the most deprived.

    Returns
    -------
    pandas.DataFrame
        ``population_share`` and ``value_share`` from 0 to 1, one row more than there are different orders; above the
        diagonal the deprived have more than their share.

    Raises
    ------
    ValueError
        If an amount or population is negative or missing, an order is missing, or a total is zero.

    Notes
    -----
    Tied orders are joined into one step, so row order is irrelevant. Zero is a value. A missing one is refused: leave
    the group out and say so.
    Verified against: worked arithmetic (``tests/metrics/test_concentration.py``).

    References
    ----------
    Wagstaff A, Paci P, van Doorslaer E (1991), Soc Sci Med 33:545-557.

    Examples
    --------
    >>> concentration_curve([60, 40], [100, 100], [1, 2])
       population_share  value_share
    0               0.0          0.0
    1               0.5          0.6
    2               1.0          1.0
    """
    amount, people, place = aligned(value=value, population=population, order=order)
    if np.isnan(place).any():
        raise ValueError("order must not be missing; found nan")
    step = np.unique(place, return_inverse=True)[1].astype(np.int64)
    columns = {}
    for column, name, given in (("population_share", "population", people), ("value_share", "value", amount)):
        check_not_negative(given, name)
        sums = group_sums(given, step, int(step.max()) + 1)
        if not sums.sum() > 0:
            raise ValueError(f"{name} must have a total above zero and no missing numbers; found {sums.sum():g}")
        columns[column] = np.append(0.0, np.cumsum(sums) / sums.sum())
    return pd.DataFrame(columns)


def _convenient_regression(
    y: FloatArray, n: FloatArray, rank: FloatArray, positions: IntArray, size: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Absolute index, its standard error, and the mean: the slope of twice the rank variance times y on rank."""
    total = group_sums(n, positions, size)
    share = n / np.where(total > 0, total, np.nan)[positions]
    average = group_sums(share * y, positions, size)
    off_centre = rank - 0.5
    variance = group_sums(share * off_centre**2, positions, size)
    index = 2 * group_sums(share * off_centre * (y - average[positions]), positions, size)
    positive = np.where(variance > 0, variance, np.nan)
    residual = 2 * variance[positions] * (y - average[positions]) - (index)[positions] * off_centre
    count = np.bincount(positions, minlength=size)
    degrees = np.where(count > 2, count - 2.0, np.nan)
    error = np.sqrt(group_sums(share * residual**2, positions, size) / degrees / positive)
    return np.where(count > 1, index, np.nan), error, average


def _corrections(y: FloatArray, average: FloatArray, bounds: tuple[float, float]) -> dict[str, FloatArray]:
    low, high = bounds
    if not low < high:
        raise ValueError(f"bounds must be the least and the greatest value, in that order; found {bounds}")
    check_between(y, low, high, "value")
    level = (average - low) / (high - low)
    inside = np.where((level > 0) & (level < 1), level, np.nan)
    return {
        "wagstaff": 1 / ((high - low) * inside * (1 - inside)),
        "erreygers": np.full(average.size, 4 / (high - low)),
    }
