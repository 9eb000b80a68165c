"""Does it help? Infants removed and children in care: three years together, beside safety measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_places import COLUMNS, NO_DATA, of_system, place_rows, shown, submissions_of
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import figure
from data.catalogue import ics, indicator

if TYPE_CHECKING:
    from collections.abc import Sequence

INFANTS: Final = "care_proceedings_infant"
OUTCOMES: Final = (
    *("care_proceedings_newborn", INFANTS, "under_two_started_looked_after"),
    *("looked_after_under_1", "looked_after_1_to_4"),
)
SAFETY: Final = ("re_referrals", "serious_incidents")
PUBLISHED: Final = (
    *("children_looked_after_rate", "children_started_looked_after", "children_in_need_rate"),
    "child_protection_plans_rate",
)
NOT_ALONE: Final = (
    "Fewer is better only if babies stay safe, so no figure here is coloured or called good or bad by itself. "
    "Care can be the safest place for a child."
)
ENGLAND: Final = (
    "England, newborns in care proceedings: 15 for every 10,000 live births in 2008 and 35 in 2016 "
    "(Nuffield Family Justice Observatory). No later local series was found."
)
OUTCOME_COLUMNS: Final = [
    *("measure", "area", "figure", "counted", "period", "safety_1", "safety_2"),
    *("value", "lowercl", "uppercl", "numerator", "denominator", "value_status", "illustrative", "indicator_id"),
]


def buddies_outcomes() -> Answer:
    """Give removals and care over three years for the system and its councils, each beside two safety measures."""
    with reading() as connection:
        rows = place_rows(connection, [*OUTCOMES, *SAFETY], periods=("three_years",))
        table = beside_safety(rows)
        finding = outcomes_finding(rows)
        return make_answer(
            connection,
            question="Are fewer infants removed, and are babies safe?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=submissions_of(rows),
            area_type="lad",
            notes=(
                NOT_ALONE,
                "Three years are pooled, and nothing is given below a council, because the numbers are very small.",
                "These figures are of all families, not of those with a buddy. They can't show what a buddy changed.",
                ENGLAND,
            ),
        )


def beside_safety(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the two safety measures of the same place beside each outcome, and below them all."""
    said = {(row["indicator_id"], row["area_code"]): row for row in rows.to_dict("records")}
    records: list[dict[Any, Any]] = []
    for row in rows.to_dict("records"):
        safety = row["indicator_id"] in SAFETY
        pair = {
            f"safety_{at}": "" if safety else said[name, row["area_code"]]["figure"]
            for at, name in enumerate(SAFETY, start=1)
        }
        measure = f"Safety: {row['measure'][:1].lower()}{row['measure'][1:]}" if safety else row["measure"]
        records.append({**row, **pair, "measure": measure})
    return pd.DataFrame(records, columns=OUTCOME_COLUMNS)


def outcomes_finding(rows: pd.DataFrame) -> str:
    """Say infants in care proceedings with their limits, then safety, then what that does not tell."""
    infants = of_system(rows, INFANTS)
    if not shown(infants):
        return f"Infants in care proceedings in {ics().label}: {str(infants['figure']).lower()}. {NOT_ALONE}"
    return (
        f"Over {infants['period']}, {figure(infants['numerator'], '')} infants under one were in care proceedings in "
        f"{ics().label}: {infants['figure']}. {safety_words(rows)} {NOT_ALONE}"
    )


def safety_words(rows: pd.DataFrame) -> str:
    """Say the safety measures in a sentence each."""
    said = []
    for name in SAFETY:
        row = of_system(rows, name)
        words = str(row["figure"])
        said.append(f"{indicator(name).short_name}: {words[:1].lower()}{words[1:]}.")
    return " ".join(said)


def buddies_published() -> Answer:
    """Give what is published about children in care and social care, of all ages."""
    places = [ics().country, ics().region, *ics().lads]
    with reading() as connection:
        rows = place_rows(connection, PUBLISHED, periods=("snapshot", "year"), places=places)
        given = rows.loc[rows["figure"] != NO_DATA]
        finding = published_finding(given)
        return make_answer(
            connection,
            question="What is published about children in care?",
            finding=finding,
            table=given[COLUMNS[:-1]],
            text_alternative=finding,
            submission_ids=submissions_of(given),
            area_type="lad",
            people=False,
            notes=("Published figures are of children of all ages, as their publisher protected them.",),
        )


def published_finding(rows: pd.DataFrame) -> str:
    """Say what is published, figure by figure."""
    if rows.empty:
        return "No published figures of children in care have been loaded yet."
    return f"Published, all ages: {listed(rows.to_dict('records'))}. {NOT_ALONE.split('.')[0]}."


def listed(rows: Sequence[dict[Any, Any]]) -> str:
    """List children looked after at each place."""
    first = [row for row in rows if row["indicator_id"] == rows[0]["indicator_id"]]
    name = indicator(first[0]["indicator_id"]).name[:1].lower() + indicator(first[0]["indicator_id"]).name[1:]
    return f"{name}, " + "; ".join(f"{row['area']} {row['figure']} ({row['period']})" for row in first)
