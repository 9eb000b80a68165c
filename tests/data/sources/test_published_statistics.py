"""Published figures with a citation in each row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from data import reference
from data.errors import EmptyFile, UnreadableFile, WrongColumns, WrongValues
from data.sources import published_statistics, read_file, reader_for

EMBEDDED = reference.FOLDER / "published_statistics.csv"
HEADER = ",".join(published_statistics.COLUMNS)
ROW = "Children looked after at 31 March,E06000059,Dorset,2024,449,,,,,children,Council,Strategy,https://example.org,"


@pytest.fixture(scope="module")
def reading():
    return read_file(EMBEDDED)


@pytest.fixture
def load(tmp_path: Path):
    def make(*rows: str, header: str = HEADER):
        path = tmp_path / "published.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return read_file(path)

    return make


def cell(reading, indicator: str, area: str, first_day: str):
    frame = reading.frames["observation"]
    rows = frame[(frame["indicator_id"] == indicator) & (frame["area_code"] == area)]
    rows = rows[rows["period_from"].astype(str) == first_day]
    assert len(rows) == 1
    return rows.iloc[0]


def test_every_row_is_kept_or_counted(reading) -> None:
    with EMBEDDED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # 6 rows are of other areas; smoking twice and the grant twice have a second figure for the same period
    assert reading.rows_read == len(rows) == 54
    assert len(reading.frames["observation"]) == 54 - 6 - 4


def test_figures_keep_their_citation_and_period(reading) -> None:
    visit = cell(reading, "new_birth_visit_14_days_published", "E92000001", "2024-04-01")
    assert (visit["value"], visit["period_type"], visit["value_status"]) == (85.2, "year", "shown")
    assert visit["note"].startswith("OHID / DHSC, Health visitor service delivery metrics, 2024 to 2025")
    quarter = cell(reading, "review_2_years_asq3_published", "E92000001", "2017-04-01")
    assert (quarter["period_type"], quarter["lowercl"], quarter["uppercl"]) == ("quarter", 91.0, 91.4)


def test_a_count_on_31_march_is_a_snapshot(reading) -> None:
    found = cell(reading, "children_looked_after_number", "E06000059", "2024-03-31")
    assert (found["period_type"], found["numerator"], found["value"]) == ("snapshot", 449, 449)


def test_a_school_year_is_not_a_financial_year(reading) -> None:
    assert cell(reading, "good_level_development_age_5", "E06000059", "2023-09-01")["value"] == 67


def test_money_is_in_pounds_whatever_the_row_says(reading) -> None:
    assert cell(reading, "public_health_grant", "E92000001", "2025-04-01")["value"] == pytest.approx(3.858e9)
    assert cell(reading, "public_health_grant", "E54000041", "2022-04-01")["value"] == pytest.approx(35.229e6)


def test_both_councils_together_are_the_whole_system(reading) -> None:
    assert cell(reading, "public_health_dorset_budget", "E54000041", "2020-04-01")["area_type"] == "icb"


def test_england_and_wales_are_never_shown_as_england(reading) -> None:
    found = cell(reading, "infant_mortality_published", "K04000001", "2023-01-01")
    assert (found["value"], found["area_type"], found["numerator"]) == (3.9, "country", 2320)
    areas = reading.frames["area"].set_index("area_code")["area_name"].to_dict()
    assert areas["K04000001"] == "England and Wales"


def test_a_superseded_figure_gives_way(reading) -> None:
    assert cell(reading, "public_health_grant", "E92000001", "2024-04-01")["value"] == pytest.approx(3.660e9)


def test_a_superseded_figure_gives_way_wherever_it_stands(load) -> None:
    grant = (
        '"Public health grant, total",E92000001,England,2024/25,{},,,,,GBP billion,DHSC,Circular,https://example.org,{}'
    )
    found = load(grant.format("3.603", "superseded"), grant.format("3.660", "revised")).frames["observation"]
    assert found["value"].tolist() == [pytest.approx(3.660e9)]


def test_a_row_without_an_indicator_is_counted_and_never_guessed(load) -> None:
    reading = load(ROW, ROW.replace("Children looked after at 31 March", "Children looked after in March"))
    assert len(reading.frames["observation"]) == 1
    assert reading.notes == ("1 row of no indicator of the catalogue (Children looked after in March) was left out.",)


def test_broken_files_are_told(load, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        load()
    with pytest.raises(WrongColumns, match="'note'"):
        load(ROW.removesuffix(","), header=HEADER.removesuffix(",note"))
    with pytest.raises(WrongValues, match="row 2, column 'value'"):
        load(ROW.replace("449", "many"))
    with pytest.raises(WrongValues, match="row 2, column 'period'"):
        load(ROW.replace(",2024,", ",lately,"))
    path = tmp_path / "cut.csv"
    path.write_text(HEADER + "\n" + ROW + "\n" + ROW[:60])
    assert reader_for(path) is published_statistics
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(path)


def test_the_deflator_of_the_united_kingdom_is_read_with_its_edition(load) -> None:
    row = "GDP deflator,K02000001,United Kingdom,{},{},,,,,index,A treasury,An edition,https://example.org,"
    reading = load(row.format("2024/25", 96), row.format("2025/26", 100))
    found = cell(reading, "gdp_deflator", "K02000001", "2024-04-01")
    assert (found["value"], found["area_type"], found["note"]) == (96, "country", "A treasury, An edition.")
    areas = reading.frames["area"].set_index("area_code")
    assert areas.loc["K02000001", "area_name"] == "United Kingdom"
