"""An audit that attacks a release: how many values each hidden count could still have, by integer programming.

The attack knows everything that is released and every sum between counts. Counts that always appear together are one
zone; a release is a set of ranges over sums of zones. A hidden count is safe when two whole-number sets of zones, both
consistent with all that is released, give it values far enough apart. Each is looked for as the smallest move of zones
away from the true counts that takes the hidden count there: where there is none, the count cannot have that value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics._marks import Matrix
from metrics._moves import Moves
from metrics._ways import exchanging, ways_of
from metrics._zones import Zones, simpler, zones_of
from metrics.disclosure_linked import NO_LIMIT, Links, propagated_intervals

#: Ways to move that are looked at together, however little they have to do with each other.
FEW: Final = 500
#: The parts of the time of a question after which it waits: those that are soon answered come first, and answer others.
SOONER: Final = (0.03, 0.1, 0.3, 1.0)
#: The part of the time for all questions that is for moving whole people; the rest is for whatever else there is.
FOR_PEOPLE: Final = 2 / 3
#: After how many targets it is told how far an attack is.
TELLING: Final = 20
_CLOSE: Final = 1e-6
#: Is told how many counts are attacked, and of how many.
Attacked = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Attack:
    """What an attack found.

    Attributes
    ----------
    least, greatest : arrays of float, shape (targets,)
        For a safe count two values that it can have, far enough apart; for the others the exact least and greatest.
    safe : array of bool, shape (targets,)
        Whether the count could still be at least as many different values as are needed.
    undecided : array of bool, shape (targets,)
        Counts for which the time ran out: they are not safe until shown to be.
    """

    least: FloatArray
    greatest: FloatArray
    safe: BoolArray
    undecided: BoolArray


def attack_release(
    links: Links,
    least: FloatArray,
    greatest: FloatArray,
    truth: FloatArray,
    targets: IntArray,
    *,
    needed: int = 5,
    seconds: float = 120.0,
    in_all: float = np.inf,
    nearby: float = 10.0,
    complements: IntArray | None = None,
    tell: Attacked | None = None,
) -> Attack:
    """Find for each hidden count whether it could still be at least ``needed`` different values.

    Parameters
    ----------
    links : Links
        Every sum that holds between counts, over all tables released; each sum has one total.
    least, greatest : arrays of float, shape (counts,)
        What the release says of each count (people).
    truth : array of float, shape (counts,)
        The counts themselves: one consistent set to start from. The result does not depend on them.
    targets : array of int, shape (targets,)
        The hidden counts.
    needed : int
        Different values that each must keep.
    seconds : float
        Most time for one exact question.
    in_all : float
        Most time for all questions that are not answered quickly: the counts then left are undecided.
    nearby : float
        Most time for one question that need not be answered, because a slower one follows.
    complements : array of int, shape (pairs, 2), optional
        Counts that make up a whole together: those counted, and those left over. Answers that leave the whole as it is
        are found sooner; the result does not depend on it.
    tell : callable, optional
        Is told how many of the targets are decided, and of how many.

    Returns
    -------
    Attack

    Raises
    ------
    ValueError
        If the truth contradicts what is released.

    Notes
    -----
    Values between two reachable ones are taken to be reachable. A count with a fraction, such as full-time equivalents,
    is moved by whole steps: it may have more values than are found. Zero is a count like any other, missing counts are
    unlimited, and ties do not arise.
    Verified against: sdcTable 0.34 ``attack`` (cases ``sdc-att-01`` to ``07``) and enumeration of random tables.

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027. Solver: HiGHS, Huangfu Q, Hall JAJ (2018),
    Mathematical Programming Computation 10:119-142.

    Examples
    --------
    >>> total = Links(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]), 3, 1)
    >>> found = attack_release(total, np.array([1.0, 8, 18]), np.array([7.0, 12, 22]), np.array([6.0, 12, 18]),
    ...                        np.array([0]))
    >>> found.safe.tolist(), found.least.tolist(), found.greatest.tolist()
    ([False], [6.0], [7.0])
    """
    if np.any((truth < least - _CLOSE) | (truth > greatest + _CLOSE)):
        raise ValueError("truth must agree with what is released; found a count outside its range")
    low, high = propagated_intervals(links, least, greatest)
    published = (least > 0) | (greatest < NO_LIMIT)
    zones = zones_of(links, low, high, truth, targets, published, complements)
    found = Seen(truth[targets].copy(), truth[targets].copy(), needed)
    undecided = _look(zones, found, seconds, in_all, nearby, tell) if targets.size else np.zeros(0, dtype=np.bool_)
    return Attack(found.least, found.greatest, ~found.open(), undecided & found.open())


@dataclass(slots=True)
class Seen:
    """The values that each target has been seen to have."""

    least: FloatArray
    greatest: FloatArray
    needed: int

    def open(self) -> BoolArray:
        """Say which targets have not been seen to have enough values."""
        few: BoolArray = self.greatest - self.least < self.needed - 1 - _CLOSE
        return few

    def goal(self, place: int, sign: float, low: float, high: float) -> float | None:
        """Give the value that a target still has to be seen to have further up (or down), whole steps from others.

        It is enough, or as far as it can be within its range; None if the target was seen there.
        """
        least, greatest = float(self.least[place]), float(self.greatest[place])
        room, seen = (high - greatest, greatest) if sign > 0 else (least - low, least)
        steps = float(np.floor(min(self.needed - 1 - (greatest - least), room) + _CLOSE))
        return seen + sign * steps if steps > 0 else None

    def see(self, values: FloatArray) -> None:
        """Note what one consistent set of zones says of every target."""
        self.least = np.minimum(self.least, values)
        self.greatest = np.maximum(self.greatest, values)


class _Look:
    """Looks for sets of zones that agree with all that is released, and notes what they say of the targets."""

    def __init__(self, zones: Zones, found: Seen, nearby: float, tell: Attacked | None) -> None:
        self.all, self.found, self.nearby, self.tell = zones, found, nearby, tell
        self.zones, self.left, _ = simpler(zones)
        self.ways = ways_of(self.zones.splits, self.zones.truth.size)
        self.columns = zones.rows.tocsc()
        sums = np.asarray(zones.rows @ zones.truth).ravel()
        self.least, self.most = zones.low - sums, zones.high - sums
        self.start = sums[zones.targets]
        self.undecided = np.zeros(zones.targets.size, dtype=np.bool_)
        self.told, self.spent = -1, 0.0

    def by_exchange(self) -> None:
        """Look for answers that leave every whole as it is: what those counted gain, those left over lose.

        Measures that count the same people then no longer hang together, and each has far fewer sums to keep.
        """
        if not self.zones.splits.of.size:
            return
        exchanges = self.ways[:, np.flatnonzero(exchanging(self.ways))]
        for some in _components(self.zones.rows @ exchanges):
            self._quickly(Moves(self.zones, self.nearby, exchanges[:, some]), np.inf, set())

    def by_people(self, in_all: float) -> None:
        """Look for answers in which whole people come, go, or are counted otherwise, in all measures at once."""
        if not self.zones.splits.of.size or not self.found.open().any() or in_all <= 0:
            return
        moves = Moves(self.zones, self.nearby, self.ways)
        answered: set[tuple[int, float, float]] = set()
        for part in SOONER:
            moves.seconds = self.nearby * part
            self._quickly(moves, in_all * FOR_PEOPLE, answered)
        self.spent = moves.spent()

    def exactly(self, seconds: float, in_all: float) -> None:
        """Move each count that is open as far as it needs to go, or can go: what is found quickly before the others."""
        if not self.found.open().any() or in_all <= 0:
            self.undecided |= self.found.open()
            return
        moves = Moves(self.zones, self.nearby)
        left = in_all - self.spent
        self._quickly(moves, left / 2, set())
        moves.seconds = seconds
        for place in np.flatnonzero(self.found.open()).tolist():
            if moves.spent() > left:
                self.undecided |= self.found.open()
                return
            for sign in (1.0, -1.0):
                if self.found.open()[place]:
                    self.undecided[place] |= not self._furthest(moves, place, sign)
            self.say()

    def _quickly(self, moves: Moves, in_all: float, answered: set[tuple[int, float, float]]) -> None:
        """Move each count that is open as far as it needs to go, if that is soon found.

        What cannot be moved is noted as answered, and is not asked again; nor is the same question, before it has more
        time.
        """
        asked = set(answered)
        for place in np.flatnonzero(self.found.open() & (moves.place[self.zones.targets] >= 0)).tolist():
            if moves.spent() > in_all:
                return
            for sign in (1.0, -1.0):
                way = self._way(place, sign) if self.found.open()[place] else None
                if way is None or way in asked:
                    continue
                asked.add(way)
                value = moves.quickly(*way, sign)
                if value is not None and value.min() > -_CLOSE:
                    self._see(value)
                elif value is None and moves.sure:
                    answered.add(way)
            self.say()

    def _way(self, place: int, sign: float) -> tuple[int, float, float] | None:
        """Give the row of a target, the value that was seen furthest up (or down), and the one to reach, if any."""
        row = int(self.zones.targets[place])
        seen = self.found.greatest[place] if sign > 0 else self.found.least[place]
        goal = self.found.goal(place, sign, float(self.zones.low[row]), float(self.zones.high[row]))
        return None if goal is None else (row, float(seen), goal)

    def _furthest(self, moves: Moves, place: int, sign: float) -> bool:
        """Move one count as far as it needs to go, or can go, one way; say whether that is sure."""
        way = self._way(place, sign)
        if way is None:
            return True
        value, exact = moves.furthest(*way, sign)
        if value is not None:
            self._see(value)
        return exact

    def _see(self, value: FloatArray) -> None:
        """Note what a set of zones says of every target; it has to agree with all that is released."""
        change = value - self.zones.truth
        moved = np.flatnonzero(change)
        by = np.asarray(self.columns[:, self.left[moved]] @ change[moved]).ravel()
        if np.any((by < self.least - _CLOSE) | (by > self.most + _CLOSE)):
            raise ValueError("a move must agree with what is released; the tolerance of the solver is too wide")
        self.found.see(self.start + by[self.all.targets])

    def say(self) -> None:
        """Tell how many counts are decided, now and then."""
        decided = int((~self.found.open()).sum())
        if self.tell is not None and decided // TELLING > self.told:
            self.told = decided // TELLING
            self.tell(decided, self.undecided.size)


def _components(moved: Matrix) -> list[IntArray]:
    """Give the ways that stand in sums with each other, the most first; those that do with few are put together."""
    moved = moved.tocsr()
    moved.eliminate_zeros()
    _, kind = connected_components(sp.bmat([[None, moved], [moved.T, None]]), directed=False)
    of_ways = kind[moved.shape[0] :]
    size = np.bincount(of_ways, minlength=kind.max(initial=-1) + 1)
    large = np.flatnonzero(size >= FEW)
    found = [np.flatnonzero(of_ways == one) for one in large[np.argsort(-size[large])]]
    rest = np.flatnonzero(size[of_ways] < FEW)
    return [*found, rest] if rest.size else found


def _look(zones: Zones, found: Seen, seconds: float, in_all: float, nearby: float, tell: Attacked | None) -> BoolArray:
    """Look for enough values of each target, first quickly and then exactly; give those that were not decided."""
    look = _Look(zones, found, min(seconds, nearby), tell)
    look.say()
    look.by_exchange()
    look.by_people(in_all)
    look.exactly(seconds, in_all)
    return look.undecided
