"""What each family hub offers: the core offer, and the eight kinds of stressor that it may help with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer, source_lines
from data.answers.opened import reading
from data.answers.reach_near import offer_words, settings_files
from data.answers.words import join_words, period_label
from data.catalogue import ics
from data.store.released import select_released
from data.store.settings import select_settings

if TYPE_CHECKING:
    import sqlalchemy as sa

NO_DATA: Final = "no data yet"
HUB_COLUMNS: Final = ["hub", "council", "core_offer", "stressors", "kind"]
STRESSOR_COLUMNS: Final = ["stressor", "hubs", "share", "period", "kind"]


def hub_offer() -> Answer:
    """List each hub with its core offer and the stressors it helps with."""
    with reading() as connection:
        table, used = hubs_sent_in(connection)
        finding = full_offer(table)
        if not finding:
            finding, more = full_offer_returned(connection)
            used |= more
        return make_answer(
            connection,
            question="What does each hub offer?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=used,
            people=False,
            notes=("It says what a hub offers, not whether families use it.",),
        )


def full_offer(table: pd.DataFrame) -> str:
    """Count the hubs of the list that deliver every core element; nothing where none says."""
    said = table.loc[table["core_offer"] != NO_DATA, "core_offer"].str.extract(r"^(\d+) of (\d+)")
    if said.empty:
        return ""
    return f"{int((said[0] == said[1]).sum())} of {len(said)} hubs that have said deliver every core element."


def full_offer_returned(connection: sa.Connection) -> tuple[str, set[int]]:
    """Count the hubs with the full core offer as the return of figures has it."""
    rows = select_released(connection, "hubs_full_core_offer", area_code=ics().icb.code, breakdown_type="", latest=True)
    rows = rows.loc[rows["value"].notna()].sort_values("period_type").head(1)
    for row in rows.to_dict("records"):
        period = period_label(row["period_type"], row["period_from"], row["period_to"])
        counted = f"{row['numerator']:.0f} of {row['denominator']:.0f} hubs"
        return f"{counted} deliver the full core offer ({period}).", {int(row["submission_id"])}
    return "No data yet on what the hubs offer.", set()


def hubs_sent_in(connection: sa.Connection) -> tuple[pd.DataFrame, set[int]]:
    """List the hubs of the return of settings; without it, those whose stressors are in the long return."""
    council = area_names(connection)["council"]
    listed = select_settings(connection, ["family_hub"])
    if len(listed):
        places = listed["area_code"].map(council).fillna("–")
        used = settings_files(connection)
        invented = any(line.illustrative for line in source_lines(connection, used))
        kind = "Illustrative" if invented else "Real"
        records = [
            dict(zip(HUB_COLUMNS, (name, place, *offer_words(said), kind), strict=True))
            for name, place, said in zip(listed["name"], places, listed["attributes"], strict=True)
        ]
        return pd.DataFrame(records, columns=HUB_COLUMNS), set(used)
    rows = pd.concat([returned(connection, "hub", place.code).assign(council=place.label) for place in ics().lads])
    records = [
        {
            "hub": row["breakdown_value"],
            "council": row["council"],
            "core_offer": NO_DATA,
            "stressors": f"{row['numerator']:.0f} of {row['denominator']:.0f}",
            "kind": "Illustrative" if row["illustrative"] else "Real",
        }
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(records, columns=HUB_COLUMNS), set(rows["submission_id"].dropna().astype(int))


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
            text_alternative=". ".join([finding, *(f"{one['stressor']}: {one['hubs']} hubs" for one in records)]),
            submission_ids=rows["submission_id"].dropna().astype(int),
            unit="%",
            people=False,
        )


def returned(connection: sa.Connection, breakdown: str, area_code: str) -> pd.DataFrame:
    """Give the newest quarter of stressors by hub or by kind."""
    rows = select_released(
        connection, "hub_stressor_services", area_code=area_code, breakdown_type=breakdown, latest=True
    )
    return rows.loc[(rows["period_type"] == "quarter") & rows["value"].notna()]
