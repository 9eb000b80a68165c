"""Funnel plots as Fingertips draws them: control limits around the average, points, and significance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from metrics._checks import (
    BoolArray,
    FloatArray,
    Numbers,
    TextArray,
    aligned,
    check_choice,
    check_multiplier,
    check_not_negative,
    check_positive,
    index_of,
)
from metrics.proportions import normal_quantile
from metrics.rates import count_limits

POINTS_ON_AXIS = 100
FEWEST_FOR_STANDARDISED = 10  # events below which a directly standardised rate is not placed on a funnel
RATE_TYPES = ("crude", "dsr")
RATIO_TYPES = ("isr", "count")
Z_2S, Z_3S = normal_quantile(0.95), normal_quantile(0.998)
NOT_APPLICABLE = "Not applicable for events less than 10 for dsrs"


def proportion_funnel(
    numerator: Numbers, denominator: Numbers, *, multiplier: float = 100.0, highest: float | None = None
) -> pd.DataFrame:
    """Draw the limits within which areas' proportions would lie if all shared the average.

    Parameters
    ----------
    numerator, denominator : array-like
        Counts of each area, 0 <= numerator <= denominator, denominator greater than zero.
    multiplier : float
        100 for percentages.
    highest : float, optional
        Where upper limits are cut off; the multiplier (a proportion of 1) when left out.

    Returns
    -------
    pandas.DataFrame
        100 rows along the axis: ``population``, ``lower_2s``, ``upper_2s`` (95%), ``lower_3s``, ``upper_3s`` (99.8%)
        and ``baseline`` (the average), from 0 to ``highest``.

    Raises
    ------
    ValueError
        If counts, multiplier or lengths are wrong, or no area has both counts.

    Notes
    -----
    The average is the sum of numerators over the sum of denominators, never the mean of proportions. Areas with a
    missing count are left out; zero is a value; ties do not matter. Limits are the proportions whose Wilson limit
    equals the average. The reference cuts upper limits at 100 whatever the multiplier: pass ``highest=100`` for that.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_funnel_limits``.

    References
    ----------
    Spiegelhalter DJ (2005), Stat Med 24:1185-1202; PHEindicatormethods 2.1.0; Fingertips technical guidance.

    Examples
    --------
    >>> proportion_funnel([40, 52, 61], [100, 110, 120]).round(1).iloc[[0, 99]]
        population  lower_2s  upper_2s  lower_3s  upper_3s  baseline
    0         90.0      36.1      56.7      30.1      62.6      46.4
    99       189.0      39.3      53.5      35.2      57.6      46.4
    """
    x, n = _complete(numerator, denominator)
    _check_proportion(x, n)
    scale = check_multiplier(multiplier)
    average = _total(x) / _total(n)
    axis = _axis(_axis_start(n), _round_up(n.max()), offset=0)
    spread = np.sqrt(average * (1 - average) / axis)
    top = scale if highest is None else highest
    columns = {"population": axis}
    for name, z in (("2s", Z_2S), ("3s", Z_3S)):
        columns[f"lower_{name}"] = np.maximum((average - z * spread) * scale, 0)
        columns[f"upper_{name}"] = np.minimum((average + z * spread) * scale, top)
    return pd.DataFrame({**columns, "baseline": average * scale})


def ratio_funnel(observed: Numbers, expected: Numbers, *, ratio_type: str = "isr") -> pd.DataFrame:
    """Draw the limits within which areas' standardised ratios would lie if all had the events expected of them.

    Parameters
    ----------
    observed : array-like
        Events of each area; zero or more.
    expected : array-like
        Events expected of it, in the same unit; greater than zero.
    ratio_type : str
        ``isr``: limits around 100. ``count``: limits as a share above or below expected, around 0.

    Returns
    -------
    pandas.DataFrame
        100 rows along the axis: ``observed``, then for 2s (95%) and 3s (99.8%) ``lower_…_expected`` and
        ``upper_…_expected`` (the expected events at which that count is on the limit) and ``lower_…``, ``upper_…``.

    Raises
    ------
    ValueError
        If counts or lengths are wrong, the type is unknown, or no area has both counts.

    Notes
    -----
    Exact Poisson limits by the chi-square quantile; the reference finds them by bisection, to within 0.03%. Areas with
    a missing number are left out; zero events are a value; ties do not matter.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_funnel_limits``.

    References
    ----------
    Dover DC, Schopflocher DP (2011), Population Health Metrics 9:58; PHEindicatormethods 2.1.0.

    Examples
    --------
    >>> ratio_funnel([8, 12, 30], [10, 11, 25])[["observed", "lower_2s", "upper_2s"]].round(1).iloc[[0, 9]]
       observed  lower_2s  upper_2s
    0       1.0      17.9    3949.8
    9      10.0      54.4     208.5
    """
    _, n = _complete(observed, expected)
    check_choice(ratio_type, RATIO_TYPES, "ratio_type")
    axis = _axis(_axis_start(n), _round_up(n.max()), offset=1)
    columns: dict[str, FloatArray] = {"observed": axis}
    for name, tail in (("2s", 0.025), ("3s", 0.001)):
        for side, mean in _means_on_the_limit(axis, tail):
            columns[f"{side}_{name}_expected"] = mean
            columns[f"{side}_{name}"] = axis / mean * 100 if ratio_type == "isr" else axis / mean - 1
    return pd.DataFrame(columns)


def rate_funnel(
    numerator: Numbers,
    rate: Numbers,
    *,
    denominator: Numbers | None = None,
    rate_type: str = "crude",
    multiplier: float = 100_000.0,
    years: float = 1.0,
) -> pd.DataFrame:
    """Draw the limits within which areas' rates would lie if all shared the average.

    Parameters
    ----------
    numerator : array-like
        Events of each area; zero or more.
    rate : array-like
        Its published rate per ``multiplier``.
    denominator : array-like, optional
        Its population; needed for crude rates where there are no events.
    rate_type : str
        ``crude`` or ``dsr`` (directly standardised).
    multiplier : float
        The base of the rate.
    years : float
        Years of data pooled; the axis shows the population of one year.

    Returns
    -------
    pandas.DataFrame
        100 rows along the axis: ``events``, then for 2s and 3s ``lower_…_population`` and ``upper_…_population`` (of
        one year) and ``lower_…``, ``upper_…`` (rates), and ``baseline``.

    Raises
    ------
    ValueError
        If counts, rates, types or lengths are wrong, or a crude rate without events has no denominator, or no area
        has events.

    Notes
    -----
    Denominators are derived from events and rates, so that the funnel fits standardised rates; a standardised rate
    without events has none and is left out, as are areas with a missing number. Ties do not matter.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_funnel_limits``.

    References
    ----------
    Dover DC, Schopflocher DP (2011), Population Health Metrics 9:58; PHEindicatormethods 2.1.0.

    Examples
    --------
    >>> rate_funnel([20, 30], [10.0, 12.0], multiplier=1000)[["events", "lower_2s", "upper_2s"]].round(1).iloc[[0]]
       events  lower_2s  upper_2s
    0    11.0       6.2      22.3
    """
    x, n, span = _rate_parts(numerator, rate, denominator, rate_type, multiplier, years)
    known = ~np.isnan(x) & ~np.isnan(n)
    if not known.any():
        raise ValueError("numerator and rate must hold at least one area with a population; found none")
    if not (x > 0).any():
        raise ValueError("numerator must hold at least one event; found none")
    average = _total(x[~np.isnan(x)]) / _total(n[known])
    start = _axis_start(n[known], span)
    end = _round_up(n[known].max() / span) * span
    axis = _axis(np.floor(start * average), np.ceil(end * average), offset=0)
    columns: dict[str, FloatArray] = {"events": axis}
    for name, tail in (("2s", 0.025), ("3s", 0.001)):
        for side, mean in _means_on_the_limit(axis, tail):
            columns[f"{side}_{name}_population"] = mean / average / span
            columns[f"{side}_{name}"] = axis / (mean / average) * multiplier
    return pd.DataFrame({**columns, "baseline": average * multiplier})


def rate_funnel_points(
    numerator: Numbers,
    rate: Numbers,
    *,
    denominator: Numbers | None = None,
    rate_type: str = "crude",
    multiplier: float = 100_000.0,
    years: float = 1.0,
) -> pd.DataFrame:
    """Give where each area stands on a rate funnel.

    Parameters
    ----------
    numerator, rate, denominator, rate_type, multiplier, years
        As for :func:`rate_funnel`.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``rate`` and ``population`` of one year.

    Raises
    ------
    ValueError
        As :func:`rate_funnel`.

    Notes
    -----
    A directly standardised rate from fewer than 10 events has no point. A crude rate without events stands at its own
    denominator. A missing number gives a missing point; zero is a value; ties do not matter.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_funnel_points``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``calculate_funnel_points``.

    Examples
    --------
    >>> rate_funnel_points([20, 8], [10.0, 12.0], rate_type="dsr", multiplier=1000, years=2)
       rate  population
    0  10.0      1000.0
    1   NaN         NaN
    """
    x, n, span = _rate_parts(numerator, rate, denominator, rate_type, multiplier, years)
    (r, _) = aligned(rate=rate, numerator=numerator)
    shown = ~((x < FEWEST_FOR_STANDARDISED) & (rate_type == "dsr"))
    columns = {"rate": np.where(shown, r, np.nan), "population": np.where(shown, n / span, np.nan)}
    return pd.DataFrame(columns, index=index_of(numerator, rate))


def proportion_funnel_significance(numerator: Numbers, denominator: Numbers) -> TextArray:
    """Say which proportions lie beyond the funnel.

    Parameters
    ----------
    numerator, denominator : array-like
        Counts of each area, 0 <= numerator <= denominator, denominator greater than zero.

    Returns
    -------
    numpy.ndarray
        ``High (0.001)``, ``High (0.025)``, ``Low (0.001)``, ``Low (0.025)``, ``Not significant``, or ``Not compared``
        where a count is missing. High and low are of the value: no judgement.

    Raises
    ------
    ValueError
        If counts or lengths are wrong, or no area has both counts.

    Notes
    -----
    A value on a limit (a tie) is not significant. Zero is a value. The average leaves out areas with a missing count.
    Verified against: PHEindicatormethods 2.1.0 ``assign_funnel_significance``.

    References
    ----------
    Spiegelhalter DJ (2005), Stat Med 24:1185-1202; PHEindicatormethods 2.1.0 ``assign_funnel_significance``.

    Examples
    --------
    >>> proportion_funnel_significance([20, 50, 70], [100, 100, 100]).tolist()
    ['Low (0.001)', 'Not significant', 'High (0.001)']
    """
    known_x, known_n = _complete(numerator, denominator)
    _check_proportion(known_x, known_n)
    x, n = aligned(numerator=numerator, denominator=denominator)
    average = _total(known_x) / _total(known_n)
    spread = np.sqrt(average * (1 - average) / n)
    value = x / n
    lower = [average - z * spread for z in (Z_3S, Z_2S)]
    upper = [average + z * spread for z in (Z_3S, Z_2S)]
    answer = _significance(value < lower[0], value < lower[1], value > upper[0], value > upper[1])
    return np.where(np.isnan(value), "Not compared", answer).astype(object)


def ratio_funnel_significance(observed: Numbers, expected: Numbers) -> TextArray:
    """Say which standardised ratios differ from 1.

    Parameters
    ----------
    observed, expected : array-like
        Events of each area, zero or more, and events expected of it, greater than zero.

    Returns
    -------
    numpy.ndarray
        As :func:`proportion_funnel_significance`.

    Raises
    ------
    ValueError
        If counts or lengths are wrong, or no area has both numbers.

    Notes
    -----
    By the area's own limits (exact below 10 events, Byar's from 10) against 1; a limit equal to 1 (a tie) is not
    significant. No events can only be low. Missing is ``Not compared``.
    Verified against: PHEindicatormethods 2.1.0 ``assign_funnel_significance``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``assign_funnel_significance``.

    Examples
    --------
    >>> ratio_funnel_significance([8, 40], [8.5, 20.0]).tolist()
    ['Not significant', 'High (0.001)']
    """
    _complete(observed, expected)
    x, n = aligned(observed=observed, expected=expected)
    return _beyond(x, n, 1.0)


def rate_funnel_significance(
    numerator: Numbers,
    rate: Numbers,
    *,
    denominator: Numbers | None = None,
    rate_type: str = "crude",
    multiplier: float = 100_000.0,
) -> TextArray:
    """Say which rates differ from the average of all areas.

    Parameters
    ----------
    numerator, rate, denominator, rate_type, multiplier
        As for :func:`rate_funnel`.

    Returns
    -------
    numpy.ndarray
        As :func:`proportion_funnel_significance`; ``Not applicable for events less than 10 for dsrs`` where so.

    Raises
    ------
    ValueError
        As :func:`rate_funnel`.

    Notes
    -----
    By the area's own limits (exact below 10 events, Byar's from 10) against the events of all areas over their derived
    denominators, not the mean of their rates; a tie is not significant. Missing is ``Not compared``; zero is a value.
    Verified against: PHEindicatormethods 2.1.0 ``assign_funnel_significance``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``assign_funnel_significance``.

    Examples
    --------
    >>> rate_funnel_significance([20, 90], [10.0, 30.0], multiplier=1000).tolist()
    ['Low (0.001)', 'High (0.025)']
    """
    x, n, _ = _rate_parts(numerator, rate, denominator, rate_type, multiplier, 1.0)
    people = _total(n[~np.isnan(n)])
    average = _total(x[~np.isnan(x)]) / (people if people > 0 else np.nan)
    answer = _beyond(x, n, average)
    few = (x < FEWEST_FOR_STANDARDISED) & (rate_type == "dsr")
    return np.where(few, NOT_APPLICABLE, answer).astype(object)


def _complete(numerator: Numbers, denominator: Numbers) -> tuple[FloatArray, FloatArray]:
    x, n = aligned(numerator=numerator, denominator=denominator)
    check_not_negative(x, "numerator")
    if (n <= 0).any():
        raise ValueError(f"denominator must be greater than zero; found {n[n <= 0][0]:g}")
    known = ~np.isnan(x) & ~np.isnan(n)
    if not known.any():
        raise ValueError("numerator and denominator must hold at least one area with both; found none")
    return x[known], n[known]


def _check_proportion(x: FloatArray, n: FloatArray) -> None:
    if (x > n).any():
        raise ValueError(f"numerator must not exceed denominator; found {x[x > n][0]:g} of {n[x > n][0]:g}")


def _rate_parts(
    numerator: Numbers,
    rate: Numbers,
    denominator: Numbers | None,
    rate_type: str,
    multiplier: float,
    years: float,
) -> tuple[FloatArray, FloatArray, float]:
    check_choice(rate_type, RATE_TYPES, "rate_type")
    x, r = aligned(numerator=numerator, rate=rate)
    check_not_negative(x, "numerator")
    check_not_negative(r, "rate")
    if ((r == 0) & (x > 0)).any():
        raise ValueError("rate must be greater than zero where there are events; found 0")
    derived = check_multiplier(multiplier) * x / np.where(r > 0, r, np.nan)
    none = x == 0
    if rate_type == "dsr" or not none.any():
        return x, np.where(none, np.nan, derived), check_positive(years, "years")
    if denominator is None:
        raise ValueError("denominator must be given where a crude rate has no events; found None")
    (given, _) = aligned(denominator=denominator, numerator=numerator)
    return x, np.where(none, given, derived), check_positive(years, "years")


def _total(values: FloatArray) -> float:
    """Sum in extended precision, as R does, so that an axis rounds the same way."""
    return float(np.sum(values, dtype=np.longdouble))


def _digits(number: float) -> int:
    """Characters R needs to write a whole number: 100000 is written 1e+05."""
    digits = f"{number:.0f}"
    significant = digits.rstrip("0")
    exponent = len(f"e+{len(digits) - 1:02d}")
    scientific = len(significant) + (len(significant) > 1) + exponent
    return min(len(digits), scientific)


def _round_up(highest: float) -> float:
    step = float(10 ** (_digits(np.ceil(highest * 1.05)) - 2))
    return float(np.ceil(highest * 1.05 / step) * step)


def _axis_start(n: FloatArray, span: float = 1.0) -> float:
    if n.max() > 2 * n.min():
        return 0.0
    lowest = n.min() / span * 0.95
    step = float(10 ** (_digits(np.floor(lowest)) - 1))
    return float(np.floor(lowest / step) * step * span)


def _axis(start: float, end: float, offset: int) -> FloatArray:
    """Spread 100 whole numbers along the axis, closer together at its start."""
    points = [max(1.0, start)]
    for step in range(POINTS_ON_AXIS - 1):
        last = points[-1]
        power = 1 / (POINTS_ON_AXIS - 1 - step + offset)
        points.append(max(float(round((end / last) ** power * last)), last + 1))
    return np.array(points)


def _means_on_the_limit(events: FloatArray, tail: float) -> tuple[tuple[str, FloatArray], tuple[str, FloatArray]]:
    """Poisson means for which a count is just on the lower, and on the upper, limit."""
    lower: FloatArray = np.asarray(gammaincinv(events + 1, 1 - tail), dtype=float)
    upper: FloatArray = np.asarray(gammaincinv(events, tail), dtype=float)
    return ("lower", lower), ("upper", upper)


def _beyond(events: FloatArray, base: FloatArray, average: float) -> TextArray:
    (low_3s, high_3s), (low_2s, high_2s) = (count_limits(events, level) for level in (0.998, 0.95))
    goal = average * base
    answer = _significance(high_3s < goal, high_2s < goal, low_3s > goal, low_2s > goal)
    return np.where(np.isnan(events) | np.isnan(goal), "Not compared", answer).astype(object)


def _significance(low_3s: BoolArray, low_2s: BoolArray, high_3s: BoolArray, high_2s: BoolArray) -> TextArray:
    names = ["Low (0.001)", "Low (0.025)", "High (0.001)", "High (0.025)"]
    return np.select([low_3s, low_2s, high_3s, high_2s], names, "Not significant").astype(object)
