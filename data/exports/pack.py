"""What a board pack is made of: one list of blocks, which each writer turns into its own kind of file.

Both writers get the same pack and add no words of their own, so a DOCX and a PDF cannot disagree.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from data.answers.answer import Answer
from data.exports.drawings import Drawing
from data.exports.table import long_table

LANGUAGE: Final = "en-GB"
CONTENTS: Final = "Contents"
#: Letters of the hash that stand below each page; the cover has all of it.
HASH_SHORT: Final = 16

Kind = Literal["plain", "question", "finding", "note", "illustrative"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 begins a section, level 2 stands below it."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, and how it is set."""

    words: str
    kind: Kind = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list without an order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed: no cell is empty; ``widths`` are shares, ``right`` says which columns hold numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or map with its caption; its text alternative is the drawing's own."""

    caption: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the cover sheet. One with an id can be written in later; what nobody wrote holds a prompt."""

    label: str
    words: str
    id: str = ""
    written: bool = True
    options: tuple[str, ...] = ()


Block = Heading | Text | Items | Table | Picture


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole paper: its cover, and what follows the contents."""

    title: str
    subtitle: str
    banner: str
    cover: tuple[Entry, ...]
    cover_header: tuple[str, str]
    blocks: tuple[Block, ...]
    data_hash: str
    on: dt.date

    @property
    def illustrative(self) -> bool:
        """Whether anything in it is invented."""
        return bool(self.banner)

    @property
    def footer(self) -> str:
        """What stands at the foot of each page, before the page's number."""
        return f"{self.title}. Data hash {self.data_hash[:HASH_SHORT]}"

    def words(self) -> Iterator[str]:
        """Give every text of the body in reading order."""
        for block in self.blocks:
            if isinstance(block, Heading | Text):
                yield block.words
            elif isinstance(block, Items):
                yield from block.items
            elif isinstance(block, Table):
                yield block.caption
                yield from block.header
                for row in block.rows:
                    yield from row
            else:
                yield block.caption


def document_title(pack: Pack) -> str:
    """Name the document in its properties; an illustrative one says so first."""
    return f"{'ILLUSTRATIVE: ' if pack.illustrative else ''}{pack.title}: {pack.subtitle.lower()}"


def data_hash(answers: Mapping[str, Answer]) -> str:
    """Take the fingerprint of what answers say: the same data give the same one, whatever the day or the file."""
    said = [_said(name, answer) for name, answer in sorted(answers.items())]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(name: str, answer: Answer) -> dict[str, object]:
    table = long_table(answer)
    return {
        "name": name,
        "question": answer.question,
        "finding": answer.finding,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.itertuples(index=False, name=None)],
        "about": [answer.unit, answer.period, answer.area_type, answer.disclosure, answer.illustrative],
        "notes": list(answer.notes),
        "sources": sorted(f"{line.words()} {line.sha256}" for line in answer.sources),
    }
