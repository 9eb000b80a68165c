"""Properties that hold whatever the numbers: Hypothesis looks for a case that breaks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.between_groups import between_group_measures
from metrics.clusters import adjust_for_false_discovery, getis_ord, local_moran
from metrics.comparison import compare
from metrics.concentration import concentration_curve, concentration_index
from metrics.funnels import proportion_funnel_significance
from metrics.gaps import gap, population_attributable
from metrics.inequality import slope_index_of_inequality
from metrics.inequality_elsewhere import scotpho_inequality, who_slope_index
from metrics.life_expectancy import START_AGES, life_expectancy
from metrics.lorenz import gini, lorenz_curve
from metrics.maturity import coverage_by_age
from metrics.means import mean
from metrics.missing_out import babies_missing_out, babies_short_of_target
from metrics.proportionality import proportionality, targeting_ratio
from metrics.proportions import proportion
from metrics.quantiles import quantile
from metrics.ranks import fractional_rank
from metrics.rates import rate
from metrics.reach import nearest_by_grid, share_within, two_step_floating_catchment
from metrics.run_chart import run_chart
from metrics.small_areas import empirical_bayes_rate, empirical_bayes_rate_of_neighbours
from metrics.standardisation import directly_standardised_rate, indirectly_standardised_ratio
from metrics.trend import recent_trend
from metrics.xmr import xmr, xmr_of_many

FIFTHS = np.arange(1, 6)
unhurried = settings(deadline=None, max_examples=60)  # the machine may be busy with other tests


@st.composite
def counts(draw: st.DrawFn, least: int = 1, most: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators, zero included."""
    denominators = draw(st.lists(st.integers(0, 5000), min_size=least, max_size=most))
    numerators = [draw(st.integers(0, whole)) for whole in denominators]
    return np.array(numerators, dtype=float), np.array(denominators, dtype=float)


@st.composite
def fifths(draw: st.DrawFn, highest: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Values and populations of five groups, most deprived first."""
    values = draw(st.lists(st.floats(0.01, 0.99), min_size=5, max_size=5))
    people = draw(st.lists(st.integers(1, 10_000), min_size=5, max_size=5))
    return np.array(values) * highest, np.array(people, dtype=float)


levels = st.sampled_from([0.9, 0.95, 0.998])
orders = st.permutations(range(5))
series = st.lists(st.integers(0, 100).map(float), min_size=3, max_size=30)


@unhurried
@given(counts(), levels)
def test_proportion_is_bracketed_and_its_complement_mirrors(pair: Any, level: float) -> None:
    x, n = pair
    reached, missed = proportion(x, n, confidence=level), proportion(n - x, n, confidence=level)
    known = reached.dropna()
    assert len(known) == (n > 0).sum()
    assert ((known["lowercl"] <= known["value"] + 1e-12) & (known["value"] <= known["uppercl"] + 1e-12)).all()
    assert known.ge(0).all(axis=None)
    assert known.le(1).all(axis=None)
    np.testing.assert_allclose(missed["lowercl"], 1 - reached["uppercl"], atol=1e-12)


@unhurried
@given(counts(), levels)
def test_rate_is_bracketed_and_wider_when_surer(pair: Any, level: float) -> None:
    x, n = pair
    table, surer = rate(x, n, confidence=level).dropna(), rate(x, n, confidence=0.999).dropna()
    assert ((table["lowercl"] <= table["value"] + 1e-9) & (table["value"] <= table["uppercl"])).all()
    assert (surer["uppercl"] >= table["uppercl"]).all()
    assert table.ge(0).all(axis=None)


@unhurried
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 5)), min_size=1), st.floats(-5, 5))
def test_swapping_polarity_mirrors_the_judgement(intervals: list[tuple[float, float]], benchmark: float) -> None:
    lower = np.array([low for low, _ in intervals])
    upper = lower + [width for _, width in intervals]
    mirror = {"better": "worse", "worse": "better", "similar": "similar"}
    good, bad = (compare(lower, upper, benchmark, polarity) for polarity in ("high_is_good", "low_is_good"))
    assert [mirror[word] for word in good] == bad.tolist()


@unhurried
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=40), st.integers(2, 6), st.randoms(use_true_random=False))
def test_quantiles_follow_values_not_rows(values: list[int], number: int, random: Any) -> None:
    order = list(range(len(values)))
    random.shuffle(order)
    assigned = quantile(values, number)
    np.testing.assert_array_equal(quantile([values[place] for place in order], number), assigned[order])
    if len(values) >= number:
        assert set(assigned) <= set(range(1, number + 1))
        by_value = pd.Series(assigned).groupby(values).nunique()
        assert (by_value == 1).all()


@unhurried
@given(fifths(), orders)
def test_row_order_is_irrelevant_to_inequality(pair: Any, order: Any) -> None:
    values, people = pair
    place = np.array(order)
    calls: list[Callable[[np.ndarray], pd.DataFrame]] = [
        lambda i: slope_index_of_inequality(FIFTHS[i], people[i], values[i], standard_error=0.01),
        lambda i: concentration_index(values[i], people[i], FIFTHS[i], bounds=(0, 1)),
        lambda i: who_slope_index(values[i], people[i], FIFTHS[i]),
        lambda i: who_slope_index(values[i], people[i], FIFTHS[i], model="logit"),
        lambda i: scotpho_inequality(values[i], people[i], FIFTHS[i], 0.5),
        lambda i: gap(values[i], FIFTHS[i], polarity="high_is_good"),
        lambda i: population_attributable(values[i], people[i], FIFTHS[i], polarity="high_is_good"),
        lambda i: between_group_measures(values[i], people[i], polarity="high_is_good"),
        lambda i: gini(values[i], people[i]),
        lambda i: concentration_curve(values[i], people[i], FIFTHS[i]),
    ]
    for call in calls:
        first, second = (call(i).select_dtypes("number") for i in (np.arange(5), place))
        np.testing.assert_allclose(first, second, rtol=1e-6, atol=1e-9)


@unhurried
@given(st.floats(0.05, 0.95), fifths())
def test_perfect_equality_has_no_gap_index_or_shortfall(level: float, pair: Any) -> None:
    _, people = pair
    equal = np.full(5, level)
    slope = slope_index_of_inequality(FIFTHS, people, equal, standard_error=0.01).loc[0]
    assert slope[["sii", "rii"]].to_numpy(dtype=float) == pytest.approx([0, 1], abs=1e-9)
    assert gap(equal, FIFTHS, polarity="low_is_good").loc[0, ["absolute_gap", "relative_gap"]].tolist() == [0, 1]
    index = concentration_index(equal, people, FIFTHS, bounds=(0, 1)).loc[0]
    assert index[["aci", "rci", "wagstaff", "erreygers"]].to_numpy(dtype=float) == pytest.approx(0, abs=1e-9)
    spread = between_group_measures(equal, people, polarity="high_is_good").loc[0].dropna()
    assert spread.to_numpy(dtype=float) == pytest.approx(0, abs=1e-9)
    assert gini(equal, people).loc[0, "gini"] == pytest.approx(0, abs=1e-9)
    attributable = population_attributable(equal, people, FIFTHS, polarity="high_is_good").loc[0]
    assert attributable["par"] == pytest.approx(0, abs=1e-9)
    shares = proportionality(people, people * 3, FIFTHS)
    assert shares.targeting_ratio == pytest.approx(1)
    assert shares.index == pytest.approx(0, abs=1e-9)
    missing = babies_missing_out(people, people * 2, FIFTHS)["missing_out"]
    np.testing.assert_allclose(missing, 0, atol=1e-6)


@unhurried
@given(fifths())
def test_shortfall_mirrors_attainment(pair: Any) -> None:
    values, people = pair
    up = concentration_index(values, people, FIFTHS, bounds=(0, 1)).loc[0]
    down = concentration_index(1 - values, people, FIFTHS, bounds=(0, 1)).loc[0]
    assert down["erreygers"] == pytest.approx(-up["erreygers"], abs=1e-9)
    assert down["wagstaff"] == pytest.approx(-up["wagstaff"], abs=1e-9)
    keywords = {"standard_error": 0.02, "multiplier": 100}
    rise = slope_index_of_inequality(FIFTHS, people, values, **keywords).loc[0]
    fall = slope_index_of_inequality(FIFTHS, people, 1 - values, **keywords).loc[0]
    assert fall["sii"] == pytest.approx(-rise["sii"], abs=1e-6)
    good, bad = (gap(values, FIFTHS, polarity=polarity).loc[0] for polarity in ("high_is_good", "low_is_good"))
    assert good["absolute_gap"] == -bad["absolute_gap"]


@unhurried
@given(counts(least=5), st.data())
def test_regrouping_keeps_the_babies_missing_out(pair: Any, data: st.DataObject) -> None:
    x, n = pair
    x, n = np.append(x, 30.0), np.append(n, 40.0)
    fifth = np.array([*data.draw(st.lists(st.integers(1, 5), min_size=n.size - 1, max_size=n.size - 1)), 5])
    areas = data.draw(st.lists(st.sampled_from("ABC"), min_size=n.size, max_size=n.size))
    each = babies_missing_out(x, n, fifth)
    some, whole = babies_missing_out(x, n, fifth, areas=areas), babies_missing_out(x, n, fifth, areas=[0] * n.size)
    assert some["missing_out"].sum() == pytest.approx(whole["missing_out"][0], abs=1e-6)
    by_area = each["missing_out"].groupby(areas).sum()
    np.testing.assert_allclose(some.set_index("area")["missing_out"], by_area, atol=1e-6)
    assert (whole["lowercl"] <= whole["missing_out"] + 1e-9).all()
    assert (whole["missing_out"] <= whole["uppercl"] + 1e-9).all()
    best = fifth == 5
    assert each["missing_out"][best].sum() == pytest.approx(0, abs=1e-6)
    flipped = babies_missing_out(x, n, fifth, polarity="low_is_good")
    np.testing.assert_allclose(flipped["missing_out"], -each["missing_out"], atol=1e-9)
    target = babies_short_of_target(x, n, 0.9)
    assert target["missing_out"].sum() == pytest.approx(0.9 * n.sum() - x.sum(), abs=1e-6)


@unhurried
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 500)), min_size=1, max_size=20))
def test_smoothed_rate_lies_between_its_own_and_the_whole(pairs: list[tuple[int, int]]) -> None:
    x, n = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    table = empirical_bayes_rate(x, n)
    low, high = np.minimum(x / n, table["prior_mean"]), np.maximum(x / n, table["prior_mean"])
    assert ((low - 1e-12 <= table["smoothed_rate"]) & (table["smoothed_rate"] <= high + 1e-12)).all()


@unhurried
@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20).filter(lambda values: sum(values) > 1e-6))
def test_gini_stays_between_nothing_and_all(values: list[float]) -> None:
    coefficient = gini(values).loc[0, "gini"]
    assert -1e-9 <= coefficient < 1
    curve = lorenz_curve(values)
    assert (curve["value_share"] <= curve["population_share"] + 1e-9).all()


@unhurried
@given(series, st.integers(-50, 50))
def test_xmr_moves_with_its_series_and_mirrors_with_direction(values: list[float], shift: int) -> None:
    chart, moved = xmr(values, direction="increase"), xmr([v + shift for v in values], direction="increase")
    np.testing.assert_allclose(moved.points["upl"], chart.points["upl"] + shift)
    mirror = {"improvement": "concern", "concern": "improvement", "common_cause": "common_cause"}
    other = xmr(values, direction="decrease").points["point_type"]
    assert [mirror[kind] for kind in chart.points["point_type"]] == other.tolist()
    assert (chart.points["lpl"] <= chart.points["mean"]).all()


@unhurried
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_is_never_smaller_and_keeps_order(p: list[float]) -> None:
    adjusted = adjust_for_false_discovery(p)
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()


@unhurried
@given(counts(least=2), st.data())
def test_catchments_hand_out_all_supply_within_reach(pair: Any, data: st.DataObject) -> None:
    _, demand = pair
    supply = np.array(data.draw(st.lists(st.integers(0, 50), min_size=1, max_size=4)), dtype=float)
    cells = st.lists(st.integers(0, 60), min_size=supply.size, max_size=supply.size)
    cost = np.array([data.draw(cells) for _ in demand], dtype=float)
    access, ratio = two_step_floating_catchment(demand, supply, cost, 30)
    assert access @ demand == pytest.approx(supply[~np.isnan(ratio)].sum(), abs=1e-6)


@unhurried
@given(st.lists(st.integers(0, 40), min_size=5, max_size=9))
def test_trend_mirrors_with_polarity(values: list[int]) -> None:
    y = np.array([values], dtype=float)
    swap = str.maketrans({"b": "w"})
    better, worse = (
        recent_trend(y, y - 1, y + 1, polarity=polarity).loc[0] for polarity in ("high_is_good", "low_is_good")
    )
    assert better["slope"] == worse["slope"]
    words = better["trend"].replace("better", "?").replace("worse", "better").replace("?", "worse")
    assert words.translate(swap) == worse["trend"].translate(swap)


LINE = [[1], [0, 2], [1, 3], [2, 4], [3]]
X, N, Y = np.array([3.0, 0, 12, 40, 9]), np.array([30.0, 50, 60, 80, 90]), np.array([0.2, 0.4, 0.5, 0.5, 0.9])
PANEL = np.arange(30.0).reshape(5, 6)
CALLS: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
    (proportion, (X, N), {}),
    (rate, (X, N), {}),
    (mean, (X,), {"groups": np.array([1, 1, 2, 2, 2])}),
    (quantile, (X,), {}),
    (compare, (Y, Y + 0.1, 0.5, "high_is_good"), {}),
    (directly_standardised_rate, (X, N, N), {}),
    (indirectly_standardised_ratio, (X, N, X, N), {}),
    (life_expectancy, (np.full(20, 5.0), np.full(20, 500.0), np.array(START_AGES)), {}),
    (slope_index_of_inequality, (FIFTHS, N, Y), {"standard_error": Y / 10, "value_type": "proportion"}),
    (who_slope_index, (Y, N, FIFTHS), {"model": "logit"}),
    (scotpho_inequality, (Y, N, FIFTHS, Y), {}),
    (gap, (Y, FIFTHS), {"polarity": "high_is_good", "standard_error": Y / 10}),
    (population_attributable, (Y, N, FIFTHS), {"polarity": "high_is_good"}),
    (between_group_measures, (Y, N), {"polarity": "low_is_good", "standard_error": Y / 10}),
    (concentration_index, (Y, N, FIFTHS), {"bounds": (0, 1)}),
    (concentration_curve, (X, N, FIFTHS), {}),
    (fractional_rank, (FIFTHS, N), {}),
    (gini, (X, N), {}),
    (lorenz_curve, (X, N), {}),
    (proportion_funnel_significance, (X, N), {}),
    (xmr, (X,), {"direction": "increase"}),
    (xmr_of_many, (PANEL,), {"direction": "increase", "target": X}),
    (recent_trend, (PANEL, PANEL - 1, PANEL + 1), {}),
    (run_chart, (X,), {}),
    (empirical_bayes_rate, (X, N), {}),
    (empirical_bayes_rate_of_neighbours, (X, N, LINE), {}),
    (local_moran, (X, LINE), {"permutations": 99}),
    (getis_ord, (X, LINE), {}),
    (adjust_for_false_discovery, (Y,), {}),
    (nearest_by_grid, (X, N, N, X), {}),
    (share_within, (N, X, 10.0), {}),
    (two_step_floating_catchment, (N, X, np.outer(X, Y), 10.0), {}),
    (babies_missing_out, (X, N, FIFTHS), {"areas": np.array(list("AABBB"), dtype=object)}),
    (babies_short_of_target, (X, N, Y), {}),
    (proportionality, (X, N, FIFTHS), {}),
    (targeting_ratio, (X, N, FIFTHS), {}),
    (coverage_by_age, (X, N, X), {}),
]


@pytest.mark.parametrize(("call", "arguments", "keywords"), CALLS, ids=[call.__name__ for call, _, _ in CALLS])
def test_inputs_are_never_modified(
    call: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    arrays = [item for item in (*arguments, *keywords.values()) if isinstance(item, np.ndarray)]
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    try:
        call(*arguments, **keywords)
    finally:
        for array in arrays:
            array.flags.writeable = True
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
