"""An answer's table as CSV: labelled, with its finding, sources and disclosure statement above the rows."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

from data.answers.answer import STATUS_WORDS, Answer

#: A spreadsheet would run text that begins like this as a formula.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def file_name(answer: Answer, name: str) -> str:
    """Name the file after what it holds, and say in the name when it is illustrative."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{'ILLUSTRATIVE-' if answer.illustrative else ''}{slug}.csv"


def csv_bytes(answer: Answer) -> bytes:
    """Write the answer: notes first, one blank line, then the table with a heading row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if answer.illustrative:
        writer.writerow(["ILLUSTRATIVE: invented figures that describe no real family, service or council"])
    for line in (answer.question, answer.finding, answer.disclosure, *answer.notes):
        writer.writerow([safe_text(line)])
    for source in answer.sources:
        writer.writerow([safe_text(source.words())])
    writer.writerow([])
    writer.writerow(answer.table.columns)
    for record in answer.table.itertuples(index=False):
        writer.writerow([_cell(value) for value in record])
    return text.getvalue().encode("utf-8-sig")


def safe_text(text: str) -> str:
    """Keep text from being run as a formula by the program that opens it."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: object) -> object:
    if isinstance(value, str):
        return safe_text(STATUS_WORDS[value][1] or value if value in STATUS_WORDS else value)
    return "" if pd.isna(value) else value  # type: ignore[call-overload]
