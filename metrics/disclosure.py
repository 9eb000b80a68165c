"""Primary disclosure control for counts of people: suppress, round, and protect the complement.

The default rule is the one that NHS England uses for sub-national hospital figures: 0 is shown, 1 to 7 is
suppressed, 8 and over is rounded to the nearest 5, and percentages come from the rounded counts.
Source: NHS Digital, "Change to disclosure control methodology for HES and ECDS", September 2018.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.ArrayLike

SHOWN: Final = "shown"
ROUNDED: Final = "rounded"
SUPPRESSED: Final = "suppressed"
NOT_APPLICABLE: Final = "not_applicable"


def _check_rule(suppress_from: int, suppress_to: int, round_to: int) -> None:
    if suppress_from < 1:
        raise ValueError(f"suppress_from must be at least 1, because 0 is shown; found {suppress_from}")
    if suppress_to < suppress_from:
        raise ValueError(f"suppress_to must not be below suppress_from ({suppress_from}); found {suppress_to}")
    if round_to < 1:
        raise ValueError(f"round_to must be at least 1; found {round_to}")


def _counts(values: Numbers, name: str) -> npt.NDArray[np.float64]:
    counts = np.asarray(values, dtype=np.float64)
    if np.any(counts[~np.isnan(counts)] < 0):
        raise ValueError(f"{name} must not be negative; found {np.nanmin(counts)}")
    return counts


def is_small(counts: Numbers, *, suppress_from: int = 1, suppress_to: int = 7) -> npt.NDArray[np.bool_]:
    """Say which counts of people are too small to show.

    Parameters
    ----------
    counts
        Counts of people, 0 or more, any shape; missing is never small.
    suppress_from, suppress_to
        Smallest and largest count that is suppressed, both included. Counts between two whole numbers
        (estimates) are small when they lie above ``suppress_from - 1`` and below ``suppress_to + 1``.

    Returns
    -------
    array of bool, same shape

    Raises
    ------
    ValueError
        When a count is negative or the rule contradicts itself.

    Examples
    --------
    >>> is_small([0, 1, 7, 8]).tolist()
    [False, True, True, False]
    """
    _check_rule(suppress_from, suppress_to, 1)
    values = _counts(counts, "counts")
    return np.asarray((values > suppress_from - 1) & (values < suppress_to + 1))


def round_half_up(counts: Numbers, base: int = 5) -> npt.NDArray[np.float64]:
    """Round counts to the nearest multiple of ``base``, halves upwards; missing stays missing.

    Examples
    --------
    >>> round_half_up([0, 8, 12, 13, 17.5]).tolist()
    [0.0, 10.0, 10.0, 15.0, 20.0]
    """
    _check_rule(1, 1, base)
    rounded: npt.NDArray[np.float64] = np.floor(_counts(counts, "counts") / base + 0.5) * base
    return rounded


def protect_counts(
    numerator: Numbers,
    denominator: Numbers | None = None,
    *,
    complement: bool = True,
    suppress_from: int = 1,
    suppress_to: int = 7,
    round_to: int = 5,
) -> pd.DataFrame:
    """Suppress small counts, round the others, and protect those who were not reached as well.

    Parameters
    ----------
    numerator
        People counted, 0 or more, shape (n,). Missing stays missing.
    denominator
        People who could have been counted, shape (n,), or None for a plain count.
    complement
        True when the numerator is a part of the denominator, so that the difference counts people too.
    suppress_from, suppress_to, round_to
        The rule: counts from ``suppress_from`` to ``suppress_to`` are suppressed, larger ones rounded.

    Returns
    -------
    DataFrame
        ``numerator`` and ``denominator`` (protected, missing where suppressed) and ``value_status``:
        ``shown`` (an exact zero), ``rounded``, ``suppressed`` or ``not_applicable`` (nobody could have
        been counted). Rows with a missing count carry an empty status: why it is missing is known elsewhere.

    Raises
    ------
    ValueError
        When a count is negative, the lengths differ, a part exceeds its whole, or the rule contradicts itself.

    Notes
    -----
    The denominator of a suppressed row is given, rounded, unless it is small itself. Rounding is monotone,
    so a rounded part never exceeds its rounded whole. Source: see the module.

    Examples
    --------
    >>> protect_counts([0, 7, 8, 93], [40, 40, 40, 100])["value_status"].tolist()
    ['shown', 'suppressed', 'rounded', 'suppressed']
    """
    _check_rule(suppress_from, suppress_to, round_to)
    count = _counts(numerator, "numerator")
    whole = np.full(count.shape, np.nan) if denominator is None else _counts(denominator, "denominator")
    if count.shape != whole.shape:
        raise ValueError(f"numerator and denominator must have the same length; found {count.shape} and {whole.shape}")
    if complement and np.any(count > whole + 1e-9):
        raise ValueError("numerator must not exceed denominator when it is a part of it")

    small_whole = is_small(whole, suppress_from=suppress_from, suppress_to=suppress_to)
    hide = is_small(count, suppress_from=suppress_from, suppress_to=suppress_to) | small_whole
    if complement:
        rest = np.maximum(whole - count, 0.0)
        hide |= is_small(rest, suppress_from=suppress_from, suppress_to=suppress_to)

    status = np.where(hide, SUPPRESSED, np.where(count == 0, SHOWN, ROUNDED)).astype(object)
    status[whole == 0] = NOT_APPLICABLE
    status[np.isnan(count) | (np.isnan(whole) if denominator is not None else False)] = ""
    return pd.DataFrame(
        {
            "numerator": np.where(hide | (whole == 0), np.nan, round_half_up(count, round_to)),
            "denominator": np.where(small_whole, np.nan, round_half_up(whole, round_to)),
            "value_status": pd.Series(status, dtype="str"),
        }
    )
