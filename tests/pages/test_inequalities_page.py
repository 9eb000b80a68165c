"""The Inequalities page: the answer in words, one measure by fifth and over time, parts that open one by one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Show = Callable[..., Any]
SLUG = "inequalities"
REVIEW = "2 to 2½ year review (C6i)"


@pytest.fixture(scope="module")
def everything(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store with every illustrative return, which pages only read."""
    copy = tmp_path_factory.mktemp("everything") / "store.sqlite"
    shutil.copy(everything_file, copy)
    return copy


def test_the_page_opens_with_the_answer_four_figures_and_one_measure(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG)
    assert "figures are worse in the most deprived fifth than in the least" in shown.finding
    assert "a year (2025/26)" in shown.finding  # how many babies
    assert re.search(r"Of the gaps, |No gap is known to be closing or widening\.$", shown.finding)
    assert list(shown.figures) == [
        "Gap in development at two",
        "Provision gap before birth",
        "Provision gap after birth",
        "Targeting ratio",
    ]
    assert [chart.alt.split(" of ")[0] for chart in shown.charts] == [
        "Illustrative, not real: Dot chart",
        "Illustrative, not real: Line chart",
    ]
    assert len(list(shown.app.header)) == 2  # nothing folded was asked


def test_measure_place_and_fifths_stand_in_the_address(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG, measure=REVIEW, place="BCP", fifths="Of Dorset ICS")
    assert shown.choices["Measure"] == "review_2_years"
    assert "In BCP, " in shown.finding
    assert "cut across Dorset ICS" in shown.text
    table = shown.tables[f"Is the gap in {REVIEW} closing?"]
    assert table[0][2:4] == ["Slope index of inequality", "Relative index"]
    assert [row[0] for row in table[1:]] == ["2023/24", "2024/25", "2025/26"]


@pytest.mark.parametrize(
    ("part", "caption", "head"),
    [
        ("league", "Measures by how many people their gap touches", "Measure"),
        ("provision", "Do the most deprived areas get less, before birth and after?", "What is provided"),
        ("groups", "How does Good development at 2 to 2½ differ by ethnic group?", "Group"),
        ("missing", "What can’t be compared by deprivation, and why?", "Measure"),
    ],
)
def test_each_part_opens_by_its_address(show: Show, everything: Path, part: str, caption: str, head: str) -> None:
    shown = show(everything, SLUG, **{part: "true"})
    assert shown.tables[caption][0][0] == head
    assert len(shown.tables[caption]) > 3


def test_councils_without_neighbourhoods_are_told_what_to_send(show: Show, real_store: Path) -> None:
    shown = show(real_store, SLUG)  # its return has councils only
    assert shown.finding.startswith("No data yet: ")
    assert "Fill in a template" in shown.text
    assert shown.charts == []
    asked = show(real_store, SLUG, asked="true")
    rows = [row for caption, table in asked.tables.items() if caption.endswith("asks") for row in table]
    found = next(row for row in rows if len(row) == 7 and row[1] == "Targeted contacts to the most deprived fifth")
    assert found[2].startswith("20.0% (2025/26)")  # four quarters of (300 + 100) of (1,000 + 1,000)
