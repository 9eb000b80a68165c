"""Measures that count the same people are found, and protected and attacked together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.answers.joined import Block, join
from data.answers.linked import hidden_counts
from data.answers.release import with_shared_tokens
from data.answers.roll_up import CELL
from data.answers.shared_counts import AT_LEAST, SharedCounts, same_series
from data.answers.shown import as_released, released_beside
from data.answers.together import joined_system, prepare, protect_together
from data.catalogue import disclosure, indicator
from metrics.disclosure_linked import propagated_intervals, what_is_published

PART, WHOLE = ("need", "part"), ("allocated", "whole")
AREAS = pd.DataFrame(
    {"area_code": ["L"], "area_type": ["lad"], "msoa_code": None, "ward_code": None, "lad_code": "L", "icb_code": "I"}
)
FIFTHS = pd.DataFrame({"imd_fifth_national": [], "imd_fifth_local": []})
#: One counts who was visited, the other what was offered to those who were: the part of one is the whole of the other.
VISITED, OFFERED = indicator("new_birth_visit_14_days"), indicator("buddy_allocated")
SAME = SharedCounts({(VISITED.id, "part"): "visited", (OFFERED.id, "whole"): "visited"}, ((OFFERED.id, VISITED.id),))
APART = SharedCounts({}, ())


@pytest.mark.parametrize(("counts", "found"), [(AT_LEAST - 1, 0), (AT_LEAST, 1), (AT_LEAST + 1, 1)])
def test_series_are_the_same_from_enough_counts_on(counts: int, found: int) -> None:
    mark = (float(counts), 310.0, 7000.0, 42.0)
    shared = same_series({PART: {"Q1": mark}, WHOLE: {"Q1": mark}})
    assert len(shared.clusters) == found
    assert (shared.name_of(*PART) == shared.name_of(*WHOLE)) == bool(found)


def test_series_that_mostly_differ_are_not_the_same() -> None:
    alike, one, other = (20.0, 310.0, 7000.0, 42.0), (21.0, 300.0, 6000.0, 40.0), (21.0, 290.0, 6100.0, 41.0)
    assert same_series({PART: {"Q1": alike, "Q2": one}, WHOLE: {"Q1": alike, "Q2": other}}).clusters == ()
    assert same_series({PART: {"Q1": alike}, WHOLE: {"Q1": alike, "Q2": other}}).clusters == (("allocated", "need"),)


def test_measures_hang_together_through_others() -> None:
    one, other = (20.0, 310.0, 7000.0, 42.0), (30.0, 300.0, 6000.0, 40.0)
    series = {
        ("a", "part"): {"Q1": one},
        ("b", "whole"): {"Q1": one},
        ("b", "part"): {"Q1": other},
        ("c", "whole"): {"Q1": other},
        ("d", "whole"): {"Q1": (20.0, 310.0, 7000.0, 43.0)},
    }
    shared = same_series(series)
    assert shared.clusters == (("a", "b", "c"),)
    assert shared.cluster_of("c") == ("a", "b", "c")
    assert shared.cluster_of("d") == ("d",)


def test_one_measure_whose_two_counts_are_equal_hangs_together_with_nobody() -> None:
    mark = (20.0, 310.0, 7000.0, 42.0)
    assert same_series({("a", "part"): {"Q1": mark}, ("a", "whole"): {"Q1": mark}}).clusters == ()


def cells(numerators: list[int], denominators: list[int]) -> pd.DataFrame:
    """Three groups and everyone, in one council and year."""
    frame = pd.DataFrame({"breakdown_value": ["English", "Other", "Unknown", ""]})
    dates = {"period_from": pd.Timestamp("2025-04-01"), "period_to": pd.Timestamp("2026-03-31"), "period_type": "year"}
    frame = frame.assign(area_type="lad", area_code="L", breakdown_type=["language"] * 3 + [""], **dates, reason="")
    frame["numerator"] = [*map(float, numerators), float(sum(numerators))]
    frame["denominator"] = [*map(float, denominators), float(sum(denominators))]
    return frame[[*CELL, "numerator", "denominator", "reason"]]


def both(shared: SharedCounts) -> tuple[list[pd.DataFrame], np.ndarray]:
    """Protect two measures: 13, 1 and 8 of 90, 50 and 50 were visited; 13, 1 and 0 of these were offered a buddy.

    Gives what is released, and how many values a reader of both finds possible for each hidden count.
    """
    rule = disclosure()
    tables = [(VISITED, cells([13, 1, 8], [90, 50, 50])), (OFFERED, cells([13, 1, 0], [13, 1, 8]))]
    ready = [prepare(exact, AREAS, FIFTHS, definition, rule) for definition, exact in tables]
    frames = (
        protect_together(ready, {}, shared, rule)
        if shared.clusters
        else [protect_together([one], {}, shared, rule)[0] for one in ready]
    )
    seen = [
        as_released(exact, released_beside(exact, frame), AREAS, FIFTHS, definition, rule)
        for (definition, exact), frame in zip(tables, frames, strict=True)
    ]
    joined = joined_system([(one.definition, own) for one, (own, _) in zip(ready, seen, strict=True)], {}, SAME, rule)
    done = joined.all_of([its for _, its in seen])
    low, high = propagated_intervals(
        joined.links, *what_is_published(joined.least, joined.greatest, joined.items, done)
    )
    hidden = [place[hidden_counts(own, its)] for place, (own, its) in zip(joined.places, seen, strict=True)]
    return frames, (np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1)[np.concatenate(hidden)]


def test_each_measure_alone_would_give_one_family_away() -> None:
    """One shows 15, hidden, hidden, 20; the other as its whole hidden, hidden, 10, 20: so the second is exactly 1."""
    (visited, offered), values = both(APART)
    assert visited["numerator"].fillna(-1).tolist() == [15, -1, -1, 20]
    assert offered["denominator"].fillna(-1).tolist() == [-1, -1, 10, 20]
    assert values.min() == 1


def test_together_they_do_not() -> None:
    _, values = both(SAME)
    assert values.min() >= disclosure().values_left_open


def test_a_count_on_both_sides_of_a_sum_is_cancelled_and_equal_sums_are_kept_once() -> None:
    """Of a measure that reached everybody, part and whole are one count; nothing is left over."""
    everybody = prepare(cells([20, 30, 40], [20, 30, 40]), AREAS, FIFTHS, VISITED, disclosure())
    one = Block(VISITED.id, everybody.linked, ("visited", "left over", "visited"))
    joined = join([one], 5)
    totals = np.bincount(joined.links.equation, joined.links.sign < 0, minlength=joined.links.equations)
    parts = np.bincount(joined.links.equation, joined.links.sign > 0, minlength=joined.links.equations)
    assert (totals == 1).all()
    assert (parts >= 1).all()
    assert not np.any(np.bincount(joined.links.equation, joined.links.sign * joined.truth[joined.links.member]))


def test_a_change_to_one_measure_releases_those_that_count_the_same_people_again() -> None:
    shared = SharedCounts({PART: "visited", WHOLE: "visited"}, (("allocated", "need"),))
    before = with_shared_tokens({"allocated": "1", "need": "1", "other": "1"}, shared)
    after = with_shared_tokens({"allocated": "1", "need": "2", "other": "1"}, shared)
    assert {name for name in before if before[name] != after[name]} == {"allocated", "need"}
    apart = with_shared_tokens({"allocated": "1", "need": "1", "other": "1"}, APART)
    assert {name for name in before if before[name] != apart[name]} == {"allocated", "need"}
