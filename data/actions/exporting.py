"""Taking figures away as a file: only for those who may, and never without an entry in the trail."""

from __future__ import annotations

import hashlib
from typing import Final

from data.actions.people import Person, require
from data.answers.answer import Answer
from data.answers.opened import opened

#: A reader waits no longer than this for a load that is going on.
WAIT_SECONDS: Final = 20


def export_csv(person: Person, answer: Answer, name: str) -> bytes:
    """Write an answer's table as CSV. Without the right, or where the trail can't be written, there is no file."""
    require(person, "export")
    from data.exports.csv_file import csv_bytes, file_name

    content = csv_bytes(answer)
    _write_entry(person, answer, file_name(answer, name), content)
    return content


def _write_entry(person: Person, answer: Answer, file: str, content: bytes) -> None:
    from data.store.audit import append_audit
    from data.store.engine import writing

    detail = {"question": answer.question, "rows": len(answer.table), "illustrative": answer.illustrative}
    digest = hashlib.sha256(content).hexdigest()
    with writing(opened(), wait_seconds=WAIT_SECONDS) as connection:
        append_audit(connection, who=person.subject, action="export", subject=file, detail=detail, file_sha256=digest)
