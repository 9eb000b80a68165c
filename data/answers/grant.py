"""What is published of the public health grant, whose national ring-fence is for public health as a whole."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.money_words import RING_FENCE, pounds_words
from data.answers.opened import reading
from data.answers.words import period_label
from data.catalogue import ics, indicator
from data.store.observations import select_notes
from data.store.released import select_released

GRANT: Final = "public_health_grant"
PUBLISHED: Final = (
    GRANT,
    *("public_health_grant_indicative", "public_health_grant_retained", "public_health_dorset_budget"),
)
COLUMNS: Final = [
    *("measure", "area", "year", "figure", "published_in"),
    *("value", "value_status", "illustrative", "indicator_id", "area_code"),
]


def published_grant() -> Answer:
    """List the published grant of England, the system and its councils, newest year first."""
    labels = {place.code: place.label for place in (ics().country, ics().icb, *ics().lads)}
    with reading() as connection:
        rows = select_released(connection, list(PUBLISHED), period_type="year", breakdown_type="")
        rows = rows.loc[rows["area_code"].isin(labels) & rows["value"].notna()]
        notes = select_notes(connection, PUBLISHED)
        cited = {
            (row["indicator_id"], row["area_code"], str(row["period_from"])[:10]): row["note"]
            for row in notes.to_dict("records")
        }
        rows = rows.assign(
            measure=[indicator(name).name for name in rows["indicator_id"]],
            area=rows["area_code"].map(labels),
            year=[period_label("year", *pair) for pair in zip(rows["period_from"], rows["period_to"], strict=True)],
            figure=[pounds_words(float(value)) for value in rows["value"]],
            published_in=[
                cited.get((name, code, start[:10]), "–")
                for name, code, start in zip(rows["indicator_id"], rows["area_code"], rows["period_from"], strict=True)
            ],
            order=rows["indicator_id"].map(PUBLISHED.index),
        ).sort_values(["order", "period_from", "area_code"], ascending=[True, False, True])
        said = grant_finding(rows)
        return make_answer(
            connection,
            question="What is published of the public health grant?",
            finding=said,
            table=rows[COLUMNS],
            text_alternative=said,
            submission_ids={int(one) for one in rows["submission_id"].dropna()},
            people=False,
            notes=(
                RING_FENCE,
                "Public Health Dorset ended on 31 March 2025. Since then each council has its own team.",
            ),
        )


def grant_finding(rows: pd.DataFrame) -> str:
    """Say the newest grant of England and of Dorset, and what its ring-fence covers."""
    own = rows.loc[rows["indicator_id"] == GRANT]
    if own.empty:
        return f"No published grant is loaded yet. {RING_FENCE}"
    said = []
    for code in (ics().country.code, ics().icb.code):
        here = own.loc[own["area_code"] == code]
        if len(here):
            newest = here.iloc[0]
            said.append(f"{newest['area']}: {newest['figure']} in {newest['year']}.")
    return f"The newest published grants that are loaded. {' '.join(said)} {RING_FENCE}"
