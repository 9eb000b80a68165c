"""XmR charts: limits, special causes at their thresholds, icons."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from metrics.xmr import XmrChart, xmr, xmr_of_many

QUIET = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12]


def causes(chart: XmrChart) -> list[str]:
    return chart.points["special_cause"].tolist()


def test_limits_are_266_mean_moving_ranges_from_the_mean() -> None:
    row = xmr(QUIET, direction="increase").points.iloc[0]
    assert row[["mean", "lpl", "upl"]].astype(float).tolist() == pytest.approx([11, 11 - 5.32, 11 + 5.32])


def test_point_beyond_a_limit() -> None:
    for last, cause, icon in ((40, "above upper limit", "improvement_high"), (-20, "below lower limit", "concern_low")):
        chart = xmr([*QUIET, last], direction="high_is_good")
        assert causes(chart)[-1] == cause
        assert chart.variation == icon
    assert xmr([*QUIET, 40], direction="low_is_good").variation == "concern_high"
    assert xmr([*QUIET, -20], direction="decrease").variation == "improvement_low"
    neutral = xmr([*QUIET, 40], direction="no_judgement")
    assert neutral.variation == "neutral_high"
    assert xmr([*QUIET, -20], direction="neutral").points["point_type"].iloc[-1] == "neutral_low"


@pytest.mark.parametrize(("length", "found"), [(6, False), (7, True), (8, True)])
def test_shift_is_seven_points_on_one_side(length: int, found: bool) -> None:
    chart = xmr([*QUIET, 10.5, *([11.8, 11.9] * 4)[:length], 10.5], direction="increase", fix_after=12)
    assert causes(chart).count("shift above mean") == (length if found else 0)


def test_point_on_the_mean_breaks_a_shift() -> None:
    values = [*QUIET, 11.5, 11.6, 11.5, 11, 11.6, 11.5, 11.6, 11.5]
    assert set(causes(xmr(values, direction="increase", fix_after=12))) == {"common cause"}


@pytest.mark.parametrize(("points", "rising", "found"), [(7, 6, False), (7, 7, True), (6, 5, False), (6, 6, True)])
def test_trend_is_six_or_seven_points(points: int, rising: int, found: bool) -> None:
    values = [*QUIET[:9], *(9 + 0.5 * step for step in range(rising)), 9.1]
    chart = xmr(values, direction="decrease", trend_points=points, fix_after=9)
    assert ("rising trend" in causes(chart)) == found


def test_tie_breaks_a_trend_and_falling_is_named() -> None:
    falling = [12, 11.6, 11.2, 10.8, 10.4, 10, 9.6]
    assert causes(xmr([*QUIET, *falling], direction="increase", fix_after=12)).count("falling trend") >= 7
    tied = [12, 11.6, 11.2, 11.2, 10.8, 10.4, 10]
    assert "falling trend" not in causes(xmr([*QUIET, *tied], direction="increase", fix_after=12))


def test_two_in_three_near_a_limit() -> None:
    # Limits 11 -/+ 5.32; the near lines are at two thirds: 11 -/+ 3.547
    near = [*QUIET, 14.7, 12.0, 14.7, 10]
    assert causes(xmr(near, direction="increase", fix_after=12)).count("two in three near upper limit") == 2
    assert causes(xmr([22 - value for value in near], direction="increase", fix_after=12))[12] == (
        "two in three near lower limit"
    )
    opposite = [*QUIET, 14.7, 12.0, 7.3, 10]
    assert set(causes(xmr(opposite, direction="increase", fix_after=12))) == {"common cause"}


@pytest.mark.parametrize(("counted", "second"), [(True, "two in three near upper limit"), (False, "common cause")])
def test_point_outside_may_count_as_near(counted: bool, second: str) -> None:
    chart = xmr([*QUIET, 20, 14.7, 10], direction="increase", fix_after=12, outside_counts_as_near=counted)
    assert causes(chart)[12:14] == ["above upper limit", second]


@pytest.mark.parametrize(
    ("direction", "target", "answer"),
    [
        ("increase", 20, "consistent_fail"),
        ("increase", 2, "consistent_pass"),
        ("decrease", 20, "consistent_pass"),
        ("decrease", 2, "consistent_fail"),
        ("increase", 11, "inconsistent"),
        ("neutral", 20, None),
        ("increase", None, None),
    ],
)
def test_assurance_by_target_and_direction(direction: str, target: float | None, answer: str | None) -> None:
    assert xmr(QUIET, direction=direction, target=target).assurance == answer


def test_constant_series_has_limits_unless_screened() -> None:
    assert xmr([5] * 12, direction="increase").points["upl"].tolist() == [5] * 12
    screened = xmr([5] * 12, direction="increase", screen_outliers=True, target=4)
    assert screened.points["upl"].isna().all()
    assert screened.points["outside_limits"].isna().all()
    assert screened.assurance is None


def test_screening_drops_a_large_moving_range_once() -> None:
    wide, narrow = (xmr([*QUIET, 40, *QUIET], direction="increase", screen_outliers=flag) for flag in (False, True))
    assert narrow.points["upl"][0] < wide.points["upl"][0]


def test_rebase_starts_limits_and_runs_afresh() -> None:
    chart = xmr([*QUIET, *(value + 20 for value in QUIET)], direction="increase", rebase_at=[12])
    assert chart.points["mean"].unique().tolist() == [11, 31]
    assert set(causes(chart)) == {"common cause"}
    assert not chart.trial
    assert xmr([*QUIET, *QUIET], direction="increase", rebase_at=[11]).trial


def test_missing_point_is_no_point() -> None:
    chart = xmr([*QUIET, None], direction="increase")
    assert math.isnan(chart.points["outside_limits"].iloc[-1])
    assert chart.points["mean"].iloc[-1] == 11
    assert chart.variation == "common_cause"
    single = xmr([3], direction="increase")
    assert single.points[["lpl", "upl"]].isna().all(axis=None)


def test_many_series_at_once_agree_with_one_by_one() -> None:
    generator = np.random.default_rng(7)
    values = pd.DataFrame(generator.normal(50, 5, (40, 24)).cumsum(axis=1) / 10, index=[f"a{i}" for i in range(40)])
    together = xmr_of_many(values, direction="increase", target=60.0)
    for name, row in values.iterrows():
        alone = xmr(row, direction="increase", target=60.0)
        assert together.loc[name, "variation"] == alone.variation
        assert together.loc[name, "assurance"] == alone.assurance
        assert together.loc[name, "special_causes"] == sum(cause != "common cause" for cause in causes(alone))
        assert together.loc[name, "upl"] == pytest.approx(alone.points["upl"].iloc[-1])
    assert xmr_of_many([[1.0, 2.0]], direction="increase")["assurance"].tolist() == [""]


@pytest.mark.parametrize(
    ("values", "keywords", "message"),
    [
        ([], {}, "values must hold at least one point; found none"),
        ([1], {"direction": "up"}, "direction must be one of .*; found 'up'"),
        ([1], {"trend_points": 8}, "trend_points must be 6 or 7; found 8"),
        ([1, 2], {"rebase_at": [2]}, "rebase_at must hold positions from 0 to 1; found 2"),
        ([1, 2], {"fix_after": 1}, "fix_after must be a whole number of at least 2; found 1"),
    ],
)
def test_wrong_charts_are_refused(values: list[float], keywords: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        xmr(values, **{"direction": "increase", **keywords})
