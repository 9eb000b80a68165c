"""Directly and indirectly standardised rates and ratios, as Fingertips publishes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    as_labels,
    check_all_positive,
    check_multiplier,
    check_not_negative,
    check_positive,
    group_positions,
    group_sums,
)
from metrics.rates import byars_limits, count_limits

FEWEST_EVENTS = 10  # below it a directly standardised rate is not given (PHEindicatormethods 2.1.0, ONS)

# European Standard Population 2013 by age band 0-4, 5-9, … 85-89, 90 and over (Eurostat 2013); sums to 100,000.
ESP2013 = (
    *(5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000),
    *(7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000),
)


def directly_standardised_rate(
    events: Numbers,
    population: Numbers,
    standard_population: Numbers,
    *,
    areas: Labels | None = None,
    confidence: float = 0.95,
    multiplier: float = 100_000.0,
    missing_is_zero: bool = False,
) -> pd.DataFrame:
    """Measure the rate an area would have with the standard population's ages, with Dobson limits.

    Parameters
    ----------
    events : array-like
        Events in each age band of each area; counts of zero or more.
    population : array-like
        People in the same band; greater than zero.
    standard_population : array-like
        The standard's people in the same band; zero or more. Only the bands supplied make up the divisor.
    areas : sequence, optional
        A label for each row; one area of all rows when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.
    multiplier : float
        The base of the rate, usually 100,000.
    missing_is_zero : bool
        True counts a missing number of events as none, as the reference does; False makes the area's rate missing.

    Returns
    -------
    pandas.DataFrame
        One row for each area in sorted order: ``total_count``, ``total_pop``, ``value``, ``lowercl``, ``uppercl`` per
        ``multiplier``; higher means more events.

    Raises
    ------
    ValueError
        If events are negative, a population is not positive, or labels, level or multiplier are wrong.

    Notes
    -----
    Below 10 events the value and limits are missing: the rate is not reliable. A band without events is a zero, not
    missing. Rows may come in any order and ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_dsr``.

    References
    ----------
    Dobson A et al. (1991), Stat Med 10:457-462; Breslow NE, Day NE (1987); PHEindicatormethods 2.1.0 ``calculate_dsr``.

    Examples
    --------
    >>> directly_standardised_rate([10, 30], [1000, 1000], [5000, 5000], multiplier=1000).round(2)
       total_count  total_pop  value  lowercl  uppercl
    0         40.0     2000.0   20.0    14.29    27.24
    """
    x, n, standard = aligned(events=events, population=population, standard_population=standard_population)
    _check_bands(x, n, standard)
    x = np.nan_to_num(x) if missing_is_zero else x
    positions, names = group_positions(areas, x.size, "areas")
    size = len(names)
    divisor = group_sums(standard, positions, size)
    value = group_sums(x * standard / n, positions, size) / divisor
    variance = group_sums(x * (standard / n) ** 2, positions, size) / divisor**2
    totals = (group_sums(x, positions, size), group_sums(n, positions, size))
    return _dobson(totals, value, variance, confidence, check_multiplier(multiplier), names)


def directly_standardised_rate_of_repeat_events(
    persons: Numbers,
    events_each: Numbers,
    population: Numbers,
    standard_population: Numbers,
    age_bands: Labels,
    *,
    areas: Labels | None = None,
    confidence: float = 0.95,
    multiplier: float = 100_000.0,
    missing_is_zero: bool = False,
) -> pd.DataFrame:
    """Measure a directly standardised rate of events that can happen to one person more than once.

    Parameters
    ----------
    persons : array-like
        People in the band who had the event that many times; counts of zero or more.
    events_each : array-like
        How many events each of those people had; 1 or more.
    population, standard_population : array-like
        People, and the standard's people, in the band; repeated on each row of the band.
    age_bands : sequence
        The band of each row; a band's population counts once however many rows it has.
    areas : sequence, optional
        A label for each row; one area of all rows when left out.
    confidence, multiplier, missing_is_zero
        As for :func:`directly_standardised_rate`.

    Returns
    -------
    pandas.DataFrame
        As :func:`directly_standardised_rate`; the limits are wider than if events were independent.

    Raises
    ------
    ValueError
        As :func:`directly_standardised_rate`.

    Notes
    -----
    The variance is the sum over frequencies f of f squared times the variance of the rate of people with f events.
    Below 10 events the value and limits are missing. Zero people is a value. Ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_dsr(independent_events = FALSE)``.

    References
    ----------
    Fingertips technical guidance, directly standardised rates; PHEindicatormethods 2.1.0 ``calculate_dsr``.

    Examples
    --------
    >>> directly_standardised_rate_of_repeat_events(
    ...     [20, 10], [1, 2], 1000, 5000, ["0-4", "0-4"], multiplier=1000
    ... ).round(2)
       total_count  total_pop  value  lowercl  uppercl
    0         40.0     1000.0   40.0    26.01    57.72
    """
    x, each, n, standard = aligned(
        persons=persons, events_each=events_each, population=population, standard_population=standard_population
    )
    _check_bands(x, n, standard)
    check_all_positive(each, "events_each")
    x = np.nan_to_num(x) if missing_is_zero else x
    positions, names = group_positions(areas, x.size, "areas")
    bands = as_labels(age_bands, x.size, "age_bands")
    variance = _repeat_variance(x, each, standard / n, standard, positions, len(names))
    rows = pd.DataFrame({"area": positions, "band": bands, "n": n, "standard": standard})
    band = rows.groupby(["area", "band", "n", "standard"], sort=False).ngroup().to_numpy().astype(np.int64)
    first = np.unique(band, return_index=True)[1]
    x = group_sums(x * each, band, len(first))
    area, n, standard = positions[first], n[first], standard[first]
    value = group_sums(x * standard / n, area, len(names)) / group_sums(standard, area, len(names))
    totals = (group_sums(x, area, len(names)), group_sums(n, area, len(names)))
    return _dobson(totals, value, variance, confidence, check_multiplier(multiplier), names)


def indirectly_standardised_ratio(
    events: Numbers | None,
    population: Numbers,
    reference_events: Numbers,
    reference_population: Numbers,
    *,
    areas: Labels | None = None,
    observed: pd.Series[Any] | None = None,
    refvalue: float = 1.0,
    confidence: float = 0.95,
    missing_is_zero: bool = False,
) -> pd.DataFrame:
    """Measure an area's events as a ratio to those expected at the reference population's age-specific rates.

    Parameters
    ----------
    events : array-like or None
        Events in each age band of each area, zero or more; None when ``observed`` gives area totals.
    population : array-like
        People in the same band; zero or more.
    reference_events, reference_population : array-like
        Events and people of the reference population in the same band, repeated for each area.
    areas : sequence, optional
        A label for each row; one area of all rows when left out.
    observed : pandas.Series, optional
        Events of each area, indexed by area, when they have no age bands.
    refvalue : float
        What the reference population is worth: 1 or 100.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.
    missing_is_zero : bool
        True counts missing events, populations and reference events as none, as the reference does.

    Returns
    -------
    pandas.DataFrame
        One row for each area in sorted order: ``observed``, ``expected``, ``value``, ``lowercl``, ``uppercl`` on the
        scale of ``refvalue``; above it means more events than expected.

    Raises
    ------
    ValueError
        If a count is negative, both or neither of ``events`` and ``observed`` are given, or labels or levels are wrong.

    Notes
    -----
    Limits are exact Poisson below 10 observed events and Byar's from 10, never suppressed. No observed events are a
    value: 0. No expected events make the ratio missing. Two areas' ratios are not comparable with each other when
    their ages differ. Ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_ISRatio``.

    References
    ----------
    Breslow NE, Day NE (1987); Armitage P, Berry G (2002); PHEindicatormethods 2.1.0 ``calculate_ISRatio``.

    Examples
    --------
    >>> indirectly_standardised_ratio([5, 7], [100, 200], [10, 20], [1000, 1000], refvalue=100).round(1)
       observed  expected  value  lowercl  uppercl
    0      12.0       5.0  240.0    123.9    419.3
    """
    parts = _observed_and_expected(
        events, population, reference_events, reference_population, areas, observed, missing_is_zero
    )
    scale = check_positive(refvalue, "refvalue")
    return _ratio_to_expected(parts, np.full(len(parts), scale), confidence)


def indirectly_standardised_rate(
    events: Numbers | None,
    population: Numbers,
    reference_events: Numbers,
    reference_population: Numbers,
    *,
    areas: Labels | None = None,
    observed: pd.Series[Any] | None = None,
    multiplier: float = 100_000.0,
    confidence: float = 0.95,
    missing_is_zero: bool = False,
) -> pd.DataFrame:
    """Measure an indirectly standardised rate: the standardised ratio times the reference population's crude rate.

    Parameters
    ----------
    events, population, reference_events, reference_population, areas, observed, confidence, missing_is_zero
        As for :func:`indirectly_standardised_ratio`.
    multiplier : float
        The base of the rate, usually 100,000.

    Returns
    -------
    pandas.DataFrame
        One row for each area in sorted order: ``observed``, ``expected``, ``ref_rate``, ``value``, ``lowercl``,
        ``uppercl`` per ``multiplier``; higher means more events.

    Raises
    ------
    ValueError
        As :func:`indirectly_standardised_ratio`.

    Notes
    -----
    Zero, missing values and small numbers as in :func:`indirectly_standardised_ratio`. Ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``calculate_ISRate``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``calculate_ISRate``; Breslow NE, Day NE (1987).

    Examples
    --------
    >>> indirectly_standardised_rate([5, 7], [100, 200], [10, 20], [1000, 1000], multiplier=1000).round(1)
       observed  expected  ref_rate  value  lowercl  uppercl
    0      12.0       5.0      15.0   36.0     18.6     62.9
    """
    parts = _observed_and_expected(
        events, population, reference_events, reference_population, areas, observed, missing_is_zero
    )
    crude = parts["reference_events"] / parts["reference_population"] * check_multiplier(multiplier)
    rates = _ratio_to_expected(parts, crude.to_numpy(dtype=float), confidence)
    rates.insert(2, "ref_rate", crude)
    return rates


def _check_bands(x: FloatArray, n: FloatArray, standard: FloatArray) -> None:
    check_not_negative(x, "events")
    check_all_positive(n, "population")
    check_not_negative(standard, "standard_population")
    if np.isnan(standard).any():
        raise ValueError("standard_population must not be missing; found nan")


def _dobson(
    totals: tuple[FloatArray, FloatArray],
    value: FloatArray,
    variance: FloatArray,
    confidence: float,
    multiplier: float,
    names: pd.Index[Any],
) -> pd.DataFrame:
    events, population = totals
    enough = np.where(events >= FEWEST_EVENTS, events, np.nan)
    lower, upper = byars_limits(enough, confidence)
    spread = np.sqrt(variance / enough)
    shown = np.where(events >= FEWEST_EVENTS, value, np.nan)
    columns = {
        "total_count": events,
        "total_pop": population,
        "value": shown * multiplier,
        "lowercl": (value + spread * (lower - enough)) * multiplier,
        "uppercl": (value + spread * (upper - enough)) * multiplier,
    }
    return pd.DataFrame(columns, index=names)


def _repeat_variance(
    persons: FloatArray, each: FloatArray, weight: FloatArray, standard: FloatArray, area: IntArray, size: int
) -> FloatArray:
    frequencies, frequency = np.unique(each, return_inverse=True)
    cell = area * len(frequencies) + frequency
    cells = size * len(frequencies)
    divisor = group_sums(standard, cell, cells)
    variance = group_sums(persons * weight**2, cell, cells) / np.where(divisor > 0, divisor, 1.0) ** 2
    by_frequency = variance.reshape(size, len(frequencies)) * frequencies**2
    total: FloatArray = by_frequency.sum(axis=1)
    return total


def _observed_and_expected(
    events: Numbers | None,
    population: Numbers,
    reference_events: Numbers,
    reference_population: Numbers,
    areas: Labels | None,
    observed: pd.Series[Any] | None,
    missing_is_zero: bool,
) -> pd.DataFrame:
    if (events is None) == (observed is None):
        raise ValueError("events or observed must be given, not both; found both or neither")
    n, ref_x, ref_n = aligned(
        population=population, reference_events=reference_events, reference_population=reference_population
    )
    check_not_negative(n, "population")
    check_not_negative(ref_x, "reference_events")
    check_all_positive(ref_n, "reference_population")
    if missing_is_zero:
        n, ref_x = np.nan_to_num(n), np.nan_to_num(ref_x)
    positions, names = group_positions(areas, n.size, "areas")
    sums = {"expected": ref_x / ref_n * n, "reference_events": ref_x, "reference_population": ref_n}
    if events is not None:
        (x, _) = aligned(events=events, population=population)
        check_not_negative(x, "events")
        sums["observed"] = np.nan_to_num(x) if missing_is_zero else x
    parts = pd.DataFrame(
        {name: group_sums(column, positions, len(names)) for name, column in sums.items()}, index=names
    )
    if observed is not None:
        parts["observed"] = observed.reindex(names).astype(float)
        check_not_negative(parts["observed"].to_numpy(dtype=float), "observed")
    return parts


def _ratio_to_expected(parts: pd.DataFrame, scale: FloatArray, confidence: float) -> pd.DataFrame:
    observed, expected = parts["observed"].to_numpy(dtype=float), parts["expected"].to_numpy(dtype=float)
    factor = scale / np.where(expected > 0, expected, np.nan)
    lower, upper = count_limits(observed, confidence)
    columns = {
        "observed": observed,
        "expected": expected,
        "value": observed * factor,
        "lowercl": lower * factor,
        "uppercl": upper * factor,
    }
    return pd.DataFrame(columns, index=parts.index)
