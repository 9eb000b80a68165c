"""What was released before: the last releases of each indicator, with the exact counts behind them.

Like observations, they are for protecting a new release and for the audit, and for nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa

from data.store.models import ReleasedBefore


def remember_release(connection: sa.Connection, indicator_id: str, content: bytes, *, keep: int) -> bool:
    """Keep a release, unless it is the same as the last one; forget all but the last ones. Say whether it was new."""
    own = ReleasedBefore.indicator_id == indicator_id
    last = sa.select(ReleasedBefore.number, ReleasedBefore.sha256).where(own).order_by(ReleasedBefore.number.desc())
    newest = connection.execute(last.limit(1)).one_or_none()
    sha256 = hashlib.sha256(content).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        return False
    number = 1 if newest is None else newest.number + 1
    made = {"indicator_id": indicator_id, "number": number, "released_at": dt.datetime.now(dt.UTC)}
    connection.execute(sa.insert(ReleasedBefore).values(**made, sha256=sha256, content=content))
    connection.execute(sa.delete(ReleasedBefore).where(own, ReleasedBefore.number <= number - keep))
    return True


def select_former(connection: sa.Connection, indicator_id: str) -> list[bytes]:
    """Give what is kept of an indicator's releases, the oldest first."""
    kept = sa.select(ReleasedBefore.content).where(ReleasedBefore.indicator_id == indicator_id)
    return list(connection.execute(kept.order_by(ReleasedBefore.number)).scalars())


def select_remembered(connection: sa.Connection) -> set[str]:
    """Name the indicators of which a release is kept."""
    return set(connection.execute(sa.select(ReleasedBefore.indicator_id).distinct()).scalars())
