"""Means of individual values with Student's t limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from metrics._checks import Labels, Numbers, as_numbers, check_confidence, group_positions, group_sums


def mean(values: Numbers, *, groups: Labels | None = None, confidence: float = 0.95) -> pd.DataFrame:
    """Measure the mean of individual values in each group, with Student's t limits.

    Parameters
    ----------
    values : array-like
        One number for each person or item, in the unit of the indicator; any sign.
    groups : sequence, optional
        A label for each value (an area, a period); one group of all values when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each group, groups in sorted order as the index: ``value_sum``, ``value_count``, ``stdev`` (sample,
        n - 1), ``value``, ``lowercl`` and ``uppercl`` in the unit of the values; higher means larger values.

    Raises
    ------
    ValueError
        If values are not numbers, a label is missing, or lengths or level are wrong.

    Notes
    -----
    Zero is a value. One missing value makes its whole group missing, as in the reference: leave missing values out
    before calling and say how many. A group of one has a mean and no limits. Equal values (ties) have limits equal to
    the mean. A mean of area rates is not the rate of the whole: use counts for that.
    Verified against: PHEindicatormethods 2.1.0 ``phe_mean``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``phe_mean``; Student (1908), Biometrika 6:1-25.

    Examples
    --------
    >>> mean([30, 40, 50, 60]).round(2)
       value_sum  value_count  stdev  value  lowercl  uppercl
    0      180.0            4  12.91   45.0    24.46    65.54
    """
    x = np.atleast_1d(as_numbers(values, "values"))
    level = check_confidence(confidence)
    positions, names = group_positions(groups, x.size)
    total = group_sums(x, positions, len(names))
    count = np.bincount(positions, minlength=len(names))
    average = total / np.maximum(count, 1)
    squares = group_sums((x - average[positions]) ** 2, positions, len(names))
    degrees = np.where(count > 1, count - 1.0, np.nan)
    stdev = np.sqrt(squares / degrees)
    half_width = np.abs(stdtrit(degrees, (1 - level) / 2)) * stdev / np.sqrt(np.maximum(count, 1))
    columns = {
        "value_sum": total,
        "value_count": count,
        "stdev": stdev,
        "value": average,
        "lowercl": average - half_width,
        "uppercl": average + half_width,
    }
    return pd.DataFrame(columns, index=names)
