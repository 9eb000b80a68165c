"""The ways in which the people behind a release could be others: one more person, or one counted who was left over.

A person who is counted in a whole is counted, or left over, in each measure of it: that is a split. Moving whole
people in place of single zones keeps all of these sums, so that an attack has far fewer of them to look after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics._marks import Matrix, marks_of_columns
from metrics.disclosure_linked import Links

#: A zone that is no zone any more, as it can only be 0.
NONE = -1


@dataclass(frozen=True, slots=True)
class Splits:
    """Which counts are split in two, and the zones that each stands for.

    Attributes
    ----------
    of : array of int, shape (splits, 3)
        The whole, those counted and those left over; counts of which a sum says that they are the same are one.
    leaf, zone : arrays of int, shape (leaves,)
        A count, and a zone that has one person more where it has; ``NONE`` where the zone can only be 0.
    """

    of: IntArray
    leaf: IntArray
    zone: IntArray

    def with_zones(self, number: IntArray) -> Splits:
        """Number the zones anew."""
        return Splits(self.of, self.leaf, np.where(self.zone == NONE, NONE, number[self.zone]))


NO_SPLITS: Final = Splits(*(np.zeros(shape, dtype=np.int64) for shape in ((0, 3), 0, 0)))


def splits_of(links: Links, complements: IntArray | None, leaf: IntArray, zone: IntArray) -> Splits:
    """Find the sums of those counted and those left over.

    ``leaf`` has the leaf of each count and ``zone`` the zone of each leaf, both ``NONE`` where there is none.
    """
    same = _same_counts(links)
    own = np.flatnonzero(leaf >= 0)
    own = own[zone[leaf[own]] >= 0]
    pairs = np.zeros((0, 2), dtype=np.int64) if complements is None else np.sort(same[complements], axis=1)
    size = np.bincount(links.equation, minlength=links.equations)
    total = links.sign < 0
    totals = np.bincount(links.equation[total], minlength=links.equations)
    three = (size == 3) & (totals == 1)
    order = np.lexsort((total, links.equation))
    order = order[three[links.equation[order]]]
    sums = same[links.member[order]].reshape(-1, 3)
    keys = np.sort(sums[:, :2], axis=1) @ np.array([links.counts, 1])
    first = {int(key): place for place, key in enumerate(pairs @ np.array([links.counts, 1]))}
    counted = np.zeros(0, dtype=np.int64) if complements is None else same[complements[:, 0]]
    found = set()
    for key, (one, other, whole) in zip(keys.tolist(), sums.tolist(), strict=True):
        if (place := first.get(key)) is not None:
            part = int(counted[place])
            found.add((whole, part, other if part == one else one))
    of = np.array(sorted(found), dtype=np.int64).reshape(-1, 3)
    return Splits(of, same[own], zone[leaf[own]].astype(np.int64))


def _same_counts(links: Links) -> IntArray:
    """Number counts so that those of which a sum says that they are the same have one number."""
    size = np.bincount(links.equation, minlength=links.equations)
    signs = np.bincount(links.equation, links.sign, minlength=links.equations)
    pairs = (size == 2) & (np.abs(signs) < 0.5)
    entries = np.flatnonzero(pairs[links.equation])
    ends = links.member[entries[np.argsort(links.equation[entries], kind="stable")]].reshape(-1, 2)
    shape = (links.counts, links.counts)
    graph = sp.csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=shape)
    same: IntArray = connected_components(graph, directed=False)[1].astype(np.int64)
    return same


def ways_of(splits: Splits, zones: int) -> Matrix:
    """Write each way as what every zone gains by it; shape (zones, ways).

    One person more in a whole that is part of no other is left over in each of its measures, where that may be; and
    one who is left over is counted. Zones that no split has to do with gain by themselves.
    """
    people = _People(splits)
    found = [dict.fromkeys(people.gains(whole) or (), 1.0) for whole in people.tops()]
    found += [people.exchange(part) for part in people.left_over]
    gains = _matrix(found, zones)
    alone = np.flatnonzero(np.diff(gains.tocsr().indptr) == 0)
    ones = sp.csc_matrix((np.ones(alone.size), (alone, np.arange(alone.size))), shape=(zones, alone.size))
    ways = sp.hstack([gains, ones]).tocsc()
    _, first = np.unique(marks_of_columns(ways), return_index=True)
    return ways[:, np.sort(first)]


def exchanging(ways: Matrix) -> BoolArray:
    """Say which ways are an exchange between two zones: then no whole changes."""
    size = np.diff(ways.indptr)
    gains = np.asarray(ways.sum(axis=0)).ravel()
    both: BoolArray = (size == 2) & (np.abs(gains) < 0.5)
    return both


def room(ways: Matrix, truth: FloatArray, alone: BoolArray, sign: float, far: float) -> FloatArray:
    """Give how far each way can be gone until a zone that only it changes is 0; ``sign`` -1 for the way back."""
    limit = np.where(alone[ways.indices] & (sign * ways.data < 0), truth[ways.indices] / np.abs(ways.data), far)
    found = np.full(ways.shape[1], far)
    np.minimum.at(found, np.repeat(np.arange(ways.shape[1]), np.diff(ways.indptr)), np.floor(limit))
    return found


class _People:
    """Who gains with whom, worked out once for each count."""

    def __init__(self, splits: Splits) -> None:
        self.zones: dict[int, list[int]] = {}
        for count, zone in zip(splits.leaf.tolist(), splits.zone.tolist(), strict=True):
            self.zones.setdefault(count, []).append(zone)
        self.splits: dict[int, list[tuple[int, int]]] = {}
        self.left_over: dict[int, list[int]] = {}
        for whole, part, rest in splits.of.tolist():
            self.splits.setdefault(whole, []).append((part, rest))
            self.left_over.setdefault(part, []).append(rest)
        self.known: dict[int, frozenset[int] | None] = {}

    def tops(self) -> list[int]:
        """List the counts that are part of no other."""
        parts = {count for pairs in self.splits.values() for pair in pairs for count in pair}
        return [count for count in {**self.zones, **self.splits} if count not in parts]

    def gains(self, count: int) -> frozenset[int] | None:
        """Give the zones that gain with a count, none where it is a sum of others; None where it can only be 0."""
        if count not in self.known:
            self.known[count] = frozenset()  # sums in a circle end here
            self.known[count] = self._gains(count)
        return self.known[count]

    def _gains(self, count: int) -> frozenset[int] | None:
        own = self.zones.get(count, [])
        if NONE in own:
            return None
        gained = set(own)
        for part, rest in self.splits.get(count, ()):
            left_over = self.gains(rest)
            gains = self.gains(part) if left_over is None else left_over
            if not gains:
                return gains  # it can only be 0, or is a sum of others
            gained |= gains
        return frozenset(gained)

    def exchange(self, part: int) -> dict[int, float]:
        """Give what one person gains for those counted, and takes from those left over in each whole of theirs.

        Those left over in a wider whole follow from the others where they are a sum: then they take nothing more.
        """
        counted, *left_over = (self.gains(count) for count in (part, *self.left_over[part]))
        if not counted or None in left_over or not any(left_over):
            return {}
        gained = dict.fromkeys(counted, 1.0)
        for zones in left_over:
            for zone in zones or ():
                gained[zone] = gained.get(zone, 0.0) - 1.0
        return {zone: gain for zone, gain in gained.items() if gain}


def _matrix(found: list[dict[int, float]], zones: int) -> Matrix:
    filled = [one for one in found if one]
    column = np.repeat(np.arange(len(filled)), [len(one) for one in filled])
    zone = np.array([place for one in filled for place in one], dtype=np.int64)
    gain = np.array([value for one in filled for value in one.values()])
    return sp.csc_matrix((gain, (zone, column)), shape=(zones, len(filled)))
