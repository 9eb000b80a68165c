"""Hold totals to their parts where a return sends both: areas and council, groups and everyone, quarters and years.

Parts that make more than their total are wrong whatever is missing. Parts that make less are wrong only where every
part is there; neighbourhoods may always make less, because some families' neighbourhood is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from data import catalogue
from data.errors import DataError, WrongValues
from data.sources.reading import ReadingContext

SOURCE: Final = "Long return"
ADDED_UP: Final = ("proportion", "rate", "ratio", "count")
COUNTS: Final = ("numerator", "denominator")
CELL: Final = ["indicator_id", "area_code", "period_type", "period_from", "period_to", "breakdown_type"]
#: A smaller area and the column of the area table that names the wider one.
WIDER: Final = (
    ("lsoa21", "msoa_code", "msoa21"),
    ("lsoa21", "ward_code", "ward"),
    ("lsoa21", "lad_code", "lad"),
    ("msoa21", "lad_code", "lad"),
    ("ward", "lad_code", "lad"),
    ("lad", "icb_code", "icb"),
)
NAMES: Final = {
    "lsoa21": "neighbourhoods",
    "msoa21": "MSOAs",
    "ward": "wards",
    "lad": "councils",
    "icb": "system",
}
#: Kinds of group of which everybody is in one and only one; the second says whether "Unknown" is among them.
ONE_OF: Final = {
    "ethnic_group": True,
    "language": True,
    "route": False,
    "trimester": False,
    "practitioner": False,
    "place_of_visit": False,
}
PARTS_OF_PERIODS: Final = {"year": ("quarter", 4), "three_years": ("year", 3)}
ROUNDED_TO: Final = 5
SHOWN: Final = 3


def check_totals(frame: pd.DataFrame, context: ReadingContext) -> list[DataError]:
    """Give one problem for each kind of total that its parts disagree with."""
    rows = countable(frame)
    problems = []
    for words, todo, pairs in (*area_pairs(rows, context), *group_pairs(rows), *period_pairs(rows)):
        for name in COUNTS:
            wrong = disagreeing(pairs, name)
            if len(wrong):
                problems.append(tell(frame, wrong, name, words, todo))
    return problems


def countable(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows whose counts may be added up, with the slack of rounding."""
    kinds = {entry.id: entry for entry in catalogue.indicators()}
    added = [name for name in frame["indicator_id"].unique() if kinds[name].value_type in ADDED_UP]
    rows = frame[frame["indicator_id"].isin(added) & frame["period_type"].notna()]
    rows = rows.assign(at=rows.index.astype("int64"), shown=rows["value_status"] == "shown")
    figures = rows["numerator"].where(rows["shown"])
    off = (figures % ROUNDED_TO).fillna(0).groupby(rows["indicator_id"]).transform("max")
    several = figures.groupby(rows["indicator_id"]).transform("nunique") > ROUNDED_TO
    return rows.assign(slack=(ROUNDED_TO / 2 * (several & (off == 0))).astype("float64"))


Pairs = pd.DataFrame  # one row for each part: its row, its total's row, and whether parts may make less
Check = tuple[str, str, Pairs]


def area_pairs(rows: pd.DataFrame, context: ReadingContext) -> list[Check]:
    """Match areas with the wider area that holds them."""
    if rows["area_type"].nunique() < 2:
        return []
    areas = known_areas(context)
    checks = []
    for small, column, wide in WIDER:
        parts = rows[rows["area_type"] == small]
        if parts.empty or not (rows["area_type"] == wide).any():
            continue
        parents = areas[areas["area_type"] == small].set_index("area_code")[column].dropna()
        moved = parts.assign(area_code=parts["area_code"].map(parents)).dropna(subset=["area_code"])
        totals = rows[rows["area_type"] == wide]
        words = f"the {NAMES[small]} add up to more than the row of their {wide_name(wide)}"
        todo = "Send the smaller areas alone: the wider ones are worked out from them. Or mend the counts"
        checks.append((words, todo, match(moved, totals, [*CELL, "breakdown_value"], whole=False)))
    return checks


def wide_name(kind: str) -> str:
    """Name one wider area."""
    return {"msoa21": "MSOA", "ward": "ward", "lad": "council", "icb": "system"}[kind]


def known_areas(context: ReadingContext) -> pd.DataFrame:
    """Give which area lies in which: what is loaded, otherwise the embedded list."""
    loaded = context.areas()
    if loaded is not None and {column for _, column, _ in WIDER} <= set(loaded.columns):
        return loaded
    from data.geography.hierarchy import embedded_areas

    return embedded_areas()


def group_pairs(rows: pd.DataFrame) -> list[Check]:
    """Match groups, of which everybody is in exactly one, with the row for everyone."""
    everyone = rows[rows["breakdown_type"] == ""]
    listed = {entry.id: entry for entry in catalogue.breakdowns()}
    checks = []
    for kind, has_unknown in ONE_OF.items():
        parts = rows[rows["breakdown_type"] == kind]
        if parts.empty:
            continue
        groups = len(listed[kind].values)
        pairs = match(parts.assign(breakdown_type=""), everyone, CELL, whole=has_unknown, needed=groups)
        words = f"the groups of {kind!r} do not add up to the row for everyone"
        todo = "Count each person in one group" + (", and in 'Unknown' who is in no other" if has_unknown else "")
        checks.append((words, todo, pairs))
    return checks


def period_pairs(rows: pd.DataFrame) -> list[Check]:
    """Match quarters with their year, and years with their three years, where counts are summed over time."""
    summed = {entry.id for entry in catalogue.indicators() if entry.over_time == "sum" and entry.value_type != "rate"}
    flows = rows[rows["indicator_id"].isin(summed)]
    checks = []
    for long, (short, needed) in PARTS_OF_PERIODS.items():
        parts, totals = flows[flows["period_type"] == short], flows[flows["period_type"] == long]
        if parts.empty or totals.empty:
            continue
        spans = totals[["period_from", "period_to"]].drop_duplicates()
        within = parts.drop(columns=["period_type"]).merge(spans, how="cross", suffixes=("_part", ""))
        inside = (within["period_from_part"] >= within["period_from"]) & (
            within["period_to_part"] <= within["period_to"]
        )
        key = [name for name in (*CELL, "breakdown_value") if name != "period_type"]
        words = f"the {short}s do not add up to the row of their {long.replace('_', ' ')}"
        todo = f"Send the {short}s alone: longer periods are worked out from them. Or mend the counts"
        checks.append((words, todo, match(within[inside], totals, key, whole=True, needed=needed)))
    return checks


def match(parts: pd.DataFrame, totals: pd.DataFrame, key: Sequence[str], *, whole: bool, needed: int = 0) -> Pairs:
    """Put beside each part its total's row; ``whole`` means that all ``needed`` parts together make the total."""
    kept = parts[[*key, "at", "shown", *COUNTS, "slack"]]
    other = totals[totals["shown"]][[*key, "at", *COUNTS]]
    pairs = kept.merge(other, on=list(key), suffixes=("", "_total"))
    return pairs.assign(whole=whole, needed=needed)


def disagreeing(pairs: Pairs, name: str) -> pd.DataFrame:
    """Add the parts up and keep the totals that they disagree with: total's row, sum and total.

    Where each part repeats the total, as when visits are split by who made them over all visits, nothing is added up.
    """
    if name == "denominator":
        rates = {entry.id for entry in catalogue.indicators() if entry.value_type == "rate"}
        pairs = pairs[~pairs["indicator_id"].isin(rates)]
    given = pairs[pairs["shown"] & pairs[name].notna()]
    groups = given.groupby("at_total")
    sums = groups[[name, "slack"]].sum().rename(columns={name: "sum"})
    sums["total"] = groups[f"{name}_total"].first()
    sums["complete"] = groups["whole"].first() & (groups.size() >= groups["needed"].first())
    repeated = (groups[name].min() == groups[name].max()) & (groups[name].max() == sums["total"]) & (groups.size() > 1)
    slack = sums["slack"] + (sums["slack"] > 0) * ROUNDED_TO / 2 + 1e-6 * sums["total"].abs() + 1e-9
    above, below = sums["sum"] > sums["total"] + slack, sums["sum"] < sums["total"] - slack
    return sums[(above | (below & sums["complete"])) & ~repeated].sort_index()


def tell(frame: pd.DataFrame, wrong: pd.DataFrame, name: str, words: str, todo: str) -> DataError:
    """Write one problem at the totals, with what the parts make of the first few."""
    rows = [int(row) for row in wrong.index]
    few = wrong.head(SHOWN)
    pairs = zip(few["sum"], few["total"], rows, strict=False)
    first = [f"{parts:,.10g} in the parts and {total:,.10g} in row {row}" for parts, total, row in pairs]
    more = f" and {len(rows) - SHOWN} more rows" if len(rows) > SHOWN else ""
    return WrongValues(
        words,
        source=SOURCE,
        file=frame.attrs.get("file"),
        sheet=frame.attrs.get("sheet"),
        row=rows[0],
        rows=rows,
        column=name,
        found="; ".join(first) + more,
        todo=todo,
    )
