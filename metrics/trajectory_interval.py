"""How sure a trajectory is: simulation of stock and flow from counts that may be rounded."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd

from metrics._checks import FloatArray, IntArray, check_between, check_confidence, check_whole_number
from metrics.trajectory import HORIZON, Flows, completions_needed, first_at_least

DRAWS: Final = 1000
SEED: Final = 1001


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """Counts from which a group's flows are estimated; each may be rounded to the nearest ``rounded_to`` (1: exact).

    ``in_post`` staff, ``trained`` of them at some time and ``expired`` of those since, are stocks now. ``left`` of
    ``could_leave`` and ``lapsed`` of ``could_lapse`` are person quarters observed; ``started``, of whom
    ``came_trained``, over ``quarters`` quarters; ``completed`` of ``places`` offered.
    """

    in_post: float
    trained: float
    left: float
    could_leave: float
    lapsed: float
    could_lapse: float
    started: float
    came_trained: float
    quarters: float
    completed: float
    places: float
    expired: float = 0.0
    rounded_to: int = 1

    def __post_init__(self) -> None:
        """Refuse counts that are missing, negative, or a part that exceeds its whole."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{field.name} must be a number of zero or more; found {value}")
        for part, whole in _PARTS:
            if getattr(self, part) > getattr(self, whole):
                raise ValueError(f"{part} must not exceed {whole}; found {getattr(self, part):g}")
        if self.in_post == 0 or self.quarters == 0:
            raise ValueError("in_post and quarters must be greater than zero; found 0")
        check_whole_number(self.rounded_to, 1, "rounded_to")


_PARTS: Final = (
    ("trained", "in_post"),
    ("expired", "trained"),
    ("left", "could_leave"),
    ("lapsed", "could_lapse"),
    ("came_trained", "started"),
    ("completed", "places"),
)


def flows_of(counts: FlowCounts) -> tuple[Flows, float]:
    """Measure a group's flows as its counts give them, and the share of places that led to completed training.

    Parameters
    ----------
    counts : FlowCounts
        What was counted; rounded counts are taken as they stand.

    Returns
    -------
    tuple of Flows and float
        The flows of one quarter, and completions for each place offered (0 to 1; higher uses more).

    Raises
    ------
    ValueError
        If the counts contradict themselves.

    Notes
    -----
    Zero of zero gives a chance of zero: with nobody who could have left, none is taken to leave. A missing count is
    refused. Ties do not arise.
    Verified against: worked arithmetic (``tests/metrics/test_trajectory_interval.py``).

    References
    ----------
    The maximum likelihood estimates of a Markov manpower model; Bartholomew, Forbes and McClean (1991), ch. 4.

    Examples
    --------
    >>> flows_of(FlowCounts(200, 80, 40, 800, 15, 300, 40, 8, 4, 40, 50))  # doctest: +NORMALIZE_WHITESPACE
    (Flows(in_post=200, trained=80, starters=10.0, starters_trained=0.2, leaving=0.05, lapsing=0.05), 0.8)
    """

    def share(part: float, whole: float) -> float:
        return part / whole if whole > 0 else 0.0

    flows = Flows(
        in_post=counts.in_post,
        trained=counts.trained - counts.expired,
        starters=counts.started / counts.quarters,
        starters_trained=share(counts.came_trained, counts.started),
        leaving=share(counts.left, counts.could_leave),
        lapsing=share(counts.lapsed, counts.could_lapse),
    )
    return flows, share(counts.completed, counts.places)


def places_needed(
    counts: FlowCounts,
    target: float,
    quarters: int,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.Series:
    """Measure how many places a quarter bring the expected share to a target by a date, with limits.

    Parameters
    ----------
    counts : FlowCounts
        What was counted, and to what it was rounded.
    target : float
        Share of staff in date, above 0 to 1.
    quarters : int
        Quarters from now to the date; at least 1.
    confidence : float
        Two-sided level, 0.9 to below 1, or 90 to below 100.
    draws : int
        Number of draws; at least 1.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.Series
        ``value``, ``lowercl``, ``uppercl``: places a quarter (not rounded), and ``completions`` that they must lead
        to. Infinite where no place was ever filled and somebody must be trained. Lower is easier.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Notes
    -----
    The closed form of ``completions_needed`` divided by the share of places filled; the limits are those of the same
    figure over draws of the chances as in ``simulate_shares``. Zero places: starters alone are enough. A missing count
    is refused. Ties do not arise.
    Verified against: ``simulate_shares`` run with the answer (``tests/metrics/test_trajectory_interval.py``).

    References
    ----------
    Bartholomew DJ, Forbes AF, McClean SI (1991), Statistical Techniques for Manpower Planning, 2nd ed., Wiley, ch. 4;
    Efron B, Tibshirani RJ (1993), An Introduction to the Bootstrap, Chapman & Hall, ch. 13 (percentile interval).

    Examples
    --------
    From 40 of 100 to 70 after two quarters takes 19.79 completions; with half of the places filled, 39.58 places.

    >>> sure = FlowCounts(100, 40, 1e9, 1e10, 0, 1e10, 1e9, 0, 1e8, 5e9, 1e10)
    >>> places_needed(sure, 0.7, 2).round(1).tolist()
    [39.6, 39.6, 39.6, 19.8]
    """
    level = check_confidence(confidence)
    flows, filled = flows_of(counts)
    completions = completions_needed(flows, target, quarters)
    generator = np.random.default_rng(seed)
    drawn = _draw(generator, counts, check_whole_number(draws, 1, "draws"))
    columns = (drawn["in_post"], drawn["trained"], *(drawn[name] for name in _CHANCES), drawn["filled"])
    needed = [
        _places(completions_needed(Flows(*one[:-1]), target, quarters), one[-1]) for one in zip(*columns, strict=True)
    ]
    low, high = np.quantile(needed, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    value = _places(completions, filled)
    return pd.Series({"value": value, "lowercl": low, "uppercl": high, "completions": completions})


def simulate_shares(
    counts: FlowCounts,
    places: float,
    quarters: int = HORIZON,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> FloatArray:
    """Measure many possible paths of the share in date, given how few people the flows were estimated from.

    Parameters
    ----------
    counts : FlowCounts
        What was counted, and to what it was rounded.
    places : float
        Places offered in each coming quarter; zero or more.
    quarters : int
        Quarters to look ahead; at least 1.
    draws : int
        Number of paths; at least 1.
    seed : int
        Seed of the random numbers, so that the same counts give the same paths.

    Returns
    -------
    array of float
        Shares, 0 to 1: one row for each quarter from 0 (now), one column for each path; higher is better.

    Raises
    ------
    ValueError
        If places are negative or missing, or another argument is out of its range.

    Notes
    -----
    Each path draws (1) the true counts behind rounded ones, each equally likely; (2) the chances, from Jeffreys'
    distributions (Beta, Gamma) given those counts; (3) the people: binomial leavers, lapses, trained starters and
    filled places, Poisson starters. Zero counts stay uncertain, none of ten is not never; but where no place was
    ever filled, none will be. A missing count is refused. Ties do not arise.
    Verified against: ``metrics.trajectory.project`` in the mean, binomial variance by hand, and exact counts against
    rounded ones (``tests/metrics/test_trajectory_interval.py``).

    References
    ----------
    Bartholomew DJ, Forbes AF, McClean SI (1991), Statistical Techniques for Manpower Planning, 2nd ed., Wiley, ch. 4;
    Brown LD, Cai TT, DasGupta A (2001), Statistical Science 16:101-133, for Jeffreys' distribution.

    Examples
    --------
    Nothing moves: everybody stays, nothing lapses, no place is offered (of very many person quarters).

    >>> still = FlowCounts(100, 40, 0, 1e9, 0, 1e9, 0, 0, 1e9, 0, 0)
    >>> simulate_shares(still, 0, 4, draws=3).round(2).tolist()[-1]
    [0.4, 0.4, 0.4]
    """
    check_between(np.array([places]), 0, np.inf, "places")
    if np.isnan(places):
        raise ValueError("places must not be missing; found nan")
    ahead, many = check_whole_number(quarters, 1, "quarters"), check_whole_number(draws, 1, "draws")
    generator = np.random.default_rng(seed)
    drawn = _draw(generator, counts, many)
    leaving, lapsing, came, filled = (drawn[name] for name in ("leaving", "lapsing", "starters_trained", "filled"))
    staff, trained = drawn["in_post"].astype(np.int64), drawn["trained"].astype(np.int64)
    shares = [trained / staff]
    for _ in range(ahead):
        left = generator.binomial(trained, leaving)
        trained_left = trained - left
        others = staff - trained - generator.binomial(staff - trained, leaving)
        lapsed = generator.binomial(trained_left, lapsing)
        new = generator.poisson(drawn["starters"])
        new_trained = generator.binomial(new, came)
        staff = trained_left + others + new
        kept = trained_left - lapsed + new_trained
        trained = kept + np.minimum(generator.binomial(_whole_places(generator, places, many), filled), staff - kept)
        shares.append(np.divide(trained, staff, out=np.full(many, np.nan), where=staff > 0))
    return np.array(shares)


def arrival(shares: FloatArray, target: float, *, confidence: float = 0.95) -> pd.Series:
    """Measure when simulated paths reach a target: the middle path and the limits between which most arrive.

    Parameters
    ----------
    shares : array of float
        Paths as ``simulate_shares`` gives them: quarters in rows, paths in columns, 0 to 1.
    target : float
        Share to reach, above 0 to 1.
    confidence : float
        Share of paths between the limits, 0.9 to below 1, or 90 to below 100.

    Returns
    -------
    pandas.Series
        ``median``, ``lowercl``, ``uppercl`` in quarters from now (infinite: not reached on the paths) and ``reached``,
        the share of paths (0 to 1) that arrive at all. Lower is sooner.

    Raises
    ------
    ValueError
        If the target or the level is out of its range.

    Notes
    -----
    Limits are whole quarters of paths that exist, never between two. Zero means now. Paths that arrive in the same
    quarter (ties) count each. A missing share has not arrived.
    Verified against: worked arithmetic (``tests/metrics/test_trajectory_interval.py``).

    References
    ----------
    Efron B, Tibshirani RJ (1993), An Introduction to the Bootstrap, Chapman & Hall, ch. 13 (percentile interval).

    Examples
    --------
    >>> arrival(np.array([[0.4, 0.4], [0.6, 0.5], [0.7, 0.6]]), 0.6).to_dict()
    {'median': 1.0, 'lowercl': 1.0, 'uppercl': 2.0, 'reached': 1.0}
    """
    level = check_confidence(confidence)
    first = np.sort(np.array(first_at_least(shares, target)))
    names = {"median": 0.5, "lowercl": (1 - level) / 2, "uppercl": (1 + level) / 2}
    places = {name: max(int(np.ceil(round(part * first.size, 6))) - 1, 0) for name, part in names.items()}
    found = {name: float(first[place]) for name, place in places.items()}
    return pd.Series(found | {"reached": float(np.isfinite(first).mean())})


_COUNTED: Final = tuple(field.name for field in fields(FlowCounts) if field.name not in {"quarters", "rounded_to"})
_CHANCES: Final = ("starters", "starters_trained", "leaving", "lapsing")


def _draw(generator: np.random.Generator, counts: FlowCounts, draws: int) -> dict[str, FloatArray]:
    """Draw the stocks behind rounded ones, and the chances that the counts leave open."""
    whole = {name: _unrounded(generator, getattr(counts, name), counts.rounded_to, draws) for name in _COUNTED}
    whole["in_post"] = np.maximum(whole["in_post"], 1)
    for part, limit in _PARTS:
        whole[part] = np.minimum(whole[part], whole[limit])
    return {
        "in_post": whole["in_post"],
        "trained": whole["trained"] - whole["expired"],
        "leaving": _chance(generator, whole["left"], whole["could_leave"]),
        "lapsing": _chance(generator, whole["lapsed"], whole["could_lapse"]),
        "starters_trained": _chance(generator, whole["came_trained"], whole["started"]),
        "filled": _chance(generator, whole["completed"], whole["places"]) if counts.completed else np.zeros(draws),
        "starters": generator.gamma(whole["started"] + 0.5) / counts.quarters,
    }


def _places(completions: float, filled: float) -> float:
    if completions == 0:
        return 0.0
    return completions / filled if filled > 0 else float("inf")


def _unrounded(generator: np.random.Generator, count: float, base: int, draws: int) -> FloatArray:
    """Draw counts that would be rounded to this one; an exact zero is shown as it is."""
    if count == 0:
        return np.zeros(draws)
    low, high = -(base // 2), (base - 1) // 2
    drawn: FloatArray = np.maximum(count + generator.integers(low, high + 1, draws), 0).astype(float)
    return drawn


def _chance(generator: np.random.Generator, part: FloatArray, whole: FloatArray) -> FloatArray:
    return generator.beta(part + 0.5, whole - part + 0.5)


def _whole_places(generator: np.random.Generator, places: float, draws: int) -> IntArray:
    """Offer whole places: a fraction of a place is a place in that fraction of quarters."""
    below = np.floor(places)
    whole: IntArray = (below + (generator.random(draws) < places - below)).astype(np.int64)
    return whole
