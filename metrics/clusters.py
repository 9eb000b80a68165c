"""Clusters on the map: local Moran's I and Getis-Ord Gi*, with control of false discoveries."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from metrics._checks import (
    BoolArray,
    FloatArray,
    IntArray,
    Numbers,
    TextArray,
    aligned,
    as_numbers,
    check_between,
    check_whole_number,
    index_of,
)
from metrics.neighbours import Neighbours, known_pairs, neighbour_pairs, neighbour_sums


def local_moran(
    values: Numbers,
    neighbours: Neighbours,
    *,
    permutations: int = 999,
    seed: int = 1001,
    false_discovery_rate: float = 0.05,
) -> pd.DataFrame:
    """Find areas whose neighbours are like them (clusters) or unlike them (outliers).

    Parameters
    ----------
    values : array-like
        The indicator in each area; for rates of small areas smooth first or say how small they are.
    neighbours : sequence of sequences of int, or Pairs
        For each area in order, the positions (from 0) of its neighbours, or
        :func:`metrics.neighbours.neighbour_pairs` of them. Weights are row-standardised.
    permutations : int
        Shuffles of the other areas' values for the p-value; 99 or more.
    seed : int
        Of the generator, so that the same figures come out every time.
    false_discovery_rate : float
        Expected share of false finds among those called significant, from 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``local_i`` (above zero like its neighbours; denominator n - 1),
        ``quadrant`` (``HH``, ``LL``, ``HL``, ``LH``: own value then neighbours', high or low against the mean; empty
        for an island), ``p_one_sided`` (folded), ``p`` (two-sided), ``p_adjusted`` and ``significant``.

    Raises
    ------
    ValueError
        If a neighbour is not a position of another area, or an option is out of range.

    Notes
    -----
    An area with a missing value is missing, and is no one's neighbour. An island has an I of 0 and no p-value. Equal
    values everywhere have no I. A value equal to the mean (a tie) counts as low. Zero is a value. Colour a map by
    ``significant``, never by the unadjusted p. esda 2.9 computes the same area by area and warns of itself, so the
    arithmetic is here and the test compares it with esda. spdep's denominator is n: multiply by n / (n - 1).
    Verified against: spdep 1.2-7 ``localmoran`` and esda ``Moran_Local``.

    References
    ----------
    Anselin L (1995), Geographical Analysis 27:93-115; Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300; Caldas
    de Castro M, Singer BH (2006), Geographical Analysis 38:180-208.

    Examples
    --------
    >>> line = [[1], [0, 2], [1, 3], [2]]
    >>> local_moran([1.0, 2.0, 8.0, 9.0], line)[["local_i", "quadrant"]].round(2)
       local_i quadrant
    0     0.72       LL
    1     0.09       LL
    2     0.09       HH
    3     0.72       HH
    """
    x = np.atleast_1d(as_numbers(values, "values"))
    check_whole_number(permutations, 99, "permutations")
    check_between(np.array([false_discovery_rate]), 0, 1, "false_discovery_rate")
    known = ~np.isnan(x)
    pairs = known_pairs(neighbour_pairs(neighbours, x.size), known)
    count = np.bincount(pairs[0], minlength=x.size)
    z, variance = _standard(x, known)
    lag = neighbour_sums(np.nan_to_num(z), pairs) / np.maximum(count, 1)
    statistic = z * lag / variance
    linked = (count > 0) & known & ~np.isnan(statistic)
    folded = np.full(x.size, np.nan)
    if linked.any():
        folded[linked] = _permuted_p(z[known], lag[linked], count[linked], linked[known], permutations, seed)
    two_sided = np.minimum(2 * folded, 1.0)
    adjusted = adjust_for_false_discovery(two_sided)
    columns = {
        "local_i": statistic,
        "quadrant": _quadrant(z, lag, linked),
        "p_one_sided": folded,
        "p": two_sided,
        "p_adjusted": adjusted,
        "significant": adjusted <= false_discovery_rate,
    }
    return pd.DataFrame(columns, index=index_of(values))


def global_moran(values: Numbers, neighbours: Neighbours) -> float:
    """Measure how alike neighbouring areas are over the whole map.

    Parameters
    ----------
    values : array-like
        The indicator in each area.
    neighbours : sequence of sequences of int, or Pairs
        For each area in order, the positions (from 0) of its neighbours, or
        :func:`metrics.neighbours.neighbour_pairs` of them. Weights are row-standardised.

    Returns
    -------
    float
        Moran's I: near -1/(n - 1) by chance, above it neighbours are alike (up to about 1), below it unlike.

    Raises
    ------
    ValueError
        If a neighbour is not a position of another area.

    Notes
    -----
    Areas with a missing value are left out. Islands stay in n (esda keeps them, spdep drops them). Missing when all
    values are equal or no two areas touch. Zero is a value; ties do not matter.
    Verified against: spdep 1.2-7 ``moran`` and esda ``Moran``.

    References
    ----------
    Moran PAP (1950), Biometrika 37:17-23.

    Examples
    --------
    >>> round(global_moran([1.0, 2.0, 8.0, 9.0], [[1], [0, 2], [1, 3], [2]]), 2)
    0.54
    """
    x = np.atleast_1d(as_numbers(values, "values"))
    known = ~np.isnan(x)
    pairs = known_pairs(neighbour_pairs(neighbours, x.size), known)
    count = np.bincount(pairs[0], minlength=x.size)
    z, variance = _standard(x, known)
    lag = neighbour_sums(np.nan_to_num(z), pairs) / np.maximum(count, 1)
    linked = int((count > 0).sum())
    if linked == 0:
        return float("nan")
    squares = variance * (known.sum() - 1)
    return float(known.sum() / linked * np.nansum(z * lag) / squares)


def getis_ord(values: Numbers, neighbours: Neighbours, *, star: bool = True) -> pd.DataFrame:
    """Find hot spots and cold spots: neighbourhoods whose sum is higher or lower than chance would give.

    Parameters
    ----------
    values : array-like
        The indicator in each area; zero or more.
    neighbours : sequence of sequences of int, or Pairs
        For each area in order, the positions (from 0) of its neighbours, or
        :func:`metrics.neighbours.neighbour_pairs` of them. Weights are **binary**.
    star : bool
        True for Gi*, which counts the area itself; False for Gi, which does not.

    Returns
    -------
    pandas.DataFrame
        One row for each area in the order given: ``g`` (the neighbourhood's share of the total, 0 to 1), ``g_mean``
        (the same for the average member), ``z`` (above zero hot, below cold), ``p`` (two-sided, normal) and
        ``p_adjusted`` (for false discoveries).

    Raises
    ------
    ValueError
        If a value is negative, or a neighbour is not a position of another area.

    Notes
    -----
    An area with a missing value is missing, and is no one's neighbour. An island has a Gi of 0 without z; its Gi* is
    its own. Equal values everywhere, or a neighbourhood of all areas, have no z. Zero is a value; ties do not matter.
    esda's ``G_Local`` gives wrong z with its default row-standardised weights.
    Verified against: spdep 1.2-7 ``localG`` and esda ``G_Local(transform="B")``.

    References
    ----------
    Getis A, Ord JK (1992), Geographical Analysis 24:189-206; Ord JK, Getis A (1995), Geographical Analysis 27:286-306.

    Examples
    --------
    >>> getis_ord([1.0, 2.0, 8.0, 9.0], [[1], [0, 2], [1, 3], [2]])[["g", "z"]].round(2)
          g     z
    0  0.15 -1.71
    1  0.55 -1.13
    2  0.95  1.13
    3  0.85  1.71
    """
    x = np.atleast_1d(as_numbers(values, "values"))
    check_between(x, 0, np.inf, "values")
    known = ~np.isnan(x)
    pairs = known_pairs(neighbour_pairs(neighbours, x.size, include_self=star), known)
    count = np.bincount(pairs[0], minlength=x.size).astype(float)
    local = neighbour_sums(np.nan_to_num(x), pairs)
    own = np.where(known, 0.0 if star else x, np.nan)
    others = float(known.sum()) - (0 if star else 1)
    total, squares = np.nansum(x) - own, np.nansum(x**2) - own**2
    n = max(others, 1.0)
    mean = total / n
    spread = np.maximum(squares / n - mean**2, 0)
    scale = spread * (n * count - count**2) / max(n - 1, 1.0)
    z = (local - count * mean) / np.sqrt(np.where(scale > 1e-12 * squares, scale, np.nan))
    p = 2 * ndtr(-np.abs(z))
    g = local / np.where(total > 0, total, np.nan)
    columns = {
        "g": g,
        "g_mean": g / np.maximum(count, 1),
        "z": z,
        "p": p,
        "p_adjusted": adjust_for_false_discovery(p),
    }
    return pd.DataFrame(columns, index=index_of(values))


def adjust_for_false_discovery(p: Numbers) -> FloatArray:
    """Adjust p-values so that those below a level hold at most that expected share of false finds.

    Parameters
    ----------
    p : array-like
        P-values from 0 to 1.

    Returns
    -------
    numpy.ndarray
        Adjusted p-values from 0 to 1 in the order given, never smaller than those given.

    Raises
    ------
    ValueError
        If a p-value leaves 0 to 1.

    Notes
    -----
    A p-value of zero stays zero. Missing values stay missing and are not counted. Equal p-values (ties) stay equal.
    Verified against: ``statsmodels.stats.multitest.multipletests(method="fdr_bh")``.

    References
    ----------
    Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300.

    Examples
    --------
    >>> adjust_for_false_discovery([0.01, 0.04, 0.03, 0.5]).round(4)
    array([0.04  , 0.0533, 0.0533, 0.5   ])
    """
    (given,) = aligned(p=p)
    check_between(given, 0, 1, "p")
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    scaled = given[order] * order.size / np.arange(1, order.size + 1)
    adjusted = np.full(given.size, np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _standard(x: FloatArray, known: BoolArray) -> tuple[FloatArray, float]:
    """Distances from the mean and their variance (n - 1); missing when all are equal or there is only one."""
    n = int(known.sum())
    z = x - x[known].mean() if n else x
    variance = float(np.nansum(z**2) / (n - 1)) if n > 1 else 0.0
    return z, variance if variance > 0 else float("nan")


def _quadrant(z: FloatArray, lag: FloatArray, linked: BoolArray) -> TextArray:
    own = np.where(z > 0, "H", "L").astype(object)
    near = np.where(lag > 0, "H", "L").astype(object)
    return np.where(linked, own + near, "").astype(object)


def _permuted_p(
    z: FloatArray, lag: FloatArray, count: IntArray, linked: BoolArray, permutations: int, seed: int
) -> FloatArray:
    """Folded one-sided p: the same draws of other areas serve every area, each skipping itself.

    ``z`` holds the known areas only; ``linked`` says which of them have neighbours; the other columns match those.
    """
    place = np.flatnonzero(linked)
    own, others, most = z[place], z.size - 1, int(count.max())
    generator = np.random.default_rng(seed)
    bound = own * lag * count
    bound = bound - 1e-9 * np.abs(bound)  # equal sums stay equal in whichever order they were added
    full, wanted = bool((count == most).all()), np.arange(most)[:, None] < count
    at_least = np.zeros(place.size)
    for _ in range(permutations):
        draws = generator.choice(others, size=most, replace=False)[:, None]
        drawn = z[draws + (draws >= place)]
        at_least += own * (drawn if full else drawn * wanted).sum(axis=0) >= bound
    folded: FloatArray = (np.minimum(at_least, permutations - at_least) + 1) / (permutations + 1)
    return np.where(own == 0, 0.5, folded)  # a value at the mean is neither like nor unlike its neighbours
