"""The DHSC upload format."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import EmptyFile, UnknownName, UnreadableFile, WrongColumns, WrongValues
from data.sources import dhsc_upload, read_file, reader_for
from data.sources.reading import ReadingContext

HEADER = ",".join(dhsc_upload.COLUMNS)
ROW = "E06000058,2023-04-01,2024-03-31,Financial year,Persons,2,2.5,,,1753,58.4,3002,56.7,60.1,,"


@pytest.fixture
def write(tmp_path: Path):
    def make(*rows: str, header: str = HEADER, name: str = "93436_2024.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)) + "\n")
        return path

    return make


def test_the_file_name_says_which_indicator_it_is(write) -> None:
    path = write(ROW)
    assert reader_for(path) is dhsc_upload
    found = read_file(path).frames["observation"].iloc[0]
    assert found["indicator_id"] == "good_level_development_2_years_published"
    assert (str(found["period_from"]), str(found["period_to"])) == ("2023-04-01", "2024-03-31")
    assert (found["numerator"], found["denominator"], found["value"]) == (1753, 3002, 58.4)
    assert (found["lowercl"], found["uppercl"], found["period_type"]) == (56.7, 60.1, "year")


def test_the_indicator_may_be_given_instead(write) -> None:
    reading = dhsc_upload.read(write(ROW, name="upload.csv"), ReadingContext(), fingertips_id=92517)
    assert reading.frames["observation"]["indicator_id"].tolist() == ["breastfeeding_6_8_weeks_published"]


@pytest.mark.parametrize("name", ["upload.csv", "99999_2024.csv", "2024.csv"])
def test_a_file_that_does_not_say_is_refused_with_what_to_do(write, name: str) -> None:
    with pytest.raises(UnknownName, match="Rename the file so that it begins with the indicator's Fingertips id"):
        read_file(write(ROW, name=name))


def test_the_order_of_the_columns_is_part_of_the_format(write) -> None:
    names = list(dhsc_upload.COLUMNS)
    names[9], names[10] = names[10], names[9]
    with pytest.raises(WrongColumns, match=r"column 'value'.*in its order"):
        read_file(write(ROW, header=",".join(names)))


def test_a_missing_column_is_named(write) -> None:
    with pytest.raises(WrongColumns, match="'count'"):
        read_file(write(ROW.replace(",1753", ""), header=HEADER.replace(",count", "")))


def test_deciles_are_a_breakdown_and_narrow_groups_left_out(write) -> None:
    decile = ROW.replace("2,2.5,,", "2,2.5,1,IMD 2025").replace(",58.4,", ",40,")
    men = ROW.replace("Persons", "Male")
    reading = read_file(write(ROW, decile, men))
    found = reading.frames["observation"].set_index("breakdown_value")["value"].to_dict()
    assert found == {"": 58.4, "1": 40}
    assert reading.notes == ("1 row of single sexes or narrower ages was left out.",)


def test_an_empty_value_is_not_zero_and_zero_is_a_value(write) -> None:
    suppressed = ROW.replace("E06000058", "E06000059").replace(",58.4,", ",*,")
    zero = ROW.replace("E06000058", "E92000001").replace(",58.4,", ",0,")
    found = read_file(write(ROW, suppressed, zero)).frames["observation"].set_index("area_code")
    assert found["value_status"].to_dict() == {"E06000058": "shown", "E06000059": "suppressed", "E92000001": "shown"}
    assert found.loc["E92000001", "value"] == 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",58.4,", ",high,", "column 'value'"),
        ("2024-03-31", "31st March", "column 'date_to'"),
        ("2024-03-31", "2022-03-31", "column 'date_to'"),
        ("2,2.5,,", "2,2.5,11,", "column 'deprivation_decile'"),
    ],
)
def test_a_wrong_type_is_told_with_its_row(write, old: str, new: str, words: str) -> None:
    with pytest.raises(WrongValues, match=f"row 2, {words}"):
        read_file(write(ROW.replace(old, new)))


def test_a_repeated_row_is_told(write) -> None:
    with pytest.raises(WrongValues, match="each area, period and decile once"):
        read_file(write(ROW, ROW))


def test_an_empty_and_a_truncated_file_are_told(write) -> None:
    with pytest.raises(EmptyFile):
        read_file(write())
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(write(ROW, ROW[:40]))
