"""Do babies get their reviews on time? The mandated reviews by area, by deprivation fifth and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import Benchmark, benchmarks, with_comparison
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.words import (
    figure,
    figure_with_limits,
    in_theme_order,
    join_words,
    period_label,
    status_words,
)
from data.catalogue import ics, indicator, indicators
from data.catalogue.definitions import Indicator, Place
from data.store.released import select_released
from metrics.proportions import proportion

if TYPE_CHECKING:
    import sqlalchemy as sa

THEMES: Final = ("mandated_reviews", "development")
GIVEN: Final = frozenset({"shown", "rounded"})
FIRST: Final = 4
NEIGHBOURS_NOTE: Final = "Neighbours are areas that share a border. No statistical neighbours have been chosen."


def reviews_by_area() -> Answer:
    """Give the newest year of every mandated review for the system, its councils, the region and England.

    A review that is also published for councils has a second row, so that what was sent in and what was published
    stand beside each other. Areas that share a border stand at the end, where a publication has figures for them.
    """
    with reading() as connection:
        shown = review_rows(connection)
        wanted = {name for one in shown for name in (one.id, one.benchmark_from) if name}
        rows = newest_years(connection, sorted(wanted), [place.code for place in (*own_places(), *ics().neighbours)])
        beside = [place for place in ics().neighbours if (rows["area_code"] == place.code).any()]
        places = [*own_places(), *beside]
        held_against = benchmarks(connection, [one.id for one in shown])
        records = [area_record(one, place, rows, held_against.get(one.id)) for one in shown for place in places]
        table = pd.DataFrame(records, columns=AREA_COLUMNS)
        finding = reviews_finding(table)
        return make_answer(
            connection,
            question="Are babies seen on time?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=set(rows["submission_id"].dropna()),
            unit="%",
            area_type="lad",
            notes=(
                "Antenatal contact (C1) is a count and not a percentage in the national collection.",
                "ASQ-3 is a questionnaire about a child’s development at 2 to 2½ years.",
                *((NEIGHBOURS_NOTE,) if beside else ()),
            ),
        )


def own_places() -> list[Place]:
    """List the system, its councils and what they are held against."""
    return [ics().icb, *ics().lads, ics().region, ics().country]


def review_rows(connection: sa.Connection) -> list[Indicator]:
    """List the reviews that have figures, each followed by its publication where that has councils' figures."""
    own = in_theme_order(one for one in indicators() if one.theme in THEMES)
    names = [name for one in own for name in (one.id, one.benchmark_from) if name]
    councils = {place.code for place in (ics().icb, *ics().lads)}
    rows = select_released(connection, names, breakdown_type="", period_type="year")
    with_councils = set(rows.loc[rows["area_code"].isin(councils), "indicator_id"])
    listed = [name for one in own for name in (one.id, one.benchmark_from) if name in with_councils]
    return [indicator(name) for name in listed]


AREA_COLUMNS: Final = [
    "review",
    "area",
    "figure",
    "period",
    "comparison",
    "value",
    "lowercl",
    "uppercl",
    "value_status",
    "illustrative",
    "indicator_id",
    "area_code",
    "benchmark",
]


def newest_years(connection: sa.Connection, names: list[str], codes: list[str]) -> pd.DataFrame:
    """Give each indicator's newest year with a figure at each place, or its newest year without one."""
    rows = select_released(connection, names, breakdown_type="", period_type="year")
    rows = rows.loc[rows["area_code"].isin(codes)]
    rows = rows.assign(given=rows["value"].notna()).sort_values(["given", "period_to"])
    return with_limits(rows.drop_duplicates(["indicator_id", "area_code"], keep="last"))


def with_limits(rows: pd.DataFrame) -> pd.DataFrame:
    """Work out the 95% limits of a published share from its published counts, where it comes without limits."""
    shares = rows["indicator_id"].map(lambda name: indicator(str(name)).value_type) == "proportion"
    bare = (
        shares & rows["value"].notna() & rows["lowercl"].isna() & rows["numerator"].notna() & (rows["denominator"] > 0)
    )
    if not bare.any():
        return rows
    made = proportion(rows.loc[bare, "numerator"], rows.loc[bare, "denominator"], multiplier=100.0)
    limits = made.set_axis(rows.index[bare.to_numpy()])
    return rows.assign(
        lowercl=rows["lowercl"].fillna(limits["lowercl"]), uppercl=rows["uppercl"].fillna(limits["uppercl"])
    )


def area_record(definition: Indicator, place: Place, rows: pd.DataFrame, benchmark: Benchmark | None) -> dict[str, Any]:
    """Write one review's figure at one place, or "no data yet"."""
    outside = place.code not in {ics().icb.code, *(council.code for council in ics().lads)}
    name = definition.benchmark_from or definition.id if outside else definition.id
    found = rows.loc[(rows["indicator_id"] == name) & (rows["area_code"] == place.code)]
    blank = {"value": None, "lowercl": None, "uppercl": None, "illustrative": False}
    record: dict[str, Any] = {"review": definition.short_name, "area": place.label, "period": "", "comparison": ""}
    held = f"{benchmark.name} {figure(benchmark.value, definition.unit)}, {benchmark.period}" if benchmark else ""
    record |= {"indicator_id": definition.id, "area_code": place.code, "benchmark": held, **blank}
    if found.empty:
        return record | {"figure": "no data yet", "value_status": "not_collected"}
    row = found.iloc[0]
    record |= {
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "value_status": row["value_status"],
        "illustrative": bool(row["illustrative"]),
    }
    if row["value_status"] not in GIVEN:
        return record | {"figure": status_words(row["value_status"])}
    limits = {name: float(row[name]) for name in ("value", "lowercl", "uppercl")}
    words = figure_with_limits(limits["value"], limits["lowercl"], limits["uppercl"], definition.unit)
    own = benchmark is not None and benchmark.name == place.label
    compared = "" if own else str(with_comparison(found, benchmark, definition)["comparison"].iloc[0])
    return record | limits | {"figure": words, "comparison": compared}


def reviews_finding(table: pd.DataFrame) -> str:
    """Say which reviews fall short of their benchmark in which council, and which do better."""
    councils = table.loc[table["area_code"].isin([place.code for place in ics().lads])]
    judged = councils.loc[councils["comparison"].isin(["better", "similar", "worse"])]
    if judged.empty:
        return "No mandated review can be compared yet."
    counts = judged["comparison"].value_counts()
    worse = judged.loc[judged["comparison"] == "worse"]
    listed = [f"{row.review} in {row.area}" for row in worse.head(FIRST).itertuples()]
    more = len(worse) - len(listed)
    named = join_words([*listed, f"{more} more"] if more else listed)
    start = (
        f"Of {len(judged)} comparisons of councils’ reviews with the benchmark, {counts.get('better', 0)} are better, "
        f"{counts.get('similar', 0)} similar and {counts.get('worse', 0)} worse."
    )
    return f"{start} Worse: {named}." if listed else start
