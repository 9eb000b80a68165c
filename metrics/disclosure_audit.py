"""An audit that attacks a release: how many values each hidden count could still have, by integer programming.

The attack knows everything that is released and every sum between counts. Counts that always appear together are one
zone; a release is a set of ranges over sums of zones. A hidden count is safe when two whole-number sets of zones, both
consistent with all that is released, give it values far enough apart. They are looked for near the count first, with
the zones further away held still, and at last among all zones: what is then not found does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics.disclosure_linked import NO_LIMIT, Links, propagated_intervals

#: How far to look, step by step: most zones that may move together, the most zones in a count that counts as near, and
#: how many zones of a wider count may move as well.
STEPS: Final = ((300, 16, 0), (700, 16, 5))
#: Sums of more counts than this do not make counts neighbours.
SHORT: Final = 16
#: Looks at many counts at once before each is asked about by itself; at how many, and with how many zones by chance.
SWEEPS: Final = 4
SWEPT: Final = 40
OTHERS: Final = 700
#: No zone needs to move further than this from its own count to show that a count is safe.
FAR: Final = 1000.0
_CLOSE: Final = 1e-6
Matrix = Any  # scipy.sparse.csr_matrix of float


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


@dataclass(frozen=True, slots=True)
class _Zones:
    """Ranges over sums of zones: ``low <= rows @ zones <= high``; the targets are some of the rows."""

    rows: Matrix
    low: FloatArray
    high: FloatArray
    truth: FloatArray
    targets: IntArray
    counts: IntArray
    of_counts: Matrix
    beside: Matrix


def attack_release(
    links: Links,
    least: FloatArray,
    greatest: FloatArray,
    truth: FloatArray,
    targets: IntArray,
    *,
    needed: int = 5,
    seconds: float = 120.0,
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

    Returns
    -------
    Attack

    Raises
    ------
    ValueError
        If the truth contradicts what is released, or the counts are not whole numbers.

    Notes
    -----
    Values between two reachable ones are taken to be reachable. Zero is a count like any other, missing counts are
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
    if np.any(np.abs(truth - np.round(truth)) > _CLOSE):
        raise ValueError("truth must hold whole counts; found a fraction")
    if np.any((truth < least - _CLOSE) | (truth > greatest + _CLOSE)):
        raise ValueError("truth must agree with what is released; found a count outside its range")
    low, high = propagated_intervals(links, least, greatest)
    published = (least > 0) | (greatest < NO_LIMIT)
    zones = _zones(links, low, high, truth, targets, published)
    found = _Found(truth[targets].copy(), truth[targets].copy(), needed, low[targets], high[targets])
    narrow = np.floor(high[targets] + _CLOSE) - np.ceil(low[targets] - _CLOSE) < needed - 1
    for step in STEPS:
        _look_near(zones, found, narrow, *step)
    _look_further(zones, found, narrow)
    undecided = _look_everywhere(zones, found, seconds)
    return Attack(found.least, found.greatest, ~found.open(), undecided)


@dataclass(slots=True)
class _Found:
    """The values that each target has been seen to have, within the range it can have at most."""

    least: FloatArray
    greatest: FloatArray
    needed: int
    low: FloatArray
    high: FloatArray

    def open(self) -> BoolArray:
        few: BoolArray = self.greatest - self.least < self.needed - 1 - _CLOSE
        return few

    def see(self, values: FloatArray, which: IntArray) -> None:
        self.least[which] = np.minimum(self.least[which], values)
        self.greatest[which] = np.maximum(self.greatest[which], values)


def _zones(
    links: Links, low: FloatArray, high: FloatArray, truth: FloatArray, targets: IntArray, published: BoolArray
) -> _Zones:
    """Write every published count and every target as a sum of zones."""
    parts, left_over = _in_leaves(links)
    wanted = published.copy()
    wanted[targets] = True
    chosen = np.flatnonzero(wanted)
    rows = sp.vstack([parts[chosen], left_over]).tocsr()
    weights = np.random.default_rng(20260401).random(rows.shape[0]) + 0.5
    signature = np.round(np.asarray(rows.T @ weights).ravel(), 9)
    kinds, first, kind = np.unique(signature, return_index=True, return_inverse=True)
    used = np.abs(kinds) > _CLOSE
    leaves = np.flatnonzero(np.diff(parts[:, :].tocsc().indptr) >= 0)
    leaf_truth = _leaf_truth(parts, truth, leaves)
    totals = np.bincount(kind, leaf_truth, minlength=kinds.size)[used]
    merged = rows.tocsc()[:, first[used]].tocsr()
    zone_of_leaf = np.where(used, np.cumsum(used) - 1, -1)[kind]
    kept = zone_of_leaf >= 0
    into_zones = sp.csr_matrix(
        (np.ones(kept.sum()), (np.flatnonzero(kept), zone_of_leaf[kept])), shape=(kind.size, int(used.sum()))
    )
    of_counts = (parts @ into_zones).tocsr()
    sizes = np.bincount(links.equation, minlength=links.equations)
    short = sizes[links.equation] <= SHORT
    stands = sp.csr_matrix(
        (np.ones(short.sum()), (links.equation[short], links.member[short])), shape=(links.equations, links.counts)
    )
    nothing = np.zeros(left_over.shape[0])
    place = np.full(links.counts, -1)
    place[chosen] = np.arange(chosen.size)
    bounds = np.concatenate([low[chosen], nothing]), np.concatenate([high[chosen], nothing])
    return _Zones(
        merged, *bounds, totals, place[targets].astype(np.int64), targets, of_counts, (stands.T @ stands).tocsr()
    )


def _leaf_truth(parts: Matrix, truth: FloatArray, leaves: IntArray) -> FloatArray:
    """Give the counts of the leaves: a leaf's own row is the one with only itself in it."""
    alone = np.flatnonzero(np.diff(parts.indptr) == 1)
    found = np.zeros(leaves.size)
    found[parts.indices[parts.indptr[alone]]] = truth[alone]
    return found


def _in_leaves(links: Links) -> tuple[Matrix, Matrix]:
    """Write each count as a sum of leaves, the counts that no sum defines, and give the sums left over.

    The first sum in which a count is the total defines it; every further one is a condition on the leaves.
    """
    total = np.full(links.equations, -1, dtype=np.int64)
    is_total = links.sign < 0
    total[links.equation[is_total]] = links.member[is_total]
    _, first = np.unique(total, return_index=True)
    defines = np.zeros(links.equations, dtype=np.bool_)
    defines[first] = True
    part = ~is_total & defines[links.equation]
    shape = (links.counts, links.counts)
    step = sp.csr_matrix((np.ones(part.sum()), (total[links.equation[part]], links.member[part])), shape=shape)
    leaf = np.ones(links.counts)
    leaf[total[defines]] = 0.0
    itself = sp.diags(leaf).tocsr()
    written, rest = itself, step
    while rest.nnz:
        written, rest = written + rest @ itself, rest @ step
    written = written.tocsc()[:, np.flatnonzero(leaf)].tocsr()
    other = ~defines[links.equation]
    names, place = np.unique(links.equation[other], return_inverse=True)
    sums = sp.csr_matrix((links.sign[other], (place, links.member[other])), shape=(names.size, links.counts))
    left_over = (sums @ written).tocsr()
    left_over.data[np.abs(left_over.data) < _CLOSE] = 0.0
    left_over.eliminate_zeros()
    return written, left_over[np.diff(left_over.indptr) > 0]


def _look_near(zones: _Zones, found: _Found, narrow: BoolArray, most: int, widest: int, few: int) -> None:
    """Look for values of each target by moving the zones around it, and keep all others as they are."""
    tried = narrow.copy()
    while (waiting := np.flatnonzero(found.open() & ~tried)).size:
        near = _neighbours(zones, int(zones.counts[waiting[0]]), most, widest, few)
        within = _inside(zones, near, waiting)
        solver = _Solver(zones, near)
        for some in [within, within, *np.split(within, within.size)]:
            tried[some] |= some.size == 1 or within.size == 1
            still = some[found.open()[some]]
            for value in _both_ways(solver, zones.targets[still], quick=True):
                _see_all(zones, found, value, np.flatnonzero(found.open()))


def _neighbours(zones: _Zones, count: int, most: int, widest: int, few: int) -> IntArray:
    """Give the zones of a count, and of the counts that stand in sums with it, and so on, up to a number of zones.

    Of the wide counts that are met on the way only a few zones are taken each, so that they can give way a little.
    """
    sizes = np.diff(zones.of_counts.indptr)
    near = np.unique(zones.of_counts[[count]].indices)
    seen = np.array([count])
    frontier, wide = seen, np.zeros(0, dtype=np.int64)
    while near.size < most and frontier.size:
        met = np.setdiff1d(np.unique(zones.beside[frontier].indices), seen)
        seen = np.union1d(seen, met)
        narrow = met[sizes[met] <= widest]
        wide = np.union1d(wide, met[sizes[met] > widest])
        near = np.union1d(near, np.setdiff1d(np.unique(zones.of_counts[narrow].indices), near)[: most - near.size])
        frontier = met if few else narrow
    parts = [_spread(zones.of_counts[[one]].indices, few) for one in wide] if few else []
    return np.unique(np.concatenate([near, *parts])).astype(np.int64)


def _spread(members: IntArray, few: int) -> IntArray:
    """Give a few zones of a wide count, spread over all of them."""
    return members[:: max(1, members.size // few)]


def _inside(zones: _Zones, near: IntArray, waiting: IntArray) -> IntArray:
    """Give the waiting targets all of whose zones may move; the first always belongs."""
    mine = zones.rows[zones.targets[waiting]]
    member = np.isin(mine.indices, near)
    inside = np.add.reduceat(member, mine.indptr[:-1]) == np.diff(mine.indptr) if mine.nnz else np.ones(0, bool)
    inside[0] = True
    chosen: IntArray = waiting[inside]
    return chosen


def _see_all(zones: _Zones, found: _Found, value: FloatArray, which: IntArray) -> None:
    """Note what one consistent set of zones says of some targets."""
    found.see(np.asarray(zones.rows[zones.targets[which]] @ value).ravel(), which)


def _both_ways(solver: _Solver, rows: IntArray, *, quick: bool = False) -> Iterator[FloatArray]:
    """Give a consistent set of zones with as much, and one with as little, in some rows as there can be."""
    for direction in (-1.0, 1.0) if rows.size else ():
        value = solver.solve(rows, direction, quick=quick)
        if value is not None:
            yield value


def _look_further(zones: _Zones, found: _Found, narrow: BoolArray) -> None:
    """Look for values of many targets at once, with the zones around them free to move and others by chance."""
    chance = np.random.default_rng(20260402)
    for _ in range(SWEEPS):
        waiting = np.flatnonzero(found.open() & ~narrow)
        if not waiting.size:
            return
        some = chance.choice(waiting, min(waiting.size, SWEPT), replace=False)
        near = [_neighbours(zones, int(zones.counts[place]), *STEPS[0]) for place in some]
        others = chance.choice(zones.truth.size, min(zones.truth.size, OTHERS), replace=False)
        solver = _Solver(zones, np.unique(np.concatenate([*near, others])).astype(np.int64))
        for share in (1.0, 0.5, 0.5, 0.25):
            still = some[found.open()[some]]
            picked = still[chance.random(still.size) < share]
            for value in _both_ways(solver, zones.targets[picked], quick=True):
                _see_all(zones, found, value, waiting)


def _look_everywhere(zones: _Zones, found: _Found, seconds: float) -> BoolArray:
    """Find the exact range of each target that is still open, with all zones free to move."""
    waiting = np.flatnonzero(found.open())
    undecided = np.zeros(zones.targets.size, dtype=np.bool_)
    if not waiting.size:
        return undecided
    solver = _Solver(zones, np.arange(zones.truth.size), seconds)
    for place in waiting:
        if not found.open()[place]:
            continue
        for quick in (True, False):
            solver.exact = True
            for value in _both_ways(solver, zones.targets[[place]], quick=quick):
                _see_all(zones, found, value, waiting)
            if not found.open()[place]:
                break
        undecided[place] = found.open()[place] and not solver.exact
    return undecided


class _Solver:
    """Whole-number programming over some zones, with all others held at one consistent set."""

    def __init__(self, zones: _Zones, free: IntArray, seconds: float = 10.0) -> None:
        import highspy

        self.zones, self.free, self.exact = zones, free, True
        self.program: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.program.setOptionValue("output_flag", False)
        self.seconds = seconds
        self.program.setOptionValue("threads", 1)
        own = zones.rows.tocsc()[:, free].tocsr()
        touched = np.flatnonzero(np.diff(own.indptr))
        self.columns = own
        matrix = own[touched].tocsc()
        held = (
            np.asarray(zones.rows[touched] @ zones.truth).ravel() - np.asarray(own[touched] @ zones.truth[free]).ravel()
        )
        limit = np.where(zones.high[touched] >= NO_LIMIT / 2, highspy.kHighsInf, zones.high[touched] - held)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = free.size, touched.size
        model.col_cost_ = np.zeros(free.size)
        model.col_lower_ = np.zeros(free.size)
        model.col_upper_ = zones.truth[free] + FAR
        model.row_lower_, model.row_upper_ = zones.low[touched] - held, limit
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            matrix.indptr,
            matrix.indices,
            matrix.data,
        )
        self.program.passModel(model)
        self.every = np.arange(free.size, dtype=np.int32)

    def solve(self, rows: IntArray, direction: float, *, quick: bool = False) -> FloatArray | None:
        """Make some rows' sum as small (direction 1) or as large (-1) as whole numbers allow; None if none is found.

        The quick way keeps the zones that are whole at the end of the broken numbers, and settles only the others.
        """
        cost = direction * np.asarray(self.columns[rows].sum(axis=0)).ravel()
        self.program.changeColsCost(self.free.size, self.every, cost)
        found = self._run()
        if found is None or np.all(np.abs(found - np.round(found)) < _CLOSE):
            return self._whole(found)
        broken = np.abs(found - np.round(found)) >= _CLOSE
        upper = self.zones.truth[self.free] + FAR
        if quick:
            self.program.changeColsBounds(
                self.free.size,
                self.every,
                np.where(broken, 0.0, np.round(found)),
                np.where(broken, upper, np.round(found)),
            )
        kinds = np.ones(self.free.size, dtype=np.uint8)
        self.program.changeColsIntegrality(self.free.size, self.every, kinds)
        exact = self.exact
        found = self._run()
        if quick:
            self.exact = exact
            self.program.changeColsBounds(self.free.size, self.every, np.zeros(self.free.size), upper)
        self.program.changeColsIntegrality(self.free.size, self.every, kinds * 0)
        return self._whole(found)

    def _run(self) -> FloatArray | None:
        import highspy

        # the programme's clock goes on from question to question
        self.program.setOptionValue("time_limit", self.program.getRunTime() + self.seconds)
        self.program.run()
        status = self.program.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.array(self.program.getSolution().col_value)
        self.exact = False
        return None

    def _whole(self, found: FloatArray | None) -> FloatArray | None:
        if found is None:
            return None
        value = self.zones.truth.copy()
        value[self.free] = np.round(found)
        return value
