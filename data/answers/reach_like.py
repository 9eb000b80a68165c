"""Places like a place: as deprived, and as rural where that is known; and what is typical of them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data.answers.map_layers import EDITION, average_deprivation
from data.answers.neighbourhood import PARENTS
from data.answers.words import AREA_WORDS
from data.store.deprivation import select_deprivation
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

COMPARED: Final = ("lsoa21", "msoa21", "ward")
#: A middle value of fewer places than this says nothing.
FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Like:
    """The codes of places like one place, itself left out, and what they have in common."""

    codes: frozenset[str]
    words: str


def like_places(connection: sa.Connection, areas: pd.DataFrame, area_type: str, area_code: str) -> Like:
    """Find places of the same kind that are as deprived, and as rural where the classification has been loaded."""
    if area_type not in COMPARED:
        return Like(frozenset(), "")
    ranks = select_deprivation(connection, EDITION, "imd", "lsoa21")
    if area_type == "lsoa21":
        group, common = ranks.set_index("area_code")["decile"], "tenth"
    else:
        group, common = average_deprivation(connection, ranks, area_type).set_index("area_code")["class_index"], "fifth"
    if area_code not in group.index:
        return Like(frozenset(), "")
    codes = group.index[group == group[area_code]]
    rural = rurality(areas, area_type)
    own = rural.get(area_code, "")
    if own:
        codes = codes[codes.map(rural) == own]
    others = frozenset(codes) - {area_code}
    kind = AREA_WORDS[area_type][1]
    words = f"{len(others)} {kind} in the same {common} of deprivation"
    return Like(others, f"{words}, {own.lower()}" if own else words)


def rurality(areas: pd.DataFrame, area_type: str) -> dict[str, str]:
    """Say of each area whether it is urban or rural, by most of its neighbourhoods; empty where it is not known."""
    known = areas.loc[(areas["area_type"] == "lsoa21") & areas["rural_urban"].notna()]
    rural = known["rural_urban"].astype("str").str.contains("rural", case=False)
    kind = rural.map({True: "Rural", False: "Urban"})
    column = PARENTS[area_type]
    if column is None:
        return dict(zip(kind.index, kind, strict=True))
    return {str(code): str(words.mode().iloc[0]) for code, words in kind.groupby(known[column])}


def typical_figure(connection: sa.Connection, row: dict[Hashable, Any], like: Like) -> float | None:
    """Give the middle figure of places like it for the same period; None where too few have one."""
    if not like.codes:
        return None
    figures = select_released(
        connection, str(row["indicator_id"]), area_type=str(row["area_type"]), breakdown_type="", latest=True
    )
    same = figures["area_code"].isin(list(like.codes)) & (figures["period_to"] == row["period_to"])
    same &= figures["period_type"] == row["period_type"]
    values = figures.loc[same, "value"].dropna()
    return float(np.median(values)) if len(values) >= FEWEST else None
