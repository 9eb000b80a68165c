"""Checks of arguments, shared by every statistic: a refusal names the parameter, the rule and the offending value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
TextArray: TypeAlias = npt.NDArray[np.object_]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = "npt.ArrayLike | pd.Series[Any] | pd.Index[Any]"
Labels: TypeAlias = "Sequence[Any] | npt.NDArray[Any] | pd.Series[Any] | pd.Index[Any]"

POLARITIES = ("high_is_good", "low_is_good", "no_judgement")


def as_numbers(values: Numbers, name: str) -> FloatArray:
    """Return a new one-dimensional float array, NaN where missing (None, NA); text and infinity are refused."""
    array = _as_floats(values, name)
    if array.ndim > 1:
        raise ValueError(f"{name} must be one column of numbers; found {array.ndim} dimensions")
    if np.isinf(array).any():
        raise ValueError(f"{name} must be finite; found {array[np.isinf(array)].flat[0]}")
    return array


def _as_floats(values: Numbers, name: str) -> FloatArray:
    if isinstance(values, (pd.Series, pd.Index)) and pd.api.types.is_numeric_dtype(values.dtype):
        return np.array(values.to_numpy(dtype=float, na_value=np.nan))
    array = np.asarray(values)
    if array.dtype.kind in "iufb":
        return np.array(array, dtype=float)
    present = array[~pd.isna(array)] if array.dtype.kind == "O" else array.ravel()
    wrong = [item for item in present.ravel() if not isinstance(item, (int, float, np.number))]
    if wrong:
        raise ValueError(f"{name} must be numbers; found {wrong[0]!r}")
    floats = np.full(array.shape, np.nan)
    floats[~pd.isna(array)] = present.astype(float)
    return floats


def as_panel(values: Numbers | pd.DataFrame, name: str) -> FloatArray:
    """Return a new float array of one row for each area and one column for each period, oldest first."""
    if isinstance(values, pd.DataFrame):
        values = values.to_numpy(dtype=float, na_value=np.nan)
    array = _as_floats(values, name)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} must have rows (areas) and columns (periods); found shape {array.shape}")
    if np.isinf(array).any():
        raise ValueError(f"{name} must be finite; found {array[np.isinf(array)][0]}")
    return array


def aligned(**columns: Numbers) -> list[FloatArray]:
    """Return the columns as float arrays of one length; a single number stands for a whole column."""
    arrays = {name: as_numbers(values, name) for name, values in columns.items()}
    lengths = {name: array.size for name, array in arrays.items() if array.ndim == 1}
    if len(set(lengths.values())) > 1:
        raise ValueError(
            f"{' and '.join(lengths)} must have the same length; found {', '.join(map(str, lengths.values()))}"
        )
    length = next(iter(lengths.values()), 1)
    return [np.full(length, array) if array.ndim == 0 else array for array in arrays.values()]


def index_of(*columns: Numbers) -> pd.Index[Any] | None:
    """Return the index of the first column that has one, so that results keep the caller's row labels."""
    return next((column.index for column in columns if isinstance(column, pd.Series)), None)


def check_confidence(confidence: float) -> float:
    """Return the confidence level as a fraction; 0.9 up to 1, or 90 up to 100 per cent, 1 and 100 excluded."""
    level = confidence / 100 if confidence >= 90 else confidence
    if not 0.9 <= level < 1:
        raise ValueError(f"confidence must be from 0.9 to below 1, or from 90 to below 100; found {confidence}")
    return level


def check_multiplier(multiplier: float) -> float:
    """Return the multiplier when it is a positive number."""
    return check_positive(multiplier, "multiplier")


def check_positive(value: float, name: str) -> float:
    """Return the value when it is a positive finite number."""
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a positive number; found {value}")
    return value


def check_not_negative(array: FloatArray, name: str) -> None:
    """Refuse numbers below zero; missing values pass."""
    if (array < 0).any():
        raise ValueError(f"{name} must be zero or more; found {array[array < 0][0]:g}")


def check_all_positive(array: FloatArray, name: str) -> None:
    """Refuse missing values, zero and numbers below zero."""
    if not (array > 0).all():
        raise ValueError(f"{name} must be greater than zero and not missing; found {array[~(array > 0)][0]:g}")


def check_between(array: FloatArray, low: float, high: float, name: str) -> None:
    """Refuse numbers outside the closed range; missing values pass."""
    outside = (array < low) | (array > high)
    if outside.any():
        raise ValueError(f"{name} must be between {low:g} and {high:g}; found {array[outside][0]:g}")


def check_whole_number(value: int, minimum: int, name: str) -> int:
    """Return the value when it is a whole number of at least the minimum."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < minimum:
        raise ValueError(f"{name} must be a whole number of at least {minimum}; found {value!r}")
    return int(value)


def check_choice(value: str, choices: Sequence[str], name: str) -> str:
    """Return the value when it is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; found {value!r}")
    return value


def as_labels(labels: Labels, length: int, name: str) -> TextArray:
    """Return labels as an object array of the given length; a missing label is refused."""
    array = np.empty(len(labels), dtype=object)
    array[:] = list(labels)
    if array.size != length:
        raise ValueError(f"{name} must have one label for each row; found {array.size} labels for {length} rows")
    if pd.isna(array).any():
        raise ValueError(f"{name} must not be missing; found row {int(np.flatnonzero(pd.isna(array))[0])} missing")
    return array


def group_positions(labels: Labels | None, length: int, name: str = "groups") -> tuple[IntArray, pd.Index[Any]]:
    """Return each row's group number and the group labels in sorted order; no labels means one group of all rows."""
    if labels is None:
        return np.zeros(length, dtype=np.int64), pd.Index([0])
    if len(labels) != length:
        raise ValueError(f"{name} must have one label for each row; found {len(labels)} labels for {length} rows")
    column = labels if isinstance(labels, (pd.Series, pd.Index, np.ndarray)) else as_labels(labels, length, name)
    positions, names = pd.factorize(column, sort=True)
    if (positions < 0).any():
        raise ValueError(f"{name} must not be missing; found row {int(np.flatnonzero(positions < 0)[0])} missing")
    return positions.astype(np.int64), pd.Index(names, name=getattr(labels, "name", None))


def group_sums(values: FloatArray, positions: IntArray, number_of_groups: int) -> FloatArray:
    """Return the sum of the values in each group; a missing value makes its group's sum missing."""
    sums: FloatArray = np.bincount(positions, weights=values, minlength=number_of_groups).astype(float)
    return sums
