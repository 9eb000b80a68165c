"""Recent trend as DHSC computes it for Fingertips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import POLARITIES, BoolArray, FloatArray, Numbers, TextArray, as_panel, check_choice

POINTS = 5  # the most recent points used (DHSC TrendMarkerCalculator)
CHI_SQUARE_998 = 9.54953570608324  # chi-square, 1 degree of freedom, 99.8% (DHSC TrendMarkerCalculator)
WIDTH_IN_ERRORS = 3.92  # width of a 95% interval in standard errors, as DHSC rounds it

CANNOT_BE_CALCULATED = "cannot be calculated"
NO_CHANGE = "no significant change"


def recent_trend(
    values: Numbers | pd.DataFrame,
    lowercl: Numbers | pd.DataFrame,
    uppercl: Numbers | pd.DataFrame,
    *,
    polarity: str = "no_judgement",
) -> pd.DataFrame:
    """Say whether the last five yearly values of each area rise or fall beyond chance.

    Parameters
    ----------
    values : array-like of two dimensions, or pandas.DataFrame
        One row for each area, one column for each **single year**, oldest first, consecutive; at least one column.
    lowercl, uppercl : array-like of two dimensions
        **95%** limits of the values, same shape.
    polarity : str
        ``high_is_good``, ``low_is_good`` or ``no_judgement``.

    Returns
    -------
    pandas.DataFrame
        One row for each area, with the index of ``values``: ``trend`` (``increasing``, ``decreasing``, with ``and
        getting better`` or ``and getting worse`` when there is a judgement, ``no significant change`` or ``cannot be
        calculated``), ``slope`` (unit of the values a year, above zero rises) and ``chi_square`` (zero or more).

    Raises
    ------
    ValueError
        If shapes differ, a lower limit is above its upper limit, or the polarity is unknown.

    Notes
    -----
    The standard error of a year is the width of its interval over 3.92; the slope is weighted by inverse variance. A
    trend needs chi-square above 9.54953570608324 **and** the same sign of slope when each of the five years is left
    out. The five years are the last five columns: a missing value or limit among them, or an interval without width,
    and it cannot be calculated. DHSC counts a slope of exactly zero (ties) as rising in the leave-one-out rule, and so
    is it here. Zero is a value. Never use it on quarters or rolling years.
    Verified against: worked arithmetic (``tests/metrics/test_trend.py``) after DHSC's published code.

    References
    ----------
    DHSC FingertipsNext, ``TrendMarkerCalculator.cs`` and ``TrendRequest.cs`` (commit d1600f4, 2025).

    Examples
    --------
    >>> values = [[50.0, 55.0, 60.0, 65.0, 70.0]]
    >>> lower, upper = [[48.0, 53.0, 58.0, 63.0, 68.0]], [[52.0, 57.0, 62.0, 67.0, 72.0]]
    >>> recent_trend(values, lower, upper, polarity="high_is_good").round(1)
                               trend  slope  chi_square
    0  increasing and getting better    5.0       240.1
    """
    y, lower, upper = as_panel(values, "values"), as_panel(lowercl, "lowercl"), as_panel(uppercl, "uppercl")
    if not y.shape == lower.shape == upper.shape:
        raise ValueError(
            f"values, lowercl and uppercl must have one shape; found {y.shape}, {lower.shape} and {upper.shape}"
        )
    if (lower > upper).any():
        raise ValueError(f"lowercl must not exceed uppercl; found {lower[lower > upper][0]:g}")
    check_choice(polarity, POLARITIES, "polarity")
    index = values.index if isinstance(values, pd.DataFrame) else None
    if y.shape[1] < POINTS:
        nothing = {"trend": CANNOT_BE_CALCULATED, "slope": np.nan, "chi_square": np.nan}
        return pd.DataFrame([nothing] * len(y), index=index)
    slope, chi_square, steady = _slope(*_last_five(y, (upper - lower) / WIDTH_IN_ERRORS))
    columns = {"trend": _words(slope, chi_square, steady, polarity), "slope": slope, "chi_square": chi_square}
    return pd.DataFrame(columns, index=index)


def _last_five(y: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Take each area's five columns up to its last usable one; unusable cells become missing."""
    usable = ~np.isnan(y) & (error > 0)
    last = y.shape[1] - 1 - np.argmax(usable[:, ::-1], axis=1)
    columns = np.maximum(last[:, None] + np.arange(1 - POINTS, 1), 0)
    rows = np.arange(len(y))[:, None]
    whole = (usable[rows, columns] & (last >= POINTS - 1)[:, None]).all(axis=1, keepdims=True)
    return np.where(whole, y[rows, columns], np.nan), np.where(whole, error[rows, columns], np.nan)


def _slope(y: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    weight = 1 / error**2
    left_out = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)])  # all five, then without each in turn
    time = np.arange(1, POINTS + 1)
    w, wt, wtt, wy, wty = ((weight * term) @ left_out.T for term in (np.ones(POINTS), time, time**2, y, y * time))
    scale = w * wtt - wt**2
    slopes = (w * wty - wt * wy) / scale
    chi_square = slopes[:, 0] ** 2 * scale[:, 0] / w[:, 0]
    steady = np.abs(np.where(slopes < 0, -1, 1).sum(axis=1)) == POINTS + 1
    return slopes[:, 0], chi_square, steady


def _words(slope: FloatArray, chi_square: FloatArray, steady: BoolArray, polarity: str) -> TextArray:
    better, worse = {
        "high_is_good": (" and getting better", " and getting worse"),
        "low_is_good": (" and getting worse", " and getting better"),
        "no_judgement": ("", ""),
    }[polarity]
    significant = steady & (chi_square > CHI_SQUARE_998)
    rising, falling = significant & (slope > 0), significant & (slope < 0)
    words = np.select([rising, falling], ["increasing" + better, "decreasing" + worse], NO_CHANGE)
    return np.where(np.isnan(slope), CANNOT_BE_CALCULATED, words).astype(object)
