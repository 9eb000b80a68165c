"""Carry counts of people from 2011 to 2021 LSOAs by the ONS change lookup, so that no one is lost or counted twice."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

METHODS: Final = {
    "U": "",  # the same LSOA in 2011 and 2021: as published
    "S": "2011 LSOA split: shared by the 2021 parts' population",
    "M": "2011 LSOAs merged: added together",
    "X": "2011 LSOAs changed in other ways: shared by the 2021 parts' population",
}
# Shares are cut to 1/1024 of a person. Such fractions add up exactly in binary, in any order, so totals are conserved
# to the last digit rather than nearly.
PARTS_OF_A_PERSON: Final = 1024


def carry_counts(counts: pd.DataFrame, changes: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Share each 2011 LSOA's counts among the 2021 LSOAs it became.

    ``counts``: index 2011 code, one column for each age. ``changes``: ``area_code_from``, ``area_code_to``, ``change``.
    ``weights``: index 2021 code, the same columns as ``counts``, people by which a split is shared. The answer has the
    index 2021 code, the columns of ``counts`` and ``method``.
    """
    ordered = changes.sort_values(["area_code_from", "area_code_to"], ignore_index=True)
    shares = _shares(ordered, weights.reindex(columns=counts.columns))
    whole = counts.loc[ordered["area_code_from"]].to_numpy(dtype="float64")
    origin = ordered["area_code_from"].to_numpy()
    pieces = np.floor(whole * shares * PARTS_OF_A_PERSON) / PARTS_OF_A_PERSON
    pieces = _give_remainder(pieces, whole, origin)
    carried = pd.DataFrame(pieces, columns=counts.columns).groupby(ordered["area_code_to"]).sum()
    carried["method"] = ordered.groupby("area_code_to")["change"].agg(_method)
    carried.index.name = "area_code"
    return carried


def _shares(changes: pd.DataFrame, weights: pd.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Share of each age that each row of the lookup takes; equal shares where no one of that age lives in any part."""
    weight = weights.loc[changes["area_code_to"]].reset_index(drop=True)
    totals = weight.groupby(changes["area_code_from"]).transform("sum")
    parts = changes.groupby("area_code_from")["area_code_to"].transform("size").to_numpy(dtype="float64")
    known = totals.to_numpy(dtype="float64")
    equal = np.repeat(1 / parts[:, None], weight.shape[1], axis=1)
    np.divide(weight.to_numpy(dtype="float64"), known, out=equal, where=known > 0)
    return equal


def _give_remainder(
    pieces: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    whole: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    origin: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Give what the cutting left over, less than 1/1024 of a person a part, to the last part of each LSOA."""
    rows = pd.Series(np.arange(len(origin))).groupby(origin)
    last = rows.last().to_numpy()
    given = pd.DataFrame(pieces).groupby(origin).sum().to_numpy()
    pieces[last] += whole[last] - given
    return pieces


def _method(changes: pd.Series[str]) -> str:
    """Say how one 2021 LSOA's count came about; the furthest change speaks for all."""
    return METHODS[next(mark for mark in "XSMU" if mark in set(changes))]
