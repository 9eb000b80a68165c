"""Attacks on protected tables, checked against trying everything."""

from __future__ import annotations

import math
from itertools import product

import pytest

from metrics.disclosure_attack import (
    Relation,
    attack_intervals,
    disclosed_by_linked_tables,
    intervals_of_rounded_cells,
    numerators_behind_percentage,
    recovered_from_rolling_sums,
)

ALL = Relation("all", ("a", "b", "c"))


def test_one_hidden_cell_follows_from_its_total() -> None:
    assert attack_intervals({"all": 20, "a": 12, "b": 5}, [ALL]) == {"c": (3, 3)}


def test_hidden_total_is_open_above() -> None:
    assert attack_intervals({"a": 1, "b": 2}, [ALL]) == {"all": (3, math.inf), "c": (0, math.inf)}


def test_what_a_reader_knows_narrows_the_interval() -> None:
    known = {"b": (1, 7), "c": (1, 7)}
    assert attack_intervals({"all": 20, "a": 18}, [ALL], bounds=known) == {"b": (1, 1), "c": (1, 1)}


def test_contradictions_are_refused() -> None:
    with pytest.raises(ValueError, match="published must hold one consistent set of counts; found a contradiction"):
        attack_intervals({"all": 5, "a": 7}, [ALL])
    with pytest.raises(ValueError, match="bounds must run from least to greatest; found 7 first"):
        attack_intervals({"all": 5, "a": 1}, [ALL], bounds={"b": (7, 1)})


def rounded(count: int) -> int | None:
    return None if 1 <= count <= 7 else 5 * round(count / 5)


@pytest.mark.parametrize("truth", [(8, 13, 1), (0, 9, 3), (31, 24, 4), (2, 3, 0), (1, 1, 1)])
def test_rounded_table_by_trying_every_count(truth: tuple[int, int, int]) -> None:
    published = {place: rounded(count) for place, count in enumerate(truth)}
    total = rounded(sum(truth))
    nearby = [range(max(0, count - 10), count + 11) for count in truth]
    possible = [
        guess
        for guess in product(*nearby)
        if [rounded(count) for count in guess] == list(published.values()) and rounded(sum(guess)) == total
    ]
    expected = {
        place: (min(guess[place] for guess in possible), max(guess[place] for guess in possible))
        for place, count in published.items()
        if count is None
    }
    assert intervals_of_rounded_cells(published, total) == expected


def test_impossible_rounded_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="published must hold 0 and multiples of 5; found 12"):
        intervals_of_rounded_cells({"a": 12}, 10)
    with pytest.raises(ValueError, match=r"total must agree with its parts \(8 to 12\); found 38 to 42"):
        intervals_of_rounded_cells({"a": 10}, 40)


def test_zones_that_differ_by_a_few_people() -> None:
    zones = [(["a", "b", "c", "d"], 68), (["a", "b"], 58)]
    assert disclosed_by_linked_tables(zones, sensitive=(1, 10)) == [(("c", "d"), 10)]
    assert disclosed_by_linked_tables(zones) == []


def test_rolling_totals_give_hidden_periods_back() -> None:
    assert recovered_from_rolling_sums([30, 31], [10, 10, 10, None], 3) == {3: 11}
    assert recovered_from_rolling_sums([30], [10, None, None], 3) == {}
    assert recovered_from_rolling_sums([None, 31], [10, 10, 10, None], 3) == {3: 11}
    assert recovered_from_rolling_sums([None], [10, None, 10], 3) == {}
    assert recovered_from_rolling_sums([30], [10, 10, 10], 3) == {}
    with pytest.raises(ValueError, match="window must be at least 1 and its totals within 3 periods; found 4"):
        recovered_from_rolling_sums([30], [10, 10, 10], 4)


@pytest.mark.parametrize(
    ("denominator", "percent", "places"), [(40, 7.5, 1), (12_500, 0.3, 1), (7, 14, 0), (200, 0.5, 0)]
)
def test_numerators_by_trying_every_one(denominator: int, percent: float, places: int) -> None:
    scale = 10**places
    expected = [
        k
        for k in range(denominator + 1)
        if math.floor(100 * k * scale / denominator + 0.5 + 1e-12) == round(percent * scale)
    ]
    assert numerators_behind_percentage(denominator, percent, places) == expected


def test_impossible_percentages_are_refused() -> None:
    with pytest.raises(ValueError, match="denominator must be at least 1 and decimal_places at least 0; found 0 and 1"):
        numerators_behind_percentage(0, 10, 1)
    with pytest.raises(ValueError, match="percent must be between 0 and 100; found 101"):
        numerators_behind_percentage(10, 101, 1)
