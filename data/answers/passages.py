"""The passages behind every count: where they stand, what was found in them, and what was left out and why."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.document_texts import Texts, number_of, place_words, read_texts
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.representation import chosen, nothing_yet
from data.catalogue.lexicon import BABIES, lexicon

SHOWN_AT_MOST: Final = 40
LONGEST_SEARCH: Final = 80
INVENTED: Final = "Invented example, not real"


def passages(
    document: str = "all", stage: str = BABIES, term: str = "any", left_out: str = "no", search: str = ""
) -> Answer:
    """Give the passages in which a stage is mentioned, in reading order; ``left_out`` those that do not count."""
    with reading() as connection:
        texts = chosen(read_texts(connection), document)
        if texts.documents.empty:
            return nothing_yet(connection)
        known = lexicon().stage(stage if stage in {one.id for one in lexicon().stages} else BABIES)
        finds = texts.mentions.loc[
            (texts.mentions["stage"] == known.id) & ((texts.mentions["left_out"] != "") == (left_out == "yes"))
        ]
        if term in {one.label for one in known.terms}:
            finds = finds.loc[finds["term"] == term]
        table = _listed(texts, finds, search[:LONGEST_SEARCH])
        kind = "left out" if left_out == "yes" else "that counts" if table["found"].sum() == 1 else "that count"
        held = "passage holds" if len(table) == 1 else "passages hold"
        mentions = "mention" if table["found"].sum() == 1 else "mentions"
        said = f"{len(table):,} {held} {int(table['found'].sum()):,} {mentions} {kind}: {known.name.lower()}."
        return make_answer(
            connection,
            question="Which passages are these?",
            finding=said,
            table=table,
            text_alternative=said,
            submission_ids=texts.submissions,
            people=False,
            notes=(lexicon().caveat,),
        )


def _listed(texts: Texts, finds: pd.DataFrame, search: str) -> pd.DataFrame:
    """Give each passage with its words, place and finds; ``letters`` are the first and last of each, from 1."""
    letters = [f"{start + 1} to {end}" for start, end in zip(finds["start"], finds["end"], strict=True)]
    found = (
        finds.assign(letters=letters)
        .groupby("passage")
        .agg(
            found=("term", "size"),
            terms=("term", lambda terms: ", ".join(dict.fromkeys(terms))),
            reasons=("left_out", lambda reasons: "; ".join(dict.fromkeys(reasons))),
            letters=("letters", "; ".join),
        )
    )
    rows = texts.passages.loc[texts.passages["entry_id"].isin(found.index)]
    if search.strip():
        rows = rows.loc[rows["text"].str.casefold().str.contains(search.strip().casefold(), regex=False)]
    names = texts.documents.set_index("entry_id")["label"]
    numbers = [number_of(one) for one in rows["entry_id"]]
    places = zip(rows["page"], rows["section"].fillna(""), numbers, strict=True)
    table = pd.DataFrame(
        {
            "document": rows["document"].map(names),
            "place": [place_words(*place) for place in places],
            "text": rows["text"],
            "found": rows["entry_id"].map(found["found"]).astype("int64"),
            "terms": rows["entry_id"].map(found["terms"]),
            "reasons": rows["entry_id"].map(found["reasons"]),
            "letters": rows["entry_id"].map(found["letters"]),
            "label": rows["illustrative"].map({True: INVENTED, False: ""}),
            "passage": rows["entry_id"],
        }
    )
    order = {name: at for at, name in enumerate(texts.documents["label"])}
    table = table.assign(at=table["document"].map(order)).sort_values(["at", "passage"], ascending=[False, True])
    return table.drop(columns="at").reset_index(drop=True)


def term_choices(stage: str = BABIES) -> list[tuple[str, str]]:
    """List any word of a stage, then each."""
    known = lexicon().stage(stage if stage in {one.id for one in lexicon().stages} else BABIES)
    return [("any", "Any of its words"), *((one.label, one.label) for one in known.terms)]


def term_counts(document: str = "all", stage: str = BABIES) -> Answer:
    """Count each word of a stage: mentions that count, those left out, and why; by the section they stand in."""
    with reading() as connection:
        texts = chosen(read_texts(connection), document)
        if texts.documents.empty:
            return nothing_yet(connection)
        known = lexicon().stage(stage if stage in {one.id for one in lexicon().stages} else BABIES)
        finds = texts.mentions.loc[texts.mentions["stage"] == known.id]
        counts = finds.assign(counts=finds["left_out"] == "").groupby("term")["counts"].agg(["sum", "size"])
        rows = [
            (one.label, int(counts["sum"].get(one.label, 0)), int(counts["size"].get(one.label, 0)), one.reason)
            for one in known.terms
        ]
        table = pd.DataFrame(rows, columns=["term", "counted", "found", "reason"])
        table["left_out"] = table["found"] - table["counted"]
        used = table.loc[table["counted"] > 0]
        said = (
            f"{len(used)} of {len(table)} words are used. {int(table['counted'].sum()):,} mentions count and "
            f"{int(table['left_out'].sum()):,} are left out."
        )
        return make_answer(
            connection,
            question="Which words are used?",
            finding=said,
            table=table,
            text_alternative=said,
            submission_ids=texts.submissions,
            people=False,
        )


def sections(document: str = "all", stage: str = BABIES) -> Answer:
    """Count mentions by section of each document."""
    with reading() as connection:
        texts = chosen(read_texts(connection), document)
        if texts.documents.empty:
            return nothing_yet(connection)
        known = lexicon().stage(stage if stage in {one.id for one in lexicon().stages} else BABIES)
        own = texts.counted.loc[texts.counted["stage"] == known.id].groupby("passage").size()
        parts = texts.passages.assign(mentions=texts.passages["entry_id"].map(own).fillna(0).astype("int64"))
        parts["section"] = parts["section"].fillna("").replace("", "Before the first heading")
        table = parts.groupby(["document", "section"], sort=False)[["mentions", "words"]].sum().reset_index()
        table = table.loc[table["words"] > 0].reset_index(drop=True)
        table["value"] = (table["mentions"] / table["words"] * 10_000).round(1)
        table["document"] = table["document"].map(texts.documents.set_index("entry_id")["label"])
        without = int((table["mentions"] == 0).sum())
        said = f"{without:,} of {len(table):,} sections never mention {known.name.lower()}."
        return make_answer(
            connection,
            question="In which sections?",
            finding=said,
            table=table,
            text_alternative=said,
            submission_ids=texts.submissions,
            people=False,
        )
