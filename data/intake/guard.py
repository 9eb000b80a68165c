"""The guard against personal identifiers. It looks at every part of a file before anything is read, stored or logged.

Each refusal says where, and never what: the sheet or part, the row and the column. The rules are in docs/guard.md.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import DataError, DataErrors, UnreadableFile, WrongValues
from data.intake.headings import (
    COLUMNS_OF,
    answers,
    heading_kind,
    is_list_of_people,
    is_phone_heading,
    may_be_births,
)
from data.intake.identifiers import (
    BIRTH_DATE,
    INSURANCE_NUMBER,
    KINDS,
    NAME,
    NHS_NUMBER,
    PHONE,
    POSTCODE,
    SUSPECT,
    clean,
    identifiers_in,
    is_date,
)
from data.intake.office_parts import DAMAGE, document_parts, opendocument_parts, workbook_parts
from data.intake.other_parts import archive_parts, geopackage_parts, json_parts, pdf_parts, text_parts
from data.intake.parts import Cells, Closed, Parts, Words, column_letter

__all__ = ["column_letter", "refuse_identifiers", "safe_name"]

NAMED = 20  # places named in one refusal; all are counted
HEAD_ROWS = 40
REMEMBERED = 100_000  # short texts known to be harmless that are not looked at again
SHORT = 100  # letters
NAMELESS = "(its name identifies a person)"
SEPARATOR = "\x01"
TODO = "Take it out and send counts only"
TODO_PROPERTIES = "Take it out: in Excel or Word choose File, Info, Check for issues, Inspect document"
TODO_NUMBER = "Take it out. If it is a code or an amount, leave the column out or write it with commas"
#: What is looked for in a publication, which rightly names offices and schools.
PUBLISHED = frozenset({NHS_NUMBER, INSURANCE_NUMBER, BIRTH_DATE})
#: Columns of a publication that hold numbers of buildings and organisations, some of ten digits.
CODE_COLUMNS = frozenset({"uprn", "urn", "ukprn", "usrn", "toid", "objectid", "easting", "northing"})


@dataclass
class Found:
    """The refusals of one file: the first are kept, all are counted."""

    file: str
    kinds: frozenset[str]
    postcode_columns: frozenset[str]
    published: bool = False
    problems: list[DataError] = field(default_factory=list)
    count: int = 0
    harmless: set[str] = field(default_factory=set)
    sheets: dict[str, str] = field(default_factory=dict)

    def add(self, problem: str, *, sheet: str, row: int | None, column: str | None, todo: str = TODO) -> None:
        """Count a refusal and keep it if it is among the first."""
        self.count += 1
        if self.count <= NAMED:
            where = {"file": self.file, "sheet": self.shown_sheet(sheet), "column": column}
            self.problems.append(WrongValues(problem, row=row, todo=todo, **where))  # type: ignore[arg-type]

    def shown_sheet(self, title: str) -> str | None:
        """Give a sheet's title, unless the title itself would identify somebody."""
        if title not in self.sheets:
            self.sheets[title] = NAMELESS if identifiers_in(title) else title
        return self.sheets[title] or None

    def kinds_in(self, text: str, *, as_phone: bool = False) -> tuple[str, ...]:
        """Name the kinds that are looked for and stand in a text."""
        return identifiers_in(text, kinds=self.kinds, as_phone=as_phone)


def refuse_identifiers(path: Path, *, postcode_columns: frozenset[str] = frozenset(), published: bool = False) -> None:
    """Refuse a file in which anything identifies a person; the refusal says where, never what.

    ``postcode_columns`` names, in lower case, the columns in which a postcode is looked up and forgotten.
    ``published`` is for official publications: only NHS and National Insurance numbers and dates of birth are refused.
    """
    refusal = refusal_of(path, postcode_columns, published=published)
    if refusal is not None:
        raise refusal


def refusal_of(path: Path, postcode_columns: frozenset[str], *, published: bool) -> DataErrors | None:
    """Look at a whole file and give its refusal, if there is one; what was looked at ends with this function."""
    kinds = PUBLISHED if published else frozenset(KINDS)
    found = Found(safe_name(path), kinds, postcode_columns, published)
    if found.file != path.name:
        found.add("the name of the file identifies a person", sheet="", row=None, column=None, todo="Rename the file")
    reader = parts_of(path)
    if reader is not None:
        look_at(reader(path), found)
    if not found.count:
        return None
    problems = found.problems
    if found.count > NAMED:
        more = f"{found.count - NAMED:,} more cells or parts hold personal identifiers"
        problems = [*problems, WrongValues(more, file=found.file, todo=TODO)]
    return DataErrors(problems, file=found.file)


def safe_name(path: Path) -> str:
    """Give a file's name as it may be shown and logged: one that identifies a person is not repeated."""
    return "the file" if identifiers_in(path.name.replace("_", " ")) or identifiers_in(path.name) else path.name


# ---- which parts a file has -----------------------------------------------------------------------------------------


def parts_of(path: Path) -> Callable[[Path], Parts] | None:
    """Find how a file is looked at, by its content; what cannot be opened at all is left to its reader to refuse."""
    from data.sources.formats import detect_kind

    with path.open("rb") as file:
        start = file.read(1024)
    if start.lstrip()[:5] == b"%PDF-" or b"%PDF-" in start:
        return pdf_parts
    if start.startswith(b"PK") and is_document(path):
        return document_parts
    try:
        kind = detect_kind(path)
    except UnreadableFile:
        return None
    return PARTS.get(kind)


PARTS: dict[str, Callable[[Path], Parts]] = {
    "text": text_parts,
    "xlsx": workbook_parts,
    "ods": opendocument_parts,
    "json": json_parts,
    "geopackage": geopackage_parts,
    "zip": archive_parts,
}


def is_document(path: Path) -> bool:
    """Say whether an archive is a DOCX document."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except DAMAGE:
        return False


# ---- looking --------------------------------------------------------------------------------------------------------


def look_at(parts: Parts, found: Found) -> None:
    """Look at every part of a file."""
    table: Table | None = None
    for part in parts:
        if isinstance(part, Words):
            look_at_words(part, found)
        elif isinstance(part, Closed):
            if found.published:
                continue
            problem = f"{part.where} cannot be looked into"
            found.add(problem, sheet="", row=None, column=None, todo="Take it out, or send it as a file of its own")
        else:
            if table is None or table.number != part.table:
                if table is not None:
                    table.finish()
                table = Table(part.table, part.name, part.where, found)
            table.take(part.rows)
    if table is not None:
        table.finish()


def look_at_words(words: Words, found: Found) -> None:
    """Look at a text outside the tables. Who wrote a file or comment may stand there by name."""
    for kind in found.kinds_in(words.text):
        if kind == NAME and words.author:
            continue
        todo = TODO_PROPERTIES if "properties" in words.where or "commented" in words.where else TODO
        problem = f"{kind} stands in {words.where}, and nothing that identifies a person may come in"
        found.add(problem, sheet=words.sheet, row=words.row, column=None, todo=todo)


class Table:
    """One table: the heading is found first, and then each cell is looked at once."""

    def __init__(self, number: int, name: str, where: str, found: Found) -> None:
        self.number, self.name, self.where, self.found = number, name, where, found
        self.waiting: list[tuple[int, Cells]] = []
        self.header_at: int | None = None
        self.header: Cells = {}
        self.phones: frozenset[int] = frozenset()
        self.births: frozenset[int] = frozenset()  # columns in which a date, if there is one, is one of birth
        self.free: frozenset[int] = frozenset()  # columns in which a postcode may stand
        self.coded: frozenset[int] = frozenset()
        self.refused: set[tuple[str, int]] = set()  # columns that are refused whole
        self.last: tuple[int, Cells] = (0, {})

    def take(self, rows: list[tuple[int, Cells]]) -> None:
        """Look at some rows; the first are kept until the heading is known."""
        if self.header_at is not None:
            self.look(rows)
            return
        self.waiting += rows
        if len(self.waiting) >= HEAD_ROWS:
            self.begin()

    def finish(self) -> None:
        """Look at what still waits."""
        if self.header_at is None:
            self.begin()

    def begin(self) -> None:
        """Find the heading, refuse columns by their names, and look at the rows that waited."""
        self.header_at, self.header = header_of(self.waiting[:HEAD_ROWS])
        names = {at: clean(name).strip() for at, name in self.header.items()}
        folded = {at: name.casefold() for at, name in names.items()}
        self.free = frozenset(at for at, name in folded.items() if name in self.found.postcode_columns)
        self.phones = frozenset(at for at, name in names.items() if is_phone_heading(name))
        self.births = frozenset(at for at, name in names.items() if may_be_births(name))
        if self.found.published:
            self.coded = frozenset(at for at, name in folded.items() if name in CODE_COLUMNS)
        self.refuse_columns(names, folded)
        waiting, self.waiting = self.waiting, []
        self.look(waiting)

    def refuse_columns(self, names: Cells, folded: Cells) -> None:
        """Refuse the columns whose headings say that they identify people."""
        geographic = {"parent code", "parent_code"} & set(folded.values())
        people = is_list_of_people(names.values())
        for at, name in names.items():
            kind = NAME if people and folded[at] in {"name", "names"} else heading_kind(name)
            if kind is None or (self.found.published and kind not in PUBLISHED):
                continue
            if not (geographic and folded[at].startswith("parent")):
                self.refuse_column(kind, at)

    def refuse_column(self, kind: str, at: int) -> None:
        """Refuse a whole column by its heading."""
        self.refused.add((kind, at))
        problem = f"a column of {COLUMNS_OF[kind]} may not come in"
        self.add(problem, self.header_at or 0, self.shown_column(at, below=True), TODO)

    def look(self, rows: list[tuple[int, Cells]]) -> None:
        """Look closely only at texts that have not been seen and may hold something."""
        fresh: set[str] = set()
        for _, cells in rows:
            fresh.update(cells.values())
        fresh -= self.found.harmless
        joined = SEPARATOR.join(fresh)
        suspect = self.suspects(fresh) if SUSPECT.search(clean(joined)) else frozenset[str]()
        if len(self.found.harmless) < REMEMBERED:
            self.found.harmless.update(text for text in fresh - suspect if len(text) <= SHORT)
        if suspect or self.phones or self.births:
            for number, cells in rows:
                self.look_at_row(number, cells, suspect)
        elif rows:
            self.last = rows[-1]

    def suspects(self, fresh: set[str]) -> frozenset[str]:
        """Give the texts that hold an identifier, or that are a label beside which one may stand."""
        looked = (text for text in fresh if SUSPECT.search(clean(text)))
        return frozenset(text for text in looked if self.found.kinds_in(text) or heading_kind(clean(text).strip()))

    def look_at_row(self, number: int, cells: Cells, suspect: frozenset[str]) -> None:
        """Look at each cell of a row in which something may stand."""
        for at, text in cells.items():
            if text in suspect:
                for kind in self.found.kinds_in(text):
                    self.judge(kind, number, at)
                self.look_beside(number, at, text, cells)
            elif at in self.phones and number != self.header_at and PHONE in self.found.kinds_in(text, as_phone=True):
                self.judge(PHONE, number, at)
            elif at in self.births and is_date(clean(text)):
                self.judge(BIRTH_DATE, number, at)
        self.look_above(number, cells)
        self.last = (number, cells)

    def judge(self, kind: str, number: int, at: int) -> None:
        """Refuse a cell unless its column is one in which this may stand, or is refused already."""
        if (kind == POSTCODE and at in self.free) or (kind == NHS_NUMBER and at in self.coded):
            return
        if (kind, at) in self.refused:
            return
        below = self.header_at is not None and number > self.header_at
        problem = f"{kind} stands here, and nothing that identifies a person may come in"
        self.add(problem, number, self.shown_column(at, below=below), TODO_NUMBER if kind == NHS_NUMBER else TODO)

    def look_beside(self, number: int, at: int, text: str, cells: Cells) -> None:
        """Refuse what a label announces to its right: "Date of birth", then a date."""
        kind = heading_kind(clean(text).strip())
        right = next((cells[other] for other in sorted(cells) if other > at), None)
        if kind and kind in {*self.found.kinds} and number != self.header_at and right and answers(kind, right):
            self.refuse_labelled(kind, number, next(other for other in sorted(cells) if other > at))

    def look_above(self, number: int, cells: Cells) -> None:
        """Refuse what a label announces below itself, where no heading of the table has said so."""
        last, above = self.last
        if last in {0, self.header_at} or last != number - 1:
            return
        for at, label in above.items():
            if at in cells and len(label) < 60 and SUSPECT.search(label):
                kind = heading_kind(clean(label).strip())
                if kind and kind in self.found.kinds and answers(kind, cells[at]):
                    self.refuse_labelled(kind, number, at)

    def refuse_labelled(self, kind: str, number: int, at: int) -> None:
        """Refuse a cell for what its label says it is."""
        problem = f"{kind} stands here by its label, and nothing that identifies a person may come in"
        self.add(problem, number, column_letter(at), TODO)

    def add(self, problem: str, number: int, column: str, todo: str) -> None:
        """Add a refusal with its place in this table."""
        where = f"{problem} ({self.where})" if self.where else problem
        self.found.add(where, sheet=self.name, row=number or None, column=column, todo=todo)

    def shown_column(self, at: int, *, below: bool) -> str:
        """Name a column by its heading, or by its letter above the heading or where the heading identifies somebody."""
        name = self.header.get(at, "").strip()
        return name if name and below and not identifiers_in(name) else column_letter(at)


def header_of(rows: Iterable[tuple[int, Cells]]) -> tuple[int, Cells]:
    """Find the first row that is about as full as the fullest."""
    held = list(rows)
    most = max((len(cells) for _, cells in held), default=0)
    return next(((number, cells) for number, cells in held if cells and len(cells) >= 0.6 * most), (0, {}))
