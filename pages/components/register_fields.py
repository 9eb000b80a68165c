"""The fields of a register's form: one for each column, labelled in plain words, by the kind of the column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

YES_NO: Final = ("", "yes", "no")
NOTHING: Final = "–"


def field_label(column: Any) -> str:
    """Write a column's name as a heading: due_on is "Due on"."""
    words = column.name.replace("_", " ")
    return "Id" if words == "id" else words[0].upper() + words[1:]


def show_fields(register_id: str, stands: Mapping[str, str], key: str, *, fixed_id: bool = False) -> dict[str, str]:
    """Show a field for each column with what stands in it; gives what is written."""
    from data.actions.registers import register

    written = {}
    for column in register(register_id).columns:
        if column.name == "id" and fixed_id:
            written["id"] = stands["id"]
            continue
        required = " (required)" if column.required else ""
        label = f"**{field_label(column)}**{required}. {column.meaning}"
        written[column.name] = _field(column, label, stands.get(column.name, ""), f"{key}_{column.name}")
    return written


def _field(column: Any, label: str, stands: str, key: str) -> str:
    if column.kind == "long_text":
        return str(st.text_area(label, stands, key=key, height=100))
    if column.kind in {"choice", "yes_no"}:
        options = list(YES_NO) if column.kind == "yes_no" else ["", *column.allowed]
        at = options.index(stands) if stands in options else 0
        return str(st.selectbox(label, options, at, format_func=lambda word: word or NOTHING, key=key))
    if column.kind == "choices":
        chosen = [word for word in column.allowed if word in stands.split("; ")]
        picked = [
            word
            for word in column.allowed
            if st.checkbox(f"{field_label(column)}: {word}", word in chosen, key=f"{key}_{word}")
        ]
        return "; ".join(picked)
    example = "2025-12-31" if column.kind == "date" else column.example
    return str(st.text_input(label, stands, key=key, placeholder=f"for example {example}" if example else None))
