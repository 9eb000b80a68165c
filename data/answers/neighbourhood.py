"""One neighbourhood: who lives here, how deprived it is, and what reaches families, beside places like it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import Benchmark, area_names, benchmarks, with_comparison
from data.answers.made import LABEL, answer_fields
from data.answers.map_layers import (
    DOMAINS,
    EDITION,
    average_deprivation,
    deprivation_submissions,
    neighbourhood_deprivation,
)
from data.answers.opened import reading
from data.answers.words import (
    AREA_WORDS,
    FIFTH_WORDS,
    figure,
    figure_with_limits,
    join_words,
    period_label,
    status_words,
)
from data.catalogue import disclosure, indicator, indicators
from data.catalogue.definitions import Indicator
from data.errors import UnknownName
from data.store.deprivation import select_deprivation
from data.store.population import select_population
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "What is known of this neighbourhood?"
PARENTS: Final = {"lsoa21": None, "msoa21": "msoa_code", "ward": "ward_code", "lad": "lad_code"}
COLUMNS: Final = [
    "indicator",
    "figure",
    "given_for",
    "period",
    "comparison",
    "rank",
    "value_status",
    "indicator_id",
    "near",
    "kind",
]
#: The card leads with what reaches families; context and money are elsewhere.
POINTS: Final = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class NeighbourhoodAnswer(Answer):
    """A neighbourhood's card: headline facts beside the table of indicators."""

    name: str = ""
    council: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def neighbourhood(area_code: str) -> NeighbourhoodAnswer:
    """Open one area's card: an LSOA, an MSOA, a ward or a council."""
    with reading() as connection:
        areas = area_names(connection)
        if area_code not in areas.index or areas.loc[area_code, "area_type"] not in PARENTS:
            raise UnknownName("there is no such neighbourhood", found=area_code, todo="Choose one on the map")
        place = areas.loc[area_code]
        facts, facts_from = place_facts(connection, areas, area_code)
        rows = card_rows(connection, areas, area_code)
        table = card_table(connection, areas, rows)
        name = str(place["area_label"])
        illustrative = bool(rows["illustrative"].any())
        finding = card_finding(name, str(place["council"]), facts, table, illustrative=illustrative)
        fields = answer_fields(
            connection,
            question=QUESTION,
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={*facts_from, *rows["submission_id"].dropna().astype(int)},
            area_type=str(place["area_type"]),
            labelled=False,
            notes=(
                "Each figure is given for the smallest area that is safe to show, which may be larger than this one.",
                "Rank 1 is the best of the areas in the same deprivation fifth, where one way is better.",
                "Deprivation describes places, not families.",
            ),
        )
        return NeighbourhoodAnswer(**fields, name=name, council=str(place["council"]), facts=facts)


def place_facts(
    connection: sa.Connection, areas: pd.DataFrame, area_code: str
) -> tuple[tuple[tuple[str, str], ...], tuple[int, ...]]:
    """Give what is known of the place itself: deprivation and how many babies live there."""
    members = member_codes(areas, area_code)
    facts = [("Council", str(areas.loc[area_code, "council"]))]
    for domain in ("imd", "idaci"):
        ranks = select_deprivation(connection, EDITION, domain, "lsoa21").set_index("area_code")
        ranks = ranks.loc[ranks.index.intersection(members)]
        if len(ranks) == 1:
            fifth = FIFTH_WORDS[str((int(ranks["decile"].iloc[0]) + 1) // 2)]
            facts.append((DOMAINS[domain], f"fifth {fifth}, rank {int(ranks['rank'].iloc[0]):,} of 33,755"))
        elif len(ranks):
            most = int((ranks["decile"] <= 2).sum())
            facts.append((DOMAINS[domain], f"{most} of {len(ranks)} neighbourhoods in England’s most deprived fifth"))
    babies = babies_words(connection, members)
    if babies:
        facts.append(("Babies under two", babies))
    return tuple(facts), deprivation_submissions(connection)


def member_codes(areas: pd.DataFrame, area_code: str) -> list[str]:
    """Give the neighbourhoods (LSOAs) that an area is made of."""
    column = PARENTS[str(areas.loc[area_code, "area_type"])]
    if column is None:
        return [area_code]
    return areas.index[(areas["area_type"] == "lsoa21") & (areas[column] == area_code)].tolist()


def babies_words(connection: sa.Connection, members: list[str]) -> str:
    """Estimate the babies of an area from published population, and say that it is an estimate."""
    ages = select_population(connection, area_type="lsoa21", latest=True)
    ages = ages.loc[ages["area_code"].isin(members)]
    single = ages.loc[ages["age_band"].isin(["0", "1"])]
    if len(single) == 2 * len(members):
        count, dated = single["count"].sum(), str(single["reference_date"].max())[:4]
        how = f"mid-{dated} estimate by single year of age"
    else:
        children = ages.loc[ages["age_band"] == "0-15"]
        if children.empty:
            return ""
        count, dated = children["count"].sum() * 2 / 16, str(children["reference_date"].max())[:4]
        how = f"estimate: two sixteenths of children aged 0 to 15, mid-{dated}"
    return f"about {round(count / 5) * 5 or 'five or fewer'} ({how})" if count >= 5 else f"fewer than five ({how})"


def card_rows(
    connection: sa.Connection, areas: pd.DataFrame, area_code: str, names: Collection[str] = ()
) -> pd.DataFrame:
    """Give the newest figure of each indicator named, or of the card's, at the finest safe area that holds this one."""
    place = areas.loc[area_code]
    own = str(place["area_type"])
    order = [name for name in PARENTS if list(PARENTS).index(name) >= list(PARENTS).index(own)]
    columns = [PARENTS[name] for name in order if name != own]
    chain = [area_code, *(place[column] for column in columns if column)]
    periods = {name: number for number, name in enumerate((*disclosure().period_order, "snapshot"))}
    found = [
        select_released(connection, area_code=str(code), breakdown_type="", latest=True).assign(step=step)
        for step, code in enumerate(chain)
        if isinstance(code, str) and code
    ]
    rows = pd.concat(found, ignore_index=True)
    rows = rows.assign(
        hidden=rows["value"].isna(), length=rows["period_type"].map(periods).fillna(len(periods)).astype(int)
    )
    wanted = set(names) or {one.id for one in indicators() if one.point in POINTS and one.value_type != "yes_no"}
    rows = rows.loc[rows["indicator_id"].isin(wanted)]
    return rows.sort_values(["indicator_id", "hidden", "step", "length"]).drop_duplicates("indicator_id")


def card_table(connection: sa.Connection, areas: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Write the card's rows in words, in the order of the catalogue."""
    order = {one.id: number for number, one in enumerate(indicators())}
    held_against = benchmarks(connection, rows["indicator_id"].tolist())
    peers = peer_figures(connection, rows)
    records = [
        card_record(areas, row, held_against.get(row["indicator_id"]), peers)
        for row in rows.sort_values("indicator_id", key=lambda names: names.map(order)).to_dict("records")
    ]
    return pd.DataFrame(records, columns=COLUMNS)


def card_record(
    areas: pd.DataFrame, row: Mapping[Any, Any], benchmark: Benchmark | None, peers: pd.DataFrame
) -> dict[str, Any]:
    """Write one indicator's figure, its comparison and its rank among places like this one."""
    definition = indicator(row["indicator_id"])
    shown = row["value_status"] in {"shown", "rounded"}
    limits = (row["value"], row["lowercl"], row["uppercl"])
    return {
        "indicator": definition.short_name,
        "figure": figure_with_limits(*limits, definition.unit) if shown else status_words(row["value_status"]),
        "given_for": f"{areas.loc[row['area_code'], 'area_label']} ({AREA_WORDS[row['area_type']][0]})",
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "comparison": comparison_words(row, benchmark, definition) if shown else "",
        "rank": rank_words(row, peers, definition) if shown else "",
        "value_status": row["value_status"],
        "indicator_id": row["indicator_id"],
        "near": row["area_type"] != "lad",
        "kind": "Illustrative" if row["illustrative"] else "Real",
    }


def comparison_words(row: Mapping[Any, Any], benchmark: Benchmark | None, definition: Indicator) -> str:
    """Say better, similar or worse, and than what."""
    compared = str(with_comparison(pd.DataFrame([row]), benchmark, definition)["comparison"].iloc[0])
    if benchmark is None or compared == "not compared":
        return compared
    return f"{compared} ({benchmark.name} {figure(benchmark.value, definition.unit)}, {benchmark.period})"


def peer_figures(connection: sa.Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Give the figures of places in the same deprivation fifth as those that the card's figures are given for."""
    found = []
    for area_type, own in rows.groupby("area_type"):
        if area_type not in {"lsoa21", "msoa21", "ward"}:
            continue
        fifth = like_places(connection, str(area_type))
        code = own["area_code"].iloc[0]
        like = fifth.index[fifth == fifth.get(code)]
        names = own["indicator_id"].unique().tolist()
        figures = select_released(connection, names, area_type=str(area_type), breakdown_type="", latest=True)
        found.append(figures.loc[figures["area_code"].isin(like) & figures["value"].notna()])
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["indicator_id", "period_type"])


def like_places(connection: sa.Connection, area_type: str) -> pd.Series:
    """Give each area's deprivation fifth: nationally for an LSOA, locally by average score above."""
    ranks = select_deprivation(connection, EDITION, "imd", "lsoa21")
    if area_type == "lsoa21":
        placed = neighbourhood_deprivation(ranks, "national")
    else:
        placed = average_deprivation(connection, ranks, area_type)
    return placed.set_index("area_code")["class_index"]


def rank_words(row: Mapping[Any, Any], peers: pd.DataFrame, definition: Indicator) -> str:
    """Rank a figure among like places; rank 1 is the best where one way is better, otherwise the highest."""
    if peers.empty:
        return ""
    same = peers.loc[(peers["indicator_id"] == row["indicator_id"]) & (peers["period_type"] == row["period_type"])]
    if len(same) < 2:
        return ""
    worse_is_higher = definition.polarity == "low_is_good"
    ahead = (same["value"] < row["value"]) if worse_is_higher else (same["value"] > row["value"])
    return f"{int(ahead.sum()) + 1} of {len(same)}"


def card_finding(
    name: str, council: str, facts: tuple[tuple[str, str], ...], table: pd.DataFrame, *, illustrative: bool
) -> str:
    """Say in one or two sentences what stands out; deprivation is real, so the label stands before the figures only."""
    imd = dict(facts).get(DOMAINS["imd"], "")
    start = f"{name} ({council}): overall deprivation {imd}." if imd and council else f"{name}."
    if table.empty:
        return f"{start} There are no figures for it yet."
    label = LABEL if illustrative else ""
    compared = table["comparison"].str.split(" ").str[0]
    worse = table.loc[compared == "worse", "indicator"].tolist()
    better = int((compared == "better").sum())
    if not worse:
        return f"{start} {label}No figure is clearly worse than its benchmark; {better} are better."
    named = join_words([*worse[:3], f"{len(worse) - 3} more"] if len(worse) > 3 else worse)
    return f"{start} {label}Worse than the benchmark: {named}. Better: {better}."
