"""Slope indices as others compute them: WHO (linear, logit) and ScotPHO. Signs and ratios differ: label them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    check_between,
    check_choice,
    check_confidence,
    check_not_negative,
    check_positive,
    group_positions,
    group_sums,
)
from metrics.proportions import normal_quantile
from metrics.ranks import fractional_rank

MODELS = ("linear", "logit")
ITERATIONS = 50  # of the logit fit; it settles in fewer than 10
SETTLED = 1e-12  # log odds that no longer move
STEEPEST = 30.0  # log odds; beyond it a fitted proportion is 0 or 1 to thirteen places


def who_slope_index(
    value: Numbers,
    population: Numbers,
    order: Numbers,
    *,
    model: str = "linear",
    scale: float = 1.0,
    groups: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure the difference and ratio between the fitted ends of the ranking as WHO's toolkit does.

    Parameters
    ----------
    value : array-like
        The indicator in each group, from 0 to ``scale``.
    population : array-like
        People in each group; zero or more; rounded up to whole people.
    order : array-like
        Position of each group, lowest the most deprived.
    model : str
        ``linear``, or ``logit`` for compatibility with WHO HEAT: it weighs groups by population **twice**.
    scale : float
        Of the value: 1 for fractions, 100 for percentages, 1,000 for rates per 1,000.
    groups : sequence, optional
        A label for each row saying which set it belongs to (an area, a period); one set when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``sii`` (least minus most deprived, unit of the value) with ``_se``,
        ``_lowercl``, ``_uppercl``; ``rii`` (ratio of the same ends) with ``_log_se``, ``_lowercl``, ``_uppercl``.

    Raises
    ------
    ValueError
        If a value leaves 0 to ``scale``, a population is negative, an option is unknown or lengths differ.

    Notes
    -----
    Robust (HC1) standard errors; with fewer than three groups there are none. A missing value makes its set missing.
    Values of zero in every group have no ratio. Equal values give 0 and 1. Tied orders share a rank; row order is
    irrelevant. The logit model rounds counts to whole people, as the reference does. For PHE's index see
    :func:`metrics.inequality.slope_index_of_inequality`.
    Verified against: healthequal 1.0.1 ``sii`` and ``rii``.

    References
    ----------
    Schlotheuber A, Hosseinpoor AR (2022), Int J Environ Res Public Health 19:3697; WHO HEAT.

    Examples
    --------
    >>> who_slope_index([60, 65, 70, 75, 80], [100] * 5, [1, 2, 3, 4, 5], scale=100)[["sii", "rii"]].round(3)
        sii    rii
    0  25.0  1.435
    """
    check_choice(model, MODELS, "model")
    y, n, place = aligned(value=value, population=population, order=order)
    check_between(y, 0, check_positive(scale, "scale"), "value")
    check_not_negative(n, "population")
    z = normal_quantile(confidence)
    positions, names = group_positions(groups, y.size)
    people = np.ceil(n)
    rank = fractional_rank(place, people, groups=positions)
    fit = _logit if model == "logit" else _linear
    sii, sii_error, log_rii, rii_error = fit(y / scale, people, rank, positions, len(names))
    columns = {
        "sii": sii * scale,
        "sii_se": sii_error * scale,
        "sii_lowercl": (sii - z * sii_error) * scale,
        "sii_uppercl": (sii + z * sii_error) * scale,
        "rii": np.exp(log_rii),
        "rii_log_se": rii_error,
        "rii_lowercl": np.exp(log_rii - z * rii_error),
        "rii_uppercl": np.exp(log_rii + z * rii_error),
    }
    return pd.DataFrame(columns, index=names)


def scotpho_inequality(
    rate: Numbers,
    denominator: Numbers,
    order: Numbers,
    overall_rate: Numbers,
    *,
    groups: Labels | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure inequality between deprivation groups as Public Health Scotland's profiles do.

    Parameters
    ----------
    rate : array-like
        The indicator in each fifth or tenth.
    denominator : array-like
        People in it; zero or more.
    order : array-like
        1 for the most deprived; 5 or 10 groups in each set.
    overall_rate : array-like
        The published rate of the whole, one number or one for each row of its set.
    groups : sequence, optional
        A label for each row saying which set it belongs to; one set when left out.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set in sorted order: ``sii`` (**most** minus least deprived end of the line, unit of the
        rate), ``rii`` (``sii`` over the overall rate; 0 is equal), ``rii_int`` (per cent by which the most deprived
        exceed the average), each with ``_lowercl`` and ``_uppercl``; ``par`` (per cent), ``abs_range`` and
        ``rel_range`` (most against least deprived).

    Raises
    ------
    ValueError
        If a denominator is negative, an order is missing or repeated in a set, or lengths differ.

    Notes
    -----
    A set that has not 5 or 10 groups, or has a missing number, has no measures. Limits are Student's t with k - 2
    degrees of freedom. A rate of zero in the least deprived has no ``par`` and no ``rel_range``; an overall rate of
    zero no ``rii``, unless the slope is 0 too. ``par`` is not cut at zero. Tied rates are harmless; row order is
    irrelevant. The signs are the reverse of PHE's and WHO's, and this "RII" is not a ratio of two ends.
    Verified against: ``calculate_inequality_measures`` of scotpho-indicator-production (2026-07-01).

    References
    ----------
    Public Health Scotland, ScotPHO; Low A, Low A (2004), J Public Health 26:388-395.

    Examples
    --------
    >>> scotpho_inequality([30, 25, 20, 15, 10], [100] * 5, [1, 2, 3, 4, 5], 20)[["sii", "rii", "par"]].round(2)
        sii   rii   par
    0  25.0  1.25  50.0
    """
    y, n, place, overall = aligned(rate=rate, denominator=denominator, order=order, overall_rate=overall_rate)
    check_not_negative(n, "denominator")
    positions, names = group_positions(groups, y.size)
    rank = fractional_rank(place, n, groups=positions)
    if pd.MultiIndex.from_arrays([positions, place]).has_duplicates:
        raise ValueError("order must not repeat within a set; found two groups at one place")
    index = np.lexsort((place, positions))
    counts = np.bincount(positions, minlength=len(names))
    last = np.cumsum(counts) - 1
    most, least = y[index[last - counts + 1]], y[index[last]]
    fit = _Line(y, n, rank, positions, len(names))
    level = check_confidence(confidence)
    whole = np.isin(counts, (5, 10)) & ~np.isnan(fit.slope)
    t = stdtrit(np.where(whole, counts - 2.0, np.nan), level + (1 - level) / 2)
    slope, half_width = np.where(whole, -fit.slope, np.nan), t * fit.classic_error()
    average = overall[index[last]]
    ratio = np.where(slope == 0, 0.0, 1 / np.where(average == 0, np.nan, average))
    columns = {"sii": slope, "sii_lowercl": slope - half_width, "sii_uppercl": slope + half_width}
    for name, factor in (("rii", 1.0), ("rii_int", 50.0)):
        columns |= {name + end: columns["sii" + end] * ratio * factor for end in ("", "_lowercl", "_uppercl")}
    safe_least, safe_mean = (np.where(column > 0, column, np.nan) for column in (least, fit.mean))
    columns["par"] = np.where(whole & (least != 0), 100 * (1 - least / safe_mean), np.nan)
    columns["abs_range"], columns["rel_range"] = most - least, most / safe_least
    return pd.DataFrame(columns, index=names)


class _Line:
    """Population-weighted straight lines of y on rank, one for each set."""

    def __init__(self, y: FloatArray, weight: FloatArray, rank: FloatArray, positions: IntArray, size: int) -> None:
        self.positions, self.size = positions, size
        self.count = np.bincount(positions, minlength=size)
        total = group_sums(weight, positions, size)
        self.share = weight / np.where(total > 0, total, np.nan)[positions]
        self.mean = self.sums(self.share * y)
        self.centre = self.sums(self.share * rank)
        self.off = rank - self.centre[positions]
        spread = self.sums(self.share * self.off**2)
        self.spread = np.where(spread > 0, spread, np.nan)
        self.slope = self.sums(self.share * self.off * (y - self.mean[positions])) / self.spread
        self.residual = y - self.mean[positions] - self.slope[positions] * self.off
        self.degrees = np.where(self.count > 2, self.count - 2.0, np.nan)

    def sums(self, column: FloatArray) -> FloatArray:
        return group_sums(column, self.positions, self.size)

    def classic_error(self) -> FloatArray:
        error: FloatArray = np.sqrt(self.sums(self.share * self.residual**2) / self.degrees / self.spread)
        return error


def _linear(
    y: FloatArray, n: FloatArray, rank: FloatArray, positions: IntArray, size: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    line = _Line(y, n, rank, positions, size)
    # Each row's part in the fitted mean at the centre and in the slope, with its residual: the HC1 sandwich.
    at_centre = line.share * line.residual
    along = line.share * line.off / line.spread[positions] * line.residual
    factor = np.sqrt(line.count / line.degrees)
    most, least = line.mean - line.slope * line.centre, line.mean + line.slope * (1 - line.centre)
    positive = (most > 0) & (least > 0)
    safe_most, safe_least = np.where(positive, most, np.nan), np.where(positive, least, np.nan)
    in_ratio = (at_centre + along * (1 - line.centre)[positions]) / safe_least[positions] - (
        at_centre - along * line.centre[positions]
    ) / safe_most[positions]
    sii_error, rii_error = (factor * np.sqrt(line.sums(part**2)) for part in (along, in_ratio))
    return line.slope, sii_error, np.log(safe_least / safe_most), rii_error


def _logit(
    y: FloatArray, n: FloatArray, rank: FloatArray, positions: IntArray, size: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    proportion = np.round(y * n) / np.where(n > 0, n, np.nan)
    proportion = np.where(n > 0, proportion, 0.0) + 0 * y  # a group of nobody carries no weight; missing stays missing
    weight = n**2  # the reference gives the population both as the number of trials and as the prior weight
    odds = np.zeros(y.size)
    for _ in range(ITERATIONS):
        fitted = 1 / (1 + np.exp(-odds))
        bend = fitted * (1 - fitted)
        line = _Line(odds + (proportion - fitted) / bend, weight * bend, rank, positions, size)
        before, odds = odds, np.clip(line.mean[positions] + line.slope[positions] * line.off, -STEEPEST, STEEPEST)
        if not (np.abs(odds - before) > SETTLED).any():
            break
    pull = weight * (proportion - 1 / (1 + np.exp(-odds)))
    total = line.sums(weight * bend)[positions]
    at_centre, along = pull / total, pull * line.off / total / line.spread[positions]
    factor = np.sqrt(line.count / line.degrees)
    low, high = (line.mean + line.slope * (end - line.centre) for end in (0, 1))
    most, least = (1 / (1 + np.exp(-np.clip(end, -STEEPEST, STEEPEST))) for end in (low, high))
    in_low, in_high = (at_centre + along * (end - line.centre)[positions] for end in (0, 1))
    in_slope = (least * (1 - least))[positions] * in_high - (most * (1 - most))[positions] * in_low
    in_ratio = (1 - least)[positions] * in_high - (1 - most)[positions] * in_low
    sii_error, rii_error = (factor * np.sqrt(line.sums(part**2)) for part in (in_slope, in_ratio))
    return least - most, sii_error, np.log(least / most), rii_error
