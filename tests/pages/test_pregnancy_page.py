"""The pregnancy page: the flow of babies, its parts that open one by one, and every choice in the address."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.answers.pregnancy import PARTS
from data.catalogue import indicator

Show = Callable[..., Any]
SLUG = "pregnancy_and_pathway"
FLOW = "Who reached each stage, and who dropped"
REVIEWS = "Newest year of each review, with 95% confidence limits and comparison"
PARTS_OF_PAGE = ("form", "needs", "offers", "reviews", "neighbourhoods", "look", "asked")


@pytest.fixture(scope="module")
def everything(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store with every illustrative return, which pages only read."""
    copy = tmp_path_factory.mktemp("everything") / "store.sqlite"
    shutil.copy(everything_file, copy)
    return copy


def parts_that_are_open(shown: Any) -> set[str]:
    """The folded parts that are open, by the heading or table that only an open one has."""
    signs = {PARTS[name].question: name for name in PARTS} | {"Are babies seen on time?": "reviews"}
    signs |= {"Look into one figure": "look", "What was asked for": "asked"}
    headings = {one.value for one in shown.app.header}
    return {name for sign, name in signs.items() if sign in headings}


def test_the_page_opens_with_the_finding_four_figures_and_the_flow_and_asks_nothing_else(
    show: Show, everything: Path
) -> None:
    shown = show(everything, SLUG)
    assert "most babies drop by the new birth visit" in shown.finding
    assert list(shown.figures) == [
        "Pregnancy form completed",
        "Needs acted on in time",
        "Continuity to 2 to 2½ years",
        "New birth visit by 14 days (C2)",
    ]
    assert 'role="img" aria-label="Illustrative, not real: Stepped bars for babies born in 2023/24' in shown.html
    assert shown.charts == []
    assert shown.maps == []
    assert parts_that_are_open(shown) == set()


def test_the_table_says_who_is_counted_at_each_stage_and_who_dropped(show: Show, everything: Path) -> None:
    table = show(everything, SLUG).tables[FLOW]
    assert table[0][:4] == ["Deprivation fifth", "Stage", "Reached (95% confidence limits)", "Dropped at this step"]
    assert len(table) == 1 + 6 * 6  # everyone and five fifths at six stages
    assert [row[1] for row in table[1:7]] == [
        *("Pregnancy form", "Antenatal contact", "New birth visit"),
        *("6 to 8 week review", "12 month review", "2 to 2½ year review"),
    ]
    assert table[1][6] == "booked pregnancies"
    assert table[3][6] == "children with a form who reached 30 days"


def test_the_address_chooses_place_year_groups_and_fifths(show: Show, everything: Path) -> None:
    chosen = {"place": "BCP", "born": "2025/26", "groups": "Everyone only", "fifths": "Of Dorset ICS"}
    shown = show(everything, SLUG, **chosen)
    assert shown.choices == {
        "Place": "E06000058",
        "Babies due or born in": "2025",
        "Show": "everyone",
        "Deprivation fifths": "local",
    }
    assert "In BCP, " in shown.finding
    assert "Fifth 1" not in shown.html.split("<details>", maxsplit=1)[0]
    assert "too young: from 2027/28 Q3" in shown.html
    assert "cut across Dorset ICS" in shown.text


def test_every_part_opens_by_its_address(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG, **dict.fromkeys(PARTS_OF_PAGE, "true"))
    assert parts_that_are_open(shown) == set(PARTS_OF_PAGE) - {"neighbourhoods"}
    assert len(shown.maps) == 1
    assert "(map?layer_theme=Pregnancy%20form&layer=Pregnancy%20form%20completed)" in shown.text


def test_parts_list_their_figures_with_tool_and_benchmark_and_say_whom_they_leave_out(
    show: Show, everything: Path
) -> None:
    shown = show(everything, SLUG, **dict.fromkeys(PARTS, "true"))
    for part in PARTS.values():
        table = shown.tables[part.question]
        assert [row[0] for row in table[1:]] == [indicator(name).short_name for name in part.indicators]
        assert all(row[1] and row[7] for row in table[1:])
        tools = {row[0]: row[8] for row in table[1:]}
        named = {indicator(name).short_name: indicator(name).tool for name in part.indicators}
        assert tools == {name: tool or "–" for name, tool in named.items()}
    rows = shown.tables[f"{PARTS['offers'].question} By group"]
    courses = {row[2] for row in rows if row[0] == "Relationship course started"}
    assert courses  # by the name that the sender gave, and no name that is written into the product
    assert all("illustrative" in name for name in courses)
    assert indicator("relationship_course_offered").denominator.endswith("less domestic abuse exclusions")
    assert "a relationship course is not safe" in shown.text
    assert "male carers, dads and non-birthing partners" in shown.text


def test_antenatal_contacts_stand_as_a_count_and_never_as_a_national_percentage(show: Show, everything: Path) -> None:
    rows = show(everything, SLUG, reviews="true").tables[REVIEWS]
    counted = next(row for row in rows if row[0] == "Antenatal contacts (C1)")
    assert "%" not in "".join(counted)
    coverage = next(row for row in rows if row[0] == "Antenatal contact coverage")
    assert coverage[4:] == ["no data yet", "no data yet"]  # its denominator is local


def test_without_returns_each_part_names_the_template_to_send_in(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG, form="true", needs="true", offers="true")
    assert shown.finding.startswith("No data yet.")
    said = [one.value for one in shown.app.info]
    assert len(said) == 4
    address = "data?template=Long%20return%3A%20the%20page%20Pregnancy%20and%20pathway"
    assert all(f"[‘Long return: the page Pregnancy and pathway’]({address})" in one for one in said)
    chosen = show(reference_store, "data", template="Long return: the page Pregnancy and pathway").choices
    assert chosen["Template"] == "long_return_pregnancy_and_pathway"
    assert set(shown.figures.values()) == {"No data yet"}
