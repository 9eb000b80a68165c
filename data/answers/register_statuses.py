"""A promise that is bound to an indicator follows its figure: by published rules, as a new step, never overwriting.

``data/catalogue/status_rules.toml`` holds the rules. Figures are released ones, of the system and for everyone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.register_cells import Entry, Held, day_of
from data.answers.register_promises import COMPLETE, WITHDRAWN, Step, step_at, steps_of
from data.answers.words import figure, period_label
from data.catalogue import ics, indicator
from data.catalogue.definitions import Indicator
from data.catalogue.status_rules import status_rules
from data.store.audit import append_audit
from data.store.register_versions import content_of, contents_in, select_newest, write_versions
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

REGISTER: Final = "commitment_status"
BY: Final = "the dashboard itself"
SHORTEST_FIRST: Final = ("quarter", "year", "three_years", "snapshot")


def follow_figures(connection: sa.Connection, held: Held) -> int:
    """Add the steps that figures give, and take out those of promises that are gone; give how many were written."""
    newest = select_newest(connection, REGISTER)
    wanted = {row["entry_id"]: row for row in steps_from_data(connection, held)}
    there = {row["entry_id"] for row in held.of("commitments")}
    rows = [row for name, row in wanted.items() if not says_the_same(newest.get(name), row)]
    for name, now in newest.items():
        if now["from_data"] and not now["withdrawn"] and now["commitment"] not in there:
            rows.append({**content_of(now), "entry_id": name, "withdrawn": True, "illustrative": now["illustrative"]})
    if not rows:
        return 0
    marks = {"recorded_at": dt.datetime.now(dt.UTC), "recorded_by": BY, "submission_id": None}
    write_versions(connection, REGISTER, [{**row, **marks} for row in rows], newest)
    detail = {"entries": [row["entry_id"] for row in rows]}
    append_audit(connection, who=BY, action="register", subject="commitment_status: from data", detail=detail)
    return len(rows)


def says_the_same(now: dict[str, Any] | None, wanted: dict[str, Any]) -> bool:
    """Whether a step stands already."""
    return (
        now is not None and not now["withdrawn"] and all(now[name] == wanted[name] for name in ("status", "evidence"))
    )


def steps_from_data(connection: sa.Connection, held: Held) -> Iterator[dict[str, Any]]:
    """Give the step that each bound promise's figure asks for."""
    for entry in held.of("commitments"):
        if not entry["indicator"] or entry["threshold"] is None:
            continue
        figures = figures_of(connection, entry["indicator"])
        if figures.empty or (figures["illustrative"].iloc[-1] and not entry["illustrative"]):
            continue
        step = step_for(entry, figures, steps_of(held, entry))
        if step is not None:
            yield {**as_row(entry, step), "illustrative": bool(entry["illustrative"]), "withdrawn": False}


def figures_of(connection: sa.Connection, indicator_id: str) -> pd.DataFrame:
    """Give the system's shown figures of the shortest kind of period, oldest first."""
    rows = select_released(connection, indicator_id, area_code=ics().icb.code, breakdown_type="")
    rows = rows.loc[rows["value"].notna()]
    kinds = [kind for kind in SHORTEST_FIRST if (rows["period_type"] == kind).any()]
    return rows.loc[rows["period_type"] == kinds[0]].sort_values("period_to") if kinds else rows


def step_for(entry: Entry, figures: pd.DataFrame, steps: list[Step]) -> Step | None:
    """Say where a promise stands by its newest figure; None where a person's word or a final status stands."""
    definition, newest = indicator(entry["indicator"]), figures.iloc[-1]
    ends = dt.date.fromisoformat(str(newest["period_to"])[:10])
    said = [step for step in steps if not step.from_data]
    last = step_at(said, dt.date.max)
    if last is not None and (last.status in (COMPLETE, WITHDRAWN) or last.on >= ends):
        return None
    before = [step for step in steps if step.from_data and step.on < ends]
    if before and before[-1].status == COMPLETE:
        return None
    case = case_of(entry, definition, figures["value"].tolist(), ends)
    rule = status_rules().of(case)
    label = period_label(str(newest["period_type"]), str(newest["period_from"])[:10], str(newest["period_to"])[:10])
    words = (
        f"From data: {definition.short_name} was {figure(float(newest['value']), definition.unit)} in {label}. "
        f"The threshold is {figure(float(entry['threshold']), definition.unit)}. {rule.words}"
    )
    invented = "Invented example. " if newest["illustrative"] or entry["illustrative"] else ""
    return Step(ends, rule.status, f"{invented}{words}", from_data=True)


def case_of(entry: Entry, definition: Indicator, values: list[float], ends: dt.date) -> str:
    """Name the case that the rules speak of."""
    sign = -1.0 if definition.polarity == "low_is_good" else 1.0
    short_by = [sign * (float(entry["threshold"]) - value) for value in values]
    if short_by[-1] <= 0:
        return "reached"
    due = day_of(entry["due_on"])
    if due is not None and due <= ends:
        return "due"
    return "nearer" if len(short_by) > 1 and short_by[-1] < short_by[-2] else "not nearer"


def as_row(entry: Entry, step: Step) -> dict[str, Any]:
    """Write a step as the register keeps it, under a name that is the same for the same promise and period."""
    name = hashlib.sha256(f"{entry['entry_id']} {step.on}".encode()).hexdigest()[:12]
    frame = pd.DataFrame(
        {
            "entry_id": [f"DATA-{name}"],
            "commitment": [entry["entry_id"]],
            "status": [step.status],
            "status_on": [step.on.isoformat()],
            "evidence": [step.evidence],
            "from_data": [True],
        }
    )
    return {**contents_in(frame, REGISTER)[f"DATA-{name}"], "entry_id": f"DATA-{name}"}
