"""Quantiles (fifths, tenths) as PHE assigns them, nationally or within each local area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import FloatArray, Labels, Numbers, as_numbers, check_whole_number, group_positions


def quantile(
    values: Numbers, number_of_quantiles: int = 5, *, invert: bool = True, groups: Labels | None = None
) -> FloatArray:
    """Assign each area to a quantile by the rank of its value.

    Parameters
    ----------
    values : array-like
        One number for each area, for example an IMD score (higher is more deprived).
    number_of_quantiles : int
        2 or more: 5 for fifths, 10 for tenths.
    invert : bool
        True: quantile 1 holds the highest values (scores). False: quantile 1 holds the lowest values (ranks where 1
        is the most deprived). Either way 1 is then the most deprived.
    groups : sequence, optional
        Left out: one set of quantiles across all rows, **national** when the rows are all areas of England. Given (an
        ICS or council for each row): a separate, **local** set within each.

    Returns
    -------
    numpy.ndarray
        Floats 1 to ``number_of_quantiles``, in the order given; NaN where there is no quantile.

    Raises
    ------
    ValueError
        If values are not numbers, labels do not match, or ``number_of_quantiles`` is not a whole number of 2 or more.

    Notes
    -----
    Zero is a value. A missing value has no quantile and is not counted. Ties share the lowest rank, so equal values
    are never split and quantiles may be unequal or empty. A group with fewer values than quantiles has none.
    Verified against: PHEindicatormethods 2.1.0 ``phe_quantile``.

    References
    ----------
    PHEindicatormethods 2.1.0 ``phe_quantile``; OHID technical guidance, "Assigning deprivation categories".

    Examples
    --------
    >>> quantile([40.1, 8.2, 22.0, 15.5, 31.7])
    array([1., 5., 3., 4., 2.])
    >>> quantile([1, 2, 3, 4], 2, invert=False, groups=["BCP", "BCP", "Dorset", "Dorset"])
    array([1., 2., 1., 2.])
    """
    x = np.atleast_1d(as_numbers(values, "values"))
    k = check_whole_number(number_of_quantiles, 2, "number_of_quantiles")
    positions, names = group_positions(groups, x.size)
    counted = np.bincount(positions, weights=~np.isnan(x), minlength=len(names))[positions]
    highest = pd.Series(x).groupby(positions).transform("max").to_numpy(dtype=float)
    ranked = pd.Series(highest - x if invert else x)
    rank = ranked.groupby(positions).rank(method="min").to_numpy(dtype=float)
    enough = np.where(counted >= k, counted, np.nan)
    assigned: FloatArray = np.floor((k + 1) - np.ceil((counted + 1 - rank) / (enough / k)))
    return np.maximum(assigned, 1)
