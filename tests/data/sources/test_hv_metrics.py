"""Health visitor service delivery metrics in every layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.errors import EmptyFile, UnknownName, UnreadableFile, UnrecognisedFile, WrongColumns, WrongValues
from data.sources import hv_metrics, read_file, reader_for

BCP, DORSET = "E06000058", "E06000059"
LONG = ["Area code", "Area name", "Period", "Metric", "Numerator", "Denominator", "Percentage"]
VISIT = "new_birth_visit_14_days_published"
Write = Callable[..., Path]


def figures(path: Path) -> pd.DataFrame:
    return read_file(path).frames["observation"].set_index(["indicator_id", "area_code"]).sort_index()


def test_the_published_headlines(opendata: Callable[[str], Path]) -> None:
    reading = read_file(opendata("hv_metrics_england_published_headlines.csv"))
    found = reading.frames["observation"]
    england = found[(found["indicator_id"] == VISIT) & (found["area_code"] == "E92000001")]
    by_day = england.set_index(england["period_from"].astype(str))
    assert by_day["value"].to_dict() == {"2024-04-01": 85.2, "2017-04-01": 86.4}
    quarter = by_day.loc["2017-04-01"]
    assert (quarter["period_type"], quarter["lowercl"], quarter["uppercl"]) == ("quarter", 86.2, 86.5)
    assert reading.rows_read == 13
    # 13 rows: 2 are extremes without a code, 2 are other regions, 9 are England
    assert len(found) == 13 - 2 - 2 == 9
    assert "2 rows about other areas (North East, West Midlands) were left out." in reading.notes


@pytest.mark.parametrize("name", ["metrics.csv", "metrics.xlsx", "metrics.ods"])
def test_a_long_table_of_any_kind(write_table: Write, name: str) -> None:
    rows = [
        LONG,
        [BCP, "BCP", "2024/25 Q1", "C2: New birth visits within 14 days", 640, 800, 80],
        [DORSET, "Dorset", "2024/25 Q1", "C6ii", 90, 100, 90],
    ]
    found = figures(write_table(rows, name))
    assert found.loc[(VISIT, BCP), ["numerator", "denominator", "value"]].tolist() == [640, 800, 80]
    assert found.loc[("review_2_years_asq3_published", DORSET), "numerator"] == 90
    assert str(found.loc[(VISIT, BCP), "period_to"]) == "2024-06-30"


def test_a_wide_table_with_the_period_in_its_title(write_table: Write) -> None:
    rows = [
        ["Health visitor service delivery metrics, Quarter 2, 2024 to 2025", "", "", "", "", ""],
        [
            "ONS code",
            "Local authority",
            "C2 number",
            "C2 number of infants who turned 30 days",
            "C2 percentage",
            "C4 %",
        ],
        [BCP, "BCP", "640", "800", "80.0", "75.5"],
        [DORSET, "Dorset", "*", "700", "*", "DNV"],
    ]
    found = figures(write_table(rows))
    assert found.loc[(VISIT, BCP), ["numerator", "denominator", "value"]].tolist() == [640, 800, 80]
    assert found.loc[("review_12_months_by_12_published", BCP), "value"] == 75.5
    assert found.loc[(VISIT, DORSET), "value_status"] == "suppressed"
    assert found.loc[("review_12_months_by_12_published", DORSET), "value_status"] == "failed_validation"
    assert str(found.loc[(VISIT, BCP), "period_from"]) == "2024-07-01"


def test_a_workbook_with_a_sheet_for_each_metric(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Contents", "of this workbook", "2024 to 2025"])
    for metric, count in (("C2", 640), ("C8i", 600)):
        sheet = book.create_sheet(f"Table {metric}")
        sheet.append([f"{metric}: April 2024 to March 2025, 2024 to 2025"])
        sheet.append(["Area Code", "Area Name", "Number", "Denominator", "Percentage"])
        sheet.append([BCP, "BCP", count, 800, count / 8])
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = figures(path)
    assert found.loc[(VISIT, BCP), "numerator"] == 640
    assert found.loc[("review_6_8_weeks_published", BCP), "value"] == 600 / 8


def test_c1_is_a_count_and_has_no_percentage(write_table: Write) -> None:
    found = figures(write_table([LONG[:5], [BCP, "BCP", "2024/25 Q1", "C1", 512]])).iloc[0]
    assert (found["numerator"], pd.isna(found["value"]), pd.isna(found["denominator"])) == (512, True, True)


def test_shares_of_one_become_percentages(write_table: Write) -> None:
    rows = [LONG, [BCP, "BCP", "2024/25 Q1", "C2", 640, 800, 0.8], [DORSET, "D", "2024/25 Q1", "C2", 7, 700, 0.01]]
    found = figures(write_table(rows))["value"]
    assert found.loc[VISIT].to_dict() == {BCP: 80.0, DORSET: 1.0}


def test_failed_validation_is_no_zero(write_table: Write) -> None:
    rows = [
        LONG,
        [BCP, "BCP", "2024/25 Q1", "C2", "0", "800", "0"],
        [DORSET, "D", "2024/25 Q1", "C2", "[f]", "[f]", "[f]"],
    ]
    found = figures(write_table(rows))
    assert found.loc[(VISIT, BCP), ["value", "value_status"]].tolist() == [0, "shown"]
    assert found.loc[(VISIT, DORSET), "value_status"] == "failed_validation"
    assert pd.isna(found.loc[(VISIT, DORSET), "value"])


def test_what_was_taken_for_what_is_said(write_table: Write) -> None:
    notes = read_file(write_table([LONG, [BCP, "BCP", "2024/25 Q1", "C2", 640, 800, 80]])).notes
    assert "'Numerator' as numerator, 'Denominator' as denominator, 'Percentage' as value" in notes[0]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["C2", 810, 800, ""], "row 2, column 'numerator'.*no more than the denominator"),
        (["C2", "", "", 101], "row 2, column 'value'.*from 0 to 100"),
        (["C2", "lots", 800, ""], "row 2, column 'numerator'.*a number or a mark"),
    ],
)
def test_impossible_figures_are_told(write_table: Write, cells: list[object], words: str) -> None:
    with pytest.raises(WrongValues, match=words):
        read_file(write_table([LONG, [BCP, "BCP", "2024/25 Q1", *cells]]))


def test_two_figures_for_one_area_are_told(write_table: Write) -> None:
    row = [BCP, "BCP", "2024/25 Q1", "C2", 640, 800, 80]
    assert len(figures(write_table([LONG, row, row]))) == 1
    with pytest.raises(WrongValues, match="one figure for each area, period and metric"):
        read_file(write_table([LONG, row, [*row[:4], 641, 800, ""]]))


def test_broken_files_are_told(write_table: Write, tmp_path: Path) -> None:
    row = [BCP, "BCP", "2024/25 Q1", "C2", 640, 800, 80]
    with pytest.raises(WrongValues, match="no period that can be read"):
        read_file(write_table([LONG, [BCP, "BCP", "lately", "C2", 640, 800, 80]]))
    with pytest.raises(UnknownName, match="no metric that the dashboard uses"):
        read_file(write_table([["C2 and others"], LONG, [BCP, "BCP", "2024/25 Q1", "Tooth brushing", 1, 2, 50]]))
    with pytest.raises(WrongColumns, match="no column holds a number"):
        read_file(write_table([LONG[:4], row[:4]]))
    with pytest.raises(UnrecognisedFile):
        read_file(write_table([LONG[1:], row[1:]]))
    with pytest.raises((EmptyFile, UnrecognisedFile)):
        read_file(write_table([LONG]))
    path = tmp_path / "cut.csv"
    path.write_text(",".join(LONG) + "\n" + ",".join(map(str, row)) + "\n" + BCP + ",B")
    assert reader_for(path) is hv_metrics
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(path)
