"""Answers as a Frictionless data package: one zip with each table as plain CSV and a description of every column.

The form is that of the Data Package standard, version 1 (specs.frictionlessdata.io), which programs read without us.
Nothing stands above the heading row of a table here; what it means stands in ``datapackage.json`` and ``README.md``.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from data.answers.answer import STATUS_WORDS, Answer
from data.catalogue import disclosure, ics
from data.exports.sheets import BANNER, PRODUCT, Sheet, definitions_sheet, safe, sources_sheet
from data.exports.table import COLUMNS, headings, kinds_of, long_table

PART_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same figures on the same day are the same file
#: What the standard calls each kind of value.
TYPES: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "day": {"type": "date", "format": "default"},
    "yes_no": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}
Part = tuple[str, bytes, dict[str, Any]]


def package_bytes(answers: Mapping[str, Answer], title: str, on: dt.date) -> bytes:
    """Write answers as one package, as of a day; an answer without rows is named and has no table."""
    filled = {name: answer for name, answer in answers.items() if not answer.empty}
    illustrative = any(answer.illustrative for answer in answers.values())
    label = (BANNER,) if illustrative else ()
    parts = [answer_part(name, answer) for name, answer in filled.items()]
    tables = list(filled.values())
    names = {f"Table_{number}": slug(name) for number, name in enumerate(filled, start=1)}
    parts += [
        sheet_part(sheet, names)
        for sheet in (definitions_sheet(tables, label), sources_sheet(tables, label))
        if sheet.rows
    ]
    described = describe(answers, title, on, [about for _, _, about in parts])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for path, body in (
            ("datapackage.json", json.dumps(described, ensure_ascii=False, indent=1).encode()),
            ("README.md", readme(answers, described).encode()),
            *((path, body) for path, body, _ in parts),
        ):
            out.writestr(zipfile.ZipInfo(path, PART_TIME), body, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def answer_part(name: str, answer: Answer) -> Part:
    """Write one answer's table, with what a program must know of it."""
    table = long_table(answer)
    heads = headings(table)
    fields = [
        {"name": column, "title": heading, **TYPES[kind], **_about(column)}
        for (column, kind), heading in zip(kinds_of(table).items(), heads, strict=True)
    ]
    body = csv_of(list(table.columns), table.itertuples(index=False, name=None))
    said = {
        "title": f"{'ILLUSTRATIVE: ' if answer.illustrative else ''}{answer.question}",
        "description": answer.finding,
        "illustrative": answer.illustrative,
        "unit": answer.unit,
        "period": answer.period,
        "disclosure": answer.disclosure,
        "notes": list(answer.notes),
    }
    return part(slug(name), body, said, fields, [""])


def sheet_part(sheet: Sheet, names: Mapping[str, str]) -> Part:
    """Write a table about the others, such as the list of sources; tables are named as they are here."""
    fields = [slug(heading).replace("-", "_") for heading in sheet.header]
    rows = [tuple(_renamed(cell, names) for cell in row) for row in sheet.rows]
    said = {"title": sheet.title, "description": sheet.lines[-1].replace("This sheet holds one table, which", "It")}
    types = [
        {"name": name, "title": heading, **TYPES["day" if name == "extract_date" else "text"]}
        for name, heading in zip(fields, sheet.header, strict=True)
    ]
    return part(sheet.name.lower(), csv_of(fields, rows), said, types, ["", "[x]", "[z]"])


def part(name: str, body: bytes, said: dict[str, Any], fields: list[dict[str, Any]], missing: list[str]) -> Part:
    """Describe one file of the package, with its fingerprint."""
    path = f"data/{name}.csv"
    about = {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        **said,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "schema": {"fields": fields, "missingValues": missing},
    }
    return path, body, about


def describe(answers: Mapping[str, Answer], title: str, on: dt.date, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe the package as a whole."""
    illustrative = any(answer.illustrative for answer in answers.values())
    lines = dict.fromkeys(line for answer in answers.values() for line in answer.sources)
    return {
        "profile": "tabular-data-package",
        "name": slug(title),
        "title": f"{'ILLUSTRATIVE: ' if illustrative else ''}{title}",
        "description": f"{BANNER if illustrative else ''} From {PRODUCT}, for {ics().name}.".strip(),
        "created": f"{on.isoformat()}T00:00:00Z",
        "illustrative": illustrative,
        "disclosure": disclosure().statement,
        "contributors": [{"title": ics().label, "role": "publisher"}],
        "sources": [{"title": line.words()} for line in lines],
        "resources": resources,
    }


def readme(answers: Mapping[str, Answer], described: Mapping[str, Any]) -> str:
    """Say in plain words what is in the package and how to read it."""
    listed = [f"- `{one['path']}`: {one['title']} {one['description']}" for one in described["resources"]]
    empty = [f"- No data yet: {answer.question}" for answer in answers.values() if answer.empty]
    statuses = [f"- `{status}`: {words}" for status, (words, _) in STATUS_WORDS.items()]
    sources = [f"- {one['title']}" for one in described["sources"]]
    parts = [
        f"# {described['title']}",
        described["description"],
        f"Made on {described['created'][:10]} from the same protected figures as the screen.",
        "## What is here",
        "\n".join([*listed, *empty]),
        "`datapackage.json` describes every column and holds the SHA-256 of every file.",
        "## How to read the tables",
        "Every table is long: one row for each figure. Days are written as 2026-03-31. An empty cell has no figure.",
        "The column `value_status` says why. Zero is always a number.",
        "\n".join(statuses),
        "Text that a spreadsheet would run as a formula has an apostrophe before it.",
        "## Small numbers",
        described["disclosure"],
        "## Sources",
        "\n".join(sources),
    ]
    return "\n\n".join(parts) + "\n"


def csv_of(names: Sequence[str], rows: Any) -> bytes:
    """Write plain CSV: a heading row, then the rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or value is pd.NaT else value


def _renamed(cell: object, names: Mapping[str, str]) -> object:
    return ", ".join(names.get(one, one) for one in cell.split(", ")) if isinstance(cell, str) else cell


def _about(name: str) -> dict[str, Any]:
    said: dict[str, Any] = {"description": COLUMNS[name][1]} if name in COLUMNS else {}
    if name == "value_status":
        said["constraints"] = {"required": True, "enum": list(STATUS_WORDS)}
    return said


def slug(text: str) -> str:
    """Write a name in the letters that the standard allows."""
    return re.sub(r"[^a-z0-9]+", "-", safe(text).lower()).strip("-") or "table"
