"""Read the words of a Word document: headings and paragraphs as they would be printed, and its properties."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from data.errors import UnreadableFile
from data.sources.archives import open_archive, part_blocks
from data.sources.documents import BODY, Budget
from data.sources.xml_events import read_events

NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml")
STYLES: Final = "word/styles.xml"
PROPERTIES: Final = ("docProps/core.xml", "docProps/app.xml")
#: What is in the file and not on the page: deletions, the places that text was moved from, the spare copy of a drawing.
_UNSEEN: Final = frozenset({"del", "moveFrom", "Fallback", "instrText"})
_HEADING: Final = re.compile(r"(?:heading\s*(\d)|title$)", re.IGNORECASE)


def word_blocks(path: Path) -> list[tuple[int, str]]:
    """Give each heading (level 1 to 9) and paragraph (level 0) of the body, then those of the notes."""
    budget = Budget(path)
    blocks: list[tuple[int, str]] = []
    with open_archive(path) as archive:
        names = set(archive.namelist())
        if BODY not in names:
            raise UnreadableFile("the file is no Word document", file=path.name, todo="Send it as PDF, DOCX or HTML")
        styles = _Styles()
        if STYLES in names:
            for _ in read_events(path, part_blocks(path, archive, STYLES), styles):
                pass
        for part in (BODY, *(name for name in NOTES if name in names)):
            words = _Paragraphs(budget, styles.levels)
            for _ in read_events(path, part_blocks(path, archive, part), words):
                pass
            blocks += words.blocks
    return blocks


def word_particulars(path: Path) -> dict[str, str]:
    """Give the properties of a document by their names in small letters: title, creator, created, company."""
    found = _Properties()
    with open_archive(path) as archive:
        for part in [name for name in PROPERTIES if name in archive.namelist()]:
            for _ in read_events(path, part_blocks(path, archive, part), found):
                pass
    return found.said


def level_of(name: str) -> int:
    """Give the level of a heading by the name of its style; 0 for any other style."""
    found = _HEADING.match(name.strip())
    return int(found[1] or 1) if found else 0


def _value(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), "")


class _Styles:
    """Which styles are headings: their names are English in every edition of Word, their ids are not."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self.style = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a style and what says that it is a heading."""
        if name == "style":
            self.style = _value(attributes, "styleId")
        elif name == "name" and self.style:
            self.levels[self.style] = level_of(_value(attributes, "val"))
        elif name == "outlineLvl" and self.style and (level := _value(attributes, "val")).isdigit():
            self.levels[self.style] = self.levels.get(self.style) or (int(level) + 1 if int(level) < 9 else 0)

    def end(self, name: str) -> None:
        """Finish a style."""
        if name == "style":
            self.style = ""

    def text(self, letters: str) -> None:
        """A style has no text."""


class _Paragraphs:
    """The paragraphs of one part, as they would be printed."""

    def __init__(self, budget: Budget, levels: dict[str, int]) -> None:
        self.budget, self.levels = budget, levels
        self.blocks: list[tuple[int, str]] = []
        self.pieces: list[list[str]] = [[]]
        self.level = self.unseen = self.inside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a paragraph, a run or something that is not printed."""
        if name in _UNSEEN:
            self.unseen += 1
        elif name == "p":
            self.pieces.append([])  # a text box holds paragraphs within a paragraph
            self.level = 0
        elif name == "pStyle":
            style = _value(attributes, "val")
            self.level = self.levels.get(style, level_of(style))
        elif name == "t":
            self.inside += 1
        elif name in {"tab", "br", "cr"}:
            self.pieces[-1].append(" ")

    def end(self, name: str) -> None:
        """Finish a paragraph or a run."""
        if name in _UNSEEN:
            self.unseen -= 1
        elif name == "t":
            self.inside -= 1
        elif name == "p":
            text = " ".join("".join(self.pieces.pop()).split())
            if text:
                self.blocks.append((self.level, text))
            self.level = 0

    def text(self, letters: str) -> None:
        """Take the letters of a run that is printed."""
        if self.inside and not self.unseen:
            self.budget.letters(len(letters))
            self.pieces[-1].append(letters)


class _Properties:
    """The texts of a document's properties."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.name = ""

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Begin a property."""
        self.name = name.lower()

    def end(self, _name: str) -> None:
        """Finish a property."""
        self.name = ""

    def text(self, letters: str) -> None:
        """Take what it says."""
        if self.name and letters.strip():
            self.said[self.name] = f"{self.said.get(self.name, '')}{letters}"[:500]
