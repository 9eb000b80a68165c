"""A document is recognised as one, and the reader says plainly that documents are not read yet."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from pypdf import PdfWriter

from data.errors import UnrecognisedFile
from data.intake.documents import document_kind
from data.intake.proposal import propose


def pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.write(path)


def word(path: Path) -> None:
    document = Document()
    document.add_paragraph("A strategy for the first 1001 days")
    document.save(str(path))


def open_document(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<document/>")


@pytest.mark.parametrize(
    ("make", "kind"),
    [(pdf, "a PDF document"), (word, "a Word document"), (open_document, "an OpenDocument text")],
)
def test_a_document_is_named_and_the_way_out_is_said(ready_sqlite: sa.Engine, tmp_path: Path, make, kind: str) -> None:
    path = tmp_path / "a_table.csv"  # judged by what is inside, not by its name
    make(path)
    (problem,) = propose(path, ready_sqlite).problems
    assert isinstance(problem, UnrecognisedFile)
    assert f"this is {kind}, and documents are not read yet" in str(problem)
    assert "send those in the long return" in str(problem)


def test_tables_and_layers_are_no_documents(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"a,b\n1,2\n", b'{"type": "FeatureCollection"}', b"SQLite format 3\x00"):
        path.write_bytes(content)
        assert document_kind(path) == ""
