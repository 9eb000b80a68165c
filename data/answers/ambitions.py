"""Local ambitions: the level that a board promised for an indicator, whose promise it is, and by when.

A promise on the register that names an indicator and a threshold is the local ambition for it. None is ever made up:
where nobody has promised a level, there is no ambition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data.answers.register_promises import WITHDRAWN
from data.answers.words import figure
from data.catalogue import indicator
from data.catalogue.definitions import Indicator
from data.store.registers import select_register

if TYPE_CHECKING:
    import sqlalchemy as sa

JUDGED: Final = ("high_is_good", "low_is_good")


@dataclass(frozen=True, slots=True)
class Ambition:
    """A level for an indicator: published where ``owner`` is empty, otherwise promised locally."""

    indicator_id: str
    level: float
    owner: str = ""
    made_on: str = ""
    due_on: str = ""
    illustrative: bool = False
    submission_id: int | None = None

    def words(self) -> str:
        """Say the level, and whose it is."""
        definition = indicator(self.indicator_id)
        said = figure(self.level, definition.unit)
        if not self.owner:
            target = definition.target
            return target.words if target is not None else said
        due = f", due {self.due_on}" if self.due_on else ""
        return f"Local ambition {said} ({self.owner}, {self.made_on}{due})"

    def met_by(self, value: float) -> bool:
        """Whether a figure reaches the level."""
        low = indicator(self.indicator_id).polarity == "low_is_good"
        return value <= self.level if low else value >= self.level


def local_ambitions(connection: sa.Connection) -> dict[str, Ambition]:
    """Give the newest promised level of each indicator; a withdrawn promise sets none."""
    promises = select_register(connection, "commitment", of="commitments").sort_values(["made_on", "id"])
    found = {}
    for row in promises.to_dict("records"):
        if not row["indicator"] or _missing(row["threshold"]) or row["status"] == WITHDRAWN:
            continue
        if indicator(str(row["indicator"])).polarity in JUDGED:
            found[str(row["indicator"])] = Ambition(
                indicator_id=str(row["indicator"]),
                level=float(row["threshold"]),
                owner=str(row["owner_role"]),
                made_on=_day(row["made_on"]),
                due_on=_day(row["due_on"]),
                illustrative=bool(row["illustrative"]),
                submission_id=None if _missing(row["submission_id"]) else int(row["submission_id"]),
            )
    return found


def published_level(definition: Indicator) -> Ambition | None:
    """Give the level that a publication sets; what documents only imply is none."""
    target = definition.target
    if target is None or target.implied or target.value is None or definition.polarity not in JUDGED:
        return None
    return Ambition(definition.id, target.value)


def level_for(definition: Indicator, local: dict[str, Ambition]) -> Ambition | None:
    """Give what an indicator is held against: the local ambition, otherwise the published level."""
    return local.get(definition.id) or published_level(definition)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _day(value: object) -> str:
    return str(value)[:10] if isinstance(value, str) and value else ""
