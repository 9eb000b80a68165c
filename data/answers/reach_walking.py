"""How many babies live within walking distance of a hub, how many live beyond it, and where those are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer
from data.answers.map_layers import EDITION, deprivation_submissions
from data.answers.opened import reading
from data.answers.reach_near import NO_HUBS, STRAIGHT, placed_settings
from data.answers.words import FIFTH_WORDS
from data.catalogue import ics
from data.errors import UnknownName
from data.store.deprivation import select_deprivation
from data.store.population import select_population
from metrics.reach import nearest_by_great_circle, share_within

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Metres, and the words for them, at about 80 metres a minute. The first is the published one; see ``WALKABLE``.
LIMITS: Final = (("800", "800 m, about 10 minutes"), ("1200", "1.2 km, about 15 minutes"), ("1600", "1.6 km, about 20"))
PUBLISHED: Final = "800"
WALKABLE: Final = (
    "The Department for Transport’s Manual for Streets (2007) calls what lies within about 800 m, or 10 minutes, "
    "walkable. The longer distances are at the same pace. None of them is for a pram."
)
WHOLE: Final = "A neighbourhood counts as near or far as a whole. The way on foot is longer, so fewer babies are near."
WITHIN_COLUMNS: Final = ["place", "share", "figure", "within", "beyond", "babies"]


def babies_near_hubs(limit: str = PUBLISHED) -> Answer:
    """Estimate the babies within a distance of a hub and beyond it: in all, by council and by deprivation fifth."""
    words, kilometres = distance_of(limit)
    with reading() as connection:
        hubs = placed_hubs(connection)
        babies, how = babies_by_neighbourhood(connection)
        table = pd.DataFrame(columns=WITHIN_COLUMNS)
        if len(hubs) and len(babies):
            table = within_table(connection, babies, hubs, kilometres)
        finding = within_finding(table, words)
        return make_answer(
            connection,
            question="How many babies live within walking distance of a hub?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=(*hubs["submission_id"].unique(), *deprivation_submissions(connection)),
            unit="%",
            people=False,
            notes=(STRAIGHT, WALKABLE, WHOLE, f"Babies are an estimate ({how})."),
        )


def distance_of(limit: str) -> tuple[str, float]:
    """Give a distance in words and in kilometres."""
    if limit not in dict(LIMITS):
        raise UnknownName("there is no such distance", found=limit, expected=", ".join(name for name, _ in LIMITS))
    return dict(LIMITS)[limit].split(",")[0], int(limit) / 1000


def within_finding(table: pd.DataFrame, words: str) -> str:
    """Say what share of babies is near a hub, and how many are beyond it, in the most deprived fifth as well."""
    if table.empty:
        return NO_HUBS
    rows = table.set_index("place")
    share, beyond = str(rows.loc[ics().label, "figure"]), rows["beyond"].to_dict()
    said = (
        f"About {share} of babies under two in {ics().label} live within {words} of a family hub, in a straight "
        f"line. About {beyond[ics().label]:,} live beyond it"
    )
    name = fifth_name("1")
    if name not in beyond:
        return f"{said}."
    return f"{said}, {beyond[name]:,} of them in England’s most deprived fifth."


def placed_hubs(connection: sa.Connection) -> pd.DataFrame:
    """Give the family hubs that have a point."""
    settings = placed_settings(connection)
    return settings.loc[settings["kind"] == "family_hub"].reset_index(drop=True)


def babies_by_neighbourhood(connection: sa.Connection) -> tuple[pd.Series, str]:
    """Estimate the babies under two of each neighbourhood from published population, and say how."""
    ages = select_population(connection, area_type="lsoa21", latest=True)
    wide = ages.pivot_table(index="area_code", columns="age_band", values="count")
    if {"0", "1"} <= set(wide.columns) and wide[["0", "1"]].notna().to_numpy().all():
        return wide["0"] + wide["1"], "population by single year of age"
    if "0-15" in wide.columns:
        return wide["0-15"] * 2 / 16, "two sixteenths of children aged 0 to 15"
    return pd.Series(dtype=float), "no population by age has been loaded"


def nearest_hubs(connection: sa.Connection, codes: pd.Index, hubs: pd.DataFrame) -> pd.DataFrame:
    """Give each neighbourhood's nearest hub, as its position, and how far it is in kilometres."""
    areas = area_names(connection).loc[codes]
    return nearest_by_great_circle(areas["lat"], areas["lon"], hubs["lat"], hubs["lon"])


def babies_of_each_hub(connection: sa.Connection, hubs: pd.DataFrame, kilometres: float) -> list[int]:
    """Estimate, for each hub, the babies to whom it is the nearest one and within a distance; each counts once."""
    babies, _ = babies_by_neighbourhood(connection)
    if babies.empty or hubs.empty:
        return [0] * len(hubs)
    found = nearest_hubs(connection, babies.index, hubs)
    near = found["nearest"].where(found["distance_km"] <= kilometres, -1).to_numpy()
    counts = np.bincount(near + 1, weights=babies.to_numpy(dtype=float), minlength=len(hubs) + 1)[1:]
    return nearest_five(pd.Series(counts))


def within_table(connection: sa.Connection, babies: pd.Series, hubs: pd.DataFrame, limit_km: float) -> pd.DataFrame:
    """Add up babies near a hub and all babies, over the system, its councils and the deprivation fifths."""
    areas = area_names(connection).loc[babies.index]
    far = nearest_hubs(connection, babies.index, hubs)["distance_km"].to_numpy()
    decile = select_deprivation(connection, EDITION, "imd", "lsoa21").set_index("area_code")["decile"]
    fifth = ((decile.reindex(babies.index) + 1) // 2).astype("Int64").astype("str")
    people = babies.to_numpy(dtype=float)
    parts = [share_within(people, far, limit_km, groups=np.full(len(people), ics().label))]
    parts.append(share_within(people, far, limit_km, groups=areas["council"].to_numpy()))
    by_fifth = share_within(people, far, limit_km, groups=fifth.to_numpy())
    by_fifth.index = [fifth_name(str(name)) for name in by_fifth.index.tolist()]
    rows = pd.concat([*parts, by_fifth])
    share = rows["share"].to_numpy(dtype=float) * 100
    within, babies_in_all = nearest_five(rows["within"]), nearest_five(rows["population"])
    return pd.DataFrame(
        {
            "place": rows.index,
            "share": share,
            "figure": [f"{value:.0f}%" for value in share],
            "within": within,
            "beyond": [whole - part for whole, part in zip(babies_in_all, within, strict=True)],
            "babies": babies_in_all,
        }
    )


def fifth_name(fifth: str) -> str:
    """Name a fifth of deprivation as it stands in the table."""
    return f"Fifth {FIFTH_WORDS[fifth]}"


def nearest_five(counts: pd.Series) -> list[int]:
    """Round estimates to the nearest five, so that they look no surer than they are."""
    return [int(round(count / 5) * 5) for count in counts]
