"""Lay tables of areas by periods out as rows of the long return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.example.calendar import Period

Rows = list[pd.DataFrame]
Table = npt.NDArray[Any]


def long_rows(
    indicator_id: str,
    codes: npt.NDArray[np.str_],
    spans: Sequence[Period],
    numerator: Table | None,
    denominator: Table | None,
    value: Table | None = None,
    group: tuple[str, str] = ("", ""),
) -> pd.DataFrame:
    """Make one row for each area and period; rows with nobody below the line are left out."""
    width, cells = len(spans), len(codes) * len(spans)

    def column(table: Table | None) -> npt.NDArray[np.float64]:
        return np.full(cells, np.nan) if table is None else np.asarray(table, dtype=np.float64).reshape(cells)

    keep = column(denominator) != 0
    area = np.repeat(np.arange(len(codes)), width)[keep]
    period = np.tile(np.arange(width), len(codes))[keep]
    starts = np.array([span.period_from.isoformat() for span in spans], dtype=object)
    ends = np.array([span.period_to.isoformat() for span in spans], dtype=object)
    return pd.DataFrame(
        {
            "indicator_id": indicator_id,
            "area_code": codes.astype(object)[area],
            "period_from": starts[period],
            "period_to": ends[period],
            "breakdown_type": group[0],
            "breakdown_value": group[1],
            "numerator": column(numerator)[keep],
            "denominator": column(denominator)[keep],
            "value": column(value)[keep],
        }
    )
