"""Targeting: the share of help that goes to one part of the places, over that part's share of need, with limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import Numbers, aligned, check_not_negative
from metrics.proportions import normal_quantile


def targeting_of_the_helped(
    helped: Numbers,
    in_need: Numbers,
    helped_elsewhere: Numbers,
    in_need_elsewhere: Numbers,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare one part's share of all who were helped with its share of all who were in need.

    Parameters
    ----------
    helped, in_need : array-like
        People of the part (the most deprived fifth) who were helped, and who were in need; helped are among in need.
    helped_elsewhere, in_need_elsewhere : array-like
        The same for everybody else.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.DataFrame
        One row for each set: ``help_share`` and ``need_share`` (0 to 1), ``targeting_ratio`` (1 is in proportion, above
        it more than its share, below it less), ``lowercl`` and ``uppercl``.

    Raises
    ------
    ValueError
        If a count is negative, or more people were helped than were in need.

    Notes
    -----
    Because the helped are among those in need, the ratio is the part's chance of help over everybody's. The limits are
    on the logarithmic scale (delta method), with the two parts as independent binomial counts. Nobody helped in the
    part gives a ratio of 0 without limits; nobody helped at all or nobody in need in the part gives none. A missing
    count makes its row missing. Zero is a value. Ties do not arise.
    Verified against: worked arithmetic and simulated coverage (``tests/metrics/test_targeting.py``).

    References
    ----------
    Katz D, Baptista J, Azen SP, Pike MC (1978), Biometrics 34:469-474 (limits of a ratio of proportions by logarithms);
    Marmot M (2010), Fair Society, Healthy Lives (proportionate universalism).

    Examples
    --------
    >>> targeting_of_the_helped(40, 100, 360, 600).round(3)
       help_share  need_share  targeting_ratio  lowercl  uppercl
    0         0.1       0.143              0.7     0.56    0.876
    """
    a, n, b, m = aligned(
        helped=helped, in_need=in_need, helped_elsewhere=helped_elsewhere, in_need_elsewhere=in_need_elsewhere
    )
    for name, column in (("helped", a), ("in_need", n), ("helped_elsewhere", b), ("in_need_elsewhere", m)):
        check_not_negative(column, name)
    for name, part, whole in (("helped", a, n), ("helped_elsewhere", b, m)):
        if (part > whole).any():
            row = int(np.flatnonzero(part > whole)[0])
            raise ValueError(
                f"{name} must not exceed those in need; found {part[row]:g} of {whole[row]:g} in row {row}"
            )
    with np.errstate(divide="ignore", invalid="ignore"):
        help_share, need_share = a / (a + b), n / (n + m)
        ratio = np.where(n > 0, help_share / need_share, np.nan)
        spread = a * (1 - a / n) * (1 / a - 1 / (a + b)) ** 2 + np.where(m > 0, b * (1 - b / m), 0.0) / (a + b) ** 2
        reach = normal_quantile(confidence) * np.sqrt(spread)
        lower, upper = ratio * np.exp(-reach), ratio * np.exp(reach)
    known = (a > 0) & ~np.isnan(ratio)
    return pd.DataFrame(
        {
            "help_share": help_share,
            "need_share": need_share,
            "targeting_ratio": ratio,
            "lowercl": np.where(known, lower, np.nan),
            "uppercl": np.where(known, upper, np.nan),
        }
    )
