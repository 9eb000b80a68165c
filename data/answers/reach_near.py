"""What is near a place: the nearest hubs and settings of each kind, with what each hub offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer
from data.answers.neighbourhood import PARENTS, member_codes
from data.answers.opened import reading
from data.errors import UnknownName
from data.store.settings import select_settings
from metrics.reach import nearest_by_great_circle

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Kinds of place, and how many of the nearest of each are listed. A childminder's home has no point.
KINDS: Final = {
    "family_hub": ("Family hub", 3),
    "nursery": ("Nursery", 3),
    "creche": ("Creche", 2),
    "gp_practice": ("GP practice", 2),
    "school": ("School", 1),
}
NEAR_COLUMNS: Final = ["name", "kind", "distance", "core_offer", "stressors"]
STRAIGHT: Final = (
    "Distances are in a straight line from the middle of each neighbourhood. The way on foot is longer, "
    "and may cross water or a main road."
)
#: A hub in the middle of a neighbourhood is near, and not at no distance.
NEAREST_KM: Final = 0.1
NO_HUBS: Final = "No data yet on where the family hubs are."


def what_is_near(area_code: str) -> Answer:
    """List the nearest hubs and settings of each kind, with what each hub offers."""
    with reading() as connection:
        areas = area_names(connection)
        if area_code not in areas.index or areas.loc[area_code, "area_type"] not in PARENTS:
            raise UnknownName("there is no such neighbourhood", found=area_code, todo="Pick one by name")
        name = str(areas.loc[area_code, "area_label"])
        middle = areas.loc[areas.index.isin(member_codes(areas, area_code)), ["lat", "lon"]].mean()
        settings = placed_settings(connection)
        table = near_table(settings, float(middle["lat"]), float(middle["lon"]))
        finding = near_finding(name, table)
        return make_answer(
            connection,
            question="What is near?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=settings["submission_id"].unique(),
            people=False,
            notes=(STRAIGHT,),
        )


def placed_settings(connection: sa.Connection) -> pd.DataFrame:
    """Give the settings that have a point, of the kinds that are listed."""
    return select_settings(connection, list(KINDS)).dropna(subset=["lon", "lat"]).reset_index(drop=True)


def near_table(settings: pd.DataFrame, lat: float, lon: float) -> pd.DataFrame:
    """Give the nearest settings of each kind, hubs first."""
    if settings.empty:
        return pd.DataFrame(columns=NEAR_COLUMNS)
    far = nearest_by_great_circle(settings["lat"], settings["lon"], [lat], [lon])["distance_km"]
    ordered = settings.assign(far=far.to_numpy()).sort_values(["far", "setting_id"])
    records = [
        near_record(row, label)
        for kind, (label, most) in KINDS.items()
        for row in ordered.loc[ordered["kind"] == kind].head(most).to_dict("records")
    ]
    return pd.DataFrame(records, columns=NEAR_COLUMNS)


def near_record(row: dict[Any, Any], label: str) -> dict[str, str]:
    """Write one setting with its distance; only a hub has a core offer and stressors."""
    core, stressors = offer_words(row["attributes"]) if row["kind"] == "family_hub" else ("–", "–")
    return {
        "name": str(row["name"]),
        "kind": label,
        "distance": distance_words(float(row["far"])),
        "core_offer": core,
        "stressors": stressors,
    }


def distance_words(kilometres: float) -> str:
    """Write a distance no more exactly than the middle of a neighbourhood allows."""
    if kilometres < NEAREST_KM:
        return "under 100 m"
    return f"{round(kilometres * 10) * 100} m" if kilometres < 0.95 else f"{kilometres:.1f} km"


def offer_words(attributes: dict[str, Any] | None) -> tuple[str, str]:
    """Say how much of the core offer a hub delivers, and which stressors it helps with."""
    said = attributes or {}
    done, whole = said.get("core_elements_delivered"), said.get("core_elements_expected")
    core = "no data yet" if done is None or whole is None else f"{done} of {whole} core elements"
    kinds = [word.strip() for word in str(said.get("stressors_covered", "")).split(";") if word.strip()]
    return core, f"{len(kinds)} of 8: {', '.join(kinds)}" if kinds else "no data yet"


def near_finding(name: str, table: pd.DataFrame) -> str:
    """Name the nearest hub, or say that nobody has sent in where hubs are."""
    hubs = table.loc[table["kind"] == KINDS["family_hub"][0]]
    if hubs.empty:
        more = f" {len(table)} other places are listed." if len(table) else ""
        return f"{NO_HUBS}{more}"
    hub = hubs.iloc[0]
    return f"The nearest family hub to {name} is {hub['name']}, {hub['distance']} away in a straight line."
