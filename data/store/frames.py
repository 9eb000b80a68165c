"""Frames out of the store and into it, in bulk and in the way each database is fastest at."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data.store.models import Moment

if TYPE_CHECKING:
    Query = sa.Select[*tuple[Any, ...]]

AT_ONCE = 500


def select_frame(connection: sa.Connection, statement: Query) -> pd.DataFrame:
    """Run a query and give its rows as a frame whose columns have the kinds that the tables declare."""
    result = connection.execute(statement)
    cursor = result.cursor
    if cursor is None:
        raise TypeError("Only a query can be read into a frame")
    rows = cursor.fetchall()
    result.close()
    columns = list(statement.selected_columns)
    values: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else ([] for _ in columns)
    pairs = zip(columns, values, strict=True)
    return pd.DataFrame({str(column.name): typed(held, column.type) for column, held in pairs})


def typed(values: Sequence[Any], kind: sa.types.TypeEngine[Any]) -> Any:
    """Give values the kind of their column: numbers with NaN for nothing, text with None for nothing."""
    if isinstance(kind, sa.Float):
        return np.array(values, dtype="float64")
    if isinstance(kind, sa.Boolean):
        return pd.array(list(values), dtype="boolean") if None in values else np.array(values, dtype="bool")
    if isinstance(kind, sa.Integer):
        return pd.array(list(values), dtype="Int64") if None in values else np.array(values, dtype="int64")
    if isinstance(kind, sa.JSON):
        return pd.Series([json.loads(value) if isinstance(value, str) else value for value in values], dtype="object")
    if isinstance(kind, Moment | sa.DateTime | sa.Date):
        return pd.Series([iso(value) for value in values], dtype="str")
    return pd.Series(list(values), dtype="str")


def iso(value: Any) -> str | None:
    """Write a date or moment the same way, whichever database it came from."""
    if value is None:
        return None
    text = value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)
    return text if len(text) <= 10 else text[:19]


def insert_frame(connection: sa.Connection, table: sa.Table, frame: pd.DataFrame) -> int:
    """Insert a whole frame; its columns must be columns of the table. Returns the number of rows."""
    unknown = [column for column in frame.columns if column not in table.columns]
    if unknown:
        raise ValueError(f"Table {table.name} has no column {', '.join(map(str, unknown))}")
    if frame.empty:
        return 0
    names = [str(column) for column in frame.columns]
    rows = plain_rows(frame, table)
    quoted = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    cursor = connection.connection.cursor()
    try:
        write = copy_rows if connection.dialect.name == "postgresql" else execute_rows
        write(cursor, table.name, quoted, len(names), rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DatabaseError(f"insert into {table.name}", None, error) from error
    finally:
        cursor.close()
    return len(frame)


def copy_rows(cursor: Any, table: str, quoted: str, width: int, rows: Iterator[tuple[Any, ...]]) -> None:  # noqa: ARG001
    """Send rows to PostgreSQL in one stream."""
    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def execute_rows(cursor: Any, table: str, quoted: str, width: int, rows: Iterator[tuple[Any, ...]]) -> None:
    """Insert rows into SQLite with one prepared statement."""
    marks = ", ".join("?" * width)
    cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)  # noqa: S608 (names of our own tables)


def plain_rows(frame: pd.DataFrame, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    """Give a frame's rows in values that a driver knows, with None for what is missing."""
    columns = [plain_values(frame[name], table.columns[str(name)]) for name in frame.columns]
    return zip(*columns, strict=True)


def plain_values(values: pd.Series[Any], column: sa.Column[Any]) -> list[Any]:
    """Give one column's values in the kind the table keeps; an empty text stands where a text may not be missing."""
    if isinstance(column.type, sa.JSON):
        return [json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values]
    if isinstance(column.type, sa.LargeBinary):
        return list(values)
    missing = values.isna().to_numpy()
    converted = converted_values(values, missing, column.type)
    if not missing.any():
        return converted
    instead = "" if isinstance(column.type, sa.String) and not column.nullable else None
    return [instead if gone else value for value, gone in zip(converted, missing, strict=True)]


def converted_values(values: pd.Series[Any], missing: Any, kind: sa.types.TypeEngine[Any]) -> list[Any]:
    """Convert a column as a whole; what is missing is put right by the caller."""
    if isinstance(kind, sa.Float):
        return list(pd.to_numeric(values).to_numpy(dtype="float64", na_value=np.nan).tolist())
    objects: list[Any] = values.astype("object").tolist()
    if isinstance(kind, sa.Boolean | sa.Integer):
        plain = bool if isinstance(kind, sa.Boolean) else int
        return [None if gone else plain(value) for value, gone in zip(objects, missing, strict=True)]
    return objects if values.dtype == "str" else [as_text(value) for value in objects]


def as_text(value: Any) -> str:
    """Write a code, word or date as text; a date as ISO."""
    return value.isoformat()[:10] if isinstance(value, dt.date) else str(value)


def upsert_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], *, kept: Sequence[str] = ()
) -> None:
    """Insert rows or, where their key exists, set the given columns except those ``kept`` as they are."""
    if not rows:
        return
    make: Any
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as make
    else:
        from sqlalchemy.dialects.sqlite import insert as make
    keys = [column.name for column in table.primary_key]
    statement = make(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys and name not in kept}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))


def portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut a long list so that no statement carries too many parameters."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
