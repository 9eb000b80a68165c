"""Where asks stand: the published rules, the gap in babies, completeness, owner, and the line for the board."""

from __future__ import annotations

import math
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from data.answers.ambitions import Ambition, published_level
from data.answers.ask_links import answer_address, template_of, template_title
from data.answers.behind_counts import behind_the_counts
from data.answers.board_line import board_line
from data.answers.inequalities import BETTER, SIMILAR, WORSE
from data.answers.leading import Headline, headline, parts_headline
from data.answers.scorecard import Scorecard, counted_asks, register_words, scorecard, scorecard_rule
from data.answers.series import indicator_choices, over_time, place_choices
from data.answers.standing import completeness, icon_of, people_of, status_of
from data.catalogue import asks, indicator, pages
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
    assert said.endswith(("more babies a year (illustrative).", "more children a year (illustrative)."))
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


def test_every_ask_leads_to_a_view_of_its_figure_or_to_the_template_that_would_fill_it(everything: str) -> None:
    offered = {page.slug: {words: name for name, words in indicator_choices(page.slug)} for page in pages()}
    codes = {label: code for code, label in place_choices()}
    table = scorecard().table
    for row in table.to_dict("records"):
        address = urlsplit(row["address"])
        assert address.path in offered or address.path == ""
        asked = {key: found[0] for key, found in parse_qs(address.query).items()}
        if "indicator" in asked:
            name = offered[address.path][asked["indicator"]]
            place = asked.get("place", "Dorset ICS")
            shown = row["figure"].removeprefix(f"{place} ").split(";")[0]
            assert shown in over_time(name, codes[place]).finding, row["ask"]
    none = table.loc[table["figure"] == "No data yet"].set_index("ask")
    assert none["template"].to_dict() == {
        "A1.4": "Long return: the page Accountability",
        "A1.5": "Long return: the page Accountability",
        "A5.2": "Long return: the page Investment",
        "A10.1": "Register: Duty evidence",
    }


def test_the_counts_can_be_counted_again(everything: str) -> None:
    behind, row = behind_the_counts(), scorecard().table.set_index("ask").loc
    for ask, title in (("B2.1", "Point 1"), ("B10.1", "Point 2"), ("B18.1", "Point 3")):
        own = behind.table.loc[behind.table["counted_in"] == title]
        assert row[ask, "figure"] == f"{(own['reached'] == 'Yes').sum()} of {len(own)}"
    outcomes = behind.table.loc[behind.table["counted_in"].str.startswith("Outcomes for")]
    better = int(outcomes["trend"].str.startswith("getting better").sum())
    assert row["B7.1", "figure"].startswith(f"{better} of {len(outcomes)} improve")


def test_every_ask_names_a_template_that_is_offered() -> None:
    assert {template_title(one) for one in asks()}
    by_id = {one.id: one for one in asks()}
    assert template_of(by_id["A10.1"]) == "duty_evidence"
    assert template_of(by_id["A7.1"]) == "long_return_reach"
    assert answer_address(by_id["A7.1"], "hubs_full_core_offer") == "reach?hubs=true"
    assert answer_address(by_id["A11.4"], "loneliness") == "pregnancy_and_pathway?look=true&indicator=Loneliness"


def test_asks_are_counted_once_by_what_there_is() -> None:
    table = pd.DataFrame(
        {
            "figure": ["50%", "60%", "Too few people to show", "2 entries", "No data yet"],
            "status": ["Met", "Off track", "Not measured", "On the register", "Not measured"],
            "illustrative": [False, True, True, True, False],
        }
    )
    assert counted_asks(table) == dict.fromkeys(("real", "invented", "register", "hidden", "none"), 1)
    assert [register_words(count) for count in (0, 1, 2)] == ["No data yet", "1 entry", "2 entries"]


def test_a_stage_and_a_figure_of_parts_are_said_in_words() -> None:
    row = {
        "area_type": "icb", "period_type": "quarter", "period_from": "2026-01-01", "period_to": "2026-03-31",
        "value": 3.0, "value_status": "shown", "illustrative": True, "submission_id": 1,
    }  # fmt: skip
    assert headline(indicator("strategy_stage"), [row]).words == "stage 3 of 4: adopted"
    parts = [{**row, "breakdown_value": who, "value": value} for who, value in (("Carer", 23.3), ("Infant", 76.7))]
    assert parts_headline(indicator("spend_by_beneficiary"), parts).words == "Infant 76.7% and carer 23.3%"
