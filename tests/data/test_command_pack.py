"""The command that makes a board pack: figures value by value as the answer has them, and an entry in the trail."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from docx.oxml.ns import qn
from pypdf import PdfReader

from data import commands
from data.answers.opened import _opened, opened
from data.answers.questions import question
from data.store.audit import select_audit
from data.store.engine import reading

FREELY = "map_layer?name=deprivation:idaci"


@pytest.fixture(autouse=True)
def store(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A copy of the embedded reference: deprivation, outlines, and no return."""
    path = tmp_path / "store.sqlite"
    shutil.copy(reference_file, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    _opened.cache_clear()
    yield opened()
    opened().dispose()
    _opened.cache_clear()


def test_a_map_s_table_holds_the_twenty_lowest_ranks_of_the_answer(store: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "pack.docx"
    asked = ["pack", "--format", "docx", "-o", str(path), "--question", "deprivation_map", "--field", "purpose=Note it"]
    assert commands.main(asked) == 0
    document = docx.Document(str(path))
    tables = {one._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): one for one in document.tables}
    (caption,) = (one for one in tables if "Overall deprivation by neighbourhood" in one)
    shown = [[cell.text for cell in row.cells] for row in tables[caption].rows[1:]]
    held = question("map_layer")(name="deprivation:imd").table.sort_values("value")
    places = list(zip(held["area_name"], held["council"], held["value"], strict=True))
    assert shown == [[name, council, f"{rank:,.0f}"] for name, council, rank in places[:20]]
    said = "These are the 20 of 463 rows with the lowest figures."
    assert any(one.text.startswith(said) for one in document.paragraphs)
    assert len(document.inline_shapes) == 1  # the map
    with reading(store) as connection:
        entry = select_audit(connection).iloc[0]
    assert (entry["action"], entry["file_sha256"]) == ("export", hashlib.sha256(path.read_bytes()).hexdigest())


def test_any_question_can_be_put_into_a_pdf_with_its_choices(tmp_path: Path) -> None:
    path = tmp_path / "pack.pdf"
    assert commands.main(["pack", "--format", "pdf", "-o", str(path), "--question", FREELY, "loaded"]) == 0
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)
    assert "".join(question("loaded")().finding.split()) in "".join(text.split())
    assert "Figure 1" in text


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["--field", "risk"], "an entry of the cover sheet has no text"),
        (["--field", "risk=Mrs Jane Doe waited"], "The name of a person stands in “Risk”"),
        (["--question", "no_such_question"], "there is no such question; found no_such_question"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_written(
    chosen: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.pdf"
    standing = ["--question", "loaded"] if "--question" not in chosen else []
    assert commands.main(["pack", "--format", "pdf", "-o", str(path), *chosen, *standing]) == 1
    assert said in capsys.readouterr().err
    assert not path.exists()


def test_the_list_names_every_part_and_every_entry_of_the_cover(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["pack", "--list"]) == 0
    said = capsys.readouterr().out
    assert "inequalities: Inequalities by deprivation (unless you choose)" in said
    assert "--field recommendation=…: Recommendation, what the board is asked to do" in said
