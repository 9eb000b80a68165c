"""Keep the registers in the app: add, change and withdraw entries. Each act is a new version, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.actions.people import Person, require
from data.answers.current import ensure_current
from data.answers.document_scores import without_lone_scores
from data.answers.opened import opened
from data.catalogue import register
from data.catalogue.definitions import Register
from data.errors import StoreError, UnknownName
from data.store.registers import ChangedMeanwhile

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["ChangedMeanwhile", "add_entry", "entries", "history", "register", "revise_entry", "withdraw_entry"]

ENTRY_ID: Final = "entry_id"
RIGHT: Final = "edit_registers"


def entries(person: Person, register_id: str) -> pd.DataFrame:
    """List the entries that stand on a register, with who changed each last and when."""
    require(person, RIGHT)
    from data.store.engine import reading
    from data.store.registers import select_register

    known = register(register_id)
    with reading(opened()) as connection:
        listed = select_register(connection, known.store_table, of=known.id)
    # a score by one reader alone is shown to nobody, so that the second reads for themselves
    return without_lone_scores(listed) if known.store_table == "document" else listed


def history(person: Person, register_id: str, entry_id: str) -> pd.DataFrame:
    """Give every version of an entry, newest first; none of a score that one reader alone has given so far."""
    require(person, RIGHT)
    from data.store.engine import reading

    with reading(opened()) as connection:
        versions = seen_versions(connection, register(register_id), entry_id)
    return versions.iloc[::-1].reset_index(drop=True)


def seen_versions(connection: sa.Connection, known: Register, entry_id: str) -> pd.DataFrame:
    """Give the versions of an entry that may be seen, oldest first."""
    from data.store.registers import select_history, select_register

    versions = select_history(connection, known.store_table, entry_id)
    if known.store_table != "document":
        return versions
    return without_lone_scores(versions, select_register(connection, known.store_table))


def next_id(listed: pd.DataFrame, register_id: str) -> str:
    """Suggest an id that no entry has: the register's own letters and the next number."""
    example = next(column.example for column in register(register_id).columns if column.name == "id")
    start = re.sub(r"\d+$", "", example)
    numbers = [int(found[1]) for name in listed[ENTRY_ID] if (found := re.fullmatch(re.escape(start) + r"(\d+)", name))]
    return f"{start}{max(numbers, default=0) + 1:03}"


def written_as(row: Mapping[str, Any], register_id: str) -> dict[str, str]:
    """Write an entry as it stands in the fields of a form."""
    return {
        column.name: in_words(row[ENTRY_ID if column.name == "id" else column.name])
        for column in register(register_id).columns
    }


def in_words(value: object) -> str:
    """Write one value as a person would type it."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


# ---- acts -----------------------------------------------------------------------------------------------------------


def add_entry(person: Person, register_id: str, written: Mapping[str, str]) -> str:
    """Put a new entry on a register; the first real one sets the invented ones aside. Gives its id."""
    require(person, RIGHT)
    from data.intake.register_entry import check_entry
    from data.store.engine import writing
    from data.store.register_versions import Plan, carry_out, content_of, refuse_taken_names, select_newest

    known = register(register_id)
    content, name = check_entry(register_id, written), written["id"].strip()
    with writing(opened()) as connection:
        newest = select_newest(connection, known.store_table)
        refuse_taken_names(newest, [name], illustrative=False, file=None)
        if name in newest and not newest[name]["withdrawn"]:
            raise StoreError("There is an entry of this id already", found=name, todo="Choose another id")
        own = {key: row for key, row in newest.items() if row.get("register", known.id) == known.id}
        invented = {key: content_of(row) for key, row in own.items() if row["illustrative"] and not row["withdrawn"]}
        plan = Plan(new={name: content}, aside=invented)
        carry_out(connection, known.store_table, plan, newest, by=person.subject, submission_id=None)
        note(connection, person, known, f"{name} added", {"set aside": len(invented)})
    ensure_current(opened())
    return name


def revise_entry(person: Person, register_id: str, entry_id: str, written: Mapping[str, str], *, version: int) -> int:
    """Change an entry, if the version that this person saw still stands; otherwise ``ChangedMeanwhile`` tells both."""
    require(person, RIGHT)
    from data.intake.register_entry import check_entry
    from data.store import registers as stored
    from data.store.engine import writing
    from data.store.register_versions import content_of
    from data.store.state import bump_data

    known = register(register_id)
    content = check_entry(register_id, {**written, "id": entry_id})
    with writing(opened()) as connection:
        before = newest_of(connection, known, entry_id)
        refuse_unseen(connection, known, entry_id)
        changes = {name: value for name, value in content.items() if content_of(before)[name] != value}
        if not changes and before["version"] == version:
            return version
        made = stored.revise_entry(connection, known.store_table, entry_id, changes, version=version, by=person.subject)
        keep_former_status(connection, person, known, before, changes)
        bump_data(connection)
    ensure_current(opened())
    return made


def withdraw_entry(person: Person, register_id: str, entry_id: str, *, version: int) -> None:
    """Withdraw an entry; it stays in its history."""
    require(person, RIGHT)
    from data.store import registers as stored
    from data.store.engine import writing
    from data.store.state import bump_data

    known = register(register_id)
    with writing(opened()) as connection:
        refuse_unseen(connection, known, entry_id)
        changes = {"withdrawn": True}
        stored.revise_entry(connection, known.store_table, entry_id, changes, version=version, by=person.subject)
        bump_data(connection)
    ensure_current(opened())


def newest_of(connection: sa.Connection, known: Register, entry_id: str) -> dict[str, Any]:
    """Give the newest version of an entry of a register."""
    from data.store.register_versions import select_newest

    found = select_newest(connection, known.store_table, known.id).get(entry_id)
    if found is None:
        raise UnknownName("There is no such entry", source=known.name, found=entry_id)
    return found


def refuse_unseen(connection: sa.Connection, known: Register, entry_id: str) -> None:
    """Leave a score by one reader alone to that reader: a refusal to change it would tell what it is."""
    if known.store_table == "document" and seen_versions(connection, known, entry_id).empty:
        raise UnknownName("There is no such entry", source=known.name, found=entry_id)


def keep_former_status(
    connection: sa.Connection, person: Person, known: Register, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    """Keep where a promise stood as a step of its own, so that figures of past quarters stay what they were."""
    if known.store_table != "commitment" or not {"status", "status_on"} & set(changes) or before["status_on"] is None:
        return
    from data.store.registers import load_register, select_register

    steps = select_register(connection, "commitment_status")
    day, entry_id = before["status_on"].isoformat(), before[ENTRY_ID]
    same = (steps["commitment"] == entry_id) & (steps["status_on"] == day) & (steps["status"] == before["status"])
    if same.any():
        return
    step = {
        ENTRY_ID: f"{entry_id[:20]}-{day}-{before['version']}",
        "commitment": entry_id,
        "status": before["status"],
        "status_on": day,
        "evidence": before["evidence"],
        "from_data": False,
    }
    load_register(
        connection,
        "commitment_status",
        pd.DataFrame([step]),
        by=person.subject,
        illustrative=bool(before["illustrative"]),
    )


def note(connection: sa.Connection, person: Person, known: Register, what: str, detail: Mapping[str, Any]) -> None:
    """Count the change of the store and write it to the trail; the words themselves stay in the entry's versions."""
    from data.store.audit import append_audit
    from data.store.state import bump_data

    bump_data(connection)
    subject = f"{known.store_table}: {what}"
    append_audit(connection, who=person.subject, action="register", subject=subject, detail=detail)
