"""Recent trend by DHSC's rule, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from metrics.trend import CHI_SQUARE_998, recent_trend


def trend_of(values: list[float | None], width: float = 3.92, polarity: str = "no_judgement") -> pd.Series:
    y = np.array([[math.nan if value is None else value for value in values]])
    return recent_trend(y, y - width / 2, y + width / 2, polarity=polarity).loc[0]


def test_slope_and_chi_square_by_hand() -> None:
    # Standard error 3.92 / 3.92 = 1; slope of 1 … 5 x step; sum of squared times about their mean is 10.
    row = trend_of([0, 1, 2, 3, 4])
    assert row["slope"] == pytest.approx(1)
    assert row["chi_square"] == pytest.approx(10)
    assert row["trend"] == "increasing"


@pytest.mark.parametrize(("step", "found"), [(0.9771, "no significant change"), (0.9773, "increasing")])
def test_threshold_is_exact(step: float, found: str) -> None:
    # chi-square = 10 step²; the threshold is at step = sqrt(0.954953570608324) = 0.97722
    assert math.sqrt(CHI_SQUARE_998 / 10) == pytest.approx(0.97722, abs=1e-5)
    assert trend_of([step * year for year in range(5)])["trend"] == found


def test_one_year_must_not_make_the_trend() -> None:
    # Without the last year the others fall: significant, but not steady.
    row = trend_of([3, 2, 1, 0, 40])
    assert row["chi_square"] > CHI_SQUARE_998
    assert row["trend"] == "no significant change"


@pytest.mark.parametrize(
    ("polarity", "rising", "falling"),
    [
        ("high_is_good", "increasing and getting better", "decreasing and getting worse"),
        ("low_is_good", "increasing and getting worse", "decreasing and getting better"),
        ("no_judgement", "increasing", "decreasing"),
    ],
)
def test_polarity_gives_the_words(polarity: str, rising: str, falling: str) -> None:
    assert trend_of([0, 2, 4, 6, 8], polarity=polarity)["trend"] == rising
    assert trend_of([8, 6, 4, 2, 0], polarity=polarity)["trend"] == falling


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0, 2, 4, 6], "cannot be calculated"),
        ([0, 2, None, 4, 6, 8], "cannot be calculated"),
        ([9, 0, 2, 4, 6, 8], "increasing"),
        ([0, 2, 4, 6, 8, None], "increasing"),
        ([None] * 6, "cannot be calculated"),
        ([5, 5, 5, 5, 5], "no significant change"),
    ],
)
def test_last_five_consecutive_years_are_used(values: list[float | None], found: str) -> None:
    assert trend_of(values)["trend"] == found


def test_interval_without_width_cannot_be_used() -> None:
    assert trend_of([0, 2, 4, 6, 8], width=0)["trend"] == "cannot be calculated"


def test_wide_years_weigh_less() -> None:
    y = np.array([[0.0, 1, 2, 3, 100]])
    half = np.array([[1.96, 1.96, 1.96, 1.96, 1960]])
    assert recent_trend(y, y - half, y + half).loc[0, "slope"] == pytest.approx(1, abs=1e-3)


def test_wrong_panels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"values, lowercl and uppercl must have one shape; found \(1, 1\), \(1, 2\)"):
        recent_trend([[1]], [[1, 2]], [[1]])
    with pytest.raises(ValueError, match="lowercl must not exceed uppercl; found 2"):
        recent_trend([[1]], [[2]], [[1]])


def test_index_is_kept() -> None:
    frame = pd.DataFrame([[1.0] * 5, [2.0] * 5], index=["BCP", "Dorset"])
    assert recent_trend(frame, frame - 1, frame + 1).index.tolist() == ["BCP", "Dorset"]
    assert recent_trend(frame[[0]], frame[[0]] - 1, frame[[0]] + 1).index.tolist() == ["BCP", "Dorset"]
