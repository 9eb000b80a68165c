"""What a reader can work out from protected tables: intervals of hidden counts, by integer programming."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from metrics._checks import FloatArray

Cell = Hashable
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Relation:
    """A published sum: the total is the sum of its parts."""

    total: Cell
    parts: tuple[Cell, ...]


def attack_intervals(
    published: Mapping[Cell, float],
    relations: Sequence[Relation],
    *,
    bounds: Mapping[Cell, Interval] | None = None,
) -> dict[Cell, Interval]:
    """Find the least and greatest whole number each hidden cell can hold, given everything published.

    Parameters
    ----------
    published : mapping
        Cells that are shown, and their counts.
    relations : sequence of Relation
        Every sum known to hold between cells, over **all** tables published. Cells in relations that are not published
        are hidden.
    bounds : mapping, optional
        What a reader knows of a hidden cell besides, for example (1, 7) where the mark says it is small.

    Returns
    -------
    dict
        For each hidden cell, in order of appearance, its least and greatest count (people); the greatest is infinite
        where nothing limits it. Equal ends mean the count is disclosed.

    Raises
    ------
    ValueError
        If the published cells contradict each other, or a bound is the wrong way round.

    Notes
    -----
    Counts are whole and not negative. Counting hidden cells in each row and column is no substitute: a cell between
    two blocks can be exact although every row and column hides two. Zero is a count like any other; a
    missing cell is a hidden one; ties do not arise.
    Verified against: sdcTable 0.34 ``attack``.

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027; Willenborg L, de Waal T (2001), Elements of
    Statistical Disclosure Control.

    Examples
    --------
    >>> attack_intervals({"all": 20, "a": 12}, [Relation("all", ("a", "b", "c"))])
    {'b': (0, 8), 'c': (0, 8)}
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    hidden = list(dict.fromkeys(cell for relation in relations for cell in (relation.total, *relation.parts)))
    hidden = [cell for cell in hidden if cell not in published]
    matrix, right = _equations(hidden, published, relations)
    least, greatest = _known_bounds(hidden, bounds or {})
    intervals: dict[Cell, Interval] = {}
    for place, cell in enumerate(hidden):
        ends = []
        for direction in (1.0, -1.0):
            goal = np.zeros(len(hidden))
            goal[place] = direction
            answer = milp(
                goal,
                integrality=np.ones(len(hidden), dtype=np.int64),
                bounds=Bounds(least, greatest),
                constraints=LinearConstraint(matrix, right, right),
            )
            ends.append(direction * round(answer.fun) if answer.status == 0 else inf)
        if ends[0] == inf:
            raise ValueError("published must hold one consistent set of counts; found a contradiction")
        intervals[cell] = (int(ends[0]), int(ends[1]) if isfinite(ends[1]) else inf)
    return intervals


def intervals_of_rounded_cells(
    published: Mapping[Cell, float | None],
    total: float | None,
    *,
    suppress_from: int = 1,
    suppress_to: int = 7,
    round_to: int = 5,
) -> dict[Cell, Interval]:
    """Find what rounded cells and an independently rounded total leave open about suppressed cells.

    Parameters
    ----------
    published : mapping
        Each part's published count: a multiple of ``round_to``, 0, or None where suppressed.
    total : float or None
        The published total, rounded by the same rule from the true total; None where suppressed.
    suppress_from, suppress_to, round_to : int
        The rule: counts from ``suppress_from`` to ``suppress_to`` are suppressed, larger ones rounded, 0 is shown.

    Returns
    -------
    dict
        For each suppressed part, its least and greatest count. Equal ends mean it is disclosed.

    Raises
    ------
    ValueError
        If a published number cannot come from the rule, or the parts contradict the total.

    Notes
    -----
    Published 10, 15, suppressed, total 20 can only be 8, 13 and 1: rounding the total apart does not always protect.
    Zero is shown and known; a missing part cannot be left out. Ties do not arise.
    Verified against: exhaustive enumeration (``tests/metrics/test_disclosure_attack.py``).

    References
    ----------
    NHS Digital (2018), Change to disclosure control methodology for HES and ECDS.

    Examples
    --------
    >>> intervals_of_rounded_cells({"q1": 10, "q2": 15, "q3": None}, 20)
    {'q3': (1, 1)}
    """
    rule = (suppress_from, suppress_to, round_to)
    ranges = {cell: _before_rounding(count, *rule) for cell, count in published.items()}
    low, high = _before_rounding(total, *rule)
    least, greatest = (sum(ends[side] for ends in ranges.values()) for side in (0, 1))
    if least > high or greatest < low:
        raise ValueError(f"total must agree with its parts ({least} to {greatest}); found {low} to {high}")
    return {
        cell: (max(ends[0], low - (greatest - ends[1])), min(ends[1], high - (least - ends[0])))
        for cell, ends in ranges.items()
        if published[cell] is None
    }


def disclosed_by_linked_tables(
    zones: Sequence[tuple[Sequence[Cell], float]], *, sensitive: tuple[int, int] = (1, 7)
) -> list[tuple[tuple[Cell, ...], int]]:
    """Find small groups that published zones give away when they are laid over each other.

    Parameters
    ----------
    zones : sequence of (members, count)
        Every zone published, of any geography, breakdown or period, as the smallest areas it is made of, with its
        count.
    sensitive : tuple of int
        Least and greatest count that must not be known.

    Returns
    -------
    list
        Each finest common zone (its members, in order of appearance) whose count is certain and sensitive, with the
        count.

    Raises
    ------
    ValueError
        If the zones contradict each other.

    Notes
    -----
    Smallest areas that always come together form one finest common zone. Keep a ledger of every zone ever published:
    each table may be safe alone. Zero is not sensitive by default. A zone missing from the list is a
    risk not seen. Ties do not arise.
    Verified against: worked subtraction (``tests/metrics/test_disclosure_attack.py``).

    References
    ----------
    Duke-Williams O, Rees P (1998), Int J Geogr Inf Sci 12:579-605 (differencing).

    Examples
    --------
    >>> disclosed_by_linked_tables([(["a", "b", "c"], 61), (["a", "b"], 58)])
    [(('c',), 3)]
    """
    atoms = list(dict.fromkeys(atom for members, _ in zones for atom in members))
    signatures: dict[tuple[bool, ...], list[Cell]] = {}
    for atom in atoms:
        signatures.setdefault(tuple(atom in members for members, _ in zones), []).append(atom)
    finest = [tuple(members) for members in signatures.values()]
    relations = [
        Relation(
            place, tuple(members for signature, members in zip(signatures, finest, strict=True) if signature[place])
        )
        for place in range(len(zones))
    ]
    intervals = attack_intervals({place: count for place, (_, count) in enumerate(zones)}, relations)
    low, high = sensitive
    known = [(members, *intervals[members]) for members in finest]
    return [(members, int(least)) for members, least, most in known if least == most and low <= least <= high]


def recovered_from_rolling_sums(
    sums: Sequence[float | None], periods: Sequence[float | None], window: int
) -> dict[int, float]:
    """Find hidden single periods that overlapping rolling totals give back.

    Parameters
    ----------
    sums : sequence
        Published totals of ``window`` successive periods, the first starting at period 0; None where hidden.
    periods : sequence
        Published single periods; None where hidden.
    window : int
        Periods in each total; 1 or more.

    Returns
    -------
    dict
        Position (from 0) of each hidden period whose count follows from the rest, and the count.

    Raises
    ------
    ValueError
        If the window is not a whole number of 1 or more, or a total reaches beyond the last period.

    Notes
    -----
    By linear algebra: the difference of successive totals is the period gained less the period lost. Zero is a value;
    missing is hidden; ties do not arise.
    Verified against: worked subtraction (``tests/metrics/test_disclosure_attack.py``).

    References
    ----------
    None needed: S[t+1] - S[t] = x[t+w] - x[t].

    Examples
    --------
    >>> recovered_from_rolling_sums([10, 12], [3, 7, None], 2)
    {2: 5.0}
    """
    if window < 1 or len(sums) + window - 1 > len(periods):
        raise ValueError(f"window must be at least 1 and its totals within {len(periods)} periods; found {window}")
    hidden = [place for place, count in enumerate(periods) if count is None]
    rows, right = [], []
    for start, total in enumerate(sums):
        if total is not None:
            inside = range(start, start + window)
            rows.append([float(place in inside) for place in hidden])
            right.append(total - sum(periods[place] or 0 for place in inside))
    if not hidden or not rows:
        return {}
    matrix = np.array(rows)
    solution = np.linalg.pinv(matrix) @ np.array(right)
    certain = np.isclose(np.diag(np.linalg.pinv(matrix) @ matrix), 1)
    return {place: float(round(solution[i], 6)) for i, place in enumerate(hidden) if certain[i]}


def numerators_behind_percentage(denominator: int, percent: float, decimal_places: int) -> list[int]:
    """List the counts that a published percentage and its exact denominator allow.

    Parameters
    ----------
    denominator : int
        People, published exactly; 1 or more.
    percent : float
        Published percentage, 0 to 100.
    decimal_places : int
        Places it was rounded to, halves upwards; 0 or more.

    Returns
    -------
    list of int
        Counts from 0 to the denominator, ascending; one alone means the count is disclosed.

    Raises
    ------
    ValueError
        If the denominator or places are not whole numbers in range, or the percentage leaves 0 to 100.

    Notes
    -----
    Worked in whole numbers, so that halves round exactly. Zero per cent may hide small counts of large denominators.
    Missing figures are refused; ties are halves.
    Verified against: exhaustive enumeration (``tests/metrics/test_disclosure_attack.py``).

    References
    ----------
    None needed: every count is tried.

    Examples
    --------
    >>> numerators_behind_percentage(40, 7.5, 1)
    [3]
    """
    if denominator < 1 or decimal_places < 0:
        raise ValueError(
            f"denominator must be at least 1 and decimal_places at least 0; found {denominator} and {decimal_places}"
        )
    if not 0 <= percent <= 100:
        raise ValueError(f"percent must be between 0 and 100; found {percent}")
    scale = 10**decimal_places
    wanted = round(percent * scale)
    near = round(wanted * denominator / (100 * scale))
    reach = denominator // (100 * scale) + 2
    candidates = range(max(0, near - reach), min(denominator, near + reach) + 1)
    return [k for k in candidates if (200 * k * scale + denominator) // (2 * denominator) == wanted]


def _equations(
    hidden: list[Cell], published: Mapping[Cell, float], relations: Sequence[Relation]
) -> tuple[FloatArray, FloatArray]:
    place = {cell: position for position, cell in enumerate(hidden)}
    matrix, right = np.zeros((len(relations), len(hidden))), np.zeros(len(relations))
    for row, relation in enumerate(relations):
        for sign, cell in ((-1.0, relation.total), *((1.0, part) for part in relation.parts)):
            if cell in place:
                matrix[row, place[cell]] += sign
            else:
                right[row] -= sign * published[cell]
    return matrix, right


def _known_bounds(hidden: list[Cell], bounds: Mapping[Cell, Interval]) -> tuple[FloatArray, FloatArray]:
    least, greatest = (np.array([bounds.get(cell, (0, inf))[side] for cell in hidden], dtype=float) for side in (0, 1))
    if (least > greatest).any():
        raise ValueError(f"bounds must run from least to greatest; found {least[least > greatest][0]:g} first")
    return least, greatest


def _before_rounding(count: float | None, suppress_from: int, suppress_to: int, round_to: int) -> tuple[int, int]:
    """Whole numbers that the rule turns into the published count (None: suppressed)."""
    if count is None:
        return suppress_from, suppress_to
    if count == 0:
        return 0, max(0, min(suppress_from - 1, (round_to - 1) // 2))
    if count < 0 or count % round_to:
        raise ValueError(f"published must hold 0 and multiples of {round_to}; found {count:g}")
    lowest = int(count) - round_to // 2
    return max(lowest, suppress_to + 1), int(count) + (round_to - 1) // 2
