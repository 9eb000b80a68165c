"""Proportionality: curve, index, ratio and sentence."""

from __future__ import annotations

import math

import pytest

from metrics.proportionality import proportionality, targeting_ratio


@pytest.mark.parametrize(
    ("given", "ratio", "words"),
    [
        (20, 0.5, "The most deprived national fifth has 40% of need and 20% of provision: 50% less than its share."),
        (38, 0.95, "The most deprived national fifth has 40% of need and 38% of provision: in proportion to need."),
        (42, 1.05, "The most deprived national fifth has 40% of need and 42% of provision: in proportion to need."),
        (50, 1.25, "The most deprived national fifth has 40% of need and 50% of provision: 25% more than its share."),
    ],
)
def test_sentence_says_what_the_ratio_says(given: float, ratio: float, words: str) -> None:
    rest = (100 - given) / 4
    spread = proportionality([given, rest, rest, rest, rest], [40, 15, 15, 15, 15], [1, 2, 3, 4, 5])
    assert spread.targeting_ratio == pytest.approx(ratio)
    assert spread.sentence == words


def test_provision_like_need_is_on_the_diagonal() -> None:
    spread = proportionality([10, 20, 30], [1, 2, 3], [3, 1, 2])
    assert spread.index == pytest.approx(0)
    assert spread.curve["need_share"].tolist() == pytest.approx(spread.curve["provision_share"].tolist())


def test_index_by_hand() -> None:
    # Half of need has 80% of provision: the area under the curve is 0.5 x 0.4 + 0.5 x 0.9 = 0.65.
    assert proportionality([80, 20], [5, 5], [1, 2]).index == pytest.approx(0.3)


def test_most_deprived_without_need() -> None:
    spread = proportionality([1, 1], [0, 5], [1, 10], scope="local", need_name="babies", provision_name="£")
    assert math.isnan(spread.targeting_ratio)
    assert spread.sentence == (
        "The most deprived local fifth has 0% of babies and 50% of £: nobody there is counted as in need."
    )


def test_tenths_and_other_quantiles_are_named() -> None:
    tenths = proportionality([1] * 10, [1] * 10, list(range(1, 11)))
    assert "national tenth" in tenths.sentence
    assert "national group" in proportionality([1] * 7, [1] * 7, list(range(1, 8))).sentence


def test_ratio_of_every_fifth_in_every_council() -> None:
    table = targeting_ratio([30, 70, 1, 1], [50, 50, 1, 3], [1, 5, 1, 5], groups=["BCP", "BCP", "Dorset", "Dorset"])
    assert table["targeting_ratio"].tolist() == pytest.approx([0.6, 1.4, 2, 0.5 / 0.75])
    assert targeting_ratio([1, 1], [0, 1], [1, 2])["targeting_ratio"].isna().tolist() == [True, False]
    assert targeting_ratio([0], [1], [1])["provision_share"].isna().all()


def test_wrong_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="provision must be zero or more; found -1"):
        proportionality([-1], [1], [1])
    with pytest.raises(ValueError, match="need must be zero or more; found -1"):
        targeting_ratio([1], [-1], [1])
    with pytest.raises(ValueError, match="quantiles must not be missing; found nan"):
        targeting_ratio([1], [1], [None])
    with pytest.raises(ValueError, match="scope must be one of national, local; found 'regional'"):
        proportionality([1], [1], [1], scope="regional")
