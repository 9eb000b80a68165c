"""Figures from promises and milestones: where each stood at the end of every quarter, by its own history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from data.answers.register_cells import Cell, Entry, Held, Period, day_of, quarters

GOING_WELL: Final = ("complete", "on track")
COMPLETE: Final = "complete"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """Where something stood from a day on, with its evidence; ``from_data`` where an indicator said so."""

    on: dt.date
    status: str
    evidence: str
    from_data: bool = False


def steps_of(held: Held, entry: Entry) -> list[Step]:
    """Give the known history of a promise or milestone, oldest first: its own status and every recorded step."""
    own = day_of(entry["status_on"])
    steps = [Step(own, entry["status"], entry["evidence"])] if own is not None else []
    for row in sorted(held.of("commitment_status"), key=lambda row: int(row["id"])):
        day = day_of(row["status_on"])
        if row["commitment"] == entry["entry_id"] and day is not None:
            steps.append(Step(day, row["status"], row["evidence"], bool(row["from_data"])))
    return sorted(steps, key=lambda step: step.on)


def step_at(steps: list[Step], day: dt.date) -> Step | None:
    """Give the last step up to a day."""
    return next((step for step in reversed(steps) if step.on <= day), None)


def strategy_actions_on_track(held: Held) -> Iterator[Cell]:
    """Count the strategy's actions that are complete or on track."""
    actions = [row for row in held.of("commitments") if row["kind"] == "action"]
    yield from on_track(held, "commitments", actions)


def milestones_on_track(held: Held) -> Iterator[Cell]:
    """Count the plan's milestones that are complete or on track."""
    yield from on_track(held, "milestones", list(held.of("milestones")))


def on_track(held: Held, register: str, entries: list[Entry]) -> Iterator[Cell]:
    """Count what is going well at the end of each quarter, of all that has a known status and was not withdrawn."""
    histories = [steps for row in entries if (steps := steps_of(held, row))]
    for period in quarters((steps[0].on for steps in histories), through(held, register)):
        known = [step for steps in histories if (step := step_at(steps, period.last)) and step.status != WITHDRAWN]
        yield Cell(period, sum(step.status in GOING_WELL for step in known), len(known))


def through(held: Held, register: str) -> dt.date | None:
    """Give the last quarter in which anything is known of a register or of its steps."""
    days = [day for name in (register, "commitment_status") if (day := held.through(name)) is not None]
    return max(days, default=None)


def is_closed(entry: Entry, steps: list[Step], day: dt.date) -> bool:
    """Say whether there was evidence of closure by a day: without evidence nothing is closed."""
    closed_on = day_of(entry["closed_on"])
    if entry["evidence"] and closed_on is not None and closed_on <= day:
        return True
    last = step_at(steps, day)
    return last is not None and (last.status == WITHDRAWN or (last.status == COMPLETE and bool(last.evidence)))


def days_late(held: Held, day: dt.date) -> tuple[list[int], int]:
    """Give by how many days each overdue accountability action is late, and how many are open."""
    late, still_open = [], 0
    for row in held.of("commitments"):
        made, due = day_of(row["made_on"]), day_of(row["due_on"])
        if row["kind"] != "accountability action" or made is None or made > day:
            continue
        if is_closed(row, steps_of(held, row), day):
            continue
        still_open += 1
        if due is not None and due < day:
            late.append((day - due).days)
    return late, still_open


def actions_overdue(held: Held) -> Iterator[Cell]:
    """Count open accountability actions that are past their day without evidence of closure."""
    for period in accountability_quarters(held):
        late, still_open = days_late(held, period.last)
        yield Cell(period, len(late), still_open)


def actions_days_late(held: Held) -> Iterator[Cell]:
    """Give the middle value of days that overdue actions are late."""
    for period in accountability_quarters(held):
        late, _ = days_late(held, period.last)
        if late:
            yield Cell(period, float("nan"), len(late), value=float(median(late)))


def accountability_quarters(held: Held) -> Iterator[Period]:
    """Give the quarters since the first accountability action was made."""
    actions = [row for row in held.of("commitments") if row["kind"] == "accountability action"]
    yield from quarters((day for row in actions if (day := day_of(row["made_on"]))), through(held, "commitments"))
