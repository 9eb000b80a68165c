"""Run charts: shifts, trends and runs at their thresholds."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest

from metrics.run_chart import run_chart, run_charts_of_many


@pytest.mark.parametrize(("length", "found"), [(5, False), (6, True)])
def test_shift_is_six_points_on_one_side(length: int, found: bool) -> None:
    chart = run_chart([1, 3, 1, 3, 1, 3, *[3.5, 3.1, 3.6, 3.2, 3.7, 3.3][: length - 1], 1], baseline=6)
    assert ("shift" in chart.signals) == found


@pytest.mark.parametrize(("length", "found"), [(4, False), (5, True)])
def test_trend_is_five_points(length: int, found: bool) -> None:
    chart = run_chart([2, *range(length), 1], trend_points=5)
    assert ("trend" in chart.signals) == found


def test_tie_neither_makes_nor_breaks_a_trend() -> None:
    chart = run_chart([0, 1, 2, 2, 3, 4])
    assert chart.points["trend"].tolist() == [True, True, True, False, True, True]


def test_points_on_the_median_and_missing_ones_do_not_count() -> None:
    chart = run_chart([1, 3, 2, None, 3, 1])
    assert chart.median == 2
    assert chart.runs == 3
    assert math.isnan(chart.fewest_runs)


@pytest.mark.parametrize(("values", "signal"), [([1] * 8 + [3] * 8, "too few runs"), ([1, 3] * 8, "too many runs")])
def test_number_of_runs(values: list[float], signal: str) -> None:
    chart = run_chart(values)
    # Swed and Eisenhart: with 8 points on each side, 4 runs or fewer and 14 or more are signals.
    assert (chart.fewest_runs, chart.most_runs) == (5, 13)
    assert signal in chart.signals


def test_series_of_one_value_has_no_signal() -> None:
    assert run_chart([5]).signals == ()
    assert run_chart([5, 5, 5]).runs == 0


def test_wrong_charts_are_refused() -> None:
    with pytest.raises(ValueError, match="values must hold at least one number in the baseline; found none"):
        run_chart([None, 1], baseline=1)
    with pytest.raises(ValueError, match="shift_points must be a whole number of at least 2; found 1"):
        run_chart([1], shift_points=1)


@pytest.mark.parametrize("points", [10, 11, 12])
def test_ordinary_numbers_of_runs_by_trying_every_order(points: int) -> None:
    above = points - points // 2
    runs = []
    for chosen in combinations(range(points), above):
        side = [place in chosen for place in range(points)]
        runs.append(1 + sum(one != other for one, other in pairwise(side)))
    share = {number: runs.count(number) / len(runs) for number in set(runs)}
    ordinary = [
        number
        for number in share
        if sum(share[other] for other in share if other <= number) > 0.025
        and sum(share[other] for other in share if other >= number) > 0.025
    ]
    # The median 0.5 is fixed by the baseline of two, so that an odd number of points may lie off it.
    chart = run_chart([0, 1, *(place % 2 for place in range(points - 2))], baseline=2)
    assert (chart.fewest_runs, chart.most_runs) == (min(ordinary), max(ordinary))


def test_many_series_at_once_agree_with_one_by_one() -> None:
    generator = np.random.default_rng(9)
    values = pd.DataFrame(generator.integers(0, 6, (60, 20)).astype(float), index=[f"a{i}" for i in range(60)])
    values.iloc[3, 4] = values.iloc[5, :9] = math.nan
    values.iloc[7] = np.arange(20)
    together = run_charts_of_many(values)
    for name, row in values.iterrows():
        alone = run_chart(row)
        assert together.loc[name, ["median", "runs"]].tolist() == [alone.median, alone.runs]
        signals = together.loc[name, ["shift", "trend", "too few runs", "too many runs"]]
        assert tuple(signals.index[signals.astype(bool)]) == alone.signals
    empty = run_charts_of_many([[math.nan, math.nan]]).loc[0]
    assert math.isnan(empty["median"])
    assert not empty["shift"]
