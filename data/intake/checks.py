"""Look at a return beside what was returned last, and warn of what is unlikely: jumps, and what is no longer there.

A warning refuses nothing: services change. It names figures of the sender's own file and none of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd
import sqlalchemy as sa

from data.catalogue import ics, indicators
from data.errors import DataError
from data.intake.changes import Changes
from data.sources.reading import Reading
from data.store.last_return import TOTAL, select_last_totals, select_places

RETURNS: Final = "first1001_long_return"
SOURCE: Final = "Long return"
#: A total this many times larger or smaller than the last is looked at again, if it differs by this many as well.
TIMES: Final = 2.0
LEAST: Final = 30
POINTS: Final = 0.25  # a change of a share by a quarter of the whole
AREAS_KEPT: Final = 0.8  # a fifth fewer neighbourhoods than last time are missing, not merely without anybody
SHARES: Final = ("proportion", "share_of_items")
NAMED: Final = 3
SMALL: Final = ("lsoa21", "msoa21", "ward")
SERIES: Final = ["indicator_id", "area_type", "place", "period_type"]


def warnings_of(connection: sa.Connection, reading: Reading, changes: Changes) -> tuple[DataError, ...]:
    """Give every warning about a reading: first what would go, then what is missing, then what jumps."""
    frame = reading.frames.get("observation")
    found = list(removal(frame, changes))
    if frame is None or reading.source_id != RETURNS:
        return tuple(found)
    new = totals_of(frame, select_places(connection))
    names = sorted(set(new["indicator_id"]))
    last = select_last_totals(connection, RETURNS, names, illustrative=reading.illustrative, supplier=reading.supplier)
    missing = [*missing_councils(new, last), *missing_periods(new, last), *missing_neighbourhoods(new, last)]
    found += [warning(frame, *words) for words in missing]
    return (*found, *jumps(frame, new, last))


def removal(frame: pd.DataFrame | None, changes: Changes) -> Iterator[DataError]:
    """Warn of rows that would no longer be used because the file does not repeat them."""
    if changes.removed:
        many = f"{changes.removed:,} rows that are used now are" if changes.removed > 1 else "1 row that is used now is"
        words = f"{many} not in this file and would no longer be used"
        yield warning(frame, words, "What still holds must stand in the file")


def totals_of(frame: pd.DataFrame, places: dict[str, str]) -> pd.DataFrame:
    """Add a return's counts for everyone up by council, with the first row of each."""
    everyone = frame[frame["breakdown_type"] == ""]
    codes = everyone["area_code"].astype("str")
    rows = everyone.assign(
        place=codes.map(places).fillna(codes),
        period_from=everyone["period_from"].astype("str").str[:10],
        period_to=everyone["period_to"].astype("str").str[:10],
        row=pd.Series(everyone.index, index=everyone.index),
    )
    groups = rows.groupby(TOTAL, sort=True)
    sums = groups[["numerator", "denominator"]].sum(min_count=1)
    return sums.assign(areas=groups.size(), row=groups["row"].first()).reset_index()


# ---- what is missing ------------------------------------------------------------------------------------------------


def missing_councils(new: pd.DataFrame, last: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Name councils that the file, or the return before it, speaks for, and that a period of the file leaves out."""
    labels = {place.code: place.label for place in ics().lads}
    spoken = pd.concat([new[["indicator_id", "place"]], last_of_several(last)]).drop_duplicates()
    periods = new[["indicator_id", "period_type", "period_from", "period_to"]].drop_duplicates()
    wanted = periods.merge(spoken[spoken["place"].isin(labels)], on="indicator_id")
    here = pd.concat([new, last])[[*wanted.columns]].drop_duplicates()
    absent = wanted.merge(here, how="left", indicator=True).query("_merge == 'left_only'")
    absent = absent[absent["indicator_id"].isin(new.loc[new["place"].isin(labels), "indicator_id"])]
    for (place, kind, day), rows in absent.groupby(["place", "period_type", "period_from"]):
        words = f"nothing is sent for {labels[str(place)]} in {period_label(str(kind), str(day))}"
        yield f"{words}: {listed(rows['indicator_id'])}", "Send it with the rest, or in a file of its own"


def last_of_several(last: pd.DataFrame) -> pd.DataFrame:
    """Give the councils of each indicator's last return, where that one file spoke for more than one."""
    newest = last[last["submission_id"] == last.groupby("indicator_id")["submission_id"].transform("max")]
    several = newest.groupby("indicator_id")["place"].transform("nunique") > 1
    return newest.loc[several, ["indicator_id", "place"]]


def missing_periods(new: pd.DataFrame, last: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Name quarters and years between those that are there, in the file or before it."""
    labels = {place.code: place.label for place in ics().lads} | {ics().icb.code: ics().label}
    columns = ["indicator_id", "place", "period_type", "period_from"]
    known = pd.concat([new[columns].assign(new=True), last[columns].assign(new=False)])
    known = known[known["period_type"].isin(list(MONTHS)) & known["place"].isin(labels)]
    gaps: dict[tuple[str, str, int], list[str]] = {}
    for (name, place, kind), rows in known.groupby(["indicator_id", "place", "period_type"]):
        if rows["new"].any():
            months = {month_number(day) for day in rows["period_from"]}
            for month in holes(months, MONTHS[str(kind)]):
                gaps.setdefault((str(place), str(kind), month), []).append(str(name))
    for (council, period, month), names in sorted(gaps.items()):
        label = period_label(period, f"{month // 12:04}-{month % 12 + 1:02}-01")
        words = f"{label} is missing between earlier and later periods of {labels[council]}"
        yield f"{words}: {listed(names)}", "Send it as well, if it was counted"


def missing_neighbourhoods(new: pd.DataFrame, last: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Say where far fewer neighbourhoods are sent than in the last period before."""
    labels = {place.code: place.label for place in ics().lads}
    both = pair_up(new, last)
    few = both[both["area_type"].isin(SMALL) & (both["areas"] < AREAS_KEPT * both["areas_last"])]
    for (place, kind, day), rows in few.groupby(["place", "period_type", "period_from"]):
        words = f"far fewer neighbourhoods than last time are sent for {labels.get(str(place), str(place))}"
        yield f"{words} in {period_label(str(kind), str(day))}: {listed(rows['indicator_id'])}", TODO_AREAS


TODO_AREAS: Final = "Write 0 where nobody was counted, and [x] where nothing was collected"
MONTHS: Final = {"quarter": 3, "year": 12}


def month_number(day: str) -> int:
    """Count months since the year 0."""
    return int(day[:4]) * 12 + int(day[5:7]) - 1


def holes(months: set[int], step: int) -> list[int]:
    """Give the starts of periods that lie between the first and the last and are not there."""
    return [month for month in range(min(months), max(months), step) if month not in months]


# ---- what jumps -----------------------------------------------------------------------------------------------------


def pair_up(new: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Put beside each of the file's totals the stored one of the same period, else of the newest period before."""
    held = last.groupby(TOTAL, as_index=False)[["numerator", "denominator", "areas"]].sum(min_count=1)
    both = new.merge(held, on=SERIES, suffixes=("", "_last"))
    both = both[both["period_to_last"] <= both["period_to"]].sort_values("period_to_last", kind="stable")
    return both.drop_duplicates([*SERIES, "period_from", "period_to"], keep="last")


def jumps(frame: pd.DataFrame, new: pd.DataFrame, last: pd.DataFrame) -> list[DataError]:
    """Warn of totals far from the last ones, one warning for each indicator and kind of jump."""
    both = pair_up(new, last)
    kinds = {entry.id: entry.value_type for entry in indicators()}
    value_type = both["indicator_id"].map(kinds)
    both = both.assign(
        share=(both["numerator"] / both["denominator"].where(both["denominator"] > 0)),
        share_last=both["numerator_last"] / both["denominator_last"].where(both["denominator_last"] > 0),
    )
    alone = both["denominator"].isna() & both["denominator_last"].isna()
    large = (both["denominator"] >= LEAST) & (both["denominator_last"] >= LEAST)
    moved = value_type.isin(SHARES) & large & ((both["share"] - both["share_last"]).abs() > POINTS)
    checks = (
        ("denominator", far(both, "denominator"), f"differs more than {TIMES:g}-fold from the last return"),
        ("numerator", alone & far(both, "numerator"), f"differs more than {TIMES:g}-fold from the last return"),
        ("numerator", moved, f"has moved by more than {POINTS:.0%} of the denominator since the last return"),
    )
    return [
        jump(frame, rows, column, f"the {column} of {name!r} {words}")
        for column, wrong, words in checks
        for name, rows in both[wrong].groupby("indicator_id")
    ]


def far(both: pd.DataFrame, name: str) -> pd.Series[bool]:
    """Say which totals are several times larger or smaller than the last ones, and not by a handful."""
    now, before = both[name], both[f"{name}_last"]
    return ((now - before).abs() >= LEAST) & ((now > TIMES * before) | (before > TIMES * now))


def jump(frame: pd.DataFrame, rows: pd.DataFrame, column: str, words: str) -> DataError:
    """Write one warning with the file's own totals."""
    labels = {place.code: place.label for place in (ics().icb, *ics().lads)}
    few = rows.sort_values("row").head(NAMED)
    found = [
        f"{total:,.10g} in {labels.get(place, place)}, {period_label(kind, day)}"
        for total, place, kind, day in zip(
            few[column], few["place"], few["period_type"], few["period_from"], strict=True
        )
    ]
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    numbers = sorted(int(row) for row in rows["row"])
    todo = "Check the counts. If they are right, load the file as it is"
    return warning(frame, words, todo, found="; ".join(found) + more, column=column, rows=numbers)


# ---- words ----------------------------------------------------------------------------------------------------------


def warning(
    frame: pd.DataFrame | None,
    words: str,
    todo: str,
    *,
    found: str | None = None,
    column: str | None = None,
    rows: list[int] | None = None,
) -> DataError:
    """Write a warning in the form of a problem."""
    place = {} if frame is None else frame.attrs
    return DataError(
        words,
        source=SOURCE if frame is not None else None,
        file=place.get("file"),
        sheet=place.get("sheet"),
        row=rows[0] if rows else None,
        rows=rows or (),
        column=column,
        found=found,
        todo=todo,
    )


def listed(names: Iterable[str]) -> str:
    """Name the first few indicators, and how many more there are."""
    known = sorted(set(names))
    more = f" and {len(known) - NAMED} more indicators" if len(known) > NAMED else ""
    return ", ".join(known[:NAMED]) + more


def period_label(kind: str, first_day: str) -> str:
    """Name a period as people here do: 2025/26 Q1, 2025/26, or its first day."""
    months = month_number(first_day) - 3  # a financial year begins in April
    year = f"{months // 12}/{(months // 12 + 1) % 100:02}"
    if kind == "quarter":
        return f"{year} Q{months % 12 // 3 + 1}"
    return year if kind == "year" and months % 12 == 0 else f"the period from {first_day}"
