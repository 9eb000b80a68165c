"""The guard finds what identifies a person anywhere in a return, says where, and never repeats it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.comments import Comment

from data.errors import DataErrors
from data.intake.guard import column_letter, refuse_identifiers
from data.intake.loading import check, load
from data.store.engine import reading
from data.store.submissions import select_submissions

NUMBER = "9434765919"  # the NHS Data Dictionary's own example


def test_columns_are_lettered_as_a_spreadsheet_letters_them() -> None:
    assert [column_letter(position) for position in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_the_refusal_names_sheet_row_and_column_and_never_the_value(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Return"
    book.active.append(["indicator", "area_code", "note"])
    book.active.append(["buddy_allocated", "E01015272", "fine"])
    book.active.append(["buddy_allocated", "E01015272", "seen with 943 476 5919"])
    second = book.create_sheet("Notes")
    second.append(["who", "how to reach them"])
    second.append(["A worker", "someone@example.org"])
    path = tmp_path / "return.xlsx"
    book.save(path)
    with pytest.raises(DataErrors) as refusal:
        refuse_identifiers(path)
    said = [str(problem) for problem in refusal.value.problems]
    assert len(said) == 2
    assert "sheet 'Return', row 3, column 'note': an NHS number" in said[0]
    assert "sheet 'Notes', row 2, column 'how to reach them': an e-mail address" in said[1]
    assert not any(secret in " ".join(said) for secret in ("943", "5919", "someone", "example.org"))


def test_an_identifier_in_the_heading_is_named_by_its_letter(tmp_path: Path) -> None:
    path = tmp_path / "return.csv"
    path.write_text("area_code,someone@example.org\nE01015272,1\n")
    with pytest.raises(DataErrors) as refusal:
        refuse_identifiers(path)
    assert "row 1, column 'B'" in str(refusal.value.problems[0])


def test_many_are_counted_and_the_first_twenty_named(tmp_path: Path) -> None:
    path = tmp_path / "return.csv"
    path.write_text("area_code,note\n" + f"E01015272,{NUMBER}\n" * 30)
    with pytest.raises(DataErrors) as refusal:
        refuse_identifiers(path)
    assert len(refusal.value.problems) == 21
    assert "10 more cells" in str(refusal.value.problems[-1])


def test_a_postcode_may_stand_only_in_the_postcode_column_of_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "settings.csv"
    path.write_text("name,Postcode,note\nA hub,BH1 4QT,open daily\n")
    refuse_identifiers(path, postcode_columns=frozenset({"postcode"}))
    path.write_text("name,Postcode,note\nA hub,BH1 4QT,moved from BH1 4QT\n")
    with pytest.raises(DataErrors) as refusal:
        refuse_identifiers(path, postcode_columns=frozenset({"postcode"}))
    assert ["column 'note'" in str(problem) for problem in refusal.value.problems] == [True]


@pytest.mark.parametrize("secret", [NUMBER, "BH1 4QT", "someone@example.org"])
def test_a_return_that_names_a_person_is_refused_before_anything_repeats_it(
    ready_sqlite: sa.Engine, send: Callable[..., Path], secret: str
) -> None:
    path = send(("buddy_allocated", "E01015272", "2025-04-01", "2025-06-30", secret, 12, "a note"))
    with pytest.raises(DataErrors) as refusal:
        load(path, ready_sqlite, loaded_by="a steward")
    said = " ".join([str(refusal.value), *map(str, refusal.value.problems)])
    assert "nothing that identifies a person" in said
    assert secret not in said
    with reading(ready_sqlite) as connection:
        assert "return.csv" not in select_submissions(connection)["file_name"].tolist()


def test_a_file_that_nobody_recognises_is_guarded_as_well(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"mother,{NUMBER}\nsomebody,1\n")
    with pytest.raises(DataErrors) as refusal:
        load(path, ready_sqlite, loaded_by="a steward")
    assert NUMBER not in str(refusal.value) + str(refusal.value.problems[0])


def in_a_comment(path: Path, secret: str) -> None:
    book = return_of_one_row()
    book["Return"]["B2"].comment = Comment(secret, "somebody")
    book.save(path)


def in_a_hidden_sheet(path: Path, secret: str) -> None:
    book = return_of_one_row()
    book.create_sheet("Working").append([secret])
    book["Working"].sheet_state = "veryHidden"
    book.save(path)


def in_a_property(path: Path, secret: str) -> None:
    book = return_of_one_row()
    book.properties.description = secret
    book.save(path)


def return_of_one_row() -> Workbook:
    book = Workbook()
    book.active.title = "Return"
    book.active.append(["indicator_id", "area_code", "period_from", "period_to", "numerator", "denominator"])
    book.active.append(["buddy_allocated", "E01015272", "2025-04-01", "2025-06-30", 12, 14])
    return book


@pytest.mark.parametrize("hide", [in_a_comment, in_a_hidden_sheet, in_a_property], ids=lambda hide: hide.__name__)
def test_what_no_reader_looks_at_is_refused_before_the_store_or_the_log_hears_of_it(
    ready_sqlite: sa.Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, hide: Callable[[Path, str], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "return.xlsx"
    hide(path, "about 943 476 5919")
    for act in (lambda: check(path, ready_sqlite), lambda: load(path, ready_sqlite, loaded_by="a steward")):
        with pytest.raises(DataErrors) as refusal:
            act()
        said = " ".join([str(refusal.value), *map(str, refusal.value.problems)])
        assert "an NHS number stands" in said
        assert "943" not in said + caplog.text
    with reading(ready_sqlite) as connection:
        assert "return.xlsx" not in select_submissions(connection)["file_name"].tolist()


def test_a_file_name_that_identifies_somebody_is_not_repeated_when_it_is_loaded(
    ready_sqlite: sa.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "return for Mrs J Wintergreen.xlsx"
    return_of_one_row().save(path)
    with pytest.raises(DataErrors) as refusal:
        load(path, ready_sqlite, loaded_by="a steward")
    said = " ".join([str(refusal.value), *map(str, refusal.value.problems)])
    assert "the name of the file identifies a person" in said
    assert "Wintergreen" not in said
