"""Open files one at a time, each in a child of its own with limits on seconds and memory, and say how each went.

Reads lines of ``act<TAB>path``; writes one line of JSON for each. The libraries are brought in once, before any child.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

import geopandas  # noqa: F401 - brought in before the children
import pyogrio  # noqa: F401
import pypdf  # noqa: F401

from data.errors import DataError
from data.sources import READERS, ReadingContext, _reader, read_file
from data.sources.documents import read_pages
from data.sources.safe_opening import check_opening
from data.sources.tables import read_table

SECONDS = 60
BYTES = 3 << 30
ACTS = {
    "open": check_opening,
    "table": read_table,
    "read": lambda path: read_file(path, ReadingContext()),
    "pages": read_pages,
}


def peak() -> float:
    """Most memory that this process has held, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)


def in_child(act: str, path: Path) -> dict[str, object]:
    """Do one act within limits, and measure it."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    before, started = peak(), time.process_time()  # not the clock: a busy machine is not the file's fault
    try:
        found = ACTS[act](path)
        kind, sentence = "passed", str(found)[:2000]
    except DataError as error:
        kind, sentence = type(error).__name__, str(error)
    return {
        "kind": kind,
        "sentence": sentence,
        "seconds": time.process_time() - started,
        "megabytes": peak() - before,
    }


def main() -> None:
    """Answer until there are no more lines."""
    warnings.simplefilter("error")
    for name in READERS:
        _reader(name)
    for line in sys.stdin:
        act, _, name = line.rstrip("\n").partition("\t")
        out, into = os.pipe()
        child = os.fork()
        if not child:
            signal.alarm(SECONDS)
            status = 1
            try:
                os.write(into, json.dumps(in_child(act, Path(name))).encode())
                status = 0
            finally:
                os._exit(status)
        os.close(into)
        with os.fdopen(out, "rb") as answer:
            said = answer.read()
        _, status = os.waitpid(child, 0)
        sys.stdout.write((said.decode() or json.dumps({"kind": f"died with {status}", "sentence": ""})) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
