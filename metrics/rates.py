"""Crude and standardised rates with Byar's, exact Poisson and Dobson limits, as Fingertips publishes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from metrics._checks import (
    FloatArray,
    Numbers,
    aligned,
    check_confidence,
    check_multiplier,
    check_not_negative,
    index_of,
)
from metrics.proportions import normal_quantile

FEWEST_FOR_BYARS = 10  # events; below it the exact Poisson limits are used (PHEindicatormethods 2.1.0)


def byars_limits(events: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Give Byar's approximate limits of a Poisson count.

    Parameters
    ----------
    events : numpy.ndarray
        Counts of events, zero or more.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits in events, zero or more.

    Raises
    ------
    ValueError
        If the level is outside its range.

    Notes
    -----
    Use it from 10 events; below that it is poor, and :func:`exact_poisson_limits` is right. No events have a lower
    limit of zero. A missing count has missing limits. Rows are independent, so ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``byars_lower`` and ``byars_upper``.

    References
    ----------
    Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = byars_limits(np.array([21.0]), 0.95)
    >>> [round(float(limit), 2) for limit in (lower[0], upper[0])]
    [12.99, 32.1]
    """
    z = normal_quantile(confidence)
    positive = np.where(events > 0, events, np.nan)
    lower = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    more = events + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(events == 0, 0.0, np.maximum(lower, 0.0)), upper


def exact_poisson_limits(events: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Give the exact limits of a Poisson count.

    Parameters
    ----------
    events : numpy.ndarray
        Counts of events, zero or more.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits in events, zero or more.

    Raises
    ------
    ValueError
        If the level is outside its range.

    Notes
    -----
    No events have a lower limit of zero. A missing count has missing limits. Rows are independent, so ties do not
    arise. The chi-square quantile with 2x degrees of freedom, halved, is the inverse of the incomplete gamma function.
    Verified against: PHEindicatormethods 2.1.0 ``phe_rate``.

    References
    ----------
    Armitage P, Berry G (2002), Statistical Methods in Medical Research, 4th edition, Blackwell.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = exact_poisson_limits(np.array([0.0, 9.0]), 0.95)
    >>> lower.round(3), upper.round(3)
    (array([0.   , 4.115]), array([ 3.689, 17.085]))
    """
    level = check_confidence(confidence)
    tail = (1 - level) / 2
    positive = np.where(events > 0, events, np.nan)
    lower = np.where(events == 0, 0.0, gammaincinv(positive, tail))
    return lower, np.asarray(gammaincinv(events + 1, level + tail), dtype=float)


def count_limits(events: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Give the limits of a count: exact Poisson below 10 events, Byar's from 10.

    Parameters
    ----------
    events : numpy.ndarray
        Counts of events, zero or more.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits in events, zero or more.

    Raises
    ------
    ValueError
        If the level is outside its range.

    Notes
    -----
    No events have a lower limit of zero. A missing count has missing limits. Rows are independent, so ties do not
    arise. Only the rows below 10 pay for the exact computation.
    Verified against: PHEindicatormethods 2.1.0 ``phe_rate``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``phe_rate``; Fingertips technical guidance.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = count_limits(np.array([9.0, 10.0]), 0.95)
    >>> lower.round(2), upper.round(2)
    (array([4.12, 4.79]), array([17.08, 18.39]))
    """
    lower, upper = byars_limits(events, confidence)
    few = events < FEWEST_FOR_BYARS
    lower[few], upper[few] = exact_poisson_limits(events[few], confidence)
    return lower, upper


def rate(
    numerator: Numbers, denominator: Numbers, *, confidence: float = 0.95, multiplier: float = 100_000.0
) -> pd.DataFrame:
    """Measure events per person (or other base), with Byar's limits, exact below 10 events.

    Parameters
    ----------
    numerator : array-like
        Events; counts of zero or more, one for each row. They may exceed the denominator.
    denominator : array-like
        People, births or person-years; zero or more. One number stands for every row.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.
    multiplier : float
        The base of the rate: 1,000 gives a rate per 1,000.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``lowercl`` and ``uppercl`` per ``multiplier``, zero or more; higher means more events. Rows in the
        order given, with the index of the numerator when it is a Series.

    Raises
    ------
    ValueError
        If a count is negative, or lengths, level or multiplier are wrong.

    Notes
    -----
    No events are a value: 0, with a lower limit of 0. A denominator of zero has no rate: all three are missing, as
    they are where a count is missing. Sum counts before calling. PHEindicatormethods refuses a denominator of zero;
    here such areas stay in the table. Rows are independent, so ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``phe_rate``.

    References
    ----------
    Breslow NE, Day NE (1987); Armitage P, Berry G (2002); PHEindicatormethods 2.1.0 ``phe_rate``.

    Examples
    --------
    >>> rate([21, 0], [1000, 500], multiplier=1000).round(2)
       value  lowercl  uppercl
    0   21.0    12.99    32.10
    1    0.0     0.00     7.38
    """
    x, n = aligned(numerator=numerator, denominator=denominator)
    check_not_negative(x, "numerator")
    check_not_negative(n, "denominator")
    base = check_multiplier(multiplier) / np.where(n > 0, n, np.nan)
    lower, upper = count_limits(x, confidence)
    columns = {"value": x * base, "lowercl": lower * base, "uppercl": upper * base}
    return pd.DataFrame(columns, index=index_of(numerator, denominator))
