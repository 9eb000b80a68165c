"""Local returns of registers: commitments, milestones, duty evidence, funding lines and the other lists that are kept.

One reader reads them all: what each column may hold is said once, in ``data/catalogue/registers.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from data import catalogue
from data.catalogue.definitions import Register
from data.errors import DataError, DataErrors, WrongColumns
from data.sources.periods import read_period
from data.sources.reading import Reading, ReadingContext
from data.sources.register_checks import check_row_rules, read_column, read_illustrative
from data.sources.tables import Preview, Sheet, preview, read_table, require_columns

SOURCE_ID = "register_commitments"
ACCEPTS = "registers: commitments, milestones, duty and sector evidence, contract measures, funding lines and others"

ID: Final = "id"
ENTRY_ID: Final = "entry_id"
ILLUSTRATIVE: Final = "illustrative"
#: Sheets of a template that hold no entries.
OTHER_SHEETS: Final = ("cover", "guide", "example", "lists")
#: Of the columns that a register requires, so many must be there for a table to be taken for it.
SHARE_REQUIRED: Final = 0.5
FEWEST: Final = 4
#: What says of which day a register is, if anything does.
DATED_BY: Final = (
    *("status_on", "found_on", "held_on", "last_reported", "published_on", "since", "plan_reviewed_on"),
    "agreed_on",
)


def snake(name: str) -> str:
    """Write a heading as the catalogue does: "Due on" is due_on."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def kept_registers() -> tuple[Register, ...]:
    """List the registers that this reader reads; settings are places, and have a reader of their own."""
    return tuple(one for one in catalogue.registers() if one.store_table != "setting")


def recognises(table: Preview) -> bool:
    """An id beside most of the columns that one register requires."""
    return find_register(table) is not None


def find_register(table: Preview) -> tuple[Register, Sheet, int] | None:
    """Find the register that a sheet holds, and the row of its headings."""
    for sheet in table.sheets if table.kind in {"text", "xlsx", "ods"} else ():
        if sheet.name.strip().casefold() in OTHER_SHEETS:
            continue
        for at, row in enumerate(sheet.head, start=1):
            names = {snake(cell) for cell in row if cell}
            if ID in names and (found := best_match(names)) is not None:
                return found, sheet, at
    return None


def best_match(names: set[str]) -> Register | None:
    """Choose the register whose columns these headings are; the one with the fewest strange ones wins."""
    fitting = []
    for register in kept_registers():
        required = {column.name for column in register.columns if column.required}
        own = {column.name for column in register.columns} & names
        share = len(required & names) / len(required)
        if share >= SHARE_REQUIRED and len(own) >= FEWEST:
            fitting.append((2 * len(own) - len(names), share, register))
    return max(fitting, key=lambda fit: fit[:2])[2] if fitting else None


def read(path: Path, context: ReadingContext) -> Reading:  # noqa: ARG001 (what is on the register is compared at the door)
    """Read and check every entry; raises DataErrors with every problem."""
    found = find_register(preview(path))
    if found is None:
        raise WrongColumns("this is no register that is known here", file=path.name)
    register, sheet, at = found
    table = read_table(path, sheet.name or None, header_row=at)
    table = in_the_catalogues_words(table, register)
    require_columns(table, [column.name for column in register.columns if column.required], source=register.name)
    problems = list(strange_columns(table, register))
    frame = read_entries(table, register, problems)
    illustrative = read_illustrative(table, register, problems)
    problems += check_row_rules(frame, register)
    if problems:
        raise problems[0] if len(problems) == 1 else DataErrors(problems, file=path.name)
    return Reading(
        source_id=register.source,
        edition=edition_of(frame),
        rows_read=len(table),
        frames={register.store_table: as_stored(frame, register)},
        illustrative=illustrative,
    )


def in_the_catalogues_words(table: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Write the headings as the catalogue does; two that then are the same can't both be meant."""
    renamed = table.rename(columns=snake)
    twice = renamed.columns[renamed.columns.duplicated()]
    if len(twice):
        raise WrongColumns(
            f"the column name {twice[0]!r} stands twice",
            source=register.name,
            file=table.attrs.get("file"),
            sheet=table.attrs.get("sheet"),
            todo="Delete or rename one of the two columns",
        )
    return renamed


def strange_columns(table: pd.DataFrame, register: Register) -> Iterator[DataError]:
    """Refuse columns that nobody asked for: what they hold is not known."""
    known = [*(column.name for column in register.columns), ILLUSTRATIVE]
    for name in table.columns:
        if name not in known and not re.fullmatch(r"column_\d+", name):
            yield WrongColumns(
                f"there is no column {name!r} in this register",
                source=register.name,
                file=table.attrs.get("file"),
                sheet=table.attrs.get("sheet"),
                column=name,
                expected=", ".join(known[:-1]),
                todo="Delete the column, or use the template",
            )


def read_entries(table: pd.DataFrame, register: Register, problems: list[DataError]) -> pd.DataFrame:
    """Read every column of the register; one that the file leaves out is empty."""
    columns = {}
    for column in register.columns:
        given = table[column.name] if column.name in table.columns else pd.Series("", index=table.index, dtype="str")
        given = given.rename(column.name)
        given.attrs = dict(table.attrs)
        try:
            columns[column.name] = read_column(given, column, source=register.name)
        except DataErrors as errors:
            problems += errors.problems
        except DataError as error:
            problems.append(error)
    frame = pd.DataFrame(columns, index=table.index)
    frame.attrs = dict(table.attrs)
    return frame


def as_stored(frame: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Name the columns as the store does, with the register where two share a table; rows keep their numbers."""
    stored = frame.rename(columns={ID: ENTRY_ID})
    if register.store_table == "commitment":
        stored = stored.assign(register=register.id)
    stored.attrs = {**frame.attrs, "register": register.id}
    return stored


def edition_of(frame: pd.DataFrame) -> str:
    """Say of which day or years a register is."""
    days = [day for name in DATED_BY if name in frame for day in frame[name].dropna()]
    if days:
        return f"entries to {max(days)}"
    years = sorted({text for text in frame.get("year", pd.Series(dtype="str")) if read_period(text)})
    if years:
        return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return "no date given"
