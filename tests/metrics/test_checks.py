"""Arguments: every refusal names the parameter, the rule and the value."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from metrics import _checks as checks
from metrics.means import mean
from metrics.proportions import proportion
from metrics.rates import rate


@pytest.mark.parametrize(
    "given",
    [
        [1, None, 3],
        (1, math.nan, 3),
        np.array([1, math.nan, 3]),
        np.array([1, None, 3], dtype=object),
        pd.Series([1, None, 3], index=[7, 8, 9]),
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Index([1, math.nan, 3]),
    ],
)
def test_numbers_of_every_kind_become_floats(given: object) -> None:
    np.testing.assert_array_equal(checks.as_numbers(given, "x"), [1.0, math.nan, 3.0])


@pytest.mark.parametrize("call", [proportion, rate])
@pytest.mark.parametrize(
    ("numerator", "denominator", "keywords", "message"),
    [
        ([-1], [10], {}, r"numerator must be zero or more; found -1"),
        ([1], [-10], {}, r"denominator must be zero or more; found -10"),
        ([1, 2], [10, 10, 10], {}, r"numerator and denominator must have the same length; found 2, 3"),
        (["1"], [10], {}, r"numerator must be numbers; found .*1"),
        ([math.inf], [10], {}, r"numerator must be finite; found inf"),
        ([[1]], [10], {}, r"numerator must be one column of numbers; found 2 dimensions"),
        ([1], [10], {"confidence": 0.5}, r"confidence must be from 0.9 to below 1, .*; found 0.5"),
        ([1], [10], {"confidence": 1.0}, r"confidence must be .*; found 1.0"),
        ([1], [10], {"confidence": 100}, r"confidence must be .*; found 100"),
        ([1], [10], {"multiplier": 0}, r"multiplier must be a positive number; found 0"),
        ([1], [10], {"multiplier": math.nan}, r"multiplier must be a positive number; found nan"),
    ],
)
def test_wrong_counts_are_refused(
    call: Callable[..., object], numerator: object, denominator: object, keywords: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call(numerator, denominator, **keywords)


def test_confidence_of_90_to_100_is_a_percentage() -> None:
    assert checks.check_confidence(99.8) == pytest.approx(0.998)
    assert checks.check_confidence(0.9) == 0.9
    pd.testing.assert_frame_equal(rate(5, 10, confidence=95), rate(5, 10, confidence=0.95))


def test_numbers_between_bounds() -> None:
    checks.check_between(np.array([0.0, 1.0, math.nan]), 0, 1, "share")
    with pytest.raises(ValueError, match=r"share must be between 0 and 1; found 1.5"):
        checks.check_between(np.array([0.5, 1.5]), 0, 1, "share")


def test_positive_numbers() -> None:
    with pytest.raises(ValueError, match=r"population must be greater than zero and not missing; found 0"):
        checks.check_all_positive(np.array([1.0, 0.0]), "population")
    with pytest.raises(ValueError, match=r"population must be greater than zero and not missing; found nan"):
        checks.check_all_positive(np.array([math.nan]), "population")


@pytest.mark.parametrize("value", [1, 2.0, True, "3"])
def test_whole_numbers(value: object) -> None:
    assert checks.check_whole_number(2, 2, "points") == 2
    with pytest.raises(ValueError, match=r"points must be a whole number of at least 2; found"):
        checks.check_whole_number(value, 2, "points")  # type: ignore[arg-type]


def test_panels() -> None:
    frame = pd.DataFrame({"2024": [1, 2], "2025": [3, None]})
    np.testing.assert_array_equal(checks.as_panel(frame, "values"), [[1, 3], [2, math.nan]])
    for wrong in ([1, 2], [[]]):
        with pytest.raises(ValueError, match=r"values must have rows \(areas\) and columns \(periods\); found shape"):
            checks.as_panel(wrong, "values")
    with pytest.raises(ValueError, match=r"values must be finite; found inf"):
        checks.as_panel([[math.inf]], "values")


def test_labels() -> None:
    with pytest.raises(ValueError, match=r"groups must have one label for each row; found 1 labels for 2 rows"):
        mean([1, 2], groups=["a"])
    with pytest.raises(ValueError, match=r"groups must not be missing; found row 1 missing"):
        mean([1, 2], groups=["a", None])
    with pytest.raises(ValueError, match=r"groups must not be missing; found row 0 missing"):
        mean([1, 2], groups=pd.Series([None, "a"]))
    with pytest.raises(ValueError, match=r"polarity must have one label for each row; found 1 labels for 2 rows"):
        checks.as_labels(["a"], 2, "polarity")


def test_one_number_stands_for_a_whole_column_and_keeps_the_index() -> None:
    table = rate(pd.Series([1, 2], index=["BCP", "Dorset"]), 100)
    assert list(table.index) == ["BCP", "Dorset"]
    assert rate(1, 100).index.tolist() == [0]
