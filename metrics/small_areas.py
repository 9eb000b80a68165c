"""Empirical Bayes rates: small areas lean on the whole, or on their neighbours, as far as their size demands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    Labels,
    Numbers,
    aligned,
    check_all_positive,
    check_multiplier,
    check_not_negative,
    group_positions,
    group_sums,
    index_of,
)
from metrics.neighbours import Neighbours, known_pairs, neighbour_pairs, neighbour_sums


def empirical_bayes_rate(
    events: Numbers, population: Numbers, *, groups: Labels | None = None, multiplier: float = 1.0
) -> pd.DataFrame:
    """Shrink each area's rate towards the rate of all, the more the smaller the area.

    Parameters
    ----------
    events : array-like
        Events (or people reached) in each area; zero or more.
    population : array-like
        People in each area; greater than zero.
    groups : sequence, optional
        A label for each row saying which set it belongs to (a period); one set when left out.
    multiplier : float
        Of rates; 1 for events per person.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``smoothed_rate`` per ``multiplier``, between the raw rate and
        ``prior_mean`` (the rate of the set), and ``prior_variance`` (between areas, zero or more, per person squared).

    Raises
    ------
    ValueError
        If events are negative, a population is not positive, or lengths, labels or multiplier are wrong.

    Notes
    -----
    The variance between areas is not allowed below zero; at zero every area has the rate of the whole. Without that
    clamp rates are pushed away from the mean, as esda's ``Empirical_Bayes`` does. No events are a value. An area with
    missing events is missing and does not count. Ties and row order do not matter. A smoothed rate is not a raw one:
    give it no Poisson interval, and do not rank areas by it as if all were equally sure.
    Verified against: spdep 1.2-7 ``EBest(family = "poisson")``.

    References
    ----------
    Marshall RJ (1991), Applied Statistics 40:283-294.

    Examples
    --------
    >>> empirical_bayes_rate([5, 50], [100, 400], multiplier=100).round(2)
       smoothed_rate  prior_mean  prior_variance
    0           9.23        11.0             0.0
    1          11.94        11.0             0.0
    """
    x, n = aligned(events=events, population=population)
    check_not_negative(x, "events")
    check_all_positive(n, "population")
    scale = check_multiplier(multiplier)
    positions, names = group_positions(groups, x.size)
    known = ~np.isnan(x)
    counted, people = np.where(known, x, 0.0), np.where(known, n, 0.0)
    total = group_sums(people, positions, len(names))
    positive = np.where(total > 0, total, np.nan)
    mean = group_sums(counted, positions, len(names)) / positive
    distance = np.where(known, people * (x / n - mean[positions]) ** 2, 0.0)
    areas = np.bincount(positions, weights=known, minlength=len(names))
    variance = group_sums(distance, positions, len(names)) / positive - mean * areas / positive
    variance = np.where(variance < 0, 0.0, variance)
    columns = {
        "smoothed_rate": _shrunk(x / n, n, mean[positions], variance[positions]) * scale,
        "prior_mean": mean[positions] * scale,
        "prior_variance": variance[positions],
    }
    return pd.DataFrame(columns, index=index_of(events, population))


def empirical_bayes_rate_of_neighbours(
    events: Numbers,
    population: Numbers,
    neighbours: Neighbours,
    *,
    include_self: bool = True,
    multiplier: float = 1.0,
) -> pd.DataFrame:
    """Shrink each area's rate towards the rate of its neighbourhood.

    Parameters
    ----------
    events, population, multiplier
        As for :func:`empirical_bayes_rate`.
    neighbours : sequence of sequences of int, or Pairs
        For each area in order, the positions (from 0) of its neighbours, or
        :func:`metrics.neighbours.neighbour_pairs` of them.
    include_self : bool
        Whether the area belongs to its own neighbourhood.

    Returns
    -------
    pandas.DataFrame
        As :func:`empirical_bayes_rate`, with the prior of each area's own neighbourhood.

    Raises
    ------
    ValueError
        As :func:`empirical_bayes_rate`, or if a neighbour is not a position of another area.

    Notes
    -----
    The form of GeoDa and PySAL: the variance uses area i's neighbourhood mean for all its members (spdep's default
    differs). Clamped at zero. An island has its own rate with ``include_self``, none without. An area with missing
    events is missing, and is no one's neighbour. Zero is a value; ties do not matter.
    Verified against: spdep 1.2-7 ``EBlocal(geoda = TRUE)``.

    References
    ----------
    Marshall RJ (1991), Applied Statistics 40:283-294; Anselin L, Kim YW, Syabri I (2004), GeoDa.

    Examples
    --------
    >>> empirical_bayes_rate_of_neighbours([5, 50, 9], [100, 400, 100], [[1], [0], []], multiplier=100)[
    ...     "smoothed_rate"
    ... ].round(2).tolist()
    [9.23, 11.94, 9.0]
    """
    x, n = aligned(events=events, population=population)
    check_not_negative(x, "events")
    check_all_positive(n, "population")
    scale = check_multiplier(multiplier)
    known = ~np.isnan(x)
    pairs = known_pairs(neighbour_pairs(neighbours, x.size, include_self=include_self), known)
    left, right, _ = pairs
    total = neighbour_sums(n, pairs)
    positive = np.where(total > 0, total, np.nan)
    mean = neighbour_sums(x, pairs) / positive
    distance = n[right] * ((x / n)[right] - mean[left]) ** 2
    members = np.bincount(left, minlength=x.size)
    variance = np.bincount(left, weights=distance, minlength=x.size) / positive - mean * members / positive
    variance = np.where(variance < 0, 0.0, variance)
    columns = {
        "smoothed_rate": _shrunk(x / n, n, mean, variance) * scale,
        "prior_mean": mean * scale,
        "prior_variance": variance,
    }
    return pd.DataFrame(columns, index=index_of(events, population))


def _shrunk(raw: FloatArray, people: FloatArray, mean: FloatArray, variance: FloatArray) -> FloatArray:
    noise = variance + mean / people
    weight = variance / np.where(noise == 0, 1.0, noise)
    shrunk: FloatArray = mean + weight * (raw - mean)
    return shrunk
