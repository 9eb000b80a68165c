"""One entry as a person writes it in the app: held to the same rules as a file, and to the same guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data.catalogue import register as find_register
from data.catalogue.definitions import Register
from data.errors import DataError, DataErrors, WrongValues
from data.intake.identifiers import identifiers_in
from data.sources.register_checks import check_row_rules
from data.sources.registers import ENTRY_ID, as_stored, read_entries
from data.store.register_versions import contents_in


def check_entry(register_id: str, written: Mapping[str, str]) -> dict[str, Any]:
    """Read an entry from what was written into each field; raises with every field that can't be kept."""
    register = find_register(register_id)
    plain = {column.name: " ".join(written.get(column.name, "").split()) for column in register.columns}
    refuse_identifiers(register, plain)
    table = pd.DataFrame({name: pd.Series([text], index=["entry"], dtype="str") for name, text in plain.items()})
    problems: list[DataError] = []
    frame = read_entries(table, register, problems)
    problems += check_row_rules(frame, register)
    if problems:
        raise DataErrors(list(in_the_form(problems, plain)))
    stored = as_stored(frame, register)
    return contents_in(stored, register.store_table)[str(stored[ENTRY_ID].iloc[0])]


def refuse_identifiers(register: Register, plain: Mapping[str, str]) -> None:
    """Refuse what identifies a person, and never repeat it."""
    found = [(name, kinds) for name, text in plain.items() if (kinds := identifiers_in(text))]
    if found:
        todo = "Take it out. Nothing that identifies a person may come in"
        raise DataErrors(
            [
                WrongValues(f"{' and '.join(kinds)} stands here", source=register.name, column=name, todo=todo)
                for name, kinds in found
            ]
        )


def in_the_form(problems: list[DataError], plain: Mapping[str, str]) -> Iterator[DataError]:
    """Say each problem for one field, where there are no rows."""
    for problem in problems:
        name = problem.column or ""
        yield WrongValues(
            "this can’t be kept" if plain.get(name) else "something is needed here",
            column=name,
            found=repr(plain[name]) if plain.get(name) else None,
            expected=problem.expected,
            todo=problem.todo,
        )
