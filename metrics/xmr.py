"""XmR charts as Making Data Count teaches them: limits, special causes, icons; never rebased by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from metrics._checks import (
    BoolArray,
    FloatArray,
    Numbers,
    TextArray,
    as_numbers,
    as_panel,
    check_choice,
    check_whole_number,
)

LIMIT_FACTOR = 2.66  # mean moving range to limit: 3 / 1.128 (Shewhart)
NEAR_FACTOR = 2 * LIMIT_FACTOR / 3
SCREEN_FACTOR = 3.267  # a moving range this many times the mean is screened out once (Nelson 1982)
TRIAL_BELOW = 12  # points; limits from fewer are trial limits (Making Data Count)
SHIFT_POINTS = 7

DIRECTIONS = {
    "increase": 1,
    "high_is_good": 1,
    "decrease": -1,
    "low_is_good": -1,
    "neutral": 0,
    "no_judgement": 0,
}
COMMON_CAUSE = "common cause"
# In order of priority: what the point is, above and below.
SPECIAL_CAUSES = (
    ("above upper limit", "below lower limit"),
    ("rising trend", "falling trend"),
    ("two in three near upper limit", "two in three near lower limit"),
    ("shift above mean", "shift below mean"),
)


@dataclass(frozen=True, slots=True)
class XmrChart:
    """One XmR chart.

    Attributes
    ----------
    points : pandas.DataFrame
        One row for each value in the order given: ``value``, ``mean``, ``lpl``, ``upl``, ``relative_to_mean`` (-1, 0,
        1), ``outside_limits``, ``close_to_limits`` (1 true, 0 false, missing where they have no answer),
        ``special_cause`` and ``point_type`` (``common_cause``, ``improvement``, ``concern``, ``neutral_high`` or
        ``neutral_low``).
    variation : str
        The icon of the last point: ``common_cause``, or ``improvement``, ``concern`` or ``neutral`` with ``_high`` or
        ``_low``.
    assurance : str or None
        ``consistent_pass``, ``consistent_fail`` or ``inconsistent``; None without a target, a judgement or limits.
    trial : bool
        True where any stretch between rebases has fewer than 12 points.
    """

    points: pd.DataFrame
    variation: str
    assurance: str | None
    trial: bool


def xmr(
    values: Numbers,
    *,
    direction: str,
    target: float | None = None,
    rebase_at: Sequence[int] = (),
    fix_after: int | None = None,
    screen_outliers: bool = False,
    trend_points: int = 7,
    outside_counts_as_near: bool = True,
) -> XmrChart:
    """Separate the routine ups and downs of a series from signals of a real change.

    Parameters
    ----------
    values : array-like
        The series, oldest first and equally spaced; missing where nothing was reported.
    direction : str
        ``increase`` (or ``high_is_good``), ``decrease`` (``low_is_good``) or ``neutral`` (``no_judgement``).
    target : float, optional
        In the unit of the values; it never moves the limits.
    rebase_at : sequence of int
        Positions from 0 at which new limits start, chosen by people who know of a real change. Never automatic.
    fix_after : int, optional
        Use only the first so many points of each stretch for its mean and limits.
    screen_outliers : bool
        True drops moving ranges of 3.267 times their mean or more once, as the package NHSRplotthedots does. False is
        the Making Data Count tool.
    trend_points : int
        6 or 7 points, that is 5 or 6 successive rises or falls.
    outside_counts_as_near : bool
        True counts points beyond a limit in "two in three", as the Making Data Count tools do since November 2023.

    Returns
    -------
    XmrChart
        Points, variation, assurance and whether limits are on trial; all in the unit of the values.

    Raises
    ------
    ValueError
        If values are empty or not numbers, a rebase is not a position, or an option is unknown.

    Notes
    -----
    Zero is a value. A missing value is no point: it breaks trends and shifts and has no moving range. Equal successive
    values (ties) break a trend; a point on the mean breaks a shift. A constant series has limits equal to its mean, or
    none when screening, because every moving range of 0 is screened. Limits may fall below zero. Runs start afresh at
    a rebase. Two outliers can hide each other. A trend point is judged by its direction, not its side of the mean.
    Verified against: NHSRplotthedots 0.2.2 ``ptd_spc`` (which screens, and warns below 13 points where its text says
    12).

    References
    ----------
    Wheeler DJ (1993), Understanding Variation; NHS England, Making Data Count; Nelson LS (1982), J Qual Technol
    14:172-173; NHSRplotthedots 0.2.2.

    Examples
    --------
    >>> chart = xmr([10, 12, 11, 13, 12, 11, 30], direction="increase", target=40)
    >>> chart.points.loc[6, ["mean", "upl"]].astype(float).round(2).tolist(), chart.points.loc[6, "special_cause"]
    ([14.14, 25.67], 'above upper limit')
    >>> chart.variation, chart.assurance, chart.trial
    ('improvement_high', 'consistent_fail', True)
    """
    series = np.atleast_1d(as_numbers(values, "values"))
    if series.size == 0:
        raise ValueError("values must hold at least one point; found none")
    panel = _Panel.of(
        series[None, :], direction, rebase_at, fix_after, screen_outliers, trend_points, outside_counts_as_near
    )
    points = pd.DataFrame({name: array[0] for name, array in panel.columns().items()})
    goals = None if target is None else np.array([float(target)])
    assurance = panel.assurance(goals)[0]
    return XmrChart(points, str(panel.variation()[0]), assurance or None, panel.trial)


def xmr_of_many(
    values: Numbers | pd.DataFrame,
    *,
    direction: str,
    target: Numbers | None = None,
    rebase_at: Sequence[int] = (),
    fix_after: int | None = None,
    screen_outliers: bool = False,
    trend_points: int = 7,
    outside_counts_as_near: bool = True,
) -> pd.DataFrame:
    """Give the reading of the XmR charts of many series at once.

    Parameters
    ----------
    values : array-like of two dimensions, or pandas.DataFrame
        One row for each series (area), one column for each period, oldest first.
    target : array-like, optional
        One target for all, or one for each series.
    direction, rebase_at, fix_after, screen_outliers, trend_points, outside_counts_as_near
        As for :func:`xmr`, the same for every series.

    Returns
    -------
    pandas.DataFrame
        One row for each series, with the index of ``values``: ``mean``, ``lpl``, ``upl`` (of the last stretch, in the
        unit of the values), ``variation``, ``assurance`` (empty where none), ``special_causes`` (how many points) and
        ``trial``.

    Raises
    ------
    ValueError
        As :func:`xmr`.

    Notes
    -----
    Zero, missing values and ties as in :func:`xmr`. With thousands of charts some signals are chance: look at
    patterns, not at single dots.
    Verified against: :func:`xmr`, series by series.

    References
    ----------
    As :func:`xmr`.

    Examples
    --------
    >>> xmr_of_many([[10, 12, 11, 13], [5, 5, 5, 5]], direction="increase").round(2)[["mean", "upl", "variation"]]
       mean    upl     variation
    0  11.5  15.93  common_cause
    1   5.0   5.00  common_cause
    """
    table = as_panel(values, "values")
    panel = _Panel.of(table, direction, rebase_at, fix_after, screen_outliers, trend_points, outside_counts_as_near)
    goals = None
    if target is not None:
        goals = np.broadcast_to(as_numbers(target, "target"), (len(table),))
    columns = {
        "mean": panel.mean[:, -1],
        "lpl": panel.lpl[:, -1],
        "upl": panel.upl[:, -1],
        "variation": panel.variation(),
        "assurance": panel.assurance(goals),
        "special_causes": (panel.cause != COMMON_CAUSE).sum(axis=1),
        "trial": panel.trial,
    }
    return pd.DataFrame(columns, index=values.index if isinstance(values, pd.DataFrame) else None)


@dataclass(frozen=True, slots=True)
class _Panel:
    """The charts of many series: each array has one row for each series and one column for each period."""

    value: FloatArray
    mean: FloatArray
    lpl: FloatArray
    upl: FloatArray
    side: FloatArray  # -1 below the mean, 0 on it, 1 above, missing without a value
    outside: BoolArray
    near: BoolArray
    cause: TextArray
    sign: int
    trial: bool

    @classmethod
    def of(
        cls,
        value: FloatArray,
        direction: str,
        rebase_at: Sequence[int],
        fix_after: int | None,
        screen_outliers: bool,
        trend_points: int,
        outside_counts_as_near: bool,
    ) -> _Panel:
        check_choice(direction, tuple(DIRECTIONS), "direction")
        if trend_points not in (6, 7):
            raise ValueError(f"trend_points must be 6 or 7; found {trend_points!r}")
        periods = value.shape[1]
        used = periods if fix_after is None else check_whole_number(fix_after, 2, "fix_after")
        stretches = _stretches(rebase_at, periods)
        parts = [
            _stretch(value[:, one], used, screen_outliers, trend_points, outside_counts_as_near) for one in stretches
        ]
        mean, lower, upper, side = (np.concatenate([part[0][i] for part in parts], axis=1) for i in range(4))
        outside, near = (np.concatenate([part[1][i] for part in parts], axis=1) for i in range(2))
        cause = np.concatenate([part[2] for part in parts], axis=1)
        trial = any(one.stop - one.start < TRIAL_BELOW for one in stretches)
        return cls(value, mean, lower, upper, side, outside, near, cause, DIRECTIONS[direction], trial)

    def columns(self) -> dict[str, FloatArray | TextArray]:
        known = ~(np.isnan(self.value) | np.isnan(self.upl))
        return {
            "value": self.value,
            "mean": self.mean,
            "lpl": self.lpl,
            "upl": self.upl,
            "relative_to_mean": self.side,
            "outside_limits": np.where(known, self.outside, np.nan),
            "close_to_limits": np.where(known, self.near, np.nan),
            "special_cause": self.cause,
            "point_type": self.point_type(self.cause),
        }

    def point_type(self, cause: TextArray) -> TextArray:
        upwards = _heading(cause)
        neutral = np.where(upwards > 0, "neutral_high", "neutral_low")
        judged = np.where(upwards * self.sign > 0, "improvement", "concern") if self.sign else neutral
        return np.where(upwards == 0, "common_cause", judged).astype(object)

    def variation(self) -> TextArray:
        last = self.cause[:, -1]
        kind = self.point_type(last)
        side = np.where(_heading(last) > 0, "_high", "_low").astype(object)
        return np.where(np.isin(kind, ("improvement", "concern")), kind + side, kind).astype(object)

    def assurance(self, target: FloatArray | None) -> TextArray:
        nothing = np.full(len(self.value), "", dtype=object)
        if target is None or self.sign == 0:
            return nothing
        lower, upper = self.lpl[:, -1], self.upl[:, -1]
        above, below = ("consistent_fail", "consistent_pass")[:: self.sign]
        answer = np.select([target > upper, target < lower], [above, below], "inconsistent")
        return np.where(np.isnan(lower) | np.isnan(target), nothing, answer).astype(object)


def _heading(cause: TextArray) -> FloatArray:
    heading = np.zeros(cause.shape)
    for above, below in SPECIAL_CAUSES:
        heading[cause == above] = 1
        heading[cause == below] = -1
    return heading


def _stretches(rebase_at: Sequence[int], periods: int) -> list[slice]:
    starts = sorted({0, *rebase_at})
    for start in starts:
        if isinstance(start, bool) or not isinstance(start, (int, np.integer)) or not 0 <= start < periods:
            raise ValueError(f"rebase_at must hold positions from 0 to {periods - 1}; found {start!r}")
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], periods], strict=True)]


def _stretch(
    value: FloatArray, used: int, screen_outliers: bool, trend_points: int, outside_counts_as_near: bool
) -> tuple[tuple[FloatArray, ...], tuple[BoolArray, BoolArray], TextArray]:
    mean, spread = _centre_and_spread(value[:, :used], screen_outliers)
    lower, upper = mean - LIMIT_FACTOR * spread, mean + LIMIT_FACTOR * spread
    side = np.sign(value - mean)
    outside = (value > upper) | (value < lower)
    near = ~outside & ((value < mean - NEAR_FACTOR * spread) | (value > mean + NEAR_FACTOR * spread))
    counted = near | outside if outside_counts_as_near else near
    flags = [
        (outside, side),
        _trend(value, trend_points),
        (_two_in_three(counted, side), side),
        (_shift(side), side),
    ]
    cause = np.full(value.shape, COMMON_CAUSE, dtype=object)
    for (flag, heading), (above, below) in reversed(list(zip(flags, SPECIAL_CAUSES, strict=True))):
        cause[flag] = np.where(heading[flag] > 0, above, below)
    like = np.ones_like(value)
    return (mean * like, lower * like, upper * like, side), (outside, near), cause


def _centre_and_spread(used: FloatArray, screen_outliers: bool) -> tuple[FloatArray, FloatArray]:
    ranges = np.abs(np.diff(used, axis=1))
    spread = _mean_of_known(ranges)
    if screen_outliers:
        spread = _mean_of_known(np.where(ranges < SCREEN_FACTOR * spread, ranges, np.nan))
    return _mean_of_known(used), spread


def _mean_of_known(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    count = known.sum(axis=1, keepdims=True)
    total: FloatArray = np.where(known, values, 0.0).sum(axis=1, keepdims=True)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _spread_back(ends: BoolArray, length: int, periods: int) -> BoolArray:
    """Mark every point of each run of the given length, from a mark for each run in order of its start."""
    marked = np.zeros((len(ends), periods), dtype=bool)
    for offset in range(length):
        marked[:, offset : offset + ends.shape[1]] |= ends
    return marked


def _shift(side: FloatArray) -> BoolArray:
    if side.shape[1] < SHIFT_POINTS:
        return np.zeros(side.shape, dtype=bool)
    windows = sliding_window_view(side, SHIFT_POINTS, axis=1)
    runs = np.abs(windows.sum(axis=2)) == SHIFT_POINTS
    return _spread_back(runs, SHIFT_POINTS, side.shape[1])


def _trend(value: FloatArray, points: int) -> tuple[BoolArray, FloatArray]:
    rows, periods = value.shape
    if periods < points:
        return np.zeros(value.shape, dtype=bool), np.zeros(value.shape)
    steps = np.sign(np.diff(value, axis=1))
    windows = sliding_window_view(steps, points - 1, axis=1)
    runs = np.abs(windows.sum(axis=2)) == points - 1
    flag = _spread_back(runs, points, periods)
    before, after = np.zeros((rows, periods)), np.zeros((rows, periods))
    before[:, 1:], after[:, :-1] = steps, steps
    goes_on = np.zeros(value.shape, dtype=bool)
    goes_on[:, :-1] = flag[:, :-1] & flag[:, 1:]
    return flag, np.where(goes_on, after, before)


def _two_in_three(counted: BoolArray, side: FloatArray) -> BoolArray:
    if side.shape[1] < 3:
        return np.zeros(side.shape, dtype=bool)
    one_side = np.abs(sliding_window_view(side, 3, axis=1).sum(axis=2)) == 3
    two = sliding_window_view(counted, 3, axis=1).sum(axis=2) >= 2
    return counted & _spread_back(one_side & two, 3, side.shape[1])
