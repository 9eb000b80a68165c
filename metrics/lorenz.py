"""Gini coefficient and Lorenz curve: how unequally something is spread, whoever has it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import FloatArray, Labels, Numbers, aligned, check_not_negative, group_positions, group_sums


def gini(value: Numbers, weights: Numbers = 1.0, *, groups: Labels | None = None) -> pd.DataFrame:
    """Measure how unequally a quantity is spread, from 0 (all alike) towards 1 (one has it all).

    Parameters
    ----------
    value : array-like
        Amount per head (or per area); zero or more.
    weights : array-like
        People with that amount; zero or more.
    groups : sequence, optional
        A label for each row saying which set it belongs to (a period); one set when left out.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``gini`` (0 to 1) and ``gini_corrected`` (times n/(n-1), for a sample of
        n rows).

    Raises
    ------
    ValueError
        If a value or weight is negative, or lengths differ.

    Notes
    -----
    Rows with a missing value or weight are left out. Zero is a value; a set whose values are all zero has no Gini.
    Ties and row order do not matter. A set of one has a Gini of 0 and none corrected. It ignores who has the amount:
    for deprivation use the concentration index.
    Verified against: ineq 0.2-13, dineq 0.1.0 and inequality 1.1.2.

    References
    ----------
    Gini C (1912); Cowell FA (2000), Handbook of Income Distribution, 87-166.

    Examples
    --------
    >>> gini([1, 1, 2, 4]).round(4)
         gini  gini_corrected
    0  0.3125          0.4167
    """
    x, w = aligned(value=value, weights=weights)
    check_not_negative(x, "value")
    check_not_negative(w, "weights")
    positions, names = group_positions(groups, x.size)
    known = ~(np.isnan(x) | np.isnan(w))
    order = np.lexsort((x[known], positions[known]))
    x, w, positions = x[known][order], w[known][order], positions[known][order]
    people, amount = group_sums(w, positions, len(names)), group_sums(w * x, positions, len(names))
    share = w / np.where(people > 0, people, np.nan)[positions]
    part = w * x / np.where(amount > 0, amount, np.nan)[positions]
    below = _before_within(part, positions, len(names))
    coefficient = 1 - group_sums(share * (2 * below + part), positions, len(names))
    count = np.bincount(positions, minlength=len(names)).astype(float)
    corrected = coefficient * count / np.where(count > 1, count - 1, np.nan)
    return pd.DataFrame({"gini": coefficient, "gini_corrected": corrected}, index=names)


def lorenz_curve(value: Numbers, weights: Numbers = 1.0) -> pd.DataFrame:
    """Draw the cumulative share of a quantity against the cumulative share of people, those with least first.

    Parameters
    ----------
    value : array-like
        Amount per head; zero or more.
    weights : array-like
        People with that amount; zero or more.

    Returns
    -------
    pandas.DataFrame
        ``population_share`` and ``value_share`` from 0 to 1, one row more than rows given; on the diagonal all have
        alike, and it never rises above it.

    Raises
    ------
    ValueError
        If a value or weight is negative, lengths differ, or the total is zero.

    Notes
    -----
    Rows with a missing value or weight are left out. Zero is a value. Ties and row order do not matter to the curve.
    Verified against: ineq 0.2-13 ``Lc``.

    References
    ----------
    Lorenz MO (1905), Publ Am Stat Assoc 9:209-219.

    Examples
    --------
    >>> lorenz_curve([1, 3])
       population_share  value_share
    0               0.0         0.00
    1               0.5         0.25
    2               1.0         1.00
    """
    x, w = aligned(value=value, weights=weights)
    check_not_negative(x, "value")
    check_not_negative(w, "weights")
    known = ~(np.isnan(x) | np.isnan(w))
    order = np.argsort(x[known], kind="stable")
    x, w = x[known][order], w[known][order]
    if not (w * x).sum() > 0:
        raise ValueError(f"value must have a total above zero; found {(w * x).sum():g}")
    columns = {"population_share": w, "value_share": w * x}
    return pd.DataFrame({name: np.append(0.0, np.cumsum(part) / part.sum()) for name, part in columns.items()})


def _before_within(part: FloatArray, positions: np.ndarray, size: int) -> FloatArray:
    """Sum of the parts before each row within its set, rows being sorted by set."""
    cumulated = np.cumsum(np.nan_to_num(part))
    totals = np.append(0.0, np.cumsum(group_sums(np.nan_to_num(part), positions, size))[:-1])
    return np.where(np.isnan(part), np.nan, cumulated - part - totals[positions])
