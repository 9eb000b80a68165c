"""Secondary suppression: fewest cells, elimination, and the promise both must keep."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.disclosure_patterns import elimination_pattern, hidden_intervals, is_protected, smallest_protection

TABLE = [[3, 18, 27], [22, 35, 14], [19, 26, 41]]


def test_smallest_pattern_is_safe_and_nothing_smaller_is() -> None:
    pattern = smallest_protection(TABLE)
    assert pattern.primary_only == {(0, 0): (3, 3)}
    assert is_protected(TABLE, pattern.primary, pattern.secondary)
    assert not any(
        is_protected(TABLE, pattern.primary, [cell for cell in pattern.secondary if cell != left])
        for left in pattern.secondary
    )


def test_wider_intervals_need_larger_cells() -> None:
    wide = smallest_protection(TABLE, width=22)
    interval = hidden_intervals(TABLE, [*wide.primary, *wide.secondary])[0, 0]
    assert interval[1] - interval[0] >= 22
    narrow = smallest_protection(TABLE)
    interval = hidden_intervals(TABLE, [*narrow.primary, *narrow.secondary])[0, 0]
    assert interval == (0, 21)


def test_table_without_small_cells_or_margins_needs_nothing() -> None:
    assert smallest_protection([[10, 20], [30, 40]]).secondary == ()
    open_table = smallest_protection(TABLE, margins_published=False)
    assert open_table.secondary == ()
    assert open_table.primary_only == {(0, 0): (0, math.inf)}


def test_elimination_is_safe_on_random_tables() -> None:
    generator = np.random.default_rng(5)
    for _ in range(5):
        table = generator.integers(0, 60, (4, 4)).astype(float)
        primary = [tuple(place) for place in np.argwhere((table >= 1) & (table <= 7))]
        try:
            secondary = elimination_pattern(table)
        except ValueError:
            continue
        intervals = hidden_intervals(table, [*primary, *secondary])
        linear = np.array([intervals[place][0] != intervals[place][1] for place in primary])
        assert linear.all() or table.min() == 0


@pytest.mark.parametrize(
    ("call", "table", "message"),
    [
        (smallest_protection, np.full((6, 5), 9.0), "table must have at most 25 cells; found 30"),
        (smallest_protection, [[3, 20]], "table must have cells enough to protect its small ones"),
        (smallest_protection, [[1.5]], "table must hold whole numbers, none missing; found 1.5"),
        (smallest_protection, [[-1]], "table must be zero or more; found -1"),
        (elimination_pattern, [[3]], "table must have margins that can be published; found one that gives a small"),
    ],
)
def test_impossible_tables_are_refused(call, table, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(table)
