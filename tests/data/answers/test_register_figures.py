"""Figures from registers, each worked out by hand beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa

from data import catalogue
from data.answers import register_evidence, register_money, register_promises
from data.answers.register_cells import Cell, Held, months_before, period_of, read_held
from data.answers.register_figures import FIGURES, figures_from_registers, register_tokens
from data.store.engine import reading

MARCH = dt.date(2026, 3, 31)
KINDS = {"yes_no": False, "number": None, "whole_number": None, "date": None}


def entries(register_id: str, *rows: dict[str, Any]) -> dict[str, tuple[dict[str, Any], ...]]:
    """Make entries of a register with nothing in the columns that are not named."""
    columns = {one.name: KINDS.get(one.kind, "") for one in catalogue.register(register_id).columns}
    made = []
    for at, row in enumerate(rows):
        marks = {"id": at, "entry_id": row.get("id", f"{register_id}-{at}"), "submission_id": 1, "illustrative": False}
        made.append({**columns, **row, **marks, "version": 1})
    return {register_id: tuple(made)}


def held(*parts: dict[str, Any], newest: dt.date | None = MARCH, connection: Any = None) -> Held:
    return Held({name: rows for part in parts for name, rows in part.items()}, newest, connection)


def by_quarter(cells: Iterable[Cell]) -> dict[str, tuple[float, float]]:
    return {cell.period.last.isoformat(): (cell.numerator, cell.denominator) for cell in cells}


def action(status: str, on: str, **more: Any) -> dict[str, Any]:
    return {"kind": "action", "status": status, "status_on": on, "made_on": "2025-04-01", **more}


# ---- periods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-03-31", "2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-04-01", "2026-06-30"),
        ("2025-12-31", "2025-10-01", "2025-12-31"),
    ],
)
def test_a_day_lies_in_its_quarter(day: str, first: str, last: str) -> None:
    period = period_of(dt.date.fromisoformat(day), "quarter")
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_a_year_begins_in_april_and_months_are_counted_back_from_their_ends() -> None:
    assert period_of(dt.date(2026, 3, 31), "year").first == dt.date(2025, 4, 1)
    assert period_of(dt.date(2026, 4, 1), "year").last == dt.date(2027, 3, 31)
    assert months_before(MARCH, 12) == dt.date(2025, 3, 31)
    assert months_before(dt.date(2025, 3, 31), -24) == dt.date(2027, 3, 31)


# ---- promises -------------------------------------------------------------------------------------------------------


def test_actions_count_from_their_first_known_status_and_by_their_status_then() -> None:
    commitments = entries(
        "commitments",
        action("on track", "2025-06-30", id="C-1"),
        action("at risk", "2025-06-30", id="C-2"),
        action("complete", "2025-12-31", id="C-3"),
        action("withdrawn", "2025-12-31", id="C-4"),
        {**action("on track", "2025-06-30", id="C-5"), "kind": "adoption"},
    )
    steps = entries(
        "commitment_status",
        {"commitment": "C-1", "status": "overdue", "status_on": "2026-03-31"},
        {"commitment": "C-4", "status": "on track", "status_on": "2025-07-01"},
    )
    found = by_quarter(register_promises.strategy_actions_on_track(held(commitments, steps)))
    assert found == {
        "2025-06-30": (1, 2),  # C-1 is on track, C-2 at risk; nothing is known of C-3 and C-4 yet
        "2025-09-30": (2, 3),  # C-4 is on track
        "2025-12-31": (2, 3),  # C-3 is complete, C-4 withdrawn
        "2026-03-31": (1, 3),  # C-1 is overdue
    }


def test_overdue_is_open_past_its_day_and_without_evidence_nothing_is_closed() -> None:
    def due(day: str, **more: Any) -> dict[str, Any]:
        return {"kind": "accountability action", "made_on": "2025-10-01", "due_on": day, "status": "on track", **more}

    rows = entries(
        "commitments",
        due("2026-03-30", status_on="2025-12-31"),
        due("2026-03-31", status_on="2025-12-31"),  # due on the very day: not late
        due("2026-01-10", status="complete", status_on="2026-02-01"),  # no evidence: 80 days late
        due("2026-01-10", status="complete", status_on="2026-02-01", evidence="Minute 7"),
        due("2026-01-10", status="withdrawn", status_on="2026-02-01"),
        due("2025-12-01", status_on="2025-12-31", closed_on="2026-01-05", evidence="Minute 1"),
    )
    overdue = by_quarter(register_promises.actions_overdue(held(rows)))
    assert overdue == {"2025-12-31": (1, 6), "2026-03-31": (2, 3)}
    late = {
        cell.period.last: (cell.value, cell.denominator) for cell in register_promises.actions_days_late(held(rows))
    }
    # 31 December less 1 December is 30 days; 1 day and 80 days have 40.5 in the middle
    assert late == {dt.date(2025, 12, 31): (30.0, 1), MARCH: (40.5, 2)}


# ---- evidence -------------------------------------------------------------------------------------------------------


def sector(name: str, what: str, since: str | None, *, yes: bool = True) -> dict[str, Any]:
    return {"sector": name, "what": what, "in_place": yes, "since": since, "evidence": "Minute"}


SECTORS = entries(
    "sector_evidence",
    sector("Education", "commitment", "2025-05-01"),
    sector("Education", "lead", "2025-11-01"),
    sector("Health", "commitment", "2025-05-01"),
    sector("Health", "lead", None),
    sector("Health", "service", "2025-05-01"),
    sector("Health", "training", "2025-05-01"),
    sector("Policing", "training", "2024-03-31"),
    sector("Community", "champion", "2025-05-01", yes=False),
)


def test_sectors_count_while_their_evidence_holds() -> None:
    everything = held(SECTORS)
    signed = by_quarter(register_evidence.sectors_signed_up(everything))
    assert signed["2025-09-30"] == (0, 8)
    assert signed["2025-12-31"] == (1, 8)
    assert signed["2026-03-31"] == (2, 8)  # the lead without a first day counts in the newest quarter alone
    trained = by_quarter(register_evidence.sectors_with_training(everything))
    # 31 March 2024 is within 12 months of 31 December 2024 and no longer of 31 March 2025
    assert [trained[day] for day in ("2024-03-31", "2024-12-31", "2025-03-31", "2025-06-30", "2026-03-31")] == [
        (1, 8), (1, 8), (0, 8), (1, 8), (1, 8),
    ]  # fmt: skip
    assert by_quarter(register_evidence.champions_in_post(everything))["2026-03-31"] == (0, 8)
    # Health: service, training, lead; Education: lead; Policing: training
    assert by_quarter(register_evidence.sector_matrix(everything))["2026-03-31"] == (5, 24)


def test_an_item_of_the_duty_counts_only_when_it_is_about_under_twos() -> None:
    lead, plan = (
        catalogue.register("duty_evidence").columns[1].allowed[-1],
        "Joint forward plan has an under-25s section",
    )
    rows = entries(
        "duty_evidence",
        {"item": lead, "year": "2025/26", "mentions_under_twos": True, "found_on": "2025-12-31"},
        {"item": lead, "year": "2025/26", "mentions_under_twos": True, "found_on": "2026-01-31"},
        {"item": plan, "year": "2025/26", "mentions_under_twos": False, "found_on": "2025-12-31"},
        {"item": plan, "year": "2024/25", "mentions_under_twos": False, "found_on": "2025-12-31"},
    )
    assert by_quarter(register_evidence.duty_evidence_items(held(rows))) == {
        "2025-03-31": (0, 5),
        "2026-03-31": (1, 5),
    }


def test_a_measure_is_aligned_when_it_is_mapped_and_reported() -> None:
    rows = entries(
        "kpis",
        {"asks": "B23.5", "last_reported": "2025-12-31"},
        {"asks": "B23.5", "last_reported": None},
        {"asks": "", "last_reported": "2025-12-31"},
    )
    assert by_quarter(register_evidence.kpis_aligned(held(rows))) == {"2026-03-31": (1, 3)}


def test_groups_count_in_the_last_two_meetings_about_the_strategy() -> None:
    rows = entries(
        "coproduction",
        {"service": "The strategy", "held_on": "2025-05-01", "groups_present": "parents; health; community leaders"},
        {"service": "The strategy", "held_on": "2025-08-01", "groups_present": "health"},
        {"service": "Pregnancy form", "held_on": "2025-08-02", "groups_present": "local council"},
        {"service": "The strategy", "held_on": "2025-11-01", "groups_present": "health; local council"},
    )
    found = by_quarter(register_evidence.coproduction_groups(held(rows, newest=dt.date(2025, 12, 31))))
    assert found == {"2025-06-30": (3, 4), "2025-09-30": (3, 4), "2025-12-31": (2, 4)}


def test_a_service_is_coproduced_for_24_months_and_only_commissioned_ones_count() -> None:
    lines = entries(
        "funding_lines",
        {"service": "Health visiting", "year": "2025/26", "share_0_to_2": 0.5},
        {"service": "Parent buddies", "year": "2025/26", "share_0_to_2": 1.0},
        {"service": "School nursing", "year": "2025/26", "share_0_to_2": 0.0},
    )
    made = entries(
        "coproduction",
        {"service": "health visiting", "level": "co-design", "held_on": "2024-04-01"},
        {"service": "Parent buddies", "level": "co-produce", "held_on": "2024-03-31"},  # a day too old
        {"service": "Parent buddies", "level": "engage", "held_on": "2025-10-01"},
        {"service": "Toy library", "level": "co-produce", "held_on": "2025-10-01"},
    )
    assert by_quarter(register_evidence.services_coproduced(held(lines, made))) == {"2026-03-31": (1, 2)}
    assert list(register_evidence.services_coproduced(held(lines))) == []
    assert list(register_evidence.services_coproduced(held(made))) == []


def test_a_decision_counts_once_however_many_criteria_its_paper_was_scored_on() -> None:
    def paper(title: str, day: str, *, short: bool, long: bool, touches: bool = True) -> dict[str, Any]:
        return {
            "kind": "board paper", "title": title, "published_on": day, "organisation": "A board",
            "touches_under_twos": touches, "states_short_term": short, "states_long_term": long,
        }  # fmt: skip

    rows = entries(
        "documents",
        paper("One", "2025-05-01", short=True, long=True),
        paper("One", "2025-05-01", short=True, long=True),
        paper("Two", "2025-06-30", short=True, long=False),
        paper("Three", "2026-02-01", short=True, long=True),
        paper("Four", "2026-02-01", short=True, long=True, touches=False),
    )
    found = {
        (cell.period.kind, cell.period.last.isoformat()): (cell.numerator, cell.denominator)
        for cell in register_evidence.decisions_short_and_long_term(held(rows))
    }
    assert found == {
        ("quarter", "2025-06-30"): (1, 2),
        ("quarter", "2026-03-31"): (1, 1),
        ("year", "2026-03-31"): (2, 3),
    }


# ---- money ----------------------------------------------------------------------------------------------------------


def line(amount: float, council: str = "BCP", **more: Any) -> dict[str, Any]:
    return {
        "service": "Health visiting", "funding_source": "Public health grant", "council": council, "year": "2025/26",
        "budget_or_outturn": "outturn", "amount": amount, "share_0_to_2": 0.5, "prevention": "prevention",
        "beneficiary": "Infant", "recurrent": True, "ring_fenced_locally": False, **more,
    }  # fmt: skip


def by_place(cells: Iterable[Cell]) -> dict[str, float]:
    return {cell.area_code: cell.numerator / cell.denominator for cell in cells}


BCP, DORSET, ICS = "E06000058", "E06000059", "E54000041"


def test_shares_are_of_pounds_for_pregnancy_to_two_and_a_line_of_the_system_is_no_councils() -> None:
    lines = entries(
        "funding_lines",
        line(800),  # 400 preventative in BCP
        line(400, prevention="statutory"),  # 200 statutory
        line(600, "Dorset Council area", beneficiary="Carer"),  # 300 preventative
        line(200, "Dorset ICS", prevention="statutory", share_0_to_2=1.0),  # 200 for the system alone
        line(9_000, budget_or_outturn="budget"),  # a plan is not spend
    )
    shares = by_place(register_money.prevention_share(held(lines)))
    assert shares == pytest.approx({BCP: 400 / 600, DORSET: 1.0, ICS: 700 / 1100})
    split = {
        (cell.area_code, cell.breakdown[1]): (cell.numerator, cell.denominator)
        for cell in register_money.spend_by_beneficiary(held(lines))
    }
    assert split[ICS, "Infant"] == (400, 700)
    assert split[ICS, "Carer"] == (300, 700)
    assert split[ICS, "Unborn"] == (0, 700)


@pytest.mark.parametrize(("until", "secured"), [("2027-03-30", 0.0), ("2027-03-31", 1.0), (None, 0.0)])
def test_secured_is_24_months_from_the_first_day_of_the_year(until: str | None, secured: float) -> None:
    lines = entries("funding_lines", line(100, budget_or_outturn="budget", confirmed_until=until))
    assert by_place(register_money.secured_funding_share(held(lines)))[BCP] == secured


def test_recurrent_is_a_share_of_the_preventative_budget() -> None:
    lines = entries(
        "funding_lines",
        line(300, budget_or_outturn="budget"),
        line(100, budget_or_outturn="budget", recurrent=False),
        line(900, budget_or_outturn="budget", prevention="statutory"),
    )
    assert by_place(register_money.recurrent_funding_share(held(lines)))[BCP] == pytest.approx(150 / 200)


def test_earlier_pounds_are_given_in_todays_only_where_the_deflator_is_loaded() -> None:
    then, base = dt.date(2025, 3, 31), dt.date(2026, 3, 31)
    assert register_money.price_factor({}, base, base) == 1.0
    assert register_money.price_factor({}, then, base) is None
    assert register_money.price_factor({then: 80.0, base: 100.0}, then, base) == 1.25


def test_without_what_stands_below_the_line_there_is_no_figure(sqlite_store: sa.Engine) -> None:
    lines = entries(
        "funding_lines",
        line(100),
        line(100, funding_source="ICB", service="Perinatal mental health"),
        line(100, budget_or_outturn="budget", ring_fenced_locally=True),
    )
    with reading(sqlite_store) as connection:
        everything = held(lines, connection=connection)
        for name in ("prevention_spend_per_child", "icb_spend_per_birth", "ring_fence_share"):
            assert list(FIGURES[name][0](everything)) == []


def test_an_empty_register_gives_no_figure_and_no_token(sqlite_store: sa.Engine) -> None:
    with reading(sqlite_store) as connection:
        assert register_tokens(read_held(connection, None), {}) == {}
        assert all(figures_from_registers(connection, name, None).empty for name in FIGURES)


def test_every_figure_is_one_that_the_catalogue_says_comes_from_its_register() -> None:
    for name, (_, registers) in FIGURES.items():
        definition = catalogue.indicator(name)
        assert definition.returned_by == registers[0]
        assert not definition.disclosive
