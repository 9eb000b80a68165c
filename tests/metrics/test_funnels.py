"""Funnels: limits, points and significance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.funnels import (
    proportion_funnel,
    proportion_funnel_significance,
    rate_funnel,
    rate_funnel_points,
    rate_funnel_significance,
    ratio_funnel,
    ratio_funnel_significance,
)


def test_limits_are_where_wilson_meets_the_average() -> None:
    table = proportion_funnel([20, 30], [40, 60])  # average 0.5
    row = table.iloc[-1]
    spread = 196 * math.sqrt(0.25 / row["population"])
    assert row["upper_2s"] == pytest.approx(50 + spread, rel=1e-4)
    assert len(table) == 100
    assert table["population"].is_monotonic_increasing


def test_upper_limit_is_cut_at_one_unless_told() -> None:
    assert proportion_funnel([90, 9], [100, 10], multiplier=1)["upper_3s"].max() == 1
    assert proportion_funnel([90, 9], [100, 10], multiplier=1, highest=100)["upper_3s"].max() > 1


def test_axis_starts_near_the_smallest_area_when_sizes_are_alike() -> None:
    assert proportion_funnel([400, 500], [1000, 1200])["population"][0] == 900
    assert proportion_funnel([4, 500], [10, 1200])["population"][0] == 1
    # R writes 100000 as 1e+05, five characters: 95% of 105,264 starts at 100,000 all the same
    assert proportion_funnel([400, 500], [105_264, 120_000])["population"][0] == 100_000


def test_missing_counts_are_left_out_of_the_average() -> None:
    found = proportion_funnel_significance([20, None, 70], [100, 100, 100])
    assert found.tolist() == ["Low (0.001)", "Not compared", "High (0.001)"]


def test_ratio_funnel_counts_from_zero_or_from_100() -> None:
    isr, count = ratio_funnel([8, 12], [10, 11]), ratio_funnel([8, 12], [10, 11], ratio_type="count")
    np.testing.assert_allclose(isr["upper_2s"] / 100 - 1, count["upper_2s"])


def test_ratio_significance_at_its_edges() -> None:
    # exact limits of 0 events: up to 3.69 (95%) and 6.91 (99.8%)
    assert ratio_funnel_significance([0, 0, 0, None], [3.6, 3.8, 7.0, 1.0]).tolist() == [
        "Not significant",
        "Low (0.025)",
        "Low (0.001)",
        "Not compared",
    ]


def test_rate_points_and_significance() -> None:
    points = rate_funnel_points([0, 20], [0, 10], denominator=[500, 1], multiplier=1000, years=2)
    assert points["population"].tolist() == [250, 1000]
    few = rate_funnel_significance([9, 20], [3.0, 10.0], rate_type="dsr", multiplier=1000)
    assert few[0] == "Not applicable for events less than 10 for dsrs"
    assert rate_funnel_points([0, 20], [0, 10], rate_type="dsr")["rate"].isna().tolist() == [True, False]


def test_rate_funnel_shows_the_population_of_one_year() -> None:
    one, three = (rate_funnel([20, 90], [10.0, 12.0], multiplier=1000, years=years) for years in (1, 3))
    assert three["baseline"][0] == pytest.approx(one["baseline"][0])
    matched = three[three["events"] == three["events"].iloc[0]].iloc[0]
    mean = matched["upper_2s_population"] * 3 * matched["baseline"] / 1000
    assert matched["upper_2s"] == pytest.approx(matched["events"] / mean * matched["baseline"])


@pytest.mark.parametrize(
    ("call", "arguments", "keywords", "message"),
    [
        (proportion_funnel, ([11], [10]), {}, "numerator must not exceed denominator; found 11 of 10"),
        (proportion_funnel, ([1], [0]), {}, "denominator must be greater than zero; found 0"),
        (proportion_funnel, ([None], [1]), {}, "must hold at least one area with both; found none"),
        (ratio_funnel, ([1], [1]), {"ratio_type": "smr"}, "ratio_type must be one of isr, count; found 'smr'"),
        (rate_funnel, ([1], [0]), {}, "rate must be greater than zero where there are events; found 0"),
        (rate_funnel, ([0], [0]), {}, "denominator must be given where a crude rate has no events; found None"),
        (rate_funnel, ([0], [0]), {"denominator": [5]}, "numerator must hold at least one event; found none"),
        (rate_funnel, ([None], [1]), {}, "numerator and rate must hold at least one area with a population"),
        (rate_funnel, ([1], [1]), {"rate_type": "isr"}, "rate_type must be one of crude, dsr; found 'isr'"),
        (rate_funnel, ([1], [1]), {"years": 0}, "years must be a positive number; found 0"),
    ],
)
def test_wrong_funnels_are_refused(call, arguments, keywords, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(*arguments, **keywords)


def test_areas_without_people_are_not_compared() -> None:
    assert rate_funnel_significance([0, 0], [0, 0], denominator=[0, 0]).tolist() == ["Not compared"] * 2
