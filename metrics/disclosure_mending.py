"""Mending a release that an attack by integer programming gets the better of.

``complementary_suppression`` follows each sum by itself. Where sums cross, as wards and neighbourhoods do, several of
them together can tell more. Then the cheapest published counts are hidden that keep a hidden count from having enough
values. What is found with them hidden is a proof that the count is safe; what is not is attacked again.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics._moves import Moves
from metrics._ways import ways_of
from metrics._zones import simpler, zones_of
from metrics.disclosure_audit import Attacked, Seen, attack_release
from metrics.disclosure_linked import (
    NO_LIMIT,
    Items,
    Links,
    Protection,
    _can_be_hidden,
    _can_be_left_out,
    _covered,
    _hide,
    complementary_suppression,
    what_is_published,
)

#: How much dearer it is to leave a row out than to hide one of its items.
LEAVING_OUT: Final = 3.0
#: How often something is hidden beside a count for which nothing was found, before its own row is left out.
PATIENCE: Final = 1
#: How much dearer it is to break a sum by one person than to move one person, times the loss.
BREAKING: Final = 3.0
_CLOSE: Final = 1e-6


def mended_suppression(
    links: Links,
    least: FloatArray,
    greatest: FloatArray,
    truth: FloatArray,
    items: Items,
    done: Protection,
    targets: IntArray,
    *,
    needed: int = 5,
    seconds: float = 3.0,
    complements: IntArray | None = None,
    tell: Attacked | None = None,
) -> Protection:
    """Hide further items until integer programming leaves every hidden count ``needed`` different values.

    Parameters
    ----------
    links : Links
        Every sum that holds between counts, over all tables released; each sum has one total.
    least, greatest : arrays of float, shape (counts,)
        What the publication says of each count (people), with only the small items hidden.
    truth : array of float, shape (counts,)
        The counts themselves.
    items : Items
        What can be hidden, what that costs, and which counts must stay uncertain.
    done : Protection
        What ``complementary_suppression`` has done.
    targets : array of int, shape (targets,)
        The counts to attack: those that are hidden, or a part of them. What is hidden on the way is attacked as well.
    needed : int
        Different values that each hidden count must keep; 2 or more.
    seconds : float
        Most time for one question; what it leaves undecided is hidden further, like what is unsafe.
    complements : array of int, shape (pairs, 2), optional
        Counts that make up a whole together, as for ``attack_release``.
    tell : callable, optional
        Is told how many counts are attacked, and of how many, in each attack.

    Returns
    -------
    Protection
        What was done, and what had to be hidden or left out besides.

    Raises
    ------
    ValueError
        If the truth contradicts what is published.

    Notes
    -----
    Hiding more never tells more, so what was safe stays safe and is not attacked again. Nothing is shown again
    afterwards: more may be hidden than the least. A count that neither hiding nor leaving out anything protects,
    because it was given away before, is left as it is: an attack finds it again. Zero, missing counts and ties are as
    for ``attack_release``.
    Verified against: integer programming on tables whose areas cross (``tests/metrics/test_disclosure_mending.py``).

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027.

    Examples
    --------
    >>> total = Links(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]), 3, 1)
    >>> small = np.array([True, False, False])
    >>> each = Items(np.arange(3), np.arange(3), np.array([1.0, 2.0, 9.0]), np.full(3, -1), small, small)
    >>> only_small = Protection(small.copy(), np.zeros(3, dtype=bool))
    >>> mended_suppression(total, np.array([1.0, 8, 18]), np.array([7.0, 12, 22]), np.array([6.0, 12, 18]), each,
    ...                    only_small, np.array([0])).hidden.tolist()
    [True, True, False]
    """
    done = Protection(done.hidden.copy(), done.withheld.copy())
    waiting = np.asarray(targets, dtype=np.int64)
    tried = np.zeros(links.counts, dtype=np.int64)
    while waiting.size:
        before = Protection(done.hidden.copy(), done.withheld.copy())
        published = what_is_published(least, greatest, items, done)
        attack = attack_release(
            links, *published, truth, waiting, needed=needed, in_all=0.0, complements=complements, tell=tell
        )
        openings = _Openings(links, least, greatest, truth, items, done, waiting, complements, seconds)
        unsafe, stuck = openings.make(Seen(attack.least, attack.greatest, needed))
        tried[waiting[stuck]] += 1
        _hide_beside(links, waiting[stuck], items, done)
        _leave_out(waiting[stuck][tried[waiting[stuck]] > PATIENCE], items, done)
        if np.array_equal(before.hidden, done.hidden) and np.array_equal(before.withheld, done.withheld):
            break
        done = complementary_suppression(links, least, greatest, items, needed=needed, prune=False, start=done)
        covered = _covered(items, done)
        unsafe = waiting[unsafe]
        waiting = np.union1d(unsafe[covered[unsafe]], np.flatnonzero(covered & ~_covered(items, before)))
    return done


class _Openings:
    """Finds the cheapest published counts that have to be hidden for a count to have enough values, and hides them."""

    def __init__(
        self,
        links: Links,
        least: FloatArray,
        greatest: FloatArray,
        truth: FloatArray,
        items: Items,
        done: Protection,
        targets: IntArray,
        complements: IntArray | None,
        seconds: float,
    ) -> None:
        self.least, self.greatest, self.items, self.done = least, greatest, items, done
        low, high = what_is_published(least, greatest, items, done)
        bounded = (low > 0) | (high < NO_LIMIT)
        self.all = zones_of(links, low, high, truth, targets, bounded, complements)
        self.zones, self.left, self.row = simpler(self.all, zeros_hold=False)
        self.columns = self.all.rows.tocsc()
        self.sums = np.asarray(self.all.rows @ self.all.truth).ravel()
        ways = ways_of(self.zones.splits, self.zones.truth.size)
        self.moves = Moves(self.zones, seconds, ways, self._prices(bounded))

    def _prices(self, bounded: BoolArray) -> FloatArray:
        """Give what it costs to break each sum, by one person: what is lost with all counts that are this sum."""
        counts = self.all.counts
        of_count = self.items.of_count[counts]
        price = np.full(counts.size, np.inf)
        released = np.flatnonzero(of_count >= 0)
        item = of_count[released]
        hidden = self.done.hidden[item]
        loss = BREAKING * (1.0 + np.log1p(self.items.cost[item])) * np.where(hidden, LEAVING_OUT, 1.0)
        can = (~hidden | self.items.small[item]) & ~self.done.withheld[self.items.row[item]]
        price[released[can]] = loss[can]
        price[~bounded[counts]] = 0.0
        prices = np.full(self.zones.rows.shape[0], np.inf)
        published = int(self.row.max(initial=-1)) + 1
        prices[:published] = np.bincount(self.row, price, minlength=published)
        return prices

    def make(self, seen: Seen) -> tuple[IntArray, IntArray]:
        """Open what binds each count that is open; give those not seen to be safe, and those nothing was found for."""
        stuck = []
        for place in np.flatnonzero(seen.open()).tolist():
            before = self._done()
            while seen.open()[place] and self._open(place, seen):
                pass
            if seen.open()[place] and self._done() == before:
                stuck.append(place)
        return np.flatnonzero(seen.open()), np.array(stuck, dtype=np.int64)

    def _done(self) -> int:
        """Count the items that are hidden and the rows that are left out."""
        return int(self.done.hidden.sum() + self.done.withheld.sum())

    def _open(self, place: int, seen: Seen) -> bool:
        """Open what binds one count, whichever way is cheaper; say whether it was then seen to have more values."""
        row = int(self.zones.targets[place])
        found = []
        for sign in (1.0, -1.0):
            goal = seen.goal(place, sign, float(self.zones.low[row]), float(self.zones.high[row]))
            one = self.moves.breaking(row, goal, sign) if goal is not None else None
            found += [one] if one is not None else []
        if not found:
            return False
        value, rows, _ = min(found, key=lambda one: one[2])
        sums = None if value is None else self._sums(value)
        broken = np.flatnonzero(np.isin(self.row, rows) if sums is None else self._breaks(sums))
        self._hide(self.all.counts[broken[broken < self.all.counts.size]])
        if sums is None or self._breaks(sums).any():
            return False
        seen.see(sums[self.all.targets])
        return True

    def _sums(self, value: FloatArray) -> FloatArray:
        """Give every sum of the release for one set of zones."""
        change = value - self.zones.truth
        moved = np.flatnonzero(change)
        sums: FloatArray = self.sums + np.asarray(self.columns[:, self.left[moved]] @ change[moved]).ravel()
        return sums

    def _breaks(self, sums: FloatArray) -> BoolArray:
        """Say which sums are not as the release says."""
        low, high = self.all.low.copy(), self.all.high.copy()
        published = what_is_published(self.least, self.greatest, self.items, self.done)
        low[: self.all.counts.size], high[: self.all.counts.size] = (one[self.all.counts] for one in published)
        broken: BoolArray = (sums < low - _CLOSE) | (sums > high + _CLOSE)
        return broken

    def _hide(self, counts: IntArray) -> None:
        """Hide the items of some counts; where they are hidden already, leave their rows out."""
        of_count = self.items.of_count[counts]
        for item in of_count[of_count >= 0].tolist():
            if not self.done.hidden[item]:
                _hide(item, self.items, self.done.hidden)
            elif self.items.small[item]:
                self.done.withheld[self.items.row[item]] = True
        if counts.size:
            self._widen()

    def _widen(self) -> None:
        """Tell the programme what is not published any more."""
        low, high = what_is_published(self.least, self.greatest, self.items, self.done)
        published = int(self.row.max(initial=-1)) + 1
        least, most = self.zones.low.copy(), self.zones.high.copy()
        least[:published], most[:published] = -np.inf, np.inf
        np.maximum.at(least, self.row, low[self.all.counts])
        np.minimum.at(most, self.row, high[self.all.counts])
        self.moves.widen(least, most)


def _hide_beside(links: Links, unsafe: IntArray, items: Items, done: Protection) -> None:
    """Hide, for each unsafe count, the cheapest item in a sum with it; if all are hidden, leave a row out."""
    chosen: set[int] = set()
    rows: set[int] = set()
    for count in unsafe.tolist():
        beside = _beside(links, count)
        if (can := _can_be_hidden(beside, items, done)).size:
            if not chosen & set(can.tolist()):
                chosen.add(int(can[np.argmin(items.cost[can])]))
        else:
            marked = _can_be_left_out(beside, items, done)
            if marked.size and not rows & set(items.row[marked].tolist()):
                rows.add(int(items.row[marked[np.argmin(items.cost[marked])]]))
    for item in chosen:
        _hide(item, items, done.hidden)
    done.withheld[sorted(rows)] = True


def _leave_out(counts: IntArray, items: Items, done: Protection) -> None:
    """Leave the rows of some counts out, where that is allowed."""
    found = items.of_count[counts]
    found = found[found >= 0]
    done.withheld[items.row[found[np.isfinite(items.cost[found])]]] = True


def _beside(links: Links, count: int) -> IntArray:
    """Give the counts that stand in a sum with a count."""
    index = links.index
    sums = np.unique(links.equation[index.of_counts(np.array([count]))])
    return np.unique(links.member[index.of_equations(sums)])
