"""Where asks stand: the published rules, the gap in babies, completeness, owner, and the line for the board."""

from __future__ import annotations

import math
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from data.answers.ambitions import Ambition, published_level
from data.answers.board_line import board_line
from data.answers.inequalities import BETTER, SIMILAR, WORSE
from data.answers.leading import Headline
from data.answers.scorecard import Scorecard, scorecard, scorecard_rule
from data.answers.standing import completeness, icon_of, people_of, status_of
from data.catalogue import indicator, pages
from data.catalogue.scorecard_rules import CASES, scorecard_rules

LEVEL = Ambition("new_birth_visit_14_days", 85.0, "Programme lead", "2025-04-01")  # high is good
LOW = Ambition("smoking_at_delivery", 6.0)  # low is good


@pytest.mark.parametrize(
    ("level", "values", "trend", "status"),
    [
        (LEVEL, (), "", "Not measured"),
        (LEVEL, (85.0,), "getting worse: shift", "Met"),  # at the level is met, whichever way it goes
        (LEVEL, (84.9,), "no clear change", "Off track"),
        (LEVEL, (84.9,), "getting better", "Progressing"),
        (LEVEL, (85.1, 84.9), "too few quarters to say", "Off track"),  # both councils must reach it
        (LOW, (6.0,), "no clear change", "Met"),
        (LOW, (6.1,), "no clear change", "Off track"),
        (None, (50.0,), "no clear change", "Measured, no level"),
        (None, (50.0,), "changing: shift above median", "Measured, no level"),  # neither way is better
        (None, (50.0,), "getting better: trend", "Progressing"),
        (None, (50.0,), "getting worse: trend", "Off track"),
    ],
)
def test_a_status_follows_the_published_rules(
    level: Ambition | None, values: tuple[float, ...], trend: str, status: str
) -> None:
    assert status_of(level, values, trend) == status


def test_the_rules_can_be_read_and_are_short(everything: str) -> None:
    answer = scorecard_rule()
    assert len(answer.table) == len(CASES)
    rules = scorecard_rules()
    for sentence in [rules.statement, *rules.never, *answer.table["words"]]:
        assert len(sentence.split()) <= 25, sentence


def test_what_documents_only_imply_is_no_level() -> None:
    assert published_level(indicator("smoking_at_delivery")) == LOW
    assert published_level(indicator("new_birth_visit_14_days")) is None


def test_the_icon_says_high_or_low_and_leaves_out_what_cannot_be_said() -> None:
    assert icon_of("getting better: trend", "new_birth_visit_14_days") == "improvement H"
    assert icon_of("getting better", "low_preparedness") == "improvement L"
    assert icon_of("getting worse", "low_preparedness") == "concern H"
    assert icon_of("no clear change", "low_preparedness") == "common"
    assert icon_of("too few quarters to say", "low_preparedness") == ""


def test_completeness_counts_the_newest_eight_quarters_and_not_our_own_figures() -> None:
    quarters = pd.DataFrame(
        {f"20{20 + at // 4}-{1 + 3 * (at % 4):02}-01": [1.0, math.nan if at > 9 else 1.0, 1.0] for at in range(12)},
        index=["loneliness", "review_2_years", "point_1_rollup"],
    )
    assert completeness(quarters) == {
        "loneliness": "8 of the last 8 quarters",
        "review_2_years": "6 of the last 8 quarters",
    }


def test_a_gap_in_people_says_when_it_may_be_chance() -> None:
    row = {"people_words": "about 20 more babies", "sure": WORSE}
    assert people_of(row) == "about 20 more babies a year"
    assert people_of({**row, "sure": SIMILAR}) == "about 20 more babies a year, within chance"
    assert people_of({"people_words": "none", "sure": BETTER}) == "none: the most deprived fifth fares no worse"


def test_every_number_of_the_board_line_leads_to_a_page_and_the_counts_add_up(everything: str) -> None:
    answer = scorecard()
    assert isinstance(answer, Scorecard)
    slugs = {page.slug for page in pages()} | {""}
    counted = 0
    for words, to in answer.top_line:
        address = urlsplit(to)
        if not to:
            continue
        assert address.path in slugs
        asked = parse_qs(address.query)
        if "status" in asked:
            assert int(words) == (answer.table["status"] == asked["status"][0]).sum()
            counted += int(words)
    assert counted == len(answer.table) == 107
    said = "".join(words for words, _ in answer.top_line)
    for point in (1, 2, 3):
        assert f"Point {point}, “" in said
    assert "more babies a year, illustrative." in said or "more children a year, illustrative." in said
    assert scorecard("workforce").top_line == ()


def test_the_board_line_says_nothing_that_is_not_there() -> None:
    table = pd.DataFrame({"status": ["Met", "Not measured", "Not measured"]})
    hidden = {"buddy_allocated": Headline("Too few people to show", "", None, False, ())}
    said = "".join(words for words, _ in board_line(table, hidden, None))
    assert said == "Of 3 asks, 1 has met its level and 2 are not measured. "


def test_an_ask_shows_its_promised_level_and_its_owner_as_illustrative(everything: str) -> None:
    row = scorecard().table.set_index("ask").loc["B17.1"]
    assert row["target"].startswith("Local ambition 95.0% (")  # data.example: promised, due 31 March 2026
    assert row["owner"].endswith("(illustrative)")
    assert row["status"] in {"Off track", "Progressing"}  # nowhere near 95%
