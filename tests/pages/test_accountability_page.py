"""The Accountability page: promises with their history, the duty, the sectors; the rest folded until it is opened."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data import catalogue
from data.answers.current import ensure_current
from data.catalogue import asks
from data.intake.loading import load
from data.store.engine import open_store

Show = Callable[..., Any]
SLUG = "accountability"
SECTORS = "Eight sectors by service, training and lead, with champion and signed commitment"
DUTY = "Evidence of the duty, item by item"


def test_the_page_opens_with_what_was_promised_and_the_overdue_first(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG)
    assert shown.finding.startswith("Illustrative, not real: Of 18 promises, ")  # 19 less one withdrawn
    assert len(shown.figures) == 4
    assert shown.figures["Actions overdue"] == "50.0%"  # two of the four open ones
    (caption,) = [one for one in shown.tables if one.startswith("Overdue or without evidence: ")]
    table = shown.tables[caption]
    assert table[0] == ["Promise", "Who answers for it", "Due", "Status and history", "Evidence"]
    # due on 31 December 2025 and counted on 31 March 2026, as every entry is invented
    assert table[1][0].startswith("EX-A-03 ")
    assert table[1][2] == "31 December 2025, 90 days late"
    assert table[1][4] == "None on file"
    assert all("verdue" in row[3] or "late" in row[2] or row[4] == "None on file" for row in table[1:])


def test_every_promise_can_be_shown_with_its_history_and_what_data_have_set(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG, promises="All")
    table = shown.tables["All: 19 promises"]
    assert len(table) == 1 + 19
    first = next(row for row in table if row[0].startswith("EX-C-01 "))
    assert first[3].endswith(
        "History of EX-C-0130 Jun 2025: not started30 Sep 2025: on track31 Dec 2025: on track31 Mar 2026: complete"
    )
    assert shown.html.count("<summary>History of ") == 19
    tags = re.findall(r"Set from data</span>", shown.html)
    said = re.search(r"The status of (\d+) follows from data", shown.finding)
    assert len(tags) == (int(said[1]) if said else 0)


def test_the_sectors_stand_in_a_table_of_words_and_shapes(show: Show, registers_store: Path) -> None:
    shown = show(registers_store, SLUG)
    table = {row[0]: row[1:] for row in shown.tables[SECTORS]}
    assert table["Sector"] == ["Service", "Training", "Lead", "Champion", "Signed commitment"]
    assert len(table) == 1 + 8
    # Health 3, Education 2, social care 3, Community 3, Policing 1, Employment 1
    assert sum("In place" in cell for name, row in table.items() if name != "Sector" for cell in row[:3]) == 13
    assert table["Policing"][0] == "○ Nothing on file"


def test_nothing_is_said_about_the_duty_before_there_is_evidence_and_then_no_verdict(
    show: Show, registers_store: Path, tmp_path: Path
) -> None:
    empty = show(registers_store, SLUG)
    assert DUTY not in empty.tables
    assert "The template stands at the end of this page" in empty.text
    offered = [one.proto.id for one in empty.elements if one.type == "download_button"]
    assert any("template-duty_evidence" in one for one in offered)
    shutil.copy(registers_store, tmp_path / "store.sqlite")
    items = next(one.allowed for one in catalogue.register("duty_evidence").columns if one.name == "item")
    assert all(f"Nothing on file: {item}" in empty.text for item in items)  # what is missing is named all the same
    file = tmp_path / "duty.csv"
    row = f"D-1,{items[0]},2025/26,yes,A report,2026-03-31"
    file.write_text(f"id,item,year,mentions_under_twos,document,found_on\n{row}\n", encoding="utf-8")
    engine = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    load(file, engine, loaded_by="a test")
    ensure_current(engine)
    engine.dispose()
    shown = show(tmp_path / "store.sqlite", SLUG)
    assert "For 2025/26, 1 of 5 items are evidenced for under-twos" in shown.text
    table = shown.tables[DUTY]
    assert [one[1] for one in table[1:6]] == ["On file, about under-twos", *["Nothing on file"] * 4]
    assert "Equality Act 2010" in table[6][0]
    assert "no verdict on whether the law was kept" in shown.text


def test_folded_parts_ask_nothing_until_they_are_opened(show: Show, registers_store: Path) -> None:
    closed = show(registers_store, SLUG)
    for caption in ("Measures in contracts", "Milestones of the plan", "Where families helped to shape services"):
        assert caption not in closed.tables
    shown = show(registers_store, SLUG, kpi_register="true", milestones="true", coproduction="true", asked="true")
    assert len(shown.tables["Measures in contracts"]) == 1 + 10
    assert len(shown.tables["Milestones of the plan"]) == 1 + 9
    (alt,) = re.findall(r'role="img" aria-label="([^"]*)"', shown.html)
    # five of seven reached co-design or co-production: three co-designed, two co-produced
    assert "co-design 3, co-produce 2. Highest: Co-design (3 activities); lowest: Inform (0 activities)." in alt
    here = {one.id for one in asks() if one.page == SLUG}
    assert {row[0].split(" ")[0] for table in shown.tables.values() for row in table} >= here
