"""The return of pathway events: recognised by content, checked column by column and against itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from data.errors import DataError, DataErrors, EmptyFile
from data.sources import read_file, reader_for
from data.sources.templates import write_template

ONE, TWO = "a1" * 32, "b2" * 32
HEADER = ("pseudonym", "event", "month", "lsoa21cd", "supplier")
GOOD = (ONE, "birth", "2025-04", "E01015272", "A provider")


def sent(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    """Write a file with these rows."""
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    path.write_text(file.getvalue(), encoding="utf-8")
    return path


def problems(path: Path, *rows: tuple[str, ...]) -> list[str]:
    """What is told of a file with these rows."""
    with pytest.raises(DataError) as refused:
        read_file(sent(path, *rows))
    error = refused.value
    return [str(one) for one in (error.problems if isinstance(error, DataErrors) else [error])]


def changed(**cells: str) -> tuple[str, ...]:
    return tuple({**dict(zip(HEADER, GOOD, strict=True)), **cells}.values())


def test_a_good_file_is_read_as_one_suppliers_complete_picture(tmp_path: Path) -> None:
    later = changed(event="stop_contact", month="2025-06", lsoa21cd="")
    reading = read_file(sent(tmp_path / "sent.csv", GOOD, later))
    assert (reading.source_id, reading.supplier, reading.illustrative) == ("pathway_events", "A provider", False)
    assert reading.edition == "months to 2025-06"
    events = reading.frames["pathway_event"]
    assert events["event"].tolist() == ["birth", "stop_contact"]
    assert events["area_code"].isna().tolist() == [False, True]
    assert ONE not in " ".join(reading.notes)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"pseudonym": "4010232137"}, "no pseudonym"),
        ({"pseudonym": "a1" * 31}, "no pseudonym"),
        ({"event": "visited"}, "no such event"),
        ({"month": "2025-13"}, "no month"),
        ({"month": "2025-04-17"}, "a day could identify somebody"),
        ({"month": "April 2025"}, "no month"),
        ({"month": "2199-01"}, "in the future"),
        ({"month": "2009-12"}, "long before"),
        ({"lsoa21cd": ""}, "neighbourhood is missing"),
        ({"lsoa21cd": "E01034275"[:-1]}, "no 2021 neighbourhood"),
        ({"lsoa21cd": "E01015282"}, "may be one of 2011"),  # split in 2021
        ({"supplier": ""}, "supplier is missing"),
        ({"supplier": "Another provider"}, "more than one"),
    ],
)
def test_each_wrong_cell_is_told_in_one_sentence(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    other = changed(pseudonym=TWO, **cells) if "pseudonym" not in cells else changed(**cells)
    told = problems(tmp_path / "sent.csv", GOOD, other)
    assert len(told) == 1
    assert words in told[0]
    assert "row 3" in told[0]
    assert cells.get("pseudonym", TWO) not in told[0]


def test_a_pseudonym_in_capital_letters_is_the_same(tmp_path: Path) -> None:
    told = problems(tmp_path / "sent.csv", GOOD, changed(pseudonym=ONE.upper()))
    assert "stands twice in one month" in told[0]


def test_a_review_before_the_birth_is_refused(tmp_path: Path) -> None:
    told = problems(tmp_path / "sent.csv", GOOD, changed(event="new_birth_visit", month="2025-03"))
    assert len(told) == 1
    assert "comes before the birth" in told[0]


@pytest.mark.parametrize(("second", "refused"), [("2025-09", True), ("2025-10", False)])
def test_births_of_one_parent_lie_six_months_apart_at_least(tmp_path: Path, second: str, refused: bool) -> None:
    path = sent(tmp_path / "sent.csv", GOOD, changed(month=second))
    if refused:
        with pytest.raises(DataError, match="less than 6 months apart"):
            read_file(path)
    else:
        assert len(read_file(path).frames["pathway_event"]) == 2


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    told = problems(tmp_path / "sent.csv", changed(event="x"), changed(month="x"), changed(lsoa21cd="x"))
    assert len(told) == 3


def test_a_column_that_nobody_asked_for_is_refused_without_naming_it(tmp_path: Path) -> None:
    path = sent(tmp_path / "sent.csv", (*GOOD, "x"), header=(*HEADER, "nhs 4010232137"))
    with pytest.raises(DataError, match="1 column that nobody asked for") as refused:
        read_file(path)
    assert "4010232137" not in str(refused.value)


def test_a_filled_template_is_read_though_a_spreadsheet_made_dates_of_the_months(tmp_path: Path) -> None:
    import openpyxl

    path = write_template("pathway_events", tmp_path / "events.xlsx")
    with pytest.raises(EmptyFile):
        read_file(path)
    book = openpyxl.load_workbook(path)
    guide = {row[0].value: row[1].value for row in book["Guide"].iter_rows(min_row=2)}
    assert guide["event: moved_out"] == "The family moved out of the area."
    example = [[cell.value for cell in row] for row in book["Example"].iter_rows(min_row=2)]
    assert len(example) == 4
    for row in example:
        row[2] = pd.Timestamp(f"{row[2]}-01").to_pydatetime()
        book["Return"].append(row)
    book.save(path)
    assert reader_for(path).SOURCE_ID == "pathway_events"
    assert read_file(path).frames["pathway_event"]["month"].tolist() == ["2025-01", "2025-03", "2025-05", "2025-05"]


def test_illustrative_rows_do_not_stand_beside_real_ones(tmp_path: Path) -> None:
    header = (*HEADER, "illustrative")
    path = sent(tmp_path / "sent.csv", (*GOOD, "yes"), (*changed(pseudonym=TWO), "no"), header=header)
    with pytest.raises(DataError, match="beside real ones"):
        read_file(path)
    assert read_file(sent(tmp_path / "made up.csv", (*GOOD, "yes"), header=header)).illustrative
