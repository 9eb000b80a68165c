"""Two releases as one system of counts: on random tables with a random change, against every table there could be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.answers.former import beside, released_now
from data.answers.roll_up import CELL
from data.answers.shared_counts import SharedCounts
from data.answers.together import prepare, protect_together
from data.catalogue import disclosure, indicator
from metrics.disclosure import round_half_up

DEFINITION = indicator("antenatal_contact_count")
AREAS = pd.DataFrame(
    {"area_code": ["L"], "area_type": ["lad"], "msoa_code": None, "ward_code": None, "lad_code": "L", "icb_code": "I"}
)
FIFTHS = pd.DataFrame({"imd_fifth_national": [], "imd_fifth_local": []})
NOTHING_SHARED = SharedCounts({}, ())
GROUPS = ("English", "Other", "Unknown")
MOST = 26


def cells(counts: list[int]) -> pd.DataFrame:
    """Three groups and everyone, in one council and year."""
    frame = pd.DataFrame({"breakdown_value": [*GROUPS, ""], "numerator": [*map(float, counts), float(sum(counts))]})
    dates = {"period_from": pd.Timestamp("2025-04-01"), "period_to": pd.Timestamp("2026-03-31"), "period_type": "year"}
    frame = frame.assign(area_type="lad", area_code="L", breakdown_type=["language"] * 3 + [""], **dates)
    return frame.assign(denominator=np.nan, reason="")[[*CELL, "numerator", "denominator", "reason"]]


def released(counts: list[int], formers: list) -> pd.DataFrame:
    """Protect a table beside former releases of it."""
    exact = cells(counts)
    ready = prepare(exact, AREAS, FIFTHS, DEFINITION, disclosure())
    known = {DEFINITION.id: beside(formers, exact, AREAS, FIFTHS)}
    (frame,) = protect_together([ready], known, NOTHING_SHARED, disclosure())
    return frame


def remembered(counts: list[int], rows: pd.DataFrame):
    return released_now(cells(counts), rows, AREAS, FIFTHS, disclosure())


def fits(candidates: np.ndarray, truth: int, figure: object) -> np.ndarray:
    """Say which numbers a reader of a figure thinks possible; a mark tells only a small count."""
    if figure is None or (figure == "suppressed" and not 1 <= truth <= 7):
        return candidates >= 0
    if figure == "suppressed":
        return (candidates >= 1) & (candidates <= 7)
    if figure == 0:
        return candidates == 0
    return (candidates >= 8) & (round_half_up(candidates.astype(float)) == figure)


def possible(truths: list[list[int]], releases: list[pd.DataFrame]) -> np.ndarray:
    """List every set of counts that agrees with all releases: a row of each, one count after the other."""
    numbers = sorted({(group, table[group]) for table in truths for group in range(3)})
    axes = np.meshgrid(*[np.arange(MOST)] * len(numbers), indexing="ij")
    every = np.stack([axis.ravel() for axis in axes])
    good = np.ones(every.shape[1], dtype=bool)
    for table, rows in zip(truths, releases, strict=True):
        figures = dict(zip(rows["breakdown_value"], rows["numerator"], strict=True))
        marks = dict(zip(rows["breakdown_value"], rows["value_status"], strict=True))
        parts = [every[numbers.index((group, table[group]))] for group in range(3)]
        for name, count, truth in zip([*GROUPS, ""], [*parts, sum(parts)], [*table, sum(table)], strict=True):
            figure = "suppressed" if marks.get(name) == "suppressed" else figures.get(name)
            good &= fits(count, truth, figure)
    return every[:, good]


def values_left(truths: list[list[int]], releases: list[pd.DataFrame]) -> dict[tuple[int, int], int]:
    """Give, for each small count, how many values a reader of the releases thinks possible."""
    numbers = sorted({(group, table[group]) for table in truths for group in range(3)})
    sets = possible(truths, releases)
    return {one: np.unique(sets[place]).size for place, one in enumerate(numbers) if 1 <= one[1] <= 7}


def random_pair(chance: np.random.Generator) -> tuple[list[int], list[int]]:
    """Make a table of small and middling counts, and the same with one count corrected."""
    before = chance.choice([0, 1, 2, 3, 5, 7, 8, 9, 12, 13, 14, 17], 3).tolist()
    after = list(before)
    while after == before:
        after[int(chance.integers(3))] = int(chance.integers(0, 18))
    return before, after


@pytest.fixture(scope="module")
def tables() -> list[tuple[list[int], list[int], pd.DataFrame]]:
    chance = np.random.default_rng(20261122)
    pairs = [random_pair(chance) for _ in range(40)]
    return [(before, after, released(before, [])) for before, after in pairs]


def test_a_random_correction_leaves_every_small_count_open(tables) -> None:
    for before, after, yesterday in tables:
        today = released(after, [remembered(before, yesterday)])
        left = values_left([before, after], [yesterday, today])
        assert min(left.values(), default=5) >= 5, (before, after, yesterday, today, left)


def test_without_memory_some_corrections_give_a_small_count_away(tables) -> None:
    found = [
        (before, after)
        for before, after, yesterday in tables
        if min(values_left([before, after], [yesterday, released(after, [])]).values(), default=5) < 5
    ]
    assert len(found) >= 2


def test_nothing_more_is_hidden_beside_the_same_release() -> None:
    first = released([13, 1, 8], [])
    again = released([13, 1, 8], [remembered([13, 1, 8], first)])
    pd.testing.assert_frame_equal(first, again)
