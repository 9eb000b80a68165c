"""Cohort maturity: when a group of babies is old enough for a review's coverage to be final."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics._checks import Numbers, aligned, check_between, check_not_negative, check_positive
from metrics.proportions import proportion


def is_mature(born_to: pd.Series, extracted: pd.Series | pd.Timestamp, days: float) -> pd.Series:
    """Say which cohorts are old enough at the date of the extract.

    Parameters
    ----------
    born_to : pandas.Series of datetime
        Last date of birth in each cohort.
    extracted : pandas.Series of datetime or pandas.Timestamp
        Date on which the data were taken; one, or one for each cohort.
    days : float
        Age in days by which the review counts (30 for a visit by 30 days, 456 for one by 15 months); above zero.

    Returns
    -------
    pandas.Series
        True where even the youngest baby had reached that age, with the index of ``born_to``.

    Raises
    ------
    ValueError
        If days are not positive, or something is not a date.

    Notes
    -----
    Exactly the age (a tie) counts as reached. An age of zero days is refused. A missing date is not mature. An immature
    cohort is not a poor one: its value status is ``immature``, and it is compared with nothing.
    Verified against: worked arithmetic (``tests/metrics/test_maturity.py``).

    References
    ----------
    OHID, Health visitor service delivery metrics: each cohort is measured when all its babies have reached the age.

    Examples
    --------
    >>> born = pd.to_datetime(pd.Series(["2025-03-31", "2025-06-30"]))
    >>> is_mature(born, pd.Timestamp("2025-07-29"), 30).tolist()
    [True, False]
    """
    check_positive(days, "days")
    if not pd.api.types.is_datetime64_any_dtype(born_to.dtype):
        raise ValueError(f"born_to must hold dates; found {born_to.dtype}")
    age = extracted - born_to
    return age >= pd.Timedelta(days=days)


def coverage_by_age(
    ages_at_review: Numbers,
    ages_now: Numbers,
    ages: Numbers,
    *,
    confidence: float = 0.95,
    multiplier: float = 100.0,
) -> pd.DataFrame:
    """Measure the share of babies reviewed by each age, counting at each age only babies who have reached it.

    Parameters
    ----------
    ages_at_review : array-like
        Age in days of each baby at the review; missing where there was none (yet).
    ages_now : array-like
        Age in days of each baby at the date of the extract (or when follow-up ended); zero or more.
    ages : array-like
        Ages in days at which to read coverage; zero or more.
    confidence, multiplier
        As for :func:`metrics.proportions.proportion`; 100 gives percentages.

    Returns
    -------
    pandas.DataFrame
        One row for each age in the order given: ``age``, ``numerator`` (reviewed by that age), ``denominator`` (babies
        who have reached it), ``value``, ``lowercl``, ``uppercl`` (higher is better) and ``share_reached`` (0 to 1, of
        all babies: 1 means mature at that age).

    Raises
    ------
    ValueError
        If an age is negative, a review lies after the extract, or lengths differ.

    Notes
    -----
    Young cohorts can be read at ages they have reached, and compared there with older ones. Coverage need not rise from
    age to age, because the babies change. An age nobody has reached has no value. A review exactly at an age counts as
    by that age. Zero days is a value; a missing present age is refused. Ties do not arise.
    Verified against: worked arithmetic (``tests/metrics/test_maturity.py``).

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212; the reading of right-censored cohorts is that of a life table.

    Examples
    --------
    >>> coverage_by_age([10, 20, None, 12], [40, 25, 40, 15], [14, 30])[["age", "numerator", "denominator", "value"]]
        age  numerator  denominator  value
    0  14.0        2.0          4.0   50.0
    1  30.0        1.0          2.0   50.0
    """
    review, now = aligned(ages_at_review=ages_at_review, ages_now=ages_now)
    (wanted,) = aligned(ages=ages)
    check_not_negative(review, "ages_at_review")
    check_between(now, 0, np.inf, "ages_now")
    check_not_negative(wanted, "ages")
    if np.isnan(now).any():
        raise ValueError("ages_now must not be missing; found nan")
    if (review > now).any():
        raise ValueError(f"ages_at_review must not exceed ages_now; found {review[review > now][0]:g}")
    order = np.sort(now)
    reached = now.size - np.searchsorted(order, wanted, side="left")
    seen = ~np.isnan(review)
    # Reviewed by an age and old enough for it: all reviewed by then less those too young to be counted.
    reviewed = np.searchsorted(np.sort(review[seen]), wanted, side="right")
    too_young = np.searchsorted(np.sort(now[seen]), wanted, side="left")
    counted = (reviewed - too_young).astype(float)
    table = proportion(counted, reached.astype(float), confidence=confidence, multiplier=multiplier)
    columns = {"age": wanted, "numerator": counted, "denominator": reached.astype(float)}
    return pd.DataFrame(columns).join(table).assign(share_reached=reached / max(now.size, 1))
