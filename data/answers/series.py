"""One indicator in one place: over time, and by deprivation fifth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.alternatives import deprivation_words, extremes_words, not_shown_words, sentences
from data.answers.answer import Answer
from data.answers.figures import COMPARED, Benchmark, by_fifth, find_benchmark, gap_sentence
from data.answers.group_periods import period_sentences
from data.answers.leading import leading_rows
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.trends import chart_of, trend_words
from data.answers.words import (
    FIFTH_WORDS,
    better_direction,
    figure,
    figure_with_limits,
    in_theme_order,
    join_words,
    period_label,
    status_words,
)
from data.catalogue import ics, indicator, indicators
from data.catalogue.definitions import Indicator, Place
from data.errors import UnknownName
from data.store.released import select_release_revisions, select_released

if TYPE_CHECKING:
    pass

GIVEN: Final = frozenset({"shown", "rounded"})
#: Which periods make the series: the first of these that have a figure. Rare events have three years together alone.
PERIODS: Final = ("quarter", "year", "three_years", "snapshot")
#: Value types that make a series worth drawing.
DRAWN: Final = ("proportion", "rate", "ratio", "mean", "median", "count", "share_of_items")


def indicator_choices(page: str) -> list[tuple[str, str]]:
    """List the indicators of a page that have figures, in the order of the catalogue."""
    with reading() as connection:
        released = select_release_revisions(connection)
    return [
        (one.id, one.short_name)
        for one in in_theme_order(indicators())
        if one.page == page and one.id in released and one.value_type in DRAWN
    ]


def place_choices() -> list[tuple[str, str]]:
    """List the system and its councils."""
    return [(place.code, place.label) for place in (ics().icb, *ics().lads)]


def over_time(name: str, area_code: str) -> Answer:
    """Give one indicator's quarters at one place, with limits, benchmark and what is more than chance."""
    definition, place = chosen(name, area_code)
    with reading() as connection:
        every = select_released(connection, name, area_code=area_code, breakdown_type="")
        own = {kind: every.loc[every["period_type"] == kind] for kind in PERIODS}
        given = [kind for kind in PERIODS if own[kind]["value"].notna().any()]
        rows = own[given[0] if given else "year"]
        rows = rows.sort_values("period_from", ignore_index=True)
        benchmark = find_benchmark(connection, definition)
        if benchmark is not None and benchmark.name == place.label:
            benchmark = None
        table = series_table(rows, definition, benchmark)
        table = said_of(table, definition, place)
        finding = f"{series_finding(table, definition, place)} {whole_finding(every, table, definition)}".strip()
        submissions = {*rows["submission_id"].dropna(), *([benchmark.submission_id] if benchmark else [])}
        return make_answer(
            connection,
            question=f"How has {definition.short_name} changed in {place.label}?",
            finding=finding,
            table=table,
            text_alternative=series_alternative(table, definition, place),
            submission_ids=submissions,
            unit=definition.unit,
            area_type=place.area_type,
            notes=(
                definition.definition,
                better_direction(definition),
                "A point is marked as unusual by the rules of Making Data Count (XmR chart, trend of seven points).",
            ),
        )


def chosen(name: str, area_code: str) -> tuple[Indicator, Place]:
    """Find the indicator and the place that were asked for."""
    place = ics().place(area_code)
    if place is None:
        raise UnknownName("there is no such place", found=area_code, expected="the ICS or one of its councils")
    return indicator(name), place


def said_of(table: pd.DataFrame, definition: Indicator, place: Place) -> pd.DataFrame:
    """Say in every row what it is about and where, so that a file of the rows stands by itself."""
    return table.assign(indicator_id=definition.id, area=place.label, area_code=place.code)


def series_table(rows: pd.DataFrame, definition: Indicator, benchmark: Benchmark | None) -> pd.DataFrame:
    """Put each period's figure beside the benchmark, and mark the unusual ones."""
    table = rows[["value", "lowercl", "uppercl", "value_status", "numerator", "denominator", "illustrative"]].copy()
    table.insert(
        0,
        "period",
        [period_label(*one) for one in zip(rows["period_type"], rows["period_from"], rows["period_to"], strict=True)],
    )
    table["figure"] = [
        figure_with_limits(value, low, high, definition.unit) if status in GIVEN else status_words(status)
        for value, low, high, status in zip(
            table["value"], table["lowercl"], table["uppercl"], table["value_status"], strict=True
        )
    ]
    table["benchmark"] = benchmark.value if benchmark else float("nan")
    table["benchmark_name"] = f"{benchmark.name} {benchmark.period}" if benchmark else ""
    chart = chart_of(table["value"].to_list(), definition)
    causes = chart.points["special_cause"].to_list() if chart else [""] * len(table)
    table["unusual"] = [str(cause) if cause and cause != "common cause" else "" for cause in causes]
    return table


def series_finding(table: pd.DataFrame, definition: Indicator, place: Place) -> str:
    """Say the newest figure, what it was at first, and whether the change is more than chance."""
    given = table.dropna(subset="value")
    if given.empty:
        reasons = table["value_status"].mode()
        reason = status_words(str(reasons.iloc[0])) if len(reasons) else "no data yet"
        return f"{definition.name} in {place.label}: {reason}."
    first, last = given.iloc[0], given.iloc[-1]
    said = f"{definition.name} in {place.label} was {figure(last['value'], definition.unit)} in {last['period']}"
    if len(given) > 1:
        said += f", against {figure(first['value'], definition.unit)} in {first['period']}"
    missing = len(table) - len(given)
    gap = f" {missing} of {len(table)} periods have no figure." if missing else ""
    return f"{said} ({trend_words(table['value'].to_list(), definition)}).{gap}"


def whole_finding(every: pd.DataFrame, table: pd.DataFrame, definition: Indicator) -> str:
    """Say the figure of the newest year, or three years, that pages lead with, where the series is of quarters."""
    newest = every.loc[every["period_to"] == every.groupby("period_type")["period_to"].transform("max")]
    leading = leading_rows([{str(key): value for key, value in row.items()} for row in newest.to_dict("records")])
    if not leading:
        return ""
    row = leading[0]
    period = period_label(row["period_type"], row["period_from"], row["period_to"])
    if period in set(table["period"]):
        return ""
    return f"For {period} as a whole it was {figure(row['value'], definition.unit)}."


def series_alternative(table: pd.DataFrame, definition: Indicator, place: Place) -> str:
    """Describe the chart: its ends, its range, what is unusual and what is missing."""
    given = table.dropna(subset="value")
    if given.empty:
        return f"Line chart without points: no figure can be shown for {place.label}."
    first, last = given["period"].iloc[0], given["period"].iloc[-1]
    unusual = table.loc[table["unusual"] != "", "period"].tolist()
    return sentences(
        f"Line chart of {definition.name} in {place.label}, {first} to {last}.",
        extremes_words(table["period"], table["value"], definition.unit),
        f"Unusual: {join_words(unusual)}." if unusual else "No point is unusual.",
        not_shown_words(table["value_status"]),
    )


def by_deprivation(name: str, area_code: str, fifths: str = "national") -> Answer:
    """Give one indicator by deprivation fifth of the neighbourhoods where people live."""
    definition, place = chosen(name, area_code)
    with reading() as connection:
        rows = by_fifth(connection, name, area_code, fifths)
        rows = rows if definition.value_type in COMPARED else rows.iloc[0:0]
        table = rows[["value", "lowercl", "uppercl", "value_status", "numerator", "denominator", "illustrative"]].copy()
        table.insert(0, "fifth", rows["breakdown_value"].map(FIFTH_WORDS))
        table["figure"] = [
            figure_with_limits(value, low, high, definition.unit) if status in GIVEN else status_words(status)
            for value, low, high, status in zip(
                table["value"], table["lowercl"], table["uppercl"], table["value_status"], strict=True
            )
        ]
        table = said_of(table, definition, place)
        period = "" if rows.empty else period_label(*rows.iloc[0][["period_type", "period_from", "period_to"]])
        where = "England" if fifths == "national" else "Dorset ICS"
        gap = gap_sentence(rows, definition.unit)
        finding = f"{definition.name} in {place.label}, {period}: {gap}" if gap else fifths_missing(definition, place)
        chart = f"Dot chart of {definition.name} in {place.label} by fifth of {where}, {period}."
        return make_answer(
            connection,
            question=f"How does {definition.short_name} differ by deprivation?",
            finding=finding,
            table=table,
            text_alternative=fifths_alternative(chart, table, definition.unit),
            submission_ids=set(rows["submission_id"].dropna()),
            unit=definition.unit,
            period=period,
            area_type=place.area_type,
            notes=(
                f"Fifths of neighbourhoods by the Index of Multiple Deprivation 2025, cut across {where}.",
                *period_sentences(rows, "year"),
            ),
        )


def fifths_alternative(chart: str, table: pd.DataFrame, unit: str) -> str:
    """Describe figures of the five fifths, whose rows run from the most to the least deprived."""
    listed = "; ".join(f"fifth {row.fifth}: {row.figure}" for row in table.itertuples())
    by_fifth = {str(name)[0]: float(value) for name, value in zip(table["fifth"], table["value"], strict=True)}
    return sentences(
        chart,
        f"{listed}." if listed else "",
        extremes_words([f"fifth {name}" for name in table["fifth"]], table["value"], unit),
        deprivation_words(by_fifth, unit),
        not_shown_words(table["value_status"]),
    )


def fifths_missing(definition: Indicator, place: Place) -> str:
    """Say that the fifths can't be compared."""
    return f"{definition.name} in {place.label}: the most and least deprived fifths can't be compared yet."
