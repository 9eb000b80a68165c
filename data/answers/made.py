"""Put an answer together: its label when it is illustrative, its sources, and the disclosure statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer, SourceLine
from data.catalogue import disclosure
from data.store.submissions import select_submissions

if TYPE_CHECKING:
    import sqlalchemy as sa

LABEL: Final = "Illustrative, not real: "


def source_lines(connection: sa.Connection, submission_ids: Iterable[int]) -> tuple[SourceLine, ...]:
    """Give the source line of each submission that figures rest on, in the order they were loaded."""
    wanted = {int(number) for number in submission_ids}
    rows = select_submissions(connection)
    rows = rows.loc[rows["id"].isin(wanted)].sort_values("id")
    return tuple(
        SourceLine(
            supplier=row["supplier"],
            publication=row["publication"],
            edition=row["edition"],
            extract_date=dt.date.fromisoformat(row["extract_date"][:10])
            if isinstance(row["extract_date"], str)
            else None,
            sha256=row["sha256"],
            illustrative=bool(row["illustrative"]),
        )
        for row in rows.to_dict("records")
    )


def _day(written: object) -> dt.date | None:
    return dt.date.fromisoformat(written[:10]) if isinstance(written, str) and written else None


def make_answer(connection: sa.Connection, **said: Any) -> Answer:
    """Make an answer from what ``answer_fields`` takes."""
    return Answer(**answer_fields(connection, **said))


def answer_fields(  # one argument for each thing that an answer must say
    connection: sa.Connection,
    *,
    question: str,
    finding: str,
    table: pd.DataFrame,
    text_alternative: str,
    submission_ids: Iterable[int],
    unit: str = "",
    period: str = "",
    area_type: str = "",
    people: bool = True,
    labelled: bool = True,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Give the fields of an answer.

    ``people`` says whether its figures are counts of people that we protected. ``labelled=False`` is for a finding
    that itself says how much is illustrative; every other one begins with the label where any of it is.
    """
    sources = source_lines(connection, submission_ids)
    illustrative = any(line.illustrative for line in sources)
    label = LABEL if illustrative and labelled else ""
    return {
        "question": question,
        "finding": f"{label}{finding}",
        "table": table.reset_index(drop=True),
        "unit": unit,
        "period": period,
        "area_type": area_type,
        "text_alternative": f"{label}{text_alternative}",
        "sources": sources,
        "disclosure": disclosure().statement if people else "",
        "illustrative": illustrative,
        "notes": tuple(notes),
    }
