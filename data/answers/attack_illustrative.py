"""Attack the illustrative figures as real ones are, and keep what has to be hidden further.

Whoever changes the illustrative figures, the rule or how it is applied runs ``python -m data mend`` once: a new store
is then safe without the minutes that an attack takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pandas as pd

from data.answers.beforehand import COLUMNS, is_known, kept_for, write_kept, written_down
from data.answers.mending import mend_joined
from data.answers.progress import Progress, Step, untold
from data.answers.register_figures import is_from_register
from data.answers.release import (
    adds_up,
    exact_cells,
    is_illustrative,
    local_rows,
    prepare_people,
    read_basis,
)
from data.answers.together import Prepared, first_protection, joined_system
from data.catalogue import disclosure, indicator
from data.store import released
from data.store.engine import open_store, reading

if TYPE_CHECKING:
    import sqlalchemy as sa

    from data.answers.release import Basis

Task = tuple[str, tuple[str, ...]]


def attack_illustrative(engine: sa.Engine, workers: int = 1, progress: Progress = untold) -> int:
    """Attack all illustrative figures of a store that were not attacked before; give how many rows are kept."""
    with reading(engine) as connection:
        clusters = _clusters(connection, read_basis(connection))
    address = engine.url.render_as_string(hide_password=False)
    tasks: list[Task] = [(address, cluster) for cluster in sorted(clusters, key=len, reverse=True)]
    found = [pd.DataFrame(columns=COLUMNS)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number, part in enumerate(as_completed([pool.submit(_attack_at, task) for task in tasks])):
            found += [part.result()] if len(part.result()) else []
            write_kept(pd.concat(found, ignore_index=True))  # each at once, so that who is interrupted can go on
            progress(Step(number + 1, len(tasks)))
    return sum(len(one) for one in found)


def unattacked(connection: sa.Connection) -> list[str]:
    """List the illustrative indicators of which no attack was kept for the counts and the rule that there are now."""
    basis = read_basis(connection)
    found = []
    for cluster in _clusters(connection, basis):
        people = _illustrative(connection, cluster, basis)
        if people and not is_known(people, disclosure()):
            found += [one.definition.id for one in people]
    return sorted(found)


def _clusters(connection: sa.Connection, basis: Basis) -> list[tuple[str, ...]]:
    names = [name for name in sorted(released.select_release_revisions(connection)) if not is_from_register(name)]
    return list({tuple(basis.shared.cluster_of(name)): None for name in names})


def _illustrative(connection: sa.Connection, cluster: Sequence[str], basis: Basis) -> list[Prepared]:
    """Prepare the counts of a cluster as for a release; nothing where one of them is real."""
    rows = {name: local_rows(connection, name, basis) for name in cluster if not is_from_register(name)}
    counts = {name: own for name, own in rows.items() if len(own) and adds_up(name) and indicator(name).disclosive}
    if not all(is_illustrative(own) for own in counts.values()):
        return []
    return prepare_people({name: exact_cells(own, basis, indicator(name)) for name, own in counts.items()}, basis)


def _attack_at(task: Task) -> pd.DataFrame:
    """Attack one cluster of the store at an address; for a process of its own."""
    address, cluster = task
    with reading(open_store(address)) as connection:
        basis = read_basis(connection)
        people = _illustrative(connection, cluster, basis)
    rule = disclosure()
    if not people:
        return pd.DataFrame(columns=COLUMNS)
    if is_known(people, rule):
        return kept_for(people, rule)
    done = first_protection(people, {}, basis.shared, rule)
    joined = joined_system([(one.definition, one.linked) for one in people], {}, basis.shared, rule)
    return written_down(people, done, mend_joined(joined, done, rule.values_left_open), rule)
