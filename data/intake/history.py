"""Go back to an earlier file, or take a wrong one out: in one transaction, on record, and always reversible.

Going back does what loading the earlier file again would do: its rows are current again, and what covers the same
indicator, period, breakdown and place gives way to them. Figures of later files for other periods or places stay.
Taking a file out brings back what had given way to it.

Illustrative figures never stand beside real ones of the same indicator. They come back only for an indicator of which
no real figure is left, and the outcome says for how many. Nobody goes back to illustrative figures over real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.catalogue import source
from data.errors import StoreError, UnknownName
from data.intake import document_history, pathway_loading, register_history
from data.store import engine as store_engine
from data.store import pathway as stored_events
from data.store import set_aside
from data.store.audit import append_audit
from data.store.models import Submission
from data.store.observations import count_current, drop_illustrative, really_returned, supersede_observations
from data.store.state import bump_data
from data.store.submissions import find_submission, put_in_front, select_submissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What going back, or taking a file out, has changed."""

    file_name: str
    sha256: str
    submission_id: int
    action: str
    rows_current: int
    rows_superseded: int
    files_superseded: tuple[str, ...] = ()
    illustrative_removed: int = 0
    illustrative_back: int = 0
    left_alone: int = 0

    @property
    def loaded(self) -> bool:
        """Whether the store changed; an act that would change nothing is refused."""
        return True

    def sentences(self) -> tuple[str, ...]:
        """Say it in plain sentences, the outcome first."""
        if self.action == "take_back":
            lines = [f"{self.file_name} was taken out: {self.rows_superseded:,} of its rows are no longer used."]
            lines.append(f"{self.rows_current:,} earlier rows are used again.")
        else:
            lines = [f"{self.file_name} is used again: {self.rows_current:,} of its rows came back."]
            lines.append(f"{self.rows_superseded:,} rows of other files gave way to it and are kept on record.")
        if self.files_superseded:
            lines.append(f"Nothing is used any more of {', '.join(self.files_superseded)}.")
        if self.illustrative_removed:
            lines.append(f"{self.illustrative_removed:,} illustrative rows were removed.")
        if self.illustrative_back:
            lines.append(
                f"{self.illustrative_back:,} illustrative rows are shown again, because no real ones are left."
            )
        if self.left_alone:
            lines.append(f"{self.left_alone:,} entries were changed in the app since and stay as they are.")
        return tuple(lines)


def earlier_files(engine: sa.Engine) -> pd.DataFrame:
    """List the files that one can go back to, newest first: id, file_name, supplier, edition, loaded_at, rows."""
    with store_engine.reading(engine) as connection:
        of_entries = (register_history.select_earlier, document_history.select_earlier)
        lists = (set_aside.select_set_aside, *of_entries, stored_events.select_earlier)
        listed = [found for one in lists if len(found := one(connection))]
        kept = pd.concat(listed or [set_aside.select_set_aside(connection)], ignore_index=True)
        kept = kept.sort_values("id", ascending=False)
    return kept[~kept["illustrative"].astype("bool")].drop(columns="illustrative").reset_index(drop=True)


def go_back(engine: sa.Engine, submission_id: int, *, by: str) -> Returned:
    """Make an earlier file's rows current again, in place of those that stand there now."""
    with store_engine.writing(engine) as connection:
        submission = find_file(connection, submission_id)
        if keeps_entries(submission):
            return of_register(connection, submission, "go_back", by=by)
        if pathway_loading.keeps_events(submission):
            return of_events(connection, submission, "go_back", by=by)
        refuse_unkept(connection, submission)
        indicators = indicators_to_restore(connection, submission)
        current = set_aside.bring_back(connection, submission_id, indicators)
        if not current:
            problem = "every row of this file is used already, so there is nothing to go back to"
            raise StoreError(problem, file=submission.file_name)
        set_aside.mark_by_rows(connection, [submission_id])
        whole = source(submission.source_id).supplier
        removed = 0 if submission.illustrative else make_way(connection, submission, indicators)
        superseded = supersede_observations(connection, submission_id, whole=whole)
        gone = newly_superseded(connection, submission)
        if gone:
            put_in_front(connection, submission_id, gone[-1][0])
        outcome = Returned(
            file_name=submission.file_name,
            sha256=submission.sha256,
            submission_id=submission_id,
            action="go_back",
            rows_current=current,
            rows_superseded=superseded,
            files_superseded=tuple(name for _, name in gone),
            illustrative_removed=removed,
        )
        record(connection, submission, outcome, by=by)
        return outcome


def take_back(engine: sa.Engine, submission_id: int, *, by: str) -> Returned:
    """Take a file out whole, and bring back what had given way to it."""
    with store_engine.writing(engine) as connection:
        submission = find_file(connection, submission_id)
        if keeps_entries(submission):
            return of_register(connection, submission, "take_back", by=by)
        if pathway_loading.keeps_events(submission):
            return of_events(connection, submission, "take_back", by=by)
        refuse_unkept(connection, submission)
        refuse_half_taken(connection, submission)
        withdrawn = set_aside.take_out(connection, submission_id)
        set_aside.mark_by_rows(connection, [submission_id])
        whole = source(submission.source_id).supplier
        current = set_aside.bring_back_what_gave_way(connection, submission_id, whole=whole)
        invented = 0 if submission.illustrative else bring_back_illustrative(connection, submission)
        newly_superseded(connection, submission)
        outcome = Returned(
            file_name=submission.file_name,
            sha256=submission.sha256,
            submission_id=submission_id,
            action="take_back",
            rows_current=current,
            rows_superseded=withdrawn,
            illustrative_back=invented,
        )
        record(connection, submission, outcome, by=by)
        return outcome


def keeps_entries(submission: Submission) -> bool:
    """Whether a file brought entries with versions: one of a register, or a document."""
    return register_history.keeps_a_register(submission) or document_history.is_of_a_document(submission)


def of_register(connection: sa.Connection, submission: Submission, action: str, *, by: str) -> Returned:
    """Do either with a file of a register, or with a document."""
    kept_by = document_history if document_history.is_of_a_document(submission) else register_history
    act = kept_by.go_back_to if action == "go_back" else kept_by.take_out
    current, gone, left_alone = act(connection, submission, by=by)
    outcome = Returned(
        file_name=submission.file_name,
        sha256=submission.sha256,
        submission_id=submission.id,
        action=action,
        rows_current=current,
        rows_superseded=gone,
        left_alone=left_alone,
    )
    record(connection, submission, outcome, by=by)
    return outcome


def of_events(connection: sa.Connection, submission: Submission, action: str, *, by: str) -> Returned:
    """Do either with a file of events."""
    names: tuple[str, ...] = ()
    if action == "go_back":
        current, gone, names = pathway_loading.go_back_to(connection, submission)
    else:
        current, gone = pathway_loading.take_out(connection, submission)
    outcome = Returned(
        file_name=submission.file_name,
        sha256=submission.sha256,
        submission_id=submission.id,
        action=action,
        rows_current=current,
        rows_superseded=gone,
        files_superseded=names,
    )
    record(connection, submission, outcome, by=by)
    return outcome


def find_file(connection: sa.Connection, submission_id: int) -> Submission:
    """Find a file that was loaded."""
    submission = find_submission(connection, submission_id)
    if submission is None:
        raise UnknownName(
            "there is no file of this number", found=submission_id, expected="the number of a loaded file"
        )
    return submission


def refuse_unkept(connection: sa.Connection, submission: Submission) -> None:
    """Say why one cannot go back to a file of which nothing was kept."""
    if not set_aside.select_indicators_of(connection, submission.id):
        problem = "only returned figures are kept when newer ones come; of this file nothing was kept"
        raise StoreError(problem, file=submission.file_name, todo="Load the earlier file again")


def indicators_to_restore(connection: sa.Connection, submission: Submission) -> list[str]:
    """Name the indicators that may come back: of illustrative figures only those without real ones."""
    names = set_aside.select_indicators_of(connection, submission.id)
    if not submission.illustrative:
        return names
    real = really_returned(connection, [submission.source_id])
    left = [name for name in names if name not in real]
    if not left:
        problem = "the figures of this file are illustrative, and real ones are used now"
        raise StoreError(problem, file=submission.file_name, todo="Take the real file out first, if it was wrong")
    return left


def refuse_half_taken(connection: sa.Connection, submission: Submission) -> None:
    """Let only the file on top be taken out: below a later one, nobody could say what should come back."""
    if set_aside.count_given_way(connection, submission.id):
        problem = "part of this file has given way to a later one"
        raise StoreError(problem, file=submission.file_name, todo="Take the later file out first")
    if not count_current(connection, [submission.id]):
        raise StoreError("this file was taken out already", file=submission.file_name)


def make_way(connection: sa.Connection, submission: Submission, indicators: list[str]) -> int:
    """Set illustrative rows aside, as loading a real return does; published figures leave them alone."""
    if source(submission.source_id).kind == "publication":
        return 0
    return drop_illustrative(connection, indicators, submission.id)


def bring_back_illustrative(connection: sa.Connection, submission: Submission) -> int:
    """Bring illustrative rows back for the indicators that have no real figure any more."""
    names = set_aside.select_indicators_of(connection, submission.id)
    real = really_returned(connection, [submission.source_id])
    return set_aside.bring_back_illustrative(connection, [name for name in names if name not in real])


def newly_superseded(connection: sa.Connection, submission: Submission) -> list[tuple[int, str]]:
    """Bring the marks of the source's submissions in line with their rows; give those that have just lost the last."""
    listed = select_submissions(connection, current=True).set_index("id")["file_name"]
    numbers = set_aside.select_submissions_with_rows(connection, submission.source_id)
    without = set_aside.mark_by_rows(connection, numbers)
    return [(number, str(listed[number])) for number in without if number in listed.index and number != submission.id]


def record(connection: sa.Connection, submission: Submission, outcome: Returned, *, by: str) -> None:
    """Count the change of the store and write it to the trail."""
    bump_data(connection)
    detail: dict[str, Any] = {
        "submission": outcome.submission_id,
        "source": submission.source_id,
        "rows_current": outcome.rows_current,
        "rows_superseded": outcome.rows_superseded,
        "illustrative_removed": outcome.illustrative_removed,
        "illustrative_back": outcome.illustrative_back,
    }
    append_audit(
        connection,
        who=by,
        action=outcome.action,
        subject=outcome.file_name,
        detail=detail,
        file_sha256=outcome.sha256,
    )
