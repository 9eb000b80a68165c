"""What was promised, by whom, by when, and has it happened: overdue and unevidenced promises first."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.register_answers import (
    NONE,
    count_words,
    day_to_count_from,
    read_now,
    reading,
    register_answer,
    said_day,
    source_of,
)
from data.answers.register_cells import Entry, Held, day_of
from data.answers.register_promises import COMPLETE, GOING_WELL, WITHDRAWN, Step, is_closed, step_at, steps_of
from data.answers.words import figure
from data.catalogue import indicator
from data.catalogue.status_rules import status_rules

PROMISES: Final = [
    *("entry", "promise", "kind", "made_by", "owner_role", "due", "days_late", "status", "since", "said_by"),
    *("evidence", "bound_to", "source", "history", "who", "due_in_words", "status_in_words"),
]
MILESTONES: Final = ["entry", "point", "milestone", "owner_role", "due", "days_late", "status", "evidence", "history"]
OVERDUE: Final = "overdue"
FROM_DATA, BY_A_PERSON = "Follows from data", "Recorded by its owner"


def commitments(on: str = "") -> Answer:
    """List every promise, the overdue and unevidenced first; ``on`` is the day to count from, today if empty."""
    with reading() as connection:
        held = read_now(connection)
        day, note = day_to_count_from(held, "commitments", on)
        rows = [_promise(held, row, day) for row in held.of("commitments")]
        rows.sort(
            key=lambda row: (
                row["closed"],
                not row["overdue"],
                -row["days_late"],
                row["evidence"] != NONE,
                row["entry"],
            )
        )
        return register_answer(
            held,
            ("commitments", "commitment_status"),
            question="What was promised, by whom, and has it happened?",
            finding=_finding(rows),
            rows=[_shown(row) for row in rows],
            columns=PROMISES,
            notes=(*note, status_rules().statement, *status_rules().never) if rows else (),
        )


def _promise(held: Held, row: Entry, day: dt.date) -> dict[str, Any]:
    steps = steps_of(held, row)
    last, due = step_at(steps, dt.date.max), day_of(row["due_on"])
    closed = is_closed(row, steps, dt.date.max)
    late = (day - due).days if due is not None and due < day and not closed else 0
    status = last.status if last else NONE
    by_data = bool(last and last.from_data)
    return {
        "who": f"{row['partner_body']}: {row['owner_role']}",
        "due_in_words": f"{said_day(row['due_on'])}{f', {late:,} days late' if late else ''}",
        "status_in_words": f"{status}, {FROM_DATA.lower() if by_data else BY_A_PERSON.lower()}",
        "overdue": late > 0 or status == OVERDUE,
        "entry": row["entry_id"],
        "promise": row["promise"],
        "kind": row["kind"],
        "made_by": row["partner_body"],
        "owner_role": row["owner_role"],
        "due": said_day(row["due_on"]),
        "days_late": late,
        "status": status,
        "since": said_day(last.on.isoformat()) if last else NONE,
        "said_by": (FROM_DATA if by_data else BY_A_PERSON) if last else NONE,
        "evidence": row["evidence"] or (last.evidence if last else "") or NONE,
        "bound_to": bound_words(row),
        "source": source_of(row),
        "history": history_words(steps),
        "closed": closed,
    }


def bound_words(row: Entry) -> str:
    """Say which indicator a promise follows, and the level that counts as kept."""
    if not row["indicator"]:
        return NONE
    known = indicator(row["indicator"])
    level = "" if row["threshold"] is None else f", kept at {figure(float(row['threshold']), known.unit)}"
    return f"{known.short_name}{level}"


def history_words(steps: list[Step]) -> str:
    """Write a history in one line, oldest first."""
    parts = [f"{step.on:%-d %b %Y}: {step.status}{' (from data)' if step.from_data else ''}" for step in steps]
    return "; ".join(parts) or NONE


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in PROMISES}, "days_late": float(row["days_late"]) or float("nan")}


def _finding(rows: list[dict[str, Any]]) -> str:
    kept = [row for row in rows if row["status"] != WITHDRAWN]
    late = sum(row["overdue"] for row in kept)
    bare = sum(row["evidence"] == NONE for row in kept)
    done = sum(row["status"] == COMPLETE for row in kept)
    by_data = sum(row["said_by"] == FROM_DATA for row in kept)
    promises = count_words(len(kept), "promise", "promises")
    said = f"Of {promises}, {done} {_are(done)} complete and {late} {_are(late)} overdue."
    said += f" {bare} {'has' if bare == 1 else 'have'} no evidence on file."
    return f"{said} The status of {by_data} follows from data." if by_data else said


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def milestones(on: str = "") -> Answer:
    """List the plan's milestones by point, and where each stands."""
    with reading() as connection:
        held = read_now(connection)
        day, note = day_to_count_from(held, "milestones", on)
        rows = [_milestone(held, row, day) for row in held.of("milestones")]
        rows.sort(key=lambda row: (row["point"], row["entry"]))
        kept = [row for row in rows if row["status"] != WITHDRAWN]
        well = sum(row["status"] in GOING_WELL for row in kept)
        points = [
            f"{sum(row['status'] in GOING_WELL for row in own)} of {len(own)} in {point}"
            for point in sorted({row["point"] for row in kept})
            if (own := [row for row in kept if row["point"] == point])
        ]
        return register_answer(
            held,
            ("milestones", "commitment_status"),
            question="Are the plan’s milestones on track?",
            finding=f"{well} of {len(kept)} milestones are complete or on track: {', '.join(points)}.",
            rows=rows,
            columns=MILESTONES,
            notes=note,
        )


def _milestone(held: Held, row: Entry, day: dt.date) -> dict[str, Any]:
    steps = steps_of(held, row)
    last, due = step_at(steps, dt.date.max), day_of(row["due_on"])
    status = last.status if last else NONE
    late = due is not None and due < day and status not in (COMPLETE, WITHDRAWN)
    return {
        "entry": row["entry_id"],
        "point": f"Point {row['point']}",
        "milestone": row["milestone"],
        "owner_role": row["owner_role"],
        "due": said_day(row["due_on"]),
        "days_late": float((day - due).days) if late and due is not None else float("nan"),
        "status": status,
        "evidence": row["evidence"] or NONE,
        "history": history_words(steps),
    }


def status_rule() -> Answer:
    """Publish the rules by which a promise follows its indicator."""
    rules = status_rules()
    with reading() as connection:
        return make_answer(
            connection,
            question="How does a promise follow its indicator?",
            finding=rules.statement,
            table=pd.DataFrame([{"when": one.words, "status": one.status} for one in rules.rules]),
            text_alternative=rules.statement,
            submission_ids=(),
            people=False,
            notes=rules.never,
        )
