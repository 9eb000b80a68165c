"""The data package, read back by the standard's own checker and value by value."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from data.answers.answer import STATUS_WORDS, Answer
from data.exports.formats import file_bytes
from data.exports.table import long_table

ON = dt.date(2026, 6, 1)


@pytest.fixture
def parts(answers: dict[str, Answer]) -> dict[str, bytes]:
    """Every file of a package of three answers, one of them empty."""
    content = file_bytes(answers, "two-tables", "package", ON)
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: held.read(name) for name in held.namelist()}


@pytest.fixture
def described(parts: dict[str, bytes]) -> dict[str, Any]:
    return dict(json.loads(parts["datapackage.json"]))


def read(field: dict[str, Any], cell: str) -> object:
    """Read a cell as its description says."""
    if cell == "":
        return None
    kinds: dict[str, Any] = {"integer": int, "number": float, "date": dt.date.fromisoformat}
    return cell == "true" if field["type"] == "boolean" else kinds.get(field["type"], str)(cell)


def test_a_package_holds_its_tables_their_meaning_and_where_they_are_from(parts: dict[str, bytes]) -> None:
    tables = ["data/over-time.csv", "data/areas.csv", "data/definitions.csv", "data/sources.csv"]
    assert list(parts) == ["datapackage.json", "README.md", *tables]


@pytest.mark.parametrize("name", ["over-time", "areas"])
def test_each_table_holds_the_values_of_its_answer(
    answers: dict[str, Answer], parts: dict[str, bytes], described: dict[str, Any], name: str
) -> None:
    fields = {one["name"]: one["schema"]["fields"] for one in described["resources"]}[name]
    head, *rows = csv.reader(io.StringIO(parts[f"data/{name}.csv"].decode(), newline=""))
    table = long_table(answers[name])
    assert head == [field["name"] for field in fields] == list(table.columns)
    given = [[read(field, cell) for field, cell in zip(fields, row, strict=True)] for row in rows]
    assert given == [list(row) for row in table.itertuples(index=False, name=None)]
    assert [cell for row in rows for cell in row if cell[:1] in "=+@" and cell] == []  # nothing that would be run


def test_days_are_days_and_a_status_is_one_of_those_that_there_are(described: dict[str, Any]) -> None:
    fields = {field["name"]: field for field in described["resources"][0]["schema"]["fields"]}
    assert (fields["period_from"]["type"], fields["value"]["type"], fields["illustrative"]["type"]) == (
        "date",
        "number",
        "boolean",
    )
    assert fields["value_status"]["constraints"]["enum"] == list(STATUS_WORDS)


def test_every_file_has_its_fingerprint(parts: dict[str, bytes], described: dict[str, Any]) -> None:
    for one in described["resources"]:
        body = parts[one["path"]]
        assert one["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert one["bytes"] == len(body)


def test_what_is_illustrative_says_so_and_what_is_not_does_not(
    parts: dict[str, bytes], described: dict[str, Any]
) -> None:
    said = {one["name"]: one["title"].startswith("ILLUSTRATIVE") for one in described["resources"]}
    assert said == {"over-time": True, "areas": False, "definitions": False, "sources": False}
    assert described["title"] == "ILLUSTRATIVE: Two tables"
    readme = parts["README.md"].decode()
    assert readme.startswith("# ILLUSTRATIVE: Two tables\n")
    for wanted in (
        "ILLUSTRATIVE: invented figures",
        "so that no family",
        "No data yet: What was promised?",
        "abababab",
    ):
        assert wanted in readme


def test_sources_name_the_tables_as_the_package_does(parts: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(parts["data/sources.csv"].decode())))
    assert [(row["sha_256_of_the_file"], row["extract_date"], row["used_in"]) for row in rows] == [
        ("ab" * 32, "2026-05-01", "over-time"),
        ("cd" * 32, "[x]", "areas"),
    ]


def test_the_same_figures_on_the_same_day_are_the_same_package(answers: dict[str, Answer]) -> None:
    assert file_bytes(answers, "two-tables", "package", ON) == file_bytes(answers, "two-tables", "package", ON)


#: Run by itself: the checker brings in much, and warns of what is not ours.
CHECK = """
import sys
import frictionless
report = frictionless.Package(sys.argv[1]).validate()
print(len(report.tasks), report.valid, report.flatten(["message"]))
"""


def test_the_standard_s_own_checker_finds_no_fault(answers: dict[str, Answer], tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(file_bytes(answers, "two-tables", "package", ON))
    run = subprocess.run([sys.executable, "-c", CHECK, str(path)], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "4 True []", run.stderr[-500:]


def test_the_checker_finds_a_table_that_was_changed(answers: dict[str, Answer], tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    content = file_bytes(answers, "two-tables", "package", ON)
    with zipfile.ZipFile(io.BytesIO(content)) as held, zipfile.ZipFile(path, "w") as out:
        for name in held.namelist():
            out.writestr(name, held.read(name).replace(b"80.0,", b"81.0,", 1))
    run = subprocess.run([sys.executable, "-c", CHECK, str(path)], capture_output=True, text=True, check=False)
    assert run.stdout.startswith("4 False"), run.stderr[-500:]
