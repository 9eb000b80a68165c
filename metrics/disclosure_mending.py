"""Mending a release that an attack by integer programming gets the better of.

``complementary_suppression`` follows each sum by itself. Where sums cross, as wards and neighbourhoods do, several of
them together can tell more. Then the programmes that bound a hidden count say which published counts bind it, the
cheapest of these is hidden, and the attack is repeated.
"""

from __future__ import annotations

import numpy as np

from metrics._checks import FloatArray, IntArray
from metrics.disclosure_audit import Attacked, attack_release, binding_counts
from metrics.disclosure_linked import (
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
    seconds: float = 10.0,
    in_all: float = 120.0,
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
    seconds, in_all : float
        Most time for one exact question, and for all that are not answered quickly in one attack; what they leave
        undecided is hidden further, like what is unsafe.
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
    while waiting.size:
        published = what_is_published(least, greatest, items, done)
        attack = attack_release(
            links,
            *published,
            truth,
            waiting,
            needed=needed,
            seconds=seconds,
            in_all=in_all,
            complements=complements,
            tell=tell,
        )
        unsafe = waiting[~attack.safe]
        before = _covered(items, done)
        binding = [np.zeros(0, dtype=np.int64)] * unsafe.size
        known = np.flatnonzero(~attack.undecided[~attack.safe])
        for place, counts in zip(known, binding_counts(links, *published, truth, unsafe[known]), strict=True):
            binding[place] = counts
        if not _hide_what_binds(links, binding, unsafe, items, done):
            break
        done = complementary_suppression(links, least, greatest, items, needed=needed, prune=False, start=done)
        after = _covered(items, done)
        waiting = np.union1d(unsafe[after[unsafe]], np.flatnonzero(after & ~before))
    return done


def _hide_what_binds(links: Links, binding: list[IntArray], unsafe: IntArray, items: Items, done: Protection) -> bool:
    """Hide, for each unsafe count, the cheapest item that binds it; if all are hidden, leave the cheapest row out.

    Say whether anything was found to do.
    """
    chosen: set[int] = set()
    rows: set[int] = set()
    for count, counts in zip(unsafe, binding, strict=True):
        beside = np.union1d(counts, _beside(links, int(count)))
        for members in (counts, beside):
            if (can := _can_be_hidden(members, items, done)).size:
                if not chosen & set(can.tolist()):
                    chosen.add(int(can[np.argmin(items.cost[can])]))
                break
        else:
            marked = _can_be_left_out(beside, items, done)
            if marked.size and not rows & set(items.row[marked].tolist()):
                rows.add(int(items.row[marked[np.argmin(items.cost[marked])]]))
    for item in chosen:
        _hide(item, items, done.hidden)
    done.withheld[sorted(rows)] = True
    return bool(chosen or rows)


def _beside(links: Links, count: int) -> IntArray:
    """Give the counts that stand in a sum with a count."""
    index = links.index
    sums = np.unique(links.equation[index.of_counts(np.array([count]))])
    return np.unique(links.member[index.of_equations(sums)])
