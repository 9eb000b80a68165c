"""Read a document into passages: words in reading order, each with its page or the heading above it.

A PDF knows pages; headings in it are told by their form. Word documents and web pages know headings and no pages.
Running headers and footers, deleted text, comments and menus are not part of what a document says, and are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import EmptyFile
from data.sources.documents import read_pages, too_much
from data.sources.formats import is_pdf, is_web_page, start_of_file
from data.sources.safe_opening import check_opening
from data.sources.web_pages import web_page_blocks
from data.sources.word_documents import word_blocks

MAX_PASSAGES: Final = 60_000
#: A passage is a paragraph; a longer one is parted at the end of a sentence.
LONGEST_WORDS: Final = 150
LONGEST_HEADING_WORDS: Final = 14
#: A line that begins or ends so many of the pages is a running header or footer.
RUNNING_SHARE: Final = 0.5
FEWEST_PAGES: Final = 4
EDGE_LINES: Final = 3
_WORD: Final = re.compile(r"\S*\w\S*")
_DIGITS: Final = re.compile(r"\d+")
_NUMBERED: Final = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|Appendix [A-Z0-9]{1,2}:?|(?:Chapter|Section|Part) \d{1,2}:?)\s+\S"
)
_ENDS: Final = re.compile(r"[.!?:;,]$")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(]?[A-Z0-9])")
_BULLET: Final = re.compile(r"\s*(?:[•▪●◦‣–*o]|\(?(?:[a-z]|\d{1,3}|[ivx]{2,4})[.)])\s+")
#: Beginnings of words that keep their hyphen at the end of a line.
_KEEPS_HYPHEN: Final = frozenset(
    {"parent", "under", "over", "co", "non", "pre", "post", "self", "well", "long", "short", "multi", "cross", "early"}
    | {"new", "ante", "breast", "working", "mid"}
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading as the file gives it; ``level`` is 0 for a paragraph."""

    text: str
    page: int | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a part of a long one, with where it stands."""

    page: int | None
    section: str
    text: str
    words: int


def read_passages(path: Path) -> list[Passage]:
    """Read a document into passages; one without words is refused."""
    check_opening(path)
    start = start_of_file(path)
    blocks: Iterable[Block]
    if is_pdf(start):
        blocks = pdf_blocks(read_pages(path, notes=False))
    elif is_web_page(start):
        blocks = (Block(text, None, level) for level, text in web_page_blocks(path))
    else:
        blocks = (Block(text, None, level) for level, text in word_blocks(path))
    passages = list(_within(path, passages_of(blocks)))
    if not passages:
        todo = "Send the document from which it was printed or scanned"
        raise EmptyFile("the document holds no words, as when pages are pictures", file=path.name, todo=todo)
    return passages


def _within(path: Path, passages: Iterable[Passage]) -> Iterator[Passage]:
    for number, passage in enumerate(passages, start=1):
        if number > MAX_PASSAGES:
            raise too_much(path, f"more than {MAX_PASSAGES:,} paragraphs")
        yield passage


def count_words(text: str) -> int:
    """Count words as a word processor does: between spaces, if they hold a letter or digit."""
    return len(_WORD.findall(text))


def passages_of(blocks: Iterable[Block]) -> Iterator[Passage]:
    """Put each paragraph under the heading above it; a heading is a passage as well, since it speaks too."""
    section = ""
    for block in blocks:
        if not _WORD.search(block.text):
            continue
        if block.level:
            section = block.text[:200]
        for part in parted(block.text):
            yield Passage(block.page, section, part, count_words(part))


def parted(text: str) -> Iterator[str]:
    """Part a long paragraph at the ends of sentences, or between words where it has no sentences."""
    if count_words(text) <= LONGEST_WORDS:
        yield text
        return
    held: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if held and len(held) + len(words) > LONGEST_WORDS:
            yield " ".join(held)
            held = []
        held += words
        while len(held) > LONGEST_WORDS:
            yield " ".join(held[:LONGEST_WORDS])
            held = held[LONGEST_WORDS:]
    if held:
        yield " ".join(held)


# ---- PDF ------------------------------------------------------------------------------------------------------------


def pdf_blocks(pages: Sequence[tuple[int | None, str]]) -> Iterator[Block]:
    """Give the paragraphs and headings of a PDF's pages."""
    lines = [(number, [line.strip() for line in text.splitlines()]) for number, text in pages]
    running = running_lines([held for _, held in lines])
    for number, held in lines:
        kept = [line for at, line in enumerate(held) if not (_at_edge(at, len(held)) and _shape(line) in running)]
        yield from (Block(text, number, level) for level, text in paragraphs(kept))


def running_lines(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Find the lines that begin or end at least half of the pages, whatever page number stands in them."""
    if len(pages) < FEWEST_PAGES:
        return frozenset()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(line) for at, line in enumerate(page) if _at_edge(at, len(page)) and line})
    return frozenset(shape for shape, count in counts.items() if count >= max(RUNNING_SHARE * len(pages), 2))


def _at_edge(at: int, count: int) -> bool:
    return at < EDGE_LINES or at >= count - EDGE_LINES


def _shape(line: str) -> str:
    return _DIGITS.sub("#", line).casefold()


def paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Join lines into paragraphs.

    One ends at an empty line, a heading, a bullet, or a short line that ends a sentence.
    """
    usual = sorted(len(line) for line in lines if line)
    width = usual[(len(usual) * 3) // 4] if usual else 0
    held: list[str] = []
    for line in lines:
        heading = heading_level(line) if not held or _finished(held[-1]) else 0
        if held and (not line or heading or _BULLET.match(line)):
            yield 0, joined(held)
            held = []
        if heading:
            yield heading, line
        elif line:
            held.append(line)
            if line[-1] in ".!?" and len(line) < 0.75 * width:
                yield 0, joined(held)
                held = []
    if held:
        yield 0, joined(held)


def _finished(line: str) -> bool:
    """Say whether the next line may be a heading: after a full stop, or a line that is no running text."""
    return line[-1:] in ".!?:" or bool(_BULLET.match(line))


def heading_level(line: str) -> int:
    """Tell a heading by its form: numbered and without a full stop, or all in capitals; 0 for any other line."""
    words = line.split()
    if not 1 <= len(words) <= LONGEST_HEADING_WORDS or _ENDS.search(line):
        return 0
    if _NUMBERED.match(line) and words[1][:1].isupper():
        return 2
    letters = [letter for letter in line if letter.isalpha()]
    return 1 if len(letters) >= 4 and line.upper() == line else 0


def joined(lines: Sequence[str]) -> str:
    """Join the lines of a paragraph; a word that was parted at a line's end becomes whole again."""
    text = lines[0]
    for line in lines[1:]:
        if text.endswith("-") and line[:1].islower() and text[-2:-1].isalpha():
            stem = text[:-1]
            text = f"{text}{line}" if re.split(r"\W", stem)[-1].lower() in _KEEPS_HYPHEN else f"{stem}{line}"
        else:
            text = f"{text} {line}"
    return re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip()
