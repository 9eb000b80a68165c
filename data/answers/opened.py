"""The store that answers read: opened once for each address, and shared by all who ask."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock, Thread
from typing import TYPE_CHECKING

from data.answers.current import ensure_current
from data.errors import DataError
from data.store import engine as store_engine
from data.store.location import locate
from data.store.releasing import beats, take_over
from data.store.state import data_revision, prepared, released_revision, revision

if TYPE_CHECKING:
    import sqlalchemy as sa

LOG = logging.getLogger(__name__)
#: Whoever releases gives a sign of life every 20 seconds; without one for so long, that process is no more.
LEFT_AFTER_SECONDS = 300.0
#: The last sign of life while a load was not released yet, and when it was first seen.
_SEEN: dict[str, tuple[int, float]] = {}
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
        now, loaded, released = revision(connection), data_revision(connection), released_revision(connection)
        left = not (released or "").startswith(f"{loaded}-")
        signs = beats(connection) if left else 0
    if left:
        finish_release(loaded, signs)
    return now


def finish_release(loaded: str, signs: int) -> None:
    """Release what was loaded and left: whoever loads also releases, unless they were killed between.

    A release may take long. It is left when its signs of life stand still.
    """
    now = time.monotonic()
    last, since = _SEEN.get(loaded, (signs, now))
    if last != signs:
        since = now
    long = now - since >= LEFT_AFTER_SECONDS
    _SEEN[loaded] = (signs, now if long else since)
    if long:
        Thread(target=_release_left, args=(opened(), signs), name="release", daemon=True).start()


def _release_left(engine: sa.Engine, signs: int) -> None:
    """Release beside the readers, none of whom waits for it; where it fails it is tried again later."""
    try:
        if take_over(engine, signs):
            ensure_current(engine)
    except DataError as error:
        LOG.warning("What was loaded could not be released yet: %s", error)
