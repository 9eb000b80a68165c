"""The smallest moves away from the true counts that bring a sum of zones to a goal, and all that is published along."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics._marks import Matrix
from metrics._ways import room
from metrics._zones import Zones
from metrics.disclosure_linked import NO_LIMIT

#: Smallest moves tried, each with other costs, before branching decides.
TRIES: Final = 4
#: Most time for mending a move that is not in whole numbers (seconds).
MENDING: Final = 1.0
#: How far the costs of moving one zone and another differ.
UNEVEN: Final = 0.3
#: No zone needs to move further than this from its own count to show that a count is safe.
FAR: Final = 1000.0
_CLOSE: Final = 1e-6


class Moves:
    """The smallest moves away from one consistent set of zones that bring a sum to a goal.

    A zone's move is split into what is added and what is taken away, and their sum is kept small: then few zones move,
    the simplex method needs few steps, and nearly always all of them are whole numbers. With ``ways`` (shape: zones,
    ways), zones move only in some ways together: that is quicker, and what is found holds all the same if no zone is
    then below 0, but what is not found may exist. With ``prices`` (shape: sums; infinite where a sum must hold), a
    move may break sums, and pays for it.
    """

    def __init__(
        self, zones: Zones, seconds: float, ways: Matrix | None = None, prices: FloatArray | None = None
    ) -> None:
        self.zones, self.seconds, self.sure = zones, seconds, True
        self.ways = sp.identity(zones.truth.size, format="csc") if ways is None else ways.tocsc()
        moved = zones.rows if ways is None else (zones.rows @ self.ways).tocsr()
        moved.eliminate_zeros()
        self.kept = np.flatnonzero(np.diff(moved.indptr) > 0)
        self.place = np.full(zones.rows.shape[0], -1)
        self.place[self.kept] = np.arange(self.kept.size)
        self.sums = np.asarray(zones.rows @ zones.truth).ravel()[self.kept]
        low, high = zones.low[self.kept], zones.high[self.kept]
        by_zone = self.ways.tocsr()
        alone = np.diff(by_zone.indptr) <= 1
        several = np.flatnonzero(~alone)
        self.least = np.concatenate([np.ceil(low - self.sums - _CLOSE), -np.floor(zones.truth[several])])
        most = np.where(high >= NO_LIMIT / 2, np.inf, np.floor(high - self.sums + _CLOSE))
        self.most = np.concatenate([most, np.full(several.size, np.inf)])
        self.chance = np.random.default_rng(20260401)
        rows = sp.vstack([moved[self.kept], by_zone[several]])
        self.matrix = sp.hstack([rows, -rows]).tocsc()
        rooms = [room(self.ways, zones.truth, alone, sign, FAR) for sign in (1.0, -1.0)]
        self.prices = np.zeros(0)
        if prices is not None:
            self._let_break(prices)
            rooms.append(np.full(self.prices.size, FAR))
        self.furthest_move = np.concatenate(rooms)
        self.columns = np.arange(self.matrix.shape[1], dtype=np.int32)
        self.program = program(seconds)
        self.program.passModel(model(self.matrix, self.least, self.most, self._costs(), self.furthest_move))
        self.program.run()
        self.still = self.program.getBasis()

    def _let_break(self, prices: FloatArray) -> None:
        """Let rows fall short of what they must be, or exceed it, at a price for each person."""
        self.breaks = np.flatnonzero(np.isfinite(prices[self.kept]))
        size = self.breaks.size
        short = sp.csc_matrix((np.ones(size), (self.breaks, np.arange(size))), shape=(self.matrix.shape[0], size))
        self.matrix = sp.hstack([self.matrix, short, -short]).tocsc()
        self.prices = np.tile(prices[self.kept][self.breaks], 2)

    def spent(self) -> float:
        """Give the time that was taken so far (seconds)."""
        taken: float = self.program.getRunTime()
        return taken

    def _costs(self) -> FloatArray:
        """Give costs of which no two are the same, so that the smallest move is one corner.

        Zones that stand in few sums are cheap to move: that breaks few of them, so fewer steps mend it.
        """
        sums = np.diff(self.matrix.indptr)[: 2 * self.ways.shape[1]]
        costs = np.concatenate([sums / max(sums.mean(), 1.0), self.prices])
        uneven: FloatArray = costs * (1.0 + self.chance.random(costs.size) * UNEVEN)
        return uneven

    def quickly(self, row: int, seen: float, goal: float, sign: float) -> FloatArray | None:
        """Bring a row as near to the goal as is found without branching; None where nothing was found."""
        place, far = int(self.place[row]), sign * (goal - seen)
        while far > 0:
            _, move = self._smallest(place, seen + sign * far, sign)
            if move is not None:
                return self._whole(move)
            if not self.sure:
                return None
            far = np.floor(far / 2)
        return None

    def breaking(self, row: int, goal: float, sign: float) -> tuple[FloatArray | None, IntArray, float] | None:
        """Bring a row to a goal at the least price; give all zones then, the rows that break, and the price.

        Gives no zones where they are not found in whole numbers, and nothing where the goal is not reached in time.
        """
        place = int(self.place[row])
        mine = (2 * self.ways.shape[1] + np.flatnonzero(np.tile(self.breaks, 2) == place)).tolist()
        self._limit(mine, 0.0)
        smallest, whole = self._smallest(place, goal, sign)
        self._limit(mine, FAR)
        if smallest is None:
            return None
        broken, half = (smallest if whole is None else whole)[2 * self.ways.shape[1] :], self.breaks.size
        rows = self.kept[self.breaks[(broken[:half] > _CLOSE) | (broken[half:] > _CLOSE)]]
        return (None if whole is None else self._whole(whole)), rows, float(broken @ self.prices)

    def widen(self, low: FloatArray, high: FloatArray) -> None:
        """Give every sum of zones another range."""
        own = self.kept.size
        least = np.ceil(low[self.kept] - self.sums - _CLOSE)
        most = np.where(high[self.kept] >= NO_LIMIT / 2, np.inf, np.floor(high[self.kept] - self.sums + _CLOSE))
        for row in np.flatnonzero((least < self.least[:own]) | (most > self.most[:own])).tolist():
            self.least[row], self.most[row] = least[row], most[row]
            self.program.changeRowBounds(row, float(least[row]), float(most[row]))

    def _limit(self, columns: list[int], most: float) -> None:
        """Say how far some columns can be moved at most."""
        for column in columns:
            self.program.changeColBounds(column, 0.0, most)

    def furthest(self, row: int, seen: float, goal: float, sign: float) -> tuple[FloatArray | None, bool]:
        """Bring a row as near to the goal as whole numbers allow; say whether it can come no nearer.

        Gives None where it cannot leave what was seen.
        """
        place, far, exact = int(self.place[row]), sign * (goal - seen), True
        if (value := self._moved(place, goal, sign)) is not None and _is_whole(value):
            return self._whole(value), True
        if value is None:
            far, exact = self._furthest_broken(place, seen, far, sign)
        while far > 0:
            whole, sure = self._settled(place, seen + sign * far, sign)
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
        move, whole = self._smallest(row, goal, sign)
        if whole is None and move is not None:
            whole = self._branched(row, goal, sign)
        return (None if whole is None else self._whole(whole)), whole is not None or self.sure

    def _smallest(self, row: int, goal: float, sign: float) -> tuple[FloatArray | None, FloatArray | None]:
        """Give the smallest move that reaches a goal, and one in whole numbers close to it; other costs give others."""
        moving = np.zeros(self.ways.shape[1], dtype=np.bool_)
        first = None
        for _ in range(TRIES):
            move = self._moved(row, goal, sign)
            if move is None:
                break
            first = move if first is None else first
            broken = self._of_zones(np.abs(move - np.round(move)) >= _CLOSE)
            moving |= self._of_zones(move > _CLOSE)
            for free in (broken, moving):
                whole = move if _is_whole(move) else self._mended(row, goal, sign, np.round(move), free)
                if whole is not None:
                    return first, whole
            self.program.changeColsCost(self.columns.size, self.columns, self._costs())
        return first, None

    def _of_zones(self, moves: BoolArray) -> BoolArray:
        """Say for each zone whether something holds for what is added to it or for what is taken away."""
        size = self.ways.shape[1]
        either: BoolArray = moves[:size] | moves[size : 2 * size]
        return either

    def _mended(self, row: int, goal: float, sign: float, move: FloatArray, free: BoolArray) -> FloatArray | None:
        """Keep the move of all zones but the free ones, and find whole numbers for these; None if there are none."""
        columns = np.flatnonzero(np.concatenate([free, free]))
        if not columns.size:
            return None
        kept = move.copy()
        kept[columns] = 0.0
        least, most = self._bounds(row, goal, sign)
        done = np.asarray(self.matrix @ kept).ravel()
        own = self.matrix[:, columns]
        rows = np.unique(own.indices)
        limits = least[rows] - done[rows], most[rows] - done[rows]
        small = program(MENDING, presolve="on")
        small.passModel(model(own.tocsr()[rows].tocsc(), *limits, np.ones(columns.size), self.furthest_move[columns]))
        small.changeColsIntegrality(columns.size, np.arange(columns.size, dtype=np.int32), _every(columns.size))
        small.run()
        if small.getModelStatus() not in reached():
            return None
        kept[columns] = np.round(small.getSolution().col_value)
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
        least[row], most[row] = self._bounds_of(row, goal, sign)
        return least, most

    def _bounds_of(self, row: int, goal: float, sign: float) -> tuple[float, float]:
        """Give what one row may move by, where it has to reach a goal."""
        step = goal - self.sums[row]
        if sign > 0:
            return float(np.ceil(step - _CLOSE)), float(self.most[row])
        return float(self.least[row]), float(np.floor(step + _CLOSE))

    def _moved(self, row: int, goal: float, sign: float) -> FloatArray | None:
        """Give the smallest move that takes a row to a goal or past it; None if there is none, or none in time."""
        least, most = self._bounds_of(row, goal, sign)
        if least > most:
            self.sure = True
            return None
        self.program.changeRowBounds(row, least, most)
        self.program.setBasis(self.still)
        # the programme's clock goes on from question to question
        self.program.setOptionValue("time_limit", self.program.getRunTime() + self.seconds)
        self.program.run()
        status = self.program.getModelStatus()
        found = np.array(self.program.getSolution().col_value)
        self.program.changeRowBounds(row, float(self.least[row]), float(self.most[row]))
        self.sure = status in (*reached(), impossible())
        return found if status in reached() else None

    def _whole(self, move: FloatArray) -> FloatArray:
        """Give all zones after a move by whole steps."""
        size = self.ways.shape[1]
        moved: FloatArray = self.zones.truth + self.ways @ np.round(move[:size] - move[size : 2 * size])
        return moved


def _is_whole(values: FloatArray) -> bool:
    return bool(np.all(np.abs(values - np.round(values)) < _CLOSE))


def program(seconds: float, presolve: str = "off") -> Any:
    """Start a solver that stops at the first whole-number answer, or when its time is over."""
    import highspy

    made: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {"output_flag": False, "threads": 1, "presolve": presolve, "mip_max_improving_sols": 1}
    for option, value in {**options, "time_limit": seconds}.items():
        made.setOptionValue(option, value)
    return made


def model(
    matrix: Matrix,
    least: FloatArray,
    most: FloatArray,
    costs: FloatArray,
    furthest: FloatArray,
    nearest: FloatArray | None = None,
) -> Any:
    """Write the programme of the cheapest move within the rows' bounds; no column moves below 0 unless it may."""
    import highspy

    made = highspy.HighsLp()
    made.num_row_, made.num_col_ = matrix.shape
    made.col_cost_, made.col_upper_ = costs, furthest
    made.col_lower_ = np.zeros(costs.size) if nearest is None else nearest
    made.row_lower_, made.row_upper_ = least, most
    made.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    made.a_matrix_.start_, made.a_matrix_.index_, made.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return made


def reached() -> tuple[Any, ...]:
    """Give what a solver says when it has found a move."""
    import highspy

    return highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit


def impossible() -> Any:
    """Give what a solver says when there is no move."""
    import highspy

    return highspy.HighsModelStatus.kInfeasible


def _every(size: int) -> Any:
    """Say of each move that it must be a whole number."""
    return np.ones(size, dtype=np.uint8)
