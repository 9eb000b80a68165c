"""What registers hold about each ask."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from data.store.register_models import REGISTERS

ASKS = "asks"


def count_naming_asks(connection: sa.Connection) -> dict[str, tuple[int, bool]]:
    """Count the current entries of registers that name each ask, and say whether all of those are illustrative."""
    every: Counter[str] = Counter()
    real: Counter[str] = Counter()
    for table in REGISTERS.values():
        if ASKS not in table.c:
            continue
        standing = sa.select(table.c.asks, table.c.illustrative).where(
            table.c.superseded_at.is_(None), table.c.withdrawn.is_(False), table.c.asks.is_not(None)
        )
        for named, illustrative in connection.execute(standing):
            for ask in set(str(named).split()):
                every[ask] += 1
                real[ask] += not illustrative
    return {ask: (count, not real[ask]) for ask, count in every.items()}
