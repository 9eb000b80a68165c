"""How do the ICS's documents represent babies? Mentions for every 10,000 words, beside other stages of life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.alternatives import extremes_words
from data.answers.answer import Answer
from data.answers.document_texts import Texts, day_words, read_texts
from data.answers.made import make_answer
from data.answers.opened import reading
from data.catalogue.lexicon import BABIES, lexicon
from metrics.term_counts import mentions_per_10000_words

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "How do the ICS’s documents represent babies?"
UNIT: Final = "mentions in 10,000 words"
NOTHING: Final = "No data yet: no document has been sent in, so nothing can be said of how they represent babies."
LIMITS: Final = (
    "Limits are 95%. They allow for words that come in bursts, so one chapter on babies counts for less than many "
    "mentions throughout."
)
LISTS: Final = (
    "Each stage of life has its own list of words. The lists differ in length, so a gap shows emphasis and not need."
)


def document_choices() -> list[tuple[str, str]]:
    """List all documents together, then each by itself, newest first."""
    with reading() as connection:
        texts = read_texts(connection)
    rows = texts.documents.iloc[::-1].to_dict("records")
    return [("all", "All documents together"), *((row["entry_id"], row["label"]) for row in rows)] if rows else []


def stage_choices() -> list[tuple[str, str]]:
    """List the stages of life, babies first."""
    return [(one.id, one.name) for one in lexicon().stages]


def chosen(texts: Texts, document: str) -> Texts:
    """Keep the document that was chosen; an address that names none that is there means all."""
    return texts.of(document if document in set(texts.documents["entry_id"]) else "")


def rates(texts: Texts, stage: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """Give mentions of a stage per 10,000 words with limits; ``by`` columns of the documents, or all together."""
    counted = texts.counted
    own = counted.loc[counted["stage"] == stage].groupby("passage").size()
    parts = texts.passages[["entry_id", "document", "page", "section", "words"]].copy()
    parts["mentions"] = parts["entry_id"].map(own).fillna(0)
    part = parts["page"].astype("str").where(parts["page"].notna(), parts["section"])
    grouped = (
        parts.assign(part=part).groupby(["document", "part"], sort=False)[["mentions", "words"]].sum().reset_index()
    )
    grouped = grouped.loc[grouped["words"] > 0]
    names = texts.documents.set_index("entry_id", drop=False)
    labels = [" | ".join(str(names.loc[one, column]) for column in by) for one in grouped["document"]]
    return mentions_per_10000_words(grouped["mentions"], grouped["words"], labels)


def limits_words(table: pd.DataFrame) -> list[str]:
    """Write the limits of each rate."""
    return [f"{low:.1f} to {high:.1f}" for low, high in zip(table["lowercl"], table["uppercl"], strict=True)]


def life_stages(document: str = "all") -> Answer:
    """Hold mentions of babies beside those of other stages of life, in one document or all."""
    with reading() as connection:
        texts = chosen(read_texts(connection), document)
        if texts.documents.empty:
            return nothing_yet(connection)
        found = [rates(texts, stage.id).iloc[0] for stage in lexicon().stages]
        table = pd.DataFrame(found).reset_index(drop=True)
        table.insert(0, "stage", [stage.name for stage in lexicon().stages])
        table.insert(1, "stage_id", [stage.id for stage in lexicon().stages])
        table["limits"] = limits_words(table)
        table[["mentions", "words"]] = table[["mentions", "words"]].astype("int64")
        table["value"] = table["value"].round(1)
        return make_answer(
            connection,
            question=QUESTION,
            finding=_finding(table, texts),
            table=table,
            text_alternative=_listed(table),
            submission_ids=texts.submissions,
            unit=UNIT,
            people=False,
            notes=(lexicon().caveat, LIMITS, LISTS),
        )


def _finding(table: pd.DataFrame, texts: Texts) -> str:
    babies = table.loc[table["stage_id"] == BABIES].iloc[0]
    others = table.loc[~table["stage_id"].isin([BABIES, "children"])]
    most = others.sort_values("value").iloc[-1]
    count = len(texts.documents)
    named = f"{count:,} documents" if count > 1 else str(texts.documents.iloc[0]["label"])
    said = f"Words for babies are used {babies['value']:.1f} times in 10,000 words of {named}."
    stage = str(most["stage"]).lower()
    if most["value"] > babies["value"]:
        said += f" Words for {stage} are used more: {most['value']:.1f} times."
    else:
        said += f" Words for {stage}, the most used of the other stages, are used {most['value']:.1f} times."
    return said


def _listed(table: pd.DataFrame) -> str:
    parts = [f"{row['stage']} {row['value']:.1f} ({row['limits']})" for row in table.to_dict("records")]
    ends = extremes_words(table["stage"], table["value"], "")
    return f"Dot chart of mentions in 10,000 words, with 95% limits: {'; '.join(parts)}. {ends}"


def nothing_yet(connection: sa.Connection) -> Answer:
    """Say that no document is there; the page says how to send one in."""
    return make_answer(
        connection,
        question=QUESTION,
        finding=NOTHING,
        table=pd.DataFrame(),
        text_alternative=NOTHING,
        submission_ids=(),
        people=False,
    )


def by_document() -> Answer:
    """Give mentions of babies in each document, oldest first, with the body and what else it mentions."""
    with reading() as connection:
        texts = read_texts(connection)
        if texts.documents.empty:
            return nothing_yet(connection)
        table = pd.DataFrame(texts.documents[["entry_id", "title", "organisation", "kind", "published_on", "link"]])
        for stage in lexicon().stages:
            found = rates(texts, stage.id, ("entry_id",)).reindex(table["entry_id"])
            table[stage.id] = found["value"].round(1).to_numpy()
            if stage.id == BABIES:
                table["words"] = found["words"].astype("int64").to_numpy()
                table["mentions"] = found["mentions"].astype("int64").to_numpy()
                table[["lowercl", "uppercl"]] = found[["lowercl", "uppercl"]].round(1).to_numpy()
        table["published"] = [day_words(day) for day in table["published_on"]]
        table["label"] = texts.documents["label"]
        return make_answer(
            connection,
            question="How often does each document mention babies?",
            finding=_over_time(table),
            table=table,
            text_alternative=_each_document(table),
            submission_ids=texts.submissions,
            unit=UNIT,
            people=False,
            notes=(LIMITS,),
        )


def _over_time(table: pd.DataFrame) -> str:
    """Say how one body's documents of one kind changed; where there are no two, which document mentions babies most."""
    for (body, kind), own in table.groupby(["organisation", "kind"], sort=False):
        if len(own) > 1:
            first, last = own.iloc[0], own.iloc[-1]
            apart = last["lowercl"] > first["uppercl"] or last["uppercl"] < first["lowercl"]
            sure = "more than chance would move it" if apart else "the limits overlap, so it may be chance"
            return (
                f"{body}: from {first[BABIES]:.1f} in the {kind} of {first['published'][-4:]} to {last[BABIES]:.1f} in "
                f"that of {last['published'][-4:]}; {sure}."
            )
    most = table.sort_values(BABIES).iloc[-1]
    return f"{most['label']} mentions babies most: {most[BABIES]:.1f} times in 10,000 words."


def _each_document(table: pd.DataFrame) -> str:
    parts = [
        f"{row['label']}: {row[BABIES]:.1f} ({row['lowercl']:.1f} to {row['uppercl']:.1f})"
        for row in table.to_dict("records")
    ]
    ends = extremes_words(table["label"], table[BABIES], "")
    return f"Dot chart of mentions of babies in 10,000 words, oldest document first: {'; '.join(parts)}. {ends}"


def between_bodies() -> Answer:
    """Give mentions of babies by organisation and year of publication."""
    with reading() as connection:
        texts = read_texts(connection)
        if texts.documents.empty:
            return nothing_yet(connection)
        years = texts.documents.assign(year=texts.documents["published_on"].str[:4])
        dated = Texts(years, texts.passages, texts.mentions)
        table = rates(dated, BABIES, ("organisation", "year"))
        table[["organisation", "year"]] = [name.split(" | ") for name in table.index]
        table = table.reset_index(drop=True).round(1)
        table[["mentions", "words"]] = table[["mentions", "words"]].astype("int64")
        table["limits"] = limits_words(table)
        most = table.sort_values("value").iloc[-1]
        often = f"{most['value']:.1f} times in 10,000 words"
        said = f"{most['organisation']} mentions babies most, in {most['year']}: {often}."
        return make_answer(
            connection,
            question="How do organisations differ, and how has it changed?",
            finding=said,
            table=table,
            text_alternative=_each_body(table),
            submission_ids=texts.submissions,
            unit=UNIT,
            people=False,
        )


def _each_body(table: pd.DataFrame) -> str:
    names = [f"{row['organisation']}, {row['year']}" for row in table.to_dict("records")]
    parts = [
        f"{name}: {value:.1f} ({limits})"
        for name, value, limits in zip(names, table["value"], table["limits"], strict=True)
    ]
    ends = extremes_words(names, table["value"], "")
    return f"Mentions of babies in 10,000 words, by body and year: {'; '.join(parts)}. {ends}"
