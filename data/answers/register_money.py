"""Figures from funding lines: by council and for the system, by financial year, budget and outturn never mixed.

A line for the whole system is no council's. Spend is outturn; what is confirmed, recurrent or ring-fenced is budget.
The share for pregnancy to age two that each line states is what counts of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from data.answers.register_cells import Cell, Entry, Held, Period, day_of, financial_year, months_before
from data.catalogue import ics
from data.store.areas import select_areas
from data.store.population import select_population
from data.store.released import select_released

BUDGET, OUTTURN = "budget", "outturn"
SECURED_MONTHS: Final = 24
GIVEN: Final = ("shown", "rounded")
#: Services for babies' social and emotional development, by the words in their names.
RELATIONSHIP_SERVICES: Final = re.compile(r"parent.infant|perinatal|mental health|relationship", re.IGNORECASE)
#: ONS estimates of children under two are used for years that begin at most so long after their day.
POPULATION_YEARS: Final = 3
UNDER_TWO: Final = ("0", "1")
Below = Callable[[Held, str, str, Period], tuple[float, bool] | None]


def places() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Give each area with its type and the labels of the lines that count for it."""
    system = ics()
    councils = {one.code: ("lad", one.code, (one.label,)) for one in system.lads}
    every = (system.label, *(one.label for one in system.lads))
    return {**councils, system.icb.code: ("icb", system.icb.code, every)}


def lines_of(held: Held, kind: str, year: str, labels: Iterable[str]) -> list[Entry]:
    """Give the lines of a kind, year and place."""
    wanted = set(labels)
    rows = held.of("funding_lines")
    return [
        row for row in rows if row["budget_or_outturn"] == kind and row["year"] == year and row["council"] in wanted
    ]


def pounds(lines: Iterable[Entry]) -> float:
    """Add up what of the lines is for pregnancy to age two."""
    return float(sum(row["amount"] * row["share_0_to_2"] for row in lines))


def preventive(lines: Iterable[Entry]) -> list[Entry]:
    """Keep the preventative lines."""
    return [row for row in lines if row["prevention"] == "prevention"]


def by_year_and_place(held: Held, kind: str) -> Iterator[tuple[Period, str, str, list[Entry]]]:
    """Give the lines of each year and area that has any."""
    years = sorted({row["year"] for row in held.of("funding_lines") if row["budget_or_outturn"] == kind})
    for year in years:
        for area_type, code, labels in places().values():
            if lines := lines_of(held, kind, year, labels):
                yield financial_year(year), area_type, code, lines


def shares(
    held: Held, kind: str, part: Callable[[list[Entry], Period], list[Entry]], *, of_all: bool
) -> Iterator[Cell]:
    """Give what part of the preventative money, or of all money, some lines are."""
    for period, area_type, code, lines in by_year_and_place(held, kind):
        whole = pounds(lines if of_all else preventive(lines))
        if whole > 0:
            yield Cell(period, pounds(part(lines, period)), whole, area_type, code)


def prevention_share(held: Held) -> Iterator[Cell]:
    """Give the preventative share of all spend on under-twos."""
    yield from shares(held, OUTTURN, lambda lines, _: preventive(lines), of_all=True)


def secured_funding_share(held: Held) -> Iterator[Cell]:
    """Give the share of the preventative budget that is confirmed for 24 months from the first day of the year."""
    yield from shares(held, BUDGET, secured, of_all=False)


def secured(lines: list[Entry], period: Period) -> list[Entry]:
    """Keep the preventative lines that are confirmed for 24 months or more."""
    until = months_before(period.first - dt.timedelta(days=1), -SECURED_MONTHS)
    return [row for row in preventive(lines) if (day := day_of(row["confirmed_until"])) is not None and day >= until]


def recurrent_funding_share(held: Held) -> Iterator[Cell]:
    """Give the share of the preventative budget that recurs."""
    yield from shares(
        held, BUDGET, lambda lines, _: [row for row in preventive(lines) if row["recurrent"]], of_all=False
    )


def spend_by_beneficiary(held: Held) -> Iterator[Cell]:
    """Give the share of preventative spend for the unborn, the infant and the carer."""
    for period, area_type, code, lines in by_year_and_place(held, OUTTURN):
        whole = pounds(preventive(lines))
        for who in ("Unborn", "Infant", "Carer") if whole > 0 else ():
            tagged = pounds(row for row in preventive(lines) if row["beneficiary"] == who)
            yield Cell(period, tagged, whole, area_type, code, ("beneficiary", who))


# ---- money for each child, birth and pound of the grant -------------------------------------------------------------


def for_each(held: Held, lines_by: Iterable[tuple[Period, str, str, float]], below: Below) -> Iterator[Cell]:
    """Divide pounds by what stands below the line; where that is not known there is no figure."""
    for period, area_type, code, amount in lines_by:
        found = below(held, area_type, code, period)
        if found is not None:
            yield Cell(period, amount, found[0], area_type, code, illustrative=found[1])


def prevention_spend_per_child(held: Held) -> Iterator[Cell]:
    """Give preventative spend for each child under two and known pregnancy, in the prices of the newest year."""
    index = deflators(held)
    spend = [(period, kind, code, preventive(lines)) for period, kind, code, lines in by_year_and_place(held, OUTTURN)]
    newest = max((period.last for period, *_ in spend), default=None)
    real = [
        (period, kind, code, pounds(lines) * factor)
        for period, kind, code, lines in spend
        if newest is not None and (factor := price_factor(index, period.last, newest)) is not None
    ]
    yield from for_each(held, real, children_and_pregnancies)


def price_factor(index: dict[dt.date, float], year_end: dt.date, base: dt.date) -> float | None:
    """Give what turns a year's pounds into those of the base year; None where the deflator is not loaded."""
    if year_end == base:
        return 1.0
    return index[base] / index[year_end] if {year_end, base} <= set(index) else None


def deflators(held: Held) -> dict[dt.date, float]:
    """Give the GDP deflator of each financial year, by the year's last day, as far as it is loaded."""
    rows = select_released(held.connection, "gdp_deflator", period_type="year", breakdown_type="")
    ends = [day_of(row) for row in rows["period_to"]]
    pairs = zip(ends, rows["value"], strict=True)
    return {end: float(value) for end, value in pairs if end is not None and end.month < 4 and value > 0}


def icb_spend_per_birth(held: Held) -> Iterator[Cell]:
    """Give ICB spend on parent-infant, perinatal and mental health services for each birth."""
    spend = [
        (period, kind, code, pounds(row for row in lines if is_icb_relationship(row)))
        for period, kind, code, lines in by_year_and_place(held, OUTTURN)
        if kind == "icb" and any(is_icb_relationship(row) for row in lines)
    ]
    yield from for_each(held, spend, births)


def is_icb_relationship(row: Entry) -> bool:
    """Say whether a line is the ICB's for babies' social and emotional development."""
    return row["funding_source"] == "ICB" and RELATIONSHIP_SERVICES.search(row["service"]) is not None


def ring_fence_share(held: Held) -> Iterator[Cell]:
    """Give the share of the public health grant that a local decision protects for the 1001 days."""
    protected = [
        (period, kind, code, pounds(row for row in lines if is_ring_fenced(row)))
        for period, kind, code, lines in by_year_and_place(held, BUDGET)
    ]
    yield from for_each(held, protected, grant)


def is_ring_fenced(row: Entry) -> bool:
    """Say whether a line is grant that a local decision protects."""
    return bool(row["ring_fenced_locally"]) and row["funding_source"] == "Public health grant"


# ---- what stands below the line -------------------------------------------------------------------------------------


def children_and_pregnancies(held: Held, area_type: str, code: str, period: Period) -> tuple[float, bool] | None:
    """Add children under two to known pregnancies; both must be known."""
    pregnancies = released_count(held, "cohort_pregnancies", code, period)
    children = ons_under_two(held, area_type, code, period) or released_count(held, "cohort_under_two", code, period)
    if pregnancies is None or children is None:
        return None
    return children[0] + pregnancies[0], children[1] or pregnancies[1]


def ons_under_two(held: Held, area_type: str, code: str, period: Period) -> tuple[float, bool] | None:
    """Give the ONS estimate of children aged 0 and 1, if one is loaded that is recent enough for the year."""
    people = select_population(held.connection, age_band=UNDER_TWO, area_type="lsoa21")
    people = people.loc[people["reference_date"] <= period.last.isoformat()]
    if people.empty or int(people["reference_date"].max()[:4]) < period.first.year - POPULATION_YEARS:
        return None
    areas = select_areas(held.connection)
    inside = areas.loc[areas["lad_code" if area_type == "lad" else "icb_code"] == code, "area_code"]
    newest = people.loc[people["reference_date"] == people["reference_date"].max()]
    here = newest.loc[newest["area_code"].isin(inside)].drop_duplicates(["area_code", "age_band"], keep="last")
    both = here.groupby("area_code")["age_band"].nunique().eq(len(UNDER_TWO))
    return (float(here["count"].sum()), False) if len(both) and both.all() else None


def births(held: Held, area_type: str, code: str, period: Period) -> tuple[float, bool] | None:  # noqa: ARG001 (as ``Below``)
    """Give live births to residents where they are loaded, else the babies who reached 30 days, from the returns."""
    published = released_count(held, "live_births", code, period)
    return published or released_count(held, "new_birth_visit_14_days", code, period, column="denominator")


def grant(held: Held, area_type: str, code: str, period: Period) -> tuple[float, bool] | None:  # noqa: ARG001 (as ``Below``)
    """Give the published public health grant of the year."""
    return released_count(held, "public_health_grant", code, period)


def released_count(
    held: Held, indicator_id: str, code: str, period: Period, *, column: str = "numerator"
) -> tuple[float, bool] | None:
    """Give a released count of an area and year, and whether it is illustrative; None where it is not shown."""
    rows = select_released(held.connection, indicator_id, period_type="year", breakdown_type="", area_code=code)
    rows = rows.loc[(rows["period_to"].str[:10] == period.last.isoformat()) & rows["value_status"].isin(GIVEN)]
    rows = rows.loc[rows[column] > 0]
    return None if rows.empty else (float(rows[column].iloc[-1]), bool(rows["illustrative"].iloc[-1]))
