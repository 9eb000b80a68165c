"""What is no identifier must pass: a guard that refuses honest returns is soon walked around."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import catalogue, reference
from data.errors import DataErrors
from data.example import write_returns
from data.intake.guard import refuse_identifiers
from data.intake.headings import heading_kind
from data.intake.identifiers import PHONE, POSTCODE, identifiers_in
from data.sources.templates import template_names, write_template

SHARED = Path(__file__).parents[4] / "shared" / "opendata"
POSTCODES = frozenset({"postcode"})


def words_of(value: Any) -> Iterator[str]:
    """Every text within a part of the catalogue."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from words_of([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif isinstance(value, dict):
        yield from words_of([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from words_of(part)


def test_every_word_of_the_catalogue_passes() -> None:
    parts = (
        *(catalogue.asks(), catalogue.indicators(), catalogue.registers(), catalogue.sources(), catalogue.pages()),
        *(catalogue.ics(), catalogue.long_return(), catalogue.breakdowns()),
    )
    words = list(words_of(list(parts)))
    assert len(words) > 5_000
    assert {word: identifiers_in(word) for word in words if identifiers_in(word)} == {}


def test_no_heading_that_a_return_asks_for_is_refused() -> None:
    columns = [column.name for register in catalogue.registers() for column in register.columns]
    columns += [column.name for column in catalogue.long_return().columns]
    assert len(columns) > 100
    assert [name for name in columns if heading_kind(name)] == []


def test_every_file_of_words_in_the_project_holds_no_telling_word() -> None:
    """But for the contact addresses that publishers require and links."""
    texts = [path.read_text(encoding="utf-8") for path in Path(catalogue.__file__).parent.rglob("*.toml")]
    lines = [line for text in texts for line in re.sub(r"https?://\S+", "", text).splitlines()]
    assert len(lines) > 3_000
    assert [line for line in lines if identifiers_in(line)] == []


def test_the_name_of_every_embedded_place_passes() -> None:
    tables = (reference.msoa_names(), reference.lsoas(), reference.places())
    cells = {str(cell) for table in tables for column in table.columns for cell in table[column]}
    assert len(cells) > 1_000
    assert {cell for cell in cells if identifiers_in(cell)} == set()


@pytest.fixture(scope="module")
def illustrative(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every illustrative return; all its words stand in a year as in three."""
    return list(write_returns(tmp_path_factory.mktemp("illustrative"), quarters=4))


def test_every_illustrative_return_passes(illustrative: list[Path]) -> None:
    assert len(illustrative) >= 10
    for path in illustrative:
        refuse_identifiers(path)


@pytest.mark.parametrize("name", template_names())
def test_every_template_passes(name: str, tmp_path: Path) -> None:
    refuse_identifiers(write_template(name, tmp_path / f"{name}.xlsx"))


def published() -> list[Path]:
    return sorted(path for path in SHARED.glob("*") if path.suffix in {".csv", ".geojson"}) if SHARED.is_dir() else []


@pytest.mark.skipif(not published(), reason="no official files stand beside the project")
def test_every_publication_passes_as_a_publication() -> None:
    for path in published():
        refuse_identifiers(path, published=True)


@pytest.mark.skipif(not published(), reason="no official files stand beside the project")
def test_what_is_said_in_publications_would_pass_in_a_return_but_for_addresses_of_offices() -> None:
    refused = {}
    for path in published():
        try:
            refuse_identifiers(path, postcode_columns=POSTCODES)
        except DataErrors as error:
            refused[path.name] = {re.search(r"a phone number|a full postcode|$", str(one))[0] for one in error.problems}  # type: ignore[index]
    assert refused == {"gp_practices_dorset_icb.csv": {PHONE, ""}}  # the last line counts those that are not named
    assert POSTCODE not in refused["gp_practices_dorset_icb.csv"]


# ---- counts and codes -----------------------------------------------------------------------------------------------


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def refused_in(path: Path, **settings: Any) -> list[str]:
    """The places that are refused, in short."""
    try:
        refuse_identifiers(path, **settings)
    except DataErrors as error:
        return [f"{one.row} {one.column}: {one.problem.split(' stands')[0]}" for one in error.problems]
    return []


def test_a_column_of_bare_eleven_digit_counts_is_no_column_of_phones(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "code,total", "A,12345678901", "B,77009001234", "C,44120212345")
    assert refused_in(path) == []


def test_in_a_column_of_phones_a_number_may_lack_its_zero_and_a_count_passes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "area,Telephone", "A,7700900123", "B,12", "C,", "D,01202 123456")
    assert refused_in(path) == ["2 Telephone: a phone number", "5 Telephone: a phone number"]


def test_numbers_of_buildings_pass_in_publications_alone(tmp_path: Path) -> None:
    # 9434765919 passes the check of NHS numbers, as one ten-digit code in eleven does
    path = write(tmp_path / "a.csv", "UPRN,name,number", "9434765919,A school,1")
    assert refused_in(path, published=True) == []
    assert refused_in(path) == ["2 UPRN: an NHS number"]
    path = write(tmp_path / "a.csv", "UPRN,name,number", "1,A school,9434765919")
    assert refused_in(path, published=True) == ["2 number: an NHS number"]


def test_a_publication_may_name_offices_and_not_patients(tmp_path: Path) -> None:
    head = "name,contact,note"
    path = write(tmp_path / "a.csv", head, "A school,Mrs J Smith,BH1 4QT", "B,01202 123456,head@example.org")
    assert refused_in(path, published=True) == []
    assert len(refused_in(path)) == 4
    path = write(tmp_path / "a.csv", "name,NHS number,date of birth", "A,x,y")
    assert len(refused_in(path, published=True)) == 2


# ---- headings and labels --------------------------------------------------------------------------------------------


def test_a_column_is_refused_by_its_heading_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Mother's name,area,dob", *["Jo,E01015272,01/02/2024"] * 3)
    assert refused_in(path) == [
        "1 Mother's name: a column of names of people may not come in",
        "1 dob: a column of dates of birth may not come in",
    ]


def test_a_column_headed_name_is_refused_in_a_list_of_people_alone(tmp_path: Path) -> None:
    for beside in ("Gender", "age", "Job title", "Mother's ethnicity", "EDD"):
        path = write(tmp_path / "a.csv", f"Name,{beside},area", "Jo,x,E01015272")
        assert refused_in(path) == ["1 Name: a column of names of people may not come in"]
    path = write(tmp_path / "a.csv", "Name,kind,age band,provider", "A hub,family_hub,0 to 5,Dorset HealthCare")
    assert refused_in(path) == []


def test_below_born_a_date_is_refused_and_a_count_passes(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "area,born,visited", "A,12,2025-04-01", "B,45323,2025-04-02", "C,01/02/2024,2025-04-03"
    )
    assert refused_in(path) == ["4 born: a date of birth"]


def test_the_parent_of_an_area_is_no_mother(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Parent Code,Parent Name,Area Name", "E12000009,South West,Dorset")
    assert refused_in(path) == []


def test_a_form_gives_itself_away_by_its_labels(tmp_path: Path) -> None:
    path = write(
        tmp_path / "form.csv",
        *("a form,of a visit,in Dorset", "Date of birth:,01/02/2024,", "Mother's name,Jo,", "visits,2,"),
        *(",Surname,", ",Jones,", "NHS number,943476,"),
    )
    assert refused_in(path) == [
        "2 B: a date of birth",
        "3 B: the name of a person",
        "6 B: the name of a person",
        "7 B: an NHS number",
    ]


def test_a_guide_that_speaks_of_identifiers_gives_none_away(tmp_path: Path) -> None:
    path = write(
        tmp_path / "guide.csv",
        *("item,needed,share", "Date of birth,not needed,98%", "NHS number,never,99.5%", "Surname,no,0"),
        *("date of birth,2025/26 Q4,12", "Period,2025-04-01,2025-06-30", "First name,required,text"),
    )
    assert refused_in(path) == []


def test_a_date_below_the_label_of_a_birth_date_is_refused_as_a_number_too(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["a form", "of a visit", "in Dorset"], [None, "DOB", None], [None, 45323, None]):
        book.active.append(row)
    book.save(tmp_path / "form.xlsx")
    assert refused_in(tmp_path / "form.xlsx") == ["3 B: a date of birth"]  # 45323 is 1 February 2024
