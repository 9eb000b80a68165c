"""Try a file before it is loaded: what is wrong, what looks odd, what it would change. Trying writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from data.catalogue import source
from data.errors import DataError, DataErrors, StoreError, UnreadableFile
from data.intake.changes import Changes, changes_of
from data.intake.checks import warnings_of
from data.intake.documents import Particulars
from data.intake.loading import already, describe, fingerprint, read_guarded, store_reading
from data.intake.marked_copy import marked_copy
from data.intake.pathway_loading import event_changes, indicators_from_events
from data.intake.register_loading import indicators_from, register_changes, register_warnings, set_aside_by
from data.intake.report import Report
from data.sources.formats import file_state
from data.sources.reading import Reading
from data.store import engine as store_engine
from data.store.observations import count_illustrative
from data.store.state import data_revision
from data.store.submissions import find_loaded

__all__ = ["Changes", "Proposal", "accept", "marked_copy", "propose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one file would do. It holds for exactly this file and this state of the store."""

    report: Report | None
    problems: tuple[DataError, ...]
    warnings: tuple[DataError, ...]
    changes: Changes | None
    indicators: tuple[str, ...]
    sha256: str
    store_revision: str
    particulars: Particulars | None = None

    @property
    def passes(self) -> bool:
        """Whether the file may be loaded."""
        return not self.problems


def propose(path: Path, engine: sa.Engine, particulars: Particulars | None = None) -> Proposal:
    """Check a file against the store and say what it would change; every problem is told at once.

    ``particulars`` are what is known of a document beside its words.
    """
    file_state(path)
    digest = fingerprint(path)
    with store_engine.reading(engine) as connection:
        revision = data_revision(connection)
        if (number := find_loaded(connection, digest)) is not None:
            return unchanged(already(path.name, digest, number), digest, revision)
        try:
            reading = read_guarded(path, connection, particulars)
        except DataError as error:
            return refused(error, digest, revision)
        changes = changes_of(connection, reading) + register_changes(connection, reading)
        changes += event_changes(connection, reading)
        return Proposal(
            report=foreseen(connection, path.name, digest, reading),
            problems=(),
            warnings=(*warnings_of(connection, reading, changes), *register_warnings(connection, reading)),
            changes=changes,
            indicators=indicators_of(reading),
            sha256=digest,
            store_revision=revision,
            particulars=particulars,
        )


def unchanged(report: Report, digest: str, revision: str) -> Proposal:
    """Propose nothing for a file that is in the store already."""
    return Proposal(
        report=report,
        problems=(),
        warnings=(),
        changes=Changes(),
        indicators=(),
        sha256=digest,
        store_revision=revision,
    )


def refused(error: DataError, digest: str, revision: str) -> Proposal:
    """List what is wrong with a file that may not be loaded."""
    return Proposal(
        report=None,
        problems=problems_of(error),
        warnings=(),
        changes=None,
        indicators=(),
        sha256=digest,
        store_revision=revision,
    )


def problems_of(error: DataError) -> tuple[DataError, ...]:
    """Give the single problems that a refusal holds."""
    return error.problems if isinstance(error, DataErrors) else (error,)


def foreseen(connection: sa.Connection, file_name: str, digest: str, reading: Reading) -> Report:
    """Describe the file, with the illustrative rows that would give way to it."""
    known = source(reading.source_id)
    report = describe(file_name, digest, reading, known)
    names = figures_in(reading)
    if reading.illustrative or known.kind == "publication":
        return report
    return report.foreseeing(count_illustrative(connection, names) + set_aside_by(connection, reading))


def indicators_of(reading: Reading) -> tuple[str, ...]:
    """Name the indicators that a reading has figures for, or that are worked out from its entries or events."""
    return (*figures_in(reading), *indicators_from(reading), *indicators_from_events(reading))


def figures_in(reading: Reading) -> tuple[str, ...]:
    """Name the indicators that a reading has figures for."""
    frame = reading.frames.get("observation")
    return () if frame is None else tuple(sorted(set(frame["indicator_id"].astype("str"))))


def accept(path: Path, engine: sa.Engine, proposal: Proposal, *, loaded_by: str) -> Report:
    """Load a file that was proposed, unless file or store have changed since: then what was shown no longer holds."""
    if not proposal.passes:
        raise DataErrors(proposal.problems, file=path.name)
    refuse_changed_file(path, proposal)
    with store_engine.reading(engine) as connection:
        refuse_changed_store(connection, path, proposal)
        if (number := find_loaded(connection, proposal.sha256)) is not None:
            return already(path.name, proposal.sha256, number)
        reading = read_guarded(path, connection, proposal.particulars)
    refuse_changed_file(path, proposal)
    with store_engine.writing(engine) as connection:
        refuse_changed_store(connection, path, proposal)
        return store_reading(connection, reading, path.name, proposal.sha256, loaded_by=loaded_by)


def refuse_changed_file(path: Path, proposal: Proposal) -> None:
    """Hold a file to the bytes that were checked."""
    if fingerprint(path) != proposal.sha256:
        problem = "the file has changed since it was checked, so nothing was loaded"
        raise UnreadableFile(problem, file=path.name, todo="Check the file again, then load it")


def refuse_changed_store(connection: sa.Connection, path: Path, proposal: Proposal) -> None:
    """Hold the store to the state that the file was compared with."""
    if data_revision(connection) != proposal.store_revision:
        problem = "somebody has loaded another file since this one was checked, so nothing was loaded"
        raise StoreError(problem, file=path.name, todo="Check the file again to see what it would change now")
