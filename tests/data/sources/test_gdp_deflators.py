"""HM Treasury's deflators in the layout of the publication; every value here is a test value."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import EmptyFile, WrongValues
from data.sources import gdp_deflators, published_statistics, read_file, reader_for
from data.sources.templates import write_template

#: As the sheet of November 2017 stands on gov.uk: titles, two rows of headings, two blocks side by side.
LAYOUT = """GDP DEFLATORS AT MARKET PRICES AND MONEY GDP,,,,,,,,
,,,,,,,,
Outturn data are TEST VALUES - last updated 31 March 2026.,,,,,,,,
Forecast data are consistent with TEST VALUES as at 3 March 2026,,,,,,,,
Financial year,,,,,Calendar year,,,
,GDP deflator at market prices,,Money GDP,,,GDP deflator at market prices,,Money GDP
Financial year,2024-25 = 100,per cent change on previous year,Cash £ million,Cash £ million,Calendar year,2024 = 100,\
per cent change on previous year,Cash £ million
1999-00,55.5,,1,1,1999,55,,1
2024-25,100.0,4.17,1,1,2024,100,4.7,1
2025-26,102.5,2.50,1,1,2025,102,2.0,1
,,,,,,,,
(1) A footnote about 2026-27,,,,,,,,
"""


def saved(folder: Path, text: str = LAYOUT) -> Path:
    """Save the table under a name that says nothing."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_index_of_each_financial_year_is_read_with_its_edition(tmp_path: Path) -> None:
    path = saved(tmp_path)
    assert reader_for(path) is gdp_deflators
    reading = read_file(path)
    frame = reading.frames["observation"].set_index("period_from")
    assert {str(day): value for day, value in frame["value"].items()} == {
        "1999-04-01": 55.5,
        "2024-04-01": 100.0,
        "2025-04-01": 102.5,
    }
    assert set(frame["area_code"]) == {"K02000001"}
    edition = (
        "Outturn data are TEST VALUES - last updated 31 March 2026. "
        "Forecast data are consistent with TEST VALUES as at 3 March 2026. 2024-25 = 100"
    )
    assert reading.edition == edition
    assert set(frame["note"]) == {f"HM Treasury. {edition}"}


def test_a_workbook_is_read_as_the_text_is(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["GDP deflators at market prices"])
    sheet = book.create_sheet("Deflators")
    for line in LAYOUT.splitlines():
        sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line.split(",")])
    path = tmp_path / "table.xlsx"
    book.save(path)
    assert read_file(path).frames["observation"]["value"].tolist() == [55.5, 100.0, 102.5]


@pytest.mark.parametrize("wrong", ["many", "0", "-1", ""])
def test_what_is_no_index_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(WrongValues, match=r"row 10.*index above 0"):
        read_file(saved(tmp_path, LAYOUT.replace("102.5", wrong)))


def test_a_year_stands_once_and_there_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(WrongValues, match="each financial year once"):
        read_file(saved(tmp_path, LAYOUT.replace("2024-25,", "2025-26,")))
    with pytest.raises(EmptyFile, match="no financial year"):
        read_file(saved(tmp_path, LAYOUT[: LAYOUT.index("1999-00")]))


def test_a_unit_cost_is_sent_in_with_the_template_of_published_figures(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write_template("published_statistics", tmp_path / "published.xlsx")
    book = load_workbook(path)
    heads = [cell.value for cell in book["Return"][1]]
    assert heads == list(published_statistics.COLUMNS)
    cost = ["Unit cost of a health visiting contact", "E92000001", "England", "2024/25", 50, None, None, None, None]
    book["Return"].append([*cost, "£", "TEST publisher", "TEST publication", "https://example.org", "TEST value"])
    book.save(path)
    reading = read_file(path)
    row = reading.frames["observation"].iloc[0]
    assert (row["indicator_id"], row["value"]) == ("unit_cost_health_visiting", 50)
    assert row["note"] == "TEST publisher, TEST publication. TEST value"
    assert len(reading.frames["observation"]) == 1  # the example sheet is never read
