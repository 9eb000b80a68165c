"""What the guard looks at in a file: rows of its tables, and words that stand outside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: The cells of one row that hold something, by the position of their column from 0.
Cells = dict[int, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one table, each with its number in the file, in their order."""

    table: int
    name: str
    rows: list[tuple[int, Cells]]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A text outside the tables: ``where`` says in what, in plain words that hold nothing of the file itself.

    ``author`` marks who wrote a file or comment: a name that belongs there.
    """

    text: str
    where: str
    sheet: str = ""
    row: int | None = None
    author: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """Something in a file into which nobody can look."""

    where: str


Part = Rows | Words | Closed
Parts = Iterator[Part]


def column_letter(position: int) -> str:
    """Name a column as a spreadsheet does: A, B, … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, left = divmod(position - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters


def column_position(letters: str) -> int:
    """Give the position from 0 of a column that is named by letters."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1
