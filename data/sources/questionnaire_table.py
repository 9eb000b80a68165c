"""Read a table of responses to the pregnancy questionnaire, one row for each: on the sender's side, never here.

The columns are the questions' linkIds, an identifier and the day of completion. Other columns are not looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from data.catalogue.questionnaire import questionnaire
from data.errors import WrongColumns
from data.sources.questionnaire_answers import COUNTED, SOURCE, Problems, Response, checked_answers, day_of
from data.sources.tables import read_table

COMPLETED: Final = "completed_on"
#: Names that tables use for a question's answer.
ALSO: Final = {"postcode": "about-postcode", "lsoa21cd": "office-lsoa"}


def read_answer_table(path: Path, problems: Problems, column: str) -> tuple[list[Response], int]:
    """Read every completed response, and count those that are not completed."""
    table = read_table(path).rename(columns=_plain).rename(columns=ALSO)
    person = _plain(column)
    asked = questionnaire().questions
    required = [link for link, question in asked.items() if question.required]
    check_columns(table, [person, COMPLETED, *required], path)
    kept, open_yet = [], 0
    links = [name for name in table.columns if name in asked]
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        entry = int(str(number))
        if str(row.get("status") or "completed").casefold() not in COUNTED:
            open_yet += 1
            continue
        before = problems.count
        if not row[person]:
            problems.add(entry, "the identifier is missing")
        completed = day_of(row[COMPLETED])
        if completed is None:
            words = "the day of completion is missing or no day"
            problems.add(entry, words, question=COMPLETED, expected="a day such as 2025-12-31, not in the future")
        given = {link: _cells(row[link], repeats=asked[link].repeats) for link in links}
        answers = checked_answers(given, entry, problems)
        if completed is not None and problems.count == before:
            kept.append(Response(entry, row[person], completed, answers))
    return kept, open_yet


def check_columns(table: pd.DataFrame, needed: list[str], path: Path) -> None:
    """Refuse a table that lacks what no response can be without, or that has a column twice under two names."""
    missing = [name for name in needed if name not in table.columns]
    if missing:
        todo = "Name the column of identifiers with --column; docs/questionnaire.md lists the others"
        raise WrongColumns("columns are missing", source=SOURCE, file=path.name, expected=", ".join(missing), todo=todo)
    if table.columns.duplicated().any():
        words = "a column stands twice, perhaps once under another name"
        raise WrongColumns(words, source=SOURCE, file=path.name, todo="Leave one of the two out")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _cells(cell: str, *, repeats: bool) -> list[str]:
    return [part.strip() for part in cell.split(";")] if repeats else [cell]
