"""Reads, checks and loads a file in one transaction: after it the store is as before or as after, never between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from data.catalogue import ics, source
from data.catalogue.definitions import Source
from data.errors import DataError, DataErrors, EmptyFile, UnreadableFile, UnrecognisedFile
from data.intake import pathway_loading
from data.intake.cross_check import check_areas, context_of
from data.intake.documents import Particulars, document_reading, is_document
from data.intake.guard import refuse_identifiers
from data.intake.layers import complete_layers
from data.intake.raw_answers import raw_answers_in
from data.intake.register_loading import check_references, files_given_way, load_registers, registers_in, set_aside_by
from data.intake.report import Report
from data.sources import Reader, Reading, reader_for
from data.sources.safe_opening import check_opening
from data.store import engine as store_engine
from data.store.areas import load_areas
from data.store.audit import append_audit
from data.store.changes import load_changes
from data.store.deprivation import load_deprivation
from data.store.geometry import replace_geometry
from data.store.observations import (
    count_current,
    drop_illustrative,
    load_observations,
    really_returned,
    supersede_observations,
)
from data.store.pathway import load_pathway_events
from data.store.population import load_population
from data.store.postcodes import load_postcodes
from data.store.settings import files_of_settings, kinds_really_returned, load_settings
from data.store.state import bump_data
from data.store.submissions import (
    Provenance,
    add_submission,
    find_current,
    find_loaded,
    find_others,
    mark_superseded,
    set_supersedes,
)

LOADERS: dict[str, Callable[[sa.Connection, pd.DataFrame, int], int]] = {
    "area": load_areas,
    "area_change": load_changes,
    "deprivation": load_deprivation,
    "population": load_population,
    "observation": load_observations,
    "setting": load_settings,
    "postcode": load_postcodes,
    "pathway_event": load_pathway_events,
}
POSTCODE_COLUMNS = {"settings_return": frozenset({"postcode"})}
# The postcode lookup: up to 1.3 GB, of which nothing is kept but postcodes of places and codes of areas.
ONLY_CODES = frozenset({"ons_nspl"})
READ_FIRST = ("lookups", "boundaries", "iod", "census", "population", "postcodes")


class IdentifiersFound(DataErrors):
    """The file holds something that identifies a person: nothing of it is stored, logged or copied."""


def fingerprint(path: Path) -> str:
    """Compute a file's SHA-256."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        problem = "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be opened"
        raise UnreadableFile(problem, file=path.name) from None


def check(path: Path, engine: sa.Engine, particulars: Particulars | None = None) -> Report:
    """Read a file and hold it to the store without writing anything."""
    check_opening(path)
    digest = fingerprint(path)
    with store_engine.reading(engine) as connection:
        reading = read_guarded(path, connection, particulars)
        return describe(path.name, digest, reading, source(reading.source_id))


def load(
    path: Path,
    engine: sa.Engine,
    *,
    loaded_by: str,
    illustrative: bool = False,
    particulars: Particulars | None = None,
) -> Report:
    """Load a file in one transaction; the same file again changes nothing. ``particulars`` are those of a document."""
    given = replace(particulars or Particulars(), illustrative=illustrative)
    check_opening(path)
    digest = fingerprint(path)
    with store_engine.reading(engine) as connection:
        if (number := find_loaded(connection, digest)) is not None:
            return already(path.name, digest, number)
        reading = read_guarded(path, connection, given)
    with store_engine.writing(engine) as connection:
        if (number := find_loaded(connection, digest)) is not None:
            return already(path.name, digest, number)
        return store_reading(connection, reading, path.name, digest, loaded_by=loaded_by, illustrative=illustrative)


def read_guarded(path: Path, connection: sa.Connection, particulars: Particulars | None = None) -> Reading:
    """Recognise and read a file, once the guard has looked at every part of it."""
    check_opening(path)
    if is_document(path):
        return read_document(path, particulars or Particulars())
    reader = guarded_reader(path)
    reading = reader.read(path, context_of(connection))
    if all(frame.empty for frame in reading.frames.values()):
        raise EmptyFile(f"the file holds nothing for {ics().label}", source=reading.source_id, file=path.name)
    check_references(connection, reading, path.name)
    publication = is_publication(reader.SOURCE_ID)
    return check_areas(connection, reading, publication=publication, file=path.name)


def guarded_reader(path: Path) -> Reader:
    """Find a file's reader once it is safe to open and identifies nobody."""
    check_opening(path)
    if is_document(path):
        guard(path, frozenset(), published=True)
        raise UnrecognisedFile("this is a document and no table", file=path.name)
    if (refusal := raw_answers_in(path)) is not None:
        raise IdentifiersFound([refusal], file=path.name)
    try:
        reader = reader_for(path)
    except UnrecognisedFile:
        guard(path, frozenset())
        raise
    if reader.SOURCE_ID not in ONLY_CODES:
        columns = POSTCODE_COLUMNS.get(reader.SOURCE_ID, frozenset())
        guard(path, columns, published=is_publication(reader.SOURCE_ID))
    return reader


def read_document(path: Path, particulars: Particulars) -> Reading:
    """Read a document. Its words are taken out within limits first; then the guard looks at all that it holds."""
    from data.sources.passages import read_passages

    passages = read_passages(path)
    guard(path, frozenset(), published=True)
    return document_reading(path, passages, particulars)


def guard(path: Path, postcode_columns: frozenset[str], *, published: bool = False) -> None:
    """Refuse what identifies a person, under a name of its own, so that nobody makes a copy of it."""
    try:
        look_through(path, fingerprint(path), postcode_columns, published)
    except DataErrors as error:
        raise IdentifiersFound(error.problems, file=error.file) from None


@lru_cache(maxsize=32)
def look_through(path: Path, digest: str, postcode_columns: frozenset[str], published: bool) -> None:  # noqa: ARG001
    """Hand a file to the guard; one that has passed, to the last byte, need not be looked through again."""
    refuse_identifiers(path, postcode_columns=postcode_columns, published=published)


def is_publication(source_id: str) -> bool:
    """Say whether a source is published, and so holds no return of a local organisation."""
    return source(source_id).kind == "publication"


def store_reading(
    connection: sa.Connection,
    reading: Reading,
    file_name: str,
    digest: str,
    *,
    loaded_by: str,
    illustrative: bool = False,
) -> Report:
    """Write a reading with its provenance. Call it inside ``writing``."""
    known = source(reading.source_id)
    invented = illustrative or reading.illustrative
    report = describe(file_name, digest, reading, known, illustrative=invented)
    number = add_submission(connection, provenance_of(report, reading, known, loaded_by))
    removed = make_room(connection, reading, known, number, illustrative=invented)
    removed += 0 if invented else set_aside_by(connection, reading)
    frames = without_returned(connection, reading.frames, known) if invented else reading.frames
    written = {name: LOADERS[name](connection, frames[name], number) for name in LOADERS if name in frames}
    if "geometry" in frames:
        written["geometry"] = load_layers(connection, frames["geometry"], number)
    changed = set(frames["geometry"]["layer"]) if "geometry" in frames else set()
    changed |= {"area"} if reading.source_id == "ons_lookup_lsoa21" else set()
    drawn = complete_layers(connection, number, changed=changed) if changed else []
    written |= load_registers(connection, reading, number, by=loaded_by, illustrative=invented)
    superseded = supersede(connection, reading, known, number, illustrative=invented)
    bump_data(connection)
    append_audit(
        connection,
        who=loaded_by,
        action="load",
        subject=file_name,
        detail={
            "submission": number,
            "source": reading.source_id,
            "rows": written,
            "drawn": drawn,
            "illustrative": invented,
        },
        file_sha256=digest,
    )
    return loaded(report, number, written, superseded, removed)


def make_room(connection: sa.Connection, reading: Reading, known: Source, number: int, *, illustrative: bool) -> int:
    """Set aside the illustrative rows of each indicator for which a real return has come."""
    if illustrative or known.kind == "publication" or "observation" not in reading.frames:
        return 0
    return drop_illustrative(connection, reading.frames["observation"]["indicator_id"].unique().tolist(), number)


def without_returned(
    connection: sa.Connection, frames: dict[str, pd.DataFrame], known: Source
) -> dict[str, pd.DataFrame]:
    """Leave out the illustrative rows of indicators, and of kinds of setting, that have a real return."""
    if "setting" in frames:
        settings = frames["setting"]
        frames = {**frames, "setting": settings[~settings["kind"].isin(sorted(kinds_really_returned(connection)))]}
    if "observation" not in frames:
        return frames
    returned = really_returned(connection, [known.id])
    rows = frames["observation"]
    return {**frames, "observation": rows[~rows["indicator_id"].isin(sorted(returned))]}


def load_layers(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Put each built layer in place of the one that was there."""
    for layer in frame.itertuples(index=False):
        replace_geometry(
            connection,
            str(layer.layer),
            bytes(layer.content),  # type: ignore[arg-type]
            method=str(layer.method),
            edition=str(layer.edition),
            submission_id=submission_id,
        )
    return len(frame)


def supersede(connection: sa.Connection, reading: Reading, known: Source, number: int, *, illustrative: bool) -> int:
    """Let the new submission stand in place of earlier ones; one of which nothing is left is marked."""
    rows = 0
    if "observation" in reading.frames:
        rows = supersede_observations(connection, number, whole=known.supplier)
        earlier = find_others(connection, reading.source_id, number, illustrative=illustrative)
        left = count_current(connection, earlier)
        gone = [identity for identity in earlier if identity not in left]
    elif any(registers_in(reading)):
        gone = files_given_way(connection, reading, number, illustrative=illustrative)
    elif pathway_loading.TABLE in reading.frames:
        gone = pathway_loading.files_given_way(connection, reading, number, illustrative=illustrative)
    elif "setting" in reading.frames:
        standing = files_of_settings(connection)
        earlier = find_others(connection, reading.source_id, number, illustrative=False)
        gone = [identity for identity in earlier if identity not in standing]
    else:
        same = find_current(connection, reading.source_id, reading.edition, illustrative=illustrative)
        gone = [identity for identity in same if identity != number]
    for identity in gone:
        mark_superseded(connection, identity)
    if gone:
        set_supersedes(connection, number, gone[-1])
    return rows


def describe(file_name: str, digest: str, reading: Reading, known: Source, *, illustrative: bool = False) -> Report:
    """Say what a reading holds."""
    return Report(
        file_name=file_name,
        sha256=digest,
        source_id=reading.source_id,
        publication=known.publication or known.name,
        edition=reading.edition,
        rows_read=reading.rows_read,
        rows_accepted=reading.rows_read - rows_left_out(reading),
        tables={name: len(frame) for name, frame in reading.frames.items()},
        notes=reading.notes,
        illustrative=illustrative or reading.illustrative,
    )


def rows_left_out(reading: Reading) -> int:
    """Count the rows of the file of which nothing is kept.

    A file's rows and a store's rows are not the same thing: one row may give many cells. Where fewer cells than rows
    come out, the difference was left out, and the notes say why.
    """
    largest = max((len(frame) for frame in reading.frames.values()), default=0)
    return max(0, reading.rows_read - largest)


def provenance_of(report: Report, reading: Reading, known: Source, loaded_by: str) -> Provenance:
    """Say where a reading comes from."""
    return Provenance(
        source_id=reading.source_id,
        file_name=report.file_name,
        sha256=report.sha256,
        edition=reading.edition,
        loaded_by=loaded_by,
        rows_read=report.rows_read,
        rows_accepted=report.rows_accepted,
        rows_refused=report.rows_read - report.rows_accepted,
        supplier=reading.supplier or known.supplier,
        publication=report.publication,
        extract_date=reading.extract_date,
        notes="\n".join(reading.notes),
        illustrative=report.illustrative,
    )


def loaded(report: Report, number: int, written: dict[str, int], superseded: int, removed: int) -> Report:
    """Complete a report with what was done."""
    return replace(
        report, submission_id=number, tables=written, rows_superseded=superseded, illustrative_removed=removed
    )


def already(file_name: str, digest: str, number: int) -> Report:
    """Report a file that is in the store already."""
    return Report(
        file_name=file_name,
        sha256=digest,
        source_id="",
        publication="",
        edition="",
        rows_read=0,
        rows_accepted=0,
        tables={},
        submission_id=number,
        already_loaded=True,
    )


def in_loading_order(paths: Sequence[Path]) -> list[Path]:
    """Put lookups and boundaries before what needs them; files that nobody recognises come last."""
    return sorted(paths, key=rank)


def rank(path: Path) -> int:
    """Give a file's place in the order of loading."""
    try:
        check_opening(path)
        reader = getattr(reader_for(path), "__name__", "").rsplit(".", 1)[-1]
    except (DataError, OSError):
        return len(READ_FIRST) + 1
    return READ_FIRST.index(reader) if reader in READ_FIRST else len(READ_FIRST)
