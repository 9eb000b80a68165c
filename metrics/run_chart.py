"""Run charts: the median and four rules, where there are too few points, or no wish, for an XmR chart."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from metrics._checks import BoolArray, FloatArray, IntArray, Numbers, as_numbers, check_whole_number

SHIFT_POINTS = 6  # on one side of the median (Perla, Provost and Murray 2011)
TREND_POINTS = 5  # all rising or all falling (same)
RARE = 0.025  # chance at either end that makes a number of runs a signal
FEWEST_FOR_RUNS = 10  # useful points below which the number of runs says nothing (same)


@dataclass(frozen=True, slots=True)
class RunChart:
    """One run chart.

    Attributes
    ----------
    points : pandas.DataFrame
        One row for each value in the order given: ``value``, ``median``, ``shift`` and ``trend`` (True on points that
        belong to one).
    median : float
        Of the baseline, in the unit of the values.
    runs : int
        Runs of points on one side of the median, points on it left out.
    fewest_runs, most_runs : float
        Outside these the number of runs is a signal; missing with fewer than 10 useful points.
    signals : tuple of str
        Any of ``shift``, ``trend``, ``too few runs``, ``too many runs``.
    """

    points: pd.DataFrame
    median: float
    runs: int
    fewest_runs: float
    most_runs: float
    signals: tuple[str, ...]


def run_chart(
    values: Numbers,
    *,
    baseline: int | None = None,
    shift_points: int = SHIFT_POINTS,
    trend_points: int = TREND_POINTS,
) -> RunChart:
    """Look for signals of change around the median of a series.

    Parameters
    ----------
    values : array-like
        The series, oldest first and equally spaced; missing where nothing was reported.
    baseline : int, optional
        Take the median of the first so many values only; of all when left out.
    shift_points : int
        Successive points on one side of the median that make a shift; 2 or more, 6 in use.
    trend_points : int
        Successive points all rising or all falling that make a trend; 3 or more, 5 in use.

    Returns
    -------
    RunChart
        Points, median, runs and signals; a signal says that something changed, not that it is better.

    Raises
    ------
    ValueError
        If there is no value, or an option is not a whole number in range.

    Notes
    -----
    Zero is a value. Missing values are left out. Points on the median neither make nor break a shift and are not
    useful points for counting runs. Equal successive values (ties) neither make nor break a trend. Numbers of
    runs beyond 2.5% of all orders at either end are signals, half the useful points being on each side.
    Verified against: enumeration of every order (``tests/metrics/test_run_chart.py``), as Swed and Eisenhart's table.

    References
    ----------
    Perla RJ, Provost LP, Murray SK (2011), BMJ Qual Saf 20:46-51; Swed FS, Eisenhart C (1943), Ann Math Stat 14:66-87.

    Examples
    --------
    >>> chart = run_chart([3, 4, 2, 3, 4, 2, 9, 8, 9, 7, 8, 9], baseline=6)
    >>> chart.median, chart.signals
    (3.0, ('shift',))
    """
    series = np.atleast_1d(as_numbers(values, "values"))
    check_whole_number(shift_points, 2, "shift_points")
    check_whole_number(trend_points, 3, "trend_points")
    used = series if baseline is None else series[: check_whole_number(baseline, 1, "baseline")]
    if np.isnan(used).all():
        raise ValueError("values must hold at least one number in the baseline; found none")
    median = float(np.nanmedian(used))
    side = np.sign(series - median)
    useful = np.flatnonzero(np.nan_to_num(side) != 0)
    shift = _mark(series.size, useful, _runs_of(side[useful], shift_points))
    known = np.flatnonzero(~np.isnan(series))
    trend = _trend(series, known, trend_points)
    runs = int((np.diff(side[useful]) != 0).sum()) + int(useful.size > 0)
    fewest, most = _expected_runs(useful.size)
    found = {
        "shift": shift.any(),
        "trend": trend.any(),
        "too few runs": runs < fewest,
        "too many runs": runs > most,
    }
    points = pd.DataFrame({"value": series, "median": median, "shift": shift, "trend": trend})
    signals = tuple(name for name, there in found.items() if there)
    return RunChart(points, median, runs, fewest, most, signals)


def _runs_of(marks: FloatArray, length: int) -> BoolArray:
    """Which entries belong to a stretch of at least that many equal marks."""
    flag = np.zeros(marks.size, dtype=bool)
    if marks.size >= length:
        same = np.abs(sliding_window_view(marks, length).sum(axis=1)) == length
        for offset in range(length):
            flag[offset : offset + same.size] |= same
    return flag


def _mark(size: int, places: IntArray, flag: BoolArray) -> BoolArray:
    marked = np.zeros(size, dtype=bool)
    marked[places[flag]] = True
    return marked


def _trend(series: FloatArray, known: IntArray, points: int) -> BoolArray:
    """Points of a trend; among equal neighbours only the first counts."""
    distinct = known[np.append(True, np.diff(series[known]) != 0)]
    steps = _runs_of(np.sign(np.diff(series[distinct])), points - 1)
    return _mark(series.size, distinct, np.append(steps, False) | np.append(False, steps))


def _expected_runs(useful: int) -> tuple[float, float]:
    """Fewest and most runs that are not among the rarest 2.5% at either end, half the points being on each side."""
    if useful < FEWEST_FOR_RUNS:
        return float("nan"), float("nan")
    below, above = useful // 2, useful - useful // 2
    ways = [_arrangements(runs, below, above) for runs in range(2, useful + 1)]
    chance = np.cumsum(ways) / sum(ways)
    return float(2 + (chance <= RARE).sum()), float(2 + (1 - chance > RARE).sum())


def _arrangements(runs: int, below: int, above: int) -> int:
    """Orders of that many points below and above that make so many runs (Swed and Eisenhart)."""
    few, many = runs // 2, runs - runs // 2
    one = comb(below - 1, few - 1) * comb(above - 1, many - 1)
    return one + comb(below - 1, many - 1) * comb(above - 1, few - 1)
