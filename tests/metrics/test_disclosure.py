"""The rule of small numbers: thresholds at -1, 0 and +1, complements, rounding, and what can't be asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.disclosure import is_small, protect_counts, round_half_up


@pytest.mark.parametrize(
    ("count", "status", "given_as"),
    [(0, "shown", 0), (1, "suppressed", None), (7, "suppressed", None), (8, "rounded", 10), (12, "rounded", 10)],
)
def test_a_count_is_shown_suppressed_or_rounded_at_each_threshold(count, status, given_as):
    row = protect_counts([count], [1_000]).iloc[0]
    assert row["value_status"] == status
    assert (None if np.isnan(row["numerator"]) else row["numerator"]) == given_as


@pytest.mark.parametrize(("missed", "status"), [(0, "rounded"), (1, "suppressed"), (7, "suppressed"), (8, "rounded")])
def test_the_babies_not_reached_are_protected_like_those_reached(missed, status):
    assert protect_counts([100 - missed], [100])["value_status"].item() == status


def test_a_count_that_is_no_part_of_its_denominator_has_no_complement():
    assert protect_counts([250], [252], complement=False)["value_status"].item() == "rounded"


@pytest.mark.parametrize(("whole", "hidden"), [(7, True), (8, False)])
def test_a_small_denominator_is_hidden_even_when_nobody_was_counted(whole, hidden):
    row = protect_counts([0], [whole]).iloc[0]
    # 8 people due, none reached: the complement is 8, which may be shown
    assert (row["value_status"] == "suppressed") is hidden
    assert np.isnan(row["denominator"]) == hidden


def test_nobody_due_is_not_applicable_and_missing_is_neither_zero_nor_suppressed():
    protected = protect_counts([0, np.nan, 5], [0, 20, np.nan])
    assert protected["value_status"].tolist() == ["not_applicable", "", ""]
    assert np.isnan(protected["numerator"].iloc[1])


def test_a_plain_count_needs_no_denominator():
    assert protect_counts([0, 3, 23], complement=False)["value_status"].tolist() == ["shown", "suppressed", "rounded"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"numerator": [-1], "denominator": [5]}, "numerator must not be negative"),
        ({"numerator": [1, 2], "denominator": [5]}, "same length"),
        ({"numerator": [6], "denominator": [5]}, "must not exceed"),
        ({"numerator": [1], "denominator": [5], "suppress_from": 0}, "suppress_from"),
        ({"numerator": [1], "denominator": [5], "suppress_to": 0}, "suppress_to"),
        ({"numerator": [1], "denominator": [5], "round_to": 0}, "round_to"),
    ],
)
def test_what_cannot_be_protected_is_refused_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        protect_counts(**arguments)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=40))
def test_nothing_small_leaves_and_parts_stay_within_wholes(pairs):
    whole = np.array([a + b for a, b in pairs])
    part = np.array([a for a, _ in pairs])
    before = part.copy()
    protected = protect_counts(part, whole)
    given_part = protected["numerator"].to_numpy()
    known = ~np.isnan(given_part)
    assert np.array_equal(part, before)
    assert (given_part[known] % 5 == 0).all()
    assert (given_part[known] <= protected["denominator"].to_numpy()[known]).all()
    assert not is_small(part[known]).any()
    assert not is_small((whole - part)[known]).any()


def test_halves_round_upwards_unlike_python_which_rounds_them_to_even():
    assert round_half_up([2.5, 7.5, 12.5]).tolist() == [5.0, 10.0, 15.0]
