"""What a trajectory starts from: the newest quarter of a group, or the year where its quarters are not released."""

from __future__ import annotations

import datetime as dt

import pytest

from data.answers.workforce_counts import EXPIRED, LAPSED, LEFT, PLACES, STARTED, TRAINED, Row, counts_of
from data.catalogue import ics

GROUP = "Neonatal"
PLACE = ics().lads[0]
STARTS = {"quarter": "2026-01-01", "year": "2025-04-01", "three_years": "2023-04-01"}
Cells = dict[tuple[str, str, str, str], Row]


def given(name: str, period_type: str, part: float, whole: float, ends: str = "2026-03-31") -> Cells:
    """One released cell of the group."""
    row: Row = {
        "numerator": part,
        "denominator": whole,
        "period_type": period_type,
        "period_from": STARTS[period_type],
        "period_to": ends,
    }
    return {(name, PLACE.code, GROUP, period_type): row}


FLOWS: Cells = {
    **given(EXPIRED, "year", 10, 80),
    **given(LEFT, "year", 20, 640),
    **given(LAPSED, "three_years", 10, 310),
    **given(STARTED, "three_years", 15, 60),
    **given(PLACES, "year", 60, 65),
}


def test_the_newest_quarter_is_where_a_group_starts() -> None:
    quarter = given(TRAINED, "quarter", 85, 160, ends="2026-06-30")
    found = counts_of({**FLOWS, **quarter, **given(TRAINED, "year", 80, 160)}, GROUP, PLACE)
    assert found.counts is not None
    assert (found.counts.trained, found.counted_on) == (85, dt.date(2026, 6, 30))


@pytest.mark.parametrize("quarter", [{}, given(TRAINED, "quarter", float("nan"), 160, ends="2026-06-30")])
def test_the_year_is_where_it_starts_if_no_quarter_is_given(quarter: Cells) -> None:
    found = counts_of({**FLOWS, **quarter, **given(TRAINED, "year", 80, 160)}, GROUP, PLACE)
    assert found.counts is not None
    assert (found.counts.trained, found.counted_on) == (80, dt.date(2026, 3, 31))
    assert found.inputs[0].period == "2025/26"


def test_three_years_together_are_no_stock() -> None:
    found = counts_of({**FLOWS, **given(TRAINED, "three_years", 80, 160)}, GROUP, PLACE)
    assert found.counts is None
    assert found.missing


def test_starters_of_three_years_are_those_of_twelve_quarters() -> None:
    found = counts_of({**FLOWS, **given(TRAINED, "year", 80, 160)}, GROUP, PLACE)
    assert found.counts is not None
    assert (found.counts.started, found.counts.quarters) == (60, 3 * 4)
    # 15 of 60 came trained
    assert found.counts.came_trained == 15
