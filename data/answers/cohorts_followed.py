"""Babies followed from stage to stage: the released counts of one birth cohort at each stage it has reached."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data.answers.words import period_label
from data.store.released import select_released
from metrics.proportions import proportion

if TYPE_CHECKING:
    import sqlalchemy as sa

GIVEN: Final = frozenset({"shown", "rounded"})
QUARTERS: Final = 4
EVERYONE: Final = ""
APRIL: Final = 4
KEY: Final = ("indicator_id", "breakdown_value", "period_type", "period_from")
Cell = dict[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way: its indicator, who is counted below the line, and quarters from birth until it is known.

    ``linked`` stages count children with a pregnancy form; each asks for every review due so far, so that a child who
    has dropped stays dropped. The stages before them count all pregnancies.
    """

    indicator_id: str
    label: str
    whom: str
    quarters_later: int
    linked: bool


STAGES: Final = (
    Stage("pregnancy_form_completed", "Pregnancy form", "booked pregnancies", 0, False),
    Stage("antenatal_contact_coverage", "Antenatal contact", "women who reached 28 weeks, form or not", 0, False),
    Stage("continuity_to_new_birth", "New birth visit", "children with a form who reached 30 days", 0, True),
    Stage("continuity_to_6_8_weeks", "6 to 8 week review", "children with a form who reached 8 weeks", 0, True),
    Stage("continuity_to_12_months", "12 month review", "children with a form who reached 15 months", 5, True),
    Stage("continuity_to_2_years", "2 to 2½ year review", "children with a form who reached 2½ years", 10, True),
)


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known of one cohort and group at one stage; ``quarters`` of birth of which it is known, up to four."""

    stage: Stage
    group: str
    numerator: float
    denominator: float
    value_status: str
    period: str
    quarters: int
    dropped: float | None = None

    @property
    def given(self) -> bool:
        """Whether there is a figure."""
        return self.value_status in GIVEN

    @property
    def share(self) -> float:
        """The share who reached this stage, 0 to 1."""
        return self.numerator / self.denominator if self.given and self.denominator else float("nan")

    @property
    def short(self) -> float:
        """Those below the line who did not reach it."""
        return self.denominator - self.numerator

    def limits(self) -> tuple[float, float]:
        """Give the 95% confidence limits of the share."""
        if not self.given:
            return float("nan"), float("nan")
        made = proportion([self.numerator], [self.denominator]).iloc[0]
        return float(made["lowercl"]), float(made["uppercl"])


@dataclass(frozen=True)
class Cells:
    """The released cells of all stages at one place, and the newest quarter that anything is known of."""

    found: dict[tuple[str, str, str, str], Cell]
    newest: pd.Timestamp | None
    submission_ids: frozenset[int]
    illustrative: bool

    def find(self, stage: Stage, group: str, period_type: str, start: pd.Timestamp) -> Cell | None:
        """Give one released cell, or None."""
        return self.found.get((stage.indicator_id, group, period_type, f"{start:%Y-%m-%d}"))

    def by_quarter(self, stage: Stage, group: str, start: pd.Timestamp) -> str | Cell:
        """Give one released quarter, or the reason why there is none: groups may be given for longer periods alone."""
        cell = self.find(stage, group, "quarter", start)
        if cell is not None:
            return cell if cell["value_status"] in GIVEN else str(cell["value_status"])
        periods = {period for name, who, period, _ in self.found if (name, who) == (stage.indicator_id, group)}
        return "suppressed" if periods and "quarter" not in periods else "not_collected"


def select_cells(connection: sa.Connection, area_code: str, fifths: str) -> Cells:
    """Read the released quarters and longer periods of every stage at one place, for everyone and by fifth."""
    names = [stage.indicator_id for stage in STAGES]
    kinds = (EVERYONE, f"imd_fifth_{fifths}")
    frames = [select_released(connection, names, area_code=area_code, breakdown_type=kind) for kind in kinds]
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.loc[rows["period_type"].isin(["quarter", "year", "three_years"])]
    quarters = rows.loc[(rows["period_type"] == "quarter") & rows["value"].notna(), "period_from"]
    return Cells(
        found={_key(row): row for row in rows.to_dict("records")},
        newest=pd.Timestamp(quarters.max()) if len(quarters) else None,
        submission_ids=frozenset(int(number) for number in rows["submission_id"].dropna()),
        illustrative=bool(rows["illustrative"].any()),
    )


def _key(row: Cell) -> tuple[str, str, str, str]:
    name, group, period_type, start = (str(row[column]) for column in KEY)
    return name, group, period_type, start


def quarter_starts(year: int, later: int = 0) -> list[pd.Timestamp]:
    """List the four quarters in which babies of a financial year reach a stage, so many quarters after birth."""
    first = pd.Timestamp(year=year, month=APRIL, day=1) + pd.DateOffset(months=3 * later)
    return [first + pd.DateOffset(months=3 * number) for number in range(QUARTERS)]


def nearest_year(starts: Sequence[pd.Timestamp]) -> pd.Timestamp:
    """Give the start of the financial year that holds most of four quarters; of two the earlier."""
    past = (starts[0].month - APRIL) % 12 // 3
    return starts[0] - pd.DateOffset(months=3 * past) if past < QUARTERS - 1 else starts[0] + pd.DateOffset(months=3)


def cohort_years(cells: Cells) -> list[int]:
    """List the financial years of birth of which the first stage is known, newest first."""
    starts = [
        pd.Timestamp(row["period_from"])
        for row in cells.found.values()
        if row["indicator_id"] == STAGES[0].indicator_id
        and row["breakdown_value"] == EVERYONE
        and row["value_status"] in GIVEN
        and row["period_type"] != "three_years"
    ]
    return sorted({start.year - (start.month < APRIL) for start in starts}, reverse=True)


def followed_furthest(cells: Cells) -> int | None:
    """Choose the newest year of birth that is known at the most stages."""
    years = cohort_years(cells)
    return max(
        years, key=lambda year: sum(reached(cells, stage, EVERYONE, year).given for stage in STAGES), default=None
    )


def reached(cells: Cells, stage: Stage, group: str, year: int, births: Sequence[int] = range(QUARTERS)) -> Reached:
    """Add up one stage over the quarters of birth asked for, as far as babies have come; never over what is withheld.

    A whole year at a stage without delay is the released year, which is rounded once rather than four times. Groups
    that are given by year alone take the year that holds most of the quarters.
    """
    starts = [quarter_starts(year, stage.quarters_later)[number] for number in births]
    whole = (
        cells.find(stage, group, "year", starts[0]) if not stage.quarters_later and len(starts) == QUARTERS else None
    )
    if whole is not None and whole["value_status"] in GIVEN:
        return _reached(stage, group, [whole], starts)
    come = [start for start in starts if cells.newest is not None and start <= cells.newest]
    if not come:
        return Reached(stage, group, np.nan, np.nan, "immature", _words(starts), 0)
    found = [cells.by_quarter(stage, group, start) for start in come]
    missing = [one for one in found if isinstance(one, str)]
    near = nearest_year(starts)
    year_given = cells.find(stage, group, "year", near) if group != EVERYONE and "suppressed" in missing else None
    if year_given is not None and year_given["value_status"] in GIVEN:
        return _reached(stage, group, [year_given], quarter_starts(near.year))
    if missing:
        status = "suppressed" if "suppressed" in missing else missing[0]
        return Reached(stage, group, np.nan, np.nan, status, _words(come), 0)
    return _reached(stage, group, [one for one in found if not isinstance(one, str)], come)


def _reached(stage: Stage, group: str, rows: Sequence[Cell], starts: Sequence[pd.Timestamp]) -> Reached:
    counted, out_of = (float(sum(row[name] for row in rows)) for name in ("numerator", "denominator"))
    if not out_of:
        return Reached(stage, group, np.nan, 0.0, "not_applicable", _words(starts), len(starts))
    status = "rounded" if any(row["value_status"] == "rounded" for row in rows) else "shown"
    return Reached(stage, group, counted, out_of, status, _words(starts), len(starts))


def _words(starts: Sequence[pd.Timestamp]) -> str:
    """Name the quarters in which a stage was reached."""
    if len(starts) == QUARTERS and starts[0].month == APRIL:
        return _label("year", starts[0], starts[-1])
    first, last = (_label("quarter", start, start) for start in (starts[0], starts[-1]))
    return first if len(starts) == 1 else f"{first} to {last}"


def _label(period_type: str, first: pd.Timestamp, last: pd.Timestamp) -> str:
    ends = last + pd.DateOffset(months=3, days=-1)
    return period_label(period_type, f"{first:%Y-%m-%d}", f"{ends:%Y-%m-%d}")


def follow(cells: Cells, group: str, year: int) -> list[Reached]:
    """Follow one group's babies through every stage, with how many dropped at each."""
    way: list[Reached] = []
    for place, stage in enumerate(STAGES):
        here = reached(cells, stage, group, year)
        before = STAGES[place - 1] if place and STAGES[place - 1].linked else None
        way.append(replace(here, dropped=dropped(cells, here, before, year)))
    return way


def dropped(cells: Cells, here: Reached, before: Stage | None, year: int) -> float | None:
    """Count who dropped since the stage before, of those who have come to this one, to the nearest 5.

    At the first stages it is everyone who did not reach them. Later, the share of the stage before is that of the same
    quarters of birth, and taken of the children who are still here: who died or moved away is in neither.
    """
    if not here.given:
        return None
    if before is None:
        return here.short
    earlier = reached(cells, before, here.group, year, range(here.quarters))
    if not earlier.given:
        return None
    fewer = (earlier.share - here.share) * here.denominator
    return max(0.0, 5.0 * round(fewer / 5))
