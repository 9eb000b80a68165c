"""What each indicator counts, in plain English."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import better_direction
from data.catalogue import indicators, source

COLUMNS: Final = [
    "indicator",
    "definition",
    "numerator",
    "denominator",
    "unit",
    "better",
    "target",
    "source",
    "access",
    "caveat",
    "asks",
    "indicator_id",
]


def definitions() -> Answer:
    """List every indicator with its definition, direction, published level and source."""
    rows = [
        {
            "indicator": one.name,
            "definition": one.definition,
            "numerator": one.numerator,
            "denominator": one.denominator or "–",
            "unit": one.unit,
            "better": better_direction(one),
            "target": one.target.words if one.target and not one.target.implied else "None published",
            "source": source(one.source).name,
            "access": one.access,
            "caveat": one.caveat or "–",
            "asks": " ".join(one.asks),
            "indicator_id": one.id,
        }
        for one in indicators()
    ]
    finding = f"{len(rows)} indicators are defined; {sum(row['access'] == 'public' for row in rows)} are published."
    with reading() as connection:
        return make_answer(
            connection,
            question="What does each indicator count?",
            finding=finding,
            table=pd.DataFrame(rows, columns=COLUMNS),
            text_alternative=finding,
            submission_ids=(),
            people=False,
        )
