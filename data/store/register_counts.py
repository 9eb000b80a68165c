"""How much each register holds."""

from __future__ import annotations

import sqlalchemy as sa

from data.store.register_models import REGISTERS


def count_entries(connection: sa.Connection) -> dict[str, int]:
    """Count the current entries of every register; those that hold nothing are left out."""
    counts = {}
    for name, table in REGISTERS.items():
        current = (table.c.superseded_at.is_(None), table.c.withdrawn.is_(False))
        held = connection.execute(sa.select(sa.func.count()).select_from(table).where(*current)).scalar_one()
        if held:
            counts[name] = int(held)
    return counts
