"""Which exact cells add up to which: the sums that a reader of everything released can use.

A sum is used only where the exact counts bear it out, so a group that is not counted in a total breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from data.answers.roll_up import CELL, FIFTHS, PARENT_COLUMNS, YEARS_NEEDED, financial_year

#: What an MSOA and a ward have in common: given to nobody, but wards and MSOAs taken from each other tell of it.
PIECE: Final = "piece"
#: From smaller areas to the larger ones that they make up.
STEPS: Final = (
    ("lsoa21", PIECE),
    (PIECE, "msoa21"),
    (PIECE, "ward"),
    ("lsoa21", "msoa21"),
    ("lsoa21", "ward"),
    ("lsoa21", "lad"),
    ("msoa21", "lad"),
    ("ward", "lad"),
    ("lad", "icb"),
)


def with_pieces(cells: pd.DataFrame, areas: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add a cell for all that each MSOA has in common with each ward; give the cells, and the areas with the pieces."""
    known = areas.assign(piece_code=_piece_of(areas).where(areas["area_type"] == "lsoa21"))
    small = cells.loc[(cells["area_type"] == "lsoa21") & (cells["breakdown_type"] == "")]
    code = small["area_code"].map(known.set_index("area_code")["piece_code"])
    keys = [name for name in CELL if name not in {"area_type", "area_code"}]
    counted = small.assign(area_type=PIECE, area_code=code).dropna(subset="area_code")
    pieces = counted.groupby(["area_type", "area_code", *keys], sort=False, as_index=False)[
        ["numerator", "denominator"]
    ].sum(min_count=1)
    of = known.dropna(subset="piece_code").drop_duplicates("piece_code")
    made = of[["msoa_code", "ward_code"]].assign(area_code=of["piece_code"], area_type=PIECE)
    return pd.concat([cells, pieces.assign(reason="")], ignore_index=True), pd.concat([known, made], ignore_index=True)


def _piece_of(areas: pd.DataFrame) -> pd.Series:
    """Name the piece that a neighbourhood lies in; none where its ward is not known."""
    both = areas["msoa_code"].notna() & areas["ward_code"].notna()
    name: pd.Series = (areas["msoa_code"].astype("str") + "/" + areas["ward_code"].astype("str")).where(both)
    return name


def sums_between(
    cells: pd.DataFrame, counts: list[np.ndarray], areas: pd.DataFrame, fifths: pd.DataFrame, over_time: str
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Find every total among the cells and its parts, as positions: ``(totals, parts)``, one pair for each part.

    ``cells`` has the columns of ``CELL`` and a plain index; ``counts`` are the exact counts of each cell, all of
    which must add up.
    """
    place = pd.MultiIndex.from_frame(cells[CELL])
    found = []
    for keys in _totals(cells, areas.set_index("area_code"), fifths, over_time):
        total = place.get_indexer(pd.MultiIndex.from_frame(keys[CELL]))
        part = keys.index.to_numpy()
        total, part = total[total >= 0], part[total >= 0]
        right = np.ones(len(cells), dtype=bool)
        for count in counts:
            right &= np.isclose(np.bincount(total, count[part], minlength=len(cells)), count)
        kept = right[total] & (total != part)
        if kept.any():
            found.append((total[kept], part[kept]))
    return found


def _totals(cells: pd.DataFrame, areas: pd.DataFrame, fifths: pd.DataFrame, over_time: str) -> Iterator[pd.DataFrame]:
    """Give, for each kind of sum, the cell that each cell would be a part of."""
    yield from _larger_areas(cells, areas, fifths)
    yield from _longer_periods(cells, over_time)
    for _, group in cells.loc[cells["breakdown_type"] != ""].groupby("breakdown_type"):
        yield group[CELL].assign(breakdown_type="", breakdown_value="")


def _larger_areas(cells: pd.DataFrame, areas: pd.DataFrame, fifths: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for smaller, larger in STEPS:
        part = cells.loc[cells["area_type"] == smaller, CELL]
        code = part["area_code"].map(areas["piece_code" if larger == PIECE else PARENT_COLUMNS[larger]])
        yield part.assign(area_type=larger, area_code=code).dropna(subset="area_code")
    part = cells.loc[(cells["area_type"] == "lsoa21") & (cells["breakdown_type"] == ""), CELL]
    council = part["area_code"].map(areas["lad_code"])
    for kind in FIFTHS:
        fifth = part["area_code"].map(fifths[kind])
        moved = part.assign(area_type="lad", area_code=council, breakdown_type=kind, breakdown_value=fifth)
        yield moved.dropna(subset=["area_code", "breakdown_value"])


def _longer_periods(cells: pd.DataFrame, over_time: str) -> Iterator[pd.DataFrame]:
    quarters = cells.loc[cells["period_type"] == "quarter", CELL]
    if over_time == "latest":
        quarters = quarters.loc[quarters["period_from"].dt.month == 1]
    began = financial_year(quarters["period_from"])
    yield _pooled(quarters, began, began, "year")
    if over_time == "latest":
        return
    for part in (quarters, cells.loc[cells["period_type"] == "year", CELL]):
        began = financial_year(part["period_from"])
        recent = began > began.max() - YEARS_NEEDED
        last = pd.Series(began.max(), index=began.index)[recent].astype(int)
        yield _pooled(part.loc[recent], last - (YEARS_NEEDED - 1), last, "three_years")


def _pooled(part: pd.DataFrame, first: pd.Series, last: pd.Series, period_type: str) -> pd.DataFrame:
    return part.assign(
        period_type=period_type,
        period_from=pd.to_datetime(first.astype("str") + "-04-01"),
        period_to=pd.to_datetime((last + 1).astype("str") + "-03-31"),
    )
