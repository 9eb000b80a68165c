"""The attack on what is released: it passes as released, and fails as soon as one thing too many is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers import audit, opened
from data.answers.audit import audit_indicator, audit_release
from data.answers.linked import link, protect_linked
from data.answers.protection import protect_cells
from data.answers.release import exact_cells, local_rows, read_basis
from data.answers.together import released_grains
from data.catalogue import disclosure, indicator
from data.store.engine import reading, writing
from data.store.models import Released
from data.store.released import select_release_revisions
from metrics.disclosure import round_half_up
from metrics.disclosure_linked import Protection, narrow_counts, propagated_intervals, what_is_published

RELEASED = Released.__table__
INDICATOR = "buddy_allocated"


def of(indicator_id: str) -> sa.ColumnElement[bool]:
    return RELEASED.c.indicator_id == indicator_id


def test_nothing_hidden_in_the_whole_release_follows_from_its_sums(whole_chain):
    report = audit_release(opened.opened(), thorough=False)
    assert report.passed, report.findings.head().to_string()
    assert report.attacked > 500
    assert report.sentence.endswith("none could be narrowed to fewer than 5 values.")


@pytest.mark.parametrize("indicator_id", ["imhcf_trained_direct_contact", "care_proceedings_newborn"])
def test_the_exact_attack_finds_nothing_either(whole_chain, indicator_id):
    report = audit_release(opened.opened(), [indicator_id])
    assert report.passed, report.findings.head().to_string()
    assert report.indicators == 1


#: Measures that count the same people as many others: attacking these takes longest.
LARGEST = (
    "families_using_channel",
    "buddy_allocated",
    "asq3_communication",
    "financial_strain",
    "finance_skills_completed",
    "antenatal_contact_count",
)


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("indicator_id", [*LARGEST, "all others"])
def test_the_exact_attack_finds_nothing_in_the_whole_illustrative_release(indicator_id, monkeypatch):
    monkeypatch.setattr(audit, "IN_ALL", 3600.0)  # a busy machine is no finding
    engine = opened.opened()
    with reading(engine) as connection:
        names = sorted(select_release_revisions(connection))
        basis = read_basis(connection)
    largest = {name: set(basis.shared.cluster_of(name)) for name in LARGEST}
    chosen = largest.get(indicator_id) or set(names).difference(*largest.values())
    report = audit_release(engine, sorted(chosen), seconds=300.0)
    assert report.passed, report.sentence + report.findings.head().to_string()
    assert report.attacked > 100


def test_a_small_count_that_is_shown_is_found(whole_chain):
    engine = opened.opened()
    with reading(engine) as connection:
        hidden = sa.select(RELEASED).where(of(INDICATOR), RELEASED.c.value_status == "suppressed").limit(1)
        row = connection.execute(hidden).mappings().one()
    with writing(engine) as connection:
        same = [RELEASED.c[column.name] == row[column.name] for column in RELEASED.primary_key]
        connection.execute(sa.update(RELEASED).where(*same).values(value_status="rounded", numerator=5.0))
    report = audit_release(engine, [INDICATOR], thorough=False)
    assert not report.passed
    assert report.findings["why"].unique().tolist() == ["a small count is not hidden"]


def test_a_count_that_is_shown_exactly_is_found(whole_chain):
    engine = opened.opened()
    with writing(engine) as connection:
        changed = sa.update(RELEASED).where(of(INDICATOR), RELEASED.c.value_status == "rounded")
        connection.execute(changed.values(numerator=RELEASED.c.numerator + 1))
    assert not audit_release(engine, [INDICATOR], thorough=False).passed


def linked_system(indicator_id: str):
    """One indicator's counts, and what protects them."""
    definition, rule = indicator(indicator_id), disclosure()
    with reading(opened.opened()) as connection:
        basis = read_basis(connection)
        exact = exact_cells(local_rows(connection, indicator_id, basis), basis, definition)
    protected = protect_cells(exact, definition, rule)
    given = released_grains(protected, definition, rule)
    linked = link(exact, protected, given, basis.areas, basis.fifths, definition, rule)
    return linked, protect_linked(linked, rule)


def test_every_single_measure_is_needed(whole_chain):
    linked, done = linked_system(INDICATOR)
    more = np.flatnonzero(done.hidden & ~linked.items.small)
    assert more.size > 2
    for item in more:
        if np.any(done.hidden & (linked.items.needs == item)):
            continue  # a whole stays hidden only while its figure does
        without = Protection(done.hidden.copy(), done.withheld)
        without.hidden[item] = False
        known = propagated_intervals(
            linked.links, *what_is_published(linked.least, linked.greatest, linked.items, without)
        )
        assert narrow_counts(*known, linked.items, without, 5).size, f"item {item} need not be hidden"


def test_a_complementary_suppression_that_is_undone_by_hand_is_found(whole_chain):
    linked, done = linked_system(INDICATOR)
    figures = np.flatnonzero((done.hidden & ~linked.items.small)[: linked.size])
    alone = [cell for cell in figures if not done.hidden[linked.size + cell]]
    cell = linked.cells.iloc[alone[0]]
    engine = opened.opened()
    with writing(engine) as connection:
        place = [
            of(INDICATOR),
            RELEASED.c.area_code == cell["area_code"],
            RELEASED.c.period_type == cell["period_type"],
            RELEASED.c.period_from == cell["period_from"].strftime("%Y-%m-%d"),
            RELEASED.c.breakdown_type == cell["breakdown_type"],
            RELEASED.c.breakdown_value == cell["breakdown_value"],
        ]
        shown = {"value_status": "shown" if cell["numerator"] == 0 else "rounded"}
        number = float(round_half_up([cell["numerator"]])[0])
        changed = connection.execute(sa.update(RELEASED).where(*place).values(numerator=number, **shown))
        assert changed.rowcount == 1
    report = audit_release(engine, [INDICATOR], thorough=False)
    assert not report.passed
    assert (report.findings["greatest"] - report.findings["least"] < 4).all()


def test_what_is_no_count_of_people_is_not_attacked(whole_chain):
    with reading(opened.opened()) as connection:
        basis = read_basis(connection)
        names = [name for name in select_release_revisions(connection) if not indicator(name).disclosive]
        assert names
        report = audit_indicator(connection, names[0], basis)
    assert (report.indicators, report.attacked, len(report.findings)) == (0, 0, 0)


def test_truth_lies_within_every_range_that_is_left_open(whole_chain):
    linked, done = linked_system(INDICATOR)
    low, high = propagated_intervals(
        linked.links, *what_is_published(linked.least, linked.greatest, linked.items, done)
    )
    assert np.all((low <= linked.truth + 1e-6) & (linked.truth <= high + 1e-6))


def test_released_rows_hold_no_number_behind_a_mark(whole_chain):
    with reading(opened.opened()) as connection:
        rows = pd.read_sql(sa.select(RELEASED).where(RELEASED.c.value_status == "suppressed"), connection)
    assert rows[["numerator", "value", "lowercl", "uppercl"]].isna().all().all()
