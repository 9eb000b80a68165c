"""Proportionality: is provision (contacts, buddies, trained staff, £) spread in proportion to need?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics._checks import (
    Labels,
    Numbers,
    aligned,
    check_choice,
    check_not_negative,
    group_positions,
    group_sums,
)
from metrics.concentration import concentration_curve
from metrics.inequality import SCOPES

IN_PROPORTION = (0.95, 1.05)  # targeting ratios that the sentence calls "in proportion": within 5%


@dataclass(frozen=True, slots=True)
class Proportionality:
    """How provision follows need.

    Attributes
    ----------
    curve : pandas.DataFrame
        ``need_share`` and ``provision_share``, cumulated from the most deprived, both from 0 to 1. On the diagonal
        provision follows need; above it the deprived have more than their share of need.
    index : float
        Twice the area between curve and diagonal, -1 to 1: above zero provision leans towards the deprived, zero is in
        proportion, below zero it leans away.
    targeting_ratio : float
        Share of provision over share of need in the most deprived quantile; 1 is in proportion, zero or more.
    provision_share, need_share : float
        Those two shares, 0 to 1.
    sentence : str
        What the ratio says, in words.
    """

    curve: pd.DataFrame
    index: float
    targeting_ratio: float
    provision_share: float
    need_share: float
    sentence: str


def proportionality(
    provision: Numbers,
    need: Numbers,
    quantiles: Numbers,
    *,
    provision_name: str = "provision",
    need_name: str = "need",
    scope: str = "national",
) -> Proportionality:
    """Compare how provision and need are spread from the most to the least deprived.

    Parameters
    ----------
    provision : array-like
        Amount given to each area (contacts, whole-time staff, £); zero or more.
    need : array-like
        Amount of need in it (babies, babies in poverty, a score times babies); zero or more.
    quantiles : array-like
        Deprivation quantile of each area, 1 the most deprived.
    provision_name, need_name : str
        What they are, for the sentence.
    scope : str
        ``national`` or ``local``: which quantiles these are, for the sentence.

    Returns
    -------
    Proportionality
        Curve, index, targeting ratio, shares and the sentence.

    Raises
    ------
    ValueError
        If a number is negative or missing, a quantile is missing, a total is zero, or the scope is unknown.

    Notes
    -----
    Areas of one quantile (ties) are taken together, so row order is irrelevant. Zero is a value. With no need in the
    most deprived quantile the ratio is missing. It says nothing of whether there is enough: all may be short alike.
    Verified against: worked arithmetic (``tests/metrics/test_proportionality.py``); the index is Kakwani's.

    References
    ----------
    Marmot M (2010), Fair Society, Healthy Lives (proportionate universalism); Kakwani NC (1977), Economic Journal
    87:71-80; Wagstaff A, Paci P, van Doorslaer E (1991), Soc Sci Med 33:545-557.

    Examples
    --------
    >>> spread = proportionality([30, 70], [50, 50], [1, 2], provision_name="contacts", need_name="babies in poverty")
    >>> spread.targeting_ratio, round(spread.index, 2)
    (0.6, -0.2)
    >>> spread.sentence
    'The most deprived national fifth has 50% of babies in poverty and 30% of contacts: 40% less than its share.'
    """
    check_choice(scope, SCOPES, "scope")
    given, needed, fifth = aligned(provision=provision, need=need, quantiles=quantiles)
    check_not_negative(given, "provision")
    check_not_negative(needed, "need")
    curve = concentration_curve(given, needed, fifth).rename(
        columns={"population_share": "need_share", "value_share": "provision_share"}
    )
    steps = curve["need_share"].diff().to_numpy()[1:]
    height = curve["provision_share"].rolling(2).mean().to_numpy()[1:]
    need_share, provision_share = float(curve["need_share"][1]), float(curve["provision_share"][1])
    ratio = provision_share / need_share if need_share > 0 else float("nan")
    sentence = _sentence(provision_share, need_share, ratio, provision_name, need_name, scope, len(steps))
    return Proportionality(curve, float(2 * (steps * height).sum() - 1), ratio, provision_share, need_share, sentence)


def targeting_ratio(
    provision: Numbers, need: Numbers, quantiles: Numbers, *, groups: Labels | None = None
) -> pd.DataFrame:
    """Compare each quantile's share of provision with its share of need.

    Parameters
    ----------
    provision, need : array-like
        Amounts in each area; zero or more.
    quantiles : array-like
        Deprivation quantile of each area, 1 the most deprived (national or local as the caller made them).
    groups : sequence, optional
        A label for each row saying which set it belongs to (a council, a period); one set when left out.

    Returns
    -------
    pandas.DataFrame
        One row for each set and quantile, sorted: ``group``, ``quantile``, ``need_share``, ``provision_share`` (0 to 1
        within the set) and ``targeting_ratio`` (1 is in proportion, above it more than its share).

    Raises
    ------
    ValueError
        If a number is negative, a quantile is missing, or lengths differ.

    Notes
    -----
    A missing amount makes the shares of its set missing. A quantile without need has no ratio; a set without any
    provision or need has no shares. Zero is a value. Ties share a quantile; row order is irrelevant.
    Verified against: worked arithmetic (``tests/metrics/test_proportionality.py``).

    References
    ----------
    Marmot M (2010), Fair Society, Healthy Lives (proportionate universalism).

    Examples
    --------
    >>> targeting_ratio([30, 70], [50, 50], [1, 2])[["quantile", "targeting_ratio"]]
       quantile  targeting_ratio
    0       1.0              0.6
    1       2.0              1.4
    """
    given, needed, fifth = aligned(provision=provision, need=need, quantiles=quantiles)
    check_not_negative(given, "provision")
    check_not_negative(needed, "need")
    if np.isnan(fifth).any():
        raise ValueError("quantiles must not be missing; found nan")
    sets, names = group_positions(groups, given.size)
    levels, level = np.unique(fifth, return_inverse=True)
    cells, cell = np.unique(sets * len(levels) + level, return_inverse=True)
    of_set = cells // len(levels)
    shares = {}
    for name, column in (("need_share", needed), ("provision_share", given)):
        total = group_sums(column, sets, len(names))[of_set]
        shares[name] = group_sums(column, cell.astype(np.int64), len(cells)) / np.where(total > 0, total, np.nan)
    needed_share = np.where(shares["need_share"] > 0, shares["need_share"], np.nan)
    columns = {
        "group": names.to_numpy()[of_set],
        "quantile": levels[cells % len(levels)],
        **shares,
        "targeting_ratio": shares["provision_share"] / needed_share,
    }
    return pd.DataFrame(columns)


def _sentence(
    provision: float, need: float, ratio: float, provision_name: str, need_name: str, scope: str, number: int
) -> str:
    part = {5: "fifth", 10: "tenth"}.get(number, "fifth" if number < 5 else "group")
    start = f"The most deprived {scope} {part} has {need:.0%} of {need_name} and {provision:.0%} of {provision_name}"
    if np.isnan(ratio):
        return f"{start}: nobody there is counted as in need."
    low, high = IN_PROPORTION
    if ratio < low:
        return f"{start}: {1 - ratio:.0%} less than its share."
    if ratio > high:
        return f"{start}: {ratio - 1:.0%} more than its share."
    return f"{start}: in proportion to need."
