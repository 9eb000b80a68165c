"""What is near a place, what each hub offers, and how many babies live within walking distance of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer
from data.answers.map_layers import EDITION, deprivation_submissions
from data.answers.neighbourhood import PARENTS, member_codes
from data.answers.opened import reading
from data.answers.words import FIFTH_WORDS
from data.catalogue import ics
from data.errors import UnknownName
from data.store.deprivation import select_deprivation
from data.store.population import select_population
from data.store.settings import select_settings
from data.store.submissions import select_submissions
from metrics.reach import nearest_by_great_circle, share_within

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
SOURCES: Final = ("settings_return", "nhs_gp_practices", "dfe_gias")
NEAR_COLUMNS: Final = ["name", "kind", "distance", "core_offer", "stressors"]
WITHIN_COLUMNS: Final = ["place", "share", "figure", "within", "babies"]
STRAIGHT: Final = (
    "Distances are in a straight line from the middle of each neighbourhood. The way on foot is longer, "
    "and may cross water or a main road."
)
#: No distance is published as walkable with a pram: the reader chooses, and the time is at about 5 km an hour.
LIMITS: Final = (("800", "800 m, about 10 minutes"), ("1200", "1.2 km, about 15 minutes"), ("1600", "1.6 km, about 20"))
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
        table = near_table(placed_settings(connection), float(middle["lat"]), float(middle["lon"]))
        finding = near_finding(name, table)
        return make_answer(
            connection,
            question="What is near?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=settings_files(connection) if len(table) else (),
            people=False,
            notes=(STRAIGHT,),
        )


def placed_settings(connection: sa.Connection) -> pd.DataFrame:
    """Give the settings that have a point, of the kinds that are listed."""
    return select_settings(connection, list(KINDS)).dropna(subset=["lon", "lat"]).reset_index(drop=True)


def settings_files(connection: sa.Connection) -> list[int]:
    """Find the files that settings were read from."""
    found = select_submissions(connection, current=True)
    return [int(number) for number in found.loc[found["source_id"].isin(SOURCES), "id"]]


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


def babies_near_hubs(limit: str = "1200") -> Answer:
    """Estimate the share of babies who live within a distance of a hub: in all, by council and by deprivation fifth."""
    metres = next((int(name) for name, _ in LIMITS if name == limit), None)
    if metres is None:
        raise UnknownName("there is no such distance", found=limit, expected=", ".join(name for name, _ in LIMITS))
    with reading() as connection:
        hubs = placed_settings(connection)
        hubs = hubs.loc[hubs["kind"] == "family_hub"]
        babies, how = babies_by_neighbourhood(connection)
        table = pd.DataFrame(columns=WITHIN_COLUMNS)
        finding = NO_HUBS
        if len(hubs) and len(babies):
            table = within_table(connection, babies, hubs, metres / 1000)
            words = dict(LIMITS)[limit].split(",")[0]
            finding = (
                f"About {table['figure'].iloc[0]} of babies under two in {ics().label} live within {words} "
                "of a family hub, in a straight line."
            )
        return make_answer(
            connection,
            question="How many babies live within walking distance of a hub?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=(*settings_files(connection), *deprivation_submissions(connection)) if len(table) else (),
            unit="%",
            people=False,
            notes=(STRAIGHT, f"Babies are an estimate ({how}). A neighbourhood counts as near or far as a whole."),
        )


def babies_by_neighbourhood(connection: sa.Connection) -> tuple[pd.Series, str]:
    """Estimate the babies under two of each neighbourhood from published population, and say how."""
    ages = select_population(connection, area_type="lsoa21", latest=True)
    wide = ages.pivot_table(index="area_code", columns="age_band", values="count")
    if {"0", "1"} <= set(wide.columns) and wide[["0", "1"]].notna().to_numpy().all():
        return wide["0"] + wide["1"], "population by single year of age"
    if "0-15" in wide.columns:
        return wide["0-15"] * 2 / 16, "two sixteenths of children aged 0 to 15"
    return pd.Series(dtype=float), "no population by age has been loaded"


def within_table(connection: sa.Connection, babies: pd.Series, hubs: pd.DataFrame, limit_km: float) -> pd.DataFrame:
    """Add up babies near a hub and all babies, over the system, its councils and the deprivation fifths."""
    areas = area_names(connection).loc[babies.index]
    far = nearest_by_great_circle(areas["lat"], areas["lon"], hubs["lat"], hubs["lon"])["distance_km"].to_numpy()
    decile = select_deprivation(connection, EDITION, "imd", "lsoa21").set_index("area_code")["decile"]
    fifth = ((decile.reindex(babies.index) + 1) // 2).astype("Int64").astype("str")
    people = babies.to_numpy(dtype=float)
    parts = [share_within(people, far, limit_km, groups=np.full(len(people), ics().label))]
    parts.append(share_within(people, far, limit_km, groups=areas["council"].to_numpy()))
    by_fifth = share_within(people, far, limit_km, groups=fifth.to_numpy())
    by_fifth.index = [f"Fifth {FIFTH_WORDS[str(name)]}" for name in by_fifth.index]
    rows = pd.concat([*parts, by_fifth])
    share = rows["share"].to_numpy(dtype=float) * 100
    return pd.DataFrame(
        {
            "place": rows.index,
            "share": share,
            "figure": [f"{value:.0f}%" for value in share],
            "within": nearest_five(rows["within"]),
            "babies": nearest_five(rows["population"]),
        }
    )


def nearest_five(counts: pd.Series) -> list[int]:
    """Round estimates to the nearest five, so that they look no surer than they are."""
    return [int(round(count / 5) * 5) for count in counts]
