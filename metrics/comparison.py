"""Comparison with a benchmark: better, similar or worse by confidence limits and polarity."""

from __future__ import annotations

import numpy as np

from metrics._checks import POLARITIES, FloatArray, Labels, Numbers, TextArray, aligned, as_labels, check_choice

_WORDS_ABOVE = {"high_is_good": "better", "low_is_good": "worse", "no_judgement": "higher"}
_WORDS_BELOW = {"high_is_good": "worse", "low_is_good": "better", "no_judgement": "lower"}


def compare(lowercl: Numbers, uppercl: Numbers, benchmark: Numbers, polarity: str | Labels) -> TextArray:
    """Say whether each area is better than, similar to or worse than a benchmark.

    Parameters
    ----------
    lowercl, uppercl : array-like
        Confidence limits of each area, in the unit of the indicator, at 95% or 99.8% as the caller chose.
    benchmark : array-like
        The value compared with, in the same unit; one number or one for each row. It is taken as exact.
    polarity : str or sequence of str
        ``high_is_good``, ``low_is_good`` or ``no_judgement``; one, or one for each row.

    Returns
    -------
    numpy.ndarray
        ``better``, ``similar`` or ``worse``; ``higher``, ``similar`` or ``lower`` without a judgement; ``not
        compared`` where a limit or the benchmark is missing.

    Raises
    ------
    ValueError
        If a lower limit is above its upper limit, a polarity is unknown, or lengths differ.

    Notes
    -----
    The whole interval must lie beyond the benchmark: a limit equal to it (a tie) is similar. Zero is a value.
    "Similar" is not proof of being equal: a small area is nearly always similar.
    Verified against: worked arithmetic (``tests/metrics/test_comparison.py``).

    References
    ----------
    DHSC Fingertips, "Comparison of confidence intervals with a reference value"; FingertipsNext vocabulary.

    Examples
    --------
    >>> compare([82.9, 70.0, 91.0], [87.3, 80.0, 95.0], 85.0, "high_is_good").tolist()
    ['similar', 'worse', 'better']
    """
    lower, upper, reference = aligned(lowercl=lowercl, uppercl=uppercl, benchmark=benchmark)
    if (lower > upper).any():
        row = int(np.flatnonzero(lower > upper)[0])
        raise ValueError(f"lowercl must not exceed uppercl; found {lower[row]:g} and {upper[row]:g} in row {row}")
    polarities = _polarities(polarity, lower.size)
    above, below = _words(polarities, _WORDS_ABOVE), _words(polarities, _WORDS_BELOW)
    answer = np.where(lower > reference, above, np.where(upper < reference, below, "similar"))
    missing = np.isnan(lower) | np.isnan(upper) | np.isnan(reference)
    return np.where(missing, "not compared", answer).astype(object)


def compare_at_two_levels(
    limits_95: tuple[FloatArray, FloatArray],
    limits_998: tuple[FloatArray, FloatArray],
    benchmark: Numbers,
    polarity: str | Labels,
) -> TextArray:
    """Say how sure the comparison is: at 99.8%, at 95% only, or similar.

    Parameters
    ----------
    limits_95, limits_998 : tuple of array-like
        Lower and upper limits at 95% and at 99.8%, in the unit of the indicator.
    benchmark : array-like
        The value compared with, in the same unit; one number or one for each row.
    polarity : str or sequence of str
        ``high_is_good``, ``low_is_good`` or ``no_judgement``; one, or one for each row.

    Returns
    -------
    numpy.ndarray
        A word of :func:`compare` followed by ``at 99.8%`` or ``at 95%``; or ``similar`` or ``not compared``.

    Raises
    ------
    ValueError
        As for :func:`compare`.

    Notes
    -----
    Limits equal to the benchmark (ties) are similar. Zero is a value; a missing limit at either level is not compared.
    Verified against: worked arithmetic (``tests/metrics/test_comparison.py``).

    References
    ----------
    DHSC Fingertips, "confidence intervals overlapping reference value (95.0 & 99.8)".

    Examples
    --------
    >>> import numpy as np
    >>> narrow = np.array([86.0, 88.0]), np.array([94.0, 95.0])
    >>> wide = np.array([84.0, 86.0]), np.array([96.0, 97.0])
    >>> compare_at_two_levels(narrow, wide, 85.0, "high_is_good").tolist()
    ['better at 95%', 'better at 99.8%']
    """
    at_95 = compare(*limits_95, benchmark, polarity)
    at_998 = compare(*limits_998, benchmark, polarity)
    missing = (at_95 == "not compared") | (at_998 == "not compared")
    undecided = np.where(at_95 == "similar", at_95, at_95 + " at 95%")
    answer = np.where(at_998 == "similar", undecided, at_998 + " at 99.8%")
    return np.where(missing, "not compared", answer).astype(object)


def _polarities(polarity: str | Labels, length: int) -> TextArray:
    labels = [polarity] * length if isinstance(polarity, str) else polarity
    array = as_labels(labels, length, "polarity")
    for label in set(array):
        check_choice(label, POLARITIES, "polarity")
    return array


def _words(polarities: TextArray, words: dict[str, str]) -> TextArray:
    chosen = np.full(polarities.size, "", dtype=object)
    for polarity, word in words.items():
        chosen[polarities == polarity] = word
    return chosen
