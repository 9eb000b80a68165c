"""Add returned counts up: from neighbourhood to system, from quarter to year to three years, and by deprivation fifth.

Every frame here holds exact counts, so nothing in this module is given to a page: ``data.answers.release`` protects
what comes out of it first. A *cell* is one indicator's numerator and denominator for one area, period and breakdown.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

CELL: Final = ["area_type", "area_code", "period_type", "period_from", "period_to", "breakdown_type", "breakdown_value"]
#: From the finest to the coarsest; a ward is not made of MSOAs, nor the other way round.
LEVELS: Final = ("lsoa21", "msoa21", "ward", "lad", "icb")
PARENT_COLUMNS: Final = {"msoa21": "msoa_code", "ward": "ward_code", "lad": "lad_code", "icb": "icb_code"}
FIFTHS: Final = ("imd_fifth_national", "imd_fifth_local")
#: A year is given only whole; three years may lack a late quarter or two.
QUARTERS_NEEDED: Final = {"year": 4, "three_years": 10}
YEARS_NEEDED: Final = 3
#: A total may miss a fifth of its parts before it says why it is missing instead of giving a number.
SHARE_NEEDED: Final = 0.8
#: Why a cell has no number, from the weakest reason to the strongest, which wins.
REASONS: Final = ("", "not_applicable", "immature", "suppressed", "not_collected", "failed_validation")
_RANK: Final = {reason: rank for rank, reason in enumerate(REASONS)}


def parents_of(areas: pd.DataFrame, from_type: str, to_type: str) -> pd.Series:
    """Map the codes of one area type to the codes of a coarser one; areas without that parent are left out."""
    members = areas.loc[areas["area_type"] == from_type].set_index("area_code")[PARENT_COLUMNS[to_type]]
    return members.dropna()


def with_reasons(observations: pd.DataFrame) -> pd.DataFrame:
    """Mark which rows hold a count, and say of the others why they do not."""
    rows = observations[[*CELL, "numerator", "denominator", "value_status"]].copy()
    has_count = rows["numerator"].notna() & rows["value_status"].isin(["shown", "rounded"])
    rows["rank"] = rows["value_status"].map(_RANK).where(~has_count, 0).fillna(_RANK["not_collected"]).astype(int)
    rows["parts"], rows["counted"] = 1.0, has_count.astype(float)
    rows.loc[~has_count, ["numerator", "denominator"]] = np.nan
    return rows


def add_up(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sum the counts of rows that share ``keys``; a sum with too few of its parts keeps the strongest reason."""
    groups = rows.groupby(keys, sort=False, observed=True, dropna=False)
    total = groups[["numerator", "denominator", "parts", "counted"]].sum()
    total["rank"] = groups["rank"].max()
    enough = total["counted"] >= SHARE_NEEDED * total["parts"]
    total.loc[enough, "rank"] = 0
    total.loc[~enough, ["numerator", "denominator"]] = np.nan
    total["parts"], total["counted"] = 1.0, enough.astype(float)
    return total.reset_index()


def move_up(rows: pd.DataFrame, areas: pd.DataFrame, from_type: str, to_type: str) -> pd.DataFrame:
    """Add rows of one area type up to a coarser one."""
    parents = parents_of(areas, from_type, to_type)
    moved = rows.loc[rows["area_code"].isin(parents.index)].copy()
    moved["area_code"] = moved["area_code"].map(parents)
    moved["area_type"] = to_type
    return add_up(moved, CELL)


def late_quarters(lads: pd.DataFrame, through: pd.Timestamp | None) -> pd.DataFrame:
    """List the quarters, breakdown by breakdown, that others have sent in and this indicator's sender has not yet."""
    rest = [name for name in CELL if name != "area_code"]
    quarters = lads.loc[lads["period_type"] == "quarter", rest]
    if quarters.empty or through is None:
        return quarters
    last = quarters["period_to"].max()
    ends = pd.date_range(last + pd.offsets.QuarterEnd(1), through, freq="QE")
    days = pd.DataFrame({"period_from": ends.to_period("Q").start_time.normalize(), "period_to": ends})
    newest = quarters.loc[quarters["period_to"] == last].drop(columns=["period_from", "period_to"])
    late: pd.DataFrame = newest.drop_duplicates().merge(days, how="cross")[rest]
    return late


def fill_councils(lads: pd.DataFrame, codes: list[str], through: pd.Timestamp | None = None) -> pd.DataFrame:
    """Give every council a row for each period and breakdown that any council has, up to the quarter ``through``.

    A council that sent nothing for that period was not collected; one that sent other groups has nobody in this one.
    """
    if lads.empty:
        return lads
    rest = [name for name in CELL if name != "area_code"]
    periods = pd.concat([lads[rest], late_quarters(lads, through)]).drop_duplicates()
    grid = periods.merge(pd.DataFrame({"area_code": codes}), how="cross")
    filled = grid.merge(lads, on=CELL, how="left")
    absent = filled["parts"].isna()
    sent = [name for name in CELL if name != "breakdown_value"]
    others = filled.merge(lads[sent].drop_duplicates().assign(others=True), on=sent, how="left")["others"].notna()
    filled.loc[absent, ["parts", "counted", "rank"]] = [1.0, 0.0, _RANK["not_collected"]]
    filled.loc[absent & others, ["numerator", "denominator", "counted", "rank"]] = [0.0, 0.0, 1.0, 0]
    filled["rank"] = filled["rank"].astype(int)
    return filled


def to_system(lads: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Add councils up to the system; a system figure needs every council."""
    system = move_up(lads, areas, "lad", "icb")
    complete = lads.groupby([name for name in CELL if name not in {"area_code", "area_type"}], dropna=False)
    every = complete["counted"].min().rename("every").reset_index()
    system = system.merge(every, how="left")
    partial = system["every"] < 1
    system.loc[partial, ["numerator", "denominator"]] = np.nan
    system.loc[partial & (system["rank"] == 0), "rank"] = _RANK["not_collected"]
    system["counted"] = (~partial).astype(float)
    return system.drop(columns="every")


def to_levels(rows: pd.DataFrame, areas: pd.DataFrame, through: pd.Timestamp | None = None) -> pd.DataFrame:
    """Give rows at every area type from the finest returned to the system; the finest return of a council wins."""
    given = {level: rows.loc[rows["area_type"] == level] for level in LEVELS}
    councils = areas.loc[areas["area_type"] == "lad", "area_code"].tolist()
    levels = [given["lsoa21"]]
    for level in ("msoa21", "ward"):
        levels.append(_finest_first(move_up(given["lsoa21"], areas, "lsoa21", level), given[level]))
    from_msoa = move_up(given["msoa21"], areas, "msoa21", "lad")
    lads = _finest_first(move_up(given["lsoa21"], areas, "lsoa21", "lad"), from_msoa, given["lad"])
    lads = fill_councils(lads, councils, through)
    levels.append(lads)
    levels.append(_finest_first(to_system(lads, areas) if len(lads) else lads, given["icb"]))
    return pd.concat([level for level in levels if len(level)], ignore_index=True)[[*CELL, *_COUNTS]]


_COUNTS: Final = ["numerator", "denominator", "parts", "counted", "rank"]


def _finest_first(*frames: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return frames[0]
    return pd.concat(filled, ignore_index=True).drop_duplicates(CELL, keep="first")


def with_fifths(rows: pd.DataFrame, fifths: pd.DataFrame) -> pd.DataFrame:
    """Break neighbourhood rows for everyone down by the deprivation fifth that each neighbourhood lies in.

    ``fifths`` is indexed by LSOA with a column for each kind of fifth, national and local.
    """
    everyone = rows.loc[(rows["area_type"] == "lsoa21") & (rows["breakdown_type"] == "")]
    broken_down = []
    for kind in FIFTHS:
        part = everyone.copy()
        part["breakdown_type"] = kind
        part["breakdown_value"] = part["area_code"].map(fifths[kind])
        broken_down.append(part.dropna(subset="breakdown_value"))
    return pd.concat(broken_down, ignore_index=True)


def financial_year(dates: pd.Series) -> pd.Series:
    """Give the calendar year in which each date's financial year (April to March) began."""
    began: pd.Series = dates.dt.year - (dates.dt.month < 4).astype(int)
    return began


def to_years(rows: pd.DataFrame, council_of: pd.Series, over_time: str) -> pd.DataFrame:
    """Add quarters up to financial years, or keep the last quarter where the count is a state and not a flow."""
    quarters = rows.loc[rows["period_type"] == "quarter"]
    if over_time == "latest":
        quarters = quarters.loc[quarters["period_from"].dt.month == 1]  # January to March closes the year
    start = financial_year(quarters["period_from"])
    needed = QUARTERS_NEEDED["year"] if over_time == "sum" else 1
    return pool(quarters, council_of, start, start, "year", needed)


def to_three_years(rows: pd.DataFrame, council_of: pd.Series) -> pd.DataFrame:
    """Pool the last three financial years, from quarters where there are any and from years where not."""
    quarterly = (rows["period_type"] == "quarter").any()
    parts = rows.loc[rows["period_type"] == ("quarter" if quarterly else "year")]
    if parts.empty:
        return parts
    year = financial_year(parts["period_from"])
    last = int(year.max())
    parts = parts.loc[year > last - YEARS_NEEDED]
    window = pd.Series(last, index=parts.index)
    needed = QUARTERS_NEEDED["three_years"] if quarterly else YEARS_NEEDED
    return pool(parts, council_of, window - (YEARS_NEEDED - 1), window, "three_years", needed)


def pool(
    parts: pd.DataFrame, council_of: pd.Series, first: pd.Series, last: pd.Series, period_type: str, needed: int
) -> pd.DataFrame:
    """Pool parts into the financial years from ``first`` to ``last``, where their council sent at least ``needed``."""
    if parts.empty:
        return parts
    pooled = parts.copy()
    pooled["period_from"] = pd.to_datetime(first.astype(str) + "-04-01")
    pooled["period_to"] = pd.to_datetime((last + 1).astype(str) + "-03-31")
    pooled["period_type"] = period_type
    return withhold_short(add_up(pooled, CELL), short_councils(pooled, needed), council_of)


def short_councils(pooled: pd.DataFrame, needed: int) -> pd.DataFrame:
    """List the councils that sent fewer than ``needed`` parts of a pooled period."""
    keys = ["area_code", "period_from", "breakdown_type", "breakdown_value"]
    sent = pooled.loc[pooled["area_type"] == "lad"].groupby(keys, dropna=False)["counted"].sum()
    return sent.loc[sent < needed].reset_index()[keys].rename(columns={"area_code": "council"})


def withhold_short(total: pd.DataFrame, short: pd.DataFrame, council_of: pd.Series) -> pd.DataFrame:
    """Withhold a council's pooled figures, its neighbourhoods' and the system's, where the council sent too little."""
    if short.empty:
        return total
    place = total[["area_type", "area_code", "period_from", "breakdown_type", "breakdown_value"]].copy()
    place["council"] = place["area_code"].map(council_of).fillna(place["area_code"])
    marked = place.merge(short.assign(short=True), how="left")["short"].notna().to_numpy()
    anywhere = short.drop(columns="council").drop_duplicates().assign(short=True)
    system = (place["area_type"] == "icb").to_numpy()
    marked = marked | (system & place.merge(anywhere, how="left")["short"].notna().to_numpy())
    total = total.copy()
    total.loc[marked, ["numerator", "denominator"]] = np.nan
    total.loc[marked & (total["rank"] == 0), "rank"] = _RANK["not_collected"]
    return total


def cells(
    observations: pd.DataFrame,
    areas: pd.DataFrame,
    fifths: pd.DataFrame,
    over_time: str,
    through: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Add one indicator's returned counts up to every area type, period and deprivation fifth.

    ``through`` is the end of the newest quarter that anybody has sent in: an indicator without it is late there.

    Returns the columns of ``CELL`` with exact ``numerator`` and ``denominator`` and a ``reason`` (empty where there
    is a count). A flow (``over_time="sum"``) adds up over time; a state (``"latest"``) is that of the last quarter.
    """
    rows = with_reasons(observations)
    levels = to_levels(rows, areas, through)
    if (rows["area_type"] == "lsoa21").any():
        by_fifth = to_levels(with_fifths(rows, fifths), areas, through)
        levels = pd.concat([levels, by_fifth.loc[by_fifth["area_type"].isin(["lad", "icb"])]], ignore_index=True)
    council_of = areas.dropna(subset="lad_code").set_index("area_code")["lad_code"]
    periods = [levels, to_years(levels, council_of, over_time)]
    if over_time == "sum":
        periods.append(to_three_years(levels, council_of))
    everything = pd.concat([part for part in periods if len(part)], ignore_index=True)
    everything["reason"] = everything["rank"].map(dict(enumerate(REASONS)))
    return everything[[*CELL, "numerator", "denominator", "reason"]]
