"""Stock and flow of trained staff: where coverage goes, when it reaches a target, and what capacity that takes.

A discrete-time manpower system with two stocks, staff with training in date and all staff. In each quarter leavers
leave, training lapses among those who stay, starters arrive, and then places are used by staff without training in
date. With retention r = (1 - leaving) (1 - lapsing) and b = starters × starters_trained + completions,

    in date after = r × in date before + b        staff after = (1 - leaving) × staff before + starters
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd

from metrics._checks import FloatArray, as_numbers, check_between, check_not_negative, check_whole_number

#: Twenty years of quarters: whoever has not arrived by then is said not to arrive.
HORIZON: Final = 80
_SHARES: Final = ("starters_trained", "leaving", "lapsing")


@dataclass(frozen=True, slots=True)
class Flows:
    """A group of staff now, and what happens to it in a quarter.

    ``in_post`` staff, ``trained`` of them with training in date; ``starters`` arrive in a quarter, of whom the share
    ``starters_trained`` (0 to 1) come with training in date; each leaves with the chance ``leaving`` (0 to 1), and the
    training of those who stay lapses with the chance ``lapsing`` (0 to 1).
    """

    in_post: float
    trained: float
    starters: float
    starters_trained: float
    leaving: float
    lapsing: float

    def __post_init__(self) -> None:
        """Refuse what no group of staff can be."""
        for field in fields(self):
            value = as_numbers(getattr(self, field.name), field.name)
            if np.isnan(value).any():
                raise ValueError(f"{field.name} must not be missing; found nan")
            check_not_negative(value.reshape(-1), field.name)
            if field.name in _SHARES:
                check_between(value.reshape(-1), 0, 1, field.name)
        if self.in_post == 0:
            raise ValueError("in_post must be greater than zero; found 0")
        if self.trained > self.in_post:
            raise ValueError(f"trained must not exceed in_post ({self.in_post:g}); found {self.trained:g}")

    @property
    def retention(self) -> float:
        """Give the share of staff in date who are still there and still in date a quarter later."""
        return (1 - self.leaving) * (1 - self.lapsing)


def project(flows: Flows, completions: float, quarters: int) -> pd.DataFrame:
    """Measure the expected staff in post and with training in date at the end of each coming quarter.

    Parameters
    ----------
    flows : Flows
        The group now and what happens to it in a quarter.
    completions : float
        Staff who complete training, new or renewed, in a quarter; zero or more.
    quarters : int
        How many quarters to look ahead; zero or more.

    Returns
    -------
    pandas.DataFrame
        One row for each quarter from 0 (now): ``quarter``, ``in_post``, ``trained`` (staff) and ``share`` (0 to 1,
        higher is better).

    Raises
    ------
    ValueError
        If completions are negative, quarters are not a whole number, or the flows contradict themselves.

    Notes
    -----
    Nobody is trained who is in date already, so the share stops at 1 and places are left over. Zero completions let
    the share fall to what starters bring. A group that everybody leaves has nobody in post and a missing share. A
    missing input is refused. Ties do not arise: a share equal to a target has reached it.
    Verified against: worked arithmetic, the closed form and a simulation (``tests/metrics/test_trajectory.py``).

    References
    ----------
    Bartholomew DJ, Forbes AF, McClean SI (1991), Statistical Techniques for Manpower Planning, 2nd ed., Wiley, ch. 4.

    Examples
    --------
    100 staff of whom 40 are in date; 10 leave and are replaced, nothing lapses, 20 are trained in a quarter:
    0.9 × 40 + 20 = 56, then 0.9 × 56 + 20 = 70.4.

    >>> group = Flows(in_post=100, trained=40, starters=10, starters_trained=0, leaving=0.1, lapsing=0)
    >>> project(group, 20, 2)
       quarter  in_post  trained  share
    0        0    100.0     40.0  0.400
    1        1    100.0     56.0  0.560
    2        2    100.0     70.4  0.704
    """
    trained_now = _completions(completions)
    ahead = check_whole_number(quarters, 0, "quarters")
    in_post, trained = [float(flows.in_post)], [float(flows.trained)]
    for _ in range(ahead):
        in_post.append((1 - flows.leaving) * in_post[-1] + flows.starters)
        kept = flows.retention * trained[-1] + flows.starters * flows.starters_trained
        trained.append(min(kept + trained_now, in_post[-1]))
    staff, dated = np.array(in_post), np.array(trained)
    share = np.divide(dated, staff, out=np.full(staff.shape, np.nan), where=staff > 0)
    return pd.DataFrame({"quarter": np.arange(ahead + 1), "in_post": staff, "trained": dated, "share": share})


def steady_share(flows: Flows, completions: float) -> float:
    """Measure the share in date to which coverage tends when nothing changes.

    Parameters
    ----------
    flows : Flows
        The group now and what happens to it in a quarter.
    completions : float
        Staff who complete training in a quarter; zero or more.

    Returns
    -------
    float
        Share of staff, 0 to 1; higher is better. Missing where the group dies out.

    Raises
    ------
    ValueError
        If completions are negative or the flows contradict themselves.

    Notes
    -----
    The stock in date tends to (starters × starters_trained + completions) / (1 - r) and the staff to
    starters / leaving. With zero leaving and zero starters the staff stays as it is; with zero leaving and some
    starters it grows without end, and the share to which it tends counts newcomers only where nothing lapses. A
    missing input is refused; ties do not arise.
    Verified against: worked arithmetic and 2,000 steps of ``project`` (``tests/metrics/test_trajectory.py``).

    References
    ----------
    Bartholomew DJ, Forbes AF, McClean SI (1991), Statistical Techniques for Manpower Planning, 2nd ed., Wiley, ch. 4.

    Examples
    --------
    10 of 100 staff leave and are replaced; 8 are trained in a quarter: 8 / 0.1 = 80 of 10 / 0.1 = 100.

    >>> group = Flows(in_post=100, trained=40, starters=10, starters_trained=0, leaving=0.1, lapsing=0)
    >>> round(steady_share(group, 8), 4)
    0.8
    """
    inflow = flows.starters * flows.starters_trained + _completions(completions)
    lost = 1 - flows.retention
    if flows.leaving > 0:
        staff = flows.starters / flows.leaving
        return min(inflow / lost / staff, 1.0) if staff > 0 else float("nan")
    if flows.starters > 0:  # the staff grows by the same number for ever
        return 0.0 if lost > 0 else min(inflow / flows.starters, 1.0)
    if lost > 0:
        return min(inflow / lost / flows.in_post, 1.0)
    return 1.0 if inflow > 0 else flows.trained / flows.in_post


def quarters_to_reach(flows: Flows, completions: float, target: float, *, horizon: int = HORIZON) -> float:
    """Measure how many quarters it takes until the expected share in date reaches a target.

    Parameters
    ----------
    flows : Flows
        The group now and what happens to it in a quarter.
    completions : float
        Staff who complete training in a quarter; zero or more.
    target : float
        Share of staff in date, above 0 to 1.
    horizon : int
        Quarters to look ahead; at least 1.

    Returns
    -------
    float
        Whole quarters from now, 0 where the target is reached already; infinite where it is not reached within the
        horizon. Lower is sooner.

    Raises
    ------
    ValueError
        If an argument is out of its range or the flows contradict themselves.

    Notes
    -----
    A share exactly at the target (a tie) has reached it. Zero completions reach nothing that starters do not bring.
    Where ``steady_share`` is below the target it may be passed only on the way down; it counts when it is reached
    first. A missing input is refused. With constant staff N and D* = b / (1 - r) the answer is the whole quarter at
    or after ln((D* - target N) / (D* - D0)) / ln r.
    Verified against: worked arithmetic and that logarithm (``tests/metrics/test_trajectory.py``).

    References
    ----------
    Bartholomew DJ, Forbes AF, McClean SI (1991), Statistical Techniques for Manpower Planning, 2nd ed., Wiley, ch. 4.

    Examples
    --------
    From 40 of 100 with 20 trained a quarter the shares are 0.56 and 0.704, so 70% takes two quarters. With 5 trained
    a quarter they tend to 5 / 0.1 = 50 of 100, so 70% is never reached.

    >>> group = Flows(in_post=100, trained=40, starters=10, starters_trained=0, leaving=0.1, lapsing=0)
    >>> quarters_to_reach(group, 20, 0.7), quarters_to_reach(group, 5, 0.7)
    (2.0, inf)
    """
    wanted = _target(target)
    share = project(flows, completions, check_whole_number(horizon, 1, "horizon"))["share"].to_numpy()
    return first_at_least(share[:, None], wanted)[0]


def completions_needed(flows: Flows, target: float, quarters: int) -> float:
    """Measure how many staff must complete training in each quarter to stand at a target after so many quarters.

    Parameters
    ----------
    flows : Flows
        The group now and what happens to it in a quarter.
    target : float
        Share of staff in date, above 0 to 1.
    quarters : int
        Quarters from now to the date; at least 1.

    Returns
    -------
    float
        Completions in a quarter, 0 or more (not rounded); 0 where starters alone are enough. Lower is easier.

    Raises
    ------
    ValueError
        If an argument is out of its range or the flows contradict themselves.

    Notes
    -----
    Solved in closed form: after T quarters the stock in date is r^T D0 + b (1 - r^T) / (1 - r), which is set equal to
    target × staff and solved for the completions in b. With r = 1 (nothing is lost) the fraction is T. The answer is
    the same number in every quarter. Zero means that no course is needed. A missing input is refused; ties do not
    arise.
    Verified against: ``project`` run with the answer, and worked arithmetic (``tests/metrics/test_trajectory.py``).

    References
    ----------
    Bartholomew DJ, Forbes AF, McClean SI (1991), Statistical Techniques for Manpower Planning, 2nd ed., Wiley, ch. 4.

    Examples
    --------
    From 40 of 100 to 70 after two quarters, with 10 leavers replaced: 0.81 × 40 + c × (1 + 0.9) = 70, so c = 19.79.

    >>> group = Flows(in_post=100, trained=40, starters=10, starters_trained=0, leaving=0.1, lapsing=0)
    >>> round(completions_needed(group, 0.7, 2), 2)
    19.79
    """
    wanted, ahead = _target(target), check_whole_number(quarters, 1, "quarters")
    stay = 1 - flows.leaving
    staff = stay**ahead * flows.in_post + flows.starters * _repeated(stay, ahead)
    kept = flows.retention**ahead * flows.trained
    inflow = (wanted * staff - kept) / _repeated(flows.retention, ahead)
    return max(inflow - flows.starters * flows.starters_trained, 0.0)


def first_at_least(shares: FloatArray, target: float) -> list[float]:
    """Measure for each path the first quarter at which its share is at least the target.

    Parameters
    ----------
    shares : array of float
        Shares, 0 to 1, missing allowed; one row for each quarter from 0, one column for each path.
    target : float
        Share to reach, above 0 to 1.

    Returns
    -------
    list of float
        For each path the quarter, or infinite where it is never reached; lower is sooner.

    Raises
    ------
    ValueError
        If the target is out of its range.

    Notes
    -----
    A share equal to the target (a tie) has reached it, up to rounding of one part in 10^9. Zero quarters means now. A
    missing share has not reached anything.
    Verified against: worked arithmetic (``tests/metrics/test_trajectory.py``).

    References
    ----------
    The first passage time of a path; Bartholomew, Forbes and McClean (1991), ch. 4.

    Examples
    --------
    >>> first_at_least(np.array([[0.4, 0.4], [0.6, 0.5], [0.7, 0.5]]), 0.6)
    [1.0, inf]
    """
    reached = shares >= _target(target) - 1e-9
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), np.inf)
    return [float(quarter) for quarter in first]


def _repeated(kept: float, quarters: int) -> float:
    """Add 1 + kept + kept² + … up to one term for each quarter."""
    return float(quarters) if kept == 1 else (1 - kept**quarters) / (1 - kept)


def _completions(value: float) -> float:
    check_not_negative(as_numbers([value], "completions"), "completions")
    if np.isnan(value):
        raise ValueError("completions must not be missing; found nan")
    return float(value)


def _target(value: float) -> float:
    if not 0 < value <= 1:
        raise ValueError(f"target must be above 0 and at most 1; found {value}")
    return float(value)
