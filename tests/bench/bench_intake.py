"""What the door does with a large return: the guard alone, and guard and checks together, as text and as a workbook."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from figures import Figure, shown
from rig import ROOT, Rig, prepare

ROWS = 100_000
BUDGET_SECONDS, BUDGET_MEGABYTES = 10, 500
#: Each measurement runs in a process of its own, which says how long it took, what it held at most and how it ended.
ALONE = """
import resource, sys, time
from pathlib import Path
from data.errors import DataErrors
from data.intake.guard import refuse_identifiers
from data.intake.loading import check
from data.store.engine import open_store
what, path = sys.argv[1], Path(sys.argv[2])
engine = open_store()
started, worked, said = time.perf_counter(), time.process_time(), "passes"
try:
    refuse_identifiers(path) if what == "guard" else check(path, engine)
except DataErrors as error:
    said = f"is refused for {len(error.problems)} problems, such as: {error.problems[0]}"[:200]
seconds, worked = time.perf_counter() - started, time.process_time() - worked
print(f"{seconds}\\n{worked}\\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}\\n{said}")
"""


def measure(rig: Rig) -> list[Figure]:
    """Seconds and memory for the guard, and for guard and checks, of a return of 100,000 rows."""
    if os.name != "posix":
        return [
            Figure("a return of 100,000 rows", None, BUDGET_SECONDS, "s", "measured where processes say their memory")
        ]
    if not rig.store.exists():
        prepare(rig.store)
    with tempfile.TemporaryDirectory(prefix="bench-return-") as folder:
        paths = {"CSV": write_text(Path(folder)), "XLSX": write_workbook(Path(folder))}
        return [figure for kind, path in paths.items() for figure in of_file(kind, path, rig)]


def of_file(kind: str, path: Path, rig: Rig) -> list[Figure]:
    """Measure one file."""
    size = f"{kind} of {shown(path.stat().st_size / 2**20)} MB"
    guard_seconds, guard_worked, guard_megabytes, _ = alone("guard", path, rig)
    seconds, worked, megabytes, said = alone("check", path, rig)
    return [
        Figure(
            f"guard of 100,000 rows, {kind}",
            guard_seconds,
            None,
            "s",
            f"{size}; {shown(guard_worked)} s of processor, {shown(guard_megabytes)} MB at most",
        ),
        Figure(f"guard and check of 100,000 rows, {kind}", seconds, BUDGET_SECONDS, "s", f"{size}; it {said}"),
        Figure(f"of which processor, {kind}", worked, BUDGET_SECONDS, "s", "on a machine that does other work as well"),
        Figure(f"memory for guard and check, {kind}", megabytes, BUDGET_MEGABYTES, "MB", "the whole process, at most"),
    ]


def alone(what: str, path: Path, rig: Rig) -> tuple[float, float, float, str]:
    """Run in a process of its own; seconds, and of processor, without the start of Python, megabytes, and its end."""
    command = [sys.executable, "-c", ALONE, what, str(path)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **rig.env}, check=True, capture_output=True, text=True)
    seconds, worked, megabytes, said = done.stdout.splitlines()[-4:]
    return float(seconds), float(worked), float(megabytes), said


# ---- the return -----------------------------------------------------------------------------------------------------


def rows() -> Iterator[list[str]]:
    """The header of a long return and 100,000 of its illustrative rows."""
    from data.example import write_returns

    with tempfile.TemporaryDirectory(prefix="bench-returns-") as folder:
        for number, path in enumerate(sorted(write_returns(Path(folder)), key=lambda path: -path.stat().st_size)):
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from islice(csv.reader(file), min(number, 1), None)


def write_text(folder: Path) -> Path:
    """Write the return as CSV."""
    path = folder / "return.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(islice(rows(), ROWS + 1))
    return path


def write_workbook(folder: Path) -> Path:
    """Write the same return as a workbook, numbers as numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Return")
    for row in islice(rows(), ROWS + 1):
        sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    path = folder / "return.xlsx"
    book.save(path)
    return path
