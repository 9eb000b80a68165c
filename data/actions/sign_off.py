"""Sign a return off: somebody with the right says that its figures may be relied on, and the attack finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.actions.people import Person, require
from data.answers.opened import opened
from data.catalogue import sign_off_rule
from data.catalogue.signing import needs_sign_off
from data.errors import DataError, StoreError, UnknownName

if TYPE_CHECKING:
    import sqlalchemy as sa

COLUMNS: Final = ("id", "publication", "edition", "file_name", "loaded_at", "loaded_by")


def awaiting_sign_off(person: Person) -> pd.DataFrame:
    """List the returns whose figures are shown and that nobody has signed off yet, newest first."""
    require(person, "sign_off")
    from data.store.engine import reading
    from data.store.submissions import select_submissions

    with reading(opened()) as connection:
        files = select_submissions(connection, current=True)
    needed = [
        needs_sign_off(source_id, illustrative=bool(invented))
        for source_id, invented in zip(files["source_id"], files["illustrative"], strict=True)
    ]
    waiting = files.loc[pd.Series(needed, index=files.index, dtype=bool) & files["signed_off_at"].isna()]
    return waiting[list(COLUMNS)].reset_index(drop=True)


def sign_off(person: Person, submission_id: int) -> None:
    """Record that a person signed a return off, once the trail holds and the attack on all that is released fails."""
    require(person, "sign_off")
    from data.answers.audit import audit_release
    from data.answers.current import ensure_current
    from data.store.engine import reading
    from data.store.state import data_revision

    engine = opened()
    with reading(engine) as connection:
        refuse_unsuitable(connection, person, submission_id)
    ensure_current(engine)
    with reading(engine) as connection:
        attacked = data_revision(connection)
        own = fed_by(connection, submission_id)
    # everything by following the sums, which takes seconds; what this return feeds also by integer programming
    report = audit_release(engine, thorough=False)
    if report.passed:
        report = audit_release(engine, own)
    if not report.passed:
        note_refusal(engine, person, submission_id, report.sentence)
        problem = f"The return can't be signed off: {report.sentence}"
        raise DataError(problem, todo="Run python -m data audit for what was found")
    write_sign_off(engine, person, submission_id, attacked)


def fed_by(connection: sa.Connection, submission_id: int) -> list[str]:
    """Name the indicators that a return feeds, with its figures or with its events."""
    from data.catalogue.pathway import counted_indicators
    from data.store.observations import select_observations
    from data.store.pathway import count_events

    if count_events(connection, submission_id):
        return list(counted_indicators())
    own: list[str] = select_observations(connection, submission_id=submission_id)["indicator_id"].unique().tolist()
    return own


def refuse_unsuitable(connection: sa.Connection, person: Person, submission_id: int) -> dict[str, Any]:
    """Give the submission if this person may sign it off now; otherwise say in a plain sentence why not."""
    from data.store.submissions import select_submissions
    from data.store.trail_check import check_trail

    files = select_submissions(connection)
    found = files.loc[files["id"] == submission_id].to_dict("records")
    if not found:
        raise UnknownName("There is no such submission", found=submission_id)
    one = {str(name): value for name, value in found[0].items()}
    if problem := what_speaks_against(one, person):
        raise DataError(problem, file=one["file_name"])
    verdict = check_trail(connection)
    if not verdict.holds:
        problem = f"Nothing can be signed off. {verdict.sentence}"
        raise DataError(problem, todo="Tell whoever keeps the database; docs/trail.md says what it means")
    return one


def what_speaks_against(submission: dict[str, Any], person: Person) -> str | None:
    """Say why a submission is not this person's to sign off."""
    if submission["illustrative"]:
        return "The file is illustrative, so there is nothing to sign off"
    if not needs_sign_off(submission["source_id"], illustrative=False):
        return "The file is not a return, so nobody signs it off"
    if not pd.isna(submission["superseded_at"]):
        return "A later file has taken its place, so it can't be signed off"
    if not pd.isna(submission["signed_off_at"]):
        return "The return is signed off already"
    own = submission["loaded_by"] in (person.subject, person.name)
    if own and sign_off_rule().two_people and not person.local:
        return f"You loaded this return yourself. {sign_off_rule().statement.rstrip('.')}"
    return None


def note_refusal(engine: sa.Engine, person: Person, submission_id: int, why: str) -> None:
    """Leave an entry that a sign-off was refused."""
    from data.store.audit import append_audit
    from data.store.engine import writing

    with writing(engine) as connection:
        detail = {"submission": submission_id, "why": why}
        subject = f"submission {submission_id}"
        append_audit(connection, who=person.subject, action="sign_off_refused", subject=subject, detail=detail)


def write_sign_off(engine: sa.Engine, person: Person, submission_id: int, attacked: str) -> None:
    """Record the sign-off and its entry together, if the store is still the one that was attacked."""
    from data.store.audit import append_audit
    from data.store.engine import writing
    from data.store.state import bump_release, data_revision
    from data.store.submissions import sign_off as record_sign_off

    with writing(engine) as connection:
        one = refuse_unsuitable(connection, person, submission_id)
        if data_revision(connection) != attacked:
            problem = "Somebody loaded a file while the release was checked"
            raise StoreError(problem, todo="Look at what is shown now, then sign off again")
        record_sign_off(connection, submission_id, person.subject)
        bump_release(connection)
        append_audit(
            connection,
            who=person.subject,
            action="sign_off",
            subject=str(one["file_name"]),
            detail={"submission": submission_id},
            file_sha256=str(one["sha256"]),
        )
