"""What went wrong with a file or the store, in one clear sentence.

Every message says where (source, file, sheet, row, column), what was found, what was expected and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 400  # letters of a file that one sentence repeats
_LINES = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")


def _in_a_line(said: object) -> str:
    """Give what a file or a person wrote in one line, cut where it is no longer read."""
    line = _LINES.sub(" ", str(said))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


class DataError(Exception):
    """A problem that the person who sent or asked for data can mend."""

    def __init__(
        self,
        problem: str,
        *,
        source: str | None = None,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        rows: Sequence[int] = (),
        column: str | None = None,
        found: object = None,
        expected: object = None,
        todo: str | None = None,
    ) -> None:
        self.problem = problem.rstrip(".")
        self.source = source
        self.file = file
        self.sheet = sheet
        self.row = row
        self.rows = tuple(rows) or (
            () if row is None else (row,)
        )  # every row of a problem; the message names the first
        self.column = column
        self.found = found
        self.expected = expected
        self.todo = todo
        super().__init__(self.sentence())

    def where(self) -> str:
        """Name the place as a person would: file, sheet, row, column."""
        places = [
            self.source,
            self.file,
            f"sheet {self.sheet!r}" if self.sheet else None,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column!r}" if self.column else None,
        ]
        return ", ".join(_in_a_line(place) for place in places if place)

    def sentence(self) -> str:
        """Write the whole message."""
        where = self.where()
        problem = _in_a_line(self.problem)
        parts = [f"{where}: {problem}" if where else problem]
        if self.found is not None:
            parts.append(f"found {_in_a_line(self.found) or 'nothing'}")
        if self.expected is not None:
            parts.append(f"expected {self.expected}")
        text = "; ".join(parts) + "."
        return f"{text} {self.todo.rstrip('.')}." if self.todo else text


class DataErrors(DataError):
    """Several problems found in one file, reported together."""

    def __init__(self, problems: Sequence[DataError], *, file: str | None = None) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'' if count == 1 else 's'} found, nothing was loaded", file=file)


class UnrecognisedFile(DataError):
    """The file is readable but is none of the publications or returns that are accepted."""


class UnreadableFile(DataError):
    """The file cannot be opened: truncated, wrong type, locked or encoded in an unknown way."""


class EmptyFile(DataError):
    """The file or sheet holds no rows."""


class WrongColumns(DataError):
    """A column that the reader needs is missing or stands twice."""


class WrongValues(DataError):
    """A value is not of the kind its column holds."""


class WrongVintage(DataError):
    """Area codes or an edition of another year than the file should hold."""


class UnknownName(DataError):
    """An indicator, area, page or source that does not exist was asked for."""


class StoreError(DataError):
    """The store cannot be reached or refused the change."""


class NotAllowed(DataError):
    """The person's role does not let them do this."""
