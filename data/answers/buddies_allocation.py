"""Do the families who need a buddy have one, how long do they wait, and is the support kept?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.alternatives import deprivation_words, extremes_words, not_shown_words, sentences
from data.answers.answer import Answer
from data.answers.buddies_places import (
    GIVEN,
    NUMBERS,
    counted_words,
    figure_words,
    number,
    of_system,
    own_places,
    place_rows,
    shown,
    submissions_of,
)
from data.answers.figures import gap_sentence
from data.answers.group_periods import period_sentences
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import FIFTH_WORDS, figure, period_label
from data.catalogue import breakdown, ics, indicator
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

NEED: Final = "buddy_criteria_met"
ALLOCATED: Final = "buddy_allocated"
WAITING: Final = "buddy_waiting"
KEPT: Final = "buddy_kept_to_two"
ENDED: Final = "buddy_ended_early"
MEASURES: Final = (
    *(NEED, ALLOCATED, WAITING, "buddy_median_days", KEPT, ENDED),
    "vulnerable_babies_reached",
)
GROUP_COLUMNS: Final = [
    *("group", "figure", "counted", "period", *NUMBERS, "value_status", "illustrative", "area_code", "area", "fifth"),
]


def buddies_allocation() -> Answer:
    """Give need, allocation, waiting, days and support kept for the system and its councils."""
    with reading() as connection:
        rows = place_rows(connection, MEASURES)
        finding = allocation_finding(rows)
        return make_answer(
            connection,
            question="Who has a buddy?",
            finding=finding,
            table=rows.drop(columns="submission_id"),
            text_alternative=finding,
            submission_ids=submissions_of(rows),
            area_type="lad",
            notes=tuple(indicator(name).caveat for name in (ALLOCATED, WAITING, "buddy_median_days", KEPT)),
        )


def allocation_finding(rows: pd.DataFrame) -> str:
    """Say who has a buddy, who waits, and who kept the support."""
    have, wait, kept = (of_system(rows, name) for name in (ALLOCATED, WAITING, KEPT))
    if not shown(have):
        return f"Whether parents who meet the criteria have a buddy: {str(have['figure']).lower()}."
    without = have["denominator"] - have["numerator"]
    said = [
        f"{have['counted']} parents who met the criteria in {have['period']} had a named buddy "
        f"({figure(have['value'], '%')}); about {figure(without, '')} had none."
    ]
    if shown(wait):
        said.append(f"{figure(wait['value'], '')} were waiting on the last day.")
    if shown(kept):
        said.append(f"Of buddied families whose child turned two, {figure(kept['value'], '%')} had kept the support.")
    return " ".join(said)


def buddies_by_fifth() -> Answer:
    """Give allocation by council and deprivation fifth: the finest grain at which every group can be shown."""
    with reading() as connection:
        rows = fifth_rows(connection, ALLOCATED)
        table = pd.DataFrame([fifth_record(row) for row in rows.to_dict("records")], columns=GROUP_COLUMNS)
        finding = fifths_finding(rows)
        return make_answer(
            connection,
            question="Is a buddy as likely where deprivation is greatest?",
            finding=finding,
            table=table,
            text_alternative=buddy_bars_alternative("the share with a named buddy", table, own_fifths(rows)),
            submission_ids=submissions_of(rows),
            unit="%",
            period=table["period"].iloc[0] if len(table) else "",
            area_type="lad",
            notes=(
                "Fifths are national fifths of neighbourhoods by the Index of Multiple Deprivation 2025.",
                "They are given for a year if all of them can be shown, and otherwise over three years together.",
            ),
        )


def own_fifths(rows: pd.DataFrame) -> dict[str, float]:
    """Give the system's own fifths."""
    own = rows.loc[rows["area_code"] == ics().icb.code]
    return {str(name): float(value) for name, value in zip(own["breakdown_value"], own["value"], strict=True)}


def buddy_bars_alternative(what: str, table: pd.DataFrame, fifths: Mapping[str, float] | None = None) -> str:
    """Describe bars: each group, the highest and the lowest, the pattern by deprivation, and what is not shown."""
    listed = "; ".join(f"{row.group}: {row.figure}" for row in table.itertuples())
    return sentences(
        f"Bars of {what}. {listed}.",
        extremes_words(table["group"], table["value"], "%"),
        f"{ics().label}. {deprivation_words(fifths, '%')}" if fifths is not None else "",
        not_shown_words(table["value_status"]),
    )


def fifth_rows(connection: sa.Connection, name: str) -> pd.DataFrame:
    """Give the fifths of the system and its councils, for a year if all can be shown, or else three years."""
    rows = select_released(connection, name, breakdown_type="imd_fifth_national")
    rows = rows.loc[rows["area_code"].isin([place.code for place in own_places()])]
    best = rows.iloc[0:0]
    for kind in ("year", "three_years"):
        newest = rows.loc[rows["period_type"] == kind]
        newest = newest.loc[newest["period_to"] == newest["period_to"].max()]
        if newest["value"].notna().sum() > best["value"].notna().sum():
            best = newest
        everywhere = best["area_code"].nunique() == rows["area_code"].nunique()
        if len(best) and everywhere and best["value"].notna().all():
            break
    order = {place.code: at for at, place in enumerate(own_places())}
    placed = best.assign(at=best["area_code"].map(order)).sort_values(["at", "breakdown_value"])
    return placed.drop(columns="at")


def fifth_record(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Write one council's fifth."""
    area = next(place.label for place in own_places() if place.code == row["area_code"])
    fifth = FIFTH_WORDS[str(row["breakdown_value"])]
    return {
        "group": f"{area}, fifth {fifth}",
        "area": area,
        "fifth": f"Fifth {fifth}",
        "figure": figure_words(row, "%"),
        "counted": counted_words(row),
        "period": period_label(str(row["period_type"]), str(row["period_from"]), str(row["period_to"])),
        **{name: number(row[name]) for name in NUMBERS},
        "value_status": row["value_status"],
        "illustrative": bool(row["illustrative"]),
        "area_code": row["area_code"],
    }


def fifths_finding(rows: pd.DataFrame) -> str:
    """Compare the fifths of the system, and name the council's fifth that has fewest buddies."""
    gap = gap_sentence(rows.loc[rows["area_code"] == ics().icb.code], "%")
    councils = rows.loc[rows["area_code"] != ics().icb.code].dropna(subset="value").sort_values("value")
    if councils.empty:
        return gap or "Allocation can't be compared between deprivation fifths yet."
    lowest = fifth_record(councils.iloc[0].to_dict())
    period = lowest["period"]
    least = f"The lowest share is {figure(number(lowest['value']), '%')} ({lowest['counted']}): {lowest['group']}."
    gap = gap.replace("It is", f"Over {period}, the share with a buddy is", 1)
    return f"{gap} {least}".strip()


def buddies_endings() -> Answer:
    """Give why support ended before the second birthday, for the system."""
    with reading() as connection:
        everyone = of_system(place_rows(connection, [ENDED]), ENDED)
        rows = select_released(connection, ENDED, area_code=ics().icb.code, breakdown_type="end_reason")
        rows = newest_groups(rows)
        found = {row["breakdown_value"]: row for row in rows.to_dict("records")}
        named = breakdown("end_reason").values  # noqa: PD011 (the catalogue's list, not an array)
        records = [group_record(found[name], name) for name in named if name in found]
        table = pd.DataFrame(records, columns=GROUP_COLUMNS)
        finding = endings_finding(everyone, table)
        return make_answer(
            connection,
            question="Why did support end early?",
            finding=finding,
            table=table,
            text_alternative=buddy_bars_alternative("each reason, as a share of all support that ended", table),
            submission_ids=submissions_of(rows),
            unit="%",
            area_type="icb",
            notes=(indicator(ENDED).definition, indicator(ENDED).caveat, *period_sentences(rows, "year")),
        )


def newest_groups(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the newest year in which any group has a figure, or else the three years."""
    for kind in ("year", "three_years", "quarter"):
        given = rows.loc[(rows["period_type"] == kind) & rows["value"].notna()]
        if len(given):
            last = given["period_to"].max()
            newest: pd.DataFrame = rows.loc[(rows["period_type"] == kind) & (rows["period_to"] == last)]
            return newest
    return rows.iloc[0:0]


def group_record(row: Mapping[Any, Any], group: str) -> dict[str, Any]:
    """Write one group's figure."""
    return {**fifth_record({**row, "breakdown_value": "1"}), "group": group, "fifth": ""}


def endings_finding(row: Mapping[Any, Any], table: pd.DataFrame) -> str:
    """Say how often support ended early, and the commonest reason."""
    if not shown(row):
        return f"Support that ended before the second birthday: {str(row['figure']).lower()}."
    said = f"Of support that ended in {row['period']}, {figure(row['value'], '%')} ended before the second birthday."
    given = table.loc[table["value_status"].isin(GIVEN)]
    if given.empty:
        return f"{said} No reason can be shown."
    most = given.sort_values("numerator", ascending=False).iloc[0].to_dict()
    hidden = len(table) - len(given)
    more = f" {hidden} of {len(table)} reasons can't be shown." if hidden else ""
    return f"{said} The commonest reason is “{str(most['group']).lower()}” ({figure(most['numerator'], '')}).{more}"
