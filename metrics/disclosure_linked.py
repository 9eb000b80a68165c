"""Complementary suppression over tables that share counts: what a reader can work out, and what more to hide.

Every count of every table that is released is one variable; every sum that holds between counts is an equation.
A reader knows of each count the range that its publication leaves open. ``propagated_intervals`` follows every
equation until no range narrows any more: quick, and never too wide a claim, because a count lies within the range
found. ``complementary_suppression`` hides further counts until every hidden one keeps enough values.
The exact attack is ``metrics.disclosure_audit``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from metrics._checks import BoolArray, FloatArray

IntArray = npt.NDArray[np.int64]
#: Stands for "no limit": larger than any count of people here, small enough to add up exactly.
NO_LIMIT: Final = 1e9
_CLOSE: Final = 1e-6
_ALL: Final = slice(None)
#: Counts, and the least and greatest that was known of them before.
_Noted = list[tuple[IntArray, FloatArray, FloatArray]]


@dataclass(frozen=True)
class Links:
    """Sums that hold between counts: in each equation the signed counts add up to 0.

    Attributes
    ----------
    equation, member : arrays of int, shape (entries,)
        Entry ``k`` says that count ``member[k]`` stands in equation ``equation[k]``.
    sign : array of float, shape (entries,)
        1 for a part, -1 for a total.
    counts, equations : int
        How many counts and equations there are.
    """

    equation: IntArray
    member: IntArray
    sign: FloatArray
    counts: int
    equations: int

    @cached_property
    def index(self) -> _Index:
        """Find entries quickly by equation and by count."""
        return _Index(
            *_grouped(self.equation, self.equations),
            *_grouped(self.member, self.counts),
        )


@dataclass(frozen=True, slots=True)
class _Index:
    by_equation: IntArray
    equation_from: IntArray
    by_count: IntArray
    count_from: IntArray

    def of_equations(self, some: IntArray) -> IntArray:
        return _take(self.by_equation, self.equation_from, some)

    def of_counts(self, some: IntArray) -> IntArray:
        return _take(self.by_count, self.count_from, some)


def _grouped(keys: IntArray, size: int) -> tuple[IntArray, IntArray]:
    order = np.argsort(keys, kind="stable")
    return order, np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=size))]).astype(np.int64)


def _take(order: IntArray, start: IntArray, some: IntArray) -> IntArray:
    lengths = start[some + 1] - start[some]
    offsets = np.repeat(start[some] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    taken: IntArray = order[np.arange(lengths.sum()) + offsets]
    return taken


def propagated_intervals(
    links: Links,
    least: FloatArray,
    greatest: FloatArray,
    *,
    changed: IntArray | None = None,
    rounds: int = 200,
) -> tuple[FloatArray, FloatArray]:
    """Narrow the range of every count by every sum it stands in, until nothing narrows any more.

    Parameters
    ----------
    links : Links
        The sums.
    least, greatest : arrays of float, shape (counts,)
        What is known of each count (people); ``NO_LIMIT`` where nothing limits it.
    changed : array of int, optional
        Counts whose range was narrowed since the other ranges were last worked out; all when left out.
    rounds : int
        Most passes; each only looks at sums in which something has changed.

    Returns
    -------
    tuple of two arrays of float, shape (counts,)
        The least and greatest value each count can have. Every consistent set of counts lies within; the ends
        themselves need not be reachable, because each sum is looked at by itself.

    Raises
    ------
    ValueError
        If what is known contradicts itself.

    Notes
    -----
    Zero is a count like any other. Missing counts are unlimited ones. Ties do not arise.
    Verified against: exhaustive integer programming (``tests/metrics/test_disclosure_linked.py``).

    References
    ----------
    Davis E (1987), Constraint propagation with interval labels, Artificial Intelligence 32:281-331.

    Examples
    --------
    >>> total = Links(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]), 3, 1)
    >>> [ends.tolist() for ends in propagated_intervals(total, np.array([1.0, 8, 18]), np.array([7.0, 12, 22]))]
    [[6.0, 11.0, 18.0], [7.0, 12.0, 19.0]]
    """
    low, high = least.astype(float), greatest.astype(float)
    index = links.index
    active = np.arange(links.equations) if changed is None else np.unique(links.equation[index.of_counts(changed)])
    _follow(links, active, low, high, rounds)
    if np.any(low > high + _CLOSE):
        raise ValueError("least and greatest must hold one consistent set of counts; found a contradiction")
    return low, high


def _widened(
    links: Links,
    known: tuple[FloatArray, FloatArray],
    before: tuple[FloatArray, FloatArray],
    published: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Work out again what is known once some counts are published less closely.

    Only ranges that rest on these counts can widen: those that a sum with one of them binds, those that a sum with one
    of those binds, and so on. They begin again with what is published; all others stay as they are.
    """
    index, (low, high) = links.index, published
    reach = np.flatnonzero((low < before[0] - _CLOSE) | (high > before[1] + _CLOSE))
    wider = np.zeros(links.counts, dtype=np.bool_)
    wider[reach] = True
    narrowed = (known[0] > low + _CLOSE), (known[1] < high - _CLOSE)
    while reach.size:
        entries = index.of_equations(_distinct(links.equation[index.of_counts(reach)], links.equations))
        member = links.member[entries]
        up, down = _implied(links, entries, *known)
        binds = (narrowed[0][member] & (down >= known[0][member] - _CLOSE)) | (
            narrowed[1][member] & (up <= known[1][member] + _CLOSE)
        )
        reach = _distinct(member[binds & ~wider[member]], links.counts)
        wider[reach] = True
    low, high = np.where(wider, low, known[0]), np.where(wider, high, known[1])
    again = np.flatnonzero(wider)
    _follow(links, _distinct(links.equation[index.of_counts(again)], links.equations), low, high)
    if np.any(low > high + _CLOSE):
        raise ValueError("least and greatest must hold one consistent set of counts; found a contradiction")
    return low, high


def _follow(
    links: Links, active: IntArray, low: FloatArray, high: FloatArray, rounds: int = 200, noted: _Noted | None = None
) -> None:
    """Narrow ``low`` and ``high`` in place, from some equations on, until nothing narrows any more."""
    index = links.index
    for _ in range(rounds):
        if not active.size:
            break
        moved = _narrow(links, index.of_equations(active), low, high, noted)
        active = _distinct(links.equation[index.of_counts(moved)], links.equations)


def _narrow(
    links: Links, entries: IntArray, low: FloatArray, high: FloatArray, noted: _Noted | None = None
) -> IntArray:
    """Narrow ``low`` and ``high`` in place by some entries' equations; give the counts that moved.

    What they were before is noted, if wanted, so that it can be put back.
    """
    member = links.member[entries]
    up, down = _implied(links, entries, low, high)
    old_low, old_high = low[member], high[member]
    if noted is not None:
        noted.append((member, old_low, old_high))
    np.minimum.at(high, member, up)
    np.maximum.at(low, member, down)
    return _distinct(member[(high[member] < old_high - _CLOSE) | (low[member] > old_low + _CLOSE)], links.counts)


def _distinct(places: IntArray, size: int) -> IntArray:
    """Give each place once, in order; many of them are ticked off in a list of all, which is quicker than sorting."""
    if places.size < size // 50:
        return np.unique(places)
    seen = np.zeros(size, dtype=np.bool_)
    seen[places] = True
    return np.flatnonzero(seen)


def _implied(links: Links, entries: IntArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the greatest and least value that each entry's sum by itself leaves its count.

    Whole sums must be given, one after the other.
    """
    if not entries.size:
        return np.zeros(0), np.zeros(0)
    member, part = links.member[entries], links.sign[entries] > 0
    smallest = np.where(part, low[member], -high[member])
    largest = np.where(part, high[member], -low[member])
    new = np.ones(entries.size, dtype=np.bool_)
    new[1:] = np.diff(links.equation[entries]) != 0
    place, starts = np.cumsum(new) - 1, np.flatnonzero(new)
    rest_smallest = np.add.reduceat(smallest, starts)[place] - smallest
    rest_largest = np.add.reduceat(largest, starts)[place] - largest
    return np.where(part, -rest_smallest, rest_largest), np.where(part, -rest_largest, rest_smallest)


@dataclass(frozen=True, slots=True)
class Items:
    """What can be hidden, and what must stay uncertain.

    Attributes
    ----------
    of_count : array of int, shape (counts,)
        The item that each count belongs to; -1 where a count is not released at all.
    row : array of int, shape (items,)
        The row of the release that each item stands in; rows count from 0.
    cost : array of float, shape (items,)
        What is lost by hiding an item; infinite where it must stay.
    needs : array of int, shape (items,)
        Another item that must be hidden with this one; -1 for none.
    small : array of bool, shape (items,)
        Items hidden to begin with, because they are small.
    sensitive : array of bool, shape (counts,)
        Counts that must stay uncertain even where nothing of their row is released.
    known : tuple of two arrays of float, shape (counts,), optional
        The least and greatest value that a reader knows of each count from elsewhere, whatever is hidden here.
    given_away : array of bool, shape (counts,), optional
        Counts that are known too well whatever is hidden here: nothing is hidden for their sake.
    """

    of_count: IntArray
    row: IntArray
    cost: FloatArray
    needs: IntArray
    small: BoolArray
    sensitive: BoolArray
    known: tuple[FloatArray, FloatArray] | None = None
    given_away: BoolArray | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """What is done to protect.

    Attributes
    ----------
    hidden : array of bool, shape (items,)
        Items whose counts are replaced by a mark, the small ones included.
    withheld : array of bool, shape (rows,)
        Rows that are left out altogether, because even a mark, which says "small", would tell too much.
    """

    hidden: BoolArray
    withheld: BoolArray


def complementary_suppression(
    links: Links,
    least: FloatArray,
    greatest: FloatArray,
    items: Items,
    *,
    needed: int = 5,
    prune: bool = True,
    start: Protection | None = None,
) -> Protection:
    """Hide further items until every hidden count could still be at least ``needed`` different values.

    Parameters
    ----------
    links : Links
        Every sum that holds between counts, over all tables released.
    least, greatest : arrays of float, shape (counts,)
        What the publication says of each count, with only the small items hidden.
    items : Items
        What can be hidden, what that costs, and what is hidden already.
    needed : int
        Different values that each hidden count must keep; 2 or more.
    prune : bool
        Show again what turned out not to be needed, dearest first, so that no single item could be shown again.
    start : Protection, optional
        What to begin with, such as what protects each of several tables by itself; otherwise only the small items.

    Returns
    -------
    Protection
        Items to hide, the small ones included, and rows to leave out.

    Raises
    ------
    ValueError
        If a count cannot be protected by hiding or leaving out anything, or ``needed`` is below 2.

    Notes
    -----
    A reader is taken to know which items are hidden because they are small: hiding is then monotone, that is, hiding
    more never tells more. Where a year of 7 at most has four hidden quarters of 1 at least, no quarter exceeds 4
    whatever else is hidden: then a row is left out. The ranges are those of ``propagated_intervals``. Zero and ties
    are counts and costs like any other; a missing count is no count.
    Verified against: integer programming on random tables (``tests/metrics/test_disclosure_linked.py``).

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027; Willenborg L, de Waal T (2001), Elements of
    Statistical Disclosure Control.

    Examples
    --------
    >>> total = Links(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]), 3, 1)
    >>> small = np.array([True, False, False])
    >>> each = Items(np.arange(3), np.arange(3), np.array([1.0, 2.0, 9.0]), np.full(3, -1), small, small)
    >>> complementary_suppression(total, np.array([1.0, 8, 18]), np.array([7.0, 12, 22]), each).hidden.tolist()
    [True, True, False]
    """
    if needed < 2:
        raise ValueError(f"needed must be at least 2; found {needed}")
    done = Protection(items.small.copy(), np.zeros(int(items.row.max(initial=-1)) + 1, dtype=np.bool_))
    if start is not None:
        done = Protection(done.hidden | start.hidden, start.withheld.copy())
    published = what_is_published(least, greatest, items, done)
    known = propagated_intervals(links, *published)
    while (failing := narrow_counts(*known, items, done, needed)).size:
        _hide_more(links, known, failing, items, done)
        before, published = published, what_is_published(least, greatest, items, done)
        known = _widened(links, known, before, published)
    return _shown_again(links, least, greatest, items, done, needed) if prune else done


def narrow_counts(low: FloatArray, high: FloatArray, items: Items, done: Protection, needed: int) -> IntArray:
    """List the counts that must stay uncertain and are known to fewer than ``needed`` values.

    Parameters
    ----------
    low, high : arrays of float, shape (counts,)
        The least and greatest value that each count can have (people).
    items : Items
        What can be hidden, and which counts are sensitive.
    done : Protection
        What is hidden and left out.
    needed : int
        Different values that each hidden count must keep.

    Returns
    -------
    array of int
        Positions of hidden counts, and of sensitive ones in rows that are not released, with fewer values left.

    Raises
    ------
    ValueError
        Never; ranges that contradict themselves have no values left, and are listed.

    Notes
    -----
    Values are whole numbers, both ends included. Zero is a value. A missing limit is ``NO_LIMIT``; ties do not arise.
    Verified against: worked ranges (``tests/metrics/test_disclosure_linked.py``).

    References
    ----------
    Willenborg L, de Waal T (2001), Elements of Statistical Disclosure Control (protection intervals).

    Examples
    --------
    >>> hidden = np.array([True, True])
    >>> each = Items(np.arange(2), np.arange(2), np.ones(2), np.full(2, -1), hidden, hidden)
    >>> done = Protection(hidden, np.zeros(2, dtype=bool))
    >>> narrow_counts(np.array([1.0, 1]), np.array([4.0, 5]), each, done, 5).tolist()
    [0]
    """
    values = np.floor(high + _CLOSE) - np.ceil(low - _CLOSE) + 1
    return np.flatnonzero(_covered(items, done) & (values < needed))


def _covered(items: Items, done: Protection, counts: IntArray | slice = _ALL) -> BoolArray:
    """Say which of some counts must stay uncertain: those behind a mark, and the sensitive ones not given at all."""
    of_count = items.of_count[counts]
    released = of_count >= 0
    covered = items.sensitive[counts].copy()
    mine = of_count[released]
    covered[released] = np.where(done.withheld[items.row[mine]], covered[released], done.hidden[mine])
    return covered if items.given_away is None else covered & ~items.given_away[counts]


def what_is_published(
    least: FloatArray, greatest: FloatArray, items: Items, done: Protection
) -> tuple[FloatArray, FloatArray]:
    """Open the counts of items hidden beside the small ones, and of rows left out.

    Parameters
    ----------
    least, greatest : arrays of float, shape (counts,)
        What the publication says of each count (people) with only the small items hidden.
    items : Items
        What can be hidden.
    done : Protection
        What is hidden and left out.

    Returns
    -------
    tuple of two arrays of float, shape (counts,)
        What a reader knows of each count: where nothing is said of it any more, what is known from elsewhere, else 0
        to ``NO_LIMIT``.

    Raises
    ------
    ValueError
        Never.

    Notes
    -----
    A small item keeps its range, because its mark says that it is small. Zero, missing counts and ties are as given.
    Verified against: worked ranges (``tests/metrics/test_disclosure_linked.py``).

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027.

    Examples
    --------
    >>> each = Items(np.arange(2), np.arange(2), np.ones(2), np.full(2, -1), np.array([True, False]), np.ones(2, bool))
    >>> done = Protection(np.array([True, True]), np.zeros(2, dtype=bool))
    >>> [ends.tolist() for ends in what_is_published(np.array([1.0, 8]), np.array([7.0, 12]), each, done)]
    [[1.0, 0.0], [7.0, 1000000000.0]]
    """
    return _published(least, greatest, items, done, _ALL)


def _published(
    least: FloatArray, greatest: FloatArray, items: Items, done: Protection, counts: IntArray | slice
) -> tuple[FloatArray, FloatArray]:
    """Give what is published of some counts."""
    of_count = items.of_count[counts]
    released = of_count >= 0
    mine = of_count[released]
    opened = np.zeros(of_count.size, dtype=np.bool_)
    opened[released] = (done.hidden[mine] & ~items.small[mine]) | done.withheld[items.row[mine]]
    low, high = np.where(opened, 0.0, least[counts]), np.where(opened, NO_LIMIT, greatest[counts])
    if items.known is None:
        return low, high
    return np.maximum(low, items.known[0][counts]), np.minimum(high, items.known[1][counts])


def _hide_more(
    links: Links, known: tuple[FloatArray, FloatArray], failing: IntArray, items: Items, done: Protection
) -> None:
    """Hide, for each count known too well, the cheapest item in a sum that narrows it; else leave a row out."""
    chosen: set[int] = set()
    rows: set[int] = set()
    for count in failing:
        candidates, whole_rows = _candidates(links, int(count), known, items, done)
        cheapest = int(candidates[np.argmin(items.cost[candidates])])
        if whole_rows and not rows & set(items.row[candidates].tolist()):
            rows.add(int(items.row[cheapest]))
        if not whole_rows and not chosen & set(candidates.tolist()):
            chosen.add(cheapest)
    for item in chosen:
        _hide(item, items, done.hidden)
    done.withheld[sorted(rows)] = True


def _candidates(
    links: Links, count: int, known: tuple[FloatArray, FloatArray], items: Items, done: Protection
) -> tuple[IntArray, bool]:
    """Give the items near a count that can be hidden, or else those whose rows can be left out, and which it is."""
    marked = None
    for far, steps in ((False, _narrowing), (True, _connected)):
        if far and marked is not None:
            break
        for members in steps(links, links.index, count, known):
            if (found := _can_be_hidden(members, items, done)).size:
                return found, False
            if marked is None and (found := _can_be_left_out(members, items, done)).size:
                marked = found
    if marked is None:
        raise ValueError(f"counts must be such that hiding protects them; found count {count}")
    return marked, True


def _hide(item: int, items: Items, hidden: BoolArray) -> None:
    while item >= 0 and not hidden[item]:
        hidden[item] = True
        item = int(items.needs[item])


def _narrowing(
    links: Links, index: _Index, count: int, known: tuple[FloatArray, FloatArray], depth: int = 5
) -> Iterator[IntArray]:
    """Give the counts that stand in sums which narrow a count; then those that narrow these; and so on."""
    reach, seen = np.array([count]), np.array([count])
    for _ in range(depth):
        narrowing = _binding(links, index, index.of_counts(reach), known)
        members = np.unique(links.member[index.of_equations(narrowing)])
        yield members
        reach = np.setdiff1d(members, seen)
        seen = np.union1d(seen, reach)
        if not reach.size:
            break
    every = np.unique(links.equation[index.of_counts(np.array([count]))])
    yield np.unique(links.member[index.of_equations(every)])


def _connected(
    links: Links,
    index: _Index,
    count: int,
    known: tuple[FloatArray, FloatArray],  # noqa: ARG001
) -> Iterator[IntArray]:
    """Give the counts that stand in any sum with a count; then those in sums with these; and so on to the last."""
    reach, seen = np.array([count]), np.array([count])
    while reach.size:
        members = np.unique(links.member[index.of_equations(np.unique(links.equation[index.of_counts(reach)]))])
        yield members
        reach = np.setdiff1d(members, seen)
        seen = np.union1d(seen, reach)


def _binding(links: Links, index: _Index, entries: IntArray, known: tuple[FloatArray, FloatArray]) -> IntArray:
    """Find the equations of some entries that by themselves give their count the range it has."""
    every = index.of_equations(np.unique(links.equation[entries]))
    up, down = _implied(links, every, *known)
    member = links.member[every]
    tight = (up <= known[1][member] + _CLOSE) | (down >= known[0][member] - _CLOSE)
    binding: IntArray = np.unique(links.equation[every[tight & np.isin(every, entries)]])
    return binding


def _can_be_hidden(members: IntArray, items: Items, done: Protection) -> IntArray:
    found = np.unique(items.of_count[members])
    found = found[found >= 0]
    can: IntArray = found[~done.hidden[found] & ~done.withheld[items.row[found]] & np.isfinite(items.cost[found])]
    return can


def _can_be_left_out(members: IntArray, items: Items, done: Protection) -> IntArray:
    found = np.unique(items.of_count[members])
    found = found[found >= 0]
    can: IntArray = found[~done.withheld[items.row[found]] & np.isfinite(items.cost[found])]
    return can


def _shown_again(
    links: Links, least: FloatArray, greatest: FloatArray, items: Items, done: Protection, needed: int
) -> Protection:
    """Show again, dearest first, every row and item that nothing needs to be hidden.

    What was needed only for the sake of something that is shown again itself is tried once more.
    """
    done = Protection(done.hidden.copy(), done.withheld.copy())
    known = propagated_intervals(links, *what_is_published(least, greatest, items, done))
    trial = _Trial(links, least, greatest, items, done, needed, *known)
    waiting = _measures(items, done)
    tried = len(waiting) + 1
    while waiting and tried > len(waiting):
        tried, kept = len(waiting), []
        for flags, places in waiting:
            told = trial.without(flags, places)
            if told.size:
                kept.append((flags, places, told))
        covered = _covered(items, done)
        waiting = [(flags, places) for flags, places, told in kept if not covered[told].any()]
    return done


def _measures(items: Items, done: Protection) -> list[tuple[BoolArray, IntArray]]:
    """List what was done beside hiding the small items: rows left out; items hidden, with those that need them."""
    rows = [(done.withheld, np.array([row])) for row in np.flatnonzero(done.withheld)]
    more = np.flatnonzero(done.hidden & ~items.small)
    needing = _grouped(items.needs + 1, items.row.size + 1)
    together = [_with_those_that_need(item, needing) for item in more[np.argsort(-items.cost[more], kind="stable")]]
    return [*rows, *((done.hidden, places) for places in together if not items.small[places].any())]


def _with_those_that_need(item: int, needing: tuple[IntArray, IntArray]) -> IntArray:
    found = more = np.array([item])
    while (more := np.setdiff1d(_take(*needing, more + 1), found)).size:
        found = np.concatenate([found, more])
    return found


@dataclass(frozen=True)
class _Trial:
    """What is known, ``low`` to ``high``, while measures are tried without: changed in place."""

    links: Links
    least: FloatArray
    greatest: FloatArray
    items: Items
    done: Protection
    needed: int
    low: FloatArray
    high: FloatArray

    @cached_property
    def counts_of_items(self) -> tuple[IntArray, IntArray]:
        """Find the counts of an item quickly; those of no item stand first."""
        return _grouped(self.items.of_count + 1, self.items.row.size + 1)

    @cached_property
    def items_of_rows(self) -> tuple[IntArray, IntArray]:
        """Find the items of a row quickly."""
        return _grouped(self.items.row, self.done.withheld.size)

    def without(self, flags: BoolArray, places: IntArray) -> IntArray:
        """Keep one measure undone where all stays uncertain enough; give the counts that it is needed for."""
        before = flags[places]
        flags[places] = False
        mine = places if flags is self.done.hidden else _take(*self.items_of_rows, places)
        counts = _take(*self.counts_of_items, mine + 1)
        low, high = _published(self.least, self.greatest, self.items, self.done, counts)
        back = counts[(low > self.low[counts] + _CLOSE) | (high < self.high[counts] - _CLOSE)]
        noted: _Noted = [(counts, self.low[counts], self.high[counts])]
        self.low[counts] = np.maximum(self.low[counts], low)
        self.high[counts] = np.minimum(self.high[counts], high)
        active = np.unique(self.links.equation[self.links.index.of_counts(back)])
        _follow(self.links, active, self.low, self.high, noted=noted)
        told = self._told(np.unique(np.concatenate([one for one, _, _ in noted])))
        if told.size:
            flags[places] = before
            for one, was_low, was_high in reversed(noted):
                self.low[one], self.high[one] = was_low, was_high
        return told

    def _told(self, counts: IntArray) -> IntArray:
        """Give those of some counts that must stay uncertain and are known too well."""
        low, high = self.low[counts], self.high[counts]
        if np.any(low > high + _CLOSE):
            raise ValueError("least and greatest must hold one consistent set of counts; found a contradiction")
        values = np.floor(high + _CLOSE) - np.ceil(low - _CLOSE) + 1
        told: IntArray = counts[_covered(self.items, self.done, counts) & (values < self.needed)]
        return told
