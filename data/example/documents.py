"""Invented documents of invented bodies, whose counts are known because they are written from them.

No real body says any of this. Each document says so in its title, its organisation and its first words; each is written
from sentences that hold exactly one mention each, so that what is counted can be held to ``TRUTH``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle, islice
from pathlib import Path
from typing import Final

BOARD: Final = "Invented example integrated care board"
COUNCIL: Final = "Invented example council"
NOTICE: Final = "Invented example – not a real document. No real body wrote any of these words."

#: One mention each, of one stage of life and of no other.
SENTENCES: Final[dict[str, tuple[str, ...]]] = {
    "babies": (
        "Every baby will have a named worker by the spring.",
        "We will extend perinatal support to each town.",
        "Our health visitors see too few homes and we will recruit.",
        "A family hub will open in each market town.",
        "Breastfeeding support will be offered on every ward.",
        "The unborn are part of our plan.",
        "Parent-infant teams will take their first referrals in May.",
    ),
    "children": (
        "We will listen to young people.",
        "Each child has a right to be heard.",
        "Adolescent services will move.",
    ),
    "school_age": ("Pupils told us what they want.", "We will work with each school."),
    "working_age": ("Good employment keeps us well.", "We will support the return to work."),
    "older": (
        "Older people told us that they want to stay at home.",
        "Frailty teams will visit within two hours.",
        "Dementia reviews will be yearly.",
        "Care homes will have a named nurse.",
        "We will help all to age well.",
    ),
    "end_of_life": ("Palliative support will be there at night.", "Each hospice will have a link worker."),
    "none": (
        "The plan has been agreed with the chairs of both committees.",
        "Our estate is ageless and needs repair in many of its buildings.",
        "Digital records will be shared between trusts in the next two quarters.",
        "The budget is balanced and depends on savings that have been found.",
        "We will publish progress each quarter and answer questions in public.",
    ),
    # found, and left out with a reason
    "left_out": (
        "The baby boom generation is now retiring.",
        "See attachment 1 for the budget.",
        "Our partners in the system have agreed to this.",
        "Waits are now under two weeks.",
    ),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and how many sentences of each kind stand under it."""

    heading: str
    sentences: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented document: its particulars, and its sections or its items."""

    name: str
    title: str
    organisation: str
    kind: str
    published_on: str
    sections: tuple[Section, ...] = ()
    items: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def mentions(self, kind: str) -> int:
        """Count the sentences of a kind, each of which mentions its stage once."""
        return sum(section.sentences.get(kind, 0) for section in self.sections)


PLAN_2024: Final = Invented(
    "plan-2024",
    "Joint forward plan 2024 (invented example)",
    BOARD,
    "joint forward plan",
    "2024-03-28",
    (
        Section("1 Our population", {"none": 30, "older": 12, "children": 4, "working_age": 3, "babies": 1}),
        Section("2 Starting well", {"none": 25, "children": 9, "school_age": 6, "babies": 4, "left_out": 1}),
        Section("3 Living well", {"none": 35, "working_age": 8, "older": 2}),
        Section("4 Staying well at home", {"none": 30, "older": 20, "end_of_life": 6, "left_out": 2}),
    ),
)
PLAN_2025: Final = Invented(
    "plan-2025",
    "Joint forward plan 2025 (invented example)",
    BOARD,
    "joint forward plan",
    "2025-03-27",
    (
        Section("1 Our population", {"none": 30, "older": 10, "children": 5, "working_age": 4, "babies": 3}),
        Section("2 Starting well", {"none": 25, "children": 10, "school_age": 5, "babies": 14, "left_out": 2}),
        Section("3 Living well", {"none": 35, "working_age": 9, "older": 3, "babies": 1}),
        Section("4 Staying well at home", {"none": 28, "older": 19, "end_of_life": 7, "left_out": 2}),
    ),
)
STRATEGY: Final = Invented(
    "strategy-2025",
    "Health and wellbeing strategy 2025 (invented example)",
    COUNCIL,
    "health and wellbeing strategy",
    "2025-06-19",
    (
        Section("1 Why we wrote this", {"none": 20, "children": 6, "older": 5, "working_age": 5, "babies": 2}),
        Section(
            "2 What we will do", {"none": 30, "school_age": 8, "children": 6, "older": 6, "babies": 9, "left_out": 1}
        ),
    ),
)
#: Six items, of which two concern under-twos: one decision of three, one money line of two, one named lead of two.
MINUTES: Final = Invented(
    "minutes-2026",
    "Minutes of the board, January 2026 (invented example)",
    BOARD,
    "minutes",
    "2026-01-22",
    items=(
        ("Welcome and apologies", ("The chair welcomed all present.",)),
        (
            "Winter pressures",
            (
                "The board noted the pressures on beds.",
                "The board agreed to open a ward at a cost of £1.2m.",
                "Lead: chief operating officer.",
            ),
        ),
        (
            "Health visiting recovery",
            (
                "New birth visits are late in three towns.",
                "The board approved £240,000 to recruit health visitors: each baby will be seen within 14 days, and "
                "early help lasts into adult life.",
                "Lead: director for women and young people.",
            ),
        ),
        ("Finance report", ("The board received the report.",)),
        ("Perinatal services, for information", ("The update on perinatal services was noted.",)),
        ("Digital strategy", ("The board agreed the strategy.",)),
    ),
)
DOCUMENTS: Final = (PLAN_2024, PLAN_2025, STRATEGY, MINUTES)
#: Mentions by document and stage of life, and what is found and left out, as the sentences hold them.
TRUTH: Final = {
    document.name: {kind: document.mentions(kind) for kind in SENTENCES if kind != "none"}
    for document in DOCUMENTS
    if document.sections
}
CRITERIA: Final = (
    *("population named", "lead", "co-production", "workforce", "data", "integration", "inequalities target"),
    *("money", "KPI", "timeline"),
)
#: Both readers' scores on the ten criteria in that order. Of the twenty pairs sixteen are equal.
SCORES: Final[dict[str, tuple[tuple[int, ...], tuple[int, ...]]]] = {
    "plan-2025": ((2, 1, 1, 2, 1, 1, 0, 0, 1, 1), (2, 1, 1, 2, 2, 1, 0, 0, 1, 0)),
    "strategy-2025": ((2, 0, 2, 1, 1, 2, 1, 0, 0, 1), (3, 0, 2, 1, 1, 2, 1, 1, 0, 1)),
}


def write_documents(folder: Path) -> list[Path]:
    """Write the invented documents as saved web pages, and how two readers scored two of them as a return."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for document in DOCUMENTS:
        path = folder / f"illustrative-{document.name}.html"
        path.write_text(page_of(document), encoding="utf-8")
        paths.append(path)
    return [*paths, write_scores(folder / "illustrative-document-scores.csv")]


def page_of(document: Invented) -> str:
    """Write one document as a web page that says what it is."""
    said = {
        "dcterms.title": document.title,
        "dcterms.publisher": document.organisation,
        "dcterms.issued": document.published_on,
        "dcterms.type": document.kind,
        "first1001.illustrative": "yes",
    }
    head = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in said.items())
    body = "".join(f"<{tag}>{escape(text)}</{tag}>\n" for tag, text in _blocks(document))
    title = f'<meta charset="utf-8"><title>{escape(document.title)}</title>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{title}{head}</head><body>\n{body}</body></html>\n'


def _blocks(document: Invented) -> Iterator[tuple[str, str]]:
    yield "p", NOTICE
    for section in document.sections:
        yield "h2", section.heading
        yield from (("p", paragraph) for paragraph in _paragraphs(section))
    for number, (heading, paragraphs) in enumerate(document.items, start=1):
        yield "h2", f"{number}. {heading}"
        yield from (("p", paragraph) for paragraph in paragraphs)


def _paragraphs(section: Section, sentences: int = 4) -> Iterator[str]:
    """Mix a section's sentences evenly and put four into each paragraph."""
    placed = [
        ((place + 0.5) / count, sentence)
        for kind, count in section.sentences.items()
        for place, sentence in enumerate(islice(cycle(SENTENCES[kind]), count))
    ]
    mixed = [sentence for _, sentence in sorted(placed)]
    yield from (" ".join(mixed[at : at + sentences]) for at in range(0, len(mixed), sentences))


def write_scores(path: Path) -> Path:
    """Write both readers' scores as a return of the documents register."""
    columns = ["id", "title", "organisation", "kind", "published_on", "criterion", "score", "reader_1", "reader_2"]
    by_name = {document.name: document for document in DOCUMENTS}
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([*columns, "page", "quote"])
        for name, (first, second) in SCORES.items():
            one = by_name[name]
            for number, criterion in enumerate(CRITERIA):
                scores = (first[number], second[number])
                agreed = scores[0] if scores[0] == scores[1] else ""
                told = (one.title, one.organisation, one.kind, one.published_on)
                identity = f"EX-{name}-{number + 1}"
                out.writerow([identity, *told, criterion, agreed, *scores, *_evidence(one, scores)])
    return path


def _evidence(document: Invented, scores: Sequence[int]) -> tuple[str, str]:
    """Give the words that earned a score above 0, and where they stand: invented, and marked so."""
    if not any(scores):
        return "", ""
    sentence = SENTENCES["babies"][sum(scores) % len(SENTENCES["babies"])]
    return document.sections[1].heading, f"{sentence} (invented example)"
