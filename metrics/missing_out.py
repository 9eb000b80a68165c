"""Babies missing out: how many more would be reached if every area matched the least deprived fifth, or a target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import (
    BoolArray,
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    check_between,
    check_choice,
    check_not_negative,
    group_positions,
    group_sums,
)
from metrics.gaps import JUDGEMENTS
from metrics.inequality import SCOPES
from metrics.proportions import normal_quantile, wilson_limits


def babies_missing_out(
    numerator: Numbers,
    denominator: Numbers,
    quantiles: Numbers,
    *,
    areas: Labels | None = None,
    groups: Labels | None = None,
    polarity: str = "high_is_good",
    confidence: float = 0.95,
    scope: str = "national",
) -> pd.DataFrame:
    """Count the babies who would also have been reached had every area done as well as the least deprived fifth.

    Parameters
    ----------
    numerator : array-like
        Babies reached (or affected, when low is good) in each smallest area.
    denominator : array-like
        Babies who could have been; at least the numerator.
    quantiles : array-like
        Deprivation fifth of each smallest area, 1 the most deprived; the highest is the one to match.
    areas : sequence, optional
        The area each smallest area belongs to (a ward, a council, the system), over which to add up; each row for
        itself when left out.
    groups : sequence, optional
        A label for each row saying which set it belongs to (a period); the least deprived fifth is that of the set.
    polarity : str
        ``high_is_good``: babies not reached. ``low_is_good``: babies affected who need not have been.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.
    scope : str
        ``national`` or ``local``: which fifths these are. It is carried into the result and changes no figure.

    Returns
    -------
    pandas.DataFrame
        One row for each set and area, sorted: ``group``, ``area``, ``numerator``, ``denominator``, ``reference_rate``
        (0 to 1, of the least deprived fifth), ``missing_out`` (babies; below zero where an area does better than that
        fifth), ``lowercl``, ``uppercl`` and ``scope``.

    Raises
    ------
    ValueError
        If counts are negative or a numerator exceeds its denominator, a quantile is missing, or an option is unknown.

    Notes
    -----
    It adds up exactly from neighbourhood to council to system, because areas that do better count below zero and are
    not cut off; the least deprived fifth as a whole misses out on none. Intervals do not add up: that of a sum is
    narrower than the sum of intervals. They allow for chance in the area and in the fifth it is held against (Wilson
    limits put together by the method of variance recovery). A missing count, or a fifth of nobody, makes the figure
    missing. Zero is a value. Ties share a fifth; row order is irrelevant.
    Verified against: worked arithmetic and simulation (``tests/metrics/test_missing_out.py``).

    References
    ----------
    Population attributable risk after Schlotheuber A, Hosseinpoor AR (2022), times the population; interval: Zou GY,
    Donner A (2008), Stat Med 27:1693-1702; Newcombe RG (1998), Stat Med 17:873-890.

    Examples
    --------
    >>> babies_missing_out([40, 70, 90], [100, 100, 100], [1, 3, 5])[["missing_out", "lowercl", "uppercl"]].round(1)
       missing_out  lowercl  uppercl
    0         50.0     37.7     60.1
    1         20.0      9.0     30.6
    2          0.0      0.0      0.0
    """
    x, n, fifth = aligned(numerator=numerator, denominator=denominator, quantiles=quantiles)
    _check_counts(x, n)
    check_choice(polarity, JUDGEMENTS, "polarity")
    check_choice(scope, SCOPES, "scope")
    if np.isnan(fifth).any():
        raise ValueError("quantiles must not be missing; found nan")
    sets, set_names = group_positions(groups, x.size)
    places, area_names = group_positions(np.arange(x.size) if areas is None else areas, x.size, "areas")
    best = pd.Series(fifth).groupby(sets).transform("max").to_numpy(dtype=float)
    cells, cell = np.unique(sets * len(area_names) + places, return_inverse=True)
    parts = _Counts(x, n, fifth == best, sets, cell.astype(np.int64), (len(set_names), len(cells)))
    missing, lower, upper = parts.shortfall(cells // len(area_names), normal_quantile(confidence))
    if polarity == "low_is_good":
        missing, lower, upper = -missing, -upper, -lower
    columns = {
        "group": set_names.to_numpy()[cells // len(area_names)],
        "area": area_names.to_numpy()[cells % len(area_names)],
        "numerator": parts.x.sum(axis=0),
        "denominator": parts.n.sum(axis=0),
        "reference_rate": parts.rate[cells // len(area_names)],
        "missing_out": missing,
        "lowercl": lower,
        "uppercl": upper,
        "scope": scope,
    }
    return pd.DataFrame(columns)


def babies_short_of_target(
    numerator: Numbers,
    denominator: Numbers,
    target: Numbers,
    *,
    areas: Labels | None = None,
    polarity: str = "high_is_good",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count the babies who would also have been reached had every area met the target.

    Parameters
    ----------
    numerator, denominator : array-like
        As for :func:`babies_missing_out`.
    target : array-like
        Share to be reached, 0 to 1; one number or one for each row.
    areas : sequence, optional
        The area over which to add up; each row for itself when left out.
    polarity : str
        ``high_is_good``: the target is a floor. ``low_is_good``: it is a ceiling.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each area, sorted, as the index: ``numerator``, ``denominator``, ``missing_out`` (babies; below zero
        where the target is passed), ``lowercl`` and ``uppercl``.

    Raises
    ------
    ValueError
        If counts are negative, a numerator exceeds its denominator, or a target leaves 0 to 1.

    Notes
    -----
    It adds up exactly, like :func:`babies_missing_out`; the target is exact, so the interval is that of the area
    alone (Wilson). A missing count or target makes the figure missing; an area of no babies has 0. Zero is a value;
    ties do not arise.
    Verified against: worked arithmetic (``tests/metrics/test_missing_out.py``).

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212.

    Examples
    --------
    >>> babies_short_of_target([40, 95], [100, 100], 0.9).round(1)
       numerator  denominator  missing_out  lowercl  uppercl
    0       40.0        100.0         50.0     40.2     59.1
    1       95.0        100.0         -5.0     -7.8      1.2
    """
    x, n, goal = aligned(numerator=numerator, denominator=denominator, target=target)
    _check_counts(x, n)
    check_between(goal, 0, 1, "target")
    check_choice(polarity, JUDGEMENTS, "polarity")
    positions, names = group_positions(np.arange(x.size) if areas is None else areas, x.size, "areas")
    reached, people, wanted = (group_sums(column, positions, len(names)) for column in (x, n, goal * n))
    low, high = wilson_limits(reached, people, normal_quantile(confidence))
    low, high = (np.where(people == 0, 0.0, limit) * people for limit in (low, high))
    missing, lower, upper = wanted - reached, wanted - high, wanted - low
    if polarity == "low_is_good":
        missing, lower, upper = -missing, -upper, -lower
    columns = {
        "numerator": reached,
        "denominator": people,
        "missing_out": missing,
        "lowercl": lower,
        "uppercl": upper,
    }
    return pd.DataFrame(columns, index=names if areas is not None else pd.RangeIndex(len(names)))


class _Counts:
    """Counts of every set and area outside and inside the fifth to be matched."""

    def __init__(
        self, x: FloatArray, n: FloatArray, best: BoolArray, sets: IntArray, cell: IntArray, size: tuple[int, int]
    ) -> None:
        inside = [np.where(best, column, 0.0) for column in (x, n)]
        outside = [np.where(best, 0.0, column) for column in (x, n)]
        self.x, self.n = (
            np.array([group_sums(part, cell, size[1]) for part in pair]) for pair in zip(outside, inside, strict=True)
        )
        self.best_x, self.best_n = (group_sums(part, sets, size[0]) for part in inside)
        self.rate = self.best_x / np.where(self.best_n > 0, self.best_n, np.nan)

    def shortfall(self, of_set: IntArray, z: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Shortfall and limits: a sum of three independent counts, each times what one baby of it adds.

        The three are the babies reached outside the fifth, in the fifth within the area, and in the rest of the fifth.
        """
        people, best_people = self.n.sum(axis=0), self.best_n[of_set]
        pull = people / np.where(best_people > 0, best_people, np.nan)
        parts = (
            (self.x[0], self.n[0], np.full(pull.size, -1.0)),
            (self.x[1], self.n[1], pull - 1),
            (self.best_x[of_set] - self.x[1], best_people - self.n[1], pull),
        )
        below, above = np.zeros(pull.size), np.zeros(pull.size)
        for x, n, each in parts:
            low, high = (np.where(n == 0, 0.0, limit) * n for limit in wilson_limits(x, n, z))
            fall, rise = each * (low - x), each * (high - x)
            below += np.minimum(fall, rise) ** 2
            above += np.maximum(fall, rise) ** 2
        missing = self.rate[of_set] * people - self.x.sum(axis=0)
        return missing, missing - np.sqrt(below), missing + np.sqrt(above)


def _check_counts(x: FloatArray, n: FloatArray) -> None:
    check_not_negative(x, "numerator")
    check_not_negative(n, "denominator")
    if (x > n).any():
        row = int(np.flatnonzero(x > n)[0])
        raise ValueError(f"numerator must not exceed denominator; found {x[row]:g} of {n[row]:g} in row {row}")
