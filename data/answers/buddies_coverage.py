"""Is there a buddy where the need is? The targeting ratio, and need against allocation by neighbourhood in words."""

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
from data.answers.words import areas_word, figure, join_words, period_label
from data.catalogue import disclosure, ics, indicator
from data.store.released import select_released
from metrics.targeting import targeting_of_the_helped

if TYPE_CHECKING:
    import sqlalchemy as sa

BUDDIES: Final = "Parent buddies"
CONTACTS: Final = "core20_share_of_contacts"
COHORT: Final = "cohort_under_two"
NAMED: Final = 5
PERCENT: Final = 100.0
RATIO_COLUMNS: Final = [
    *("measure", "words", "meaning", "period", "targeting_ratio", "lowercl", "uppercl", "help_share", "need_share"),
    *("value_status", "illustrative", "submission_id"),
]
PLACE_COLUMNS: Final = [
    *("area_name", "council", "need", "figure", "counted", "without", "state", "value", "lowercl", "uppercl"),
    *("value_status", "illustrative", "area_code"),
]
NO_BUDDY: Final = "need and no buddy"
FEWER: Final = "fewer than elsewhere"
LIKE: Final = "like elsewhere"
MORE: Final = "more than elsewhere"
HIDDEN: Final = "cannot be shown"


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
            "without": number(row["denominator"]) - number(row["numerator"]),
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
    return " ".join(said)


def named(table: pd.DataFrame, state: str, one: str, several: str) -> str:
    """Name the neighbourhoods of one state, those with most need first."""
    chosen = table.loc[table["state"] == state]
    if chosen.empty:
        return f"None of them {one}."
    names = [
        f"{row['area_name']} ({figure(row['need'], '')} in need)" if row["need"] == row["need"] else row["area_name"]
        for row in chosen.head(NAMED).to_dict("records")
    ]
    more = len(chosen) - len(names)
    listed = join_words([*names, f"{more} more"] if more else names)
    return f"{len(chosen)} {one if len(chosen) == 1 else several}: {listed}."
