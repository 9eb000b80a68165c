"""Slope and relative index of inequality: PHE's, and those of others."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from metrics.inequality import slope_index_of_inequality
from metrics.inequality_elsewhere import scotpho_inequality, who_slope_index

FIFTHS = [1, 2, 3, 4, 5]
EQUAL = [100] * 5
UPTAKE = [0.60, 0.65, 0.70, 0.75, 0.80]  # a straight line: 0.25 from rank 0 to rank 1, ends at 0.575 and 0.825
RATES = [40.0, 35.0, 30.0, 25.0, 20.0]


def test_straight_line_has_its_own_slope() -> None:
    table = slope_index_of_inequality(FIFTHS, EQUAL, UPTAKE, standard_error=0.01)
    # error of the slope: 0.01 x sqrt(sum of squared weights), weights (rank - 0.5) x 0.2 / 0.08 = -1 … 1
    spread = 1.959964 * 0.01 * math.sqrt(1 + 0.25 + 0 + 0.25 + 1)
    assert table.loc[0, ["sii", "rii", "intercept"]].tolist() == pytest.approx([0.25, 0.825 / 0.575, 0.575])
    assert table.loc[0, ["sii_lowercl", "sii_uppercl"]].tolist() == pytest.approx([0.25 - spread, 0.25 + spread])
    assert table.loc[0, "rii_lowercl"] < 0.825 / 0.575 < table.loc[0, "rii_uppercl"]
    assert table.loc[0, "scope"] == "national"


def test_negative_multiplier_turns_slope_and_inverts_ratio() -> None:
    keywords = {"standard_error": 0.1, "value_type": "proportion", "repetitions": 2000}
    up = slope_index_of_inequality(FIFTHS, EQUAL, UPTAKE, multiplier=100, **keywords).loc[0]
    down = slope_index_of_inequality(FIFTHS, EQUAL, UPTAKE, multiplier=-100, **keywords).loc[0]
    assert down["sii"] == pytest.approx(-up["sii"])
    assert [down["sii_lowercl"], down["sii_uppercl"]] == pytest.approx([-up["sii_uppercl"], -up["sii_lowercl"]])
    assert [down["rii"], down["rii_lowercl"]] == pytest.approx([1 / up["rii"], 1 / up["rii_uppercl"]])
    assert down["intercept"] == pytest.approx(57.5)


@pytest.mark.parametrize(
    ("value_type", "values", "transform"),
    [("rate", RATES, False), ("proportion", UPTAKE, False), ("other", RATES, False)],
)
def test_approximate_limits_are_close_to_simulated(value_type: str, values: list[float], transform: bool) -> None:
    keywords = {"standard_error": 0.02, "value_type": value_type, "transform": transform}
    near = slope_index_of_inequality(FIFTHS, EQUAL, values, limits="approximate", **keywords).drop(columns="scope")
    simulated = slope_index_of_inequality(FIFTHS, EQUAL, values, **keywords).drop(columns="scope")
    np.testing.assert_allclose(near.to_numpy(dtype=float), simulated.to_numpy(dtype=float), rtol=0.02)


def test_transformed_line_keeps_its_ends_within_range() -> None:
    steep = [0.02, 0.05, 0.2, 0.6, 0.95]
    table = slope_index_of_inequality(
        FIFTHS, EQUAL, steep, standard_error=0.1, value_type="proportion", transform=True
    ).loc[0]
    assert 0 < table["intercept"] < table["intercept"] + table["sii"] < 1
    assert table["sii_lowercl"] < table["sii"] < table["sii_uppercl"]
    rates = slope_index_of_inequality(FIFTHS, EQUAL, RATES, standard_error=0.1, value_type="rate", transform=True)
    assert 0 < rates.loc[0, "rii"] < 1


def test_value_without_logarithm() -> None:
    zero = [0.0, 0.1, 0.2, 0.3, 0.4]
    keywords = {"lowercl": [0.0, 0.05, 0.1, 0.2, 0.3], "uppercl": [0.1, 0.2, 0.3, 0.4, 0.5], "repetitions": 1000}
    plain = slope_index_of_inequality(FIFTHS, EQUAL, zero, value_type="proportion", **keywords)
    assert plain.loc[0, "sii"] == pytest.approx(0.5)
    assert math.isnan(plain.loc[0, "sii_lowercl"])
    carried = slope_index_of_inequality(FIFTHS, EQUAL, zero, value_type="rate", transform=True, **keywords)
    assert carried.drop(columns="scope").isna().all(axis=None)


def test_area_without_every_fifth_has_no_index() -> None:
    table = slope_index_of_inequality(
        [*FIFTHS, 1, 2], 100, [*UPTAKE, 0.5, 0.6], standard_error=0.01, areas=["A"] * 5 + ["B"] * 2, scope="local"
    )
    assert table["sii"].isna().tolist() == [False, True]
    assert table["scope"].tolist() == ["local", "local"]


def test_most_deprived_end_near_zero_has_no_ratio_limits() -> None:
    table = slope_index_of_inequality(FIFTHS, EQUAL, [0.0, 1, 2, 3, 4], standard_error=1.0)
    assert table.loc[0, "intercept"] == pytest.approx(-0.5)
    assert math.isnan(table.loc[0, "rii_lowercl"])
    none = slope_index_of_inequality(FIFTHS, EQUAL, [0.0] * 5, standard_error=0.0)
    assert none.loc[0, "sii"] == 0
    assert math.isnan(none.loc[0, "rii"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"population": [100, 100, 100, 100, 0]}, "population must be greater than zero and not missing; found 0"),
        ({"quantiles": [1, 2, 3, 4, None]}, "quantiles must not be missing"),
        ({"quantiles": [1, 2, 3, 4, 4]}, "quantiles must have from 5 to 100 different values; found 4"),
        ({"standard_error": -1.0}, "standard_error must be zero or more; found -1"),
        ({"standard_error": None}, "lowercl and uppercl, or standard_error, must be given"),
        ({"standard_error": None, "lowercl": 0.1}, "lowercl and uppercl, or standard_error, must be given"),
        ({"value_type": "mean"}, "value_type must be one of other, rate, proportion; found 'mean'"),
        ({"value_type": "proportion", "value": RATES}, "value must be between 0 and 1; found 40"),
        ({"value_type": "rate", "value": [-1.0] * 5}, "value must be zero or more; found -1"),
        ({"transform": True}, "transform needs value_type rate or proportion; found other"),
        ({"multiplier": 0}, "multiplier must be a number other than zero; found 0"),
        ({"limits": "exact"}, "limits must be one of simulated, approximate; found 'exact'"),
        ({"repetitions": 10}, "repetitions must be a whole number of at least 1000; found 10"),
        ({"scope": "regional"}, "scope must be one of national, local; found 'regional'"),
    ],
)
def test_wrong_arguments_are_refused(changes: dict[str, object], message: str) -> None:
    arguments = {"quantiles": FIFTHS, "population": EQUAL, "value": UPTAKE, "standard_error": 0.01} | changes
    with pytest.raises(ValueError, match=message):
        slope_index_of_inequality(**arguments)


def test_repeated_fifth_is_refused() -> None:
    with pytest.raises(ValueError, match="quantiles must hold each quantile once for each area; found 5 twice"):
        slope_index_of_inequality([*FIFTHS, 5], 100, [*UPTAKE, 0.9], standard_error=0.01)


def test_who_models_on_a_straight_line() -> None:
    linear = who_slope_index(UPTAKE, EQUAL, FIFTHS).loc[0]
    assert linear[["sii", "rii"]].tolist() == pytest.approx([0.25, 0.825 / 0.575])
    assert linear["sii_se"] == pytest.approx(0, abs=1e-12)
    logit = who_slope_index(UPTAKE, EQUAL, FIFTHS, model="logit").loc[0]
    assert logit["sii"] == pytest.approx(0.25, abs=0.005)


def test_who_models_without_inequality_or_with_too_few_groups() -> None:
    for model in ("linear", "logit"):
        flat = who_slope_index([0.5] * 3, [10, 20, 30], [1, 2, 3], model=model).loc[0]
        assert flat[["sii", "rii"]].tolist() == pytest.approx([0, 1])
        two = who_slope_index([0.4, 0.6], [10, 10], [1, 2], model=model).loc[0]
        assert two["sii"] == pytest.approx(0.4, abs=0.02)
        assert math.isnan(two["sii_se"])
    nobody = who_slope_index([0.1, 0.2, 0.3, 0.4], [10, 0, 10, 10], [1, 2, 3, 4], model="logit").loc[0]
    assert nobody["sii"] > 0
    none = who_slope_index([0.0] * 3, [10] * 3, [1, 2, 3]).loc[0]
    assert none["sii"] == 0
    assert math.isnan(none["rii"])
    with pytest.raises(ValueError, match="value must be between 0 and 1; found 40"):
        who_slope_index([40.0], [10], [1])


def test_a_logit_fit_that_does_not_settle_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    settled = who_slope_index(UPTAKE, EQUAL, FIFTHS, model="logit").loc[0, "sii"]
    monkeypatch.setattr("metrics.inequality_elsewhere.ITERATIONS", 1)
    stopped = who_slope_index(UPTAKE, EQUAL, FIFTHS, model="logit").loc[0, "sii"]
    assert stopped == pytest.approx(settled, abs=0.05)
    assert stopped != settled


def test_scotpho_turns_the_slope_round() -> None:
    # A straight line from 42.5 (rank 0) to 17.5 (rank 1); mean 30.
    row = scotpho_inequality(RATES, EQUAL, FIFTHS, 30).loc[0]
    assert row[["sii", "rii", "rii_int", "abs_range", "rel_range"]].tolist() == pytest.approx(
        [25, 25 / 30, 50 * 25 / 30, 20, 2]
    )
    assert row["par"] == pytest.approx(100 * (30 - 20) / 30)


def test_scotpho_without_rates_or_groups() -> None:
    four = scotpho_inequality(RATES[:4], EQUAL[:4], FIFTHS[:4], 30).loc[0]
    assert four[["sii", "par"]].isna().all()
    assert four["abs_range"] == 15
    zero = scotpho_inequality([0.0] * 5, EQUAL, FIFTHS, 0).loc[0]
    assert zero[["sii", "rii"]].tolist() == [0, 0]
    assert zero[["par", "rel_range"]].isna().all()
    with pytest.raises(ValueError, match="order must not repeat within a set; found two groups at one place"):
        scotpho_inequality(RATES, EQUAL, [1, 2, 3, 4, 4], 30)


def test_sets_are_fitted_apart() -> None:
    both = who_slope_index([*UPTAKE, *UPTAKE[::-1]], 100, FIFTHS * 2, groups=[2025] * 5 + [2024] * 5)
    assert both["sii"].tolist() == pytest.approx([-0.25, 0.25])
    areas = pd.Series(["A"] * 5 + ["B"] * 5, name="council")
    table = slope_index_of_inequality(FIFTHS * 2, 100, [*UPTAKE, *RATES], standard_error=0.1, areas=areas)
    assert table.index.name == "council"
