"""Refuses the answers of single people: they are reduced to counts and pseudonyms on the sender's side first."""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from typing import Final

from data.catalogue.questionnaire import questionnaire
from data.errors import DataError, UnreadableFile
from data.intake.guard import safe_name
from data.sources.formats import detect_kind
from data.sources.tables import preview

#: Resources of FHIR that hold answers of, or facts about, single people.
_OF_PEOPLE: Final = re.compile(rb'"resourceType"\s*:\s*"(?:QuestionnaireResponse|Bundle|Patient|RelatedPerson)"')
LEAST_QUESTIONS: Final = 2
TODO: Final = "Run python -m data reduce on your own computer, and send what it writes. docs/questionnaire.md says how"


def raw_answers_in(path: Path) -> DataError | None:
    """Say that a file holds the answers of single people, or give None."""
    if not holds_raw_answers(path):
        return None
    problem = "the file holds the answers of single people, and nothing of it was kept"
    return UnreadableFile(problem, file=safe_name(path), todo=TODO)


def holds_raw_answers(path: Path) -> bool:
    """Whether a file is an export of the pregnancy questionnaire, as FHIR or as a table of answers."""
    try:
        kind = detect_kind(path)
    except UnreadableFile:
        return False
    if kind == "json":
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _OF_PEOPLE.search(content) is not None
    if kind not in {"text", "xlsx", "ods"}:
        return False
    asked = set(questionnaire().questions)
    rows = (row for sheet in preview(path).sheets for row in sheet.head)
    return any(len(asked & {cell.casefold() for cell in row}) >= LEAST_QUESTIONS for row in rows)
