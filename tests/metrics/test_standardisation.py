"""Standardised rates and ratios, and life tables, by visible arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from metrics.life_expectancy import START_AGES, life_expectancy
from metrics.standardisation import (
    ESP2013,
    directly_standardised_rate,
    directly_standardised_rate_of_repeat_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)


def test_standard_population_is_whole() -> None:
    assert len(ESP2013) == 19
    assert sum(ESP2013) == 100_000


def test_rate_is_weighted_by_the_standard() -> None:
    # (10/1000 x 3000 + 30/1000 x 7000) / 10000 = 0.024
    table = directly_standardised_rate([10, 30], [1000, 1000], [3000, 7000], multiplier=1000)
    assert table["value"][0] == pytest.approx(24)


@pytest.mark.parametrize(("events", "given"), [(9, False), (10, True), (11, True)])
def test_fewer_than_10_events_have_no_rate(events: int, given: bool) -> None:
    table = directly_standardised_rate([events, 0], [100, 100], [1, 1])
    assert table[["value", "lowercl", "uppercl"]].notna().all(axis=None) == given
    assert table["total_count"][0] == events


def test_missing_events_are_missing_unless_asked() -> None:
    arguments = ([20, None], [100, 100], [1, 1])
    assert math.isnan(directly_standardised_rate(*arguments)["value"][0])
    assert directly_standardised_rate(*arguments, missing_is_zero=True, multiplier=1)["value"][0] == pytest.approx(0.1)


def test_repeat_events_widen_the_interval_but_not_the_rate() -> None:
    alone = directly_standardised_rate([40], [1000], [5000])
    # 20 people once and 10 people twice are 40 events too; variance 20 + 4 x 10 = 60 instead of 40
    repeated = directly_standardised_rate_of_repeat_events([20, 10], [1, 2], 1000, 5000, ["all", "all"])
    assert repeated["value"][0] == pytest.approx(alone["value"][0])
    width = [(table["uppercl"] - table["lowercl"])[0] for table in (alone, repeated)]
    assert width[1] / width[0] == pytest.approx(math.sqrt(60 / 40))


def test_repeat_events_by_area_and_band() -> None:
    table = directly_standardised_rate_of_repeat_events(
        [10, None, 30, 10],
        [1, 2, 1, 1],
        [100, 100, 100, 200],
        [1, 1, 1, 1],
        ["0-4", "0-4", "0-4", "5-9"],
        areas=["A", "A", "B", "B"],
        multiplier=1,
        missing_is_zero=True,
    )
    assert table["total_count"].tolist() == [10, 40]
    assert table["total_pop"].tolist() == [100, 300]
    assert table["value"].tolist() == pytest.approx([0.1, (0.3 + 0.05) / 2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1], [1], [1]), "events must be zero or more; found -1"),
        (([1], [0], [1]), "population must be greater than zero and not missing; found 0"),
        (([1], [1], [-1]), "standard_population must be zero or more; found -1"),
        (([1], [1], [None]), "standard_population must not be missing; found nan"),
    ],
)
def test_wrong_bands_are_refused(arguments: tuple[list[float], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        directly_standardised_rate(*arguments)


def test_ratio_of_observed_to_expected() -> None:
    # expected 100 x 10/1000 + 200 x 20/1000 = 5
    table = indirectly_standardised_ratio([5, 7], [100, 200], [10, 20], [1000, 1000])
    assert table.loc[0, ["observed", "expected", "value"]].tolist() == pytest.approx([12, 5, 2.4])
    by_total = indirectly_standardised_ratio(
        None, [100, 200], [10, 20], [1000, 1000], areas=["A", "A"], observed=pd.Series([12, 3], index=["A", "B"])
    )
    assert by_total.loc["A", "value"] == pytest.approx(2.4)


def test_area_without_expected_or_observed_events() -> None:
    table = indirectly_standardised_rate(
        None, [0, 10], [10, 10], [100, 100], areas=["A", "B"], observed=pd.Series([1, math.nan], index=["A", "B"])
    )
    assert table["value"].isna().all()
    filled = indirectly_standardised_ratio([1, None], [None, 10], [10, None], [100, 100], missing_is_zero=True)
    assert filled["expected"][0] == 0
    assert filled["observed"][0] == 1


@pytest.mark.parametrize("events", [[1], None])
def test_events_or_observed_not_both(events: list[float] | None) -> None:
    observed = pd.Series([1], index=[0]) if events else None
    with pytest.raises(ValueError, match="events or observed must be given, not both"):
        indirectly_standardised_ratio(events, [1], [1], [1], observed=observed)


def life_table(each_dying: float = 10, people: float = 1000, **changes: dict[int, float]) -> pd.DataFrame:
    columns = {"deaths": np.full(20, float(each_dying)), "population": np.full(20, float(people))}
    for name, change in changes.items():
        for band, value in change.items():
            columns[name][band] = value
    return life_expectancy(columns["deaths"], columns["population"], START_AGES)


def test_constant_death_rate_gives_its_inverse() -> None:
    # With 1 death in 100 in every band, those aged 90 live 1 / 0.01 = 100 years more on average.
    table = life_table(each_dying=10_000, people=1_000_000)
    assert table["value"].iloc[-1] == pytest.approx(100)
    assert table["pops_used"].iloc[[0, -1]].tolist() == [20_000_000, 1_000_000]


@pytest.mark.parametrize(
    "changes",
    [
        {"deaths": {19: 0}},
        {"deaths": {3: -1}},
        {"deaths": {3: math.nan}},
        {"deaths": {3: 1001}},
        {"population": {3: 0}},
        {"population": dict.fromkeys(range(20), 250.0)},
    ],
)
def test_unusable_area_has_no_life_expectancy(changes: dict[str, dict[int, float]]) -> None:
    assert life_table(**changes)[["value", "lowercl", "uppercl"]].isna().all(axis=None)


def test_wide_interval_hides_the_value_but_not_the_limits() -> None:
    table = life_table(each_dying=1, people=300)
    assert table["value"].isna().all()
    assert table["lowercl"].notna().all()


def test_certain_death_in_a_band_leaves_nobody_later() -> None:
    table = life_table(deaths={4: 1000.0})
    assert table["value"].iloc[5] == 0
    assert math.isnan(table["lowercl"].iloc[5])
    assert table["value"].iloc[0] > 14


def test_wrong_bands_of_age_are_refused() -> None:
    with pytest.raises(ValueError, match=r"start_ages must be one of 0, 1, 5, 10, … 90; found 3"):
        life_expectancy([1], [1], [3])
    with pytest.raises(ValueError, match=r"start_ages must hold each band once for each area; found 5 twice"):
        life_expectancy([1, 1], [1, 1], [5, 5])


def test_incomplete_area_has_no_life_expectancy() -> None:
    assert life_expectancy([1], [10_000], [0])["value"].isna().all()
