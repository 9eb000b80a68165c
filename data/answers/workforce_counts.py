"""What a group's trajectory rests on: released counts of the group, or of wider ones where it has too few people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.words import period_label
from data.catalogue import disclosure, ics, indicator
from data.catalogue.definitions import Place
from data.store.released import select_released
from metrics.trajectory_interval import FlowCounts

if TYPE_CHECKING:
    import sqlalchemy as sa

TRAINED: Final = "imhcf_trained_direct_contact"
EXPIRED: Final = "training_expired"
LEFT: Final = "direct_contact_leavers"
LAPSED: Final = "training_lapsed"
STARTED: Final = "starters_already_trained"
PLACES: Final = "training_places_used"
INDICATORS: Final = (TRAINED, EXPIRED, LEFT, LAPSED, STARTED, PLACES)
QUARTERS: Final = {"year": 4, "three_years": 12}
#: Counted on a period's last day, and never added up.
STOCKS: Final = ("quarter", "year")
Row = dict[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Input:
    """One input as it was found: what it is, its counts, and for whom and when they were counted."""

    name: str
    part: float
    whole: float
    counted_for: str
    period: str
    own: bool


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """A group's counts with the places it is offered now, where each came from, what is missing, and their last day."""

    group: str
    counts: FlowCounts | None
    places: float
    inputs: tuple[Input, ...]
    missing: tuple[str, ...]
    counted_on: dt.date | None = None

    @property
    def borrowed(self) -> tuple[str, ...]:
        """Name the inputs that are not the group's own."""
        return tuple(one.name for one in self.inputs if not one.own)


def flow_rows(connection: sa.Connection, place: Place) -> pd.DataFrame:
    """Give the newest cells of every input at one place and for the system."""
    codes = dict.fromkeys([place.code, ics().icb.code])
    parts = [select_released(connection, list(INDICATORS), area_code=code, latest=True) for code in codes]
    rows = pd.concat(parts, ignore_index=True)
    return rows.loc[rows["breakdown_type"].isin(["", "workforce_group"])]


def by_cell(rows: pd.DataFrame) -> dict[tuple[str, str, str, str], Row]:
    """Index cells by indicator, area, group and kind of period."""
    keys = ("indicator_id", "area_code", "breakdown_value", "period_type")
    return {tuple(row[key] for key in keys): row for row in rows.to_dict("records")}


def counts_of(cells: Mapping[tuple[str, str, str, str], Row], group: str, place: Place) -> GroupCounts:
    """Find a group's counts; what can't be shown for it is taken from wider groups, and said."""
    stock = _stock(cells, group, place)
    expired = _find(cells, EXPIRED, group, place, STOCKS)
    found = {name: _find(cells, name, group, place, tuple(QUARTERS)) for name in (LEFT, LAPSED, STARTED, PLACES)}
    missing = [name for name, one in {TRAINED: stock, EXPIRED: expired, **found}.items() if one is None]
    own_places = _whole_of(cells, PLACES, group, place)
    places = own_places[0] / own_places[1] if own_places else float("nan")
    words = tuple(indicator(name).short_name for name in missing)
    if stock is None or expired is None or missing:
        return GroupCounts(group, None, places, (), words)
    completed, in_post = float(stock["numerator"]), float(stock["denominator"])
    left, lapsed, came, filled = (one for one in found.values() if one is not None)
    started = _whole_of(cells, STARTED, group, place) or (round(left.part / left.whole * in_post * 4), 4)
    counts = FlowCounts(
        in_post=in_post,
        trained=completed,
        expired=expired.part if expired.own else float(round(expired.part / expired.whole * completed)),
        left=left.part,
        could_leave=left.whole,
        lapsed=lapsed.part,
        could_lapse=lapsed.whole,
        started=started[0],
        came_trained=round(min(came.part / came.whole, 1.0) * started[0]) if came.whole else 0.0,
        quarters=started[1],
        completed=min(filled.part, filled.whole),
        places=filled.whole,
        rounded_to=disclosure().round_to,
    )
    stock_input = Input(indicator(TRAINED).short_name, completed, in_post, _who(group, place), _period(stock), own=True)
    counted_on = dt.date.fromisoformat(str(stock["period_to"]))
    return GroupCounts(group, counts, places, (stock_input, expired, left, lapsed, came, filled), (), counted_on)


def _stock(cells: Mapping[tuple[str, str, str, str], Row], group: str, place: Place) -> Row | None:
    """Take who is in post and trained at the end of the newest quarter, or of the year where no quarter is given."""
    found = (_cell(cells, TRAINED, place.code, group, kind, needed=("numerator", "denominator")) for kind in STOCKS)
    return next((row for row in found if row is not None), None)


def _find(
    cells: Mapping[tuple[str, str, str, str], Row], name: str, group: str, place: Place, periods: Sequence[str]
) -> Input | None:
    """Take the first that can be shown: the group here, the group in the system, all groups in the system."""
    system = ics().icb
    for where, who in dict.fromkeys([(place, group), (system, group), (system, "")]):
        for period in periods:
            row = _cell(cells, name, where.code, who, period, needed=("numerator", "denominator"))
            if row is not None:
                short = indicator(name).short_name
                own = (where, who) == (place, group)
                return Input(
                    short, float(row["numerator"]), float(row["denominator"]), _who(who, where), _period(row), own
                )
    return None


def _whole_of(
    cells: Mapping[tuple[str, str, str, str], Row], name: str, group: str, place: Place
) -> tuple[float, int] | None:
    """Give the number below the line, which may be shown where the one above is not, and over how many quarters."""
    for period, quarters in QUARTERS.items():
        row = _cell(cells, name, place.code, group, period, needed=("denominator",))
        if row is not None:
            return float(row["denominator"]), quarters
    return None


def _cell(
    cells: Mapping[tuple[str, str, str, str], Row],
    name: str,
    code: str,
    group: str,
    period: str,
    *,
    needed: Sequence[str],
) -> Row | None:
    row = cells.get((name, code, group, period))
    return row if row is not None and all(pd.notna(row[column]) for column in needed) else None


def _period(row: Row) -> str:
    return period_label(row["period_type"], row["period_from"], row["period_to"])


def _who(group: str, place: Place) -> str:
    return f"{group or 'All nine groups'}, {place.label}"
