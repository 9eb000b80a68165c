"""An audit that attacks a release: how many values each hidden count could still have, by integer programming.

The attack knows everything that is released and every sum between counts. Counts that always appear together are one
zone; a release is a set of ranges over sums of zones. A hidden count is safe when two whole-number sets of zones, both
consistent with all that is released, give it values far enough apart. Each is looked for as the smallest move of zones
away from the true counts that takes the hidden count there: where there is none, the count cannot have that value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics.disclosure_linked import NO_LIMIT, Links, propagated_intervals

#: Smallest moves tried, each with other costs, before branching decides.
TRIES: Final = 4
#: Most time for mending a move that is not in whole numbers (seconds).
MENDING: Final = 1.0
#: Most time for one question about what binds a count (seconds).
BINDING: Final = 20.0
#: How far the costs of moving one zone and another differ.
UNEVEN: Final = 0.3
#: No zone needs to move further than this from its own count to show that a count is safe.
FAR: Final = 1000.0
#: After how many targets it is told how far an attack is.
TELLING: Final = 20
_CLOSE: Final = 1e-6
#: Is told how many counts are attacked, and of how many.
Attacked = Callable[[int, int], None]
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


def attack_release(
    links: Links,
    least: FloatArray,
    greatest: FloatArray,
    truth: FloatArray,
    targets: IntArray,
    *,
    needed: int = 5,
    seconds: float = 120.0,
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
    zones = _zones(links, low, high, truth, targets, published)
    found = _Found(truth[targets].copy(), truth[targets].copy(), needed, low[targets], high[targets])
    undecided = _look(zones, found, seconds, tell) if targets.size else np.zeros(0, dtype=np.bool_)
    return Attack(found.least, found.greatest, ~found.open(), undecided & found.open())


def binding_counts(
    links: Links, least: FloatArray, greatest: FloatArray, truth: FloatArray, targets: IntArray
) -> list[IntArray]:
    """Find which published counts keep each hidden count from being smaller, or larger, than it can be.

    Parameters
    ----------
    links : Links
        Every sum that holds between counts, over all tables released; each sum has one total.
    least, greatest : arrays of float, shape (counts,)
        What the release says of each count (people).
    truth : array of float, shape (counts,)
        The counts themselves: one consistent set.
    targets : array of int, shape (targets,)
        The hidden counts.

    Returns
    -------
    list of arrays of int
        For each target the positions of the counts whose ranges bind it, by the dual values of the two programmes.

    Raises
    ------
    ValueError
        If what is released contradicts itself.

    Notes
    -----
    Numbers in between are allowed, so a count that only whole numbers narrow may have none that binds it. Zero, missing
    counts and ties are as for ``attack_release``.
    Verified against: worked sums (``tests/metrics/test_disclosure_mending.py``).

    References
    ----------
    Fischetti M, Salazar JJ (2001), Management Science 47:1008-1027: their attacker's problem and its dual.

    Examples
    --------
    >>> total = Links(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]), 3, 1)
    >>> [found.tolist() for found in binding_counts(
    ...     total, np.array([0.0, 8, 18]), np.array([99.0, 12, 22]), np.array([6.0, 12, 18]), np.array([0]))]
    [[1, 2]]
    """
    published = (least > 0) | (greatest < NO_LIMIT)
    zones = _zones(links, least, greatest, truth, targets, published)
    high = np.where(zones.high >= NO_LIMIT / 2, np.inf, zones.high)
    size = zones.truth.size
    program = _program(BINDING, presolve="on")
    program.passModel(_model(zones.rows.tocsc(), zones.low, high, np.zeros(size), np.full(size, np.inf)))
    every = np.arange(size, dtype=np.int32)
    found = []
    for row in zones.targets:
        binds = np.zeros(zones.rows.shape[0], dtype=np.bool_)
        for sign in (1.0, -1.0):
            program.changeColsCost(size, every, sign * zones.rows[[row]].toarray().ravel())
            program.setOptionValue("time_limit", program.getRunTime() + BINDING)
            program.run()
            if program.getModelStatus() == _impossible():
                raise ValueError("least and greatest must leave one consistent set of counts; found a contradiction")
            binds |= np.abs(np.array(program.getSolution().row_dual)) > _CLOSE
        chosen = np.flatnonzero(binds[: zones.counts.size])
        found.append(zones.counts[chosen[chosen != row]])
    return found


@dataclass(slots=True)
class _Found:
    """The values that each target has been seen to have, within the range it can have at most."""

    least: FloatArray
    greatest: FloatArray
    needed: int
    low: FloatArray
    high: FloatArray

    def open(self) -> BoolArray:
        """Say which targets have not been seen to have enough values."""
        few: BoolArray = self.greatest - self.least < self.needed - 1 - _CLOSE
        return few

    def way(self, place: int, sign: float) -> tuple[float, float]:
        """Give the value furthest up (or down) that was seen, and the one that would be enough, if it can have it.

        It is whole steps away.
        """
        least, greatest = float(self.least[place]), float(self.greatest[place])
        if sign > 0:
            steps = min(least + self.needed - 1, self.high[place]) - greatest
            return greatest, greatest + float(np.floor(steps + _CLOSE))
        steps = least - max(greatest - self.needed + 1, self.low[place])
        return least, least - float(np.floor(steps + _CLOSE))

    def see(self, values: FloatArray) -> None:
        """Note what one consistent set of zones says of every target."""
        self.least = np.minimum(self.least, values)
        self.greatest = np.maximum(self.greatest, values)


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
    nothing = np.zeros(left_over.shape[0])
    place = np.full(links.counts, -1)
    place[chosen] = np.arange(chosen.size)
    bounds = np.concatenate([low[chosen], nothing]), np.concatenate([high[chosen], nothing])
    return _Zones(merged, *bounds, totals, place[targets].astype(np.int64), chosen)


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


def _look(zones: _Zones, found: _Found, seconds: float, tell: Attacked | None) -> BoolArray:
    """Move each count as far as it needs to go, or can go, up and then down; give those that were not decided."""
    moves = _Moves(zones, seconds)
    undecided = np.zeros(zones.targets.size, dtype=np.bool_)
    for place in range(zones.targets.size):
        row = int(zones.targets[place])
        if tell is not None and place % TELLING == 0:
            tell(place, zones.targets.size)
        for sign in (1.0, -1.0):
            if not found.open()[place]:
                break
            seen, goal = found.way(place, sign)
            value, exact = moves.furthest(row, seen, goal, sign) if sign * (goal - seen) > 0 else (None, True)
            undecided[place] |= not exact
            if value is not None:
                found.see(np.asarray(zones.rows[zones.targets] @ value).ravel())
    return undecided


class _Moves:
    """The smallest moves away from one consistent set of zones that bring a sum to a goal.

    A zone's move is split into what is added and what is taken away, and their sum is kept small: then few zones move,
    the simplex method needs few steps, and nearly always all of them are whole numbers.
    """

    def __init__(self, zones: _Zones, seconds: float) -> None:
        self.zones, self.seconds, self.sure = zones, seconds, True
        self.start = zones.truth
        self.sums = np.asarray(zones.rows @ self.start).ravel()
        self.least = np.ceil(zones.low - self.sums - _CLOSE)
        self.most = np.where(zones.high >= NO_LIMIT / 2, np.inf, np.floor(zones.high - self.sums + _CLOSE))
        self.chance = np.random.default_rng(20260401)
        self.matrix = sp.hstack([zones.rows, -zones.rows]).tocsc()
        self.columns = np.arange(self.matrix.shape[1], dtype=np.int32)
        self.furthest_move = np.concatenate([np.full(self.start.size, FAR), np.minimum(self.start, FAR)])
        self.program = _program(seconds)
        self.program.passModel(_model(self.matrix, self.least, self.most, self._costs(), self.furthest_move))
        self.program.run()
        self.still = self.program.getBasis()

    def _costs(self) -> FloatArray:
        """Give costs of which no two are the same, so that the smallest move is one corner.

        Zones that stand in few sums are cheap to move: that breaks few of them, so fewer steps mend it.
        """
        sums = np.diff(self.matrix.indptr)
        costs: FloatArray = sums / max(sums.mean(), 1.0) * (1.0 + self.chance.random(sums.size) * UNEVEN)
        return costs

    def furthest(self, row: int, seen: float, goal: float, sign: float) -> tuple[FloatArray | None, bool]:
        """Bring a row as near to the goal as whole numbers allow; say whether it can come no nearer.

        Gives None where it cannot leave what was seen.
        """
        far, exact = sign * (goal - seen), True
        if (value := self._moved(row, goal, sign)) is not None and _is_whole(value):
            return self._whole(value), True
        if value is None:
            far, exact = self._furthest_broken(row, seen, far, sign)
        while far > 0:
            whole, sure = self._settled(row, seen + sign * far, sign)
            if whole is not None:
                return whole, exact
            exact, far = exact and sure, far - 1.0
        return None, exact

    def _furthest_broken(self, row: int, seen: float, far: float, sign: float) -> tuple[float, bool]:
        """Halve the way until the furthest step that broken moves allow is known; ``far`` was too far already.

        Say as well whether every question was answered in time.
        """
        near, sure = 0.0, self.sure
        while far - near > 1.0:
            middle = near + np.floor((far - near) / 2)
            if self._moved(row, seen + sign * middle, sign) is None:
                far, sure = middle, sure and self.sure
            else:
                near = middle
        return near, sure

    def _settled(self, row: int, goal: float, sign: float) -> tuple[FloatArray | None, bool]:
        """Reach a goal in whole numbers: by another smallest move, else by branching; and say whether that is sure."""
        moving = np.zeros(self.start.size, dtype=np.bool_)
        for _ in range(TRIES):
            move = self._moved(row, goal, sign)
            if move is None:
                return None, self.sure
            broken = self._of_zones(np.abs(move - np.round(move)) >= _CLOSE)
            moving |= self._of_zones(move > _CLOSE)
            for free in (broken, moving) if broken.any() else (broken,):
                whole = self._mended(row, goal, sign, np.round(move), free) if free.any() else move
                if whole is not None:
                    return self._whole(whole), True
            self.program.changeColsCost(self.columns.size, self.columns, self._costs())
        value = self._branched(row, goal, sign)
        return (None if value is None else self._whole(value)), self.sure

    def _of_zones(self, moves: BoolArray) -> BoolArray:
        """Say for each zone whether something holds for what is added to it or for what is taken away."""
        either: BoolArray = moves[: self.start.size] | moves[self.start.size :]
        return either

    def _mended(self, row: int, goal: float, sign: float, move: FloatArray, free: BoolArray) -> FloatArray | None:
        """Keep the move of all zones but the free ones, and find whole numbers for these; None if there are none."""
        columns = np.flatnonzero(np.concatenate([free, free]))
        kept = move.copy()
        kept[columns] = 0.0
        least, most = self._bounds(row, goal, sign)
        done = np.asarray(self.matrix @ kept).ravel()
        own = self.matrix[:, columns]
        rows = np.unique(own.indices)
        limits = least[rows] - done[rows], most[rows] - done[rows]
        program = _program(MENDING, presolve="on")
        program.passModel(
            _model(own.tocsr()[rows].tocsc(), *limits, np.ones(columns.size), self.furthest_move[columns])
        )
        program.changeColsIntegrality(columns.size, np.arange(columns.size, dtype=np.int32), _every(columns.size))
        program.run()
        if program.getModelStatus() not in _reached():
            return None
        kept[columns] = np.round(program.getSolution().col_value)
        return kept

    def _branched(self, row: int, goal: float, sign: float) -> FloatArray | None:
        """Look for whole numbers for all zones at once: what is then not found in time is not known."""
        size = self.columns.size
        self.program.changeColsIntegrality(size, self.columns, _every(size))
        self.program.setOptionValue("presolve", "on")
        value = self._moved(row, goal, sign)
        self.program.setOptionValue("presolve", "off")
        self.program.changeColsIntegrality(size, self.columns, 0 * _every(size))
        return value

    def _bounds(self, row: int, goal: float, sign: float) -> tuple[FloatArray, FloatArray]:
        """Give what every row may move by, where one row has to reach a goal."""
        least, most = self.least.copy(), self.most.copy()
        step = goal - self.sums[row]
        if sign > 0:
            least[row] = np.ceil(step - _CLOSE)
        else:
            most[row] = np.floor(step + _CLOSE)
        return least, most

    def _moved(self, row: int, goal: float, sign: float) -> FloatArray | None:
        """Give the smallest move that takes a row to a goal or past it; None if there is none, or none in time."""
        least, most = self._bounds(row, goal, sign)
        self.program.changeRowBounds(row, float(least[row]), float(most[row]))
        self.program.setBasis(self.still)
        # the programme's clock goes on from question to question
        self.program.setOptionValue("time_limit", self.program.getRunTime() + self.seconds)
        self.program.run()
        status = self.program.getModelStatus()
        found = np.array(self.program.getSolution().col_value)
        self.program.changeRowBounds(row, float(self.least[row]), float(self.most[row]))
        self.sure = status in (*_reached(), _impossible())
        return found if status in _reached() else None

    def _whole(self, move: FloatArray) -> FloatArray:
        """Give the zones after a move by whole steps, which agree with all that is released."""
        size = self.start.size
        moved = np.round(move[:size] - move[size:])
        change = np.asarray(self.zones.rows @ moved).ravel()
        if np.any((change < self.least - _CLOSE) | (change > self.most + _CLOSE)):
            raise ValueError("a move must agree with what is released; the tolerance of the solver is too wide")
        whole: FloatArray = self.start + moved
        return whole


def _is_whole(values: FloatArray) -> bool:
    return bool(np.all(np.abs(values - np.round(values)) < _CLOSE))


def _program(seconds: float, presolve: str = "off") -> Any:
    import highspy

    program: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {"output_flag": False, "threads": 1, "presolve": presolve, "mip_max_improving_sols": 1}
    for option, value in {**options, "time_limit": seconds}.items():
        program.setOptionValue(option, value)
    return program


def _model(matrix: Matrix, least: FloatArray, most: FloatArray, costs: FloatArray, furthest: FloatArray) -> Any:
    """Write the programme of the smallest move within the rows' bounds."""
    import highspy

    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = costs, np.zeros(costs.size), furthest
    model.row_lower_, model.row_upper_ = least, most
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return model


def _reached() -> tuple[Any, ...]:
    import highspy

    return highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit


def _impossible() -> Any:
    import highspy

    return highspy.HighsModelStatus.kInfeasible


def _every(size: int) -> Any:
    """Say of each move that it must be a whole number."""
    return np.ones(size, dtype=np.uint8)
