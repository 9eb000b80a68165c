"""Whether anything has changed since a reader last looked, and how far preparation and release have come."""

from __future__ import annotations

import sqlalchemy as sa

from data.store.models import Release, StoreState


def revision(connection: sa.Connection) -> str:
    """Give a token that changes with any load or release, and differs between stores.

    An older copy that is put back counts on from its own numbers: the time of the last release tells it apart.
    """
    last = sa.select(sa.func.max(Release.released_at)).scalar_subquery()
    columns = (StoreState.store_id, StoreState.data_revision, StoreState.release_revision)
    row = connection.execute(sa.select(*columns, last.label("last"))).one()
    return f"{row.store_id}-{row.data_revision}-{row.release_revision}-{row.last or ''}"


def data_revision(connection: sa.Connection) -> str:
    """Give a token that changes with any load, and not with a release."""
    row = connection.execute(sa.select(StoreState.store_id, StoreState.data_revision)).one()
    return f"{row.store_id}-{row.data_revision}"


def released_revision(connection: sa.Connection) -> str | None:
    """Give the data revision that the whole release was made from; None before the first release."""
    return connection.execute(sa.select(StoreState.released_from)).scalar_one()


def mark_released(connection: sa.Connection, revision: str) -> None:
    """Record that the whole release now stands on a data revision."""
    values = {"released_from": revision, "release_revision": StoreState.release_revision + 1}
    connection.execute(sa.update(StoreState).values(values))


def bump_data(connection: sa.Connection) -> None:
    """Record that the stored data changed."""
    connection.execute(sa.update(StoreState).values(data_revision=StoreState.data_revision + 1))


def bump_release(connection: sa.Connection) -> None:
    """Record that released cells changed."""
    connection.execute(sa.update(StoreState).values(release_revision=StoreState.release_revision + 1))


def prepared(connection: sa.Connection) -> str | None:
    """Give which preparation the store has had; None while it has had none or was interrupted."""
    return connection.execute(sa.select(StoreState.prepared)).scalar_one()


def mark_prepared(connection: sa.Connection, what: str) -> None:
    """Record that the embedded reference and illustrative returns are in."""
    connection.execute(sa.update(StoreState).values(prepared=what))
