"""Disclosure rules that sources of this field have printed, one function each: rules differ, so none are merged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics._checks import (
    FloatArray,
    Labels,
    Numbers,
    aligned,
    check_choice,
    check_not_negative,
    check_whole_number,
    group_positions,
)

LEVELS = ("sub-national", "national")
AGGREGATES = ("count", "mean", "sum", "median")


def hospital_count(count: int, *, level: str = "sub-national", replacement: str = "*") -> str:
    """Write a count as NHS England's hospital statistics publish it.

    Parameters
    ----------
    count : int
        People or events; zero or more.
    level : str
        ``sub-national``: 0 stays, 1 to 7 are replaced, others go to the nearest 5. ``national``: as it is.
    replacement : str
        The mark for 1 to 7; ``*`` in publications.

    Returns
    -------
    str
        What is published.

    Raises
    ------
    ValueError
        If the count is not a whole number, or is negative, or the level is unknown.

    Notes
    -----
    Zero is shown. A missing count is refused. Nearest 5 has no ties among whole numbers.
    Verified against: codonPython ``central_suppression_method``.

    References
    ----------
    NHS Digital (2018), Change to disclosure control methodology for HES and ECDS; codonPython @2918663a.

    Examples
    --------
    >>> [hospital_count(count) for count in (0, 3, 8, 57)]
    ['0', '*', '10', '55']
    """
    check_whole_number(count, 0, "count")
    check_choice(level, LEVELS, "level")
    if level == "national" or count == 0:
        return str(count)
    return replacement if count <= 7 else str(5 * round(count / 5))


def mental_health_count(count: int) -> str:
    """Write a count as the monthly mental health statistics publish it: below 5, **zero included**, is hidden.

    Parameters
    ----------
    count : int
        People or events; zero or more.

    Returns
    -------
    str
        ``*`` below 5, otherwise the nearest 5.

    Raises
    ------
    ValueError
        If the count is not a whole number, or is negative.

    Notes
    -----
    Unlike the hospital rule, zero is hidden and 5 to 7 are shown. A missing count is refused. Nearest 5 has
    no ties among whole numbers.
    Verified against: the rule as coded by NHS Digital, evaluated.

    References
    ----------
    NHSDigital/mental-health-monthly-statistics @7b4d7421 (2025-09-18).

    Examples
    --------
    >>> [mental_health_count(count) for count in (0, 4, 5, 8)]
    ['*', '*', '5', '10']
    """
    check_whole_number(count, 0, "count")
    return "*" if count < 5 else str(5 * round(count / 5))


def redact_then_round(counts: Numbers, *, redact_at_or_below: int = 7, round_to: int = 5) -> FloatArray:
    """Redact small counts, then round the rest, as OpenSAFELY asks of researchers.

    Parameters
    ----------
    counts : array-like
        People; zero or more.
    redact_at_or_below : int
        Counts up to this are redacted, zero included.
    round_to : int
        1 or more.

    Returns
    -------
    numpy.ndarray
        Published counts in the order given; missing where redacted. Totals must be summed from these.

    Raises
    ------
    ValueError
        If a count is negative, or an option is not a whole number in range.

    Notes
    -----
    Halves go to the even multiple, as Python and R round; there are none for whole numbers and 5. Missing stays
    missing and zero is redacted. Halves are the only ties.
    Verified against: the table printed in OpenSAFELY's documentation.

    References
    ----------
    OpenSAFELY documentation @41030f3c, Statistical disclosure control.

    Examples
    --------
    >>> redact_then_round([3, 8, 16, 23])
    array([nan, 10., 15., 25.])
    """
    (x,) = aligned(counts=counts)
    check_not_negative(x, "counts")
    check_whole_number(redact_at_or_below, 0, "redact_at_or_below")
    base = check_whole_number(round_to, 1, "round_to")
    return np.where(x > redact_at_or_below, np.round(x / base) * base, np.nan)


def midpoint_six(counts: Numbers) -> FloatArray:
    """Round counts to the middle of their six: 1 to 6 become 3, 7 to 12 become 9.

    Parameters
    ----------
    counts : array-like
        People; zero or more.

    Returns
    -------
    numpy.ndarray
        0, 3, 9, 15, … in the order given.

    Raises
    ------
    ValueError
        If a count is negative.

    Notes
    -----
    Zero stays zero: it is known. Missing stays missing. Ties do not arise. Unlike nearest 5 it has no bias on average.
    Verified against: the table printed in OpenSAFELY's documentation.

    References
    ----------
    OpenSAFELY documentation @41030f3c, Statistical disclosure control.

    Examples
    --------
    >>> midpoint_six([0, 1, 6, 7, 100])
    array([ 0.,  3.,  3.,  9., 99.])
    """
    (x,) = aligned(counts=counts)
    check_not_negative(x, "counts")
    middle: FloatArray = np.ceil(x / 6) * 6 - 3 * (x != 0)
    return middle


def mortality_rate_display(deaths: Numbers) -> pd.DataFrame:
    """Say which death rates ONS gives, and which of those it marks as unreliable.

    Parameters
    ----------
    deaths : array-like
        Deaths behind the rate; zero or more.

    Returns
    -------
    pandas.DataFrame
        One row for each count: ``crude_rate_shown`` (3 deaths or more), ``asr_shown`` (age-standardised, 10 or more),
        ``unreliable_flag_on_crude`` and ``unreliable_flag_on_asr`` (shown, but fewer than 20: the mark is (u)).

    Raises
    ------
    ValueError
        If a count is negative.

    Notes
    -----
    A rule of reliability, not of confidentiality: that policy is separate. A missing count shows nothing. Zero is not
    enough for a rate. Ties do not arise.
    Verified against: the rule printed by ONS, evaluated.

    References
    ----------
    ONS FOI/2021/3301; ONS, User guide to mortality statistics, section 15.

    Examples
    --------
    >>> mortality_rate_display([2, 3, 10, 20])["asr_shown"].tolist()
    [False, False, True, True]
    """
    (x,) = aligned(deaths=deaths)
    check_not_negative(x, "deaths")
    crude, standardised, few = x >= 3, x >= 10, x < 20
    columns = {
        "crude_rate_shown": crude,
        "asr_shown": standardised,
        "unreliable_flag_on_crude": crude & few,
        "unreliable_flag_on_asr": standardised & few,
    }
    return pd.DataFrame(columns)


def friends_and_family_suppression(
    responses: Numbers, parents: Labels, *, suppressed_parents: Sequence[object] = (), highest_small: int = 4
) -> pd.DataFrame:
    """Say which rows NHS England's Friends and Family Test hides.

    Parameters
    ----------
    responses : array-like
        Responses of each row (a ward, a site, a trust); zero or more.
    parents : sequence
        What each row belongs to.
    suppressed_parents : sequence
        Parents hidden at their own level.
    highest_small : int
        Largest number of responses hidden at first level; 4 in use.

    Returns
    -------
    pandas.DataFrame
        One row for each row given: ``rank`` (from the fewest responses in the parent; 0 without responses),
        ``first_level`` (few responses), ``second_level`` (the next lowest, where the lowest is hidden),
        ``cascade`` (the two lowest of a hidden parent), each 0 or 1, and ``suppressed``.

    Raises
    ------
    ValueError
        If responses are negative or missing, or labels do not match.

    Notes
    -----
    Zero responses are shown and have no rank. Ties rank in the order given. The rule is weak: two hidden rows of one
    response each show as a hidden total of two.
    Verified against: nhsengland/fft_pipeline @1a1acbbb.

    References
    ----------
    NHS England, Friends and Family Test technical guidance; nhsengland/fft_pipeline.

    Examples
    --------
    >>> friends_and_family_suppression([150, 80, 2], ["A", "A", "A"])["suppressed"].tolist()
    [False, True, True]
    """
    (x,) = aligned(responses=responses)
    check_not_negative(x, "responses")
    if np.isnan(x).any():
        raise ValueError("responses must not be missing; found nan")
    positions, names = group_positions(parents, x.size, "parents")
    answered = pd.Series(np.where(x > 0, x, np.nan))
    rank = answered.groupby(positions).rank(method="first").fillna(0).to_numpy().astype(np.int64)
    first = (x > 0) & (x <= highest_small)
    lowest_hidden = np.zeros(len(names), dtype=bool)
    lowest_hidden[positions[(rank == 1) & first]] = True
    second = lowest_hidden[positions] & (rank == 2) & ~first
    cascade = np.isin(positions, names.get_indexer(pd.Index(list(suppressed_parents)))) & (rank >= 1) & (rank <= 2)
    columns = {
        "rank": rank,
        "first_level": first.astype(int),
        "second_level": second.astype(int),
        "cascade": cascade.astype(int),
        "suppressed": first | second | cascade,
    }
    return pd.DataFrame(columns)


@dataclass(frozen=True, slots=True)
class ResearchThresholds:
    """What a safe setting tolerates in a table (ACRO's defaults).

    Attributes
    ----------
    fewest : int
        People a cell needs.
    dominant : int
        How many of the largest contributors are looked at together.
    dominant_share : float
        Share of the cell's total that they may not reach.
    p_ratio : float
        Least share of the largest contribution that all but the two largest must make up.
    zeros_are_disclosive : bool
        Whether an empty cell of a count table is reported.
    """

    fewest: int = 10
    dominant: int = 2
    dominant_share: float = 0.9
    p_ratio: float = 0.1
    zeros_are_disclosive: bool = True


def check_research_table(
    cells: Mapping[object, Sequence[float]], aggregate: str, thresholds: ResearchThresholds | None = None
) -> tuple[str, dict[object, list[str]]]:
    """Check the cells of a table from individual records as the tool ACRO does.

    Parameters
    ----------
    cells : mapping
        For each cell, the values of the people in it.
    aggregate : str
        What the table shows of them: ``count``, ``mean``, ``sum`` or ``median``.
    thresholds : ResearchThresholds, optional
        What is tolerated; ACRO's defaults when left out.

    Returns
    -------
    tuple of (str, dict)
        ``fail`` if any cell fails, otherwise ``review`` (linked tables are always for a person to judge); and for each
        cell the checks it fails (``NKCheck``, ``PPercentCheck``, ``PresenceOfZeroCheck``, ``MinimumThresholdCheck``)
        or ``ok``.

    Raises
    ------
    ValueError
        If the aggregate is unknown.

    Notes
    -----
    Missing values do not count as people. Dominance has no meaning with negative values: cells that hold one are
    marked for review. An empty cell is below the threshold. Ties do not matter.
    Verified against: ACRO 1.0.2.

    References
    ----------
    AI-SDC/ACRO, ``sdcchecks.py``; Green E, Ritchie F, Smith J (2021).

    Examples
    --------
    >>> check_research_table({"a": [5.0] * 12, "b": [5.0] * 9}, "count")
    ('fail', {'a': ['ok'], 'b': ['MinimumThresholdCheck']})
    """
    check_choice(aggregate, AGGREGATES, "aggregate")
    limits = thresholds or ResearchThresholds()
    values = {cell: np.array([v for v in held if v is not None and not math.isnan(v)]) for cell, held in cells.items()}
    negative = any((held < 0).any() for held in values.values())
    outcome = {cell: _failed_checks(held, aggregate, limits, negative) for cell, held in values.items()}
    counted = [check for checks in outcome.values() for check in checks if not (negative and check in _DOMINANCE)]
    return ("fail" if counted else "review"), {cell: checks or ["ok"] for cell, checks in outcome.items()}


_DOMINANCE = ("NKCheck", "PPercentCheck")


def cell_key_noise(
    record_keys: Mapping[object, Sequence[float]], noise_table: pd.DataFrame
) -> dict[object, tuple[float, int, int]]:
    """Perturb counts by a key that depends only on who is in the cell.

    Parameters
    ----------
    record_keys : mapping
        For each cell, the keys (0 to 1) of the people in it.
    noise_table : pandas.DataFrame
        Columns ``i`` (count, the largest standing for all above), ``v`` (noise) and ``p_int_lb``, ``p_int_ub`` (range
        of keys for that noise), for each ``i`` together from 0 to 1.

    Returns
    -------
    dict
        For each cell its key (0 to 1), its noise and the published count (zero or more).

    Raises
    ------
    ValueError
        If a key leaves 0 to 1, or the table has no noise for a count.

    Notes
    -----
    The same people get the same noise in every table. Zero stays zero; a missing record is not counted. Totals are
    perturbed apart and do not add up. A key on a border (a tie) belongs to the range above it.
    Verified against: ptable 0.3.3, looked up by hand.

    References
    ----------
    Fraser B, Wooton J (2005), UNECE/Eurostat; ONS, Census 2021 disclosure control.

    Examples
    --------
    >>> table = pd.DataFrame({"i": [0, 1, 1], "v": [0, -1, 1], "p_int_lb": [0, 0, 0.5], "p_int_ub": [1, 0.5, 1]})
    >>> cell_key_noise({"a": [0.75], "b": []}, table)
    {'a': (0.75, 1, 2), 'b': (0.0, 0, 0)}
    """
    largest = int(noise_table["i"].max())
    result = {}
    for cell, keys in record_keys.items():
        if any(not 0 <= key <= 1 for key in keys):
            raise ValueError(f"record_keys must be between 0 and 1; found a key outside in {cell!r}")
        key = math.fsum(keys) % 1.0
        rows = noise_table[(noise_table["i"] == min(len(keys), largest)) & (noise_table["p_int_lb"] <= key)]
        if rows.empty:
            raise ValueError(f"noise_table must hold noise for every count; found none for {len(keys)}")
        noise = int(rows["v"].to_numpy()[rows["p_int_lb"].to_numpy().argmax()])
        result[cell] = (key, noise, len(keys) + noise)
    return result


def _failed_checks(held: FloatArray, aggregate: str, limits: ResearchThresholds, negative: bool) -> list[str]:
    failed = []
    if aggregate in ("mean", "sum"):
        failed += _dominance(held, limits, negative)
    elif held.size == 0 and limits.zeros_are_disclosive:
        failed.append("PresenceOfZeroCheck")
    if held.size < limits.fewest:
        failed.append("MinimumThresholdCheck")
    return failed


def _dominance(held: FloatArray, limits: ResearchThresholds, negative: bool) -> list[str]:
    if negative:
        return list(_DOMINANCE) if (held < 0).any() else []
    largest = np.sort(held)[::-1]
    total = float(largest.sum())
    if total == 0:
        return []
    rest = total - float(largest[:2].sum())
    failed = {
        "NKCheck": float(largest[: limits.dominant].sum()) / total >= limits.dominant_share,
        "PPercentCheck": rest / float(largest[0]) < limits.p_ratio,
    }
    return [check for check, failing in failed.items() if failing]
