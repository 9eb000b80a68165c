"""Complementary suppression of linked tables, on random hierarchies and against exact integer programming."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from metrics.disclosure import round_half_up
from metrics.disclosure_linked import (
    NO_LIMIT,
    Items,
    Links,
    Protection,
    _shown_again,
    complementary_suppression,
    narrow_counts,
    propagated_intervals,
    what_is_published,
)

Sums = list[tuple[int, list[int]]]


@dataclass(frozen=True)
class Side:
    """One side of a table: the smallest members that each code is made of, and the sums between codes."""

    made_of: np.ndarray
    sums: Sums


def side(leaves: int, groups: list[list[int]], sums: Sums) -> Side:
    """Build a side from its leaves, the groups made of them (by leaf) and the sums between codes."""
    made_of = np.vstack([np.eye(leaves), [[leaf in group for leaf in range(leaves)] for group in groups]])
    return Side(made_of, sums)


ONE = Side(np.eye(1), [])
QUARTERS_AND_YEAR = side(4, [[0, 1, 2, 3]], [(4, [0, 1, 2, 3])])
TWO_YEARS_AND_BOTH = side(2, [[0, 1]], [(2, [0, 1])])
THREE_GROUPS_AND_EVERYONE = side(3, [[0, 1, 2]], [(3, [0, 1, 2])])
COUNCILS_AND_SYSTEM = side(2, [[0, 1]], [(2, [0, 1])])
WARDS_COUNCILS_AND_SYSTEM = side(5, [[0, 1, 2], [3, 4], [0, 1, 2, 3, 4]], [(5, [0, 1, 2]), (6, [3, 4]), (7, [5, 6])])
# six small areas; wards 0-1, 2-3, 4-5; MSOAs 0, 1-2, 3-4-5 across them; the council of both
WARDS_ACROSS_MSOAS = side(
    6,
    [[0, 1], [2, 3], [4, 5], [1, 2], [3, 4, 5], [0, 1, 2, 3, 4, 5]],
    [(6, [0, 1]), (7, [2, 3]), (8, [4, 5]), (9, [1, 2]), (10, [3, 4, 5]), (11, [6, 7, 8]), (11, [0, 9, 10])],
)
SHAPES = [
    (COUNCILS_AND_SYSTEM, QUARTERS_AND_YEAR),
    (WARDS_COUNCILS_AND_SYSTEM, QUARTERS_AND_YEAR),
    (WARDS_COUNCILS_AND_SYSTEM, ONE),
    (WARDS_ACROSS_MSOAS, ONE),
    (WARDS_ACROSS_MSOAS, TWO_YEARS_AND_BOTH),
    (THREE_GROUPS_AND_EVERYONE, QUARTERS_AND_YEAR),
    (COUNCILS_AND_SYSTEM, THREE_GROUPS_AND_EVERYONE),
]


@dataclass(frozen=True)
class Release:
    """A table as it is published with only its small counts hidden."""

    links: Links
    least: np.ndarray
    greatest: np.ndarray
    items: Items
    truth: np.ndarray

    @property
    def what(self) -> tuple[Any, ...]:
        return self.links, self.least, self.greatest, self.items

    def known(self, done: Protection) -> tuple[np.ndarray, np.ndarray]:
        return propagated_intervals(self.links, *what_is_published(self.least, self.greatest, self.items, done))

    def fails(self, done: Protection, needed: int = 5) -> bool:
        return bool(narrow_counts(*self.known(done), self.items, done, needed).size)


def linked(equations: list[tuple[int, list[int]]], counts: int) -> Links:
    """Build the links of sums written as (total, parts)."""
    entries = [(k, m, 1.0) for k, (_, parts) in enumerate(equations) for m in parts]
    entries += [(k, total, -1.0) for k, (total, _) in enumerate(equations)]
    equation, member, sign = (np.array(column) for column in zip(*entries, strict=True))
    return Links(equation.astype(np.int64), member.astype(np.int64), sign.astype(float), counts, len(equations))


def sums_of_table(rows: Side, columns: Side) -> list[tuple[int, list[int]]]:
    """Write the sums of each side once for every code of the other."""
    across, down = len(columns.made_of), len(rows.made_of)
    in_rows = [(t * across + c, [p * across + c for p in parts]) for t, parts in rows.sums for c in range(across)]
    in_columns = [(r * across + t, [r * across + p for p in parts]) for t, parts in columns.sums for r in range(down)]
    return in_rows + in_columns


def house_rule(truth: np.ndarray, given: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Publish 0 as it is, hide 1 to 7, round the rest to 5: give what is hidden, and the range behind each count."""
    small = (truth >= 1) & (truth <= 7)
    rounded = round_half_up(truth)
    least = np.select([truth == 0, small], [0.0, 1.0], np.maximum(rounded - 2, 8))
    greatest = np.select([truth == 0, small], [0.0, 7.0], rounded + 2)
    if given is None:
        return small, least, greatest
    return small, np.where(given, least, 0.0), np.where(given, greatest, NO_LIMIT)


def plain_release(
    truth: np.ndarray, equations: list[tuple[int, list[int]]], cost: np.ndarray, given: np.ndarray | None = None
) -> Release:
    """Publish every given count in a row of its own."""
    size = truth.size
    given = np.ones(size, dtype=bool) if given is None else given
    small, least, greatest = house_rule(truth, given)
    each = np.arange(size)
    items = Items(np.where(given, each, -1), each, cost, np.full(size, -1), small & given, small)
    return Release(linked(equations, size), least, greatest, items, truth)


def random_counts(chance: np.random.Generator, rows: Side, columns: Side) -> np.ndarray:
    """Draw counts of 0 to 30 for the leaves, many of them small, and add them up."""
    shape = rows.made_of.shape[1], columns.made_of.shape[1]
    few, many = chance.integers(0, 9, shape), chance.integers(0, 31, shape)
    leaves = np.where(chance.random(shape) < chance.choice([0.2, 0.5, 0.8]), few, many)
    return (rows.made_of @ leaves @ columns.made_of.T).ravel()


def random_release(seed: int, shapes: list[tuple[Side, Side]] = SHAPES) -> Release:
    """Draw a table of one of the shapes; in some the smallest areas are counted but not given."""
    chance = np.random.default_rng(seed)
    rows, columns = shapes[seed % len(shapes)]
    truth = random_counts(chance, rows, columns)
    size = np.add.outer(rows.made_of.sum(axis=1), columns.made_of.sum(axis=1)).ravel()
    given = size > size.min() if chance.random() < 0.2 else np.ones(size.size, dtype=bool)
    cost = size**2 * (1 + np.log1p(truth)) * np.where(truth == 0, 25.0, 1.0)
    return plain_release(truth, sums_of_table(rows, columns), cost, given)


def random_shares(seed: int) -> Release:
    """Draw shares: those reached, those not, and the whole, which is hidden only together with the share."""
    chance = np.random.default_rng(seed)
    rows, columns = SHAPES[seed % 3]
    equations, size = sums_of_table(rows, columns), len(rows.made_of) * len(columns.made_of)
    part, rest = (random_counts(chance, rows, columns) for _ in range(2))
    truth = np.concatenate([part, rest, part + rest])
    small, least, greatest = house_rule(truth)
    figure, whole = small[:size] | small[size : 2 * size] | small[2 * size :], small[2 * size :]
    unknown = np.concatenate([figure, figure, np.zeros(size, dtype=bool)]) & ~small
    cell = np.arange(size)
    cost = 1 + np.log1p(part + rest)
    items = Items(
        np.concatenate([cell, cell, cell + size]),
        np.concatenate([cell, cell]),
        np.concatenate([cost, np.where(part + rest == 0, np.inf, 3 * cost)]),
        np.concatenate([np.full(size, -1), cell]),
        np.concatenate([figure, whole]),
        small,
    )
    every = [(t + k * size, [p + k * size for p in parts]) for k in range(3) for t, parts in equations]
    every += [(c + 2 * size, [c, c + size]) for c in range(size)]
    least, greatest = np.where(unknown, 0.0, least), np.where(unknown, NO_LIMIT, greatest)
    return Release(linked(every, truth.size), least, greatest, items, truth)


def exact_ranges(links: Links, least: np.ndarray, greatest: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Find the least and greatest whole number of some counts by integer programming: one program for each end."""
    matrix = csr_matrix((links.sign, (links.equation, links.member)), shape=(links.equations, links.counts))
    limits = Bounds(least, np.where(greatest >= NO_LIMIT, np.inf, greatest))
    found = np.zeros((counts.size, 2))
    for place, count in enumerate(counts):
        for end, direction in enumerate((1.0, -1.0)):
            goal = np.zeros(links.counts)
            goal[count] = direction
            answer = milp(
                goal,
                integrality=np.ones(links.counts),
                bounds=limits,
                constraints=LinearConstraint(matrix, 0, 0),
            )
            assert answer.status in (0, 3, 4), answer.message
            found[place, end] = direction * round(answer.fun) if answer.status == 0 else np.inf
    return found


def measures(release: Release, done: Protection) -> list[Protection]:
    """Undo each complementary measure by itself: every item hidden beside the small ones, every row left out.

    A whole is hidden only together with its share: to show the share again is to show both.
    """
    items, undone = release.items, []
    for item in np.flatnonzero(done.hidden & ~items.small):
        hidden = done.hidden & (np.arange(done.hidden.size) != item) & (items.needs != item)
        if not np.any(items.small & (items.needs == item)):
            undone.append(replace(done, hidden=hidden))
    for row in np.flatnonzero(done.withheld):
        withheld = done.withheld.copy()
        withheld[row] = False
        undone.append(replace(done, withheld=withheld))
    return undone


def hidden_counts(release: Release, done: Protection) -> np.ndarray:
    """List the counts behind a mark of a row that is there, and the small ones that are not given at all."""
    of_count, items = release.items.of_count, release.items
    given = of_count >= 0
    covered = items.sensitive.copy()
    mine = of_count[given]
    covered[given] = np.where(done.withheld[items.row[mine]], items.sensitive[given], done.hidden[mine])
    return np.flatnonzero(covered)


def test_a_hidden_part_lies_between_what_the_total_and_the_other_part_leave() -> None:
    # 8 to 12 and a hidden 1 to 7 make 18 to 22: the hidden one is at least 18 - 12, the shown one at least 18 - 7
    low, high = propagated_intervals(linked([(2, [0, 1])], 3), np.array([1.0, 8, 18]), np.array([7.0, 12, 22]))
    assert low.tolist() == [6, 11, 18]
    assert high.tolist() == [7, 12, 19]


def test_what_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="one consistent set of counts; found a contradiction"):
        propagated_intervals(linked([(2, [0, 1])], 3), np.array([8.0, 8, 0]), np.array([12.0, 12, 15]))
    with pytest.raises(ValueError, match="one consistent set of counts; found a contradiction"):
        propagated_intervals(linked([(2, [0, 1])], 3), np.array([7.0, 0, 0]), np.array([1.0, 9, 9]))


def test_counts_without_any_sum_keep_their_ranges() -> None:
    none = Links(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0), 2, 0)
    low, high = propagated_intervals(none, np.array([1.0, 8]), np.array([7.0, 12]))
    assert (low.tolist(), high.tolist()) == ([1, 8], [7, 12])


def test_fewer_rounds_never_tell_more() -> None:
    release = random_release(1)
    once = propagated_intervals(release.links, release.least, release.greatest, rounds=1)
    low, high = propagated_intervals(release.links, release.least, release.greatest)
    assert (once[0] <= low).all()
    assert (once[1] >= high).all()
    assert (once[1] > high).any()


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_only_what_has_changed_need_be_followed(seed: int) -> None:
    release = random_release(seed)
    low, high = propagated_intervals(release.links, release.least, release.greatest)
    changed = np.flatnonzero(release.items.small)[:2]
    told = high.copy()
    told[changed] = release.truth[changed]
    quick = propagated_intervals(release.links, low, told, changed=changed)
    again = propagated_intervals(release.links, low, told)
    assert np.array_equal(quick, again)


@pytest.mark.parametrize("seed", range(14))
def test_exact_ranges_lie_within_those_found_sum_by_sum(seed: int) -> None:
    release = random_release(seed)
    low, high = propagated_intervals(release.links, release.least, release.greatest)
    some = np.flatnonzero(release.items.sensitive)[:8]
    exact = exact_ranges(release.links, release.least, release.greatest, some)
    assert (exact[:, 0] >= low[some]).all()
    assert (exact[:, 1] <= high[some]).all()


@pytest.mark.parametrize("seed", range(12))
def test_in_one_hierarchy_the_ranges_are_exact(seed: int) -> None:
    release = random_release(seed, [(WARDS_COUNCILS_AND_SYSTEM, ONE)])
    every = np.arange(release.truth.size)
    exact = exact_ranges(release.links, release.least, release.greatest, every)
    exact = np.minimum(exact, NO_LIMIT)
    low, high = propagated_intervals(release.links, release.least, release.greatest)
    limited = high < NO_LIMIT / 2
    assert np.array_equal(exact[:, 0], low)
    assert np.array_equal(exact[limited, 1], high[limited])


def check_protection(release: Release) -> Protection:
    """Protect, and check that enough is hidden, that the small ones still are, and that nothing is hidden in vain."""
    done = complementary_suppression(*release.what)
    assert not release.fails(done)
    assert done.hidden[release.items.small].all()
    assert np.isfinite(release.items.cost[done.hidden & ~release.items.small]).all()
    for undone in measures(release, done):
        assert release.fails(undone)
    return done


def test_what_was_hidden_only_for_something_shown_again_is_shown_again_too() -> None:
    release = random_release(144)
    done = complementary_suppression(*release.what, prune=False)
    again = _shown_again(*release.what, done, 5)
    twice = _shown_again(*release.what, again, 5)
    assert np.array_equal(again.hidden, twice.hidden)


def test_thousands_of_tables_are_protected_and_no_measure_can_be_undone() -> None:
    unsafe = undone = 0
    for seed in range(2000):
        release = random_release(seed)
        done = check_protection(release)
        unsafe += release.fails(Protection(release.items.small, np.zeros_like(done.withheld)))
        undone += len(measures(release, done))
    # the tables are such that hiding the small counts alone is often not enough
    assert unsafe > 600
    assert undone > 1500


def test_hundreds_of_tables_of_shares_are_protected_and_no_measure_can_be_undone() -> None:
    for seed in range(300):
        release = random_shares(seed)
        done = check_protection(release)
        wholes = np.flatnonzero(done.hidden & (release.items.needs >= 0))
        assert done.hidden[release.items.needs[wholes]].all()


@pytest.mark.parametrize("seed", [0, 1, 2, 5, 6])
def test_integer_programming_finds_five_values_of_every_hidden_count_of_hierarchies(seed: int) -> None:
    release = random_release(seed)
    done = complementary_suppression(*release.what)
    hidden = hidden_counts(release, done)
    exact = exact_ranges(
        release.links, *what_is_published(release.least, release.greatest, release.items, done), hidden
    )
    assert (exact[:, 1] - exact[:, 0] >= 4).all()


def test_without_showing_anything_again_more_is_hidden_and_still_safe() -> None:
    more = 0
    for seed in range(100):
        release = random_release(seed)
        rough = complementary_suppression(*release.what, prune=False)
        assert not release.fails(rough)
        done = _shown_again(*release.what, rough, 5)
        assert not (done.hidden & ~rough.hidden).any()
        assert not (done.withheld & ~rough.withheld).any()
        more += int(rough.hidden.sum() - done.hidden.sum())
    assert more > 0


def shuffled(release: Release, seed: int) -> tuple[Release, np.ndarray]:
    """Put counts, sums and the entries of each sum in another order; give the old place of each new count."""
    chance = np.random.default_rng(seed)
    links, items, size = release.links, release.items, release.truth.size
    order, equations = chance.permutation(size), chance.permutation(links.equations)
    entries = chance.permutation(links.member.size)
    place = np.argsort(order)
    moved = Links(
        equations[links.equation][entries], place[links.member][entries], links.sign[entries], size, links.equations
    )
    given = items.of_count[order] >= 0
    again = Items(
        np.where(given, np.arange(size), -1),
        np.arange(size),
        items.cost[order],
        items.needs,
        items.small[order],
        items.sensitive[order],
    )
    return Release(moved, release.least[order], release.greatest[order], again, release.truth[order]), order


@pytest.mark.parametrize("seed", range(0, 70, 2))
def test_order_of_rows_columns_and_sums_does_not_matter(seed: int) -> None:
    release = random_release(seed)
    other, order = shuffled(release, seed)
    before = propagated_intervals(release.links, release.least, release.greatest)
    after = propagated_intervals(other.links, other.least, other.greatest)
    assert np.array_equal(after[0], before[0][order])
    assert np.array_equal(after[1], before[1][order])
    check_protection(other)


def test_tables_with_nothing_in_common_are_protected_as_each_by_itself() -> None:
    first, second = random_release(1), random_release(5)
    size, sums = first.truth.size, first.links.equations
    links = Links(
        np.concatenate([first.links.equation, second.links.equation + sums]),
        np.concatenate([first.links.member, second.links.member + size]),
        np.concatenate([first.links.sign, second.links.sign]),
        size + second.truth.size,
        sums + second.links.equations,
    )
    a, b = first.items, second.items
    items = Items(
        np.concatenate([a.of_count, np.where(b.of_count < 0, -1, b.of_count + size)]),
        np.concatenate([a.row, b.row + size]),
        np.concatenate([a.cost, b.cost]),
        np.concatenate([a.needs, b.needs]),
        np.concatenate([a.small, b.small]),
        np.concatenate([a.sensitive, b.sensitive]),
    )
    least, greatest = (np.concatenate([getattr(one, end) for one in (first, second)]) for end in ("least", "greatest"))
    both = complementary_suppression(links, least, greatest, items)
    alone = [complementary_suppression(*one.what).hidden for one in (first, second)]
    assert np.array_equal(both.hidden, np.concatenate(alone))


def sum_of_two(first: int, second: int, *, cost: float = 1.0) -> Release:
    """Publish two hidden counts of 1 to 7 under a total that is shown as it is."""
    total = float(first + second)
    small = np.array([True, True, False])
    items = Items(np.arange(3), np.arange(3), np.array([1.0, 1.0, cost]), np.full(3, -1), small, small)
    least, greatest = np.array([1.0, 1, total]), np.array([7.0, 7, total])
    return Release(linked([(2, [0, 1])], 3), least, greatest, items, np.array([first, second, total]))


# 1 to 7 twice under a total of 5, 6 and 7: each can be 1 to 4, 1 to 5 and 1 to 6
@pytest.mark.parametrize(("total", "values"), [(5, 4), (6, 5), (7, 6)])
@pytest.mark.parametrize("needed", [4, 5, 6])
def test_a_total_stays_shown_only_where_enough_values_are_left(total: int, values: int, needed: int) -> None:
    release = sum_of_two(1, total - 1)
    nothing = Protection(release.items.small, np.zeros(3, dtype=bool))
    low, high = release.known(nothing)
    assert (high - low + 1)[:2].tolist() == [values, values]
    assert release.fails(nothing, needed) == (values < needed)
    done = complementary_suppression(*release.what, needed=needed)
    assert done.hidden[2] == (values < needed)


# 1 + 40 + 60 = 101, shown 100: 98 to 102, less at least 38 + 58, leaves 1 to 6; 107, shown 105, leaves 1 to 7
@pytest.mark.parametrize(("count", "hidden"), [(0, False), (1, True), (7, True), (8, False)])
def test_counts_at_each_threshold(count: int, hidden: bool) -> None:
    truth = np.array([count, 40, 60, count + 100])
    release = plain_release(truth, [(3, [0, 1, 2])], np.array([1.0, 2, 3, 9]))
    done = check_protection(release)
    assert done.hidden[0] == hidden
    assert done.hidden.sum() == hidden


def test_a_needed_number_below_two_is_refused() -> None:
    with pytest.raises(ValueError, match="needed must be at least 2; found 1"):
        complementary_suppression(*sum_of_two(1, 1).what, needed=1)
    assert complementary_suppression(*sum_of_two(1, 2).what, needed=2).hidden.tolist() == [True, True, False]


def test_what_nothing_can_protect_is_refused() -> None:
    release = sum_of_two(1, 1)
    fixed = replace(release.items, cost=np.full(3, np.inf))
    with pytest.raises(ValueError, match="counts must be such that hiding protects them; found count 0"):
        complementary_suppression(release.links, release.least, release.greatest, fixed)


# four hidden quarters of at least 1 in a hidden year of at most 7: none exceeds 4, and the mark itself tells
@pytest.mark.parametrize(
    ("quarters", "left_out"), [([1, 1, 1, 1], 1), ([1, 2, 1, 3], 1), ([0, 2, 2, 3], 0), ([1, 1, 1, 5], 0)]
)
def test_a_row_is_left_out_where_its_mark_tells_too_much(quarters: list[int], left_out: int) -> None:
    truth = np.array([*quarters, sum(quarters)])
    release = plain_release(truth, [(4, [0, 1, 2, 3])], np.array([1.0, 1, 1, 1, 3]))
    done = check_protection(release)
    assert done.withheld.sum() == left_out


def test_a_count_that_is_not_given_is_protected_like_a_hidden_one() -> None:
    # 13 people in two streets, of which one is given with 10: 13 - 10 = 3 live in the other
    truth = np.array([3, 10, 13])
    given = np.array([False, True, True])
    release = plain_release(truth, [(2, [0, 1])], np.array([1.0, 1, 9]), given)
    exact = replace(release, least=np.array([0.0, 10, 13]), greatest=np.array([NO_LIMIT, 10, 13]))
    done = check_protection(exact)
    assert done.hidden.tolist() == [False, True, False]


@pytest.mark.parametrize("seed", [3, 8, 144])
def test_what_is_handed_in_stays_as_it_is(seed: int) -> None:
    release = random_release(seed)
    links, items = release.links, release.items
    arrays = [links.equation, links.member, links.sign, release.least, release.greatest]
    arrays += [items.of_count, items.row, items.cost, items.needs, items.small, items.sensitive]
    for one in arrays:
        one.flags.writeable = False
    done = complementary_suppression(*release.what, prune=False)
    hidden, withheld = done.hidden.copy(), done.withheld.copy()
    _shown_again(*release.what, done, 5)
    release.known(done)
    assert np.array_equal(done.hidden, hidden)
    assert np.array_equal(done.withheld, withheld)


def one_total(*ranges: tuple[float, float]) -> tuple[Links, np.ndarray, np.ndarray]:
    """Counts that add up to the last one, and what is published of each."""
    parts = list(range(len(ranges) - 1))
    least, greatest = (np.array(ends, dtype=float) for ends in zip(*ranges, strict=True))
    return linked([(len(parts), parts)], len(ranges)), least, greatest


def test_what_is_known_from_elsewhere_stays_known_when_it_is_hidden_here() -> None:
    """Of 6 + 12 = 18 the 6 is hidden. The 12 was told before (8 to 12), so only hiding the total helps."""
    links, least, greatest = one_total((1, 7), (8, 12), (18, 22))
    small = np.array([True, False, False])
    each = Items(np.arange(3), np.arange(3), np.array([1.0, 2.0, 9.0]), np.full(3, -1), small, small)
    assert complementary_suppression(links, least, greatest, each).hidden.tolist() == [True, True, False]
    known = np.array([0.0, 8, 0]), np.array([NO_LIMIT, 12, NO_LIMIT])
    told = replace(each, known=known, cost=np.array([1.0, np.inf, 9.0]))
    assert complementary_suppression(links, least, greatest, told).hidden.tolist() == [True, False, True]
    opened = what_is_published(least, greatest, told, Protection(np.ones(3, dtype=bool), np.zeros(3, dtype=bool)))
    assert [ends.tolist() for ends in opened] == [[1.0, 8.0, 0.0], [7.0, 12.0, NO_LIMIT]]


def test_nothing_is_hidden_for_a_count_that_is_given_away_already() -> None:
    links, least, greatest = one_total((1, 7), (8, 12), (18, 22))
    small = np.array([True, False, False])
    each = Items(np.arange(3), np.arange(3), np.array([1.0, 2.0, 9.0]), np.full(3, -1), small, small)
    lost = replace(each, given_away=small)
    assert complementary_suppression(links, least, greatest, lost).hidden.tolist() == small.tolist()


def test_what_can_be_hidden_is_found_however_far_away_it_is() -> None:
    """Nine counts are the same one by one; the first is small and only the last may be hidden."""
    same = linked([(k + 1, [k]) for k in range(8)], 9)
    least, greatest = np.full(9, 1.0), np.full(9, 7.0)
    least[8] = greatest[8] = 5.0
    small = np.arange(9) < 8
    cost = np.full(9, np.inf)
    cost[8] = 1.0
    each = Items(np.arange(9), np.arange(9), cost, np.full(9, -1), small, small)
    assert complementary_suppression(same, least, greatest, each).hidden.all()


def test_showing_again_ends_where_a_row_left_out_is_needed_for_another_of_its_counts() -> None:
    """The two hidden counts of one row are 1 to 3 beside the total, which must stay: left out, neither must be safe."""
    links, least, greatest = one_total((1, 7), (1, 7), (2, 4))
    items = Items(
        of_count=np.array([0, 0, 1]),
        row=np.array([0, 1]),
        cost=np.array([1.0, np.inf]),
        needs=np.full(2, -1),
        small=np.array([True, False]),
        sensitive=np.zeros(3, dtype=bool),
    )
    assert complementary_suppression(links, least, greatest, items).withheld.tolist() == [True, False]
