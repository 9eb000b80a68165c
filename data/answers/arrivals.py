"""Hold what has come in against what is expected: one cell for each part of the return, place and period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.words import period_label
from data.catalogue import expected, ics, indicator, late_rule
from data.catalogue.definitions import ExpectedPart, Place
from data.catalogue.pathway import counted_indicators
from data.store.areas import select_areas
from data.store.coverage import count_areas, select_areas_heard_of, select_arrived, select_counted

if TYPE_CHECKING:
    import sqlalchemy as sa

CELL: Final = ["part_id", "cadence", "place", "period_to"]
_FINEST_FIRST: Final = ("msoa21", "ward", "lad", "icb")
_NEIGHBOURHOODS: Final = ("lsoa21", "msoa21")
_APRIL: Final = 4
_NO_YEARS: Final = ("year", "three_years")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one sender sends in one file: the indicators that share a level and how often they come."""

    part: ExpectedPart
    cadence: str
    places: tuple[Place, ...]
    indicators: tuple[str, ...]

    @property
    def by_neighbourhood(self) -> bool:
        """Whether every neighbourhood should be in it."""
        small = any(indicator(name).area_grain in _NEIGHBOURHOODS for name in self.indicators)
        return small and self.part.every_neighbourhood


def expectations() -> Iterator[Expectation]:
    """List what is expected; council figures come from each council, the others once for the whole system."""
    for part in expected():
        for level, places in (("lad", ics().lads), ("icb", (ics().icb,))):
            for cadence in ("quarter", "year"):
                names = tuple(name for name in part.indicators if _kind(name) == (level, cadence))
                if names:
                    yield Expectation(part, cadence, places, names)


def _kind(name: str) -> tuple[str, str]:
    known = indicator(name)
    return "icb" if known.area_grain == "icb" else "lad", "year" if known.period_grain == "year" else "quarter"


def periods_before(on: dt.date, cadence: str, count: int) -> list[tuple[dt.date, dt.date]]:
    """Give the last periods that had ended before a day, newest first: quarters, or years from April."""
    months = 12 if cadence == "year" else 3
    first = _first_day(on.year, on.month, months)
    periods = []
    for _ in range(count):
        last = first - dt.timedelta(days=1)
        first = _first_day(last.year, last.month, months)
        periods.append((first, last))
    return periods


def _first_day(year: int, month: int, months: int) -> dt.date:
    """Give the first day of the period of so many months, counted from April, in which a month lies."""
    back = (month - _APRIL) % 12 % months
    at = year * 12 + month - 1 - back
    return dt.date(at // 12, at % 12 + 1, 1)


def expected_cells(on: dt.date) -> pd.DataFrame:
    """Give every cell of the grid, newest period first, with what should be in it and from when it counts as late."""
    rule = late_rule()
    rows = []
    for one in expectations():
        shown = rule.years_shown if one.cadence == "year" else rule.quarters_shown
        due = one.part.due_after_days or rule.late_after_days
        missing = max(rule.missing_after_days, due + 1)
        for place in one.places:
            for first, last in periods_before(on, one.cadence, shown):
                rows.append(
                    {
                        "part_id": one.part.id,
                        "part": one.part.name,
                        "sender": one.part.sender,
                        "place": place.code,
                        "place_label": place.label,
                        "cadence": one.cadence,
                        "period": period_label(one.cadence, first.isoformat(), last.isoformat()),
                        "period_to": last.isoformat(),
                        "late_from": last + dt.timedelta(days=due + 1),
                        "missing_from": last + dt.timedelta(days=missing + 1),
                        "indicators_expected": len(one.indicators),
                    }
                )
    return pd.DataFrame(rows)


def arrived_cells(connection: sa.Connection, since: str) -> pd.DataFrame:
    """Give what has come for each cell: indicators, rows by what became of them, and neighbourhoods."""
    wanted = list(expectations())
    owner = {name: (one.part.id, one.cadence) for one in wanted for name in one.indicators}
    rows = with_counted(connection, select_arrived(connection, list(owner), since), since)
    parts = [_in_cells(rows.loc[rows["indicator_id"].isin(_sent(owner, kind))], kind) for kind in ("quarter", "year")]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(
        part_id=rows["indicator_id"].map(lambda name: owner[name][0]).astype("str"),
        cadence=rows["indicator_id"].map(lambda name: owner[name][1]).astype("str"),
        not_collected=rows["rows"].where(rows["value_status"] == "not_collected", 0),
        failed=rows["rows"].where(rows["value_status"] == "failed_validation", 0),
    )
    cells = rows.groupby(CELL, as_index=False).agg(
        indicators=("indicator_id", "nunique"),
        rows=("rows", "sum"),
        not_collected=("not_collected", "sum"),
        failed=("failed", "sum"),
        illustrative=("illustrative", "max"),
        submissions=("submission_id", lambda numbers: tuple(sorted(set(numbers)))),
    )
    return cells.merge(_heard_of(connection, wanted, since), on=CELL, how="left")


def with_counted(connection: sa.Connection, rows: pd.DataFrame, since: str) -> pd.DataFrame:
    """Put what was counted from events of pathways in place of what was returned for the same council and period."""
    counted = select_counted(connection, counted_indicators(), since)
    if counted.empty:
        return rows
    cell = ["indicator_id", "place", "period_type", "period_to"]
    kept = rows.merge(counted[cell].drop_duplicates(), on=cell, how="left", indicator=True)["_merge"] == "left_only"
    return pd.concat([rows[kept.to_numpy()], counted], ignore_index=True) if kept.any() else counted


def _sent(owner: dict[str, tuple[str, str]], cadence: str) -> list[str]:
    return [name for name, (_, how_often) in owner.items() if how_often == cadence]


def _heard_of(connection: sa.Connection, wanted: Sequence[Expectation], since: str) -> pd.DataFrame:
    """Count the neighbourhoods in what is sent by neighbourhood, and how many there are."""
    there = count_areas(connection).rename(columns={"areas": "areas_expected"})
    frames = [pd.DataFrame(columns=[*CELL, "area_type", "areas", "areas_expected"])]
    for one in wanted:
        if one.by_neighbourhood:
            heard = _in_cells(select_areas_heard_of(connection, one.indicators, since), one.cadence)
            finest = _finest(heard).merge(there, on=["area_type", "place"], how="left")
            frames.append(finest.assign(part_id=one.part.id, cadence=one.cadence))
    return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)


def _finest(heard: pd.DataFrame) -> pd.DataFrame:
    """Keep the smallest type of area that came for each place and period."""
    most = heard.groupby(["place", "period_to", "area_type"], as_index=False).agg(areas=("areas", "max"))
    order = most["area_type"].map({name: at for at, name in enumerate(_FINEST_FIRST)})
    return most.loc[order.sort_values(kind="stable").index].drop_duplicates(["place", "period_to"])


def _in_cells(rows: pd.DataFrame, cadence: str) -> pd.DataFrame:
    """Put rows into the quarter or year that holds their last day; a year's figure is no quarter's."""
    if cadence == "quarter":
        rows = rows.loc[~rows["period_type"].isin(_NO_YEARS)]
    ends = {day: _end(dt.date.fromisoformat(day), cadence) for day in rows["period_to"].unique()}
    return rows.assign(period_to=rows["period_to"].map(ends).astype("str"))


def _end(day: dt.date, cadence: str) -> str:
    months = 12 if cadence == "year" else 3
    first = _first_day(day.year, day.month, months)
    at = first.year * 12 + first.month - 1 + months
    return (dt.date(at // 12, at % 12 + 1, 1) - dt.timedelta(days=1)).isoformat()


def all_indicators() -> Sequence[str]:
    """Name every indicator that somebody is expected to send."""
    return [name for part in expected() for name in part.indicators]


def cells_about(connection: sa.Connection, rows: pd.DataFrame) -> list[str]:
    """Name the cells of the grid that rows of indicator, area and last day belong to: part, place and last day."""
    areas = select_areas(connection)
    place_of = dict(zip(areas["area_code"], areas["lad_code"].fillna(areas["area_code"]), strict=True))
    owner = {name: one for one in expectations() for name in one.indicators}
    found: dict[tuple[str, str, str], None] = {}
    for row in rows.itertuples(index=False):
        one, place = owner.get(str(row.indicator_id)), place_of.get(str(row.area_code), "")
        if one and place in {known.code for known in one.places}:
            last = _end(dt.date.fromisoformat(str(row.period_to)), one.cadence)
            found[one.part.id, place, last] = None
    return [" ".join(cell) for cell in found]
