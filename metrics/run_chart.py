"""Run charts: the median and four rules, where there are too few points, or no wish, for an XmR chart."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from metrics._checks import BoolArray, FloatArray, IntArray, Numbers, as_numbers, as_panel, check_whole_number

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
    panel = _Panel(series[None, :], baseline, shift_points, trend_points)
    if np.isnan(panel.median[0]):
        raise ValueError("values must hold at least one number in the baseline; found none")
    columns = {"value": series, "median": panel.median[0], "shift": panel.shift[0], "trend": panel.trend[0]}
    signals = tuple(name for name, found in panel.signals().items() if found[0])
    return RunChart(
        pd.DataFrame(columns),
        float(panel.median[0]),
        int(panel.runs[0]),
        float(panel.fewest[0]),
        float(panel.most[0]),
        signals,
    )


def run_charts_of_many(
    values: Numbers | pd.DataFrame,
    *,
    baseline: int | None = None,
    shift_points: int = SHIFT_POINTS,
    trend_points: int = TREND_POINTS,
) -> pd.DataFrame:
    """Give the signals of the run charts of many series at once.

    Parameters
    ----------
    values : array-like of two dimensions, or pandas.DataFrame
        One row for each series (area), one column for each period, oldest first.
    baseline, shift_points, trend_points
        As for :func:`run_chart`, the same for every series.

    Returns
    -------
    pandas.DataFrame
        One row for each series, with the index of ``values``: ``median`` (unit of the values), ``runs``,
        ``fewest_runs``, ``most_runs``, and True or False for ``shift``, ``trend``, ``too few runs`` and ``too many
        runs``.

    Raises
    ------
    ValueError
        As :func:`run_chart`, but a series without a value has no median and no signal.

    Notes
    -----
    Zero, missing values and ties as in :func:`run_chart`. Of thousands of series some signal by chance.
    Verified against: :func:`run_chart`, series by series.

    References
    ----------
    As :func:`run_chart`.

    Examples
    --------
    >>> run_charts_of_many([[1, 3, 1, 3, 1, 3], [1, 2, 3, 4, 5, 6]])[["median", "runs", "trend"]]
       median  runs  trend
    0     2.0     6  False
    1     3.5     2   True
    """
    panel = _Panel(as_panel(values, "values"), baseline, shift_points, trend_points)
    columns = {"median": panel.median, "runs": panel.runs, "fewest_runs": panel.fewest, "most_runs": panel.most}
    index = values.index if isinstance(values, pd.DataFrame) else None
    return pd.DataFrame({**columns, **panel.signals()}, index=index)


class _Panel:
    """The run charts of many series: one row for each series, one column for each period."""

    def __init__(self, values: FloatArray, baseline: int | None, shift_points: int, trend_points: int) -> None:
        check_whole_number(shift_points, 2, "shift_points")
        check_whole_number(trend_points, 3, "trend_points")
        used = values if baseline is None else values[:, : check_whole_number(baseline, 1, "baseline")]
        self.median = _median(used)
        side = np.sign(values - self.median[:, None])
        useful = np.nan_to_num(side) != 0
        order, marks = _closed_up(side, useful)
        self.shift = _put_back(_runs_of(marks, shift_points), order)
        self.runs = (np.abs(np.diff(marks, axis=1)) == 2).sum(axis=1) + useful.any(axis=1)
        self.trend = _trend(values, trend_points)
        self.fewest, self.most = _expected_runs(useful.sum(axis=1))

    def signals(self) -> dict[str, BoolArray]:
        return {
            "shift": self.shift.any(axis=1),
            "trend": self.trend.any(axis=1),
            "too few runs": self.runs < self.fewest,
            "too many runs": self.runs > self.most,
        }


def _median(values: FloatArray) -> FloatArray:
    """Median of each row's known values; missing where there are none."""
    ordered = np.sort(values, axis=1)  # missing values sort last
    known = (~np.isnan(values)).sum(axis=1)
    rows = np.arange(len(values))
    low, high = (ordered[rows, np.maximum(place, 0)] for place in ((known - 1) // 2, known // 2 - (known == 0)))
    return np.where(known > 0, (low + np.where(known % 2 == 1, low, high)) / 2, np.nan)


def _closed_up(values: FloatArray, kept: BoolArray) -> tuple[IntArray, FloatArray]:
    """Move each row's kept values to its start, in order; the rest become missing. Also give where they came from."""
    order = np.argsort(~kept, axis=1, kind="stable")
    moved = np.take_along_axis(np.where(kept, values, np.nan), order, axis=1)
    return order.astype(np.int64), moved


def _put_back(flag: BoolArray, order: IntArray) -> BoolArray:
    placed = np.zeros(flag.shape, dtype=bool)
    np.put_along_axis(placed, order, flag, axis=1)
    return placed


def _runs_of(marks: FloatArray, length: int) -> BoolArray:
    """Which entries belong to a stretch of at least that many equal marks of -1 or 1."""
    flag = np.zeros(marks.shape, dtype=bool)
    if marks.shape[1] >= length:
        same = np.abs(sliding_window_view(marks, length, axis=1).sum(axis=2)) == length
        for offset in range(length):
            flag[:, offset : offset + same.shape[1]] |= same
    return flag


def _trend(values: FloatArray, points: int) -> BoolArray:
    """Points of a trend; among equal neighbours only the first counts."""
    places, known = _closed_up(values, ~np.isnan(values))
    distinct = ~np.isnan(known)
    distinct[:, 1:] &= known[:, 1:] != known[:, :-1]
    order, closed = _closed_up(known, distinct)
    steps = _runs_of(np.sign(np.diff(closed, axis=1)), points - 1)
    flag = np.pad(steps, ((0, 0), (0, 1))) | np.pad(steps, ((0, 0), (1, 0)))
    return _put_back(_put_back(flag, order), places)


def _expected_runs(useful: IntArray) -> tuple[FloatArray, FloatArray]:
    """Fewest and most runs that are not among the rarest 2.5% at either end, half the points being on each side."""
    sizes, place = np.unique(useful, return_inverse=True)
    limits = np.array([_limits_of_runs(int(size)) for size in sizes])
    return limits[place, 0], limits[place, 1]


def _limits_of_runs(useful: int) -> tuple[float, float]:
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
