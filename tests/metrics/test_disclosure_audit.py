"""The attack on a release: worked examples of what protects too little, and random tables by integer programming."""

from __future__ import annotations

import numpy as np
import pytest

from metrics._moves import Moves
from metrics.disclosure_audit import Attack, attack_release
from metrics.disclosure_linked import (
    NO_LIMIT,
    Links,
    Protection,
    complementary_suppression,
    propagated_intervals,
    what_is_published,
)
from tests.metrics.test_disclosure_linked import (
    SHAPES,
    WARDS_ACROSS_MSOAS,
    Release,
    exact_ranges,
    hidden_counts,
    linked,
    measures,
    plain_release,
    random_release,
    random_shares,
    side,
    sums_of_table,
)

#: Tables with both margins; the hidden cells as (row, column), from 0; what is known of them besides; the exact
#: ranges (cases sdc-att-01 to sdc-att-05 of the methods' shared vectors: scipy's milp and sdcTable's attack in R).
FOUR_AREAS = [[12, 3, 25, 31], [40, 18, 22, 16], [9, 27, 14, 33], [21, 30, 6, 19]]
BLOCKS = [[8, 11, 4, 20], [13, 9, 30, 25], [28, 31, 10, 12], [26, 17, 9, 15]]
SMALL_BESIDE_LARGE = [[1, 1, 44], [19, 23, 51], [30, 12, 17]]
WORKED = {
    "att-01: small ones only": (FOUR_AREAS, {}, {(0, 1): (3, 3), (3, 2): (6, 6)}),
    "att-02: a rectangle": (FOUR_AREAS, {}, {(0, 1): (0, 28), (0, 2): (0, 28), (3, 1): (5, 33), (3, 2): (3, 31)}),
    "att-03: two in each row and column": (
        BLOCKS,
        {},
        {
            (0, 0): (0, 19),
            (0, 1): (0, 19),
            (1, 0): (2, 21),
            (1, 1): (1, 20),
            (2, 2): (0, 19),
            (2, 3): (3, 22),
            (3, 2): (0, 19),
            (3, 3): (5, 24),
            (0, 2): (4, 4),
        },
    ),
    "att-04: no count is negative": (
        SMALL_BESIDE_LARGE,
        {},
        {(0, 0): (0, 2), (0, 1): (0, 2), (1, 0): (18, 20), (1, 1): (22, 24)},
    ),
    "att-05: the marks tell which are small": (
        SMALL_BESIDE_LARGE,
        {(0, 0): (1, 7), (0, 1): (1, 7)},
        {(0, 0): (1, 1), (0, 1): (1, 1), (1, 0): (19, 19), (1, 1): (23, 23)},
    ),
}


def with_margins(table: list[list[int]]) -> tuple[Links, np.ndarray, int]:
    """Give the sums and counts of a table with its margins, and how many columns it then has."""
    inner = np.array(table)
    rows, columns = (side(n, [list(range(n))], [(n, list(range(n)))]) for n in inner.shape)
    truth = (rows.made_of @ inner @ columns.made_of.T).ravel()
    return linked(sums_of_table(rows, columns), truth.size), truth, len(columns.made_of)


def check_attack(found: Attack, expected: np.ndarray, needed: int = 5) -> None:
    """Safe are those with enough values; of the others the ends are exact, of the safe ones within the exact ends."""
    safe = expected[:, 1] - expected[:, 0] >= needed - 1
    assert found.safe.tolist() == safe.tolist()
    assert not found.undecided.any()
    assert np.column_stack([found.least, found.greatest])[~safe].tolist() == expected[~safe].tolist()
    assert (found.least >= expected[:, 0]).all()
    assert (found.greatest <= expected[:, 1]).all()
    assert (found.greatest - found.least >= needed - 1)[safe].all()


@pytest.mark.parametrize("case", WORKED)
@pytest.mark.parametrize("needed", [2, 5])
def test_worked_tables_with_margins(case: str, needed: int) -> None:
    table, known, expected = WORKED[case]
    links, truth, across = with_margins(table)
    least, greatest = truth.copy(), truth.copy()
    for row, column in expected:
        place = row * across + column
        least[place], greatest[place] = known.get((row, column), (0, NO_LIMIT))
    targets = np.array([row * across + column for row, column in expected])
    exact = np.array(list(expected.values()), dtype=float)
    assert exact_ranges(links, least, greatest, targets).tolist() == exact.tolist()
    check_attack(attack_release(links, least, greatest, truth, targets, needed=needed), exact, needed)


def test_two_hidden_in_each_row_and_column_is_not_enough() -> None:
    table, _, hidden = WORKED["att-03: two in each row and column"]
    links, truth, across = with_margins(table)
    marked = np.zeros((5, 5), dtype=bool)
    marked[tuple(zip(*hidden, strict=True))] = True
    assert marked[:4].sum(axis=1).tolist() == [3, 2, 2, 2]
    assert marked[:, :4].sum(axis=0).tolist() == [2, 2, 3, 2]
    least = np.where(marked.ravel(), 0, truth)
    greatest = np.where(marked.ravel(), NO_LIMIT, truth)
    between = np.array([0 * across + 2])
    # sum by sum, 4 could be 0 to 23; the first two rows less the first two columns leave 4 alone
    low, high = propagated_intervals(links, least, greatest)
    assert (low[between].item(), high[between].item()) == (0, 23)
    assert not attack_release(links, least, greatest, truth, between).safe.any()


# 46 + 31 + 4 + 28 + 55 = 164: one hidden follows from the total, two share 32 (cases sdc-att-06 and sdc-att-07)
@pytest.mark.parametrize(("hidden", "expected"), [([2], [[4, 4]]), ([2, 3], [[0, 32], [0, 32]])])
def test_authorities_under_a_system(hidden: list[int], expected: list[list[int]]) -> None:
    truth = np.array([46.0, 31, 4, 28, 55, 164])
    least, greatest = truth.copy(), truth.copy()
    least[hidden], greatest[hidden] = 0, NO_LIMIT
    found = attack_release(linked([(5, [0, 1, 2, 3, 4])], 6), least, greatest, truth, np.array(hidden))
    check_attack(found, np.array(expected, dtype=float))


# cases sdc-rnd-01 to 03: 30, 25, 15, 10, * under 85; 10, *, 0 under 10; 10, 15, * under 20
@pytest.mark.parametrize(
    ("parts", "expected"), [([31, 24, 17, 11, 3], [1, 7]), ([8, 1, 0], [1, 4]), ([8, 13, 1], [1, 1])]
)
def test_rounding_the_total_by_itself_is_not_enough(parts: list[int], expected: list[int]) -> None:
    truth = np.array([*parts, sum(parts)])
    last = len(parts)
    release = plain_release(truth, [(last, list(range(last)))], np.linspace(1, 2, last + 1))
    hidden = np.flatnonzero(release.items.small)
    exact = np.array([expected], dtype=float)
    check_attack(attack_release(release.links, release.least, release.greatest, truth, hidden), exact)
    assert passes(release, complementary_suppression(*release.what))


# friends and family test: 150, 80 and 2 responses with the two lowest hidden; 150, 1, 1 and 44 with both 1s hidden
@pytest.mark.parametrize(
    ("responses", "known", "expected"),
    [
        ([150, 80, 2], {1: (5, NO_LIMIT), 2: (1, 4)}, [[78, 81], [1, 4]]),
        ([150, 1, 1, 44], {1: (1, 4), 2: (1, 4)}, [[1, 1], [1, 1]]),
    ],
)
def test_marks_that_tell_which_is_small(
    responses: list[int], known: dict[int, tuple[float, float]], expected: list[list[int]]
) -> None:
    truth = np.array([*responses, sum(responses)], dtype=float)
    least, greatest = truth.copy(), truth.copy()
    for place, ends in known.items():
        least[place], greatest[place] = ends
    links = linked([(len(responses), list(range(len(responses))))], truth.size)
    found = attack_release(links, least, greatest, truth, np.array(list(known)))
    check_attack(found, np.array(expected, dtype=float))


# two geographies laid over each other; only the small areas a to e and w1 to w3 are not given (sdc-link-01 to 03)
GEOGRAPHIES = [[0, 1, 2], [3, 4], [0, 1], [2, 3], [4]]
BOUNDARY_CHANGE = [[0, 1, 2], [0, 1]]


@pytest.mark.parametrize(
    ("areas", "zones", "small", "told"),
    [
        ([31, 27, 3, 40, 22], GEOGRAPHIES, 2, (3, 3)),
        ([120, 95, 6], BOUNDARY_CHANGE, 2, (6, 6)),
        ([31, 27, 13, 40, 22], GEOGRAPHIES, 2, (13, 13)),
    ],
)
def test_zones_of_two_geographies_that_differ_by_a_few_people(
    areas: list[int], zones: list[list[int]], small: int, told: tuple[int, int]
) -> None:
    truth = np.array([*areas, *(sum(areas[one] for one in zone) for zone in zones)], dtype=float)
    given = np.arange(truth.size) >= len(areas)
    links = linked([(len(areas) + place, zone) for place, zone in enumerate(zones)], truth.size)
    least, greatest = np.where(given, truth, 0), np.where(given, truth, NO_LIMIT)
    found = attack_release(links, least, greatest, truth, np.array([small]))
    check_attack(found, np.array([told], dtype=float))
    # by the rule only a count of 1 to 7 must not be known: the 13 of the last example may be
    sensitive = (truth >= 1) & (truth <= 7)
    assert sensitive[small] == (told[0] <= 7)


def attack(release: Release, done: Protection) -> tuple[Attack, np.ndarray]:
    """Attack what is published, and give the counts asked about as well."""
    targets = hidden_counts(release, done)
    published = what_is_published(release.least, release.greatest, release.items, done)
    return attack_release(release.links, *published, release.truth.astype(float), targets), targets


def passes(release: Release, done: Protection) -> bool:
    return bool(attack(release, done)[0].safe.all())


def unprotected(release: Release) -> Protection:
    return Protection(release.items.small.copy(), np.zeros(int(release.items.row.max()) + 1, dtype=bool))


@pytest.mark.parametrize("seed", range(21))
@pytest.mark.parametrize("protect", [False, True])
def test_attack_on_random_tables_finds_what_integer_programming_finds(seed: int, protect: bool) -> None:
    release = random_release(seed)
    done = complementary_suppression(*release.what) if protect else unprotected(release)
    found, targets = attack(release, done)
    published = what_is_published(release.least, release.greatest, release.items, done)
    check_attack(found, exact_ranges(release.links, *published, targets))


@pytest.mark.parametrize("seed", range(3))
def test_attack_on_random_shares_finds_what_integer_programming_finds(seed: int) -> None:
    release = random_shares(seed)
    done = unprotected(release)
    found, targets = attack(release, done)
    published = what_is_published(release.least, release.greatest, release.items, done)
    check_attack(found, exact_ranges(release.links, *published, targets))


HIERARCHIES = [shape for shape in SHAPES if shape[0] is not WARDS_ACROSS_MSOAS]


def test_attack_passes_a_thousand_protected_hierarchies() -> None:
    for seed in range(1000, 2000):
        release = random_release(seed, HIERARCHIES)
        found, _ = attack(release, complementary_suppression(*release.what))
        assert found.safe.all()
        assert not found.undecided.any()


def test_attack_fails_when_any_single_measure_is_undone() -> None:
    undone = 0
    for seed in range(150):
        release = random_release(seed)
        done = complementary_suppression(*release.what)
        for without in measures(release, done):
            assert not passes(release, without)
            undone += 1
    assert undone > 100


def test_attack_fails_where_a_row_that_was_left_out_is_given_again() -> None:
    truth = np.array([1, 1, 1, 1, 4])
    release = plain_release(truth, [(4, [0, 1, 2, 3])], np.array([1.0, 1, 1, 1, 3]))
    done = complementary_suppression(*release.what)
    assert passes(release, done)
    assert not passes(release, Protection(done.hidden, np.zeros_like(done.withheld)))


def test_attack_finds_a_ward_taken_from_the_neighbourhood_around_it() -> None:
    # areas 3, 4 and 5 make an MSOA, 4 and 5 a ward of it: 13 to 17 of both leave at most 4 in area 3
    ward, msoa = 3, 4
    truth = np.array([2.0, 6, 9, 15, 17])
    links = linked([(ward, [1, 2]), (msoa, [0, 1, 2])], 5)
    least, greatest = np.array([1.0, 1, 0, 13, 13]), np.array([7.0, 7, NO_LIMIT, 17, 17])
    targets = np.array([0, 1, 2])
    assert exact_ranges(links, least, greatest, targets)[0].tolist() == [1, 4]
    low, high = propagated_intervals(links, least, greatest)
    assert (low[0], high[0]) == (1, 7)
    found = attack_release(links, least, greatest, truth, targets)
    assert found.safe.tolist() == [False, True, True]


def test_attack_on_a_wide_table_finds_what_integer_programming_finds() -> None:
    # 36 wards in three councils, 12 quarters in three years: 432 smallest counts
    wards, quarters = 36, 12
    councils = side(
        wards,
        [*(list(range(first, first + 12)) for first in (0, 12, 24)), list(range(wards))],
        [(wards + k, list(range(12 * k, 12 * k + 12))) for k in range(3)]
        + [(wards + 3, [wards, wards + 1, wards + 2])],
    )
    years = side(
        quarters,
        [list(range(first, first + 4)) for first in (0, 4, 8)],
        [(quarters + k, list(range(4 * k, 4 * k + 4))) for k in range(3)],
    )
    release = random_release(8, [(councils, years)])
    found, targets = attack(release, unprotected(release))
    assert 0 < found.safe.sum() < targets.size
    some = np.concatenate([np.flatnonzero(~found.safe)[:6], np.flatnonzero(found.safe)[:6]])
    exact = exact_ranges(release.links, release.least, release.greatest, targets[some])
    part = Attack(found.least[some], found.greatest[some], found.safe[some], found.undecided[some])
    check_attack(part, exact)


def test_what_could_not_be_decided_in_time_is_not_safe() -> None:
    release = random_release(8)
    targets = hidden_counts(release, unprotected(release))
    truth = release.truth.astype(float)
    found = attack_release(release.links, release.least, release.greatest, truth, targets, seconds=0.0)
    assert found.undecided.any()
    assert not found.safe[found.undecided].any()


def test_a_question_is_asked_once_with_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    links, truth, columns = with_margins(BLOCKS)
    least, greatest = truth.astype(float), truth.astype(float)
    hidden = [row * columns + column for row, column in WORKED["att-03: two in each row and column"][2]]
    least[hidden], greatest[hidden] = 0.0, NO_LIMIT
    quickly, asked = Moves.quickly, []

    def noted(moves: Moves, row: int, seen: float, goal: float, sign: float) -> np.ndarray | None:
        asked.append((moves, moves.seconds, row, seen, goal))
        return quickly(moves, row, seen, goal, sign)

    monkeypatch.setattr(Moves, "quickly", noted)
    known = 2  # the third count of the first row, which the sums give away
    found = attack_release(links, least, greatest, truth.astype(float), np.array([known, known, *hidden, known]))
    assert (found.least[[0, 1, -1]] == BLOCKS[0][known]).all()
    assert not found.safe[[0, 1, -1]].any()
    assert len(set(asked)) == len(asked) > 0


def test_all_questions_together_keep_to_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    release = random_shares(0)
    targets, truth = hidden_counts(release, unprotected(release)), release.truth.astype(float)
    halves = np.arange(truth.size // 3)[:, None] + [0, truth.size // 3]
    asked: list[Moves] = []

    def in_a_second(moves: Moves, *_: float) -> tuple[None, bool]:
        asked.append(moves)
        moves.sure = False
        return None, False

    monkeypatch.setattr(Moves, "furthest", in_a_second)
    monkeypatch.setattr(Moves, "quickly", lambda moves, *way: in_a_second(moves, *way)[0])
    monkeypatch.setattr(Moves, "spent", lambda moves: float(sum(one is moves for one in asked)))

    def questions(in_all: float) -> int:
        before, counts = len(asked), (release.links, release.least, release.greatest, truth, targets)
        found = attack_release(*counts, in_all=in_all, complements=halves)
        assert found.undecided.all()
        return len(asked) - before

    by_exchange = questions(0.0)
    assert 24 <= questions(24.0) - by_exchange <= 30  # one more question, both ways, each time that the time is over


@pytest.mark.parametrize(("needed", "safe"), [(4, True), (5, True), (6, False)])
def test_needed_values_at_each_threshold(needed: int, safe: bool) -> None:
    # two hidden counts of 1 to 7 under a total of 6: each is 1 to 5
    links, known = linked([(2, [0, 1])], 3), (np.array([1.0, 1, 6]), np.array([7.0, 7, 6]))
    found = attack_release(links, *known, np.array([2.0, 4, 6]), np.array([0, 1]), needed=needed)
    assert found.safe.tolist() == [safe, safe]


def test_the_counts_themselves_do_not_change_what_is_found() -> None:
    links = linked([(2, [0, 1])], 3)
    known = np.array([1.0, 1, 5]), np.array([7.0, 7, 5])
    for first in range(1, 5):
        found = attack_release(links, *known, np.array([first, 5.0 - first, 5]), np.array([0, 1]))
        assert found.least.tolist() == [1, 1]
        assert found.greatest.tolist() == [4, 4]


def test_a_count_with_a_fraction_is_moved_by_whole_steps_within_its_range() -> None:
    # 6.5 full-time equivalents of 18.5, of which 12 are elsewhere and 8 to 12 are shown: 6.5 to 10.5, below 7 only 6.5
    links, target = linked([(2, [0, 1])], 3), np.array([0])
    found = attack_release(
        links, np.array([1.0, 8, 18.5]), np.array([7.0, 12, 18.5]), np.array([6.5, 12, 18.5]), target
    )
    assert (found.safe.tolist(), found.least.tolist(), found.greatest.tolist()) == ([False], [6.5], [6.5])
    # 8 to 16 are shown: 2.5 to 10.5, and 2.5 to 6.5 are five values of 7 at most
    found = attack_release(
        links, np.array([1.0, 8, 18.5]), np.array([7.0, 16, 18.5]), np.array([6.5, 12, 18.5]), target
    )
    assert (found.safe.tolist(), found.least.tolist(), found.greatest.tolist()) == ([True], [2.5], [6.5])


def test_counts_that_cannot_be_true_are_refused() -> None:
    links, target = linked([(2, [0, 1])], 3), np.array([0])
    known = np.array([1.0, 8, 18]), np.array([7.0, 12, 22])
    with pytest.raises(ValueError, match="truth must agree with what is released; found a count outside its range"):
        attack_release(links, *known, np.array([8.0, 12, 20]), target)


def test_what_is_handed_in_stays_as_it_is() -> None:
    release = random_release(1)
    truth = release.truth.astype(float)
    targets = hidden_counts(release, unprotected(release))
    links = release.links
    for one in (links.equation, links.member, links.sign, release.least, release.greatest, truth, targets):
        one.flags.writeable = False
    attack_release(links, release.least, release.greatest, truth, targets)
