"""Looks at the rows of one table: its heading first, then each text once, closely only where something may stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from data.intake.findings import PUBLISHED, TODO, Found
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
    NAME,
    NHS_NUMBER,
    PHONE,
    POSTCODE,
    SUSPECT,
    clean,
    identifiers_in,
    is_date,
)
from data.intake.parts import Cells, column_letter

HEAD_ROWS: Final = 40
REMEMBERED: Final = 100_000  # short texts known to be harmless that are not looked at again
SHORT: Final = 100  # letters
SEPARATOR: Final = "\x01"
TODO_NUMBER: Final = "Take it out. If it is a code or an amount, leave the column out or write it with commas"
#: Columns of a publication that hold numbers of buildings and organisations, some of ten digits.
CODE_COLUMNS: Final = frozenset({"uprn", "urn", "ukprn", "usrn", "toid", "objectid", "easting", "northing"})


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
