"""What a document's file would do to the registers of documents and passages: it speaks for that document alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from data.intake.documents import INVENTED_ID, SOURCE_ID
from data.store.register_versions import Plan, Row, content_of

#: How the names of documents that came as files begin; passages go on with a number.
OF_A_FILE: Final = ("d-", f"{INVENTED_ID}d-")
TABLES: Final = frozenset({"document", "passage"})


def beside_documents(newest: Mapping[str, Row], table_name: str, *, illustrative: bool) -> dict[str, Row]:
    """Leave documents that came as files out of what a return of the register speaks for.

    Invented ones stay in: they give way to a real return as all invented entries do.
    """
    if table_name not in TABLES:
        return dict(newest)
    return {
        name: row
        for name, row in newest.items()
        if not name.startswith(OF_A_FILE) or (row["illustrative"] and not illustrative)
    }


def speaks_for_documents(source_id: str) -> bool:
    """Say whether a reading is of a document's own file."""
    return source_id == SOURCE_ID


def plan_document(newest: Mapping[str, Row], given: Mapping[str, Row], *, illustrative: bool) -> Plan:
    """Plan a whole new version of one document: every passage of the earlier file gives way, the same words included.

    Invented documents give way to the first real one, and stay away where there is one.
    """
    live = {name: row for name, row in newest.items() if not row["withdrawn"]}
    if illustrative and any(not row["illustrative"] for row in live.values()):
        return Plan()
    document = next(iter(given)).rpartition(".")[0] if "." in next(iter(given)) else next(iter(given))
    invented = {name: row for name, row in live.items() if row["illustrative"] and not illustrative}
    held = {name: row for name, row in live.items() if name not in invented and is_of(name, document)}
    return Plan(
        new={name: row for name, row in given.items() if name not in held},
        changed={name: row for name, row in given.items() if name in held},
        removed={name: content_of(row) for name, row in held.items() if name not in given},
        aside={name: content_of(row) for name, row in invented.items()},
    )


def is_of(name: str, document: str) -> bool:
    """Say whether an entry is a document itself or one of its numbered passages; how it was scored is neither."""
    rest = name.removeprefix(document)
    return rest == "" or (name != rest and rest[:1] == "." and rest[1:].isdigit())
