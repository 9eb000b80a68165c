"""Where an ask stands: its level, its status by the published rules, its gap in people, its completeness and owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.ambitions import Ambition, level_for, local_ambitions
from data.answers.computed_figures import is_computed
from data.answers.inequalities import BETTER, SIMILAR, YOUNG, known_gaps, league_row
from data.answers.register_promises import WITHDRAWN
from data.answers.trends import KINDS
from data.catalogue import ics, indicator
from data.catalogue.definitions import Ask, Indicator
from data.catalogue.scorecard_rules import scorecard_rules
from data.store.registers import select_register

if TYPE_CHECKING:
    import sqlalchemy as sa

QUARTERS: Final = 8
NO_OWNER: Final = "nobody on the register"
#: What the icon of Making Data Count says: special cause towards high or low, by whether that is better.
TOWARDS: Final = {
    ("improvement", "high_is_good"): "H",
    ("improvement", "low_is_good"): "L",
    ("concern", "high_is_good"): "L",
    ("concern", "low_is_good"): "H",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the scorecard says of asks beside their figures, read once for all of them."""

    levels: Mapping[str, Ambition]
    owners: Mapping[str, str]
    people: Mapping[str, str]
    young: tuple[str, str] | None
    complete: Mapping[str, str]


def read_standing(connection: sa.Connection, quarters: pd.DataFrame) -> Standing:
    """Read levels, owners and gaps; ``quarters`` has a row for each indicator and a column for each quarter."""
    known = known_gaps(connection, "national", ics().icb.code)
    rows = {name: league_row(name, own) for name, own in known.items()}
    return Standing(
        levels=local_ambitions(connection),
        owners=owners(connection),
        people={name: people_of(row) for name, row in rows.items()},
        young=widest_of_young(rows),
        complete=completeness(quarters),
    )


def owners(connection: sa.Connection) -> dict[str, str]:
    """Give the role that owns the newest promise about each ask."""
    promises = select_register(connection, "commitment", of="commitments").sort_values(["made_on", "id"])
    found = {}
    for row in promises.loc[promises["status"] != WITHDRAWN].to_dict("records"):
        for ask in str(row["asks"] or "").split():
            found[ask] = f"{row['owner_role']}{' (illustrative)' if row['illustrative'] else ''}"
    return found


def widest_of_young(rows: Mapping[str, Mapping[str, Any]]) -> tuple[str, str] | None:
    """Find the gap that touches most babies or children: the indicator, and how many."""
    young = [
        (row["people"], name) for name, row in rows.items() if row["people"] and row["people_words"].endswith(YOUNG)
    ]
    return (max(young)[1], rows[max(young)[1]]["people_words"]) if young else None


def people_of(row: Mapping[str, object]) -> str:
    """Say the gap of one figure in people, and where it may be chance."""
    if row["sure"] == BETTER or row["people_words"] == "none":
        return "none: the most deprived fifth fares no worse"
    return f"{row['people_words']} a year{', within chance' if row['sure'] == SIMILAR else ''}"


def completeness(quarters: pd.DataFrame) -> dict[str, str]:
    """Count the newest quarters of each indicator that have a figure."""
    newest = quarters[sorted(quarters.columns)[-QUARTERS:]]
    counted = newest.notna().sum(axis=1)
    returned = {str(name): count for name, count in counted.items() if not is_computed(str(name))}
    return {name: f"{count} of the last {newest.shape[1]} quarters" for name, count in returned.items()}


def owner_of(one: Ask, level: Ambition | None, standing: Standing) -> str:
    """Name the role that owns an ask: of its promise, or of the level it is held against."""
    return standing.owners.get(one.id) or (level.owner if level else "") or NO_OWNER


def level_of(definition: Indicator | None, standing: Standing, *, invented: bool) -> Ambition | None:
    """Give the level a figure is held against; an invented promise never judges a real figure."""
    if definition is None:
        return None
    holding = {name: one for name, one in standing.levels.items() if invented or not one.illustrative}
    return level_for(definition, holding)


def status_of(level: Ambition | None, values: Iterable[float], trend: str, *, on_register: bool = False) -> str:
    """Say where a figure stands by the published rules, in their order."""
    return scorecard_rules().of(case_of(level, tuple(values), trend, on_register=on_register)).status


def case_of(level: Ambition | None, values: tuple[float, ...], trend: str, *, on_register: bool = False) -> str:
    """Name the case of the rules that a figure falls under."""
    if not values:
        return "register" if on_register else "no figure"
    if level is not None and all(level.met_by(value) for value in values):
        return "reached"
    if trend.startswith(KINDS["improvement"]):
        return "better"
    if level is not None:
        return "short"
    return "worse" if trend.startswith(KINDS["concern"]) else "otherwise"


def icon_of(trend: str, name: str) -> str:
    """Name the XmR icon of a trend: its kind, and H or L where one way is better; empty where it can't be said."""
    if not trend or trend.startswith("too few"):
        return ""
    kind = next((one for one, words in KINDS.items() if trend.startswith(words)), "common")
    return f"{kind} {TOWARDS.get((kind, indicator(name).polarity), '')}".strip()
