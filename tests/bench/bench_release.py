"""Protecting a full release, and attacking it: Dorset's size, 40 indicators, three years of quarters, all parents."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from figures import Figure
from rig import ROOT, Rig

#: Real figures are attacked before they are given, and these are not: so the audit has something to find.
NOT_ATTACKED = "These invented figures were not attacked before."
LSOAS, INDICATORS, QUARTERS = 463, 40, 12
PROTECT_SECONDS, AUDIT_SECONDS = 60, 600
#: Computes and protects every cell in a process of its own, as a load does: measures that count the same people once,
#: together. Says its seconds by the clock and of processor, and cells.
PROTECT = """
import time
from data.answers.release import read_basis, release_indicators, wanted_releases
from data.store.engine import open_store, reading
engine = open_store()
with reading(engine) as connection:
    started, worked = time.perf_counter(), time.process_time()
    basis = read_basis(connection)
    made = release_indicators(connection, list(wanted_releases(connection, basis)), basis)
    cells = sum(len(one.frame) for one in made.values())
print(time.perf_counter() - started, time.process_time() - worked, cells)
"""
AUDIT = """
import os, time
from data.answers.audit import audit_release
from data.store.engine import open_store
if __name__ == "__main__":
    started = time.perf_counter()
    report = audit_release(open_store(), workers=os.cpu_count() or 1)
    print(time.perf_counter() - started)
    print(report.sentence)
"""


def measure(rig: Rig) -> list[Figure]:
    """Seconds to protect a full release, and to attack it by integer programming."""
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{made(rig.folder)}"}
    clock, processor, cells = map(float, ended(PROTECT, rig.folder, env).split())
    seconds, sentence = ended(AUDIT, rig.folder, env).splitlines()
    what = f"{LSOAS} LSOAs, {INDICATORS} indicators, {QUARTERS} quarters and all parents"
    return [
        Figure("protecting a full release", clock, PROTECT_SECONDS, "s", f"{what}; {cells:,.0f} cells are given"),
        Figure("of which processor", processor, PROTECT_SECONDS, "s", "one process"),
        Figure("auditing the same release", float(seconds), AUDIT_SECONDS, "s", f"{sentence} {NOT_ATTACKED}"),
    ]


def ended(code: str, folder: Path, env: dict[str, str]) -> str:
    """Run a program from a file, as processes of its own need it, and give what it printed."""
    script = folder / "measured.py"
    script.write_text(code, encoding="utf-8")
    settings = {**env, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], cwd=ROOT, env=settings, check=True, capture_output=True, text=True)
    return done.stdout


def names() -> list[str]:
    """The first 40 indicators of the catalogue that count people at neighbourhoods: those that cost most."""
    from data.catalogue import indicators
    from data.example import wanted

    found = [one.id for one in indicators() if one.id in wanted() and one.disclosive and one.area_grain == "lsoa21"]
    return found[:INDICATORS]


def made(folder: Path) -> Path:
    """Make the store of invented areas, once for each run."""
    path = folder / "full_release.sqlite"
    if not path.exists():
        command = [sys.executable, "-m", "data", "example", "--lsoas", str(LSOAS), "--quarters", str(QUARTERS)]
        command += ["-o", f"sqlite:///{path}", "--indicators", *names()]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return path
