"""The DfE local authority interactive tool."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.errors import EmptyFile, UnknownName, UnreadableFile, WrongColumns, WrongValues
from data.sources import lait, read_file, reader_for

FILE = "lait_early_years_dorset_bcp_sw_england.csv"
HEADER = (
    "Topic,Measure,Chart_title,Measure_short,Polarity,y_axis_name,Year_Type,Time period,Area name,Area code (ONS),"
    "DfE LA number,Value,Value_note"
)
ROW = "Health,Prevalence of breastfeeding,B,6wksBreast,High,%,Financial Year,2024,Dorset,E06000059,838.0,55.44,"


@pytest.fixture
def load(tmp_path: Path):
    def make(*rows: str, header: str = HEADER):
        path = tmp_path / "lait.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return read_file(path)

    return make


def figure(frame: pd.DataFrame, indicator: str, area: str, first_day: str) -> float:
    rows = frame[(frame["indicator_id"] == indicator) & (frame["area_code"] == area)]
    return float(rows.loc[rows["period_from"].astype(str) == first_day, "value"].iloc[0])


def test_the_official_file_gives_every_figure_of_its_measures(opendata: Callable[[str], Path]) -> None:
    path = opendata(FILE)
    reading = read_file(path)
    found = reading.frames["observation"]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    areas = {"E06000058", "E06000059", "E12000009", "E92000001"}
    breastfed = [row for row in rows if row["Measure_short"] == "6wksBreast" and row["Area code (ONS)"] in areas]
    assert reading.rows_read == len(rows) == 1634
    assert (found["indicator_id"] == "breastfeeding_6_8_weeks_lait").sum() == len(breastfed) == 11
    assert not found.duplicated(["indicator_id", "area_code", "period_from", "period_to"]).any()
    assert reading.source_id == "dfe_lait"


def test_a_single_year_ends_the_period(opendata: Callable[[str], Path]) -> None:
    """OHID's own commentary: England 52.7 in 2023/24 and 48.0 in 2019/20; DfE: 68.3 in the school year 2024/25."""
    found = read_file(opendata(FILE)).frames["observation"]
    assert figure(found, "breastfeeding_6_8_weeks_lait", "E92000001", "2023-04-01") == pytest.approx(52.7, abs=0.05)
    assert figure(found, "breastfeeding_6_8_weeks_lait", "E92000001", "2019-04-01") == pytest.approx(48.0, abs=0.05)
    assert figure(found, "good_level_development_age_5", "E92000001", "2024-09-01") == 68.3
    assert figure(found, "infant_mortality", "E92000001", "2023-01-01") == 3.9


def test_annual_is_counted_on_31_march(opendata: Callable[[str], Path]) -> None:
    found = read_file(opendata(FILE)).frames["observation"]
    looked_after = found[found["indicator_id"] == "children_looked_after_number"]
    assert set(looked_after["period_type"]) == {"snapshot"}
    assert figure(found, "children_looked_after_number", "E06000059", "2025-03-31") == 437
    assert looked_after["numerator"].equals(looked_after["value"])


def test_councils_before_2019_are_left_out_and_named(opendata: Callable[[str], Path]) -> None:
    reading = read_file(opendata(FILE))
    areas = set(reading.frames["observation"]["area_code"])
    assert areas == {"E06000058", "E06000059", "E12000009", "E92000001"}
    assert any("Bournemouth (Pre LG), Dorset (Pre LG), Poole (Pre LG)" in note for note in reading.notes)


def test_offered_asq_3_is_told_to_be_a_share_of_completed_reviews(load) -> None:
    row = ROW.replace("6wksBreast", "HCP_PHOF").replace("55.44", "92.79")
    reading = load(row)
    assert reading.frames["observation"]["indicator_id"].tolist() == ["asq3_used_share"]
    assert any("share of completed 2 to 2½ year reviews that used ASQ-3" in note for note in reading.notes)


def test_pooled_financial_years_are_three_years() -> None:
    period = lait.read_year_ending("2021/22-23/24", lait.YEAR_TYPES["Financial Year"])
    assert period is not None
    assert (period.period_type, str(period.period_from), str(period.period_to)) == (
        "three_years",
        "2021-04-01",
        "2024-03-31",
    )


@pytest.mark.parametrize(
    ("value", "note", "status"),
    [("c", "", "suppressed"), ("-", "", "not_collected"), ("", "suppressed as small", "suppressed")],
)
def test_a_mark_or_note_is_a_status(load, value: str, note: str, status: str) -> None:
    found = load(ROW.replace("55.44,", f"{value},{note}" if note else f"{value},")).frames["observation"].iloc[0]
    assert pd.isna(found["value"])
    assert found["value_status"] == status


def test_rows_without_an_area_code_are_statistical_neighbours_and_counted(load) -> None:
    reading = load(ROW, ROW.replace("E06000059", "").replace("Dorset", "Statistical neighbours"))
    assert len(reading.frames["observation"]) == 1
    assert "1 row without an area code, such as averages or extremes, was left out." in reading.notes


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("55.44", "many", "'Value'"),
        ("Financial Year", "Tax Year", "'Year_Type'"),
        (",2024,", ",lately,", "'Time period'"),
    ],
)
def test_a_wrong_type_is_told_with_its_row(load, old: str, new: str, words: str) -> None:
    with pytest.raises(WrongValues, match=f"row 2, column {words}"):
        load(ROW.replace(old, new))


def test_a_repeated_figure_is_told(load) -> None:
    with pytest.raises(WrongValues, match="each measure, area and period once"):
        load(ROW, ROW)


def test_broken_files_are_told(load, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        load()
    with pytest.raises(WrongColumns, match="'Value_note'"):
        load(ROW.rsplit(",", 1)[0], header=HEADER.removesuffix(",Value_note"))
    with pytest.raises(UnknownName, match="no measure that the dashboard uses"):
        load(ROW.replace("6wksBreast", "Chlamydia_Diagnosis"))
    path = tmp_path / "cut.csv"
    path.write_text(HEADER + "\n" + ROW + "\n" + ROW[:50])
    assert reader_for(path) is lait
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(path)
