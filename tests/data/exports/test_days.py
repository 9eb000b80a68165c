"""The days of a period that is named in words: none is made up where the name leaves two readings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from data.answers.answer import Answer, SourceLine
from data.answers.words import period_label
from data.catalogue import source
from data.exports.days import days_of, with_days

SCHOOLS = source("dfe_lait").publication


@pytest.mark.parametrize(
    ("period_type", "first", "last"),
    [
        ("quarter", "2025-04-01", "2025-06-30"),
        ("quarter", "2025-10-01", "2025-12-31"),
        ("quarter", "2026-01-01", "2026-03-31"),
        ("year", "2025-04-01", "2026-03-31"),
        ("three_years", "2023-04-01", "2026-03-31"),
        ("year", "2024-01-01", "2024-12-31"),
        ("three_years", "2021-01-01", "2023-12-31"),
        ("snapshot", "2024-02-29", "2024-02-29"),
    ],
)
def test_the_days_are_those_that_the_name_was_made_of(period_type: str, first: str, last: str) -> None:
    label = period_label(period_type, first, last)
    assert days_of(label) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize("label", ["", "No data yet", "2024/25 and 2025/26", "2025/26 Q5"])
def test_other_words_name_no_days(label: str) -> None:
    assert days_of(label) == (None, None)


def test_a_day_that_an_answer_gives_itself_stays(areas: Answer) -> None:
    table = pd.DataFrame({"period": ["2025/26 Q4"], "period_to": ["2026-03-30"]})
    made = with_days(areas, table)
    assert made.columns.to_list() == ["period", "period_from", "period_to"]
    assert made.iloc[0].to_list() == ["2025/26 Q4", dt.date(2026, 1, 1), "2026-03-30"]


def years(answer: Answer, *publications: str, **columns: list[str]) -> list[object]:
    """The first days that a file gives the year 2025/26."""
    lines = tuple(SourceLine("", name, "", None, "", illustrative=False) for name in publications)
    table = pd.DataFrame({"period": ["2025/26"], **columns})
    return with_days(replace(answer, table=table, sources=lines), table)["period_from"].to_list()


def test_a_school_year_begins_in_september_and_no_year_is_guessed(areas: Answer) -> None:
    school, visit = ["good_level_development_age_5"], ["new_birth_visit_14_days"]
    assert years(areas, "Other") == [dt.date(2025, 4, 1)]
    assert years(areas, "Other", SCHOOLS) == [None]  # it could be either
    assert years(areas, SCHOOLS, indicator_id=school) == [dt.date(2025, 9, 1)]
    assert years(areas, SCHOOLS, indicator_id=visit) == [dt.date(2025, 4, 1)]
