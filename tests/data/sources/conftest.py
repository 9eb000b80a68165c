"""Small files made by hand, and the official files beside the project where they are present."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest

OPENDATA = Path(__file__).parents[4] / "shared" / "opendata"

Cells = Sequence[Sequence[object]]
WriteTable = Callable[..., Path]


@pytest.fixture
def opendata() -> Callable[[str], Path]:
    """Give the path of an official file, or skip where it is not present."""

    def find(name: str) -> Path:
        path = OPENDATA / name
        if not path.exists():
            pytest.skip(f"the official file {name} is not beside the project")
        return path

    return find


@pytest.fixture
def write_table(tmp_path: Path) -> WriteTable:
    """Write rows as CSV, XLSX or ODS, by the name's ending."""

    def write(rows: Cells, name: str = "table.csv", *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
        path = tmp_path / name
        if name.endswith(".xlsx"):
            write_xlsx(path, {"Sheet 1": rows})
        elif name.endswith(".ods"):
            write_ods(path, {"Sheet 1": rows})
        else:
            with path.open("w", newline="", encoding=encoding) as file:
                csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


def write_xlsx(path: Path, sheets: dict[str, Cells]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def write_ods(path: Path, sheets: dict[str, Cells]) -> Path:
    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if value == "":
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(cell(value) for value in row)}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048000">'
        + '<table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


@dataclass(frozen=True)
class Outcome:
    """How opening a file within limits went: the kind of error or "passed", its sentence, seconds and megabytes."""

    kind: str
    sentence: str
    seconds: float = 0.0
    megabytes: float = 0.0


Bounded = Callable[[str, Path], Outcome]


@pytest.fixture(scope="session")
def bounded() -> Iterator[Bounded]:
    """Open, read or take the pages of a file in a child process with limits on seconds and memory."""
    pytest.importorskip("resource", reason="limits on a process are of Unix")
    script = Path(__file__).with_name("bounded_child.py")
    with subprocess.Popen(
        [sys.executable, str(script)],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:

        def answer(act: str, path: Path) -> Outcome:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(f"{act}\t{path}\n")
            child.stdin.flush()
            return Outcome(**json.loads(child.stdout.readline()))

        yield answer
        assert child.stdin is not None
        child.stdin.close()
