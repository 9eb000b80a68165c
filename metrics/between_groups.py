"""Inequality between groups without an order: ethnic groups, places, providers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    check_choice,
    check_not_negative,
    group_positions,
    group_sums,
)
from metrics.gaps import JUDGEMENTS, reference_rows
from metrics.proportions import normal_quantile

MOST_MISSING = 0.15  # share of groups without a value above which nothing is computed (healthequal 1.0.1)
INSTEAD_OF_ZERO = 1e-6  # a value of zero has no logarithm (healthequal 1.0.1)


def between_group_measures(
    value: Numbers,
    population: Numbers,
    *,
    polarity: str,
    standard_error: Numbers | None = None,
    reference: Numbers | None = None,
    groups: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure inequality between unordered groups in the ways of the WHO's Health Equity Assessment Toolkit.

    Parameters
    ----------
    value : array-like
        The indicator in each group; zero or more.
    population : array-like
        People in each group; zero or more.
    polarity : str
        ``high_is_good`` or ``low_is_good``: which group is best.
    standard_error : array-like, optional
        Of each value; gives the between-group variance its limits.
    reference : array-like of 0 and 1, optional
        Marks the group others are compared with; adds the mean differences from it.
    groups : sequence, optional
        A label for each row saying which set it belongs to (an area, a period); one set when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order; all zero or more, zero is equality. ``bgv`` (between-group variance, unit
        squared, with ``_se``, ``_lowercl``, ``_uppercl``), ``bgsd`` (its root), ``cov`` (per cent of the mean),
        ``mld_x1000`` (mean log deviation) and ``ti_x1000`` (Theil), ``idisu``, ``idisw`` (index of disparity, per
        cent), and mean differences from the best (``mdbu``, ``mdbw``), the mean (``mdmu``, ``mdmw``) and the reference
        (``mdru``, ``mdrw``): ``u`` counts groups alike, ``w`` weighs them by population.

    Raises
    ------
    ValueError
        If a value, population or standard error is negative, a polarity is unknown, or a set has not one reference.

    Notes
    -----
    Groups with a missing value are left out; with more than 15% of them missing the whole set is. Zero counts as a
    millionth in the two logarithmic measures only. A mean of zero has no relative measure. Ties and row order do not
    matter. Small groups swing the unweighted measures.
    Verified against: healthequal 1.0.1 (whose limits of ``mld`` and ``ti`` are not on the scale of the estimate).

    References
    ----------
    Schlotheuber A, Hosseinpoor AR (2022), Int J Environ Res Public Health 19:3697; Ahn J et al. (2018), JCO Clin Cancer
    Inform 2:1-19.

    Examples
    --------
    >>> between_group_measures([10, 20, 30], [100, 100, 100], polarity="high_is_good")[
    ...     ["bgv", "cov", "idisu", "mdbu"]
    ... ].round(2)
         bgv    cov  idisu  mdbu
    0  66.67  40.82  33.33  10.0
    """
    check_choice(polarity, JUDGEMENTS, "polarity")
    y, n = aligned(value=value, population=population)
    error = np.full(y.size, np.nan) if standard_error is None else aligned(standard_error=standard_error, value=y)[0]
    for name, column in (("value", y), ("population", n), ("standard_error", error)):
        check_not_negative(column, name)
    positions, names = group_positions(groups, y.size)
    size = len(names)
    compared = None if reference is None else y[reference_rows(reference, positions, size)]
    known = ~np.isnan(y)
    rows = np.bincount(positions, minlength=size)
    too_few = 1 - np.bincount(positions, weights=known, minlength=size) / np.maximum(rows, 1) > MOST_MISSING
    y, n, error, positions = y[known], n[known], error[known], positions[known]
    parts = _Parts(y, n, positions, size)
    columns = _spread(parts, error, normal_quantile(confidence)) | _logarithmic(parts)
    best = pd.Series(y).groupby(positions).agg("max" if polarity == "high_is_good" else "min")
    columns |= parts.differences("b", best.reindex(range(size)).to_numpy(dtype=float))
    columns |= parts.differences("m", parts.mean)
    columns["idisu"] = 100 * columns["mdmu"] / parts.positive_mean
    columns["idisw"] = 100 * columns["mdmw"] / parts.positive_mean
    if compared is not None:
        columns |= parts.differences("r", compared)
    table = pd.DataFrame(columns, index=names)
    return table.mask(np.broadcast_to(too_few[:, None], table.shape))


class _Parts:
    """Values and population shares of every set, with their means."""

    def __init__(self, y: FloatArray, n: FloatArray, positions: IntArray, size: int) -> None:
        self.y, self.n, self.positions, self.size = y, n, positions, size
        total = group_sums(n, positions, size)
        self.share = n / np.where(total > 0, total, np.nan)[positions]
        self.count = np.bincount(positions, minlength=size).astype(float)
        self.mean = self.sums(self.share * y)
        self.positive_mean = np.where(self.mean > 0, self.mean, np.nan)

    def sums(self, column: FloatArray) -> FloatArray:
        return np.where(self.count > 0, group_sums(column, self.positions, self.size), np.nan)

    def differences(self, letter: str, compared: FloatArray) -> dict[str, FloatArray]:
        distance = np.abs(self.y - compared[self.positions])
        unweighted = self.sums(distance) / np.where(self.count > 0, self.count, np.nan)
        return {f"md{letter}u": unweighted, f"md{letter}w": self.sums(self.share * distance)}


def _spread(parts: _Parts, error: FloatArray, z: float) -> dict[str, FloatArray]:
    distance = parts.y - parts.mean[parts.positions]
    w, square = parts.share, error**2
    variance = parts.sums(w * distance**2)
    first = parts.sums(w**2 * square * distance**2)
    second = parts.sums(w**2 * square) ** 2 - parts.sums(w**4 * square**2)
    third = parts.sums(w**2 * (1 - w) ** 2 * square**2)
    variance_error = np.sqrt(4 * first + 2 * (second + third))
    return {
        "bgv": variance,
        "bgv_se": variance_error,
        "bgv_lowercl": variance - z * variance_error,
        "bgv_uppercl": variance + z * variance_error,
        "bgsd": np.sqrt(variance),
        "cov": 100 * np.sqrt(variance) / parts.positive_mean,
    }


def _logarithmic(parts: _Parts) -> dict[str, FloatArray]:
    positive = _Parts(np.where(parts.y == 0, INSTEAD_OF_ZERO, parts.y), parts.n, parts.positions, parts.size)
    relative = positive.y / positive.mean[positive.positions]
    return {
        "mld_x1000": -1000 * positive.sums(positive.share * np.log(relative)),
        "ti_x1000": 1000 * positive.sums(positive.share * relative * np.log(relative)),
    }
