"""Which groups are reached: Core20, PLUS groups, dads and partners, isolated parents, panels."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import figure, figure_with_limits, period_label, status_words
from data.catalogue import ics, indicator
from data.store.released import select_released

GIVEN: Final = ("shown", "rounded")
LENGTHS: Final = ("quarter", "year", "three_years", "snapshot")
NO_DATA: Final = "no data yet"
#: The part of it that is no group of its own.
NOT_A_GROUP: Final = frozenset({"White", "English"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure of one group: everyone's figure, or the figures of a breakdown."""

    group: str
    name: str
    breakdown: str = ""
    only: tuple[str, ...] = ()


ASKED: Final = (
    Asked("Core20: the most deprived fifth", "hub_reach_under_two", "imd_fifth_national", ("1",)),
    Asked("Core20: the most deprived fifth", "vulnerable_babies_reached", "imd_fifth_national", ("1",)),
    Asked("PLUS group: ethnic group", "hub_reach_under_two", "ethnic_group"),
    Asked("PLUS group: language at home", "hub_reach_under_two", "language"),
    Asked("Dads and partners", "pathways_with_partners"),
    Asked("Dads and partners", "partner_identified_offered"),
    Asked("Dads and partners", "partner_present"),
    Asked("Isolated parents", "loneliness"),
    Asked("Isolated parents, town or country", "loneliness", "rural_urban"),
    Asked("Families in co-production", "panel_representation"),
    Asked("Families in co-production", "services_coproduced"),
    Asked("Babies’ mental health", "under_two_mental_health_access"),
    Asked("The public", "public_reach"),
)
GROUP_COLUMNS: Final = ["group", "measure", "figure", "everyone", "period", "kind", "value_status"]


def reach_groups() -> Answer:
    """Give what reaches each group beside everyone's figure, over the whole system."""
    with reading() as connection:
        names = sorted({one.name for one in ASKED})
        rows = select_released(connection, names, area_code=ics().icb.code)
        records, used = [], []
        for one in ASKED:
            found = newest(rows, one)
            records += [group_record(one, row, rows) for row in found] or [nothing(one)]
            used += [row["submission_id"] for row in found if pd.notna(row["submission_id"])]
        table = pd.DataFrame(records, columns=GROUP_COLUMNS)
        finding = groups_finding(table)
        return make_answer(
            connection,
            question="Which groups are reached?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={int(number) for number in used},
            area_type="icb",
            notes=(
                "Core20 describes places, not families. PLUS groups are agreed locally: returns split by those listed.",
                "The newest period with a figure is taken for each.",
            ),
        )


def newest(rows: pd.DataFrame, asked: Asked) -> list[dict[Hashable, Any]]:
    """Give the rows of the newest period that has a figure, the shortest where several end on one day."""
    found = rows.loc[(rows["indicator_id"] == asked.name) & (rows["breakdown_type"] == asked.breakdown)]
    if asked.only:
        found = found.loc[found["breakdown_value"].isin(asked.only)]
    found = found.loc[~found["breakdown_value"].isin(NOT_A_GROUP)]
    if found.empty:
        return []
    length = found["period_type"].map({name: number for number, name in enumerate(LENGTHS)})
    given = found["value"].notna().groupby([found["period_type"], found["period_to"]]).transform("mean")
    ordered = found.assign(given=given.gt(0.5), length=-length).sort_values(["given", "period_to", "length"])
    last = ordered.iloc[-1]
    same = (found["period_type"] == last["period_type"]) & (found["period_to"] == last["period_to"])
    chosen: list[dict[Hashable, Any]] = found.loc[same].sort_values("breakdown_value").to_dict("records")
    return chosen


def group_record(asked: Asked, row: dict[Hashable, Any], rows: pd.DataFrame) -> dict[str, str]:
    """Write one group's figure, and everyone's for the same period where the figure is a part's."""
    definition = indicator(asked.name)
    part = asked.breakdown and not asked.only
    everyone = rows.loc[
        (rows["indicator_id"] == asked.name)
        & (rows["breakdown_type"] == "")
        & (rows["period_type"] == row["period_type"])
        & (rows["period_to"] == row["period_to"]),
        "value",
    ].dropna()
    shown = row["value_status"] in GIVEN
    limits = (row["value"], row["lowercl"], row["uppercl"])
    return {
        "group": f"{asked.group}: {row['breakdown_value']}" if part else asked.group,
        "measure": definition.short_name,
        "figure": figure_with_limits(*limits, definition.unit) if shown else status_words(row["value_status"]),
        "everyone": figure(float(everyone.iloc[0]), definition.unit) if asked.breakdown and len(everyone) else "–",
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "kind": "Illustrative" if row["illustrative"] else "Real",
        "value_status": row["value_status"],
    }


def nothing(asked: Asked) -> dict[str, str]:
    """Say that nobody has sent a measure in."""
    said = {"group": asked.group, "measure": indicator(asked.name).short_name, "figure": NO_DATA}
    return said | {"everyone": "–", "period": "–", "kind": "–", "value_status": "not_collected"}


def groups_finding(table: pd.DataFrame) -> str:
    """Say how many figures there are, and the one for Core20 beside everyone's."""
    given = table.loc[table["value_status"].isin(GIVEN)]
    if given.empty:
        return "No data yet on which groups are reached."
    core = given.loc[given["group"].str.startswith("Core20") & (given["everyone"] != "–")]
    said = f"{len(given)} of {len(table)} figures by group can be shown."
    if core.empty:
        return said
    row = core.iloc[0]
    value = str(row["figure"]).split(" (")[0]
    measure = str(row["measure"])
    core_words = f"{measure[0].lower()}{measure[1:]} is {value}; over everyone it is {row['everyone']}"
    return f"In the most deprived fifth, {core_words}. {said}"
