"""The Fingertips download and its traps."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.errors import DataError, EmptyFile, UnknownName, UnreadableFile, WrongColumns, WrongValues
from data.sources import fingertips, read_file, reader_for
from data.sources.groups import age_width, broadest_age, decile_value
from data.sources.reading import ReadingContext

HEADER = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,"
    "Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,"
    "Denominator,Value note,Recent Trend,Compared to England value or percentiles,"
    "Compared to Region value or percentiles,Time period Sortable,New data,Compared to goal,Time period range"
)
BCP = '"Bournemouth, Christchurch and Poole"'


def row(**changed: str) -> str:
    cells = {
        "id": "92517",
        "parent": "E12000009",
        "code": "E06000058",
        "name": BCP,
        "sex": "Persons",
        "age": "6-8 weeks",
        "kind": "",
        "category": "",
        "period": "2023/24",
        "value": "58.4",
        "lower": "56.7",
        "upper": "60.1",
        "count": "1753",
        "denominator": "3002",
        "note": "",
        "sortable": "20230000",
        "range": "1y",
    } | changed
    start = (cells["id"], "Breastfeeding", cells["parent"], "South West", cells["code"], cells["name"], "UA")
    group = (cells["sex"], cells["age"], cells["kind"], cells["category"], cells["period"])
    figures = (cells["value"], cells["lower"], cells["upper"], "", "", cells["count"], cells["denominator"])
    end = (cells["note"], "", "Similar", "Similar", cells["sortable"], "", "", cells["range"])
    return ",".join((*start, *group, *figures, *end))


@pytest.fixture
def load(tmp_path: Path):
    def write(*rows: str, header: str = HEADER) -> pd.DataFrame:
        path = tmp_path / "indicators.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8-sig")
        return read_file(path).frames["observation"]

    return write


def test_a_row_becomes_an_observation_with_two_days(load) -> None:
    found = load(row()).iloc[0]
    assert found["indicator_id"] == "breastfeeding_6_8_weeks_published"
    assert (found["area_code"], found["area_type"]) == ("E06000058", "lad")
    assert (str(found["period_from"]), str(found["period_to"])) == ("2023-04-01", "2024-03-31")
    assert (found["numerator"], found["denominator"], found["value"]) == (1753, 3002, 58.4)
    assert (found["lowercl"], found["uppercl"], found["value_status"]) == (56.7, 60.1, "shown")


def test_an_area_with_and_without_its_parent_is_one_figure_and_not_two(load) -> None:
    found = load(row(), row(parent=""))
    assert found["numerator"].tolist() == [1753]


def test_two_different_figures_for_one_area_are_refused(load) -> None:
    with pytest.raises(WrongValues, match=r"row 2.*two different figures.*58\.4, 59\.9"):
        load(row(), row(parent="", value="59.9"))


def test_deciles_are_a_breakdown_and_never_the_headline(load) -> None:
    kind = "LSOA21 deprivation deciles within area (IMD trend)"
    found = load(row(), row(kind=kind, category="Most deprived decile", value="40"))
    assert found.loc[found["breakdown_type"] == "", "value"].tolist() == [58.4]
    decile = found[found["breakdown_type"] == "deprivation_decile"]
    assert decile["breakdown_value"].tolist() == ["1"]
    assert decile["value"].tolist() == [40]


def test_of_two_kinds_of_decile_small_areas_are_kept(load) -> None:
    councils = '"County & UA deprivation deciles in England (IMD2019, 4/21 geography)"'
    found = load(
        row(),
        row(kind=councils, category="Most deprived decile (IMD2019)", value="41"),
        row(kind="LSOA21 deprivation deciles within area (IMD trend)", category="Most deprived decile", value="40"),
    )
    assert found.loc[found["breakdown_type"] != "", "value"].tolist() == [40]


def test_other_categories_are_left_out(load) -> None:
    assert len(load(row(), row(kind="Ethnic groups", category="Asian", value="60"))) == 1


def test_single_sexes_and_narrow_ages_are_left_out(load) -> None:
    found = load(row(), row(sex="Male", value="1"), row(age="6 weeks", value="2"))
    assert found["value"].tolist() == [58.4]


def test_sexes_without_a_whole_are_refused(load) -> None:
    with pytest.raises(WrongValues, match="none of them is the whole"):
        load(row(sex="Male"), row(sex="Female"))


@pytest.mark.parametrize(
    ("value", "note", "status"),
    [
        ("", "Value suppressed for disclosure control due to small count", "suppressed"),
        ("", "Value not published for data quality reasons", "failed_validation"),
        ("", "", "not_collected"),
        ("*", "", "suppressed"),
        ("-", "", "not_collected"),
        ("-1", "", "not_collected"),
        ("n/a", "", "not_collected"),
    ],
)
def test_an_empty_value_is_never_zero(load, value: str, note: str, status: str) -> None:
    found = load(row(value=value, note=note, count="", lower="", upper="")).iloc[0]
    assert pd.isna(found["value"])
    assert found["value_status"] == status


def test_zero_is_a_value(load) -> None:
    found = load(row(value="0", count="0")).iloc[0]
    assert (found["value"], found["value_status"]) == (0, "shown")


def test_england_is_a_country_and_never_an_authority(load) -> None:
    found = load(row(), row(code="E92000001", name="England", value="52.7"))
    assert found.set_index("area_type")["value"].to_dict() == {"lad": 58.4, "country": 52.7}


def test_other_councils_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("\n".join((HEADER, row(), row(code="E06000006", name="Halton"))), encoding="utf-8")
    reading = read_file(path)
    assert len(reading.frames["observation"]) == 1
    assert any("1 row about other areas (Halton) was left out" in note for note in reading.notes)
    assert reading.frames["area"]["area_name"].tolist() == ["Bournemouth, Christchurch and Poole"]


def test_a_file_of_another_part_of_the_country_is_told(load) -> None:
    with pytest.raises(WrongValues, match=r"no row is about Dorset ICS.*found E06000006"):
        load(row(code="E06000006", name="Halton"))


def test_three_pooled_years_overlap_and_say_so(load) -> None:
    found = load(row(id="92530", period="2021 - 23", sortable="20210000", range="3y")).iloc[0]
    assert found["period_type"] == "three_years"
    assert (str(found["period_from"]), str(found["period_to"])) == ("2021-01-01", "2023-12-31")


def test_the_range_must_agree_with_the_label(load) -> None:
    with pytest.raises(WrongValues, match="Time period"):
        load(row(range="3y"))


def test_two_pooled_calendar_years_are_no_financial_year(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    pooled = row(id="92530", period="2022 - 23", sortable="20220000", range="2y")
    path.write_text("\n".join((HEADER, row(), pooled)), encoding="utf-8")
    reading = read_file(path)
    assert len(reading.frames["observation"]) == 1
    assert "1 row of periods other than a quarter, a year or three years was left out." in reading.notes


def test_the_sort_key_is_a_start_year_and_must_agree(load) -> None:
    with pytest.raises(WrongValues, match="Time period Sortable"):
        load(row(sortable="20240000"))


def test_column_23_may_change_its_name_and_the_last_may_be_missing(load) -> None:
    header = HEADER.replace("Compared to Region value or percentiles", "Compared to percentiles")
    assert len(load(row(), header=header)) == 1
    older = header.removesuffix(",Time period range")
    assert len(load(row().rsplit(",", 1)[0], header=older)) == 1


def test_a_comma_in_a_name_without_quotation_marks_is_told(load) -> None:
    with pytest.raises(WrongColumns, match="quotation marks"):
        load(row(name="Bournemouth, Christchurch and Poole"))


def test_a_missing_column_is_named(load) -> None:
    with pytest.raises(WrongColumns, match="'Value note'"):
        load(row(), header=HEADER.replace("Value note", "Remark"))


def test_a_file_of_other_indicators_is_refused(load) -> None:
    with pytest.raises(UnknownName, match="no indicator that the dashboard uses; found 108"):
        load(row(id="108"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"value": "high"}, "'Value'"), ({"count": "many"}, "'Count'"), ({"period": "recently"}, "'Time period'")],
)
def test_a_wrong_type_is_told_with_its_row(load, changed: dict[str, str], words: str) -> None:
    with pytest.raises(WrongValues, match=f"row 3, column {words}"):
        load(row(), row(code="E06000059", name="Dorset", **changed))


def test_an_empty_file_is_told(load) -> None:
    with pytest.raises(EmptyFile):
        load()


def test_a_truncated_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_text(HEADER + "\n" + row() + "\n" + row(code="E06000059", name="Dorset")[:60])
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(path)


def test_every_fault_is_one_sentence_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(HEADER + "\n" + row(value="high"))
    with pytest.raises(DataError) as caught:
        fingertips.read(path, ReadingContext())
    assert "f.csv" in str(caught.value)
    assert reader_for(path).SOURCE_ID == "fingertips"


@pytest.mark.parametrize(
    ("age", "years"), [("0-4 yrs", 4), ("16+ yrs", 184), ("<18 yrs", 18), ("10 yrs", 0), ("2-2.5 yrs", 0.5)]
)
def test_the_width_of_an_age_group(age: str, years: float) -> None:
    assert age_width(age) == years


def test_the_widest_age_is_chosen() -> None:
    assert broadest_age(pd.Series(["0-4 yrs", "All ages", "16+ yrs"])) == "All ages"


def test_deciles_count_from_the_most_deprived() -> None:
    assert [
        decile_value(name) for name in ("Most deprived decile (IMD2019)", "Fifth less deprived decile", "Asian")
    ] == [
        "1",
        "6",
        "",
    ]
