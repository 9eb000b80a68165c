"""Mentions for every 10,000 words: worked by hand, against the published method and against statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm

from metrics.rates import rate
from metrics.term_counts import mentions_per_10000_words


def test_mentions_are_given_for_every_10000_words() -> None:
    row = mentions_per_10000_words([3, 1], [1500, 500]).loc[0]
    assert row[["mentions", "words", "value"]].tolist() == [4, 2000, 20]  # 4 / 2,000 × 10,000
    assert row["dispersion"] == 1  # exactly as expected, so no wider than chance


def test_limits_of_words_that_do_not_come_in_bursts_are_those_of_a_rate() -> None:
    found = mentions_per_10000_words([10, 10], [1000, 1000]).loc[0]
    usual = rate([20], [2000], multiplier=10_000).loc[0]
    assert found[["value", "lowercl", "uppercl"]].tolist() == usual.tolist()


def test_a_burst_widens_the_limits_by_the_root_of_the_dispersion() -> None:
    # 20 and 0 where 10 and 10 are expected: (10² / 10 + 10² / 10) / 1 = 20
    found = mentions_per_10000_words([20, 0], [500, 500]).loc[0]
    usual = rate([20], [1000], multiplier=10_000).loc[0]
    assert found["dispersion"] == 20
    assert found["uppercl"] - 200 == pytest.approx((usual["uppercl"] - 200) * math.sqrt(20))
    assert found["lowercl"] == 0  # below nothing it cannot go


def test_dispersion_is_that_of_statsmodels() -> None:
    draw = np.random.default_rng(1001)
    words = draw.integers(200, 600, 30).astype(float)
    mentions = draw.poisson(words / 100 * draw.gamma(1, 1, 30)).astype(float)
    model = sm.GLM(mentions, np.ones(30), sm.families.Poisson(), offset=np.log(words)).fit(scale="X2")
    assert mentions_per_10000_words(mentions, words).loc[0, "dispersion"] == pytest.approx(model.scale)
    assert model.scale > 1.5


def test_each_document_has_its_own_row_in_sorted_order() -> None:
    found = mentions_per_10000_words([5, 1, 2], [1000, 500, 500], ["plan", "minutes", "minutes"])
    assert found.index.tolist() == ["minutes", "plan"]
    assert found["value"].tolist() == [30, 50]  # 3 / 1,000 and 5 / 1,000


def test_no_mentions_are_a_value_and_no_words_are_none() -> None:
    found = mentions_per_10000_words([0, 0], [1000, 0], ["read", "empty"])
    assert found.loc["read", ["value", "lowercl"]].tolist() == [0, 0]
    assert found.loc["read", "uppercl"] > 0
    assert math.isnan(found.loc["empty", "value"])


def test_a_missing_count_makes_its_document_missing() -> None:
    found = mentions_per_10000_words([1, None, 2], [100, 100, 100], ["a", "a", "b"])
    assert math.isnan(found.loc["a", "value"])
    assert found.loc["b", "value"] == 200


@pytest.mark.parametrize(
    ("mentions", "words", "message"),
    [
        ([-1], [10], "mentions must be zero or more"),
        ([1], [-10], "words must be"),
        ([1], [0], "words must be above zero"),
    ],
)
def test_wrong_counts_are_refused(mentions: list, words: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mentions_per_10000_words(mentions, words)
