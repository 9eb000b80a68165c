"""Take away: tables are picked into one workbook, which is made when its button is pressed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from data.actions.exporting import export_file
from data.actions.people import LOCAL
from data.answers.answer import Answer
from data.answers.opened import opened
from data.answers.questions import QUESTIONS, question
from data.exports.formats import FORMATS, file_bytes, fitting
from data.exports.table import kinds_of, long_table
from data.store.audit import select_audit
from data.store.engine import reading
from pages.components.downloads import WORDS
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
        "Download chosen tables (data package)",
    ]
    answers = {"reviews": question("reviews_by_area")(), "files": question("loaded")()}
    assert f"2 tables, {sum(len(one.table) for one in answers.values()):,} rows." in shown.text
    book = load_workbook(io.BytesIO(export_file(LOCAL, answers, NAME, "xlsx")))
    assert {"Cover", "Contents", "Notes", "Sources", "Table_1", "Table_2"} <= set(book.sheetnames)
    with reading(opened()) as connection:
        entry = select_audit(connection).iloc[0]
    assert (entry["action"], entry["subject"]) == ("export", "chosen-tables.xlsx")


def test_every_table_of_the_list_holds_the_same_in_csv_parquet_and_package(show: Show, real_store: Path) -> None:
    show(real_store, "take_away")  # names the store
    on = dt.date(2026, 6, 1)
    for said, name, choices in TABLES:
        answer = question(name)(**choices)
        assert isinstance(answer, Answer), said
        written = file_bytes({said: answer}, said, "csv", on).decode("utf-8-sig")
        assert answer.question in written
        if answer.empty:
            continue
        table = long_table(answer)
        own = [["" if value is None else str(value) for value in row] for row in table.to_numpy(dtype=object).tolist()]
        lines = list(csv.reader(io.StringIO(written, newline="")))
        read = pq.read_table(io.BytesIO(file_bytes({said: answer}, said, "parquet", on))).to_pylist()
        with zipfile.ZipFile(io.BytesIO(file_bytes({said: answer}, said, "package", on))) as parts:
            packed = list(csv.reader(io.StringIO(parts.read(parts.namelist()[2]).decode(), newline="")))[1:]
        assert lines[lines.index([]) + 2 :] == own, said
        assert [["" if one is None else str(one) for one in row.values()] for row in read] == [
            [as_typed(kind, cell) for kind, cell in zip(kinds_of(table).values(), row, strict=True)] for row in own
        ], said
        assert packed == [[{"True": "true", "False": "false"}.get(cell, cell) for cell in row] for row in own], said
    assert len({said for said, _, _ in TABLES}) == len(TABLES)


def as_typed(kind: str, cell: str) -> str:
    """A column of whole and other numbers holds only other numbers, once it has a type."""
    return str(float(cell)) if kind == "number" and cell else cell


def test_the_formats_of_a_table_stand_behind_one_line_and_are_made_when_it_is_opened(
    show: Show, real_store: Path
) -> None:
    shown = show(real_store, "take_away")
    app = shown.app
    assert [one.label for one in app.get("expander") if one.label.startswith("Take away: ")][1:2] == [
        "Take away: mandated reviews"
    ]
    assert "format-mandated-reviews" not in [one.key for one in app.selectbox]
    app.session_state["take-mandated-reviews"] = True  # as a press does
    app.run()
    formats = app.selectbox(key="format-mandated-reviews")
    assert formats.options == [WORDS[kind] for kind in fitting(question("reviews_by_area")())]
    assert [one for one in formats.options if one.startswith("Geo")]  # its rows are councils, with outlines
    formats.select("gpkg").run()
    (button,) = [one.proto for one in app.get("download_button") if "mandated" in one.proto.label]
    assert button.label == "Download mandated reviews (GeoPackage)"


def test_every_format_that_is_offered_has_words_of_its_own() -> None:
    assert set(WORDS) == set(FORMATS) - {"package"}
    assert len(set(WORDS.values())) == len(WORDS)


def test_all_that_is_released_is_offered_and_nothing_of_it_is_asked_for_on_opening(
    show: Show, real_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUESTIONS, "whole_release", "data.answers.nowhere:nothing")  # would fail if it were asked
    assert "Download everything (data package)" in labels(show(real_store, "take_away"))
