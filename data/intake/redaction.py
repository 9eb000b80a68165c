"""What a published document may not bring into the store: how to reach a person, and who they are.

A body's papers rightly name its officers and offices. None of that is needed to see how a document speaks of babies, so
none of it is kept: e-mail addresses, phone numbers, full postcodes and names after a title are replaced by words that
say what stood there. A passage that joins a name to a way of reaching that person is left out whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from data.intake.identifiers import _EMAIL, _POSTCODE, EMAIL, NAME, PHONE, POSTCODE, clean, identifiers_in, is_phone
from data.intake.titled_names import titled_names
from data.sources.passages import Passage, count_words

PLACEHOLDERS: Final = {
    EMAIL: "[e-mail address left out]",
    PHONE: "[phone number left out]",
    POSTCODE: "[postcode left out]",
    NAME: "[name left out]",
}
REACHES: Final = frozenset({EMAIL, PHONE, POSTCODE})
_NOTED: Final = {EMAIL: "e-mail addresses", PHONE: "phone numbers", POSTCODE: "postcodes", NAME: "names after a title"}


@dataclass(frozen=True, slots=True)
class Redacted:
    """Passages that may be kept, and in words what was taken out of them."""

    passages: tuple[Passage, ...]
    notes: tuple[str, ...]


def redact(passages: Sequence[Passage]) -> Redacted:
    """Take out of each passage what could identify or reach a person."""
    kept, taken, dropped = [], Counter[str](), 0
    for passage in passages:
        kinds = identifiers_in(passage.text)
        text = redacted(passage.text, kinds) if kinds else passage.text
        if text is None:
            dropped += 1
            continue
        taken.update(kinds)
        section = "" if identifiers_in(passage.section) else passage.section
        changed = replace(passage, text=text, section=section, words=count_words(text) if kinds else passage.words)
        kept.append(changed)
    return Redacted(tuple(kept), tuple(_notes(taken, dropped)))


def redacted(text: str, kinds: Sequence[str]) -> str | None:
    """Give a passage without what identifies; None where it must be left out whole."""
    if NAME in kinds and REACHES & set(kinds):
        return None
    plain = clean(text)
    for start, end, kind in sorted(_spans(plain, kinds), reverse=True):
        plain = f"{plain[:start]}{PLACEHOLDERS[kind]}{plain[end:]}"
    return None if identifiers_in(plain) else plain


def _spans(text: str, kinds: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Give what is to be taken out; of two that overlap, the one that begins first."""
    found = []
    if EMAIL in kinds:
        found += [(*one.span(), EMAIL) for one in _EMAIL.finditer(text)]
    if POSTCODE in kinds:
        found += [(*one.span(), POSTCODE) for one in _POSTCODE.finditer(text)]
    if NAME in kinds:
        found += [(start, end, NAME) for start, end in titled_names(text)]
    if PHONE in kinds:
        found += [(start, end, PHONE) for start, end in _phones(text)]
    last = 0
    for start, end, kind in sorted(found):
        if start >= last:
            yield start, end, kind
            last = end


def _phones(text: str) -> Iterator[tuple[int, int]]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE, max_tries=500):
        if is_phone(match, labelled=False):
            before = re.search(r"\(?\+?$", text[: match.start])
            yield (before.start() if before else match.start), match.end


def _notes(taken: Counter[str], dropped: int) -> Iterator[str]:
    named = [_NOTED[kind] for kind in PLACEHOLDERS if taken[kind]]
    if named:
        listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        count = sum(taken.values())
        yield f"{listed[0].upper()}{listed[1:]} were replaced by words, {count:,} time{'' if count == 1 else 's'}."
    if dropped:
        many = "1 passage was" if dropped == 1 else f"{dropped:,} passages were"
        yield f"{many} left out and not counted: each joined a person’s name to a way of reaching them."
