"""Events of pathways at the door: whose file gives way to which, what would change, and undoing it.

A file is its supplier's complete picture: it takes the place of that supplier's last one, and of no other's.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from data.catalogue.pathway import counted_indicators
from data.errors import StoreError
from data.intake.changes import Changes, compare
from data.sources.reading import Reading
from data.store.models import Submission
from data.store.pathway import SOURCE_ID, count_events, select_events_of
from data.store.submissions import find_others, find_submission, mark_current, mark_superseded, put_in_front

TABLE: Final = "pathway_event"
KEY: Final = ("pseudonym", "event", "month")


def keeps_events(submission: Submission) -> bool:
    """Whether a file is one of events."""
    return submission.source_id == SOURCE_ID


def same_supplier(connection: sa.Connection, submission: Submission) -> list[int]:
    """Give the other current files of a file's supplier, oldest first."""
    return find_others(
        connection,
        SOURCE_ID,
        submission.id,
        illustrative=bool(submission.illustrative),
        suppliers=[submission.supplier],
    )


def files_given_way(connection: sa.Connection, reading: Reading, number: int, *, illustrative: bool) -> list[int]:
    """Give the current files whose place a new one takes."""
    return find_others(connection, SOURCE_ID, number, illustrative=illustrative, suppliers=[reading.supplier])


def event_changes(connection: sa.Connection, reading: Reading) -> Changes:
    """Count the events that are new, gone or placed elsewhere beside the supplier's last file."""
    if TABLE not in reading.frames:
        return Changes()
    held = select_events_of(connection, reading.supplier, illustrative=reading.illustrative)
    return compare(held, reading.frames[TABLE], KEY, ("area_code",), removes=True)


def indicators_from_events(reading: Reading) -> tuple[str, ...]:
    """Name the indicators that are counted from events."""
    return counted_indicators() if TABLE in reading.frames else ()


def go_back_to(connection: sa.Connection, submission: Submission) -> tuple[int, int, tuple[str, ...]]:
    """Use an earlier file again: its events, those that gave way to it, and the files they were of."""
    if submission.superseded_at is None:
        raise StoreError("this file is used already", file=submission.file_name)
    others = same_supplier(connection, submission)
    rows = sum(count_events(connection, number) for number in others)
    names = tuple(one.file_name for number in others if (one := find_submission(connection, number)))
    mark_current(connection, submission.id)
    for number in others:
        mark_superseded(connection, number)
    if others:
        put_in_front(connection, submission.id, others[-1])
    return count_events(connection, submission.id), rows, names


def take_out(connection: sa.Connection, submission: Submission) -> tuple[int, int]:
    """Take a file out and use the one again that had given way to it: events back, and events gone."""
    if submission.superseded_at is not None:
        problem = "this file was taken out already, or a later one has taken its place"
        raise StoreError(problem, file=submission.file_name)
    mark_superseded(connection, submission.id)
    earlier = None if submission.supersedes_id is None else find_submission(connection, submission.supersedes_id)
    if earlier is None or earlier.illustrative != submission.illustrative:
        return 0, count_events(connection, submission.id)
    mark_current(connection, earlier.id)
    return count_events(connection, earlier.id), count_events(connection, submission.id)
