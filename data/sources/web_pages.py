"""Read the words of a saved web page: headings and paragraphs in order, and what the page says of itself.

Nothing is run or fetched. Menus, headers, footers, scripts and what is hidden are no part of what the page says.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from data.errors import UnreadableFile
from data.sources.documents import MAX_LETTERS, MAX_SECONDS, too_much
from data.sources.formats import text_encoding

#: A tag with a picture written into it; a real one without has some hundred letters.
MAX_TAG_LETTERS: Final = 2 << 20
MAX_DEPTH: Final = 2_000
_BLOCK: Final = 64 * 1024
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BREAKS: Final = frozenset(
    {"p", "li", "td", "th", "tr", "div", "section", "article", "main", "ul", "ol", "dl", "dt", "dd", "blockquote", "br"}
    | {"table", "caption", "figcaption", "summary", "details", "pre", "hr", "body", *_HEADINGS}
)
_SKIPPED: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "header", "footer", "aside", "form", "button", "select"}
    | {"iframe", "object", "head"}
)
_EMPTY: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})


def web_page_blocks(path: Path) -> list[tuple[int, str]]:
    """Give each heading (level 1 to 6) and paragraph (level 0) of a page."""
    return _read(path).blocks


def web_page_particulars(path: Path) -> dict[str, str]:
    """Give what a page says of itself in its head, by the names that it uses in small letters."""
    return _read(path).said


def _read(path: Path) -> _Page:
    page = _Page(path)
    for _ in _fed(path, page):
        pass
    page.flush()
    return page


def _fed(path: Path, parser: HTMLParser) -> Iterator[None]:
    """Feed a page to a parser a block at a time; what has no end, or takes too long, is refused."""
    until = time.monotonic() + MAX_SECONDS
    with path.open(encoding=text_encoding(path), errors="replace", newline="") as file:
        while block := file.read(_BLOCK):
            parser.feed(block)
            if len(parser.rawdata) > MAX_TAG_LETTERS:
                todo = "Save the page as HTML only, without pictures, or send it as PDF"
                raise UnreadableFile("a tag of the web page has no end", file=path.name, todo=todo)
            if time.monotonic() > until:
                raise too_much(path, f"more than {MAX_SECONDS:g} seconds of reading")
            yield
    parser.close()
    yield


class _Page(HTMLParser):
    """Gathers the words of a page as it is parsed."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.blocks: list[tuple[int, str]] = []
        self.said: dict[str, str] = {}
        self.open: list[tuple[str, bool]] = []
        self.hidden = self.level = self.taken = 0
        self.words: list[str] = []
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; what it hides is counted until it ends."""
        given = {name: value or "" for name, value in attrs}
        if tag in {"meta", "link"}:
            self._note(given)
        self.in_title = tag == "title" and not any(name == "svg" for name, _ in self.open)
        if tag in _BREAKS:
            self.flush()
            self.level = _HEADINGS.get(tag, 0)
        if tag in _EMPTY:
            return
        hides = tag in _SKIPPED or "hidden" in given or "display:none" in given.get("style", "").replace(" ", "")
        self.open.append((tag, hides))
        self.hidden += hides
        if len(self.open) > MAX_DEPTH:
            raise too_much(self.path, f"more than {MAX_DEPTH:,} elements inside one another")

    def handle_endtag(self, tag: str) -> None:
        """Finish an element, and whatever inside it was left open."""
        self.in_title = False
        if tag in _BREAKS:
            self.flush()
            self.level = 0
        if any(name == tag for name, _ in self.open):
            while self.open:
                name, hides = self.open.pop()
                self.hidden -= hides
                if name == tag:
                    break

    def handle_data(self, data: str) -> None:
        """Take words, unless they are hidden."""
        self.taken += len(data)
        if self.taken > MAX_LETTERS:
            raise too_much(self.path, f"more than {MAX_LETTERS:,} letters")
        if self.in_title:
            self.said["title"] = f"{self.said.get('title', '')} {data.strip()}".strip()
        elif not self.hidden:
            self.words.append(data)

    def flush(self) -> None:
        """Finish a paragraph or heading."""
        text = " ".join("".join(self.words).replace("\u00ad", "").replace("\x00", "").split())
        if text:
            self.blocks.append((self.level, text))
        self.words.clear()

    def _note(self, given: dict[str, str]) -> None:
        name = (given.get("name") or given.get("property") or given.get("rel") or "").lower()
        value = given.get("content") or given.get("href") or ""
        if name and value:
            self.said.setdefault(name, value.strip()[:500])


def words_of_page(path: Path) -> Iterator[tuple[str, str]]:
    """Give every text and attribute of a page, hidden ones too, with what it stands in: for the guard."""
    every = _Everything()
    for _ in _fed(path, every):
        yield from every.take()


class _Everything(HTMLParser):
    """All that a page holds, in lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what an element says beside its text."""
        if tag in _BREAKS:
            self._line()
        shown = ("content", "alt", "title", "value", "placeholder", "aria-label")
        self.found += [(value, "the text") for name, value in attrs if value and name in shown]

    def handle_endtag(self, tag: str) -> None:
        """Finish a line."""
        if tag in _BREAKS:
            self._line()

    def handle_data(self, data: str) -> None:
        """Take words."""
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """Take what nobody sees."""
        self.found.append((data, "a comment"))

    def close(self) -> None:
        """Finish the last line."""
        super().close()
        self._line()

    def _line(self) -> None:
        text = " ".join("".join(self.words).split())
        if text:
            self.found.append((text, "the text"))
        self.words.clear()

    def take(self) -> list[tuple[str, str]]:
        """Hand over what has been found."""
        found, self.found = self.found, []
        return found
