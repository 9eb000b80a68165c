"""Two readers' scores on the ten criteria: shown once both have scored, with the words that earned them.

A score by one reader alone is shown to nobody, so that the second reads for themselves. All ten criteria are shown; how
many are met stands only beside them.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.document_texts import label_of
from data.answers.made import make_answer
from data.answers.opened import reading
from data.catalogue.criteria import criteria
from data.store.registers import select_register
from metrics.agreement import percent_agreement, weighted_kappa

if TYPE_CHECKING:
    import sqlalchemy as sa

NOBODY: Final = (
    "No document has been scored by two readers yet. Scores are shown once the second reader has saved theirs."
)
ROUGH_BELOW: Final = 30
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """One criterion of one document, scored by both readers."""

    document: str
    label: str
    published_on: str
    criterion: str
    first: int
    second: int
    agreed: int | None
    evidence: tuple[str, ...]
    illustrative: bool
    submission_id: float

    @property
    def points(self) -> float:
        """The score both agreed, or the mean of the two until they have."""
        return self.agreed if self.agreed is not None else (self.first + self.second) / 2


def document_key(row: Entry) -> str:
    """Tell a document by its title, body and day, however a row about it came in."""
    parts = (str(row["organisation"]), str(row["title"]), str(row["published_on"] or "")[:10])
    told = "|".join(" ".join(part.casefold().split()) for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def scored_pairs(rows: Iterable[Entry]) -> list[Scored]:
    """Join what two readers said of one criterion of one document; one reader alone is left out."""
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for row in rows:
        if row["criterion"]:
            grouped.setdefault((document_key(row), str(row["criterion"])), []).append(row)
    found = []
    for (document, criterion), own in grouped.items():
        first, second = (_first(own, name) for name in ("reader_1", "reader_2"))
        if first is None or second is None:
            continue
        said = _first(own, "score")
        found.append(
            Scored(
                document=document,
                label=label_of(own[0]),
                published_on=str(own[0]["published_on"])[:10],
                criterion=criterion,
                first=first,
                second=second,
                agreed=said if said is not None else first if first == second else None,
                evidence=tuple(dict.fromkeys(filter(None, map(_evidence, own)))),
                illustrative=any(bool(row["illustrative"]) for row in own),
                submission_id=max((_number(row["submission_id"]) for row in own), default=math.nan),
            )
        )
    return found


def without_lone_scores(listed: pd.DataFrame, register: pd.DataFrame | None = None) -> pd.DataFrame:
    """Leave out what only one reader has scored so far; ``register`` holds what stands, where not all is listed."""
    standing = scored_pairs(_entries(listed if register is None else register))
    both = {(one.document, one.criterion) for one in standing}
    kept = [not row["criterion"] or (document_key(row), row["criterion"]) in both for row in _entries(listed)]
    return listed.loc[kept].reset_index(drop=True)


def _entries(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _number(written: Any) -> float:
    return math.nan if written is None or pd.isna(written) else float(written)


def _first(rows: Iterable[Entry], name: str) -> int | None:
    return next((int(row[name]) for row in rows if row[name] not in (None, "") and not pd.isna(row[name])), None)


def _evidence(row: Entry) -> str:
    if not row["quote"]:
        return ""
    page = str(row["page"] or "")
    place = f" ({f'page {page}' if page.isdigit() else page})" if page else ""
    return f"“{row['quote']}”{place}"


def read_scores(connection: sa.Connection) -> list[Scored]:
    """Read every pair of scores, the newest document first."""
    frame = select_register(connection, "document")
    found = scored_pairs(_entries(frame))
    order = [one.id for one in criteria().criteria]
    known = [one for one in found if one.criterion in order]
    known.sort(key=lambda one: order.index(one.criterion))
    return sorted(known, key=lambda one: (one.published_on, one.label), reverse=True)


def scored_choices() -> list[tuple[str, str]]:
    """List the documents that two readers have scored, newest first."""
    with reading() as connection:
        return list(dict.fromkeys((one.document, one.label) for one in read_scores(connection)))


def criteria_scores(document: str = "") -> Answer:
    """Give the ten criteria of a document: what both readers gave, what they agreed, and the evidence."""
    with reading() as connection:
        pairs = read_scores(connection)
        known = [one.document for one in pairs]
        wanted = document if document in known else known[0] if known else ""
        own = {one.criterion: one for one in pairs if one.document == wanted}
        rows = [_row(one.id, own.get(one.id)) for one in criteria().criteria]
        table = pd.DataFrame(rows if own else [])
        return make_answer(
            connection,
            question="How do two readers score it on ten criteria?",
            finding=_finding(list(own.values())) if own else NOBODY,
            table=table,
            text_alternative="; ".join(f"{row['name']}: {row['agreed']}" for row in rows) if own else NOBODY,
            submission_ids=[int(one.submission_id) for one in own.values() if not math.isnan(one.submission_id)],
            people=False,
            notes=(criteria().instructions,),
        )


def _row(criterion: str, pair: Scored | None) -> dict[str, Any]:
    known = criteria().criterion(criterion)
    empty = {"first": "–", "second": "–", "agreed": "not scored by both", "means": "–", "evidence": "–"}
    row = {"criterion": criterion, "name": known.name, "question": known.question}
    if pair is None:
        return row | empty
    agreed = "not agreed yet" if pair.agreed is None else f"{pair.agreed} of {criteria().highest}"
    said = {
        "first": str(pair.first),
        "second": str(pair.second),
        "agreed": agreed,
        "means": "–" if pair.agreed is None else known.levels[pair.agreed],
        "evidence": " ".join(pair.evidence) or "no words found",
    }
    return row | said


def criteria_met(pairs: Iterable[Scored]) -> int:
    """Count the criteria of a document that both readers agreed are met."""
    return sum(one.agreed is not None and one.agreed >= criteria().met_from for one in pairs)


def _finding(pairs: list[Scored]) -> str:
    met, count = criteria_met(pairs), len(criteria().criteria)
    none = [criteria().criterion(one.criterion).name for one in pairs if one.agreed == 0]
    named = f" At 0: {', '.join(name[0].lower() + name[1:] for name in none)}." if none else ""
    apart = sum(one.agreed is None for one in pairs)
    open_ones = f" On {apart} the two readers differ and have not agreed yet." if apart else ""
    label = pairs[0].label
    return f"{label}: {met} of {count} criteria are met, at a score of {criteria().met_from} or more.{named}{open_ones}"


def agreement() -> Answer:
    """Say how far the two readers agree over all documents: weighted kappa with limits, and equal scores."""
    with reading() as connection:
        pairs = read_scores(connection)
        first, second = [one.first for one in pairs], [one.second for one in pairs]
        categories = criteria().highest + 1
        kappa = weighted_kappa(first, second, categories=categories).iloc[0]
        equal = percent_agreement(first, second, categories=categories).iloc[0]
        near = percent_agreement(first, second, categories=categories, within=1).iloc[0]
        rows = [_agreed("Equal scores", equal), _agreed("Scores at most one apart", near)]
        value = "–" if math.isnan(kappa["value"]) else f"{kappa['value']:.2f}"
        limits = "–" if math.isnan(kappa["value"]) else f"{kappa['lowercl']:.2f} to {kappa['uppercl']:.2f}"
        rows.append({"measure": "Weighted kappa", "value": value, "limits": limits, "pairs": f"{len(pairs)} pairs"})
        said = _agreement_words(kappa, equal, len(pairs)) if pairs else NOBODY
        return make_answer(
            connection,
            question="How far do the two readers agree?",
            finding=said,
            table=pd.DataFrame(rows if pairs else []),
            text_alternative=said,
            submission_ids={int(one.submission_id) for one in pairs if not math.isnan(one.submission_id)},
            people=False,
            notes=(
                "Kappa is agreement beyond chance: 1 is full agreement, 0 what chance gives. Scores one step apart "
                "count as two thirds (Cohen 1968, linear weights).",
            ),
        )


def _agreed(measure: str, row: pd.Series) -> dict[str, str]:
    if not row["denominator"]:
        return {"measure": measure, "value": "–", "limits": "–", "pairs": "0 pairs"}
    return {
        "measure": measure,
        "value": f"{100 * row['value']:.0f}%",
        "limits": f"{100 * row['lowercl']:.0f}% to {100 * row['uppercl']:.0f}%",
        "pairs": f"{int(row['numerator'])} of {int(row['denominator'])} pairs",
    }


def _agreement_words(kappa: pd.Series, equal: pd.Series, pairs: int) -> str:
    said = f"The two readers gave equal scores in {int(equal['numerator'])} of {pairs} cases."
    if math.isnan(kappa["value"]):
        return f"{said} Both gave one and the same score throughout, so kappa can’t be worked out."
    said += f" Weighted kappa is {kappa['value']:.2f} ({kappa['lowercl']:.2f} to {kappa['uppercl']:.2f})."
    return f"{said} With fewer than {ROUGH_BELOW} pairs these limits are rough." if pairs < ROUGH_BELOW else said
