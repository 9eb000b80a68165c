"""Areas and the areas that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.store.frames import plain_values, portions, select_frame, upsert_rows
from data.store.models import Area

TABLE: sa.Table = Area.__table__  # type: ignore[assignment]
COLUMNS = [column for column in TABLE.columns if column.name != "submission_id"]


def select_areas(connection: sa.Connection, area_type: str | None = None) -> pd.DataFrame:
    """Give the areas of one type, or all, in the order of their codes."""
    statement = sa.select(*COLUMNS).order_by(Area.area_code)
    if area_type is not None:
        statement = statement.where(Area.area_type == area_type)
    return select_frame(connection, statement)


def select_area(connection: sa.Connection, area_code: str) -> dict[str, Any] | None:
    """Give one area, or None where the code is not in the store."""
    row = connection.execute(sa.select(*COLUMNS).where(Area.area_code == area_code)).mappings().one_or_none()
    return None if row is None else dict(row)


def select_area_types(connection: sa.Connection, area_codes: Iterable[str] | None = None) -> dict[str, str]:
    """Give the type of each known code, of those asked for or of all."""
    statement = sa.select(Area.area_code, Area.area_type)
    if area_codes is None:
        return dict(connection.execute(statement).all())
    found: dict[str, str] = {}
    for some in portions(sorted(set(area_codes))):
        found.update(connection.execute(statement.where(Area.area_code.in_(some))).all())
    return found


def load_areas(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Add areas, or set the given columns of those that exist; a missing value changes nothing."""
    named = frame.assign(submission_id=submission_id)
    kept: list[str] = []
    if "area_name" not in named:
        named["area_name"] = named["area_code"]
        kept = ["area_name"]
    values = {str(name): plain_values(named[name], TABLE.columns[str(name)]) for name in named.columns}
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        present = {name: value for name, value in row.items() if value is not None}
        by_columns.setdefault(tuple(present), []).append(present)
    for same in by_columns.values():
        upsert_rows(connection, TABLE, same, kept=kept)
    return len(frame)
