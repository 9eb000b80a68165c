"""Who is counted: births, pregnancies, reviews that fall due and families, in each LSOA and quarter.

Everything follows from one series of births. Births by LSOA are not published, so they are an **estimate**:
children aged 0 to 15 at mid-2022, one sixteenth a year, a little more in the more deprived fifths, and scaled to
thirteen births a year for each LSOA (about 6,000 in Dorset ICS). The numbers of each quarter are Poisson.

| cohort | is |
|---|---|
| ``births`` | births of the quarter; also pregnancies that were due and were not lost; babies who turned 30 days |
| ``due_28_weeks`` | women who reached 28 weeks, less losses: births of the next quarter |
| ``pregnant`` (stock) | known pregnancies: births of the next three quarters, and about 2% that will be lost |
| ``due_8_weeks`` | births of the quarter, less about 0.5% who died or moved away; losses are not counted as missed |
| ``due_12_months`` … ``due_42_months`` | births 4, 5, 8, 10, 14 quarters earlier, less about 2% a year |
| ``under_1``, ``under_2``, ``under_5``, ``aged_1_to_4`` (stock) | births of the last 4, 8, 20 quarters |
| ``births_in_year`` (stock) | births of the last four quarters |
| ``families`` (stock) | a pregnancy or a child under two: ``under_2`` and births of the next two quarters |
| ``parents`` | each expectant parent: births and the partners who are known (about 88%) |
| ``partners`` | the known partners |
| ``adults`` (stock) | residents aged 16 and over at mid-2022 |
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from data.example.places import Places

Counts = npt.NDArray[np.int64]
BIRTHS_PER_LSOA = 13.0  # a year
YEARS_IN_0_TO_15 = 16
MORE_BIRTHS_PER_FIFTH = 0.10  # log births per child for each fifth towards the most deprived
LOST_AFTER_BOOKING = 0.02
LEFT_BY_8_WEEKS = 0.005
LEFT_PER_YEAR = 0.02
PARTNER_KNOWN = 0.88
QUARTERS_BEFORE = 20
QUARTERS_AFTER = 3
QUARTERS_EARLIER = {
    "due_12_months": 4,
    "due_15_months": 5,
    "due_24_months": 8,
    "due_30_months": 10,
    "due_42_months": 14,
}
STOCKS = frozenset({"pregnant", "under_1", "under_2", "under_5", "aged_1_to_4", "births_in_year", "families", "adults"})


def random_generator(seed: int, name: str) -> np.random.Generator:
    """Give each named series its own stream, so that adding one leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def births_expected(places: Places) -> npt.NDArray[np.float64]:
    """Estimate births a year in each LSOA."""
    tilt = np.exp(MORE_BIRTHS_PER_FIFTH * (3 - places.fifth))
    estimate = places.children / YEARS_IN_0_TO_15 * tilt
    scaled: npt.NDArray[np.float64] = estimate * (BIRTHS_PER_LSOA * len(estimate) / estimate.sum())
    return scaled


def cohorts(places: Places, quarters: int, seed: int) -> dict[str, Counts]:
    """Count every cohort in each LSOA (row) and quarter (column)."""
    generator = random_generator(seed, "births")
    a_quarter = births_expected(places)[:, None] / 4
    width = QUARTERS_BEFORE + quarters + QUARTERS_AFTER
    births = generator.poisson(a_quarter, (len(places.lsoa), width))

    def born(earlier: int) -> Counts:
        start = QUARTERS_BEFORE - earlier
        return births[:, start : start + quarters]

    def last(quarters_earlier: range) -> Counts:
        total: Counts = np.sum([born(earlier) for earlier in quarters_earlier], axis=0)
        return total

    staying = {
        name: generator.binomial(born(earlier), (1 - LEFT_PER_YEAR) ** (earlier / 4))
        for name, earlier in QUARTERS_EARLIER.items()
    }
    partners = generator.binomial(born(0), PARTNER_KNOWN)
    lost = generator.poisson(LOST_AFTER_BOOKING * a_quarter * 3, born(0).shape)
    return staying | {
        "births": born(0),
        "due_28_weeks": born(-1),
        "pregnant": last(range(-3, 0)) + lost,
        "due_8_weeks": generator.binomial(born(0), 1 - LEFT_BY_8_WEEKS),
        "births_in_year": last(range(4)),
        "under_1": last(range(4)),
        "under_2": last(range(8)),
        "under_5": last(range(20)),
        "aged_1_to_4": last(range(4, 20)),
        "families": last(range(-2, 8)),
        "partners": partners,
        "parents": born(0) + partners,
        "adults": np.repeat(places.adults[:, None].astype(np.int64), quarters, axis=1),
    }
