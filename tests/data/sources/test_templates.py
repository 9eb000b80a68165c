"""Templates: what is written can be filled in and read back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from data import catalogue
from data.errors import EmptyFile, UnknownName
from data.sources import read_file, templates
from data.sources.templates import template_names, write_template

ON = dt.date(2025, 11, 20)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory):
    path = write_template("long_return_point_2", tmp_path_factory.mktemp("t") / "return.xlsx", on=ON)
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("name", template_names())
def test_every_template_is_written_without_traps_for_a_screen_reader(name: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(name, tmp_path / "t.xlsx", on=ON))
    assert book.sheetnames[:4] == ["Cover", "Guide", "Return", "Example"]
    assert book.properties.title
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value
        if sheet.title != "Cover":
            header = [cell.value for cell in sheet[1]]
            assert len(header) == len(set(header))
            assert None not in header
            assert sheet.freeze_panes == "A2"


def test_there_is_one_template_for_each_point_and_page_and_register() -> None:
    names = set(template_names())
    assert {"long_return", "long_return_point_1", "long_return_point_2", "long_return_point_3"} <= names
    assert {entry.id for entry in catalogue.registers()} <= names
    assert "long_return_parent_buddies" in names


def test_drop_downs_offer_the_lists(book) -> None:
    rules = {rule.promptTitle: rule for rule in book["Return"].data_validations.dataValidation}
    assert {"indicator_id", "area_code", "period", "breakdown_type", "breakdown_value"} <= set(rules)
    header = [cell.value for cell in book["Lists"][1]]
    for name, rule in rules.items():
        letter = openpyxl.utils.get_column_letter(header.index(name) + 1)
        start, end = rule.formula1.removeprefix("Lists!").replace("$", "").split(":")
        listed = [cell[0].value for cell in book["Lists"][start:end]]
        assert start == f"{letter}2"
        assert None not in listed
        assert book["Lists"][f"{letter}{len(listed) + 2}"].value is None


def test_only_the_indicators_of_the_point_are_offered(book) -> None:
    listed = [row[0].value for row in book["Indicators"].iter_rows(min_row=2)]
    wanted = [entry.id for entry in catalogue.indicators() if entry.point == 2 and entry.returned_by == "long_return"]
    assert listed == wanted


def test_example_rows_are_marked(book) -> None:
    header = [cell.value for cell in book["Example"][1]]
    notes = [row[header.index("note")].value for row in book["Example"].iter_rows(min_row=2)]
    assert len(notes) == 4
    assert all(note.startswith("EXAMPLE") for note in notes)


def test_periods_count_back_from_the_day() -> None:
    periods = templates._periods(ON)
    assert periods[:4] == ("2025/26 Q3", "2025/26 Q2", "2025/26 Q1", "2024/25 Q4")
    assert periods[12] == "2025/26"
    assert periods[17] == "2025-09-30"
    assert templates._periods(dt.date(2026, 1, 5))[0] == "2025/26 Q4"
    assert templates._periods(dt.date(2026, 1, 5))[17] == "2025-12-31"


def test_a_filled_template_is_read_back(tmp_path: Path) -> None:
    path = write_template("long_return_point_2", tmp_path / "return.xlsx", on=ON)
    with pytest.raises(EmptyFile):
        read_file(path)
    book = openpyxl.load_workbook(path)
    header = [cell.value for cell in book["Return"][1]]
    lists = {cell.value: [row[0].value for row in book["Lists"].iter_rows(min_row=2, min_col=at, max_col=at)]
             for at, cell in enumerate(book["Lists"][1], start=1)}  # fmt: skip
    cells = {"indicator_id": "buddy_allocated", "area_code": lists["area_code"][-1], "period": lists["period"][1]}
    cells |= {"numerator": 3, "denominator": 4}
    book["Return"].append([cells.get(name) for name in header])
    book.save(path)
    found = read_file(path).frames["observation"].iloc[0]
    assert (found["indicator_id"], found["area_type"], found["numerator"]) == ("buddy_allocated", "lsoa21", 3)
    assert str(found["period_to"]) == "2025-09-30"


def test_the_worked_example_would_be_accepted(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template("long_return_point_2", tmp_path / "t.xlsx", on=ON))
    header = [cell.value for cell in book["Example"][1]]
    path = tmp_path / "filled.csv"
    lines = [",".join(header)]
    for row in book["Example"].iter_rows(min_row=2, values_only=True):
        cells = [
            "" if name == "note" else "" if cell is None else str(cell) for name, cell in zip(header, row, strict=True)
        ]
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n")
    found = read_file(path).frames["observation"]
    assert found["value_status"].tolist() == ["shown", "shown", "suppressed", "not_collected"]


def test_an_unknown_template_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="long_return_point_1"):
        write_template("shopping", tmp_path / "t.xlsx")


def test_the_example_hub_of_the_settings_template_is_never_loaded(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="Return"):
        read_file(write_template("settings", tmp_path / "settings.xlsx", on=ON))
