"""The eight kinds of stressor: at how many family hubs a service helps with each, as the long return has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.alternatives import extremes_words
from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import join_words, period_label
from data.catalogue import ics
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

STRESSOR_COLUMNS: Final = ["stressor", "hubs", "share", "period", "kind"]


def hub_stressors() -> Answer:
    """Say, for each of the eight kinds of stressor, at how many hubs a service helps with it."""
    with reading() as connection:
        rows = returned(connection, "stressor", ics().icb.code).sort_values(["value", "breakdown_value"])
        records = [
            {
                "stressor": row["breakdown_value"],
                "hubs": f"{row['numerator']:.0f} of {row['denominator']:.0f}",
                "share": float(row["value"]),
                "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
                "kind": "Illustrative" if row["illustrative"] else "Real",
            }
            for row in rows.to_dict("records")
        ]
        finding = "No data yet on which stressors the hubs help with."
        if records:
            least = [one for one in records if one["share"] == records[0]["share"]]
            finding = f"Fewest hubs help with {join_words([one['stressor'] for one in least])}: {least[0]['hubs']}."
        return make_answer(
            connection,
            question="Which stressors do hubs help with?",
            finding=finding,
            table=pd.DataFrame(records, columns=STRESSOR_COLUMNS),
            text_alternative=stressors_alternative(finding, records),
            submission_ids=rows["submission_id"].dropna().astype(int),
            unit="%",
            people=False,
        )


def stressors_alternative(finding: str, records: list[dict[str, Any]]) -> str:
    """Describe the bars: each kind of stressor, and those with which most and fewest hubs help."""
    if not records:
        return finding
    listed = "; ".join(f"{one['stressor']}: {one['hubs']} hubs" for one in records)
    ends = extremes_words([one["stressor"] for one in records], [one["share"] for one in records], "%")
    return f"Bars of the share of hubs that help with each stressor. {listed}. {ends}"


def returned(connection: sa.Connection, breakdown: str, area_code: str) -> pd.DataFrame:
    """Give the newest quarter of stressors by hub or by kind."""
    rows = select_released(
        connection, "hub_stressor_services", area_code=area_code, breakdown_type=breakdown, latest=True
    )
    return rows.loc[(rows["period_type"] == "quarter") & rows["value"].notna()]
