"""Slope and relative index of inequality as PHE computes them, from the values of deprivation quantiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    as_numbers,
    check_all_positive,
    check_between,
    check_choice,
    check_not_negative,
    check_whole_number,
    group_positions,
)
from metrics.proportions import normal_quantile

VALUE_TYPES = ("other", "rate", "proportion")
LIMITS = ("simulated", "approximate")
SCOPES = ("national", "local")
FEWEST_QUANTILES, MOST_QUANTILES = 5, 100  # PHEindicatormethods 2.1.0
Z_95 = 1.959963984540054  # the limits supplied are 95% limits whatever limits are asked for
_CELLS_AT_ONCE = 20_000_000  # simulated values held in memory together (160 MB)


@dataclass(frozen=True, slots=True)
class _Table:
    """Quantile values, one row for each area and one column for each quantile, most deprived first."""

    names: pd.Index
    value: FloatArray  # on the scale of the indicator
    link: FloatArray  # on the scale where the value is taken as normal
    error: FloatArray  # standard error on that scale
    share: FloatArray  # of the area's population
    rank: FloatArray  # midpoint of the cumulative share


def slope_index_of_inequality(
    quantiles: Numbers,
    population: Numbers,
    value: Numbers,
    *,
    lowercl: Numbers | None = None,
    uppercl: Numbers | None = None,
    standard_error: Numbers | None = None,
    value_type: str = "other",
    transform: bool = False,
    multiplier: float = 1.0,
    areas: Labels | None = None,
    confidence: float = 0.95,
    limits: str = "simulated",
    repetitions: int = 100_000,
    seed: int = 1001,
    scope: str = "national",
) -> pd.DataFrame:
    """Measure the difference and the ratio between the ends of a straight line through the values of quantiles.

    Parameters
    ----------
    quantiles : array-like
        Quantile of each row, 1 the most deprived; from 5 to 100 different values, each once for each area.
    population : array-like
        People in the quantile (the indicator's denominator); greater than zero.
    value : array-like
        The indicator in the quantile; a fraction from 0 to 1 when ``value_type`` is ``proportion``.
    lowercl, uppercl : array-like, optional
        **95%** limits of the value, from which the standard error is taken. 99.8% limits would make it too large.
    standard_error : array-like, optional
        Given instead of the limits: on the log scale for rates, on the logit scale for proportions.
    value_type : str
        ``other`` (normal), ``rate`` (log-normal) or ``proportion`` (logit-normal).
    transform : bool
        True fits the line on the log or logit scale and carries its ends back; not for ``other``.
    multiplier : float
        Scale of the slope, not zero; 100 for percentage points. A negative one turns the slope round and inverts the
        ratio.
    areas : sequence, optional
        A label for each row; one area of all rows when left out.
    confidence : float
        Two-sided level of the result, 0.9 to below 1, or 90 to below 100.
    limits : str
        ``simulated`` as the reference, or ``approximate`` (delta method), which suits thousands of areas.
    repetitions : int
        Draws when simulating, 1,000 or more.
    seed : int
        Of the generator, so that the same figures come out every time.
    scope : str
        ``national`` or ``local``: which quantiles these are. It is carried into the result and changes no figure.

    Returns
    -------
    pandas.DataFrame
        One row for each area in sorted order: ``sii``, ``sii_lowercl``, ``sii_uppercl`` (least minus most deprived, in
        the indicator's unit times ``multiplier``: negative for an adverse indicator that is worse in deprived areas),
        ``rii``, ``rii_lowercl``, ``rii_uppercl`` (ratio of the same ends, 1 is equal), ``intercept`` (the most
        deprived end, times the size of ``multiplier``) and ``scope``.

    Raises
    ------
    ValueError
        If a population is not positive, a quantile repeats, their number is not 5 to 100, a proportion leaves 0 to 1,
        or an option is unknown.

    Notes
    -----
    An area without every quantile, or with a missing value, has no index. Limits of ``other`` values are exact, not
    simulated: the simulation converges on them. A value of 0 (or a proportion of 1) has no logarithm: untransformed
    it keeps the index and loses the limits, transformed it loses both. Equal values give 0 and 1. Ties between values
    are harmless. Fifths need not be equal in size; row order is irrelevant. This RII is a ratio of fitted ends:
    ScotPHO's is the slope over the mean, WHO's comes from a logit model.
    Verified against: PHEindicatormethods 2.1.0 ``phe_sii`` (whose intercept is unscaled when ``transform`` is False).

    References
    ----------
    Low A, Low A (2004), J Public Health 26:388-395; PHEindicatormethods 2.1.0 ``phe_sii``; Fieller EC (1954).

    Examples
    --------
    >>> uptake = [60.0, 65.0, 70.0, 75.0, 80.0]
    >>> slope_index_of_inequality(
    ...     [1, 2, 3, 4, 5], [100, 100, 100, 100, 100], uptake, standard_error=[2.0] * 5
    ... )[["sii", "sii_lowercl", "sii_uppercl", "rii"]].round(2)
        sii  sii_lowercl  sii_uppercl   rii
    0  25.0         18.8         31.2  1.43
    """
    _check_options(value_type, transform, multiplier, limits, repetitions, scope)
    z = normal_quantile(confidence)
    table = _table(quantiles, population, value, (lowercl, uppercl, standard_error), value_type, areas)
    if transform:
        result = _transformed(table, value_type, z, multiplier)
    elif value_type == "other" or limits == "approximate":
        result = _normal(table, value_type, z, multiplier)
    else:
        result = _simulated(table, value_type, confidence, multiplier, repetitions, seed)
    return result.assign(scope=scope)


def rank_midpoints(population: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give each ordered group's population share and the midpoint of its cumulative share.

    Parameters
    ----------
    population : numpy.ndarray
        People in each group, most deprived first; groups along the last axis.

    Returns
    -------
    tuple of numpy.ndarray
        Shares, and ranks from 0 (most deprived) to 1, both of the same shape.

    Notes
    -----
    A group of zero people has a share of zero and the rank where it stands. A missing population makes its whole set
    missing. Tied groups must be joined before calling.
    Verified against: PHEindicatormethods 2.1.0 ``FindXValues``.

    References
    ----------
    Low A, Low A (2004), J Public Health 26:388-395.

    Examples
    --------
    >>> import numpy as np
    >>> rank_midpoints(np.array([1.0, 1.0, 2.0]))
    (array([0.25, 0.25, 0.5 ]), array([0.125, 0.375, 0.75 ]))
    """
    share: FloatArray = population / population.sum(axis=-1, keepdims=True)
    return share, np.cumsum(share, axis=-1) - share / 2


def _check_options(
    value_type: str, transform: bool, multiplier: float, limits: str, repetitions: int, scope: str
) -> None:
    check_choice(value_type, VALUE_TYPES, "value_type")
    check_choice(limits, LIMITS, "limits")
    check_choice(scope, SCOPES, "scope")
    check_whole_number(repetitions, 1000, "repetitions")
    if transform and value_type == "other":
        raise ValueError("transform needs value_type rate or proportion; found other")
    if not np.isfinite(multiplier) or multiplier == 0:
        raise ValueError(f"multiplier must be a number other than zero; found {multiplier}")


def _table(
    quantiles: Numbers,
    population: Numbers,
    value: Numbers,
    spread: tuple[Numbers | None, Numbers | None, Numbers | None],
    value_type: str,
    areas: Labels | None,
) -> _Table:
    q, n, y = aligned(quantiles=quantiles, population=population, value=value)
    check_all_positive(n, "population")
    _check_values(y, value_type, "value")
    error = _standard_error(spread, y.size, value_type)
    column, levels = _columns(q)
    row, names = group_positions(areas, y.size, "areas")
    cell = row * levels + column
    repeated = pd.Series(cell).duplicated().to_numpy()
    if repeated.any():
        raise ValueError(f"quantiles must hold each quantile once for each area; found {q[repeated][0]:g} twice")
    grids = np.full((3, len(names), levels), np.nan)
    grids[:, row, column] = y, n, error
    values, people, errors = grids
    share, rank = rank_midpoints(people)
    return _Table(names, values, _to_link(values, value_type), errors, share, rank)


def _columns(quantiles: FloatArray) -> tuple[IntArray, int]:
    if np.isnan(quantiles).any():
        raise ValueError("quantiles must not be missing; found nan")
    levels, column = np.unique(quantiles, return_inverse=True)
    if not FEWEST_QUANTILES <= len(levels) <= MOST_QUANTILES:
        raise ValueError(
            f"quantiles must have from {FEWEST_QUANTILES} to {MOST_QUANTILES} different values; found {len(levels)}"
        )
    return column.astype(np.int64), len(levels)


def _check_values(values: FloatArray, value_type: str, name: str) -> None:
    if value_type == "rate":
        check_not_negative(values, name)
    if value_type == "proportion":
        check_between(values, 0, 1, name)


def _standard_error(
    spread: tuple[Numbers | None, Numbers | None, Numbers | None], size: int, value_type: str
) -> FloatArray:
    lowercl, uppercl, standard_error = spread
    if standard_error is not None:
        error = as_numbers(standard_error, "standard_error")
        check_not_negative(error, "standard_error")
        return np.full(size, error) if error.ndim == 0 else error
    if lowercl is None or uppercl is None:
        raise ValueError("lowercl and uppercl, or standard_error, must be given; found neither")
    lower, upper = aligned(lowercl=lowercl, uppercl=uppercl)
    _check_values(lower, value_type, "lowercl")
    _check_values(upper, value_type, "uppercl")
    return (_to_link(upper, value_type) - _to_link(lower, value_type)) / (2 * Z_95)


def _to_link(value: FloatArray, value_type: str) -> FloatArray:
    """Carry values to the scale where they are taken as normal; 0, and a proportion of 1, become missing."""
    if value_type == "rate":
        return np.log(np.where(value > 0, value, np.nan))
    if value_type == "proportion":
        inside = np.where((value > 0) & (value < 1), value, np.nan)
        logit: FloatArray = np.log(inside / (1 - inside))
        return logit
    return value


def _from_link(link: FloatArray, value_type: str) -> FloatArray:
    return np.exp(link) if value_type == "rate" else 1 / (1 + np.exp(-link))


def _line_weights(table: _Table) -> tuple[FloatArray, FloatArray]:
    """Weights that turn quantile values into the intercept and the slope of the population-weighted line."""
    centre: FloatArray = (table.share * table.rank).sum(axis=1, keepdims=True)
    spread = (table.share * (table.rank - centre) ** 2).sum(axis=1, keepdims=True)
    slope: FloatArray = table.share * (table.rank - centre) / spread
    return table.share - centre * slope, slope


def _transformed(table: _Table, value_type: str, z: float, multiplier: float) -> pd.DataFrame:
    """Fit on the link scale, turn the line about its middle for the limits, and carry the ends back."""
    at_zero, along = _line_weights(table)
    intercept, slope = (at_zero * table.link).sum(axis=1), (along * table.link).sum(axis=1)
    error = np.sqrt((along**2 * table.error**2).sum(axis=1))
    middle = intercept + slope / 2
    ends = [
        (_from_link(middle - tilt / 2, value_type), _from_link(middle + tilt / 2, value_type))
        for tilt in (slope, slope - z * error, slope + z * error)
    ]
    sii = np.array([(least - most) * multiplier for most, least in ends])
    rii = np.array([least / most for most, least in ends])
    return _result(table, sii, rii, ends[0][0], multiplier)


def _normal(table: _Table, value_type: str, z: float, multiplier: float) -> pd.DataFrame:
    """Exact limits for normal values (delta-method errors otherwise): normal for the slope, Fieller's for the ratio."""
    at_zero, along = _line_weights(table)
    scale = {"rate": table.value, "proportion": table.value * (1 - table.value)}.get(value_type, 1.0)
    variance = (scale * table.error) ** 2
    most, slope = (at_zero * table.value).sum(axis=1), (along * table.value).sum(axis=1)
    half_width = z * np.sqrt((along**2 * variance).sum(axis=1))
    at_one = at_zero + along
    moments = [
        (first * second * variance).sum(axis=1)
        for first, second in ((at_one, at_one), (at_one, at_zero), (at_zero, at_zero))
    ]
    lower, upper = _fieller(most + slope, most, moments, z)
    sii = np.array([slope, slope - half_width, slope + half_width]) * multiplier
    return _result(table, sii, np.array([_ratio(most + slope, most), lower, upper]), most, multiplier)


def _fieller(top: FloatArray, bottom: FloatArray, moments: list[FloatArray], z: float) -> tuple[FloatArray, FloatArray]:
    """Limits of a ratio of two correlated normal values; missing where the bottom could be zero."""
    top_variance, covariance, bottom_variance = moments
    a = bottom**2 - z**2 * bottom_variance
    b = top * bottom - z**2 * covariance
    c = top**2 - z**2 * top_variance
    safe = (a > 0) & (bottom > 0)
    a = np.where(safe, a, np.nan)
    root = np.sqrt(np.maximum(b**2 - a * c, 0))
    return (b - root) / a, (b + root) / a


def _simulated(
    table: _Table, value_type: str, confidence: float, multiplier: float, repetitions: int, seed: int
) -> pd.DataFrame:
    """Limits at the ordered positions of simulated slopes and ratios, as the reference takes them."""
    at_zero, along = _line_weights(table)
    most, slope = (at_zero * table.value).sum(axis=1), (along * table.value).sum(axis=1)
    level = confidence / 100 if confidence >= 90 else confidence
    upper = level + (1 - level) / 2
    positions = [round(repetitions * (1 - upper)) - 1, round(repetitions * upper) - 1]
    noise = np.random.default_rng(seed).standard_normal((repetitions, table.value.shape[1]))
    step = max(1, _CELLS_AT_ONCE // noise.size)
    drawn = [
        _positions_of_draws(table, slice(start, start + step), noise, positions, value_type, at_zero, along)
        for start in range(0, len(table.names), step)
    ]
    slopes, ratios = (np.concatenate([part[index] for part in drawn], axis=1) for index in (0, 1))
    sii = np.array([slope, *slopes]) * multiplier
    return _result(table, sii, np.array([_ratio(most + slope, most), *ratios]), most, multiplier)


def _positions_of_draws(
    table: _Table,
    block: slice,
    noise: FloatArray,
    positions: list[int],
    value_type: str,
    at_zero: FloatArray,
    along: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    draws = _from_link(table.link[block, None, :] + table.error[block, None, :] * noise, value_type)
    most = np.einsum("ark,ak->ar", draws, at_zero[block])
    slope = np.einsum("ark,ak->ar", draws, along[block])
    ratio = _ratio(most + slope, most)
    return (
        np.partition(slope, positions, axis=1)[:, positions].T,
        np.partition(ratio, positions, axis=1)[:, positions].T,
    )


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    ratio: FloatArray = top / np.where(bottom == 0, np.nan, bottom)
    return ratio


def _result(table: _Table, sii: FloatArray, rii: FloatArray, intercept: FloatArray, multiplier: float) -> pd.DataFrame:
    if multiplier < 0:
        sii, rii = sii[[0, 2, 1]], _ratio(np.ones_like(rii), rii)[[0, 2, 1]]
    columns = {
        "sii": sii[0],
        "sii_lowercl": sii[1],
        "sii_uppercl": sii[2],
        "rii": rii[0],
        "rii_lowercl": rii[1],
        "rii_uppercl": rii[2],
        "intercept": intercept * abs(multiplier),
    }
    return pd.DataFrame(columns, index=table.names)
