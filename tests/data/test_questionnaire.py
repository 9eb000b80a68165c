"""The published questionnaire is valid FHIR R4, keeps its promises to families, and its rule of need can be read."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from data.catalogue import breakdown
from data.catalogue.questionnaire import CODES, DEFINITION, NOT_SAID, needs_rule, questionnaire
from data.catalogue.questionnaire_rules import faults_of, items_of
from data.errors import DataError

Node = dict[str, Any]
SECTIONS = ["health", "relationship", "finance-and-skills", "housing", "safety", "support", "preparedness", "partner"]
#: Words that belong to licensed or named instruments, and would be somebody else's wording.
OF_OTHERS = (
    *("little interest or pleasure", "feeling down, depressed", "bothered by", "nervous, anxious or on edge"),
    *("left out", "isolated from others", "lack companionship", "not being able to stop or control worrying"),
    *("happy and sad", "blame myself", "able to laugh", "over the last 2 weeks", "past 7 days"),
)


@pytest.fixture
def definition() -> Node:
    resource: Node = json.loads(DEFINITION.read_text(encoding="utf-8"))
    return resource


def words() -> dict[str, str]:
    concepts = json.loads(CODES.read_text(encoding="utf-8"))["concept"]
    assert len({one["code"] for one in concepts}) == len(concepts)
    return {one["code"]: one["display"] for one in concepts}


def item(definition: Node, link: str) -> Node:
    return next(one for one in items_of(definition) if one["linkId"] == link)


def test_it_is_valid_fhir_with_every_section_that_was_asked_for(definition: Node) -> None:
    assert faults_of(definition, words()) == []
    assert definition["status"] == "active"
    assert [one["linkId"] for one in definition["item"] if one["linkId"] in SECTIONS] == SECTIONS


def test_every_code_of_the_code_system_is_an_answer_and_its_count_is_right(definition: Node) -> None:
    used = {option["valueCoding"]["code"] for one in items_of(definition) for option in one.get("answerOption", ())}
    assert used == set(words())
    assert json.loads(CODES.read_text(encoding="utf-8"))["count"] == len(used)


def spoil_type(node: Node) -> None:
    item(node, "health-general")["type"] = "coding"


def spoil_link(node: Node) -> None:
    item(node, "health-general")["linkId"] = "housing-home"


def spoil_condition(node: Node) -> None:
    item(node, "partner")["enableWhen"][0]["question"] = "nowhere"


def spoil_condition_code(node: Node) -> None:
    item(node, "partner")["enableWhen"][0]["answerCoding"]["code"] = "perhaps"


def spoil_behaviour(node: Node) -> None:
    del item(node, "partner")["enableBehavior"]


def spoil_options(node: Node) -> None:
    del item(node, "health-general")["answerOption"]


def spoil_option(node: Node) -> None:
    item(node, "health-general")["answerOption"][0] = {"valueString": "Very good"}


def spoil_display(node: Node) -> None:
    item(node, "start-words")["required"] = True


def spoil_head(node: Node) -> None:
    node["status"] = "final"


def spoil_group(node: Node) -> None:
    item(node, "housing")["item"] = []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (spoil_type, "health-general: type is none of those used here"),
        (spoil_link, "linkId housing-home stands twice"),
        (spoil_condition, "partner: a condition names no answer of nowhere"),
        (spoil_condition_code, "partner: a condition names no answer of about-contact"),
        (spoil_behaviour, "partner: several conditions do not say"),
        (spoil_options, "health-general: a choice has options"),
        (spoil_option, "health-general: an option is no coding"),
        (spoil_display, "start-words: a text to show is neither required"),
        (spoil_head, "status is none of FHIR's"),
        (spoil_group, "housing: a group holds nothing"),
    ],
)
def test_each_broken_rule_is_found(definition: Node, spoil: Any, fault: str) -> None:
    broken = copy.deepcopy(definition)
    spoil(broken)
    assert any(one.startswith(fault) for one in faults_of(broken, words()))


def test_no_words_of_a_licensed_instrument_stand_in_it(definition: Node) -> None:
    text = " ".join(
        [one["text"] for one in items_of(definition)] + [*words().values(), str(definition["title"])]
    ).casefold()
    assert [words_of_others for words_of_others in OF_OTHERS if words_of_others in text] == []
    assert re.search(r"phq|gad-|whooley|ucla|asq|epds|edinburgh", text) is None


def test_the_relationship_course_is_offered_only_where_safety_is_certain() -> None:
    asked = set(questionnaire().question("support-relationship-course").asked_when)
    assert {("safety-home", "safe-always"), ("safety-fear", "fear-no"), ("about-alone", "yes")} <= asked


def test_safety_and_conflict_are_asked_only_of_somebody_alone() -> None:
    asked = questionnaire().questions.values()
    private = [one for one in asked if one.section == "safety" or one.link_id == "relationship-disagree"]
    assert len(private) == 4
    assert all(("about-alone", "yes") in one.asked_when for one in private)


def test_whoever_stops_contact_is_asked_nothing_more() -> None:
    others = [one for one in questionnaire().questions.values() if one.link_id != "about-contact"]
    assert all(("about-contact", "carry-on") in one.asked_when for one in others)


def test_the_rule_covers_the_six_agreed_kinds_of_need_and_preparedness() -> None:
    rule = needs_rule()
    assert [one.id for one in rule.domains] == [
        *("health", "relationship", "finance_and_skills", "housing", "safety", "support", "preparedness")
    ]
    assert {one.group for one in rule.domains} - {""} == set(breakdown("need_domain").values)
    assert len(rule.levels) == 4


def test_a_level_is_that_of_the_greatest_answer_and_nothing_said_is_not_known() -> None:
    answers = {"health-general": "fair", "health-feelings": "feeling-very-hard", "housing-home": NOT_SAID}
    levels = needs_rule().levels_of(answers)
    assert levels["health"] == 3  # fair is 1, feeling-very-hard 3
    assert levels["housing"] is None
    assert levels["support"] is None
    assert needs_rule().levels_of({"support-people": "people-several"})["support"] == 0


@pytest.mark.parametrize(("score", "level"), [(4, 2), (5, 1), (6, 1), (7, 0), (10, 0), (0, 2)])
def test_preparedness_is_a_score_with_two_thresholds(score: int, level: int) -> None:
    assert needs_rule().levels_of({"preparedness-score": score})["preparedness"] == level


def test_a_domain_that_there_is_not_is_refused() -> None:
    with pytest.raises(DataError, match="no domain of need 'partner'"):
        needs_rule().domain("partner")
