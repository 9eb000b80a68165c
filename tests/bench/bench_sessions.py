"""Fifty readers at once, each thinking for three seconds between choices, in one server process on two cores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

from figures import Figure, shown, slowest_twentieth
from rig import BENCH, ROOT, Rig, process_at

SESSIONS = 50
SECONDS = 45
THINK_SECONDS = 3
WARM_SESSIONS = 8
WARM_SECONDS = 8
BUDGET_MS = 200
LEAST_RERUNS = 300


def read_together(url: str, sessions: int, seconds: float) -> dict[str, Any]:
    """Let readers loose on a server, from a process of their own, and give what they saw."""
    client = [sys.executable, str(BENCH / "session_client.py")]
    asked = [url, str(sessions), str(seconds), str(THINK_SECONDS)]
    done = subprocess.run([*client, *asked], cwd=ROOT, capture_output=True, text=True, check=True, timeout=seconds * 4)
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def measure(rig: Rig) -> list[Figure]:
    """The slowest twentieth of reruns, errors, and the processor time of a rerun."""
    with rig.serve(ROOT / "app.py") as url:
        server = process_at(url)
        read_together(url, WARM_SESSIONS, WARM_SECONDS)
        before = sum(server.cpu_times()[:2])
        seen = read_together(url, SESSIONS, SECONDS)
        processor = sum(server.cpu_times()[:2]) - before
    reruns, errors = seen["reruns_ms"], seen["errors"]
    name = f"{SESSIONS} sessions, 95th percentile of a rerun"
    if len(reruns) < LEAST_RERUNS:
        return [Figure(name, None, BUDGET_MS, "ms", f"only {len(reruns)} reruns; errors: {errors[:2]}")]
    others = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    how = f"median {shown(median(reruns))} ms, n {len(reruns)}; {os.cpu_count()} cores, load {others:.1f} at the end"
    each = processor * 1000 / (len(reruns) + len(seen["openings_ms"]))
    return [
        Figure(name, slowest_twentieth(reruns), BUDGET_MS, "ms", how),
        Figure(f"{SESSIONS} sessions, errors", len(errors), 0, "", "; ".join(errors[:2])),
        Figure(
            f"{SESSIONS} sessions, processor per run", each, None, "ms", "of the server, garbage collection included"
        ),
    ]
