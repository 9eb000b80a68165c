"""Two releases as one system of counts: on random tables with a random change, against every table there could be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.answers.former import Former, beside, released_now
from data.answers.linked import _of_shown
from data.answers.roll_up import CELL
from data.answers.shared_counts import SharedCounts
from data.answers.shown import as_released, released_beside
from data.answers.together import joined_system, prepare, protect_together
from data.catalogue import disclosure, indicator
from metrics.disclosure import round_half_up
from metrics.disclosure_linked import propagated_intervals, what_is_published

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


def released(counts: list[int], formers: list[Former]) -> pd.DataFrame:
    """Protect a table beside former releases of it."""
    exact = cells(counts)
    ready = prepare(exact, AREAS, FIFTHS, DEFINITION, disclosure())
    known = {DEFINITION.id: beside(formers, exact, AREAS, FIFTHS)}
    (frame,) = protect_together([ready], known, NOTHING_SHARED, disclosure())
    return frame


def remembered(counts: list[int], rows: pd.DataFrame) -> Former:
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


def row(area_type: str, code: str, years: tuple[int, int], count: int) -> dict[str, object]:
    """One exact cell, from April of one year to March of another."""
    kind = "year" if years[1] == years[0] + 1 else "three_years"
    dates = {"period_from": pd.Timestamp(f"{years[0]}-04-01"), "period_to": pd.Timestamp(f"{years[1]}-03-31")}
    place = {"area_type": area_type, "area_code": code, "period_type": kind, **dates}
    return {**place, "breakdown_type": "", "breakdown_value": "", "numerator": float(count)}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows).assign(denominator=np.nan, reason="")[[*CELL, "numerator", "denominator", "reason"]]


def values_of(
    place: dict[str, object],
    before: tuple[pd.DataFrame, pd.DataFrame],
    after: tuple[pd.DataFrame, pd.DataFrame],
    *,
    memory: bool,
) -> float:
    """Release one table of exact counts (with its areas) and then another; say how many values one count can have."""
    rule = disclosure()
    (former, former_areas), (exact, areas) = before, after
    (first,) = protect_together([prepare(former, former_areas, FIFTHS, DEFINITION, rule)], {}, NOTHING_SHARED, rule)
    known = beside([released_now(former, first, former_areas, FIFTHS, rule)], exact, areas, FIFTHS)
    ready = prepare(exact, areas, FIFTHS, DEFINITION, rule)
    (now,) = protect_together([ready], {DEFINITION.id: known} if memory else {}, NOTHING_SHARED, rule)
    linked, done = as_released(exact, released_beside(exact, now), areas, FIFTHS, DEFINITION, rule)
    joined = joined_system([(DEFINITION, linked)], {DEFINITION.id: known}, NOTHING_SHARED, rule)
    low, high = propagated_intervals(
        joined.links, *what_is_published(joined.least, joined.greatest, joined.items, done)
    )
    wanted = np.flatnonzero((linked.cells[list(place)] == pd.Series(place)).all(axis=1))
    (count,) = joined.places[0][wanted]
    return float(np.floor(high[count] + 1e-6) - np.ceil(low[count] - 1e-6) + 1)


def lsoas(wards: dict[str, str]) -> pd.DataFrame:
    """Neighbourhoods of one council, each in a ward."""
    small = [{"area_code": code, "area_type": "lsoa21", "ward_code": ward} for code, ward in wards.items()]
    larger = [{"area_code": code, "area_type": "ward"} for code in sorted(set(wards.values()))]
    council = [{"area_code": "L", "area_type": "lad"}]
    return pd.DataFrame([*small, *larger, *council]).assign(msoa_code=None, lad_code="L", icb_code="I")


def test_a_ward_with_other_borders_than_before_does_not_give_away_who_moved() -> None:
    """Shared case sdc-link-02, rounded: ward X loses c, and ward Y gains it.

    X was 218 to 222 and is again, so c is 4 at most; Y was 32 at most and is 33 at least, so c is 1 at least.
    """
    year = (2025, 2026)
    counts = {"a": 120, "b": 101, "c": 1, "d": 32}
    small = [row("lsoa21", code, year, count) for code, count in counts.items()]
    council = row("lad", "L", year, 254)
    before = table(*small, row("ward", "X", year, 222), row("ward", "Y", year, 32), council)
    after = table(*small, row("ward", "X", year, 221), row("ward", "Y", year, 33), council)
    then = lsoas({"a": "X", "b": "X", "c": "X", "d": "Y"})
    now = lsoas({"a": "X", "b": "X", "c": "Y", "d": "Y"})
    moved = {"area_code": "c"}
    assert values_of(moved, (before, then), (after, now), memory=False) == 4
    assert values_of(moved, (before, then), (after, now), memory=True) >= 5


def test_three_years_that_move_on_do_not_give_the_new_year_away() -> None:
    """Shared case sdc-roll-01, rounded: 12 + 24 + 22 = 58 is shown as 60, then 24 + 22 + 1 = 47 as 45.

    The new year is at most 47 - (58 - 12) = 1.
    """
    years = [row("lad", "L", (2021 + at, 2022 + at), count) for at, count in enumerate((12, 24, 22, 1))]
    before = table(*years[:3], row("lad", "L", (2021, 2024), 58))
    after = table(*years, row("lad", "L", (2022, 2025), 47))
    newest = {"period_from": pd.Timestamp("2024-04-01"), "period_type": "year"}
    assert values_of(newest, (before, AREAS), (after, AREAS), memory=False) == 1
    assert values_of(newest, (before, AREAS), (after, AREAS), memory=True) >= 5


def test_a_shown_number_of_full_time_equivalents_may_be_anything_that_rounds_to_it():
    rule = disclosure()  # 1 to 7 are hidden, others rounded to 5
    given, small = np.array([True, True, True]), np.array([False, False, True])
    whole = _of_shown(np.array([12.0, 8.0, 3.0]), small, given, rule)
    assert [ends.tolist() for ends in whole] == [[8, 8, 1], [12, 12, 7]]
    # 12.5 is rounded up to 15: from 12.5 to 17.5; 7.4 is no small count and is rounded to 5: above 7, at most 7.5
    parted = _of_shown(np.array([12.5, 7.4, 0.2]), small, given, rule)
    assert [ends.tolist() for ends in parted] == [[12.5, 7.0, 0.0], [17.5, 7.5, 7.0]]
