"""Proportions with Wilson score limits, as Fingertips publishes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from metrics._checks import (
    FloatArray,
    Numbers,
    aligned,
    check_confidence,
    check_multiplier,
    check_not_negative,
    index_of,
)


def normal_quantile(confidence: float) -> float:
    """Give the standard normal quantile of a two-sided confidence level.

    Parameters
    ----------
    confidence : float
        Two-sided level, a fraction from 0.9 to below 1 (or a percentage from 90 to below 100).

    Returns
    -------
    float
        z, at least 1.64.

    Raises
    ------
    ValueError
        If the level is outside its range.

    Notes
    -----
    There is no zero, missing or tied value here: a missing level is refused.
    Verified against: R 4.2.2 ``qnorm``, through every vector with limits.

    References
    ----------
    Any table of the normal distribution; PHEindicatormethods 2.1.0 uses ``qnorm(c + (1 - c) / 2)``.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    level = check_confidence(confidence)
    return float(ndtri(level + (1 - level) / 2))


def wilson_limits(numerator: FloatArray, denominator: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    """Give the Wilson score limits of a proportion, as fractions from 0 to 1.

    Parameters
    ----------
    numerator, denominator : numpy.ndarray
        Counts of the same shape, 0 <= numerator <= denominator; already checked.
    z : float
        Standard normal quantile, greater than zero.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits, fractions from 0 to 1.

    Notes
    -----
    A denominator of zero or a missing count gives missing limits. There is no ordering, so ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``wilson_lower`` and ``wilson_upper``.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212; Newcombe RG, Altman DG (2000), Statistics with Confidence, 46-48.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = wilson_limits(np.array([852.0]), np.array([1000.0]), 1.959964)
    >>> [round(float(limit), 4) for limit in (lower[0], upper[0])]
    [0.8286, 0.8727]
    """
    n = np.where(denominator > 0, denominator, np.nan)
    centre = 2 * numerator + z**2
    half_width = z * np.sqrt(z**2 + 4 * numerator * (1 - numerator / n))
    scale = 2 * (n + z**2)
    return np.clip((centre - half_width) / scale, 0, 1), np.clip((centre + half_width) / scale, 0, 1)


def proportion(
    numerator: Numbers, denominator: Numbers, *, confidence: float = 0.95, multiplier: float = 1.0
) -> pd.DataFrame:
    """Measure the share of a population with a characteristic, with Wilson score limits.

    Parameters
    ----------
    numerator : array-like
        People with the characteristic; counts from 0 to the denominator, one for each row.
    denominator : array-like
        People who could have it; counts of zero or more. One number stands for every row.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.
    multiplier : float
        100 for a percentage, 1 for a fraction.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``lowercl`` and ``uppercl``, from 0 to the multiplier; higher means more common. Rows in the order
        given, with the index of the numerator when it is a Series.

    Raises
    ------
    ValueError
        If a count is negative, a numerator exceeds its denominator, or lengths, level or multiplier are wrong.

    Notes
    -----
    A numerator of zero is a value: 0, with an upper limit above 0. A denominator of zero has no proportion: all three
    are missing, as they are where a count is missing. Sum counts before calling; never average proportions.
    PHEindicatormethods refuses a denominator of zero; here areas without babies stay in the table. Rows are
    independent, so ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``phe_proportion``.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212; Newcombe RG, Altman DG (2000), Statistics with Confidence, 46-48;
    PHEindicatormethods 2.1.0 ``phe_proportion``.

    Examples
    --------
    >>> proportion([852, 0], [1000, 10], multiplier=100).round(2)
       value  lowercl  uppercl
    0   85.2    82.86    87.27
    1    0.0     0.00    27.75
    """
    x, n = aligned(numerator=numerator, denominator=denominator)
    check_not_negative(x, "numerator")
    check_not_negative(n, "denominator")
    if (x > n).any():
        row = int(np.flatnonzero(x > n)[0])
        raise ValueError(f"numerator must not exceed denominator; found {x[row]:g} of {n[row]:g} in row {row}")
    scale = check_multiplier(multiplier)
    lower, upper = wilson_limits(x, n, normal_quantile(confidence))
    value = x / np.where(n > 0, n, np.nan)
    columns = {"value": value * scale, "lowercl": lower * scale, "uppercl": upper * scale}
    return pd.DataFrame(columns, index=index_of(numerator, denominator))
