"""Registers at the door: what a file would do to the entries there are, and doing it.

Entries are matched by their ids. What is held in ``data.store.register_versions`` says what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd
import sqlalchemy as sa

from data.catalogue import ics, indicators, registers
from data.catalogue.definitions import Register
from data.errors import DataError, DataErrors, UnknownName
from data.intake.changes import Changes
from data.intake.document_entries import beside_documents, plan_document, speaks_for_documents
from data.sources.reading import Reading
from data.store.areas import select_areas
from data.store.register_models import REGISTERS
from data.store.register_versions import (
    Plan,
    Row,
    carry_out,
    contents_in,
    files_with_entries,
    plan_entries,
    select_newest,
)
from data.store.submissions import find_others

NAMED: Final = 3
#: Columns that name an entry of another table.
REFERS_TO: Final = {("commitment_status", "commitment"): "commitment", ("passage", "document"): "document"}
#: The register whose entries stand at a place.
PLACED: Final = "community_offer"
PLACES: Final = ("lsoa21", "msoa21", "ward")


def registers_in(reading: Reading) -> Iterator[tuple[Register, pd.DataFrame]]:
    """Give each register that a reading holds, with its entries."""
    for table_name in [name for name in REGISTERS if name in reading.frames]:
        sharing = [one for one in registers() if one.store_table == table_name]
        register = next((one for one in sharing if one.source == reading.source_id), sharing[0])
        frame = reading.frames[table_name]
        yield register, frame.assign(register=register.id) if table_name == "commitment" else frame


def plans_of(
    connection: sa.Connection, reading: Reading, *, illustrative: bool
) -> Iterator[tuple[Register, Plan, dict[str, Row]]]:
    """Plan what a reading would do to each register."""
    for register, frame in registers_in(reading):
        newest = select_newest(connection, register.store_table, register.id)
        given = contents_in(frame, register.store_table)
        if speaks_for_documents(reading.source_id):
            yield register, plan_document(newest, given, illustrative=illustrative), newest
            continue
        newest = beside_documents(newest, register.store_table, illustrative=illustrative)
        file = reading.frames[register.store_table].attrs.get("file")
        plan = plan_entries(newest, given, illustrative=illustrative, sent_by=register.sent_by, file=file)
        yield register, plan, newest


def load_registers(
    connection: sa.Connection, reading: Reading, number: int, *, by: str, illustrative: bool
) -> dict[str, int]:
    """Write what a reading changes; gives how many entries came or changed in each register's table."""
    return {
        register.store_table: carry_out(
            connection, register.store_table, plan, newest, by=by, submission_id=number, illustrative=illustrative
        )
        for register, plan, newest in plans_of(connection, reading, illustrative=illustrative)
    }


def set_aside_by(connection: sa.Connection, reading: Reading) -> int:
    """Count the invented entries that would give way to a reading."""
    plans = plans_of(connection, reading, illustrative=reading.illustrative)
    return sum(len(plan.aside) for _, plan, _ in plans)


def register_changes(connection: sa.Connection, reading: Reading) -> Changes:
    """Count what a reading would do to entries; invented ones that give way do not count."""
    total = Changes()
    for _, plan, _ in plans_of(connection, reading, illustrative=reading.illustrative):
        total += Changes(len(plan.new), len(plan.changed), len(plan.removed), plan.unchanged)
    return total


def register_warnings(connection: sa.Connection, reading: Reading) -> Iterator[DataError]:
    """Warn of entries that a file would set back from what somebody wrote in the app since."""
    for register, plan, _ in plans_of(connection, reading, illustrative=reading.illustrative):
        if plan.edited:
            place = reading.frames[register.store_table].attrs
            many = f"{len(plan.edited):,} entries that were last changed in the app differ"
            count = "1 entry that was last changed in the app differs" if len(plan.edited) == 1 else many
            yield DataError(
                f"{count} in this file, which would take its place",
                source=register.name,
                file=place.get("file"),
                sheet=place.get("sheet"),
                found=listed(plan.edited),
                todo="Look at them in the app first; what stands there now stays in their history",
            )


def files_given_way(connection: sa.Connection, reading: Reading, number: int, *, illustrative: bool) -> list[int]:
    """Give the earlier files of a register of whose entries none is current any more."""
    earlier = find_others(connection, reading.source_id, number, illustrative=illustrative)
    held = {
        one for register, _ in registers_in(reading) for one in files_with_entries(connection, register.store_table)
    }
    return [identity for identity in earlier if identity not in held]


def check_references(connection: sa.Connection, reading: Reading, file: str) -> None:
    """Hold what names an entry of another register, or a place, to those that there are."""
    problems = list(unknown_places(connection, reading, file))
    for (table_name, column), other in REFERS_TO.items():
        if table_name not in reading.frames:
            continue
        frame = reading.frames[table_name]
        known = {name for name, row in select_newest(connection, other).items() if not row["withdrawn"]}
        known |= set(reading.frames[other]["entry_id"]) if other in reading.frames else set()
        unknown = ~frame[column].isin(known)
        if unknown.any():
            rows = [int(row) for row in frame.index[unknown]]
            problems.append(
                UnknownName(
                    f"{len(rows)} {'row names' if len(rows) == 1 else 'rows name'} an entry that is on no register",
                    file=file,
                    sheet=frame.attrs.get("sheet"),
                    row=rows[0],
                    rows=rows,
                    column=column,
                    found=listed(tuple(dict.fromkeys(frame.loc[unknown, column]))),
                    expected=f"the id of an entry of the register of {other}s",
                    todo=f"Send the {other}s first, or mend the ids",
                )
            )
    if problems:
        raise problems[0] if len(problems) == 1 else DataErrors(problems, file=file)


def unknown_places(connection: sa.Connection, reading: Reading, file: str) -> Iterator[DataError]:
    """Find rows whose place is none of the system's."""
    if PLACED not in reading.frames:
        return
    frame = reading.frames[PLACED]
    unknown = ~frame["area_code"].isin(own_places(connection))
    if unknown.any():
        rows = [int(row) for row in frame.index[unknown]]
        yield UnknownName(
            f"{len(rows)} {'row names' if len(rows) == 1 else 'rows name'} a place that is not here",
            file=file,
            sheet=frame.attrs.get("sheet"),
            row=rows[0],
            rows=rows,
            column="area_code",
            found=listed(tuple(dict.fromkeys(frame.loc[unknown, "area_code"]))),
            expected="the code of a neighbourhood or ward of the system",
            todo="Look the code up on the map",
        )


def own_places(connection: sa.Connection) -> set[str]:
    """Give the codes of the system's neighbourhoods and wards."""
    areas = select_areas(connection)
    own = areas["area_type"].isin(PLACES) & areas["lad_code"].isin([place.code for place in ics().lads])
    return set(areas.loc[own, "area_code"])


def indicators_from(reading: Reading) -> tuple[str, ...]:
    """Name the indicators that are worked out from the registers in a reading."""
    names = {register.id for register, _ in registers_in(reading)}
    return tuple(one.id for one in indicators() if one.returned_by in names)


def listed(names: tuple[str, ...]) -> str:
    """Name the first few, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
