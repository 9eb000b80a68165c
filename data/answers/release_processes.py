"""Release many indicators at once: clusters that count the same people go to processes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING

from data.answers.progress import Progress, Step
from data.answers.shared_counts import SharedCounts
from data.store.engine import open_store, reading

if TYPE_CHECKING:
    import sqlalchemy as sa

    from data.answers.release import Basis, Made

Task = tuple[str, tuple[str, ...], frozenset[str]]


def release_by_several(
    engine: sa.Engine, indicator_ids: Sequence[str], shared: SharedCounts, workers: int, progress: Progress
) -> dict[str, Made]:
    """Compute indicators' protected cells by several processes; the largest clusters first, so that none is last."""
    clusters = sorted({shared.cluster_of(name): None for name in indicator_ids}, key=len, reverse=True)
    address = engine.url.render_as_string(hide_password=False)
    tasks: list[Task] = [(address, tuple(cluster), frozenset(indicator_ids)) for cluster in clusters]
    every: dict[str, Made] = {}
    progress(Step(0, len(indicator_ids)))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in as_completed([pool.submit(release_at, task) for task in tasks]):
            every |= part.result()
            progress(Step(len(every), len(indicator_ids)))
    return every


def release_at(task: Task) -> dict[str, Made]:
    """Compute one cluster's protected cells, of the store at an address."""
    from data.answers.release import release_cluster

    address, cluster, wanted = task
    engine, basis = _opened_once(address)
    with reading(engine) as connection:
        return release_cluster(connection, cluster, basis, wanted)


@lru_cache(maxsize=1)
def _opened_once(address: str) -> tuple[sa.Engine, Basis]:
    from data.answers.release import read_basis

    engine = open_store(address)
    with reading(engine) as connection:
        return engine, read_basis(connection)
