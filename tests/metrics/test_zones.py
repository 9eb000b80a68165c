"""Zones of a release: what they add up to, which are told apart, and what may be left out."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from metrics._marks import marks_of_columns
from metrics._ways import exchanging, ways_of
from metrics._zones import Zones, simpler, zones_of
from metrics.disclosure_audit import attack_release
from metrics.disclosure_linked import complementary_suppression, what_is_published
from tests.metrics.test_disclosure_audit import check_attack, unprotected
from tests.metrics.test_disclosure_linked import (
    Release,
    exact_ranges,
    hidden_counts,
    linked,
    random_release,
    random_shares,
)


def zones_with_small_hidden(release: Release, complements: np.ndarray | None = None) -> Zones:
    """Write a release in which only the small counts are hidden as zones."""
    targets = hidden_counts(release, unprotected(release))
    published = np.ones(release.truth.size, dtype=bool)
    truth = release.truth.astype(float)
    return zones_of(release.links, release.least, release.greatest, truth, targets, published, complements)


def halves(release: Release) -> np.ndarray:
    """Pair those reached with those not, in tables of shares: the first third of the counts with the second."""
    cells = release.truth.size // 3
    return np.column_stack([np.arange(cells), np.arange(cells) + cells])


def ranges_of(zones: Zones) -> list[tuple[float, float]]:
    """Find the least and greatest whole number of each target by integer programming."""
    within = LinearConstraint(zones.rows, zones.low, np.minimum(zones.high, 1e6))
    found = []
    for row in zones.targets:
        goal = zones.rows[[row]].toarray().ravel()
        ends = [milp(way * goal, integrality=1, bounds=Bounds(0, np.inf), constraints=within) for way in (1, -1)]
        found.append((round(ends[0].fun), -round(ends[1].fun)))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_zones_add_up_to_the_counts(seed: int) -> None:
    release = random_release(seed) if seed % 2 else random_shares(seed)
    zones = zones_with_small_hidden(release)
    sums = zones.rows @ zones.truth
    assert np.allclose(sums[: zones.counts.size], release.truth[zones.counts])
    assert np.allclose(sums[zones.counts.size :], 0.0)


def test_marks_tell_hundreds_of_thousands_of_columns_apart() -> None:
    # each column holds four of 2,000 rows; the same four twice are one column
    chance = np.random.default_rng(20260402)
    rows = np.sort(chance.integers(0, 2000, (300_000, 4)), axis=1)
    rows = np.unique(rows[np.all(np.diff(rows, axis=1) > 0, axis=1)], axis=0)
    matrix = sp.csc_matrix((np.ones(rows.size), rows.ravel(), 4 * np.arange(len(rows) + 1)), shape=(2000, len(rows)))
    assert len(rows) > 290_000
    assert np.unique(marks_of_columns(matrix)).size == len(rows)


def test_a_column_and_its_opposite_have_opposite_marks() -> None:
    marks = marks_of_columns(sp.csc_matrix(np.array([[1.0, -1], [0, 0], [-1, 1]])))
    assert (marks[:1] + marks[1:]).tolist() == [0]
    assert marks.all()


def test_leaving_out_what_follows_changes_no_range() -> None:
    left_out = 0
    for seed in range(8):
        zones = zones_with_small_hidden(random_release(seed) if seed % 2 else random_shares(seed))
        fewer, left, _ = simpler(zones)
        left_out += zones.rows.shape[0] - fewer.rows.shape[0]
        assert zones.truth[np.setdiff1d(np.arange(zones.truth.size), left)].sum() == 0
        assert ranges_of(fewer) == ranges_of(zones)
    assert left_out > 10


def test_a_sum_that_follows_from_two_others_is_left_out() -> None:
    # 3 = 0 + 1 and 4 = 1 + 2 say all; that 3 = 5 and 5 = 0 + 1 twice over says nothing more
    links = linked([(3, [0, 1]), (4, [1, 2]), (3, [5]), (5, [0, 1])], 6)
    truth = np.array([2.0, 3, 4, 5, 7, 5])
    zones = zones_of(links, truth, truth, truth, np.array([0]), np.ones(6, dtype=bool))
    fewer, *_ = simpler(zones)
    assert fewer.rows.shape == (5, 3)


def test_only_what_sums_leave_nothing_stays_nothing_when_more_is_hidden() -> None:
    # that 4 is 0 + 1 and 0 alone leaves 1 nothing, whatever is published; 2 is a 0 that could be hidden
    links = linked([(4, [0, 1]), (4, [0]), (5, [2, 3])], 6)
    truth = np.array([5.0, 0, 0, 7, 5, 7])
    zones = zones_of(links, truth, truth, truth, np.array([0]), np.ones(6, dtype=bool))
    both, certain = simpler(zones)[1], simpler(zones, zeros_hold=False)[1]
    assert zones.truth[both].tolist() == [5, 7]
    assert sorted(zones.truth[certain].tolist()) == [0, 5, 7]


def test_leaves_that_are_the_same_count_are_one_zone() -> None:
    # 2 = 0 + 1 and 3 = 0 + 4, where 4 and 1 are both the total of what 5 says
    links = linked([(2, [0, 1]), (3, [0, 4]), (5, [1]), (5, [4])], 6)
    truth = np.array([2.0, 3, 5, 5, 3, 3])
    zones = zones_of(links, np.zeros(6), np.full(6, 9.0), truth, np.array([0]), np.ones(6, dtype=bool))
    assert zones.truth.size == 2
    assert (zones.rows @ zones.truth)[:6].tolist() == truth.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_exchange_leaves_every_whole_as_it_is(seed: int) -> None:
    release = random_shares(seed)
    zones = zones_with_small_hidden(release, halves(release))
    ways = ways_of(zones.splits, zones.truth.size)
    exchanges = ways[:, np.flatnonzero(exchanging(ways))]
    moved = (zones.rows @ exchanges).toarray()
    wholes = zones.counts >= 2 * release.truth.size // 3
    assert exchanges.shape[1] > 0
    assert not moved[: zones.counts.size][wholes].any()
    assert moved[: zones.counts.size][~wholes].any()


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("protect", [False, True])
def test_looking_by_exchange_first_finds_what_integer_programming_finds(seed: int, protect: bool) -> None:
    release = random_shares(seed)
    done = complementary_suppression(*release.what) if protect else unprotected(release)
    targets = hidden_counts(release, done)
    ranges = what_is_published(release.least, release.greatest, release.items, done)
    truth = release.truth.astype(float)
    found = attack_release(release.links, *ranges, truth, targets, complements=halves(release))
    if seed < 3:
        check_attack(found, exact_ranges(release.links, *ranges, targets))
    assert found.safe.tolist() == attack_release(release.links, *ranges, truth, targets).safe.tolist()


def test_what_all_questions_together_have_no_time_for_is_undecided() -> None:
    release = random_release(8)
    targets = hidden_counts(release, unprotected(release))
    truth = release.truth.astype(float)
    found = attack_release(release.links, release.least, release.greatest, truth, targets, in_all=0.0)
    assert found.undecided.any()
    assert not found.safe[found.undecided].any()
