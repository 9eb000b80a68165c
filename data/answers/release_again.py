"""Release figures again that an audit found too much in: illustrative ones, which are released without an attack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from data.answers.release import read_basis, release_indicators, remember
from data.store import released, state
from data.store.engine import reading, writing

if TYPE_CHECKING:
    import sqlalchemy as sa


def release_attacked(engine: sa.Engine, indicator_ids: Sequence[str]) -> None:
    """Release some indicators again, illustrative ones too, with what an attack finds hidden.

    Nothing happens where somebody loads a file meanwhile; whoever loads, releases.
    """
    with reading(engine) as connection:
        revision = state.data_revision(connection)
        tokens = released.select_release_revisions(connection)
        made = release_indicators(connection, indicator_ids, read_basis(connection), attack="all")
    with writing(engine) as connection:
        if state.data_revision(connection) == revision:
            for name, one in made.items():
                released.replace_released(connection, name, one.frame, tokens[name])
                remember(connection, name, one)
            state.bump_release(connection)
