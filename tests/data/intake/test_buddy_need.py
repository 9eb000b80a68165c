"""The sender's side applies the buddy rule: the levels of a form, the rule of its quarter, and its version."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from data.catalogue.buddy_criteria import rule_on, starting_rule
from data.errors import DataError
from data.intake.buddy_need import NEED, START, Setting, read_settings
from data.intake.form_counts import Form
from data.intake.reduced_files import Sender, count_rows

HOME = "E01015272"
SETTINGS = """id,setting,value,in_force_from,agreed_on,owner_role,agreed_by
L-1,buddy_kinds_of_need,1,2025-07-01,2025-06-01,Programme lead,The programme board
"""
#: Levels by the questionnaire's rule: "bad" health is 2, home safety "sometimes" is a need, housing settled is none.
WITH_ONE = {"health-general": "bad", "housing-home": "home-settled"}
WITH_NONE = {"health-general": "good", "housing-home": "home-settled"}
URGENT = {"health-general": "very-bad"}


def form(answers: dict[str, Any], day: str = "2025-05-10") -> Form:
    """A form of one parent."""
    completed = dt.date.fromisoformat(day)
    whole = {"about-role": "birthing-parent", "about-weeks": 12, "about-language": "english", **answers}
    return Form(whole, completed, HOME, completed + dt.timedelta(weeks=28))


def needs(forms: list[Form], settings: tuple[Setting, ...] | None) -> dict[str, tuple[int, int, str]]:
    """Give parents in need, parents assessed and the note, for everyone, by quarter."""
    rows, _ = count_rows(forms, None, Sender("Forms"), settings)
    return {
        str(row["period"]): (row["numerator"], row["denominator"], str(row["note"]))  # type: ignore[misc]
        for row in rows
        if row["indicator_id"] == NEED and not row["breakdown_type"]
    }


def test_need_is_counted_by_the_starting_rule_among_those_who_told_of_anything() -> None:
    counted = needs([form(URGENT), form(WITH_ONE), form(WITH_NONE), form({})], ())
    # one urgent need is enough alone, one need is not, and a form that says nothing is not assessed
    assert counted["2025/26 Q1"][:2] == (1, 3)


def test_the_counts_carry_the_version_of_the_rule_that_made_them() -> None:
    (_, _, note) = needs([form(WITH_ONE)], ())["2025/26 Q1"]
    assert note.endswith(starting_rule().version)
    assert "needs rule" in note


def test_a_rule_that_was_agreed_counts_from_the_first_quarter_that_begins_under_it(tmp_path: Path) -> None:
    file = tmp_path / "local_settings.csv"
    file.write_text(SETTINGS, encoding="utf-8")
    settings = read_settings(str(file))
    counted = needs([form(WITH_ONE, "2025-06-30"), form(WITH_ONE, "2025-07-01")], settings)
    assert counted["2025/26 Q1"][0] == 0
    assert counted["2025/26 Q2"][0] == 1
    assert counted["2025/26 Q1"][2].endswith(starting_rule().version)
    assert counted["2025/26 Q2"][2].endswith(rule_on(settings, dt.date(2025, 7, 1)).version)


def test_nobody_is_counted_by_a_rule_that_was_not_asked_for() -> None:
    assert needs([form(URGENT)], None) == {}


def test_a_file_that_is_no_return_of_local_settings_is_refused(tmp_path: Path) -> None:
    assert read_settings(START) == ()
    file = tmp_path / "other.csv"
    file.write_text("indicator,area_code\nx,y\n", encoding="utf-8")
    with pytest.raises(DataError):
        read_settings(str(file))
