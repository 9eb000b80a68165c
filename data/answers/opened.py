"""The store that answers read: opened once for each address, and shared by all who ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from data.answers.current import ensure_current
from data.store import engine as store_engine
from data.store.location import locate
from data.store.state import prepared, revision

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Whoever comes while a store is made ready waits here.
MAKING_READY = Lock()


@lru_cache(maxsize=4)
def _opened(address: str) -> sa.Engine:
    return store_engine.open_store(address)


def opened() -> sa.Engine:
    """Give the engine of the store that the settings name, opening it on first use."""
    return _opened(locate(None).render_as_string(hide_password=False))


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """Read from one consistent state of the store."""
    with store_engine.reading(opened()) as connection:
        yield connection


@lru_cache(maxsize=4)
def _made_ready(address: str) -> None:
    """Do it once for each store; where it fails it is tried again by the next who asks."""
    engine = _opened(address)
    with store_engine.reading(engine) as connection:
        new = prepared(connection) is None
    if new:
        from data.intake.preparing import prepare_store

        prepare_store(engine)
    ensure_current(engine)


def made_ready() -> None:
    """Fill a new store with the embedded reference and illustrative returns, and release what has changed since."""
    with MAKING_READY:
        _made_ready(locate(None).render_as_string(hide_password=False))


def state() -> str:
    """Give a token that changes whenever an answer could, once the store is ready."""
    made_ready()
    with reading() as connection:
        return revision(connection)
