"""Numbers and marks in one column."""

from __future__ import annotations

import pandas as pd
import pytest

from data.sources.markers import join_statuses, read_cells, status_from_note


def read(text: str, **extra: str):
    cells = read_cells(pd.Series([text]), extra or None)
    return cells.number.iloc[0], cells.status.iloc[0], bool(cells.unread.iloc[0])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("*", "suppressed"),
        ("<5", "suppressed"),
        ("< 8", "suppressed"),
        ("<12", "suppressed"),
        ("fewer than 3", "suppressed"),
        ("1 to 7", "suppressed"),
        ("c", "suppressed"),
        ("[C]", "suppressed"),
        ("[low]", "suppressed"),
        ("-", "not_collected"),
        ("", "not_collected"),
        ("[x]", "not_collected"),
        ("n/a", "not_applicable"),
        ("Not  Collected", "not_collected"),
        ("did not submit", "not_collected"),
        ("[z]", "not_applicable"),
        ("not applicable", "not_applicable"),
        ("Failed validation", "failed_validation"),
        ("Value did not pass validation", "failed_validation"),
        ("immature", "immature"),
    ],
)
def test_a_mark_is_a_status_and_never_a_number(text: str, status: str) -> None:
    number, found, unread = read(text)
    assert pd.isna(number)
    assert (found, unread) == (status, False)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0.0), ("0.0", 0.0), ("85.2%", 85.2), ("1,234", 1234.0), ("12 [p]", 12.0), ("-3", -3.0), (" 7 ", 7.0)],
)
def test_a_number_is_read_however_it_is_dressed(text: str, number: float) -> None:
    assert read(text) == (number, "", False)


@pytest.mark.parametrize("text", ["abc", "12 babies", "inf", "1.2.3", "12-15"])
def test_what_is_neither_is_reported(text: str) -> None:
    _, status, unread = read(text)
    assert (status, unread) == ("", True)


def test_one_publication_may_add_a_mark_that_looks_like_a_number() -> None:
    cells = read_cells(pd.Series(["-1", "1"]), {"-1": "not_collected"})
    assert cells.number.isna().tolist() == [True, False]
    assert cells.status.tolist() == ["not_collected", ""]


def test_a_provisional_number_keeps_its_flag() -> None:
    assert read_cells(pd.Series(["12 [p]"])).flag.tolist() == ["provisional"]


def test_the_index_and_the_column_stay_as_they_were() -> None:
    column = pd.Series(["*", "3"], index=[7, 9])
    cells = read_cells(column)
    assert cells.number.index.tolist() == [7, 9]
    assert column.tolist() == ["*", "3"]


def test_a_note_says_why_a_value_is_empty() -> None:
    notes = pd.Series(
        [
            "Value suppressed for disclosure control due to small count",
            "Value not published for data quality reasons",
            "",
        ]
    )
    assert status_from_note(notes).tolist() == ["suppressed", "failed_validation", "not_collected"]


def test_the_most_serious_mark_decides_a_row() -> None:
    first = pd.Series(["suppressed", "", "not_collected"])
    second = pd.Series(["failed_validation", "", "suppressed"])
    assert join_statuses([first, second]).tolist() == ["failed_validation", "", "suppressed"]
