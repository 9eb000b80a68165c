"""How often words of a list are used, for every 10,000 words: limits allow for words that come in bursts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    IntArray,
    Labels,
    Numbers,
    aligned,
    check_not_negative,
    group_positions,
    group_sums,
)
from metrics.rates import count_limits

PER_WORDS = 10_000.0


def mentions_per_10000_words(
    mentions: Numbers, words: Numbers, documents: Labels | None = None, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Measure how often listed words are used for every 10,000 words of a document.

    Parameters
    ----------
    mentions : array_like
        Mentions counted in each part of a document, such as a page or section: zero or more.
    words : array_like
        Words of each part, zero or more.
    documents : array_like, optional
        The document that each part belongs to; without it all parts are of one.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each document in sorted order: ``mentions``, ``words``, ``value``, ``lowercl`` and ``uppercl`` per
        10,000 words, zero or more (higher means more mentions), and ``dispersion``, 1 or more.

    Raises
    ------
    ValueError
        If a count is negative, a part has mentions without words, or lengths or level are wrong.

    Notes
    -----
    Limits are those of a count (exact below 10 mentions, Byar's from 10), drawn away from it by the square root of the
    dispersion: words come in bursts, and a chapter about babies is not twenty independent mentions. The dispersion is
    Pearson's chi-squared over its degrees of freedom between the parts, and 1 where it is smaller or there are fewer
    than two parts. No mentions are a value: 0, with a lower limit of 0. A document of zero words has no rate, and a
    part with a missing count makes its document's figures missing. Ties do not arise.
    Verified against: PHEindicatormethods 2.1.0 ``phe_rate`` where the dispersion is 1; statsmodels 0.15.0 ``GLM``
    (Poisson, offset, scale by Pearson) for the dispersion.

    References
    ----------
    Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II; McCullagh P, Nelder JA (1989), Generalized
    Linear Models, 2nd edition, section 6.2.3; Church KW, Gale WA (1995), Natural Language Engineering 1:163-190.

    Examples
    --------
    21 mentions in 2 × 5,000 words. 10.5 are expected in each part: 2 × 2.5² / 10.5 = 1.19, a little more than chance.

    >>> mentions_per_10000_words([13, 8], [5000, 5000]).round(2)
       mentions    words  value  lowercl  uppercl  dispersion
    0      21.0  10000.0   21.0    12.27    33.11        1.19
    """
    x, n = aligned(mentions=mentions, words=words)
    check_not_negative(x, "mentions")
    check_not_negative(n, "words")
    if ((x > 0) & (n == 0)).any():
        raise ValueError("words must be above zero where there are mentions; found 0")
    positions, names = group_positions(documents, x.size, "documents")
    total, length = (group_sums(values, positions, len(names)) for values in (x, n))
    spread = dispersion(x, n, positions, len(names))
    lower, upper = count_limits(total, confidence)
    base = PER_WORDS / np.where(length > 0, length, np.nan)
    return pd.DataFrame(
        {
            "mentions": total,
            "words": length,
            "value": total * base,
            "lowercl": np.maximum(total - (total - lower) * np.sqrt(spread), 0.0) * base,
            "uppercl": (total + (upper - total) * np.sqrt(spread)) * base,
            "dispersion": spread,
        },
        index=names,
    )


def dispersion(mentions: FloatArray, words: FloatArray, positions: IntArray, number_of_documents: int) -> FloatArray:
    """Measure how much more mentions differ between the parts of a document than chance would make them.

    Parameters
    ----------
    mentions, words : numpy.ndarray
        Mentions and words of each part; already checked.
    positions : numpy.ndarray
        The number of each part's document, from 0.
    number_of_documents : int
        How many documents there are.

    Returns
    -------
    numpy.ndarray
        For each document Pearson's chi-squared over its degrees of freedom, at least 1; 1 is what chance gives.

    Notes
    -----
    Parts of zero words do not count. A document without mentions, or with fewer than two parts, has 1; one with a
    missing count has 1 as well, and its figures are missing elsewhere. Ties do not arise.
    Verified against: statsmodels 0.15.0 ``GLM`` (Poisson, offset, scale by Pearson).

    References
    ----------
    McCullagh P, Nelder JA (1989), Generalized Linear Models, 2nd edition, section 6.2.3.

    Examples
    --------
    Parts of 20 and 0 mentions where 10 and 10 are expected: (10² / 10 + 10² / 10) / 1.

    >>> import numpy as np
    >>> dispersion(np.array([20.0, 0.0]), np.array([500.0, 500.0]), np.array([0, 0]), 1).tolist()
    [20.0]
    """
    total, length = (group_sums(values, positions, number_of_documents) for values in (mentions, words))
    rate = np.divide(total, length, out=np.zeros_like(total), where=length > 0)
    expected = words * rate[positions]
    parts = np.divide((mentions - expected) ** 2, expected, out=np.zeros_like(expected), where=expected > 0)
    freedom = group_sums((words > 0).astype(float), positions, number_of_documents) - 1
    chi = group_sums(parts, positions, number_of_documents)
    spread = np.divide(chi, freedom, out=np.ones_like(chi), where=freedom > 0)
    return np.asarray(np.fmax(spread, 1.0))
