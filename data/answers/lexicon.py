"""Find the words of the lexicon in a text: where, in which stage of life, and what neighbouring words leave out.

A word that stands among those left out is still a find: it is shown with its reason and not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from data.catalogue.lexicon import Lexicon, Stage, Term, lexicon

#: A word, with the comma of a thousand and the apostrophe of a possessive; hyphens part words.
_WORD: Final = re.compile(r"\d+(?:,\d{3})+|[^\W_]+(?:['’][^\W_]+)?")
Pattern = tuple[str, ...]
#: Words whose ’s belongs to the pattern.
_OWN_FORMS: Final = frozenset({"women's", "men's", "two's"})


@dataclass(frozen=True, slots=True)
class Mention:
    """One find: its stage and term, the letters it covers, and why it does not count, if it does not."""

    stage: str
    term: str
    start: int
    end: int
    left_out: str = ""


def words_of(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Part a text into words as the patterns are written, small and without ’s, and the letters each covers."""
    places = [found.span() for found in _WORD.finditer(text)]
    small = text.lower()
    if len(small) != len(text):  # a letter whose small form is longer, as in no language of these documents
        small = "".join(letter.lower()[0] for letter in text)
    return [_plain(small[start:end]) for start, end in places], places


def _plain(word: str) -> str:
    if word.isalnum():
        return word
    word = word.replace("’", "'").replace(",", "")
    return word[:-2] if word.endswith("'s") and word not in _OWN_FORMS else word


def find_mentions(text: str, words: Lexicon | None = None) -> list[Mention]:
    """Find every mention in a text, stage by stage in the order of the text."""
    known = words or lexicon()
    parted, places = words_of(text)
    finds = []
    for stage, beginnings in _beginnings(known):
        begins = [at for at, word in enumerate(parted) if word in beginnings.whole or word[:3] in beginnings.open]
        for at, until, rules in _finds(parted, begins, beginnings):
            reason = "" if rules.count(parted, at, until, known.near) else rules.term.reason
            finds.append(Mention(stage, rules.term.label, places[at][0], places[until - 1][1], reason))
    return finds


def _finds(words: Sequence[str], begins: Sequence[int], beginnings: Beginnings) -> Iterator[tuple[int, int, Rules]]:
    """Give each find once: the longest pattern wins, and the words it covers are not looked at again."""
    free = 0
    for at in begins:
        found = _longest(words, at, beginnings) if at >= free else None
        if found is not None:
            free = at + found[0]
            yield at, free, found[1]


class Beginnings:
    """The patterns of a stage by the word they begin with, or by its first three letters where any ending fits."""

    def __init__(self, stage: Stage) -> None:
        self.whole: dict[str, list[tuple[Pattern, Rules]]] = {}
        self.open: dict[str, list[tuple[Pattern, Rules]]] = {}
        for term in stage.terms:
            rules = Rules(term)
            for pattern in term.patterns:
                first = pattern[0]
                table, key = (self.open, first[:3]) if first.endswith("*") else (self.whole, first)
                table.setdefault(key, []).append((pattern, rules))

    def of(self, word: str) -> Iterator[tuple[Pattern, Rules]]:
        """Give the patterns that may begin with a word."""
        yield from self.whole.get(word, ())
        yield from self.open.get(word[:3], ())


_KEPT: dict[str, tuple[tuple[str, Beginnings], ...]] = {}


def _beginnings(known: Lexicon) -> tuple[tuple[str, Beginnings], ...]:
    """Give every stage's patterns, made once for each lexicon."""
    if known.token not in _KEPT:
        _KEPT[known.token] = tuple((stage.id, Beginnings(stage)) for stage in known.stages)
    return _KEPT[known.token]


def _longest(words: Sequence[str], at: int, beginnings: Beginnings) -> tuple[int, Rules] | None:
    fitting = [(len(pattern), rules) for pattern, rules in beginnings.of(words[at]) if _fits(words, at, pattern)]
    return max(fitting, key=lambda found: found[0]) if fitting else None


def _fits(words: Sequence[str], at: int, pattern: Pattern) -> bool:
    """Say whether a pattern stands at a place; one that would end after the text does not."""
    if at + len(pattern) > len(words):
        return False
    return all(
        words[at + step].startswith(wanted[:-1]) if wanted.endswith("*") else words[at + step] == wanted
        for step, wanted in enumerate(pattern)
    )


class Rules:
    """What the neighbours of one term's words say, as expressions over the words with a space between each."""

    def __init__(self, term: Term) -> None:
        self.term = term
        self.not_before = _expression(term.not_before, "{}(?!\\S)")
        self.not_after = _expression(term.not_after, "(?<!\\S){}$")
        self.not_near = _expression(term.not_near, "(?<!\\S){}(?!\\S)")
        self.only_near = _expression(term.only_near, "(?<!\\S){}(?!\\S)")
        self.longest = max((len(pattern) for pattern in (*term.not_before, *term.not_after)), default=0)
        self.any = bool(term.reason)

    def count(self, words: Sequence[str], at: int, until: int, near: int) -> bool:
        """Hold a find to what its neighbours say."""
        if not self.any:
            return True
        if self.not_before and self.not_before.match(" ".join(words[until : until + self.longest])):
            return False
        if self.not_after and self.not_after.search(" ".join(words[max(0, at - self.longest) : at])):
            return False
        if not (self.not_near or self.only_near):
            return True
        # the find itself is no neighbour, and no pattern reaches across it
        around = " | ".join((" ".join(words[max(0, at - near) : at]), " ".join(words[until : until + near])))
        if self.not_near and self.not_near.search(around):
            return False
        return self.only_near is None or self.only_near.search(around) is not None


def _expression(patterns: Sequence[Pattern], frame: str) -> re.Pattern[str] | None:
    """Write patterns as one expression."""
    if not patterns:
        return None
    written = (" ".join(re.escape(word).replace(r"\*", r"\S*") for word in pattern) for pattern in patterns)
    return re.compile(frame.format(f"(?:{'|'.join(written)})"))
