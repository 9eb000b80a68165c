"""A sign of life from whoever makes a release: one that takes long must not be taken for one that was left.

It is a number that goes up, not a time, so that nobody has to trust another machine's clock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

import sqlalchemy as sa

from data.errors import StoreError
from data.store.ended import noting
from data.store.models import ReleaseBeat

LOG = logging.getLogger(__name__)
#: A release that is done sooner gives no sign at all.
BEAT_SECONDS: Final = 20.0


def beats(connection: sa.Connection) -> int:
    """Say how many signs of life there have been."""
    return connection.execute(sa.select(ReleaseBeat.beats)).scalar_one()


def beat(engine: sa.Engine) -> None:
    """Give a sign of life."""
    with noting(engine) as connection:
        connection.execute(sa.update(ReleaseBeat).values(beats=ReleaseBeat.beats + 1))


def take_over(engine: sa.Engine, seen: int) -> bool:
    """Say whether it is for us to go on with what was left: of several who saw the same last sign, one does."""
    ours = sa.update(ReleaseBeat).where(ReleaseBeat.beats == seen).values(beats=seen + 1)
    with noting(engine) as connection:
        return connection.execute(ours).rowcount == 1


@contextmanager
def beating(engine: sa.Engine) -> Iterator[None]:
    """Give signs of life for as long as the work within takes; they end with the process, however it ends."""
    done = Event()
    thread = Thread(target=_beat_until, args=(engine, done), name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat_until(engine: sa.Engine, done: Event) -> None:
    """Go on although one sign could not be given, as while somebody loads."""
    while not done.wait(BEAT_SECONDS):
        try:
            beat(engine)
        except StoreError as error:
            LOG.info("No sign of life could be given: %s", error)
