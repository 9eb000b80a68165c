"""The indicators that are worked out from documents, in the shape of those from registers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.answers.document_scores import scored_pairs
from data.answers.lexicon import find_mentions
from data.answers.register_cells import Cell, Entry, Held, day_of, period_of, quarters
from data.catalogue.criteria import criteria
from data.catalogue.lexicon import BABIES

#: A paper, or one item of minutes, that a reader has audited.
AUDITED = ("board paper", "item")


def mentions_per_10000_words(held: Held) -> Iterator[Cell]:
    """Count mentions of babies and words in the documents published in each year."""
    years = {row["entry_id"]: day_of(row["published_on"]) for row in held.of("documents") if not row["criterion"]}
    totals: dict[Any, list[int]] = {}
    for passage in held.of("passages"):
        day = years.get(passage["document"])
        if day is None:
            continue
        total = totals.setdefault(period_of(day, "year"), [0, 0])
        total[0] += sum(one.stage == BABIES and not one.left_out for one in find_mentions(passage["text"]))
        total[1] += int(passage["words"])
    for year, (mentions, words) in sorted(totals.items(), key=lambda one: one[0].first):
        yield Cell(year, mentions, words)


def representation_score(held: Held) -> Iterator[Cell]:
    """Add up the points of the documents published in a year that two readers have scored on all ten criteria."""
    every = {one.id for one in criteria().criteria}
    pairs = scored_pairs(held.of("documents"))
    scored: dict[str, set[str]] = {}
    for one in pairs:
        scored.setdefault(one.document, set()).add(one.criterion)
    whole = {document for document, found in scored.items() if found >= every}
    years: dict[Any, list[Any]] = {}
    for one in pairs:
        day = day_of(one.published_on)
        if one.document in whole and one.criterion in every and day is not None:
            years.setdefault(period_of(day, "year"), []).append(one)
    for year, own in sorted(years.items(), key=lambda one: one[0].first):
        yield _points(year, own, ("", ""))
        for name in [one.id for one in criteria().criteria]:
            yield _points(
                year, [one for one in own if one.criterion == name], ("criterion", name[0].upper() + name[1:])
            )


def _points(year: Any, pairs: list[Any], breakdown: tuple[str, str]) -> Cell:
    most = criteria().highest * len(pairs)
    return Cell(year, sum(one.points for one in pairs), most, breakdown=breakdown)


def baby_seen_in_papers(held: Held) -> Iterator[Cell]:
    """Count audited papers with a mention of babies and an action, by quarter."""
    papers = [row for row in held.of("documents") if _is_audited(row)]
    days = {day for row in papers if (day := day_of(row["published_on"]))}
    for period in quarters(days, held.through("documents")):
        within = [row for row in papers if period.first <= (day_of(row["published_on"]) or period.last) <= period.last]
        yield Cell(period, sum(bool(row["baby_mention_and_action"]) for row in within), len(within))


def _is_audited(row: Entry) -> bool:
    return row["kind"] in AUDITED and row["baby_mention_and_action"] is not None
