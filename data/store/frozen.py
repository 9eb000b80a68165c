"""Fixed views: added and withdrawn, never changed. The database itself refuses anything else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from data.store.models import FrozenRelease, FrozenView, FrozenWithdrawal


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """One fixed view as it is stored, and when and why it was withdrawn, if it was."""

    id: str
    frozen_at: dt.datetime
    title: str
    illustrative: bool
    sha256: str
    content: bytes
    pack: bytes | None
    withdrawn_at: dt.datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class FrozenEntry:
    """One line of the list of fixed views."""

    id: str
    frozen_at: dt.datetime
    title: str
    illustrative: bool
    is_pack: bool


def add_frozen(
    connection: sa.Connection,
    *,
    identity: str,
    frozen_at: dt.datetime,
    title: str,
    illustrative: bool,
    sha256: str,
    content: bytes,
    pack: bytes | None,
    releases: Mapping[str, int],
) -> None:
    """Keep a view, and which release of each indicator it may show."""
    view = {"id": identity, "frozen_at": frozen_at, "title": title, "illustrative": illustrative}
    connection.execute(sa.insert(FrozenView).values(**view, sha256=sha256, content=content, pack=pack))
    if releases:
        rows = [{"frozen_id": identity, "indicator_id": name, "number": number} for name, number in releases.items()]
        connection.execute(sa.insert(FrozenRelease), rows)


def withdraw_frozen(connection: sa.Connection, identity: str, at: dt.datetime, reason: str) -> None:
    """Say of a view that it is shown no more, and why."""
    connection.execute(sa.insert(FrozenWithdrawal).values(frozen_id=identity, withdrawn_at=at, reason=reason))


def select_frozen(connection: sa.Connection, identity: str) -> FrozenRow | None:
    """Give a view by its id; None where there never was one."""
    columns = (*FrozenView.__table__.columns, FrozenWithdrawal.withdrawn_at, FrozenWithdrawal.reason)
    found = sa.select(*columns).outerjoin(FrozenWithdrawal, FrozenWithdrawal.frozen_id == FrozenView.id)
    row = connection.execute(found.where(FrozenView.id == identity)).mappings().one_or_none()
    return None if row is None else FrozenRow(**row)


def list_frozen(connection: sa.Connection) -> list[FrozenEntry]:
    """List the views that stand, newest first."""
    columns = (FrozenView.id, FrozenView.frozen_at, FrozenView.title, FrozenView.illustrative)
    standing = sa.select(*columns, FrozenView.pack.is_not(None).label("is_pack")).where(~_withdrawn(FrozenView.id))
    rows = connection.execute(standing.order_by(FrozenView.frozen_at.desc(), FrozenView.id)).mappings()
    return [FrozenEntry(**row) for row in rows]


def standing_releases(indicator_id: str) -> sa.Select[int]:
    """Choose the releases of an indicator that a view shows which stands."""
    own = sa.select(FrozenRelease.number).where(FrozenRelease.indicator_id == indicator_id)
    return own.where(~_withdrawn(FrozenRelease.frozen_id))


def _withdrawn(identity: sa.ColumnElement[str] | sa.orm.InstrumentedAttribute[str]) -> sa.Exists:
    return sa.exists().where(FrozenWithdrawal.frozen_id == identity)
