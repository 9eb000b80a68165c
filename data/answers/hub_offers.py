"""What each family hub offers: the core offer, the eight stressors in words, its reach, and the babies near it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer, source_lines
from data.answers.money_words import marked
from data.answers.opened import reading
from data.answers.reach_hubs import returned
from data.answers.reach_near import STRAIGHT, offer_words
from data.answers.reach_walking import (
    PUBLISHED,
    WALKABLE,
    babies_by_neighbourhood,
    babies_of_each_hub,
    distance_of,
    placed_hubs,
)
from data.answers.words import figure, join_words, period_label
from data.catalogue import breakdown, ics, indicator
from data.store.released import select_released
from data.store.settings import select_settings

if TYPE_CHECKING:
    import sqlalchemy as sa

NO_DATA: Final = "no data yet"
STRESSORS: Final = tuple(breakdown("stressor").values)
REACH: Final = "hub_reach_under_two"
PERIODS: Final = ("quarter", "year", "three_years")
COLUMNS: Final = ["hub", "council", "core_offer", "stressors", "missing", "reach", "babies", "kind"]
NOTES: Final = (
    "It says what a hub offers, not whether families use it.",
    "Reach is the share of families with a pregnancy or a child under two whom any hub reached, in the larger "
    "neighbourhood around it. How many came to one hub is not sent in.",
    "A baby counts for the nearest hub only.",
)


def hub_offer() -> Answer:
    """List each hub with its core offer, stressors, the reach where it stands and the babies near it."""
    with reading() as connection:
        hubs = select_settings(connection, ["family_hub"])
        table, used = hub_table(connection, hubs) if len(hubs) else returned_hubs(connection)
        finding = offer_finding(table)
        if not finding:
            finding, more = full_offer_returned(connection)
            used |= more
        _, how = babies_by_neighbourhood(connection)
        said = (*NOTES, STRAIGHT, WALKABLE, f"Babies are an estimate ({how}).")
        return make_answer(
            connection,
            question="What does each hub offer?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=used,
            people=bool(len(hubs)),
            notes=said if len(hubs) else NOTES[:1],
        )


def hub_table(connection: sa.Connection, hubs: pd.DataFrame) -> tuple[pd.DataFrame, set[int]]:
    """Write one row for each hub of the return of settings, and give the files that it rests on."""
    areas = area_names(connection)
    reach, used = reach_where_they_stand(connection, areas, hubs["area_code"])
    files = {int(number) for number in hubs["submission_id"]}
    invented = {number for number in files for line in source_lines(connection, [number]) if line.illustrative}
    alike = invented == files
    babies = babies_near(connection, hubs)
    records = [
        {
            "hub": hub["name"],
            "council": areas["council"].get(hub["area_code"], "") or "–",
            **offer_record(hub["attributes"]),
            "reach": marked(*reach[at], alike=alike) if at in reach else NO_DATA,
            "babies": babies.get(at),
            "kind": "Illustrative" if hub["submission_id"] in invented else "Real",
        }
        for at, hub in enumerate(hubs.to_dict("records"))
    ]
    table = pd.DataFrame(records, columns=COLUMNS).sort_values(["council", "hub"], ignore_index=True)
    return table, files | used


def offer_record(attributes: dict[str, Any] | None) -> dict[str, str]:
    """Say how much of the core offer a hub delivers, with which stressors it helps, and with which it does not."""
    core, stressors = offer_words(attributes)
    if stressors == NO_DATA:
        return {"core_offer": core, "stressors": stressors, "missing": NO_DATA}
    covered = {word.strip().casefold() for word in str((attributes or {})["stressors_covered"]).split(";")}
    missing = [name for name in STRESSORS if name.casefold() not in covered]
    return {"core_offer": core, "stressors": stressors, "missing": ", ".join(missing) or "none: all eight are covered"}


def reach_where_they_stand(
    connection: sa.Connection, areas: pd.DataFrame, codes: pd.Series
) -> tuple[dict[int, tuple[str, bool]], set[int]]:
    """Give the newest protected reach of each hub's larger neighbourhood in words, and whether it is illustrative."""
    rows = select_released(connection, REACH, area_type="msoa21", breakdown_type="")
    rows = rows.loc[rows["value"].notna()].assign(length=rows["period_type"].map(PERIODS.index))
    newest = rows.sort_values(["period_to", "length"], ascending=[False, True]).drop_duplicates("area_code")
    of_area = {row["area_code"]: row for row in newest.to_dict("records")}
    said, used = {}, set()
    for at, code in enumerate(areas["msoa_code"].reindex(codes)):
        if (row := of_area.get(code)) is not None:
            period = period_label(row["period_type"], row["period_from"], row["period_to"])
            value = figure(row["value"], indicator(REACH).unit)
            said[at] = (f"{value} in {areas.loc[code, 'area_label']} ({period})", bool(row["illustrative"]))
            used.add(int(row["submission_id"]))
    return said, used


def babies_near(connection: sa.Connection, hubs: pd.DataFrame) -> dict[int, int]:
    """Estimate the babies within walking distance of each hub that has a point, by its place in the list."""
    placed = placed_hubs(connection)
    counts = babies_of_each_hub(connection, placed, distance_of(PUBLISHED)[1])
    by_id = dict(zip(placed["setting_id"], counts, strict=True))
    return {at: by_id[name] for at, name in enumerate(hubs["setting_id"]) if name in by_id}


def offer_finding(table: pd.DataFrame) -> str:
    """Count the hubs that deliver every core element, and say which stressors fewest hubs help with."""
    said = table.loc[table["core_offer"] != NO_DATA, "core_offer"].str.extract(r"^(\d+) of (\d+)")
    if said.empty:
        return ""
    first = f"{int((said[0] == said[1]).sum())} of {len(said)} hubs that have said deliver every core element."
    told = table.loc[~table["missing"].isin([NO_DATA]), "missing"]
    lacking = {name: int(told.str.contains(name, regex=False).sum()) for name in STRESSORS}
    most = max(lacking.values(), default=0)
    if told.empty or not most:
        return first
    names = join_words([name.lower() for name, count in lacking.items() if count == most])
    return f"{first} Most often missing is help with {names}: at {most} of {len(told)} hubs."


def full_offer_returned(connection: sa.Connection) -> tuple[str, set[int]]:
    """Count the hubs with the full core offer as the return of figures has it."""
    rows = select_released(connection, "hubs_full_core_offer", area_code=ics().icb.code, breakdown_type="", latest=True)
    rows = rows.loc[rows["value"].notna()].sort_values("period_type").head(1)
    for row in rows.to_dict("records"):
        period = period_label(row["period_type"], row["period_from"], row["period_to"])
        counted = f"{row['numerator']:.0f} of {row['denominator']:.0f} hubs"
        return f"{counted} deliver the full core offer ({period}).", {int(row["submission_id"])}
    return "No data yet on what the hubs offer.", set()


def returned_hubs(connection: sa.Connection) -> tuple[pd.DataFrame, set[int]]:
    """List the hubs whose stressors are in the long return, which says how many each helps with and not which."""
    rows = pd.concat([returned(connection, "hub", place.code).assign(council=place.label) for place in ics().lads])
    records = [
        {
            "hub": row["breakdown_value"],
            "council": row["council"],
            **dict.fromkeys(("core_offer", "missing", "reach"), NO_DATA),
            "stressors": f"{row['numerator']:.0f} of {row['denominator']:.0f}",
            "babies": None,
            "kind": "Illustrative" if row["illustrative"] else "Real",
        }
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(records, columns=COLUMNS), set(rows["submission_id"].dropna().astype(int))
