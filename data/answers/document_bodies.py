"""Documents side by side: minutes by organisation and year, and the ten criteria of each that two readers scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.document_items import MEASURES, RULES, Item, measures, read_items, share_words
from data.answers.document_scores import NOBODY, Scored, read_scores
from data.answers.document_texts import read_texts
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.register_answers import count_words
from data.catalogue.criteria import criteria

NO_MINUTES: Final = "No minutes or agendas have been sent in yet."


def minutes_by_body() -> Answer:
    """Give what concerns under-twos in each organisation's minutes and agendas, year by year."""
    with reading() as connection:
        texts = read_texts(connection)
        items = read_items(connection, texts)
        told = texts.documents.set_index("entry_id")
        groups: dict[tuple[str, str], list[Item]] = {}
        for one in items:
            row = told.loc[one.document]
            groups.setdefault((str(row["organisation"]), str(row["published_on"])[:4]), []).append(one)
        rows = [_body(*key, own) for key, own in sorted(groups.items())]
        said = _least(rows) if rows else NO_MINUTES
        own_texts = texts.passages.loc[texts.passages["document"].isin({one.document for one in items})]
        return make_answer(
            connection,
            question="How do organisations’ minutes differ, and how have they changed?",
            finding=said,
            table=pd.DataFrame(rows),
            text_alternative=said,
            submission_ids={int(number) for number in own_texts["submission_id"].dropna()},
            people=False,
            notes=(RULES,),
        )


def _body(organisation: str, year: str, items: Sequence[Item]) -> dict[str, Any]:
    counts = {name: (own, of) for name, own, of in measures(items)}
    shares = {name.lower().replace(" ", "_"): share_words(*counts[name]) for name in MEASURES}
    own, of = counts["Items"]
    return {
        "organisation": organisation,
        "year": year,
        "documents": len({one.document for one in items}),
        **shares,
        "value": round(100 * own / of, 1),
    }


def _least(rows: Sequence[dict[str, Any]]) -> str:
    """Say where most and fewest items concern under-twos."""
    ordered = sorted(rows, key=lambda row: row["value"])
    words = [f"{row['organisation']} in {row['year']}: {row['items']} items" for row in (ordered[-1], ordered[0])]
    if len(rows) == 1:
        return f"{words[0]} concern under-twos."
    return f"Most items concern under-twos at {words[0]}. Fewest do at {words[1]}."


def criteria_side_by_side() -> Answer:
    """Give the agreed score of every criterion in every document that two readers scored, oldest first."""
    with reading() as connection:
        pairs = sorted(read_scores(connection), key=lambda one: (one.published_on, one.label))
        labels = list(dict.fromkeys(one.label for one in pairs))
        rows = [_scored(label, [one for one in pairs if one.label == label]) for label in labels]
        met = {one.criterion for one in pairs if one.agreed is not None and one.agreed >= criteria().met_from}
        nowhere = [one.id for one in criteria().criteria if one.id not in met]
        said = f"{count_words(len(rows), 'document was', 'documents were')} scored by two readers." if rows else NOBODY
        if rows and nowhere:
            said += f" Met in none, at {criteria().met_from} or more: {', '.join(nowhere)}."
        return make_answer(
            connection,
            question="How do documents differ on the ten criteria?",
            finding=said,
            table=pd.DataFrame(rows),
            text_alternative=said,
            submission_ids={int(one.submission_id) for one in pairs if one.submission_id == one.submission_id},
            people=False,
            notes=(criteria().instructions,),
        )


def _scored(label: str, own: Sequence[Scored]) -> dict[str, str]:
    """Write one document's agreed scores; where two readers differ, both."""
    row = {"document": label, **{one.id: "–" for one in criteria().criteria}}
    for one in own:
        row[one.criterion] = f"{one.first} or {one.second}" if one.agreed is None else str(one.agreed)
    return row
