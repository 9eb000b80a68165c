"""Ways in which the people behind a release could be others: whole people, in all measures at once."""

from __future__ import annotations

import numpy as np
import pytest

from metrics._ways import exchanging, ways_of
from metrics._zones import Zones, zones_of
from tests.metrics.test_disclosure_linked import linked

#: Two measures of the same babies, and one of those whom the second counts: whole, counted, left over.
BABIES, SEEN, UNSEEN, FED, UNFED, WEIGHED, UNWEIGHED = range(7)
MEASURES = [(BABIES, [SEEN, UNSEEN]), (BABIES, [FED, UNFED]), (FED, [WEIGHED, UNWEIGHED])]
PAIRS = np.array([[SEEN, UNSEEN], [FED, UNFED], [WEIGHED, UNWEIGHED]])
TRUTH = np.array([9.0, 4, 5, 6, 3, 2, 4])


def zones_with(sums: list[tuple[int, list[int]]], truth: np.ndarray, pairs: np.ndarray | None) -> Zones:
    size = truth.size
    every = np.ones(size, dtype=bool)
    links = linked(sums, size)
    return zones_of(links, np.zeros(size), np.full(size, 99.0), truth, np.array([0]), every, pairs)


def moved(zones: Zones) -> list[tuple[int, ...]]:
    """What every count gains by each way, in order."""
    gains = (zones.rows @ ways_of(zones.splits, zones.truth.size)).toarray()
    assert not gains[zones.counts.size :].any(), "every sum between measures must hold by itself"
    return sorted(tuple(int(value) for value in way) for way in gains[: zones.counts.size].T)


def test_people_move_in_all_measures_at_once() -> None:
    assert moved(zones_with(MEASURES, TRUTH, PAIRS)) == sorted(
        [
            (1, 0, 1, 0, 1, 0, 0),  # one baby more, left over in both measures
            (0, 1, -1, 0, 0, 0, 0),  # seen, and not left over
            (0, 0, 0, 1, -1, 0, 1),  # fed, and then left over among those weighed
            (0, 0, 0, 0, 0, 1, -1),  # weighed, and not left over
        ]
    )


def test_without_splits_each_zone_moves_by_itself() -> None:
    zones = zones_with([(2, [0, 1])], np.array([2.0, 3, 5]), None)
    assert moved(zones) == [(0, 1, 1), (1, 0, 1)]


def test_those_counted_in_two_wholes_leave_both_left_over_alike() -> None:
    # 0 = 2 + 3 and 1 = 2 + 4: who is counted in 2 is in both wholes
    zones = zones_with([(0, [2, 3]), (1, [2, 4])], np.array([5.0, 6, 2, 3, 4]), np.array([[2, 3], [2, 4]]))
    assert moved(zones) == sorted([(0, 0, 1, -1, -1), (1, 0, 0, 1, 0), (0, 1, 0, 0, 1)])


def test_a_count_that_two_measures_give_moves_in_both() -> None:
    # 3 is the same count as 0, given by another measure, and split there into 4 and 5
    sums = [(0, [1, 2]), (3, [0]), (0, [4, 5])]
    zones = zones_with(sums, np.array([5.0, 2, 3, 5, 1, 4]), np.array([[1, 2], [4, 5]]))
    assert moved(zones) == sorted([(1, 0, 1, 1, 0, 1), (0, 1, -1, 0, 0, 0), (0, 0, 0, 0, 1, -1)])


def test_where_nobody_can_be_left_over_people_are_counted() -> None:
    zones = zones_with(MEASURES, TRUTH, PAIRS)
    left_over = int(np.flatnonzero((zones.rows[UNSEEN] != 0).toarray().ravel())[0])
    number = np.where(np.arange(zones.truth.size) == left_over, -1, np.arange(zones.truth.size))
    gains = (zones.rows @ ways_of(zones.splits.with_zones(number), zones.truth.size)).toarray()
    first = [int(value) for value in gains[: zones.counts.size, 0]]
    assert first == [1, 1, 0, 0, 1, 0, 0]


def test_those_counted_in_one_neighbourhood_only_leave_its_people_left_over() -> None:
    # 0 is a neighbourhood, split into 1 and 2; another has only people left over, 3; both make an area: 4, 1 and 5
    sums = [(0, [1, 2]), (5, [2, 3]), (4, [0, 3]), (4, [1, 5])]
    zones = zones_with(sums, np.array([6.0, 2, 4, 5, 11, 9]), np.array([[1, 2], [1, 5]]))
    assert moved(zones) == sorted([(1, 0, 1, 0, 1, 1), (0, 1, -1, 0, 0, -1), (0, 0, 0, 1, 1, 1)])


@pytest.mark.parametrize("seed", range(20))
def test_ways_reach_whatever_keeps_the_sums(seed: int) -> None:
    # measures nested and beside each other at random: as many ways as the sums leave free
    chance = np.random.default_rng(seed)
    sums: list[tuple[int, list[int]]] = []
    pairs, size, wholes = [], 1, [0]
    for _ in range(int(chance.integers(1, 6))):
        whole = int(chance.choice(wholes))
        sums.append((whole, [size, size + 1]))
        pairs.append([size, size + 1])
        wholes += [size, size + 1]
        size += 2
    truth = np.zeros(size)
    zones = zones_with(sums, truth, np.array(pairs))
    between = zones.rows[zones.counts.size :].toarray()
    ways = ways_of(zones.splits, zones.truth.size).toarray()
    free = zones.truth.size - (np.linalg.matrix_rank(between) if between.size else 0)
    assert np.linalg.matrix_rank(ways) == free
    assert not (between @ ways).any()


def test_an_exchange_leaves_the_whole_as_it_is() -> None:
    zones = zones_with(MEASURES, TRUTH, PAIRS)
    ways = ways_of(zones.splits, zones.truth.size)
    gains = (zones.rows @ ways[:, np.flatnonzero(exchanging(ways))]).toarray()
    assert gains.shape[1] == 3
    assert not gains[BABIES].any()
