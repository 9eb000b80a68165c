"""Does help go where the need is greatest? The targeting ratio of buddies, and that of targeted contacts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_allocation import ALLOCATED
from data.answers.buddies_places import (
    submissions_of,
)
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import period_label
from data.catalogue import ics
from data.store.released import select_released
from metrics.targeting import targeting_of_the_helped

if TYPE_CHECKING:
    import sqlalchemy as sa

BUDDIES: Final = "Parent buddies"
CONTACTS: Final = "core20_share_of_contacts"
COHORT: Final = "cohort_under_two"
PERCENT: Final = 100.0
RATIO_COLUMNS: Final = [
    *("measure", "words", "meaning", "period", "targeting_ratio", "lowercl", "uppercl", "help_share", "need_share"),
    *("value_status", "illustrative", "submission_id"),
]


def buddies_targeting() -> Answer:
    """Give the targeting ratio of buddies, and that of targeted contacts, each with its limits."""
    with reading() as connection:
        records = [one for one in (buddy_ratio(connection), contact_ratio(connection)) if one is not None]
        table = pd.DataFrame(records, columns=RATIO_COLUMNS)
        finding = " ".join(table["words"]) or "The targeting ratio can't be worked out yet."
        return make_answer(
            connection,
            question="Does help go where the need is greatest?",
            finding=finding,
            table=table.drop(columns="submission_id"),
            text_alternative=finding,
            submission_ids=submissions_of(table),
            unit="ratio",
            area_type="icb",
            notes=(
                "The targeting ratio is the Core20 share of help over its share of need. 1 is in proportion.",
                "Core20 is the most deprived national fifth of neighbourhoods. It describes places, not families.",
                "A ratio says how help is spread. It does not say whether there is enough.",
            ),
        )


def fifths_of(connection: sa.Connection, name: str) -> pd.DataFrame:
    """Give the system's five fifths for the newest three years, or year, in which all five have a figure."""
    rows = select_released(connection, name, area_code=ics().icb.code, breakdown_type="imd_fifth_national")
    given = rows.loc[rows["numerator"].notna()].sort_values("breakdown_value")
    for kind in ("three_years", "year"):
        whole = given.loc[given["period_type"] == kind].groupby("period_to").filter(lambda fifths: len(fifths) == 5)
        if len(whole):
            newest: pd.DataFrame = whole.loc[whole["period_to"] == whole["period_to"].max()]
            return newest
    return rows.iloc[0:0]


def buddy_ratio(connection: sa.Connection) -> dict[str, Any] | None:
    """Compare Core20's share of parents with a buddy with its share of parents who meet the criteria."""
    fifths = fifths_of(connection, ALLOCATED)
    if fifths.empty or fifths["denominator"].isna().any():
        return None
    first, rest = fifths.iloc[0], fifths.iloc[1:]
    counts = (first["numerator"], first["denominator"], rest["numerator"].sum(), rest["denominator"].sum())
    worked = targeting_of_the_helped(*counts).iloc[0].to_dict()
    return ratio_record(BUDDIES, "parents with a buddy", "parents who need one", worked, first.to_dict())


def contact_ratio(connection: sa.Connection) -> dict[str, Any] | None:
    """Compare Core20's share of targeted contacts with its share of children under two, in the newest year of both."""
    contacts = select_released(connection, CONTACTS, area_code=ics().icb.code, breakdown_type="", period_type="year")
    children = select_released(
        connection, COHORT, area_code=ics().icb.code, breakdown_type="imd_fifth_national", period_type="year"
    )
    for row in contacts.dropna(subset="value").sort_values("period_to", ascending=False).to_dict("records"):
        same = children.loc[(children["period_to"] == row["period_to"]) & children["numerator"].notna()]
        if len(same) == 5 and same["numerator"].sum() > 0:
            counts = same.sort_values("breakdown_value")["numerator"]
            share = float(counts.iloc[0] / counts.sum())
            if share == 0:
                continue
            worked = {
                "help_share": row["value"] / PERCENT,
                "need_share": share,
                **{
                    at: row[name] / PERCENT / share
                    for at, name in (("targeting_ratio", "value"), ("lowercl", "lowercl"), ("uppercl", "uppercl"))
                },
            }
            return ratio_record("Targeted contacts", "targeted contacts", "children under two", worked, row)
    return None


def ratio_record(
    measure: str, help_words: str, need_words: str, worked: Mapping[Any, Any], row: Mapping[Any, Any]
) -> dict[str, Any]:
    """Write one ratio in words: the two shares, their ratio with its limits, and what it says."""
    period = period_label(row["period_type"], row["period_from"], row["period_to"])
    ratio, low, high = (float(worked[name]) for name in ("targeting_ratio", "lowercl", "uppercl"))
    limits = "" if math.isnan(low) else f" ({low:.2f} to {high:.2f})"
    words = (
        f"Core20 neighbourhoods have {worked['need_share']:.1%} of {need_words} and {worked['help_share']:.1%} of "
        f"{help_words} ({period}). The targeting ratio is {ratio:.2f}{limits}: {ratio_meaning(ratio, low, high)}."
    )
    shares = {name: float(worked[name]) for name in ("help_share", "need_share", "lowercl", "uppercl")}
    status = {name: row[name] for name in ("value_status", "illustrative", "submission_id")}
    meaning = ratio_meaning(ratio, low, high)
    return {
        "measure": measure,
        "words": words,
        "meaning": meaning,
        "period": period,
        "targeting_ratio": ratio,
        **shares,
        **status,
    }


def ratio_meaning(ratio: float, low: float, high: float) -> str:
    """Say what a ratio tells, and nothing where chance could explain it."""
    if ratio == 0:
        return "none of it goes there"
    if high < 1:
        return "less than their share"
    if low > 1:
        return "more than their share"
    return "no different from their share, within chance"
