"""Mending a release: what an attack by integer programming finds is hidden until it finds nothing."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.disclosure_audit import attack_release
from metrics.disclosure_linked import Protection, complementary_suppression, what_is_published
from metrics.disclosure_mending import mended_suppression
from tests.metrics.test_disclosure_linked import (
    ONE,
    QUARTERS_AND_YEAR,
    WARDS_ACROSS_MSOAS,
    Release,
    exact_ranges,
    hidden_counts,
    plain_release,
    random_release,
)

#: Wards that cut across MSOAs: where following each sum by itself leaves most to be found.
CROSSING = [(WARDS_ACROSS_MSOAS, ONE), (WARDS_ACROSS_MSOAS, QUARTERS_AND_YEAR)]


def unsafe(release: Release, done: Protection) -> int:
    """Count the hidden counts that integer programming leaves fewer than five values."""
    targets = hidden_counts(release, done)
    published = what_is_published(release.least, release.greatest, release.items, done)
    return int((~attack_release(release.links, *published, release.truth.astype(float), targets).safe).sum())


def mended(release: Release, done: Protection) -> Protection:
    truth = release.truth.astype(float)
    targets = hidden_counts(release, done)
    return mended_suppression(release.links, release.least, release.greatest, truth, release.items, done, targets)


def test_a_ward_is_hidden_that_tells_of_the_neighbourhood_beside_it() -> None:
    # the ward is cheaper to hide than the MSOA; hidden, it leaves area 0 its mark's 1 to 7
    truth = np.array([2, 6, 9, 15, 17])
    release = plain_release(truth, [(3, [1, 2]), (4, [0, 1, 2])], np.array([1.0, 1, 1, 3, 9]))
    small = Protection(release.items.small.copy(), np.zeros(5, dtype=bool))
    assert unsafe(release, small) > 0
    done = mended(release, small)
    assert unsafe(release, done) == 0
    assert done.hidden[0]
    assert not done.hidden[4]


def test_where_only_marks_bind_a_row_is_left_out() -> None:
    # a year of 4 with a mark in each of four quarters: 1 to 4 in each, whatever else is hidden
    truth = np.array([1, 1, 1, 1, 4])
    release = plain_release(truth, [(4, [0, 1, 2, 3])], np.array([1.0, 1, 1, 1, 3]))
    done = mended(release, Protection(release.items.small.copy(), np.zeros(5, dtype=bool)))
    assert done.withheld.any()
    assert unsafe(release, done) == 0


def test_hundreds_of_tables_of_wards_across_msoas_are_mended() -> None:
    found = 0
    for seed in range(200):
        release = random_release(seed, CROSSING)
        done = complementary_suppression(*release.what)
        found += unsafe(release, done) > 0
        after = mended(release, done)
        assert unsafe(release, after) == 0
        assert (after.hidden | ~done.hidden).all()
        assert (after.withheld | ~done.withheld).all()
    # following each sum by itself was not enough for many of them
    assert found > 40


@pytest.mark.parametrize("seed", [1, 3])
def test_what_is_mended_stands_against_a_programme_written_without_zones(seed: int) -> None:
    release = random_release(seed, CROSSING)
    done = mended(release, complementary_suppression(*release.what))
    published = what_is_published(release.least, release.greatest, release.items, done)
    exact = exact_ranges(release.links, *published, hidden_counts(release, done))
    assert (exact[:, 1] - exact[:, 0] >= 4).all()


def test_what_can_neither_be_hidden_nor_left_out_is_left_for_the_audit_to_find() -> None:
    truth = np.array([6, 12, 18])
    release = plain_release(truth, [(2, [0, 1])], np.full(3, np.inf))
    small = Protection(release.items.small.copy(), np.zeros(3, dtype=bool))
    done = mended(release, small)
    assert done.hidden.tolist() == small.hidden.tolist()
    assert unsafe(release, done) == 1
