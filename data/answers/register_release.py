"""Release what is worked out from registers, and let promises follow their figures, after all else was released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.answers.register_cells import Held, read_held
from data.answers.register_figures import figures_from_registers, is_from_register, register_tokens
from data.answers.register_statuses import follow_figures
from data.store.released import replace_released, select_release_revisions

if TYPE_CHECKING:
    import sqlalchemy as sa


def release_registers(connection: sa.Connection, newest_quarter: str | None) -> int:
    """Release each figure whose registers, or what stands below its line, have changed. Call it inside ``writing``.

    A promise's new status changes figures about promises, so these are looked at once more.
    """
    held = read_held(connection, newest_quarter)
    count = release_held(connection, held)
    if follow_figures(connection, held):
        count += release_held(connection, read_held(connection, newest_quarter))
    return count


def release_held(connection: sa.Connection, held: Held) -> int:
    """Release the figures whose tokens have changed, and take back those whose registers are empty."""
    made = select_release_revisions(connection)
    wanted = register_tokens(held, made)
    changed = {name: token for name, token in wanted.items() if made.get(name) != token}
    gone = [name for name, token in made.items() if token and is_from_register(name) and name not in wanted]
    for name, token in changed.items():
        frame = figures_from_registers(connection, name, None, held)
        replace_released(connection, name, frame, token)
    for name in gone:
        replace_released(connection, name, pd.DataFrame(), "")
    return len(changed) + len(gone)
