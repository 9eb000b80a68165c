"""Cohort maturity at its thresholds."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from metrics.maturity import coverage_by_age, is_mature

BORN = pd.to_datetime(pd.Series(["2025-03-31", "2025-03-31", "2025-03-31", None]))


def test_mature_on_the_day_the_youngest_reaches_the_age() -> None:
    extracted = pd.to_datetime(pd.Series(["2025-04-29", "2025-04-30", "2025-05-01", "2025-05-01"]))
    assert is_mature(BORN, extracted, 30).tolist() == [False, True, True, False]
    assert is_mature(BORN, pd.Timestamp("2025-04-30"), 30).tolist() == [True, True, True, False]


def test_dates_must_be_dates() -> None:
    with pytest.raises(ValueError, match="born_to must hold dates; found"):
        is_mature(pd.Series(["2025-03-31"]), pd.Timestamp("2025-04-30"), 30)
    with pytest.raises(ValueError, match="days must be a positive number; found 0"):
        is_mature(BORN, pd.Timestamp("2025-04-30"), 0)


def test_each_age_counts_only_babies_who_reached_it() -> None:
    # Ages now 40, 25, 40, 15; reviewed at 10, 20, never, 12.
    table = coverage_by_age([10, 20, None, 12], [40, 25, 40, 15], [12, 20, 40, 41])
    assert table["numerator"].tolist() == [2, 2, 1, 0]
    assert table["denominator"].tolist() == [4, 3, 2, 0]
    assert table["value"].tolist()[:3] == pytest.approx([50, 200 / 3, 50])
    assert math.isnan(table["value"][3])
    assert table["share_reached"].tolist() == [1, 0.75, 0.5, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([5], [4], [1]), "ages_at_review must not exceed ages_now; found 5"),
        (([5], [None], [1]), "ages_now must not be missing; found nan"),
        (([None], [-1], [1]), "ages_now must be between 0 and inf; found -1"),
        (([None], [1], [-1]), "ages must be zero or more; found -1"),
    ],
)
def test_wrong_ages_are_refused(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        coverage_by_age(*arguments)
