"""NHS Maternity Statistics."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.errors import EmptyFile, UnknownName, UnreadableFile, WrongColumns, WrongValues
from data.sources import msds, read_file, reader_for

FILE = "nhs_maternity_statistics_msds_annual.csv"
HEADER = "Period,Dimension,Org_Level,Org_Code,Org_Name,Measure,Count_Of,Value"
MISSING = "Missing value / Value outside reporting parameters"


def rows(code: str, smokers: str, others: str, missing: str, level: str = "Provider") -> list[str]:
    counts = {"Smoker": smokers, "Non-Smoker / Ex-Smoker": others, MISSING: missing}
    start = f"2022-23,SmokingStatusGroupBooking,{level},{code},THE TRUST"
    return [f"{start},{measure},Deliveries,{count}" for measure, count in counts.items()]


@pytest.fixture
def load(tmp_path: Path):
    def make(*lines: str, header: str = HEADER):
        path = tmp_path / "msds.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return read_file(path)

    return make


def one(frame: pd.DataFrame, indicator: str, area: str, first_day: str) -> pd.Series:
    rows = frame[(frame["indicator_id"] == indicator) & (frame["area_code"] == area)]
    return rows[rows["period_from"].astype(str) == first_day].iloc[0]


def test_missing_and_unknown_stand_apart_from_the_denominator(load) -> None:
    found = load(*rows("RBD", "185", "1070", "230")).frames["observation"].iloc[0]
    assert (found["numerator"], found["denominator"]) == (185, 185 + 1070)
    assert found["note"] == f"Known for {100 * (185 + 1070) / (185 + 1070 + 230):.1f}% of records; by provider."
    assert found["value_status"] == "rounded"


def test_too_few_known_is_failed_validation_and_said(load) -> None:
    reading = load(*rows("R0D", "5", "5", "4170"))
    assert reading.frames["observation"]["value_status"].tolist() == ["failed_validation"]
    assert any("R0D, 2022-23: known for 0.2% of records" in note for note in reading.notes)


def test_half_known_is_the_threshold(load) -> None:
    assert load(*rows("RBD", "10", "40", "50")).frames["observation"]["value_status"].tolist() == ["rounded"]
    assert load(*rows("RBD", "10", "35", "50")).frames["observation"]["value_status"].tolist() == ["failed_validation"]


def test_a_trust_is_no_council(load) -> None:
    lines = [*rows("RBD", "185", "1070", "230"), *rows("National", "5", "95", "0", "National")]
    lines += rows("Y58", "5", "95", "0", "NHS England (Region)")
    reading = load(*lines)
    kinds = reading.frames["observation"].set_index("area_code")["area_type"].to_dict()
    assert kinds == {"RBD": "provider", "Y58": "nhs_region", "E92000001": "country"}
    assert "by provider, not by where mothers live" in reading.notes[0]


def test_trusts_and_regions_of_others_are_left_out(load) -> None:
    reading = load(
        *rows("RBD", "185", "1070", "230"), *rows("RH8", "5", "5", "5"), *rows("Y60", "1", "1", "1", "Region")
    )
    assert set(reading.frames["observation"]["area_code"]) == {"RBD"}
    assert any("6 rows about other organisations (RH8, Y60) were left out" in note for note in reading.notes)


def test_a_suppressed_part_suppresses_its_sum(load) -> None:
    found = load(*rows("RBD", "*", "1070", "230")).frames["observation"].iloc[0]
    assert pd.isna(found["numerator"])
    assert pd.isna(found["denominator"])
    assert found["value_status"] == "suppressed"


def test_the_official_file_agrees_with_its_own_totals(opendata: Callable[[str], Path]) -> None:
    path = opendata(FILE)
    found = read_file(path).frames["observation"]
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    booked = [
        line
        for line in lines
        if line["Dimension"] == "GestAgeFormalAntenatalBookingGroup"
        and (line["Org_Code"], line["Period"]) == ("R0D", "2022-23")
    ]
    by_measure = {line["Measure"]: int(line["Value"]) for line in booked}
    known = sum(count for measure, count in by_measure.items() if not measure.startswith("Missing"))
    cell = one(found, "booked_by_10_weeks", "R0D", "2022-04-01")
    assert (
        (cell["numerator"], cell["denominator"])
        == (by_measure["0 to 70 days"], known)
        == (1620, 1620 + 1795 + 380 + 120)
    )
    total = one(found, "deliveries", "RBD", "2022-04-01")
    assert (total["numerator"], pd.isna(total["denominator"])) == (1445, True)


def test_a_dimension_that_was_renamed_is_one_indicator(opendata: Callable[[str], Path]) -> None:
    found = read_file(opendata(FILE)).frames["observation"]
    smoking = found[(found["indicator_id"] == "smoking_at_booking") & (found["area_code"] == "RBD")]
    assert smoking["numerator"].tolist() == [150, 100, 185]
    assert smoking["denominator"].tolist() == [150 + 295, 100 + 200, 185 + 1070]


def test_the_organisations_are_handed_on_as_areas(opendata: Callable[[str], Path]) -> None:
    areas = read_file(opendata(FILE)).frames["area"].set_index("area_code")["area_name"].to_dict()
    assert areas["RBD"] == "Dorset County Hospital NHS Foundation Trust"
    assert areas["E92000001"] == "England"


def test_broken_files_are_told(load, tmp_path: Path) -> None:
    good = rows("RBD", "185", "1070", "230")
    with pytest.raises(EmptyFile):
        load()
    with pytest.raises(WrongColumns, match="'Value'"):
        load(*[line.rsplit(",", 1)[0] for line in good], header=HEADER.removesuffix(",Value"))
    with pytest.raises(WrongValues, match="row 2, column 'Value'"):
        load(*rows("RBD", "many", "1070", "230"))
    with pytest.raises(WrongValues, match="column 'Period'"):
        load(*[line.replace("2022-23", "recent") for line in good])
    with pytest.raises(UnknownName, match="no dimension that the dashboard uses"):
        load(*[line.replace("SmokingStatusGroupBooking", "OnsetOfLabour") for line in good])
    path = tmp_path / "cut.csv"
    path.write_text(HEADER + "\n" + good[0] + "\n" + good[1][:30])
    assert reader_for(path) is msds
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(path)
