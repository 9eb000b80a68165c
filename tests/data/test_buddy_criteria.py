"""The rule for who might need a buddy: its thresholds, its version, and what is agreed locally in its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from data import catalogue
from data.catalogue.buddy_criteria import (
    ALONE_AT,
    CASELOAD,
    KINDS_WANTED,
    LEVEL,
    rule_on,
    setting_limits,
    setting_words,
    starting_rule,
)
from data.catalogue.questionnaire import needs_rule
from data.errors import WrongValues

DAY = dt.date(2026, 4, 1)


@dataclass(frozen=True)
class Agreed:
    setting: str
    value: float
    in_force_from: dt.date = DAY
    owner_role: str = "Programme lead"


def test_the_rule_asks_about_the_kinds_of_need_of_the_questionnaire() -> None:
    assert {one.id for one in starting_rule().domains} == {one.id for one in needs_rule().domains}


@pytest.mark.parametrize(
    ("levels", "met"),
    [
        ({}, False),
        ({"health": 2}, False),  # one kind, and two are wanted
        ({"health": 2, "housing": 1}, False),  # housing counts from level 2
        ({"health": 2, "housing": 2}, True),
        ({"health": 2, "safety": 1}, True),  # safety counts from level 1
        ({"health": 2, "preparedness": 2}, False),  # preparedness counts from level 3
        ({"housing": 3}, True),  # level 3 is enough alone
        ({"housing": 2, "safety": 0}, False),
    ],
)
def test_a_family_meets_the_starting_rule_from_its_levels_on(levels: dict[str, int], met: bool) -> None:
    assert starting_rule().met_by(levels) is met


def test_a_kind_that_is_left_out_counts_nowhere_not_even_alone() -> None:
    rule = rule_on([Agreed(f"{LEVEL}housing", 0)], DAY)
    assert not rule.met_by({"housing": 3, "health": 2})
    assert "Housing is left out." in rule.words()


def test_without_the_shortcut_one_urgent_need_is_not_enough() -> None:
    rule = rule_on([Agreed(ALONE_AT, 0)], DAY)
    assert not rule.met_by({"housing": 3})
    assert rule.met_by({"housing": 3, "health": 2})


def test_a_kind_of_need_that_nobody_asks_about_is_refused() -> None:
    with pytest.raises(WrongValues, match="no such kind of need"):
        starting_rule().met_by({"luck": 3})


def test_a_setting_holds_from_its_day_until_the_next_begins() -> None:
    values = [Agreed(KINDS_WANTED, 1, dt.date(2027, 1, 1), "The board"), Agreed(KINDS_WANTED, 3)]
    assert rule_on(values, DAY - dt.timedelta(days=1)) == starting_rule()
    assert rule_on(values, DAY).kinds_wanted == 3
    assert rule_on(values, dt.date(2026, 12, 31)).owner == "Programme lead"
    later = rule_on(values, dt.date(2027, 1, 1))
    assert (later.kinds_wanted, later.owner, later.in_force_from) == (1, "The board", dt.date(2027, 1, 1))


def test_a_caseload_does_not_change_the_rule() -> None:
    assert rule_on([Agreed(CASELOAD, 9)], DAY) == starting_rule()


def test_the_version_follows_what_the_rule_says_and_not_whose_it_is() -> None:
    rule = starting_rule()
    assert replace(rule, owner="Somebody else", in_force_from=DAY).version == rule.version
    assert rule_on([Agreed(f"{LEVEL}safety", 2)], DAY).version != rule.version
    assert rule_on([Agreed(f"{LEVEL}safety", 1)], DAY).version == rule.version
    assert len({rule_on([Agreed(KINDS_WANTED, kinds)], DAY).version for kinds in range(1, 8)}) == 7


def test_every_setting_has_limits_words_and_a_place_in_the_template() -> None:
    column = next(one for one in catalogue.register("local_settings").columns if one.name == "setting")
    assert set(column.allowed) == set(setting_limits()) == set(setting_words())


def test_the_rule_is_said_in_sentences_of_25_words_at_most() -> None:
    strict = rule_on([Agreed(f"{LEVEL}{one.id}", 2) for one in starting_rule().domains], DAY)
    for sentence in [*starting_rule().words(), *strict.words(), starting_rule().statement]:
        assert len(sentence.split()) <= 25, sentence
