"""How many spoiled files the readers withstand: no traceback, and no partial write.

The files are chosen by coverage (atheris) in two processes; see ``fuzz_readers.py``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Figure, shown
from rig import BENCH, Rig

from data.sources import READERS

INPUTS = 10_000
PROCESSES = 2
SECONDS = 1_800
_COVERAGE = re.compile(r"\b(INITED|DONE)\s+cov: (\d+)")


@dataclass(frozen=True)
class Found:
    """What one process tried and found; coverage in edges of the readers' code, at the start and at the end."""

    tried: Counter[str]
    outcomes: Counter[str]
    crashes: list[str]
    partial: list[str]
    before: int
    after: int


def measure(rig: Rig) -> list[Figure]:
    """Fuzz every reader; a crash or a partial write is over budget and named."""
    started = time.perf_counter()
    folders = [prepared(rig, f"fuzz-{number}") for number in range(PROCESSES)]
    running = [start(folder, number + 1) for number, folder in enumerate(folders)]
    found = [result(folder, process) for folder, process in zip(folders, running, strict=True)]
    seconds = time.perf_counter() - started
    tried = sum((each.tried for each in found), Counter[str]())
    outcomes = sum((each.outcomes for each in found), Counter[str]())
    crashes = [crash for each in found for crash in each.crashes]
    partial = [name for each in found for name in each.partial]
    said = ", ".join(f"{count:,} {word}" for word, count in outcomes.most_common())
    missed = [name for name in READERS if not tried[name]]
    return [
        Figure("fuzzing: inputs short of 10,000", max(0, INPUTS - tried.total()), 0, "", f"{tried.total():,}: {said}"),
        Figure("fuzzing: readers not tried", len(missed), 0, "", ", ".join(missed) or f"all {len(READERS)} were"),
        Figure("fuzzing: crashes", len(crashes), 0, "", "; ".join(crashes[:3]) or "never a traceback"),
        Figure("fuzzing: partial writes", len(partial), 0, "", "; ".join(partial[:3]) or "never after a refusal"),
        Figure("fuzzing", seconds, None, "s", coverage(found)),
    ]


def prepared(rig: Rig, name: str) -> Path:
    """Make a folder with a store of its own, a copy of the prepared one."""
    folder = rig.folder / name
    folder.mkdir()
    for ending in ("", "-wal"):
        source = Path(f"{rig.store}{ending}")
        if source.exists():
            shutil.copy(source, folder / f"store.sqlite{ending}")
    return folder


def start(folder: Path, seed: int) -> subprocess.Popen[str]:
    """Start one process; what the engine says goes into a file."""
    words = [sys.executable, str(BENCH / "fuzz_readers.py"), str(folder), str(INPUTS // PROCESSES), str(seed)]
    with (folder / "said.txt").open("w") as said:
        return subprocess.Popen(words, stdout=said, stderr=subprocess.STDOUT, text=True)


def result(folder: Path, process: subprocess.Popen[str]) -> Found:
    """Wait for a process and read what it found."""
    try:
        process.wait(timeout=SECONDS)
    finally:
        process.kill()
    said = (folder / "said.txt").read_text(errors="replace")
    if process.returncode:
        raise RuntimeError(f"the fuzzing process ended with {process.returncode}: {said.strip().splitlines()[-1:]}")
    held: dict[str, Any] = json.loads((folder / "found.json").read_text())
    edges = dict(_COVERAGE.findall(said))
    return Found(
        tried=Counter(held["tried"]),
        outcomes=Counter(held["outcomes"]),
        crashes=held["crashes"],
        partial=held["partial"],
        before=int(edges.get("INITED", 0)),
        after=int(edges.get("DONE", 0)),
    )


def coverage(found: list[Found]) -> str:
    """Say how much more of the readers was reached than by the first inputs."""
    best = max(found, key=lambda each: each.after)
    if not best.after:
        return "chosen at random: atheris, which is led by coverage, is not installed here"
    more = best.after - best.before
    return f"led by coverage: {shown(best.after)} edges of the readers, {shown(more)} more than by the first inputs"
