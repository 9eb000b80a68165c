"""What a workbook holds, whatever program it is for: cover, contents, notes, definitions, sources, and the tables.

It follows the Government Analysis Function's checklist for spreadsheets: one tagged table on a sheet, headings in one
row, no merged or empty cells, and every shorthand explained.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.catalogue import disclosure, ics, indicators
from data.exports.table import (
    COLUMNS,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    SHORTHAND,
    columns_of,
    headings,
    plain,
    shown_table,
)

BANNER: Final = "ILLUSTRATIVE: invented figures that describe no real family, service or council."
REAL_BESIDE: Final = "Nothing on this sheet is illustrative. Other sheets of this workbook hold ILLUSTRATIVE figures."
FONT: Final = "Arial"
PRODUCT: Final = "First 1001 Days: Dorset"

#: A column whose words tell rows apart can stand along a chart; a period alone makes a line, the others bars.
ALONG: Final = ("fifth", "group", "area", "area_name", "step", "part", "measure", "review", "term", "period")
FEWEST_POINTS, MOST_POINTS = 2, 40  # more can't be told apart

Cell = str | int | float | dt.date


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, lines of text, and one table without an empty cell, or none at all."""

    name: str
    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that is still to be written."""

    title: str
    sheets: tuple[Sheet, ...]
    charted: tuple[tuple[str, Answer], ...]
    illustrative: bool
    on: dt.date


def book_of(answers: Mapping[str, Answer], title: str, on: dt.date, *, charts: bool = True) -> Book:
    """Lay answers out as a workbook; one without rows is named in the contents and gets no sheet."""
    filled = [answer for answer in answers.values() if not answer.empty]
    illustrative = any(answer.illustrative for answer in answers.values())
    numbers = numbered_notes(filled)
    tables = [table_sheet(number, one, numbers, beside=illustrative) for number, one in enumerate(filled, start=1)]
    empty = [answer for answer in answers.values() if answer.empty]
    banner = (BANNER,) if illustrative else ()
    notes, definitions, sources = (make(filled, banner) for make in (notes_sheet, definitions_sheet, sources_sheet))
    beside = [sheet for sheet in (notes, definitions, sources) if sheet.rows]
    tagged = zip((sheet.tag for sheet in tables), filled, strict=True)
    charted = tuple((tag, answer) for tag, answer in tagged if charts and along(answer))
    contents = contents_sheet([*beside, *tables], [tag for tag, _ in charted], empty, banner)
    cover = cover_sheet(title, list(answers.values()), on, banner)
    return Book(title, (cover, contents, *beside, *tables), charted, illustrative, on)


def numbered_notes(answers: Sequence[Answer]) -> dict[str, int]:
    """Number the notes of all tables, each once."""
    notes = dict.fromkeys(safe(note) for answer in answers for note in answer.notes)
    return {note: number for number, note in enumerate(notes, start=1)}


def table_sheet(number: int, answer: Answer, notes: Mapping[str, int], *, beside: bool) -> Sheet:
    """Lay one answer out: its question, its finding, the numbers of its notes, and its rows."""
    table = shown_table(answer)
    banner = (BANNER,) if answer.illustrative else (REAL_BESIDE,) if beside else ()
    about = [f"{word}: {said}." for word, said in (("Unit", answer.unit), ("Period", answer.period)) if said]
    own = [f"[note {notes[safe(note)]}]" for note in dict.fromkeys(answer.notes)]
    about += [f"On the sheet Notes: {', '.join(own)}."] if own else []
    lines = (
        *banner,
        safe(answer.finding),
        " ".join([*about, "This sheet holds one table. Shorthand such as [c] is explained on the sheet Notes."]),
    )
    rows = tuple(tuple(row) for row in table.itertuples(index=False, name=None))
    tag = f"Table_{number}"
    return Sheet(tag, f"Table {number}: {safe(answer.question)}", lines, tuple(headings(table)), rows, tag)


def cover_sheet(title: str, answers: Sequence[Answer], on: dt.date, banner: tuple[str, ...]) -> Sheet:
    """Say what the workbook is, when it was made, and how small numbers are protected."""
    lines = (
        *banner,
        f"From {PRODUCT}, for {ics().name}.",
        f"Made on {on.day} {on:%B %Y} from the same protected figures as the screen.",
        *dict.fromkeys(answer.disclosure for answer in answers if answer.disclosure),
        "The sheet Contents lists the others: they explain shorthand, terms and sources, and then hold the tables.",
        "A figure that is not shown has a shorthand in its cell, such as [c]. Zero is always a number.",
    )
    return Sheet("Cover", title, lines)


def contents_sheet(
    sheets: Sequence[Sheet], charted: Sequence[str], empty: Sequence[Answer], banner: tuple[str, ...]
) -> Sheet:
    """List the sheets, and the questions that have no data yet."""
    rows: list[tuple[Cell, ...]] = [(one.name, one.title.split(": ", 1)[-1], len(one.rows)) for one in sheets]
    if charted:
        rows.append(("Charts", f"Charts of {', '.join(charted)}, each with its text alternative", NOT_APPLICABLE))
    rows += [(NOT_AVAILABLE, f"{safe(one.question)} No data yet: {safe(one.finding)}", 0) for one in empty]
    lines = (*banner, "This sheet holds one table, which lists the other sheets of this workbook.")
    return Sheet("Contents", "Contents", lines, ("Sheet", "What it holds", "Rows"), tuple(rows), "Contents_list")


def notes_sheet(answers: Sequence[Answer], banner: tuple[str, ...]) -> Sheet:
    """Explain the shorthand, the rule for small numbers, and what else a reader must know."""
    rows = [*SHORTHAND.items(), ("Small numbers", disclosure().statement)]
    rows += [(f"[note {number}]", note) for note, number in numbered_notes(answers).items()]
    lines = (*banner, "This sheet holds one table, which explains shorthand and gives the notes of every table.")
    return Sheet("Notes", "Notes", lines, ("Note", "Meaning"), tuple(rows), "Notes_list")


def definitions_sheet(answers: Sequence[Answer], banner: tuple[str, ...]) -> Sheet:
    """Say what each column holds and how each indicator is counted."""
    used = dict.fromkeys(name for one in answers for name in columns_of(one))
    rows = [(COLUMNS[name][0], "column", COLUMNS[name][1], NOT_APPLICABLE) for name in used if name in COLUMNS]
    names = {str(name) for one in answers if "indicator_id" in one.table for name in one.table["indicator_id"]}
    for one in indicators():
        if one.id in names:
            counted = f"{one.definition} Counted: {one.numerator}. Out of: {one.denominator or 'nothing'}."
            rows.append((safe(one.name), f"indicator {one.id}", safe(counted), one.unit or NOT_APPLICABLE))
    lines = (*banner, "This sheet holds one table, which says what columns and indicators mean.")
    header = ("Term", "Kind", "Meaning", "Unit")
    return Sheet("Definitions", "Definitions", lines, header, tuple(dict.fromkeys(rows)), "Definitions_list")


def sources_sheet(answers: Sequence[Answer], banner: tuple[str, ...]) -> Sheet:
    """List every file that figures rest on, with its edition, date and fingerprint, and the tables that use it."""
    used: dict[object, list[str]] = {}
    for number, answer in enumerate(answers, start=1):
        for line in answer.sources:
            used.setdefault(line, []).append(f"Table_{number}")
    rows = [
        (
            *(str(plain(text) or NOT_AVAILABLE) for text in (line.supplier, line.publication, line.edition)),
            line.extract_date or NOT_AVAILABLE,
            line.sha256,
            "yes" if line.illustrative else "no",
            ", ".join(dict.fromkeys(tables)),
        )
        for line, tables in ((line, used[line]) for one in answers for line in one.sources)
    ]
    header = ("Supplier", "Publication", "Edition", "Extract date", "SHA-256 of the file", "Illustrative", "Used in")
    lines = (*banner, "This sheet holds one table, which lists the files that figures come from.")
    return Sheet("Sources", "Sources", lines, header, tuple(dict.fromkeys(rows)), "Sources_list")


def safe(text: str) -> str:
    """Make a text fit for a cell."""
    return str(plain(text) or "")


def along(answer: Answer) -> str:
    """Name the column that stands along an answer's chart; empty where none, or no one unit, allows a chart."""
    table = answer.table
    if "value" not in table.columns or not answer.unit or len(table) > MOST_POINTS:
        return ""
    if pd.to_numeric(table["value"]).notna().sum() < FEWEST_POINTS:
        return ""
    return next((name for name in ALONG if name in table.columns and table[name].is_unique), "")
