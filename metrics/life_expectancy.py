"""Life expectancy from an abridged life table, as Fingertips publishes it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import FloatArray, IntArray, Labels, Numbers, aligned, group_positions
from metrics.proportions import normal_quantile

START_AGES = (0, 1, *range(5, 95, 5))  # the bands ONS uses: under 1, 1-4, 5-9, … 85-89, 90 and over
SMALLEST_POPULATION = 5000  # person-years (Toson and Baker 2003)
WIDEST_INTERVAL = 20  # years of the 95% interval above which the value is not given


def life_expectancy(
    deaths: Numbers,
    population: Numbers,
    start_ages: Numbers,
    *,
    areas: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure the years a person of each age can expect to live at an area's present death rates.

    Parameters
    ----------
    deaths, population : array-like
        Deaths and person-years in each age band of each area.
    start_ages : array-like
        First year of age of each row's band: each of 0, 1, 5, 10, … 90 once for each area.
    areas : sequence, optional
        A label for each row; one area of all rows when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each area and age, sorted: ``area``, ``start_age``, ``value``, ``lowercl``, ``uppercl`` (years,
        higher is longer), ``pops_used``, ``dths_used`` (from that age on).

    Raises
    ------
    ValueError
        If a band appears twice, an age is not one of the bands, or lengths, labels or level are wrong.

    Notes
    -----
    Missing for an area that lacks a band or a number, has 5,000 person-years or fewer, no people in a band, more deaths
    than people in a band, or negative deaths. No deaths in a band (zero) are a value, except at 90 and over, where they
    make the whole area missing. The value is missing, its limits kept, where the 95% interval exceeds 20 years. Row
    order is irrelevant; ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``phe_life_expectancy``.

    References
    ----------
    Chiang CL (1968); Silcocks PBS et al. (2001), J Epidemiol Community Health 55:38-43; Toson B, Baker A (2003), ONS;
    Eayres D, Williams ES (2004), J Epidemiol Community Health 58:243-249.

    Examples
    --------
    >>> population = [7060, 35059, 46974, 48489, 43219, 38561, 46009, 57208, 61435, 55601]
    >>> population += [50209, 56416, 46411, 39820, 37978, 37039, 33288, 23306, 11936, 11936]
    >>> deaths = [17, 9, 4, 8, 20, 15, 24, 33, 50, 71, 100, 163, 263, 304, 536, 872, 1390, 1605, 1936, 1937]
    >>> life_expectancy(deaths, population, START_AGES).loc[0, ["value", "lowercl", "uppercl"]].astype(float).round(2)
    value      80.17
    lowercl    79.88
    uppercl    80.46
    Name: 0, dtype: float64
    """
    x, n, age = aligned(deaths=deaths, population=population, start_ages=start_ages)
    z = normal_quantile(confidence)
    area, names = group_positions(areas, x.size, "areas")
    band = _bands(age)
    cell = area * len(START_AGES) + band
    if (np.bincount(cell) > 1).any():
        raise ValueError(f"start_ages must hold each band once for each area; found {age[_first_repeat(cell)]:g} twice")
    shape = (len(names), len(START_AGES))
    d, p = np.full(shape, np.nan), np.full(shape, np.nan)
    d[area, band], p[area, band] = x, n
    value, error = _life_table(*_usable(d, p))
    shown = np.where(normal_quantile(0.95) * error * 2 > WIDEST_INTERVAL, np.nan, value)
    columns = {
        "area": np.repeat(names.to_numpy(), shape[1]),
        "start_age": np.tile(START_AGES, shape[0]),
        "value": shown.ravel(),
        "lowercl": (value - z * error).ravel(),
        "uppercl": (value + z * error).ravel(),
        "pops_used": _from_this_age(p).ravel(),
        "dths_used": _from_this_age(d).ravel(),
    }
    return pd.DataFrame(columns)


def _bands(age: FloatArray) -> IntArray:
    known = np.isin(age, START_AGES)
    if not known.all():
        raise ValueError(f"start_ages must be one of 0, 1, 5, 10, … 90; found {age[~known][0]:g}")
    return np.searchsorted(START_AGES, age).astype(np.int64)


def _first_repeat(cell: IntArray) -> int:
    return int(np.flatnonzero(pd.Series(cell).duplicated())[0])


def _usable(deaths: FloatArray, population: FloatArray) -> tuple[FloatArray, FloatArray]:
    sound = (population > 0) & (deaths >= 0) & (deaths <= population)
    usable = sound.all(axis=1) & (population.sum(axis=1) > SMALLEST_POPULATION) & (deaths[:, -1] > 0)
    return np.where(usable[:, None], deaths, np.nan), np.where(usable[:, None], population, np.nan)


def _life_table(deaths: FloatArray, population: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Chiang's abridged life table with the variance of the last band after Silcocks."""
    mortality = deaths / population
    width = np.append(np.diff(START_AGES), 0).astype(float) * np.ones_like(mortality)
    width[:, -1] = 2 / mortality[:, -1]
    lived = np.where(np.arange(len(START_AGES)) == 0, 0.1, 0.5)  # part of the band lived by those who die in it
    survivable = mortality * width / (1 + mortality * width * (1 - lived))
    dying = np.where(deaths > population / width / lived, 1.0, survivable)
    alive = np.cumprod(np.column_stack([np.full(len(dying), 1e5), 1 - dying[:, :-1]]), axis=1)
    leaving = alive - np.column_stack([alive[:, 1:], np.zeros(len(alive))])
    years = width * (alive - leaving + lived * leaving)
    years[:, -1] = alive[:, -1] / mortality[:, -1]
    reached = np.where(alive > 0, alive, np.nan)
    expected = np.where(alive == 0, 0.0, _from_this_age(years) / reached)
    variance = np.where(leaving == 0, 0.0, dying**2 * (1 - dying) / np.where(deaths > 0, deaths, 1.0))
    later = np.column_stack([expected[:, 1:], np.zeros(len(expected))])
    weighted = variance * alive**2 * ((1 - lived) * width + later) ** 2
    weighted[:, -1] = (alive[:, -1] / 2) ** 2 * 4 / (deaths[:, -1] * mortality[:, -1] ** 2)
    return expected, np.sqrt(_from_this_age(weighted)) / reached


def _from_this_age(table: FloatArray) -> FloatArray:
    total: FloatArray = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    return total
