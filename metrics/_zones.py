"""The zones of a release: counts that always appear together, and the ranges that are published of sums of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from metrics._checks import BoolArray, FloatArray, IntArray
from metrics._marks import Matrix, marks_of_columns
from metrics._ways import NONE, Splits, splits_of
from metrics.disclosure_linked import Links

#: Sums of so many zones at most are looked at first, when it is asked which sums follow from others.
SHORT: Final = 8
_CLOSE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Zones:
    """Ranges over sums of zones: ``low <= rows @ zones <= high``.

    Attributes
    ----------
    rows : sparse matrix, shape (sums, zones)
        Which zones each sum adds up: first the published counts and the targets, then the sums left over, which are 0.
    low, high : arrays of float, shape (sums,)
        The least and greatest value of each sum (people).
    truth : array of float, shape (zones,)
        One consistent set: the counts themselves.
    targets : array of int, shape (targets,)
        The rows that are attacked.
    counts : array of int, shape (published,)
        The count that each of the first rows stands for.
    splits : Splits
        Which counts are split into those counted and those left over, and the zones they stand for.
    """

    rows: Matrix
    low: FloatArray
    high: FloatArray
    truth: FloatArray
    targets: IntArray
    counts: IntArray
    splits: Splits


def zones_of(
    links: Links,
    low: FloatArray,
    high: FloatArray,
    truth: FloatArray,
    targets: IntArray,
    published: BoolArray,
    complements: IntArray | None = None,
) -> Zones:
    """Write every published count and every target as a sum of zones.

    Parameters
    ----------
    links : Links
        Every sum that holds between counts; each sum has one total.
    low, high, truth : arrays of float, shape (counts,)
        The range of each count and the count itself (people).
    targets : array of int, shape (targets,)
        The counts that are attacked.
    published : array of bool, shape (counts,)
        Counts of which anything is published.
    complements : array of int, shape (pairs, 2), optional
        Counts that make up a whole together: those counted, and those left over.

    Returns
    -------
    Zones

    Raises
    ------
    ValueError
        Never; sums that contradict each other leave no zones, which an attack finds.

    Notes
    -----
    Counts are told apart by marks of 64 bits, sums of random numbers in whole-number arithmetic: two zones that differ
    share a mark less than once in a billion releases. Zero and missing counts are counts like any other; ties do not
    arise.
    Verified against: the sums of all counts from their zones (``tests/metrics/test_zones.py``).

    References
    ----------
    Duke-Williams O, Rees P (1998), Int J Geogr Inf Sci 12:579-605 (finest common zones).

    Examples
    --------
    >>> total = Links(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1.0, 1.0, -1.0]), 3, 1)
    >>> every = np.ones(3, dtype=bool)
    >>> found = zones_of(total, np.zeros(3), np.full(3, 9.0), np.array([2.0, 3, 5]), np.array([0]), every)
    >>> (found.rows @ found.truth).tolist()
    [2.0, 3.0, 5.0]
    """
    parts, left_over, leaf = _in_leaves(links)
    wanted = published.copy()
    wanted[targets] = True
    chosen = np.flatnonzero(wanted)
    rows = sp.vstack([parts[chosen], left_over]).tocsc()
    marks = marks_of_columns(rows)
    kinds, first, kind = np.unique(marks, return_index=True, return_inverse=True)
    used = kinds != 0
    totals = np.bincount(kind, _leaf_truth(parts, truth), minlength=kinds.size)[used]
    nothing = np.zeros(left_over.shape[0])
    place = np.full(links.counts, -1)
    place[chosen] = np.arange(chosen.size)
    bounds = np.concatenate([low[chosen], nothing]), np.concatenate([high[chosen], nothing])
    zone = np.where(used, np.cumsum(used) - 1, -1)[kind]
    merged = rows[:, first[used]].tocsr()
    splits = splits_of(links, complements, leaf, zone)
    return Zones(merged, *bounds, totals, place[targets].astype(np.int64), chosen, splits)


def simpler(zones: Zones, *, zeros_hold: bool = True) -> tuple[Zones, IntArray, IntArray]:
    """Leave out zones that can only be 0, sums that stand there twice, and sums that follow from others.

    Parameters
    ----------
    zones : Zones
        The ranges over sums of zones.
    zeros_hold : bool
        Whether zones are left out that published counts of 0 leave nothing; those that sums leave nothing always are.

    Returns
    -------
    tuple of Zones and arrays of int, shapes (zones left,) and (published,)
        The same ranges over fewer zones and sums; which zones are left; and the row in which each published count now
        stands, as ``counts`` has one of several that are the same sum.

    Raises
    ------
    ValueError
        Never.

    Notes
    -----
    Whether a sum follows from others is asked of one random set of zones that fulfils those. That a sum is left out
    wrongly is as good as impossible, and would be noticed: what an attack finds is held against all sums. Zero, missing
    counts and ties are as for ``zones_of``.
    Verified against: the ranges of random tables before and after (``tests/metrics/test_zones.py``).

    References
    ----------
    Schwartz JT (1980), Journal of the ACM 27:701-717 (testing identities at random points).

    Examples
    --------
    >>> twice = Zones(sp.csr_matrix(np.array([[1.0, 1], [1, 1], [1, 0]])), np.array([2.0, 3, 0]),
    ...               np.array([9.0, 8, 0]), np.array([0.0, 5]), np.array([0, 2]), np.array([4, 5, 6]),
    ...               NO_SPLITS)
    >>> found, left, rows = simpler(twice)
    >>> found.rows.toarray().tolist(), found.low.tolist(), found.high.tolist(), found.targets.tolist()
    ([[0.0], [1.0]], [0.0, 3.0], [0.0, 8.0], [1, 0])
    """
    published = zones.counts.size
    alive = _not_only_zero(zones, 0 if zeros_hold else published)
    rows = zones.rows[:, alive].tocsr()
    rows.eliminate_zeros()
    left_over = _without_those_that_follow(rows[published:])
    mine = rows[:published]
    _, first, place = np.unique(marks_of_columns(mine.T.tocsc()), return_index=True, return_inverse=True)
    low, high = np.full(first.size, -np.inf), np.full(first.size, np.inf)
    np.maximum.at(low, place, zones.low[:published])
    np.minimum.at(high, place, zones.high[:published])
    nothing = np.zeros(left_over.shape[0])
    fewer = replace(
        zones,
        rows=sp.vstack([mine[first], left_over]).tocsr(),
        low=np.concatenate([low, nothing]),
        high=np.concatenate([high, nothing]),
        truth=zones.truth[alive],
        targets=place[zones.targets].astype(np.int64),
        counts=zones.counts[first],
        splits=zones.splits.with_zones(np.where(alive, np.cumsum(alive) - 1, NONE)),
    )
    return fewer, np.flatnonzero(alive), place


def _not_only_zero(zones: Zones, first: int) -> BoolArray:
    """Find the zones that may be more than 0: those in no sum of 0 to which nothing is taken away.

    Sums are looked at from the first one on.
    """
    alive = np.ones(zones.truth.size, dtype=np.bool_)
    rows, high = zones.rows.tocsr()[first:], zones.high[first:]
    while True:
        mine = rows[:, np.flatnonzero(alive)]
        below, above = (np.asarray((mine < 0).sum(axis=1)).ravel(), np.asarray((mine > 0).sum(axis=1)).ravel())
        zero = (high < _CLOSE) & ((below == 0) != (above == 0))
        dead = np.asarray(abs(mine[np.flatnonzero(zero)]).sum(axis=0)).ravel() > 0
        if not dead.any():
            return alive
        alive[np.flatnonzero(alive)[dead]] = False


def _without_those_that_follow(sums: Matrix) -> Matrix:
    """Leave out the sums, all of them 0, that follow from shorter ones."""
    sums = sums[np.diff(sums.indptr) > 0]
    marks = marks_of_columns(sums.T.tocsc())
    _, first = np.unique(np.minimum(marks, np.uint64(0) - marks), return_index=True)
    sums = sums[first]
    length = np.diff(sums.indptr)
    point = np.random.default_rng(20260402).standard_normal(sums.shape[1])
    kept = np.zeros(length.size, dtype=np.bool_)
    for one in range(1, SHORT + 1):
        new = (length == one) & (np.abs(sums @ point) > _CLOSE)
        if new.any():
            kept |= new
            point = _fulfilling(sums[kept], point)
    return sums[kept | (np.abs(sums @ point) > _CLOSE)]


def _fulfilling(sums: Matrix, point: FloatArray) -> FloatArray:
    """Give the point nearest to another at which all sums are 0."""
    from scipy.sparse.linalg import lsmr

    turned = sums.T.tocsr()
    found: FloatArray = point - turned @ lsmr(turned, point, atol=1e-14, btol=1e-14, conlim=0, maxiter=2000)[0]
    return found


def _leaf_truth(parts: Matrix, truth: FloatArray) -> FloatArray:
    """Give the counts of the leaves: a leaf's own row is the one with only itself in it."""
    alone = np.flatnonzero(np.diff(parts.indptr) == 1)
    found = np.zeros(parts.shape[1])
    first = parts.indptr[alone]
    found[parts.indices[first]] = truth[alone] / parts.data[first]
    return found


def _in_leaves(links: Links) -> tuple[Matrix, Matrix, IntArray]:
    """Write each count as a sum of leaves, the counts that no sum defines; give the sums left over, and leaves' places.

    The sum of most parts in which a count is the total defines it; every further one is a condition on the leaves.
    Leaves that are the same count are one.
    """
    total = np.full(links.equations, -1, dtype=np.int64)
    is_total = links.sign < 0
    total[links.equation[is_total]] = links.member[is_total]
    longest = np.argsort(-np.bincount(links.equation[~is_total], minlength=links.equations), kind="stable")
    _, first = np.unique(total[longest], return_index=True)
    defines = np.zeros(links.equations, dtype=np.bool_)
    defines[longest[first]] = True
    part = ~is_total & defines[links.equation]
    shape = (links.counts, links.counts)
    step = sp.csr_matrix((np.ones(part.sum()), (total[links.equation[part]], links.member[part])), shape=shape)
    leaf = np.ones(links.counts)
    leaf[total[defines]] = 0.0
    itself = sp.diags(leaf).tocsr()
    written, rest = itself, step
    while rest.nnz:
        written, rest = written + rest @ itself, rest @ step
    leaves = np.flatnonzero(leaf)
    written = written.tocsc()[:, leaves].tocsr()
    other = ~defines[links.equation]
    names, place = np.unique(links.equation[other], return_inverse=True)
    sums = sp.csr_matrix((links.sign[other], (place, links.member[other])), shape=(names.size, links.counts))
    left_over = _tidied(sums @ written)
    same, kind = _same_leaves(left_over)
    place = np.full(links.counts, -1)
    place[leaves] = kind
    return (written @ same).tocsr(), _tidied(left_over @ same), place


def _tidied(sums: Matrix) -> Matrix:
    """Leave out what cancels, and sums of nothing."""
    tidied = sums.tocsr()
    tidied.data[np.abs(tidied.data) < _CLOSE] = 0.0
    tidied.eliminate_zeros()
    return tidied[np.diff(tidied.indptr) > 0]


def _same_leaves(left_over: Matrix) -> tuple[Matrix, IntArray]:
    """Put leaves together of which a sum says that they are the same; give which is which."""
    pairs = left_over[np.diff(left_over.indptr) == 2].tocsr()
    pairs = pairs[np.flatnonzero(np.abs(np.asarray(pairs.sum(axis=1)).ravel()) < _CLOSE)]
    size = left_over.shape[1]
    ends = pairs.indices.reshape(-1, 2)
    graph = sp.csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    kinds, kind = connected_components(graph, directed=False)
    return sp.csr_matrix((np.ones(size), (np.arange(size), kind)), shape=(size, kinds)), kind.astype(np.int64)
