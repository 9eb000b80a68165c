"""Measure every figure that has a budget and print one table: figure, measured, budget, verdict.

``run.py [NAME …]`` runs only the named benchmarks. ``--strict`` makes a miss of a budget an error; otherwise only a
figure that could not be measured is one.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from figures import Figure, table
from rig import ROOT, Rig

sys.path.insert(0, str(ROOT))  # benchmarks that are brought in later read the product's own list of pages

#: In the order of running. Preparation comes first because the others use the store that it makes.
BENCHMARKS = (
    *(
        "prepare",
        "intake",
        "map",
        "geometry",
        "pages",
        "cold_start",
        "memory",
        "sessions",
        "metrics",
        "release",
        "fuzz",
    ),
)


def measured_by(name: str, rig: Rig) -> list[Figure]:
    """Run one benchmark; what it can't measure it says in its own figures."""
    if not (Path(__file__).parent / f"bench_{name}.py").exists():
        return [Figure(name, None, None, "", f"there is no bench_{name}.py")]
    benchmark = importlib.import_module(f"bench_{name}")
    if hasattr(benchmark, "measure"):
        found: list[Figure] = benchmark.measure(rig)
        return found
    started = time.perf_counter()
    status = benchmark.main()
    seconds = time.perf_counter() - started
    return [Figure(f"{name}: see above", None if status else seconds, None, "s", f"ended with status {status or 0}")]


def run(names: Sequence[str], rig: Rig) -> list[Figure]:
    """Run benchmarks in order and say how each goes; a failure is a figure that was not measured."""
    figures: list[Figure] = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            found = measured_by(name, rig)
        except Exception as error:  # noqa: BLE001 - the others can still be measured, and this one is reported
            found = [Figure(name, None, None, "", f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")]
        figures += found
    return figures


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="benchmarks to run; all without a name")
    parser.add_argument("--strict", action="store_true", help="end with status 1 when a budget is missed")
    parser.add_argument("--repeats", type=int, default=9, help="how often each thing is measured (default 9)")
    parser.add_argument("--store", type=Path, help="a prepared SQLite store to use instead of a new one")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Run, print the table, and give the exit status."""
    asked = arguments(words)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        rig = Rig(folder, asked.store or folder / "store.sqlite", asked.repeats)
        os.environ["DATABASE_URL"] = f"sqlite:///{rig.store}"
        with rig.ending:
            figures = run(asked.names or BENCHMARKS, rig)
    print(table(figures))
    verdicts = {figure.verdict for figure in figures}
    return int("not measured" in verdicts or (asked.strict and "over" in verdicts))


if __name__ == "__main__":
    sys.exit(main())
