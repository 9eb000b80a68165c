"""The Investment page: finding, four figures, years, measures; the rest folded; honest where nothing is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.answers.money_words import RING_FENCE
from data.catalogue import asks

Show = Callable[..., Any]
SLUG = "investment"
YEARS = "What is spent and planned in Dorset ICS, year by year?"
MEASURES = "Illustrative, not real: each measure of money, newest year"


def headings(shown: Any) -> list[str]:
    return [one.value for one in shown.app.header]


def test_the_page_opens_with_the_finding_four_figures_and_the_years(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG)
    # 3,000,000 a year, 5% more in 2025/26, of 3,400,000 and 5% more
    assert shown.finding.startswith("Illustrative, not real: In Dorset ICS, £3.15 million went on prevention")
    assert "88.2% of all spend on under-twos" in shown.finding
    assert len(shown.figures) == 4
    assert shown.figures["Prevention share"] == "88.2%"
    # in 2026/27 only BCP's health visiting and the team are confirmed to March 2028: 1,000,000 + 500,000 of 3,000,000
    assert shown.figures["Budget secured 24+ months"] == "50.0%"
    (alt,) = re.findall(r'role="img" aria-label="([^"]*)"', shown.html)
    assert alt.startswith("Illustrative, not real: Bars of pounds for pregnancy to age two. Spent (outturn) 2024/25:")
    assert [row[:3] for row in shown.tables[YEARS][1:]] == [
        ["2024/25", "Spent (outturn)", "£3 million"],
        ["2025/26", "Spent (outturn)", "£3.15 million"],
        ["2025/26", "Planned (budget)", "£3 million"],
        ["2026/27", "Planned (budget)", "£3.3 million"],
    ]
    measures = {row[0]: row[1:] for row in shown.tables[MEASURES]}
    assert measures["Measure"] == ["Spent or planned", "Dorset ICS", "BCP", "Dorset Council area"]
    assert RING_FENCE in shown.text
    assert "Funding lines, the largest first" not in shown.tables
    assert shown.charts == []


def test_the_place_in_the_address_changes_finding_and_years(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG, place="Dorset Council area")
    assert "In Dorset Council area, £840,000" in shown.finding  # 1,600,000 × 0.5 × 1.05
    assert "What is spent and planned in Dorset Council area, year by year?" in headings(shown)


def test_the_lines_of_a_year_open_by_the_address_with_their_apportionment(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG, lines="true", year="2025/26, spent (outturn)")
    table = shown.tables["Funding lines, the largest first"]
    assert len(table) == 1 + 6
    # 2,000,000 × 0.5 × 1.05
    assert table[1][3] == "£1.05 million, 50% of it: Invented example: a round number"


def test_the_case_needs_figures_by_deprivation_and_the_asks_stand_at_the_end(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG, case="true", asked="true", grant="true")
    assert "No data yet by deprivation fifth." in shown.text
    assert "£35.229 million" in {row[3] for row in shown.tables["Published public health grant"]}
    here = {one.id for one in asks() if one.page == SLUG}
    assert {row[0].split(" ")[0] for table in shown.tables.values() for row in table} >= here


def test_without_lines_the_page_says_so_and_offers_the_template(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG)
    assert shown.finding.startswith("No data yet on what Dorset ICS spends or plans.")
    assert set(shown.figures.values()) == {"No data yet"}
    offered = [one.proto.id for one in shown.elements if one.type == "download_button"]
    assert any("template-funding_lines" in one for one in offered)
    assert "England: £4.404 billion in 2026/27." in shown.text  # what is published is there all the same
    assert MEASURES not in shown.tables
