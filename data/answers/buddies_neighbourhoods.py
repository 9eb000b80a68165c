"""Which neighbourhoods have need and no buddy? In words, from what can be shown, and what can't is counted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_allocation import ALLOCATED, NEED
from data.answers.buddies_places import (
    GIVEN,
    counted_words,
    figure_words,
    number,
    of_system,
    place_rows,
    submissions_of,
)
from data.answers.figures import Grain, area_names, figures_at, finest_grain, grain_sentence
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import areas_word, figure, join_words
from data.catalogue import disclosure, indicator

if TYPE_CHECKING:
    import sqlalchemy as sa

#: The map's area type: for smaller ones hardly any figure of families in need can be shown.
MAPPED: Final = "msoa21"
NAMED: Final = 5
PLACE_COLUMNS: Final = [
    *("area_name", "council", "need", "figure", "counted", "state", "value", "lowercl", "uppercl"),
    *("value_status", "illustrative", "area_code"),
]
NO_BUDDY: Final = "need and no buddy"
FEWER: Final = "fewer than elsewhere"
LIKE: Final = "like elsewhere"
MORE: Final = "more than elsewhere"
HIDDEN: Final = "cannot be shown"


def buddies_neighbourhoods() -> Answer:
    """Set need against allocation in each neighbourhood at the finest safe grain, and say what can't be shown."""
    with reading() as connection:
        grain = finest_grain(connection, ALLOCATED)
        table = pd.DataFrame(columns=PLACE_COLUMNS)
        submissions: set[int] = set()
        notes: tuple[str, ...] = ()
        if grain is not None:
            rows, needs = figures_at(connection, ALLOCATED, grain), figures_at(connection, NEED, grain)
            elsewhere = of_system(place_rows(connection, [ALLOCATED], periods=(grain.period_type,)), ALLOCATED)
            table = neighbourhood_table(rows, needs, area_names(connection), elsewhere)
            submissions = submissions_of(rows, needs)
            notes = (grain_sentence(indicator(ALLOCATED), grain, "lsoa21"), reach_note())
        finding = neighbourhoods_finding(table, grain)
        return make_answer(
            connection,
            question="Which neighbourhoods have need and no buddy?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=submissions,
            unit="%",
            period=grain.period if grain else "",
            area_type=grain.area_type if grain else "",
            notes=notes,
        )


def buddies_map() -> Answer:
    """Say in how many areas need and allocation can be shown, and so how the map is best read."""
    with reading() as connection:
        table = pd.DataFrame(
            [shown_of(connection, name) for name in (NEED, ALLOCATED)],
            columns=["measure", "shown", "areas", "area_type", "indicator_id"],
        )
        finding = map_words(table)
        return make_answer(
            connection,
            question="What can the map show?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=(),
        )


def shown_of(connection: sa.Connection, name: str) -> list[object]:
    """Count the areas of the map's grain, and those that have a figure."""
    grain = finest_grain(connection, name, MAPPED)
    rows = figures_at(connection, name, grain) if grain else pd.DataFrame(columns=["value"])
    shown = int(rows["value"].notna().sum())
    return [indicator(name).name, shown, len(rows), grain.area_type if grain else "", name]


def map_words(table: pd.DataFrame) -> str:
    """Say how to read the map: need first where allocation is hidden in most areas."""
    need, have = table.to_dict("records")
    if not (need["areas"] and have["areas"]):
        return "There are no figures to draw yet."
    said = (
        f"Need can be shown in {need['shown']} of {areas_word(need['area_type'], need['areas'])}, and allocation in "
        f"{have['shown']} of {areas_word(have['area_type'], have['areas'])}."
    )
    if have["shown"] * 2 >= have["areas"]:
        return said
    return (
        f"{said} So the map begins with need, and a map of allocation would speak for few of them. The councils’ "
        "deprivation fifths at the top of the page hold enough people to compare."
    )


def reach_note() -> str:
    """Say what the neighbourhoods that can be shown have in common, so that nobody takes them for all."""
    least = disclosure().suppress_to + 1
    return (
        f"A neighbourhood is shown when it has at least {least} parents with a buddy and at least {least} without, "
        "or none of one kind. Those that are shown do not speak for those that are hidden."
    )


def neighbourhood_table(
    rows: pd.DataFrame, needs: pd.DataFrame, areas: pd.DataFrame, elsewhere: Mapping[Any, Any]
) -> pd.DataFrame:
    """Write one row for each neighbourhood, most need first; what is hidden stays hidden and is counted as such."""
    need = needs.set_index("area_code")["numerator"]
    records = [
        {
            "area_name": areas["area_label"].get(row["area_code"], row["area_code"]),
            "council": areas["council"].get(row["area_code"], ""),
            "need": number(need.get(row["area_code"])),
            "figure": figure_words(row, "%"),
            "counted": counted_words(row),
            "state": state_of(row, elsewhere),
            **{name: number(row[name]) for name in ("value", "lowercl", "uppercl")},
            **{name: row[name] for name in ("value_status", "area_code")},
            "illustrative": bool(row["illustrative"]),
        }
        for row in rows.to_dict("records")
        if row["value_status"] in (*GIVEN, "suppressed")
    ]
    table = pd.DataFrame(records, columns=PLACE_COLUMNS)
    return table.sort_values(["need", "area_name"], ascending=[False, True], ignore_index=True)


def state_of(row: Mapping[Any, Any], elsewhere: Mapping[Any, Any]) -> str:
    """Say how a neighbourhood stands: none at all, fewer than in the whole system beyond chance, like it, or hidden."""
    if row["value_status"] not in GIVEN:
        return HIDDEN
    if number(row["numerator"]) == 0 and number(row["denominator"]) > 0:
        return NO_BUDDY
    whole = number(elsewhere["value"])
    if number(row["uppercl"]) < whole:
        return FEWER
    return MORE if number(row["lowercl"]) > whole else LIKE


def neighbourhoods_finding(table: pd.DataFrame, grain: Grain | None) -> str:
    """Name the neighbourhoods with need and no buddy, those with fewer than elsewhere, and count the hidden ones."""
    if grain is None or table.empty:
        return "Need and allocation can't be shown by neighbourhood yet."
    given = table.loc[table["state"] != HIDDEN]
    total = areas_word(grain.area_type, len(table))
    hidden = len(table) - len(given)
    unseen_words = f" and {hidden} cannot" if hidden else ""
    said = [f"Of {total}, {len(given)} can be shown{unseen_words} ({grain.period})."]
    said.append(named(given, NO_BUDDY, "has need and no buddy", "have need and no buddy"))
    if (given["state"] == FEWER).any():
        said.append(named(given, FEWER, "has fewer than elsewhere", "have fewer than elsewhere"))
    if hidden:
        most = table.sort_values("need", ascending=False).head(math.ceil(len(table) / 4))
        unseen = int((most["state"] == HIDDEN).sum())
        said.append(
            f"What cannot be shown without small numbers of people is not guessed: {unseen} of the {len(most)} "
            "neighbourhoods with most need are hidden. The programme’s own register can tell."
        )
    return " ".join(part for part in said if part)


def named(table: pd.DataFrame, state: str, one: str, several: str) -> str:
    """Name the neighbourhoods of one state, those with most need first."""
    chosen = table.loc[table["state"] == state]
    if chosen.empty:
        return f"None of these {len(table)} {one}." if len(table) else ""
    names = [
        f"{row['area_name']} ({figure(row['need'], '')} in need)" if row["need"] == row["need"] else row["area_name"]
        for row in chosen.head(NAMED).to_dict("records")
    ]
    more = len(chosen) - len(names)
    listed = join_words([*names, f"{more} more"] if more else names)
    return f"{len(chosen)} {one if len(chosen) == 1 else several}: {listed}."
