"""What was released before: the last releases of each indicator, and those that fixed views show, with exact counts.

Like observations, they are for protecting a new release and for the audit, and for nothing else.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa

from data.store.frozen import standing_releases
from data.store.models import ReleasedBefore


def remember_release(connection: sa.Connection, indicator_id: str, content: bytes, *, keep: int) -> bool:
    """Keep a release, unless it is the same as the last one. Say whether it was new.

    All but the last ones are forgotten, and but those that a fixed view still shows.
    """
    own = ReleasedBefore.indicator_id == indicator_id
    last = sa.select(ReleasedBefore.number, ReleasedBefore.sha256).where(own).order_by(ReleasedBefore.number.desc())
    newest = connection.execute(last.limit(1)).one_or_none()
    sha256 = hashlib.sha256(content).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        return False
    number = 1 if newest is None else newest.number + 1
    made = {"indicator_id": indicator_id, "number": number, "released_at": dt.datetime.now(dt.UTC)}
    connection.execute(sa.insert(ReleasedBefore).values(**made, sha256=sha256, content=content))
    old = ReleasedBefore.number <= number - keep
    shown = ReleasedBefore.number.in_(standing_releases(indicator_id))
    connection.execute(sa.delete(ReleasedBefore).where(own, old, ~shown))
    return True


def select_former(connection: sa.Connection, indicator_id: str) -> list[bytes]:
    """Give what is kept of an indicator's releases, the oldest first."""
    kept = sa.select(ReleasedBefore.content).where(ReleasedBefore.indicator_id == indicator_id)
    return list(connection.execute(kept.order_by(ReleasedBefore.number)).scalars())


def select_newest_numbers(connection: sa.Connection) -> dict[str, int]:
    """Give the number of the release that is shown now, for each indicator of which any is kept."""
    newest = sa.select(ReleasedBefore.indicator_id, sa.func.max(ReleasedBefore.number))
    return {name: int(number) for name, number in connection.execute(newest.group_by(ReleasedBefore.indicator_id))}


def select_remembered(connection: sa.Connection) -> set[str]:
    """Name the indicators of which a release is kept."""
    return set(connection.execute(sa.select(ReleasedBefore.indicator_id).distinct()).scalars())
