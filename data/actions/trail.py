"""The trail for those who may read it: who did what and when, whether all of it is there, and a file to take away."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.actions.people import Person, require
from data.answers.opened import opened

if TYPE_CHECKING:
    import sqlalchemy as sa

#: What each act is called on screen.
ACTS: Final = {
    "load": "Loaded a file",
    "refuse": "Sent a file that was refused",
    "go_back": "Went back to an earlier file",
    "take_back": "Took a file out",
    "sign_off": "Signed a return off",
    "sign_off_refused": "Was refused a sign-off",
    "register": "Changed a register",
    "offer": "Sent in what a group offers",
    "offer_refused": "Sent in what the guard refused",
    "offer_decided": "Decided on what a group offers",
    "offer_withdrawn": "Withdrew what a group offers",
    "export": "Took a file away",
    "freeze": "Fixed a view",
    "withdraw": "Withdrew a fixed view",
}
COLUMNS: Final = ("number", "at", "who", "act", "subject", "detail", "file_sha256")
#: Every column that is hashed, so that whoever holds the file can work the hashes out again.
IN_FILE: Final = ("id", "at", "who", "action", "subject", "detail", "file_sha256", "previous_hash", "entry_hash")


@dataclass(frozen=True, slots=True)
class Trail:
    """The entries, newest first, and in a sentence whether the chain holds; ``last`` is to be noted elsewhere."""

    table: pd.DataFrame
    holds: bool
    sentence: str
    last: str


def trail(person: Person) -> Trail:
    """Give the whole trail, and whether it is still what was written."""
    require(person, "see_trail")
    return trail_of(opened())


def trail_of(engine: sa.Engine, noted: str | None = None) -> Trail:
    """Read the trail of a store, for whoever runs it; ``noted`` is a last entry that was noted elsewhere."""
    from data.store.audit import select_audit
    from data.store.engine import reading
    from data.store.trail_check import check_trail

    with reading(engine) as connection:
        entries, verdict = select_audit(connection), check_trail(connection, noted)
    table = entries.rename(columns={"id": "number"}).assign(
        at=entries["at"] + " UTC",
        act=[ACTS.get(action, action) for action in entries["action"]],
        detail=[in_words(detail) for detail in entries["detail"]],
        file_sha256=entries["file_sha256"].fillna(""),
    )
    return Trail(table[list(COLUMNS)], verdict.holds, verdict.sentence, verdict.last)


def in_words(detail: dict[str, Any]) -> str:
    """Write what was noted of an act in one line, leaving out what is empty."""
    parts = []
    for name, value in detail.items():
        if isinstance(value, dict):
            value = ", ".join(f"{inner} {counted}" for inner, counted in value.items() if counted)  # noqa: PLW2901
        elif isinstance(value, list):
            value = ", ".join(map(str, value))  # noqa: PLW2901
        if value not in (None, "", False):
            said = "yes" if value is True else str(value)
            parts.append(f"{name.replace('_', ' ')}: {said}")
    return "; ".join(parts)


def export_trail(person: Person) -> bytes:
    """Give the whole trail as CSV; that it was taken away is its newest entry."""
    require(person, "see_trail")
    require(person, "export")
    return write_out(opened(), person.subject)


def write_out(engine: sa.Engine, who: str) -> bytes:
    """Write every entry as CSV, and record in the same transaction that it was taken away."""
    from data.store.audit import append_audit, read_entries
    from data.store.engine import writing

    with writing(engine) as connection:
        content = csv_of(list(read_entries(connection)))
        digest = hashlib.sha256(content).hexdigest()
        append_audit(connection, who=who, action="export", subject="trail", file_sha256=digest)
    return content


def csv_of(entries: list[dict[str, Any]]) -> bytes:
    """Write entries as CSV, oldest first, in cells that no spreadsheet runs as a formula."""
    from data.exports.formulas import safe_text

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(IN_FILE)
    for entry in entries:
        row = {**entry, "at": entry["at"].isoformat(timespec="microseconds")}
        row["detail"] = json.dumps(entry["detail"], sort_keys=True, ensure_ascii=False)
        writer.writerow([safe_text(str(row[name] or "")) for name in IN_FILE])
    return text.getvalue().encode("utf-8-sig")
