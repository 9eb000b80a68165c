"""The four figures that the page on documents leads with; how many criteria are met stands above all ten."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.document_items import read_items
from data.answers.document_scores import criteria_met, read_scores
from data.answers.document_texts import read_texts
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.representation import QUESTION, nothing_yet, rates
from data.catalogue.criteria import criteria
from data.catalogue.lexicon import BABIES, lexicon

Figure = tuple[str, str, str]
COLUMNS: Final = ["label", "value", "note"]


def document_headlines() -> Answer:
    """Give each figure with what it is held against."""
    with reading() as connection:
        texts = read_texts(connection)
        if texts.documents.empty:
            return nothing_yet(connection)
        scores, items = read_scores(connection), read_items(connection, texts)
        values = {stage.id: rates(texts, stage.id).iloc[0] for stage in lexicon().stages}
        babies = values[BABIES]
        others = {
            stage.name: values[stage.id]["value"] for stage in lexicon().stages if stage.id not in {BABIES, "children"}
        }
        most = max(others, key=lambda name: others[name])
        limits = f"95% limits {babies['lowercl']:.0f} to {babies['uppercl']:.0f}; {most.lower()} {others[most]:.1f}"
        rests_on = f"{int(babies['words']):,} words, {texts.documents['organisation'].nunique():,} organisations"
        figures: list[Figure] = [
            ("Mentions of babies in 10,000 words", f"{babies['value']:.1f}", limits),
            ("Documents read", f"{len(texts.documents):,}", rests_on),
        ]
        if scores:
            newest = [one for one in scores if one.document == scores[0].document]
            note = f"{scores[0].label}. All ten are below"
            figures.append(("Criteria met", f"{criteria_met(newest)} of {len(criteria().criteria)}", note))
        if items:
            concern = sum(one.concerns for one in items)
            note = "In minutes and agendas. Decisions and money are below"
            figures.append(("Items that concern under-twos", f"{concern} of {len(items)}", note))
        said = "; ".join(f"{label}: {value} ({note})" for label, value, note in figures)
        return make_answer(
            connection,
            question=QUESTION,
            finding=said,
            table=pd.DataFrame(figures, columns=COLUMNS),
            text_alternative=said,
            submission_ids=texts.submissions,
            people=False,
        )
