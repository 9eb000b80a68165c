"""Taking figures away as a file: only for those who may, and never without an entry in the trail."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Final

from data.actions.people import Person, require
from data.answers.answer import Answer
from data.answers.opened import opened

#: The tables of the whole release, and the questions that they answer.
WHOLE: Final[Mapping[str, str]] = {
    "figures": "whole_release",
    "asks": "scorecard",
    "indicators": "definitions",
    "files": "loaded",
}
WHOLE_NAME: Final = "first-1001-days-whole-release"
#: A reader waits no longer than this for a load that is going on.
WAIT_SECONDS: Final = 20


def export_file(person: Person, answers: Mapping[str, Answer], name: str, kind: str) -> bytes:
    """Write answers in a format. Without the right, or where the trail can't be written, there is no file."""
    require(person, "export")
    from data.exports.formats import file_bytes, file_name

    content = file_bytes(answers, name, kind, dt.datetime.now(tz=dt.UTC).date())
    _write_entry(person, answers, file_name(answers, name, kind), content)
    return content


def export_whole(person: Person) -> tuple[str, bytes]:
    """Write everything that is released as one data package; its figures are asked for only now, when it is wanted."""
    require(person, "export")
    from data.answers.questions import question
    from data.exports.naming import labelled

    answers = {name: question(asked)() for name, asked in WHOLE.items()}
    name = labelled(WHOLE_NAME, "zip", illustrative=any(answer.illustrative for answer in answers.values()))
    return name, export_file(person, answers, WHOLE_NAME, "package")


def _write_entry(person: Person, answers: Mapping[str, Answer], file: str, content: bytes) -> None:
    from data.store.audit import append_audit
    from data.store.engine import writing

    detail = {
        "question": "; ".join(answer.question for answer in answers.values()),
        "rows": sum(len(answer.table) for answer in answers.values()),
        "illustrative": any(answer.illustrative for answer in answers.values()),
    }
    digest = hashlib.sha256(content).hexdigest()
    with writing(opened(), wait_seconds=WAIT_SECONDS) as connection:
        append_audit(connection, who=person.subject, action="export", subject=file, detail=detail, file_sha256=digest)
