"""The figures that lead a page: the newest for the system, what they are held against, and "no data yet"."""

from __future__ import annotations

import pytest

from data.answers import headlines as module
from data.answers.headlines import headlines
from data.answers.questions import question
from data.catalogue import ics, pages
from data.catalogue.definitions import Page
from data.errors import UnknownName
from data.example import expected_by_fifth
from data.example.calendar import LAST_QUARTER

NAMES = ("new_birth_visit_14_days", "pregnancy_form_median_weeks", "buddy_criteria_met", "financial_strain")


@pytest.fixture
def answer(whole_chain, monkeypatch):
    page = Page("a_page", "A page", "Does this page lead with its figures?", NAMES)
    monkeypatch.setattr(module, "page_called", lambda _: page)
    return headlines("a_page")


def test_the_figures_stand_in_the_order_of_the_page(answer) -> None:
    assert tuple(answer.table["indicator_id"]) == NAMES
    assert answer.table.iloc[0]["name"] == "New birth visit by 14 days (C2)"
    assert answer.question == "Does this page lead with its figures?"


def test_a_figure_for_the_system_recovers_the_truth_and_is_held_against_england(answer) -> None:
    row = answer.table.iloc[0]
    truth = expected_by_fifth("new_birth_visit_14_days", range(LAST_QUARTER - 3, LAST_QUARTER + 1))
    assert min(truth.values()) * 100 < float(row["value_words"].removesuffix("%")) < max(truth.values()) * 100
    assert (row["area"], row["period"], row["value_status"]) == ("Dorset ICS", "2025/26", "rounded")
    # OHID, 2024/25; the truth is flat at 86% to 88%, which about 6,000 births tell from it
    assert row["against"] == "better than England 85.2%, 2024/25"
    assert row["illustrative"]
    assert answer.illustrative
    assert answer.finding.startswith("Illustrative, not real: New birth visit by 14 days (C2) ")


def test_a_middle_value_stands_for_each_council_and_has_no_benchmark(answer) -> None:
    row = answer.table.iloc[1]
    assert all(f"{place.label} " in row["value_words"] for place in ics().lads)
    assert row["area"] == "each of 2 council areas"
    assert row["against"] == "no benchmark"


def test_a_local_figure_is_never_held_against_itself(answer) -> None:
    assert answer.table.iloc[2]["against"] == "no benchmark"


def test_what_nobody_has_sent_is_no_data_yet_and_counted_as_missing(answer) -> None:
    row = answer.table.iloc[3]
    assert (row["value_words"], row["value_status"], row["period"]) == ("No data yet", "not_collected", "")
    assert not row["illustrative"]
    assert answer.finding.endswith("1 of 4 figures can’t be shown.")


def test_every_page_with_headlines_can_be_asked_and_an_unknown_one_is_refused(whole_chain) -> None:
    ask = question("headlines")
    leading = [page for page in pages() if page.headlines]
    assert "pregnancy_and_pathway" in {page.slug for page in leading}
    for page in leading:
        assert tuple(ask(page=page.slug).table["indicator_id"]) == page.headlines
    with pytest.raises(UnknownName, match="no_such_page"):
        ask(page="no_such_page")
