"""The command that attacks the release: ``python -m data audit``."""

from __future__ import annotations

import argparse
import os
import sys


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    command.add_argument("--quick", action="store_true", help="only follow every sum: seconds instead of minutes")
    command.add_argument("--mend", action="store_true", help="release again what was found, with more hidden")
    command.add_argument("--seconds", type=float, default=30.0, help="most time for one exact question; 30 otherwise")
    command.add_argument("--workers", type=int, default=None, help="processes; as many as there are cores otherwise")


def audit(chosen: argparse.Namespace) -> int:
    """Attack the release; what is found goes to standard error, for whoever keeps the store."""
    from data.answers.audit import audit_release
    from data.answers.current import ensure_current
    from data.answers.release_again import release_attacked
    from data.intake.preparing import prepare_store
    from data.store.engine import open_store

    engine = open_store()
    prepare_store(engine)
    ensure_current(engine, os.cpu_count() or 1)
    workers = chosen.workers or (1 if chosen.quick else os.cpu_count() or 1)
    report = audit_release(engine, thorough=not chosen.quick, seconds=chosen.seconds, workers=workers)
    print(report.sentence)
    if not report.findings.empty:
        print(report.findings.to_string(index=False), file=sys.stderr)
    if chosen.mend and not report.passed:
        release_attacked(engine, report.found_in)
        report = audit_release(engine, report.found_in, thorough=not chosen.quick, seconds=chosen.seconds)
        print(f"Released again with more hidden. {report.sentence}")
    return 0 if report.passed else 1


def mend(chosen: argparse.Namespace) -> int:
    """Attack the illustrative figures and keep what has to be hidden further, for all new stores."""
    from tempfile import TemporaryDirectory

    from data.answers.attack_illustrative import attack_illustrative
    from data.answers.current import ensure_current
    from data.answers.progress import Step
    from data.intake.preparing import prepare_store
    from data.store.engine import open_store

    def tell(step: Step) -> None:
        print(f"{step.done} of {step.of} sets of measures are attacked.", flush=True)

    workers = chosen.workers or os.cpu_count() or 1
    with TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{folder}/illustrative.db")
        prepare_store(engine)
        ensure_current(engine, workers)
        hidden = attack_illustrative(engine, workers, tell)
    print(f"data/example/hidden_further.csv now has {hidden:,} rows. Commit it with what has changed.")
    return 0
