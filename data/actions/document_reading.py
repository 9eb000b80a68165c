"""Read documents: two people score each criterion by themselves, settle where they differ, and correct items.

A reader sees their own score and nobody else's until both have saved. The words that earned a score must stand in the
document. Nothing is overwritten: each change is a version of the register's entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.actions.people import Person, require
from data.answers.current import ensure_current
from data.answers.document_items import Item, read_items
from data.answers.document_texts import label_of, read_texts
from data.answers.opened import opened
from data.catalogue.criteria import criteria
from data.errors import StoreError, UnknownName, WrongValues
from data.store.engine import reading, writing
from data.store.registers import load_register, revise_entry, select_history, select_register
from data.store.state import bump_data

if TYPE_CHECKING:
    import sqlalchemy as sa

SLOTS: Final = ("1", "2")
READERS: Final = ("first", "second")
ITEM_COLUMNS: Final = ("touches_under_twos", "states_short_term", "states_long_term", "baby_mention_and_action")


@dataclass(frozen=True, slots=True)
class OwnReading:
    """What one reader sees of one criterion: their own score, and the other's only once both have saved."""

    score: int | None = None
    page: str = ""
    quote: str = ""
    other_has_saved: bool = False
    other: int | None = None
    settled: int | None = None


def documents_to_read(person: Person) -> list[tuple[str, str]]:
    """List the documents that can be read, newest first."""
    require(person, "edit_registers")
    with reading(opened()) as connection:
        documents = read_texts(connection).documents
    return [(str(row["entry_id"]), label_of(row)) for row in documents.iloc[::-1].to_dict("records")]


def own_reading(person: Person, document: str, criterion: str, reader: str = "") -> OwnReading:
    """Give what this reader may see of a criterion."""
    require(person, "edit_registers")
    with reading(opened()) as connection:
        rows = _rows(connection, document, criterion)
    who = reader_name(person, reader)
    mine, other = _slot_of(rows, who), _other_slot(rows, who)
    if mine is None:
        return OwnReading(other_has_saved=other is not None)
    row = rows[mine]
    seen = OwnReading(int(row[f"reader_{mine}"]), str(row["page"] or ""), str(row["quote"] or ""), other is not None)
    if other is None:
        return seen
    settled = next((int(one["score"]) for one in rows.values() if one["score"] not in (None, "")), None)
    return OwnReading(seen.score, seen.page, seen.quote, True, int(rows[other][f"reader_{other}"]), settled)


def save_score(
    person: Person, document: str, criterion: str, score: int, *, quote: str = "", page: str = "", reader: str = ""
) -> str:
    """Save one reader's score with the words that earned it; say in a sentence what was done."""
    require(person, "edit_registers")
    known = criteria().criterion(criterion)
    if score not in range(criteria().highest + 1):
        raise WrongValues("there is no such score", found=score, expected=f"0 to {criteria().highest}")
    who = reader_name(person, reader)
    with writing(opened()) as connection:
        entry = _document(connection, document)
        place = _place_of_quote(connection, document, quote, page) if quote.strip() else page
        if score and not quote.strip():
            raise WrongValues("a score above 0 needs the words that earned it", todo="Copy them from the document")
        rows = _rows(connection, document, criterion)
        mine, other = _slot_of(rows, who), _other_slot(rows, who)
        if mine is None and len(rows) == len(SLOTS):
            raise StoreError("two readers have scored this criterion already", todo="Choose another criterion")
        if mine is not None and other is not None:
            raise StoreError(
                "both readers have saved, so a score can't be changed", todo="Settle on one score together"
            )
        slot = mine or next(one for one in SLOTS if one not in rows)
        said = {f"reader_{slot}": str(score), "quote": " ".join(quote.split()), "page": place}
        if mine:
            row = rows[mine]
            revise_entry(connection, "document", row["entry_id"], said, version=int(row["version"]), by=who)
        else:
            name = f"{document}.{_slug(criterion)}.{slot}"
            _add(connection, entry, {"entry_id": name, "criterion": criterion, **said}, by=who)
        bump_data(connection)
    ensure_current(opened())
    return f"Your score for “{known.name}” is saved." + (" Both readers have scored it now." if other else "")


def settle_score(person: Person, document: str, criterion: str, score: int, reader: str = "") -> str:
    """Settle on one score where both readers have saved theirs."""
    require(person, "edit_registers")
    who = reader_name(person, reader)
    if score not in range(criteria().highest + 1):
        raise WrongValues("there is no such score", found=score, expected=f"0 to {criteria().highest}")
    with writing(opened()) as connection:
        rows = _rows(connection, document, criterion)
        if len(rows) < len(SLOTS):
            raise StoreError("both readers must have saved their own score first")
        row = rows[SLOTS[0]]
        revise_entry(
            connection, "document", row["entry_id"], {"score": str(score)}, version=int(row["version"]), by=who
        )
        bump_data(connection)
    ensure_current(opened())
    return f"Both readers settled on {score} for “{criteria().criterion(criterion).name}”."


def items_to_correct(person: Person) -> list[Item]:
    """List the items of minutes and agendas, as they are told now."""
    require(person, "edit_registers")
    with reading(opened()) as connection:
        return read_items(connection)


def correct_item(person: Person, item: Item, said: Mapping[str, bool | None]) -> str:
    """Say what an item of minutes concerns and states, in place of what its words told."""
    require(person, "edit_registers")
    if unknown := sorted(set(said) - set(ITEM_COLUMNS)):
        raise UnknownName("an item has no such mark", found=", ".join(unknown), expected=", ".join(ITEM_COLUMNS))
    with writing(opened()) as connection:
        entry = _document(connection, item.document)
        held = select_register(connection, "document")
        own = held.loc[held["entry_id"] == item.entry_id]
        if own.empty:
            title = f"{entry['title']}: {item.heading}"
            row = {"entry_id": item.entry_id, "page": item.place, **said}
            _add(connection, {**entry, "title": title, "kind": "item"}, row, by=person.subject)
        else:
            version = int(own.iloc[0]["version"])
            revise_entry(connection, "document", item.entry_id, dict(said), version=version, by=person.subject)
        bump_data(connection)
    ensure_current(opened())
    return f"Item {item.number} is marked as you said."


def reader_name(person: Person, reader: str) -> str:
    """Say who reads; on a machine without sign-in the person says which of the two readers they are."""
    if not person.local:
        return person.subject
    if reader not in READERS:
        raise WrongValues("say which of the two readers you are", found=repr(reader), expected=" or ".join(READERS))
    return f"{person.subject} ({reader} reader)"


# ---- the register ---------------------------------------------------------------------------------------------------


def _document(connection: sa.Connection, document: str) -> dict[str, Any]:
    held = select_register(connection, "document")
    found = held.loc[held["entry_id"] == document].to_dict("records")
    if not found:
        raise UnknownName("there is no such document", found=document)
    return {str(name): value for name, value in found[0].items()}


def _rows(connection: sa.Connection, document: str, criterion: str) -> dict[str, dict[str, Any]]:
    """Give what readers have saved in the app about a criterion, by the place of the reader."""
    rows = {}
    for slot in SLOTS:
        versions = select_history(connection, "document", f"{document}.{_slug(criterion)}.{slot}")
        if len(versions):
            first, last = versions.iloc[0], versions.iloc[-1]
            rows[slot] = {**{str(name): value for name, value in last.items()}, "reader": str(first["recorded_by"])}
    return rows


def _slot_of(rows: Mapping[str, Mapping[str, Any]], who: str) -> str | None:
    """Find the place in which somebody has saved: the first version says who, whoever settled on a score later."""
    return next((slot for slot, row in rows.items() if row["reader"] == who), None)


def _other_slot(rows: Mapping[str, Mapping[str, Any]], who: str) -> str | None:
    return next((slot for slot, row in rows.items() if row["reader"] != who), None)


def _slug(criterion: str) -> str:
    return re.sub(r"[^a-z]+", "-", criterion.casefold())


def _add(connection: sa.Connection, document: Mapping[str, Any], said: Mapping[str, Any], *, by: str) -> None:
    told = {name: document[name] for name in ("title", "organisation", "kind", "published_on", "link")}
    frame = pd.DataFrame([{**told, **said}])
    load_register(connection, "document", frame, by=by, illustrative=bool(document["illustrative"]))


def _place_of_quote(connection: sa.Connection, document: str, quote: str, page: str) -> str:
    """Hold a quote to the document, and give its page; the words must stand there in this order."""
    passages = read_texts(connection).of(document).passages
    wanted = _plain(quote)
    for row in passages.to_dict("records"):
        if wanted in _plain(row["text"]):
            return str(int(row["page"])) if not pd.isna(row["page"]) else str(row["section"] or page)
    if wanted and wanted in _plain(" ".join(passages["text"])):
        return page
    raise WrongValues(
        "these words do not stand in the document", todo="Copy them from a passage, without leaving out any"
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
