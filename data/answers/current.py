"""Whether what is released stands on what is stored and defined now. Looking is light; releasing is not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from data.answers.progress import Progress, untold
from data.catalogue import disclosure, indicators, sources
from data.store.engine import reading
from data.store.releasing import beating
from data.store.state import data_revision, released_revision

if TYPE_CHECKING:
    import sqlalchemy as sa


def ensure_current(engine: sa.Engine, workers: int = 1, progress: Progress = untold) -> int:
    """Release what has changed since the last release, by some processes; give how many indicators that was.

    ``progress`` is told how far it is.
    """
    with reading(engine) as connection:
        stands_on = f"{data_revision(connection)}-{definitions_token()}"
        if released_revision(connection) == stands_on:
            return 0
    from data.answers.release import release_changed

    with beating(engine):
        return release_changed(engine, stands_on, workers, progress)


def definitions_token() -> str:
    """Give a token of the rule and the definitions, so that a change to either is released as a load is."""
    protected_by = [(one.id, one.protected_by) for one in sources()]
    return hashlib.sha256(repr((disclosure(), indicators(), protected_by)).encode()).hexdigest()[:12]
