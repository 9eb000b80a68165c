"""The case for it: what closing a gap would mean in babies, and in pounds only where a unit cost is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.equity_gaps import COLUMNS as GAPS
from data.answers.equity_gaps import ends_of_fifths, gap_indicators, gaps, people_in_gap, people_words, who_is_counted
from data.answers.group_periods import period_sentences
from data.answers.made import LABEL, make_answer
from data.answers.money_words import labels_of, marked, pounds_words
from data.answers.opened import reading
from data.answers.words import figure, period_label
from data.catalogue import indicator
from data.catalogue.definitions import Indicator
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

#: The published cost of one more of what an indicator counts. A gap in anything else is given in people alone.
CONTACT: Final = "unit_cost_health_visiting"
UNIT_COSTS: Final = dict.fromkeys(
    (
        *("new_birth_visit_14_days", "new_birth_visit_30_days", "review_6_8_weeks"),
        *("review_12_months_by_12", "review_12_months_by_15", "review_2_years"),
    ),
    CONTACT,
)
YOUNG: Final = ("babies", "infants", "children")
NO_COST: Final = "No published unit cost is loaded for this, so no cost is given."
COLUMNS: Final = [
    *("measure", "period", "most_deprived", "least_deprived", "gap", "people", "cost"),
    *("value", "lowercl", "uppercl", "value_status", "illustrative", "indicator_id"),
]
NOTES: Final = (
    "The gap is between the neighbourhoods in the most and the least deprived fifth of England.",
    "Babies are those whom the most deprived fifth would gain in a year, if it did as well as the least deprived.",
    "Counts are rounded, so babies are given to the nearest five. What brings a gap about is not told by its size.",
    "A cost is a number of babies times a published unit cost. It is no saving, and no estimate of later benefits.",
    "A unit cost is sent in with the template “Published figures with a citation each”.",
)


def case_choices(area_code: str) -> list[tuple[str, str]]:
    """List the figures of a place in which the most deprived fifth fares worse, those of babies and children first."""
    with reading() as connection:
        found = newest_gaps(connection, area_code)
    return [(str(row["indicator_id"]), indicator(str(row["indicator_id"])).short_name) for row in found]


def newest_gaps(connection: sa.Connection, area_code: str) -> list[dict[Any, Any]]:
    """Give each figure's newest gap at a place, where the most deprived fare worse."""
    names = [one.id for one in gap_indicators()]
    found = gaps(ends_of_fifths(connection, names, area_code=area_code)).sort_values("period_to")
    newest = found.drop_duplicates("indicator_id", keep="last")
    rows = [
        {**row, "count": count}
        for row in newest.to_dict("records")
        if (count := people_in_gap(float(row["gap"]), float(row["people"]))) is not None
    ]
    return sorted(rows, key=lambda row: (not of_babies(str(row["indicator_id"])), -row["count"], row["indicator_id"]))


def of_babies(name: str) -> bool:
    """Whether a figure counts babies or children."""
    return who_is_counted(indicator(name)) in YOUNG


def case_for(name: str, area_code: str) -> Answer:
    """Say what closing one gap would mean in babies, with its cost where one is published; list the others."""
    _, label, _ = labels_of(area_code)
    with reading() as connection:
        found = newest_gaps(connection, area_code)
        costs = unit_costs(connection)
        rows = [case_record(row, costs) for row in found]
        chosen = next((row for row in rows if row["indicator_id"] == name), None)
        alike = len({row["illustrative"] for row in rows}) < 2
        for row in rows:
            row["measure"] = marked(str(row["measure"]), bool(row["illustrative"]), alike=alike)
        invented = LABEL if chosen is not None and chosen["illustrative"] else ""
        said = f"{invented}{case_finding(chosen, label, indicator(name))}"
        used = {int(row["submission_id"]) for row in found if pd.notna(row["submission_id"])}
        used |= {int(row["submission_id"]) for row in costs.values() if pd.notna(row["submission_id"])}
        return make_answer(
            connection,
            question="What would closing a gap mean, and what would it cost?",
            finding=said,
            table=pd.DataFrame(rows, columns=COLUMNS),
            text_alternative=said,
            submission_ids=used,
            area_type="icb",
            labelled=False,
            notes=(*NOTES, *period_sentences(pd.DataFrame(found, columns=GAPS), "year")),
        )


def unit_costs(connection: sa.Connection) -> dict[str, dict[Any, Any]]:
    """Give the newest published unit costs that are loaded, by their indicator."""
    rows = select_released(connection, sorted(set(UNIT_COSTS.values())), breakdown_type="", latest=True)
    given = rows.loc[rows["value"].notna()]
    return {str(row["indicator_id"]): row for row in given.to_dict("records")}


def case_record(row: dict[Any, Any], costs: dict[str, dict[Any, Any]]) -> dict[str, Any]:
    """Write one gap in points with its limits, in people, and in pounds where a unit cost is known."""
    definition = indicator(str(row["indicator_id"]))
    points = [float(row[name]) for name in ("gap", "lowercl", "uppercl")]
    return {
        "measure": definition.short_name,
        "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
        "most_deprived": figure(float(row["most"]), definition.unit),
        "least_deprived": figure(float(row["least"]), definition.unit),
        "gap": f"{points[0]:.1f} points ({points[1]:.1f} to {points[2]:.1f})",
        "people": people_words(row["count"], definition),
        "cost": cost_words(row["count"], costs.get(UNIT_COSTS.get(definition.id, ""))),
        **{"value": points[0], "lowercl": points[1], "uppercl": points[2]},
        "value_status": row["value_status"],
        "illustrative": bool(row["illustrative"]),
        "indicator_id": definition.id,
    }


def cost_words(count: int, cost: dict[Any, Any] | None) -> str:
    """Multiply people by a published unit cost, or say that there is none."""
    if cost is None:
        return "No published unit cost loaded"
    each = float(cost["value"])
    period = period_label(cost["period_type"], cost["period_from"], cost["period_to"])
    return f"About {pounds_words(count * each)} a year, at {figure(each, '£')} for one contact ({period})"


def case_finding(chosen: dict[str, Any] | None, label: str, definition: Indicator) -> str:
    """Say one gap, what closing it means, and its cost or that none is known."""
    if chosen is None:
        return f"No data yet by deprivation fifth on {definition.short_name} in {label}, or there is no gap to close."
    end = NO_COST if chosen["cost"].startswith("No published") else f"{chosen['cost']}."
    who = who_is_counted(definition)
    reach = f"{chosen['people']} a year" if who in chosen["people"] else chosen["people"]
    return (
        f"{definition.short_name}, {label}, {chosen['period']}: {chosen['most_deprived']} in the most deprived fifth "
        f"and {chosen['least_deprived']} in the least. Closing this gap would mean {reach}. {end}"
    )
