"""Take away: tables are picked into one workbook, which is made when its button is pressed."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from data.actions.exporting import export_file
from data.actions.people import LOCAL
from data.answers.answer import Answer
from data.answers.opened import opened
from data.answers.questions import question
from data.exports.formats import file_bytes
from data.store.audit import select_audit
from data.store.engine import reading
from pages.components.workbook_picker import NAME, TABLES

Show = Callable[..., object]


def labels(shown: object) -> list[str]:
    return [one.proto.label for one in shown.elements if one.type == "download_button"]


def test_nothing_is_picked_at_first_and_no_workbook_is_offered(show: Show, real_store: Path) -> None:
    shown = show(real_store, "take_away")
    assert "Choose tables first." in shown.text
    assert not [one for one in labels(shown) if "chosen tables" in one]


def test_a_link_picks_tables_and_they_make_one_workbook(show: Show, real_store: Path, tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    shutil.copy(real_store, store)
    shown = show(store, "take_away", tables=["Loaded files", "Mandated reviews by area"])
    assert [one for one in labels(shown) if "chosen" in one] == [
        "Download chosen tables (workbook)",
        "Download chosen tables (OpenDocument)",
    ]
    answers = {"reviews": question("reviews_by_area")(), "files": question("loaded")()}
    assert f"2 tables, {sum(len(one.table) for one in answers.values()):,} rows." in shown.text
    book = load_workbook(io.BytesIO(export_file(LOCAL, answers, NAME, "xlsx")))
    assert {"Cover", "Contents", "Notes", "Sources", "Table_1", "Table_2"} <= set(book.sheetnames)
    with reading(opened()) as connection:
        entry = select_audit(connection).iloc[0]
    assert (entry["action"], entry["subject"]) == ("export", "chosen-tables.xlsx")


def test_every_table_of_the_list_can_be_written_and_has_a_name_of_its_own(show: Show, real_store: Path) -> None:
    show(real_store, "take_away")  # names the store
    for said, name, choices in TABLES:
        answer = question(name)(**choices)
        assert isinstance(answer, Answer), said
        assert answer.question in file_bytes({said: answer}, said, "csv", dt.date(2026, 6, 1)).decode("utf-8-sig")
    assert len({said for said, _, _ in TABLES}) == len(TABLES)
