"""What ``make run`` does after the packages are there: fill an empty store, and release its figures."""

from __future__ import annotations

import subprocess
import sys
import time

from figures import Figure, shown
from rig import ROOT, Rig, prepare

BUDGET_SECONDS = 120
#: Computes all that is released once more, in a process of its own that times only that.
RELEASE = """
import time
from data.answers.opened import reading
from data.answers.release import read_basis, release_indicator, wanted_releases
started = time.perf_counter()
with reading() as connection:
    basis = read_basis(connection)
    for name in wanted_releases(connection, basis):
        release_indicator(connection, name, basis)
print(time.perf_counter() - started)
"""


def measure(rig: Rig) -> list[Figure]:
    """Seconds to prepare an empty store, and the part of it that the release takes."""
    if rig.store.exists():
        return [Figure("preparing an empty store", None, BUDGET_SECONDS, "s", "a store was given with --store")]
    started = time.perf_counter()
    prepare(rig.store)
    seconds = time.perf_counter() - started
    size = rig.store.stat().st_size / 2**20
    return [
        Figure("preparing an empty store", seconds, BUDGET_SECONDS, "s", f"once; the store is {shown(size)} MB"),
        Figure(
            "of which releasing",
            release_seconds(),
            None,
            "s",
            "all indicators computed and protected again, nothing written",
        ),
    ]


def release_seconds() -> float:
    """Seconds to compute everything that is released once more."""
    done = subprocess.run([sys.executable, "-c", RELEASE], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)
