"""One figure by deprivation: its five fifths, the slope through them, and whether its gap is closing."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data.answers.alternatives import extremes_words, not_shown_words, sentences
from data.answers.answer import Answer
from data.answers.equity_gaps import gaps, people_in_gap, people_words
from data.answers.figures import by_fifth
from data.answers.group_periods import period_sentences, select_groups
from data.answers.inequalities import FIFTHS_WORDS, RULES, change_of, label_of, points, points_with_limits
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.series import GIVEN, chosen, fifths_alternative
from data.answers.words import FIFTH_WORDS, figure, figure_with_limits, join_words, status_words
from data.catalogue.definitions import Indicator, Place
from metrics.gaps import gap
from metrics.inequality import slope_index_of_inequality
from metrics.trend import WIDTH_IN_ERRORS

if TYPE_CHECKING:
    import sqlalchemy as sa

FIFTHS: Final = 5
UNKNOWN: Final = "Unknown"
YEARS: Final = ["period_type", "period_from", "period_to"]
FIGURES: Final = ["value", "lowercl", "uppercl", "value_status", "numerator", "denominator", "illustrative"]
YEAR_COLUMNS: Final = [
    *("period", "value", "lowercl", "uppercl", "value_status", "gap_words", "slope_words", "ratio_words"),
    *("people_words", "numerator", "denominator", "illustrative"),
]
SPLITS: Final = {"ethnic_group": "ethnic group", "parent_role": "parent"}
SLOPE_NOTE: Final = (
    "The slope index of inequality is the difference between the ends of a line through all five fifths, and the "
    "relative index their ratio. It is the least deprived end less the most, so below zero where lower is better. "
    "Both have 95% limits, simulated as in PHEindicatormethods."
)


def inequality(name: str, area_code: str, fifths: str = "national") -> Answer:
    """Give the newest year of one figure in the five fifths, and what the gap means in people."""
    definition, place = chosen(name, area_code)
    with reading() as connection:
        rows = by_fifth(connection, name, area_code, fifths)
        table = with_figures(rows, definition, FIFTH_WORDS.get, "fifth")
        said = gap_finding(rows, definition, place)
        period = label_of(rows.iloc[0]) if len(rows) else ""
        chart = f"Dot chart of {definition.name} in {place.label} by fifth of {FIFTHS_WORDS[fifths]}, {period}."
        return make_answer(
            connection,
            question=f"How does {definition.short_name} differ by deprivation?",
            finding=said,
            table=table,
            text_alternative=fifths_alternative(chart, table, definition.unit),
            submission_ids=set(rows["submission_id"].dropna()),
            unit=definition.unit,
            period=period,
            area_type=place.area_type,
            notes=(f"{definition.short_name}: {definition.definition}", *period_sentences(rows, "year")),
        )


def with_figures(
    rows: pd.DataFrame, definition: Indicator, called: Callable[[str], str | None], heading: str
) -> pd.DataFrame:
    """Write each group's figure with its limits, or why there is none."""
    table = rows[FIGURES].copy()
    table.insert(0, heading, [called(value) or value for value in rows["breakdown_value"]])
    table["figure"] = [
        figure_with_limits(row["value"], row["lowercl"], row["uppercl"], definition.unit)
        if row["value_status"] in GIVEN
        else status_words(row["value_status"])
        for row in rows.to_dict("records")
    ]
    return table


def gap_finding(rows: pd.DataFrame, definition: Indicator, place: Place) -> str:
    """Say how far the ends are apart, and how many people that is."""
    ends = gaps(rows.loc[rows["breakdown_value"].isin(["1", "5"]) & rows["value"].notna()])
    if ends.empty:
        return f"{definition.name} in {place.label}: the most and least deprived fifths can’t be compared yet."
    row = ends.iloc[0]
    count = people_in_gap(float(row["gap"]), float(row["people"]))
    most, least = figure(float(row["most"]), definition.unit), figure(float(row["least"]), definition.unit)
    said = (
        f"{definition.name} in {place.label}, {label_of(row)}: {most} in the most deprived fifth, {least} in the least."
    )
    if count is None:
        return f"{said} The most deprived fifth fares no worse."
    return (
        f"{said} The gap is {points_with_limits(row)}. If the most deprived fifth had the least deprived fifth’s "
        f"figure, it would be {people_words(count, definition)} a year. This is worked out from rounded counts."
    )


def inequality_over_time(name: str, area_code: str, fifths: str = "national") -> Answer:
    """Give the gap, the slope index and the relative index of each year, and say whether the gap is closing."""
    definition, place = chosen(name, area_code)
    with reading() as connection:
        rows = year_rows(connection, name, area_code, fifths)
        own = gaps(rows.loc[rows["breakdown_value"].isin(["1", "5"]) & rows["value"].notna()])
        own = own.sort_values("period_to", ignore_index=True)
        slopes = slopes_of(rows)
        records = [year_record(row, slopes, definition) for row in own.to_dict("records")]
        table = pd.DataFrame(records, columns=YEAR_COLUMNS)
        finding = closing_finding(own, table, definition, place)
        return make_answer(
            connection,
            question=f"Is the gap in {definition.short_name} closing?",
            finding=finding,
            table=table,
            text_alternative=f"{years_alternative(table)} {finding}",
            submission_ids=set(rows["submission_id"].dropna()),
            unit="points; above 0 the most deprived fare worse",
            area_type=place.area_type,
            notes=(*RULES, SLOPE_NOTE, *period_sentences(rows, "year")),
        )


def years_alternative(table: pd.DataFrame) -> str:
    """Describe the gap of each year: its ends, and in how many years the most deprived fare worse."""
    if table.empty:
        return "Line chart without points: no year has both ends of the gap."
    listed = "; ".join(f"{row.period}: {row.gap_words}" for row in table.itertuples())
    worse = int((table["value"] > 0).sum())
    return sentences(
        f"Line chart of the gap between most and least deprived fifth. {listed}.",
        extremes_words(table["period"], table["value"], "points"),
        f"By deprivation: the most deprived fare worse in {worse} of {len(table)} years.",
    )


def groups_alternative(chart: str, table: pd.DataFrame, unit: str) -> str:
    """Describe the figures of groups: each, the highest and the lowest, and what is not shown."""
    listed = "; ".join(f"{row.group}: {row.figure}" for row in table.itertuples())
    return sentences(
        chart,
        f"{listed}." if listed else "",
        extremes_words(table["group"], table["value"], unit),
        not_shown_words(table["value_status"]),
    )


def year_rows(connection: sa.Connection, name: str, area_code: str, fifths: str) -> pd.DataFrame:
    """Give the five fifths of every year; over three years together where too few can be shown by year."""
    return select_groups(connection, name, "year", area_code=area_code, breakdown_type=f"imd_fifth_{fifths}")


def slopes_of(rows: pd.DataFrame) -> dict[str, dict[Hashable, float]]:
    """Give the slope and relative index of each year that has all five fifths, by the year's last day."""
    known = rows.loc[rows["value"].notna() & rows["lowercl"].notna() & (rows["denominator"] > 0)]
    whole = known.loc[known.groupby("period_to")["breakdown_value"].transform("nunique") == FIFTHS]
    if whole.empty:
        return {}
    found = slope_index_of_inequality(
        whole["breakdown_value"].astype(int),
        whole["denominator"],
        whole["value"] / 100,
        lowercl=whole["lowercl"] / 100,
        uppercl=whole["uppercl"] / 100,
        value_type="proportion",
        multiplier=100.0,
        areas=whole["period_to"].tolist(),
    )
    return {str(period): row for period, row in found.drop(columns="scope").to_dict("index").items()}


def year_record(
    row: dict[Hashable, Any], slopes: dict[str, dict[Hashable, float]], definition: Indicator
) -> dict[str, Any]:
    """Write one year's gap and indices."""
    slope = slopes.get(str(row["period_to"]))
    people = people_in_gap(float(row["gap"]), float(row["people"]))
    return {
        "period": label_of(row),
        "value": float(row["gap"]),
        "lowercl": float(row["lowercl"]),
        "uppercl": float(row["uppercl"]),
        "value_status": row["value_status"],
        "gap_words": points_with_limits(row),
        "slope_words": slope_words(slope),
        "ratio_words": ratio_words(slope),
        "people_words": people_words(people, definition),
        "numerator": np.nan,
        "denominator": np.nan,
        "illustrative": bool(row["illustrative"]),
    }


def slope_words(slope: dict[Hashable, float] | None) -> str:
    """Write the slope index with its limits, least less most deprived; or say that a fifth is missing."""
    if slope is None or np.isnan(slope["sii"]):
        return "a fifth is missing"
    return f"{points(slope['sii'])} points ({points(slope['sii_lowercl'])} to {points(slope['sii_uppercl'])})"


def ratio_words(slope: dict[Hashable, float] | None) -> str:
    """Write the relative index with its limits."""
    if slope is None or np.isnan(slope["rii"]):
        return "a fifth is missing"
    return f"{slope['rii']:.2f} ({slope['rii_lowercl']:.2f} to {slope['rii_uppercl']:.2f})"


def closing_finding(own: pd.DataFrame, table: pd.DataFrame, definition: Indicator, place: Place) -> str:
    """Say whether the gap is closing, by which rule, and the indices of the newest year."""
    if own.empty:
        return f"{definition.short_name} in {place.label}: no year has both ends of the gap, so no change can be said."
    change, last = change_of(own), table.iloc[-1]
    said = f"The gap is {change.words}" if change.words in {"closing", "widening"} else f"It shows {change.words}"
    first = f", against {points(float(own['gap'].iloc[0]))} in {table['period'].iloc[0]}" if len(own) > 1 else ""
    return (
        f"{said} ({change.rule}). It was {points(float(own['gap'].iloc[-1]))} points in {last['period']}{first}. "
        f"Slope index of inequality: {last['slope_words']}. Relative index: {last['ratio_words']}."
    )


def inequality_groups(name: str, area_code: str, split: str) -> Answer:
    """Give one figure by ethnic group or by parent, and the gap between highest and lowest.

    It is the newest year, or three years together where too few groups can be shown by year.
    """
    definition, place = chosen(name, area_code)
    with reading() as connection:
        rows = select_groups(connection, name, "year", area_code=area_code, breakdown_type=split, latest=True)
        table = with_figures(rows, definition, lambda value: value, "group")
        finding = groups_finding(rows, definition, place, split)
        return make_answer(
            connection,
            question=f"How does {definition.short_name} differ by {SPLITS[split]}?",
            finding=finding,
            table=table,
            text_alternative=groups_alternative(
                f"Dot chart of {definition.name} in {place.label} by {SPLITS[split]}.", table, definition.unit
            ),
            submission_ids=set(rows["submission_id"].dropna()),
            unit=definition.unit,
            period=label_of(rows.iloc[0]) if len(rows) else "",
            area_type=place.area_type,
            notes=(
                "Groups are compared by their own figures. A difference says nothing of its cause.",
                *period_sentences(rows, "year"),
            ),
        )


def groups_finding(rows: pd.DataFrame, definition: Indicator, place: Place, split: str) -> str:
    """Compare the groups at both ends, and name those that are too small to show."""
    known = rows.loc[rows["value"].notna() & (rows["breakdown_value"] != UNKNOWN)].reset_index(drop=True)
    if len(known) < 2:
        return f"{definition.name} in {place.label}: no two groups by {SPLITS[split]} can be compared yet."
    spread = gap(
        known["value"],
        polarity=definition.polarity,
        standard_error=(known["uppercl"] - known["lowercl"]) / WIDTH_IN_ERRORS,
    ).iloc[0]
    by_value = known.sort_values("value").to_dict("records")
    low, high = by_value[0], by_value[-1]
    hidden = rows.loc[rows["value"].isna(), "breakdown_value"].tolist()
    missing = f" {join_words(hidden)} can’t be shown." if hidden else ""
    low_end, high_end = spread["absolute_gap_lowercl"], spread["absolute_gap_uppercl"]
    return (
        f"{definition.name} in {place.label}, {label_of(rows.iloc[0])}: highest for {high['breakdown_value']} "
        f"({figure(float(high['value']), definition.unit)}), lowest for {low['breakdown_value']} "
        f"({figure(float(low['value']), definition.unit)}). They are {points(spread['absolute_gap'])} points apart "
        f"({points(low_end)} to {points(high_end)}).{missing}"
    )
