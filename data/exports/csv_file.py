"""An answer's table as CSV: labelled, with its finding, sources and disclosure statement above the rows.

Beside it goes its description in the W3C's form for CSV on the web, by which a program reads each column as what it is.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Final

from data.answers.answer import STATUS_WORDS, Answer
from data.exports.formulas import safe_text
from data.exports.table import COLUMNS, Plain, headings, kinds_of, long_table

LABEL: Final = "ILLUSTRATIVE: invented figures that describe no real family, service or council"
PART_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same figures are the same file
#: What CSV on the web calls each kind of value.
DATATYPES: Final[dict[str, object]] = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "day": "date",
    "yes_no": {"base": "boolean", "format": "True|False"},
}


def csv_bytes(answer: Answer) -> bytes:
    """Write the answer: notes first, one blank line, then the table with a heading row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([line] for line in lines_above(answer))
    writer.writerow([])
    table = long_table(answer)
    writer.writerow(table.columns)
    for record in table.itertuples(index=False):
        writer.writerow([_cell(value) for value in record])
    return text.getvalue().encode("utf-8-sig")


def lines_above(answer: Answer) -> list[str]:
    """Say what the table holds and where it is from, each in a line."""
    said = (answer.question, answer.finding, answer.disclosure, *answer.notes, *(one.words() for one in answer.sources))
    label = [LABEL] if answer.illustrative else []
    return [*label, *(safe_text(" ".join(line.split())) for line in said)]


def _cell(value: Plain) -> object:
    return "" if value is None else value


def csvw_bytes(answer: Answer, file: str) -> bytes:
    """Describe the CSV file of that name: how many lines stand above its table, and what each column holds."""
    table = long_table(answer)
    columns = [
        {"name": name, "titles": name, "dc:title": heading, "datatype": DATATYPES[kind], **_about(name)}
        for (name, kind), heading in zip(kinds_of(table).items(), headings(table), strict=True)
    ]
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file,
        "dialect": {"encoding": "utf-8", "skipRows": len(lines_above(answer)) + 1, "header": True},
        "dc:title": f"{'ILLUSTRATIVE: ' if answer.illustrative else ''}{answer.question}",
        "dc:description": answer.finding,
        "dc:rights": answer.disclosure,
        "dc:source": [line.words() for line in answer.sources],
        "tableSchema": {"columns": columns},
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode()


def csvw_zip(answer: Answer, file: str) -> bytes:
    """Write the CSV file of that name together with its description, as one file to take away."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in ((file, csv_bytes(answer)), (f"{file}-metadata.json", csvw_bytes(answer, file))):
            out.writestr(zipfile.ZipInfo(name, PART_TIME), body, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _about(name: str) -> dict[str, str]:
    said = COLUMNS[name][1] if name in COLUMNS else ""
    if name == "value_status":
        said += " " + "; ".join(f"{code}: {words}" for code, (words, _) in STATUS_WORDS.items()) + "."
    return {"dc:description": said} if said else {}
