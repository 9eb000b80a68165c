"""From starting the process to the first page in the browser, against ``streamlit hello``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from statistics import median

from figures import Figure, interleave, spread
from rig import ROOT, Rig, browser_tests, wait_for_port

BUDGET = 1.5
REPEATS = 3
WAIT_SECONDS = 60
OPTIONS = ["--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]


def seconds_to_first_page(rig: Rig, what: list[str], selector: str) -> float:
    """Seconds from starting ``streamlit`` to the element that ends the first page, in a browser without history."""
    port = browser_tests.free_port()
    command = [sys.executable, "-m", "streamlit", *what, f"--server.port={port}", *OPTIONS]
    page = rig.new_context().new_page()
    with (rig.folder / "cold-start.log").open("ab") as log:
        started = time.perf_counter()
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **rig.env}, stdout=log, stderr=log)
        try:
            wait_for_port(port)
            page.goto(f"http://127.0.0.1:{port}", wait_until="commit")
            page.locator(selector).first.wait_for(timeout=WAIT_SECONDS * 1000)
            return time.perf_counter() - started
        finally:
            page.context.close()
            server.terminate()
            server.wait(timeout=10)


def measure(rig: Rig) -> list[Figure]:
    """The product's median over that of Streamlit's own demonstration."""
    measures = {
        "ours": partial(seconds_to_first_page, rig, ["run", str(ROOT / "app.py")], ".f1-source"),
        "hello": partial(seconds_to_first_page, rig, ["hello"], "h1"),
    }
    interleave(1, measures)  # files have been read from the disk once
    found = interleave(REPEATS, measures)
    how = f"{spread(found['ours'], 's')} against {spread(found['hello'], 's')}"
    return [
        Figure("cold start, against streamlit hello", median(found["ours"]) / median(found["hello"]), BUDGET, "×", how)
    ]
