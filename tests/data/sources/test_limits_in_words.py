"""The limits that the documents name are those of the code."""

from __future__ import annotations

from pathlib import Path

from data.sources import archives, boundaries, documents, formats, safe_opening, shape_files, sheet_limits, tables

TEXT = (Path(__file__).parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
MB = 1024**2


def test_the_limits_of_the_documents_are_those_of_the_code():
    said = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in TEXT.splitlines() if line.startswith("| ")
    }
    assert safe_opening.MAX_OTHER_BYTES == archives.MAX_UNPACKED_BYTES
    assert said["A text file"] == (
        f"{safe_opening.MAX_TEXT_BYTES // MB:,} MB, {tables.MAX_TEXT_CELLS:,} cells in one table, "
        f"{formats.MAX_ROW_LETTERS:,} letters in a row"
    )
    assert said["Any other file, packed and unpacked"] == f"{archives.MAX_UNPACKED_BYTES // MB} MB"
    assert said["Parts of a workbook or ZIP"] == f"{archives.MAX_PARTS:,}"
    assert said[f"A part of more than {archives.RATIO_COUNTS_FROM // MB} MB"].startswith(f"{archives.MAX_RATIO} times")
    assert said["A sheet"] == f"{sheet_limits.MAX_ROWS:,} filled rows, {sheet_limits.MAX_CELLS:,} cells"
    assert said["A cell"] == f"{sheet_limits.MAX_LETTERS:,} letters"
    assert said["Shapes"] == (
        f"{boundaries.MAX_AREAS:,} areas, {boundaries.MAX_SHAPE_MEGABYTES} MB of GeoJSON in one of them, "
        f"lists {shape_files.MAX_DEPTH} deep"
    )
    assert said["A document"] == (
        f"{documents.MAX_PAGES:,} pages, {documents.MAX_LETTERS:,} letters, {documents.MAX_SECONDS:g} seconds"
    )
