"""What the guard has found in one file: refusals that say where, and never what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from data.errors import DataError, WrongValues
from data.intake.identifiers import BIRTH_DATE, INSURANCE_NUMBER, NHS_NUMBER, identifiers_in

NAMED: Final = 20  # places named in one refusal; all are counted
NAMELESS: Final = "(its name identifies a person)"
TODO: Final = "Take it out and send counts only"
#: What is looked for in a publication, which rightly names offices and schools.
PUBLISHED: Final = frozenset({NHS_NUMBER, INSURANCE_NUMBER, BIRTH_DATE})


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
