"""A store with the embedded areas, and small returns to send in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.intake.loading import store_reading
from data.intake.preparing import areas, deprivation
from data.store.engine import writing


def with_embedded_areas(engine: sa.Engine) -> sa.Engine:
    """Load the embedded areas and deprivation, without drawing maps."""
    with writing(engine) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")
    return engine


@pytest.fixture
def ready(store: sa.Engine) -> sa.Engine:
    """A store on each database that knows the areas of Dorset ICS."""
    return with_embedded_areas(store)


@pytest.fixture
def ready_sqlite(sqlite_store: sa.Engine) -> sa.Engine:
    """The same on SQLite alone, for what does not touch the database's own ways."""
    return with_embedded_areas(sqlite_store)


@pytest.fixture
def send(tmp_path: Path) -> Callable[..., Path]:
    """Write a long return as CSV from rows of (indicator, area, from, to, numerator, denominator)."""

    def write(*rows: tuple[object, ...], name: str = "return.csv", extra: str = "") -> Path:
        head = "indicator,area_code,period_from,period_to,numerator,denominator,note"
        lines = [",".join([*map(str, row), *[""] * (7 - len(row))]) for row in rows]
        path = tmp_path / name
        path.write_text("\n".join([head, *lines]) + "\n" + extra, encoding="utf-8")
        return path

    return write
