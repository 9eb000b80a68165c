"""Signing out, as every process behind one address must know of it: kept in the store, and asked for now and then."""

from __future__ import annotations

import datetime as dt
import logging
import time
from threading import Lock
from typing import Final

from data.answers.opened import opened
from data.errors import StoreError

LOG = logging.getLogger(__name__)
#: How long an ended sign-in is remembered: longer than a cookie of Streamlit's lasts.
REMEMBER: Final = dt.timedelta(days=31)
#: A process may answer so long after somebody signed out at another one. Asking takes a fifth of a millisecond.
ASK_AGAIN_SECONDS: Final = 2.0
#: When each sign-in was last found not to have ended; those that have are never asked for again.
_ASKED: dict[str, float] = {}
_ENDED: dict[str, float] = {}
_LOCK: Final = Lock()


def end(name: str) -> None:
    """End one sign-in, here at once and at every other process within seconds."""
    from data.store.ended import add_ended

    _remember(name)
    now = dt.datetime.now(dt.UTC)
    try:
        add_ended(opened(), name, now, now - REMEMBER)
    except StoreError as error:
        LOG.warning("A sign-out is known to this process alone: %s", error)


def ended(name: str) -> bool:
    """Say whether a sign-in has ended, at whichever process.

    While the store can't be reached this process's own memory counts: without the store no figure is shown either.
    """
    if name in _ENDED:
        return True
    if time.monotonic() - _ASKED.get(name, float("-inf")) < ASK_AGAIN_SECONDS:
        return False
    from data.store.ended import is_ended

    try:
        found = is_ended(opened(), name)
    except StoreError as error:
        LOG.warning("Who has signed out elsewhere is not known just now: %s", error)
        found = False
    _remember(name) if found else _note_asked(name)
    return found


def _remember(name: str) -> None:
    now = time.monotonic()
    with _LOCK:
        for old in [one for one, at in _ENDED.items() if now - at > REMEMBER.total_seconds()]:
            del _ENDED[old]
        _ENDED[name] = now
        _ASKED.pop(name, None)


def _note_asked(name: str) -> None:
    """Note when it was asked for, and forget all that would be asked for again anyway."""
    now = time.monotonic()
    with _LOCK:
        for old in [one for one, at in _ASKED.items() if now - at >= ASK_AGAIN_SECONDS]:
            del _ASKED[old]
        _ASKED[name] = now
