"""The history of an entry of a register: every version, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from data.actions.people import Person
from pages.components.register_fields import field_label
from pages.components.tables import Column, table_html


def show_history(who: Person, register_id: str, entry_id: str) -> None:
    """Show each version of an entry: when, by whom, and what it changed."""
    from data.actions.registers import history

    versions = history(who, register_id, entry_id)
    rows = versions.to_dict("records")
    earlier: list[dict[Any, Any] | None] = [*rows[1:], None]
    frame = pd.DataFrame(
        {
            "version": [str(row["version"]) for row in rows],
            "when": [f"{str(row['recorded_at'])[:16]} UTC by {row['recorded_by']}" for row in rows],
            "what": [_what_changed(row, before, register_id) for row, before in zip(rows, earlier, strict=True)],
        }
    )
    columns = (Column("version", "Version"), Column("when", "When and by whom"), Column("what", "What changed"))
    st.html(table_html(frame, columns, f"History of {entry_id}, newest first"))


def _what_changed(row: Mapping[Any, Any], before: Mapping[Any, Any] | None, register_id: str) -> str:
    from data.actions.registers import register, written_as

    if row["withdrawn"]:
        return "Withdrawn"
    if before is None:
        return "First version"
    if before["withdrawn"]:
        return "Put back"
    labels = {column.name: field_label(column) for column in register(register_id).columns}
    old, new = written_as(before, register_id), written_as(row, register_id)
    changed = [
        f"{labels[name]}: {old[name] or 'nothing'} → {new[name] or 'nothing'}" for name in new if new[name] != old[name]
    ]
    return "; ".join(changed) or "Nothing"
