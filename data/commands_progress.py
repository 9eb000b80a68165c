"""Saying at a terminal how far a release is; a file or another program that reads the output is told nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from data.answers.progress import Progress, Step, untold

WIDTH = 100


@contextmanager
def telling() -> Iterator[Progress]:
    """Tell on standard error, always in the same line, which is cleared at the end."""
    if not sys.stderr.isatty():
        yield untold
        return
    try:
        yield tell
    finally:
        print(f"\r{'':<{WIDTH}}\r", end="", file=sys.stderr, flush=True)


def tell(step: Step) -> None:
    """Write how far it is over what was written last."""
    print(f"\r{step.sentence[:WIDTH]:<{WIDTH}}", end="", file=sys.stderr, flush=True)
