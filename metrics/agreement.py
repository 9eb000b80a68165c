"""Agreement between two readers who scored the same things without seeing each other's scores."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import FloatArray, Numbers, aligned, check_choice, check_whole_number
from metrics.proportions import normal_quantile, proportion

WEIGHTS = ("linear", "quadratic", "none")


def weighted_kappa(
    first: Numbers, second: Numbers, *, categories: int = 4, weights: str = "linear", confidence: float = 0.95
) -> pd.DataFrame:
    """Measure how far two readers agree beyond what chance alone would give, nearer scores counting as nearer.

    Parameters
    ----------
    first, second : array_like
        The readers' scores of the same things in the same order: whole numbers from 0 to ``categories`` - 1.
    categories : int
        How many scores there are, at least 2. Criteria scored 0 to 3 have 4.
    weights : str
        ``linear``: in four categories scores one step apart count as two thirds of an agreement, two steps as one
        third. ``quadratic``: eight ninths and five ninths. ``none``: only equal scores agree.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row: ``value`` (kappa, from -1 to 1, higher is closer agreement, 0 is what chance gives), ``lowercl``,
        ``uppercl`` within -1 to 1, ``standard_error``, ``observed`` and ``expected`` (weighted shares of agreement, 0
        to 1) and ``pairs``.

    Raises
    ------
    ValueError
        If a score is no whole number from 0 to ``categories`` - 1, or lengths, weights or level are wrong.

    Notes
    -----
    Zero is a score. A pair with a missing score is left out. Kappa is missing where there is no pair, and where both
    readers gave everything one and the same score: chance alone then explains all. Equal scores (ties) are agreement;
    the order of pairs does not matter. The limits rest on large samples: below about 30 pairs they are rough, and full
    agreement gives limits of 1 to 1 however few pairs there are. Show the share of equal scores beside it.
    Verified against: SAS ``PROC FREQ`` and R irr ``kappa2`` as printed in statsmodels' tests; statsmodels 0.15.0
    ``cohens_kappa``.

    References
    ----------
    Cohen J (1968), Psychol Bull 70:213-220; Fleiss JL, Cohen J, Everitt BS (1969), Psychol Bull 72:323-327.

    Examples
    --------
    Three of four pairs are equal and one is a step apart: (3 + 2/3) / 4 = 0.917 observed. By chance the first reader's
    scores agree with 0 by 1/2 and with 1 and 2 by 2/3 each: 1/4 × 1/2 + 3/4 × 2/3 = 0.625.

    >>> weighted_kappa([0, 1, 2, 3], [0, 1, 2, 2])[["value", "observed", "expected", "pairs"]].round(3)
       value  observed  expected  pairs
    0  0.778     0.917     0.625      4
    """
    check_whole_number(categories, 2, "categories")
    kinds = agreement_weights(categories, check_choice(weights, WEIGHTS, "weights"))
    z = normal_quantile(confidence)
    one, two = pairs_of(first, second, categories)
    table = np.zeros((categories, categories))
    np.add.at(table, (one, two), 1.0)
    value, error, observed, expected = kappa_of(table, kinds)
    return pd.DataFrame(
        {
            "value": [value],
            "lowercl": [max(value - z * error, -1.0) if np.isfinite(value) else np.nan],
            "uppercl": [min(value + z * error, 1.0) if np.isfinite(value) else np.nan],
            "standard_error": [error],
            "observed": [observed],
            "expected": [expected],
            "pairs": [len(one)],
        }
    )


def percent_agreement(
    first: Numbers, second: Numbers, *, categories: int = 4, within: int = 0, confidence: float = 0.95
) -> pd.DataFrame:
    """Measure the share of things to which two readers gave the same score, or scores no further apart than stated.

    Parameters
    ----------
    first, second : array_like
        The readers' scores of the same things in the same order: whole numbers from 0 to ``categories`` - 1.
    categories : int
        How many scores there are, at least 2.
    within : int
        How many steps apart two scores may be and still count; 0 or more.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row: ``numerator`` (pairs that agree), ``denominator`` (pairs), ``value``, ``lowercl`` and ``uppercl`` as
        fractions from 0 to 1 (Wilson); higher is closer agreement.

    Raises
    ------
    ValueError
        If a score is no whole number from 0 to ``categories`` - 1, or lengths, steps or level are wrong.

    Notes
    -----
    Zero is a score. A pair with a missing score is left out; without any pair the share is missing. Equal scores (ties)
    agree. Some of this agreement is chance: show kappa beside it.
    Verified against: worked arithmetic (``tests/metrics/test_agreement.py``); limits as ``proportion``.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212.

    Examples
    --------
    >>> percent_agreement([0, 1, 2, 3], [0, 1, 2, 2]).round(3)
       numerator  denominator  value  lowercl  uppercl
    0          3            4   0.75    0.301    0.954
    """
    check_whole_number(categories, 2, "categories")
    check_whole_number(within, 0, "within")
    one, two = pairs_of(first, second, categories)
    agreed = int((np.abs(one - two) <= within).sum())
    limits = proportion([agreed], [len(one)], confidence=confidence)
    limits.insert(0, "denominator", [len(one)])
    limits.insert(0, "numerator", [agreed])
    return limits


def agreement_weights(categories: int, weights: str) -> FloatArray:
    """Give how much of an agreement each pair of scores is: 1 when equal, 0 when as far apart as can be.

    Parameters
    ----------
    categories : int
        How many scores there are, at least 2; already checked.
    weights : str
        ``linear``, ``quadratic`` or ``none``; already checked.

    Returns
    -------
    numpy.ndarray
        A square of ``categories`` rows and columns, from 0 to 1.

    Notes
    -----
    Scores begin with zero, which stands first. There is no missing or tied value here.
    Verified against: worked arithmetic (``tests/metrics/test_agreement.py``).

    References
    ----------
    Cicchetti DV, Allison T (1971), Am J EEG Technol 11:101-110 (linear); Fleiss JL, Cohen J (1973), Educ Psychol Meas
    33:613-619 (quadratic).

    Examples
    --------
    >>> agreement_weights(3, "linear")[0].tolist()
    [1.0, 0.5, 0.0]
    """
    steps = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories))) / (categories - 1)
    if weights == "none":
        return np.asarray(steps == 0, dtype=float)
    return np.asarray(1 - steps if weights == "linear" else 1 - steps**2, dtype=float)


def kappa_of(table: FloatArray, weights: FloatArray) -> tuple[float, float, float, float]:
    """Give kappa of a square table of pairs, with its standard error and the observed and expected agreement.

    Parameters
    ----------
    table : numpy.ndarray
        Counts of pairs, the first reader's scores in rows and the second's in columns.
    weights : numpy.ndarray
        How much of an agreement each cell is, from 0 to 1, in the shape of the table.

    Returns
    -------
    tuple of float
        Kappa, standard error, observed and expected agreement.

    Notes
    -----
    Everything is missing for a table of zero pairs; kappa and its error where chance alone gives full agreement. There
    is no ordering beside the weights, so ties do not arise.
    Verified against: SAS ``PROC FREQ`` as printed in statsmodels' tests; statsmodels 0.15.0 ``cohens_kappa``.

    References
    ----------
    Fleiss JL, Cohen J, Everitt BS (1969), Psychol Bull 72:323-327.

    Examples
    --------
    Observed 3/4, expected 1/2 × 3/4 + 1/2 × 1/4 = 1/2, so kappa is (3/4 - 1/2) / (1 - 1/2).

    >>> import numpy as np
    >>> [round(number, 3) for number in kappa_of(np.array([[2.0, 0.0], [1.0, 1.0]]), np.eye(2))]
    [0.5, 0.375, 0.75, 0.5]
    """
    pairs = table.sum()
    if pairs == 0:
        return np.nan, np.nan, np.nan, np.nan
    share = table / pairs
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed = float((weights * share).sum())
    expected = float((weights * np.outer(rows, columns)).sum())
    if np.isclose(expected, 1.0):
        return np.nan, np.nan, observed, expected
    kappa = (observed - expected) / (1 - expected)
    means = np.add.outer(weights @ columns, rows @ weights)
    spread = float((share * (weights - means * (1 - kappa)) ** 2).sum())
    variance = (spread - (kappa - expected * (1 - kappa)) ** 2) / (pairs * (1 - expected) ** 2)
    return kappa, float(np.sqrt(max(variance, 0.0))), observed, expected


def pairs_of(first: Numbers, second: Numbers, categories: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs in which both readers gave a score, as whole numbers.

    Parameters
    ----------
    first, second : array_like
        The readers' scores in the same order.
    categories : int
        How many scores there are; already checked.

    Returns
    -------
    tuple of numpy.ndarray
        The two readers' scores of the same length, from 0 to ``categories`` - 1.

    Raises
    ------
    ValueError
        If a score is no whole number from 0 to ``categories`` - 1, or the lengths differ.

    Notes
    -----
    Zero is a score; a pair with a missing one is left out. Equal scores (ties) stay as they are.
    Verified against: worked arithmetic (``tests/metrics/test_agreement.py``).

    References
    ----------
    No method of its own.

    Examples
    --------
    >>> one, two = pairs_of([0, 1, None], [0, 3, 2], 4)
    >>> one.tolist(), two.tolist()
    ([0, 1], [0, 3])
    """
    one, two = aligned(first=first, second=second)
    both = ~(np.isnan(one) | np.isnan(two))
    one, two = one[both], two[both]
    for name, scores in (("first", one), ("second", two)):
        wrong = scores[(scores != np.floor(scores)) | (scores < 0) | (scores >= categories)]
        if wrong.size:
            raise ValueError(f"{name} must be whole numbers from 0 to {categories - 1}; found {wrong[0]:g}")
    return one.astype(np.int64), two.astype(np.int64)
