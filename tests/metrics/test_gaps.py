"""Gaps, attributable shares and inequality between unordered groups."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics.between_groups import between_group_measures
from metrics.gaps import gap, population_attributable


def test_gap_is_between_the_ends_only() -> None:
    table = gap([60, 10, 90], [1, 2, 3], polarity="high_is_good", standard_error=[3, 1, 4]).loc[0]
    assert table[["absolute_gap", "relative_gap"]].tolist() == [30, 1.5]
    assert table["absolute_gap_se"] == 5  # sqrt(3² + 4²)
    assert table["relative_gap_log_se"] == pytest.approx(math.hypot(3 / 60, 4 / 90))


def test_low_is_good_turns_the_gap_round() -> None:
    assert gap([20, 5], [1, 2], polarity="low_is_good").loc[0, "absolute_gap"] == 15
    assert gap([20, 5], [1, 2], polarity="high_is_good").loc[0, "absolute_gap"] == -15


def test_unordered_gap_and_reference() -> None:
    values, marks = [5, 20, 10, None], [0, 0, 1, 0]
    assert gap(values, polarity="high_is_good").loc[0, "relative_gap"] == 4
    assert gap(values, polarity="high_is_good", reference=marks).loc[0, "absolute_gap"] == 5
    assert gap(values, polarity="low_is_good", reference=marks).loc[0, "absolute_gap"] == 10


def test_ratio_to_zero_is_missing() -> None:
    row = gap([0, 5], [1, 2], polarity="high_is_good", standard_error=1).loc[0]
    assert row["absolute_gap"] == 5
    assert math.isnan(row["relative_gap"])


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"polarity": "no_judgement"}, "polarity must be one of high_is_good, low_is_good; found 'no_judgement'"),
        ({"polarity": "low_is_good", "order": [1, 1]}, "order must have one group at each end; found two at 1"),
        ({"polarity": "low_is_good", "order": [1, None]}, "order must not be missing; found nan"),
        ({"polarity": "low_is_good", "order": [1, 2], "reference": [0, 1]}, "reference must be left out when order"),
        ({"polarity": "low_is_good", "reference": [0, 0]}, "reference must mark one group in each set; found 0"),
        ({"polarity": "low_is_good", "standard_error": [-1, 1]}, "standard_error must be zero or more; found -1"),
    ],
)
def test_wrong_gaps_are_refused(keywords: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gap([1, 2], **keywords)


def test_attributable_to_the_gradient() -> None:
    # mean (20 x 100 + 40 x 300) / 400 = 35; the least deprived have 40
    row = population_attributable([20, 40], [100, 300], [1, 2], polarity="high_is_good", scale=100).loc[0]
    assert row[["par", "paf"]].tolist() == pytest.approx([5, 100 * 5 / 35])
    assert row["par_lowercl"] < 5 < row["par_uppercl"]


def test_reversed_gradient_has_nothing_to_gain() -> None:
    assert population_attributable([40, 20], [1, 1], [1, 2], polarity="high_is_good", scale=100).loc[0, "par"] == 0
    assert population_attributable([20, 40], [1, 1], [1, 2], polarity="low_is_good", scale=100).loc[0, "paf"] == 0


def test_best_group_without_order_and_without_mean() -> None:
    assert population_attributable([1, 3, 2], [1, 1, 1], polarity="low_is_good", scale=10).loc[0, "par"] == -1
    zero = population_attributable([0, 0], [1, 1], polarity="high_is_good").loc[0]
    assert zero["par"] == 0
    assert math.isnan(zero["paf"])
    assert math.isnan(population_attributable([None, 1], [1, 1], [1, 2], polarity="high_is_good").loc[0, "par"])


def test_between_groups_by_hand() -> None:
    # shares 1/4, 3/4; mean 25; distances 15 and 5
    row = between_group_measures([10, 30], [100, 300], polarity="high_is_good", reference=[1, 0]).loc[0]
    assert row["bgv"] == pytest.approx(0.25 * 225 + 0.75 * 25)
    assert row["bgsd"] == pytest.approx(math.sqrt(75))
    assert row["cov"] == pytest.approx(100 * math.sqrt(75) / 25)
    assert row[["mdbu", "mdbw"]].tolist() == [10, 5]
    assert row[["mdmu", "mdmw"]].tolist() == [10, 7.5]
    assert row[["mdru", "mdrw"]].tolist() == [10, 15]
    assert row[["idisu", "idisw"]].tolist() == [40, 30]
    assert row["ti_x1000"] == pytest.approx(1000 * (0.25 * 0.4 * math.log(0.4) + 0.75 * 1.2 * math.log(1.2)))
    assert row["mld_x1000"] == pytest.approx(-1000 * (0.25 * math.log(0.4) + 0.75 * math.log(1.2)))


def test_zero_counts_as_a_millionth_in_logarithms_only() -> None:
    row = between_group_measures([0, 10], [1, 1], polarity="low_is_good").loc[0]
    assert row["mdbu"] == 5
    assert row["mld_x1000"] == pytest.approx(-500 * (math.log(1e-6 / 5.0000005) + math.log(10 / 5.0000005)), rel=1e-6)


@pytest.mark.parametrize(("missing", "given"), [(1, True), (2, False)])
def test_more_than_15_per_cent_missing_gives_nothing(missing: int, given: bool) -> None:
    values = [None] * missing + [1.0 + place for place in range(10 - missing)]
    row = between_group_measures(values, [1.0] * 10, polarity="high_is_good").loc[0]
    assert row.drop(["bgv_se", "bgv_lowercl", "bgv_uppercl"]).notna().all() == given


def test_set_without_any_group_left() -> None:
    table = between_group_measures([None, 1, 2, 3], 1.0, polarity="high_is_good", groups=["a", "b", "b", "b"])
    assert table.loc["a"].isna().all()
    assert table.loc["b", "mdbu"] == 1
    zero = between_group_measures([0, 0], [1, 1], polarity="high_is_good").loc[0]
    assert np.isnan(zero[["cov", "idisu"]].to_numpy(dtype=float)).all()
