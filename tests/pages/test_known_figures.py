"""Figures a reader can work out in the head: the small real return of ``conftest.RETURNED`` as each page shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Show = Callable[..., Any]


def stands_in(number: str, text: str) -> bool:
    """Whether a number stands in a text as a number of its own, not inside a longer one."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d)", text) is not None


@pytest.mark.parametrize(
    ("slug", "measure", "figure"),
    [
        # a flow: four quarters of (30 + 20) of (40 + 40), 200 of 320
        ("parent_buddies", "Targeted parents with a named buddy", "62.5% (2025/26)"),
        # (30,000 + 20,000) children for (100 + 100) health visitors
        ("investment", "Children under five for each health visitor", "250 children"),
        # 4 of 7 partners
        ("accountability", "Partner bodies that have adopted the strategy", "57.1% (2025/26)"),
    ],
)
def test_what_was_asked_for_shows_what_was_sent_in(
    show: Show, real_store: Path, slug: str, measure: str, figure: str
) -> None:
    shown = show(real_store, slug, asked="true")
    rows = [row for table in shown.tables.values() for row in table if len(row) > 2]
    found = next(row for row in rows if row[1] == measure)
    assert found[2].startswith(figure)


def test_the_overview_counts_what_is_measured_and_what_is_not(show: Show, real_store: Path) -> None:
    shown = show(real_store, "overview")
    rows = [row for caption, table in shown.tables.items() if caption.endswith("asks") for row in table]
    asks = [row for row in rows if len(row) == 9 and row[0] != "What was asked for"]
    without = sum("No data yet" in row[2] for row in asks)
    assert len(asks) == 107
    assert shown.figures["No data yet"] == str(without)
    assert shown.figures["Measured with real figures"] == str(107 - without)
    assert 107 - without >= 6
    assert f"{without} have no data yet" in shown.finding


@pytest.mark.parametrize(("choice", "kept"), [("With a figure", False), ("No data yet", True)])
def test_the_overview_shows_only_what_was_chosen(show: Show, real_store: Path, choice: str, kept: bool) -> None:
    everything = show(real_store, "overview")
    shown = show(real_store, "overview", show=choice)
    assert shown.figures == everything.figures  # the counts stay those of all 107
    rows = [row for caption, table in shown.tables.items() if caption.endswith("asks") for row in table]
    missing = {"No data yet" in row[2] for row in rows if len(row) == 9 and row[0] != "What was asked for"}
    assert missing == {kept}


def test_the_mandated_reviews_stand_beside_england(show: Show, real_store: Path) -> None:
    shown = show(real_store, "pregnancy_and_pathway", reviews="true")
    table = shown.tables["Newest year of each review, with 95% confidence limits and comparison"]
    assert table[0] == ["Mandated review", "Dorset ICS", "BCP", "Dorset Council area", "South West", "England"]
    row = next(row for row in table if row[0].startswith("New birth visit by 14 days"))
    assert row[1].startswith("91.1% (")  # (230 + 180) of (250 + 200): 410 / 450
    assert row[2].startswith("92.0% (")  # 230 / 250
    assert row[3].startswith("90.0% (")  # 180 / 200
    assert "2025/26; ▲ better" in row[1]
    assert row[5].startswith("85.2%")  # OHID, England 2024/25
    assert shown.figures["New birth visit by 14 days (C2)"] == "91.1%"


def test_withheld_quarters_give_way_to_the_year_and_no_exact_count_is_anywhere(show: Show, real_store: Path) -> None:
    name, place = "2 to 2½ year review (C6i)", "Dorset Council area"
    shown = show(real_store, "pregnancy_and_pathway", indicator=name, place=place)
    assert shown.choices["Figure"] == "review_2_years"
    table = shown.tables[f"How has {name} changed in {place}?"]
    # 4 × 793 = 3,172 and 4 × 797 = 3,188 are rounded to the nearest 5: 3,170 / 3,190 = 99.4%
    assert [row[:1] + row[2:4] for row in table[1:]] == [["2025/26", "3,170", "3,190"]]
    assert table[1][1].startswith("99.4% (")
    for exact in ("793", "797", "99.5", "3172", "3,172", "3188", "3,188"):
        assert not stands_in(exact, shown.text)


def test_a_series_that_is_wholly_withheld_says_why_and_shows_no_number(show: Show, real_store: Path) -> None:
    name = "Breastfed at 6 to 8 weeks (C8ii)"
    opened = {"indicator": name, "place": "Dorset Council area", "reviews": "true"}
    shown = show(real_store, "pregnancy_and_pathway", **opened)
    assert shown.choices["Figure"] == "breastfeeding_6_8_weeks"
    table = shown.tables[f"How has {name} changed in Dorset Council area?"]
    assert table[1:]
    assert {row[1] for row in table[1:]} == {"too few people to show"}
    assert {row[2] for row in table[1:]} == {"–"}
    reviews = shown.tables["Newest year of each review, with 95% confidence limits and comparison"]
    row = next(row for row in reviews if row[0] == name)
    assert row[3].startswith("too few people to show")
    for exact in ("613", "2452", "2,452"):  # 4 × 613
        assert not stands_in(exact, shown.text)


@pytest.mark.parametrize(
    ("place", "figure"),
    [("Dorset ICS", "91.1%"), ("BCP", "92.0%"), ("Dorset Council area", "90.0%")],  # 410/450, 230/250, 180/200
)
def test_the_address_chooses_figure_place_and_fifths(show: Show, real_store: Path, place: str, figure: str) -> None:
    name = "New birth visit by 14 days (C2)"
    shown = show(real_store, "pregnancy_and_pathway", indicator=name, place=place, fifths="Of Dorset ICS")
    assert shown.choices["Figure"] == "new_birth_visit_14_days"
    assert shown.choices["Deprivation fifths"] == "local"
    table = shown.tables[f"How has {name} changed in {place}?"]
    assert [row[0] for row in table[1:]] == ["2025/26 Q1", "2025/26 Q2", "2025/26 Q3", "2025/26 Q4"]
    assert all(row[1].startswith(f"{figure} (") for row in table[1:])


def test_the_data_page_lists_every_file_with_its_rows(show: Show, real_store: Path) -> None:
    shown = show(real_store, "data")
    files = shown.tables["Files whose figures are shown"]
    sent = next(row for row in files if "return_2025-26.csv" in row)
    assert sent[3] == "Real"
    assert sent[6] == "Not signed off yet"
    assert sent[7] == "68"  # 17 lines in each of 4 quarters
    assert shown.finding.startswith(f"{len(files) - 1} files are loaded; 0 of them are illustrative.")
    deprivation = next(row for row in files if "lsoa21_deprivation.csv" in row)
    assert deprivation[6:8] == ["", "463"], "a publication is nobody's to sign off"


def test_take_away_offers_each_table_with_its_number_of_rows(show: Show, real_store: Path) -> None:
    shown = show(real_store, "take_away")
    assert "107 rows. Of 107 things that were asked for" in shown.text
    labels = [one.label for one in shown.app.get("expander") if one.label.startswith("Take away: ")]
    tables = ("scorecard", "mandated reviews", "definitions", "loaded files")
    assert labels == [f"Take away: {table}" for table in tables]


def test_their_own_words_says_how_to_send_a_document_where_there_is_none(show: Show, real_store: Path) -> None:
    shown = show(real_store, "in_their_own_words")
    assert "No data yet" in shown.finding or "no document" in shown.finding.lower()
    assert shown.charts == []
    assert "python -m data load" in shown.text or "Data page" in shown.text
