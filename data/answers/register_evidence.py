"""Figures from evidence: sectors, the duty, measures in contracts, co-production and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from data.answers.register_cells import (
    Cell,
    Entry,
    Held,
    Period,
    day_of,
    financial_year,
    months_before,
    period_of,
    quarters,
)
from data.catalogue import register

GROUPS: Final = 4
MEETINGS: Final = 2
RECENT_MONTHS: Final = 12
COPRODUCED_MONTHS: Final = 24
COPRODUCED: Final = ("co-design", "co-produce")
MATRIX: Final = ("service", "training", "lead")


def allowed(register_id: str, column: str) -> tuple[str, ...]:
    """List what a column of a register may say."""
    return next(one.allowed for one in register(register_id).columns if one.name == column)


# ---- sectors --------------------------------------------------------------------------------------------------------


def sectors() -> tuple[str, ...]:
    """List the eight sectors, as the proposal names them."""
    return allowed("sector_evidence", "sector")


def in_place(held: Held, what: str, period: Period, *, newest: Period, months: int = 0) -> set[str]:
    """Name the sectors with something in place at the end of a period; ``months`` where it must be no older.

    Evidence without a first day counts in the newest period alone.
    """
    found = set()
    for row in held.of("sector_evidence"):
        since = day_of(row["since"])
        began = since <= period.last if since is not None else period == newest and not months
        recent = not months or (since is not None and since > months_before(period.last, months))
        if row["what"] == what and row["in_place"] and began and recent:
            found.add(row["sector"])
    return found


def sector_periods(held: Held) -> list[Period]:
    """Give the quarters since the first evidence of any sector."""
    days = [day for row in held.of("sector_evidence") if (day := day_of(row["since"]))]
    through = held.through("sector_evidence")
    if held.of("sector_evidence") and not days and held.newest_quarter is not None:
        return [period_of(held.newest_quarter, "quarter")]
    return list(quarters(days, through))


def count_sectors(held: Held, *whats: str, months: int = 0) -> Iterator[Cell]:
    """Count the sectors that have all of some things, of eight."""
    periods = sector_periods(held)
    for period in periods:
        have = [in_place(held, what, period, newest=periods[-1], months=months) for what in whats]
        yield Cell(period, len(set.intersection(*have)), len(sectors()))


def sectors_signed_up(held: Held) -> Iterator[Cell]:
    """Count sectors with a signed commitment and a lead."""
    yield from count_sectors(held, "commitment", "lead")


def champions_in_post(held: Held) -> Iterator[Cell]:
    """Count sectors with a champion."""
    yield from count_sectors(held, "champion")


def sectors_with_provision(held: Held) -> Iterator[Cell]:
    """Count sectors with a service."""
    yield from count_sectors(held, "service")


def sectors_with_training(held: Held) -> Iterator[Cell]:
    """Count sectors that completed training in the last 12 months."""
    yield from count_sectors(held, "training", months=RECENT_MONTHS)


def sector_matrix(held: Held) -> Iterator[Cell]:
    """Count the cells of sector by service, training and lead that have evidence."""
    periods = sector_periods(held)
    for period in periods:
        cells = sum(len(in_place(held, what, period, newest=periods[-1])) for what in MATRIX)
        yield Cell(period, cells, len(MATRIX) * len(sectors()))


# ---- the duty and measures in contracts -----------------------------------------------------------------------------


def duty_evidence_items(held: Held) -> Iterator[Cell]:
    """Count the items of the duty that are evidenced for under-twos, in each year that anything is on file for."""
    rows, items = held.of("duty_evidence"), allowed("duty_evidence", "item")
    for year in sorted({row["year"] for row in rows}):
        met = {row["item"] for row in rows if row["year"] == year and row["mentions_under_twos"]}
        yield Cell(financial_year(year), len(met), len(items))


def is_reported(row: Entry) -> bool:
    """Say whether a measure was ever reported."""
    return day_of(row["last_reported"]) is not None


def kpis_aligned(held: Held) -> Iterator[Cell]:
    """Count measures that are mapped to an ask and reported; the register says when last, so only of now."""
    rows, through = held.of("kpis"), held.through("kpis")
    if rows and through is not None:
        aligned = sum(bool(row["asks"]) and is_reported(row) for row in rows)
        yield Cell(period_of(through, "quarter"), aligned, len(rows))


# ---- co-production --------------------------------------------------------------------------------------------------


def groups_in(rows: Iterable[Entry]) -> set[str]:
    """Name the groups that were present."""
    return {group for row in rows for part in row["groups_present"].split(";") if (group := part.strip())}


def coproduction_groups(held: Held) -> Iterator[Cell]:
    """Count the groups present in the last two meetings about the strategy."""
    meetings = [row for row in held.of("coproduction") if "strategy" in row["service"].casefold()]
    meetings.sort(key=lambda row: (row["held_on"], row["entry_id"]))
    days = [day for row in meetings if (day := day_of(row["held_on"]))]
    for period in quarters(days, held.through("coproduction")):
        so_far = [row for row in meetings if row["held_on"][:10] <= period.last.isoformat()]
        yield Cell(period, len(groups_in(so_far[-MEETINGS:])), GROUPS)


def services_coproduced(held: Held) -> Iterator[Cell]:
    """Count commissioned services with co-design or better in 24 months, of those that funding lines pay for."""
    lines = [row for row in held.of("funding_lines") if row["share_0_to_2"] > 0]
    for year in sorted({row["year"] for row in lines} if held.of("coproduction") else ()):
        period = financial_year(year)
        services = {row["service"].casefold() for row in lines if row["year"] == year}
        after = months_before(period.last, COPRODUCED_MONTHS).isoformat()
        made = {
            row["service"].casefold()
            for row in held.of("coproduction")
            if row["level"] in COPRODUCED and after < row["held_on"][:10] <= period.last.isoformat()
        }
        yield Cell(period, len(services & made), len(services))


# ---- decisions ------------------------------------------------------------------------------------------------------


def decisions_short_and_long_term(held: Held) -> Iterator[Cell]:
    """Count decisions on under-twos that state a short-term and a long-term benefit, by quarter and by whole year."""
    papers = {
        (row["organisation"], row["title"], row["published_on"]): row
        for row in held.of("documents")
        if row["kind"] in {"board paper", "item"} and row["touches_under_twos"]
    }
    days = {day for row in papers.values() if (day := day_of(row["published_on"]))}
    through = held.through("documents")
    periods = [*quarters(days, through)]
    years = {period_of(period.last, "year"): None for period in periods}
    periods += [year for year in years if through is not None and year.last <= through]
    for period in periods:
        within = [row for row in papers.values() if is_within(row, period)]
        both = sum(bool(row["states_short_term"] and row["states_long_term"]) for row in within)
        if within:
            yield Cell(period, both, len(within))


def is_within(row: Entry, period: Period) -> bool:
    """Say whether a paper was published in a period."""
    day = day_of(row["published_on"])
    return day is not None and period.first <= day <= period.last
