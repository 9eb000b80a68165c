"""Minutes and agendas: how many items, decisions, money lines and named leads concern under-twos.

The rules are simple, and said beside every figure. A reader may correct what they make of an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.document_texts import Texts, place_words, read_texts
from data.answers.made import make_answer
from data.answers.opened import reading
from data.catalogue.lexicon import BABIES
from data.store.registers import select_register
from metrics.proportions import proportion

if TYPE_CHECKING:
    import sqlalchemy as sa

KINDS: Final = ("minutes", "agenda")
#: What is counted in minutes and agendas.
MEASURES: Final = ("Items", "Decisions", "Money lines", "Named leads")
RULES: Final = (
    "An item begins at a numbered heading, or at the next number that a paragraph or a cell begins with. Where nothing "
    "has a number, it begins at each heading. An item concerns under-twos when a word for babies counts in it, unless "
    "a reader has said otherwise. A decision is a sentence with agreed, approved, resolved, endorsed, ratified, "
    "adopted or decided. A money line is one with pounds. A named lead is one with “Lead:”, “Owner:”, “Action:” or "
    "“led by”. Each concerns under-twos when its item does."
)
_NUMBER: Final = re.compile(r"^(?:item\s+)?(\d{1,3})(?=[.):\s])", re.IGNORECASE)
#: A paragraph's own number: "3. Maternity", "3) Maternity", "Item 3: Maternity", or a cell with nothing else; not 3.1.
_OWN_NUMBER: Final = re.compile(
    r"^(?:item\s+)?(\d{1,2})(?:[.):]\s*(?![\d\s])|[.):]?\s*$|\s+(?=(?-i:[A-Z])))", re.IGNORECASE
)
LONGEST_HEADING: Final = 200
HEADING_WORDS: Final = 12
_DECISION: Final = re.compile(r"\b(?:agreed|approved|resolved|endorsed|ratified|adopted|decided)\b", re.IGNORECASE)
_MONEY: Final = re.compile(r"£\s?\d")
_LEAD: Final = re.compile(r"\b(?:leads?|owner|action(?: owner)?)\s?:|\bled by\b", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of minutes or an agenda."""

    entry_id: str
    document: str
    number: int
    heading: str
    place: str
    concerns: bool
    corrected: bool
    mentions: int
    decisions: int
    money: int
    leads: int
    illustrative: bool


def item_id(document: str, number: int) -> str:
    """Name an item of a document on the register."""
    return f"{document}.item-{number}"


def items_of(texts: Texts, corrected: Mapping[str, bool]) -> list[Item]:
    """Part the minutes and agendas into items, and count what stands in each."""
    own = texts.documents.loc[texts.documents["kind"].isin(KINDS), "entry_id"].tolist()
    counted = texts.counted
    found = counted.loc[counted["stage"] == BABIES].groupby("passage").size().to_dict()
    items = []
    for document in own:
        passages = texts.passages.loc[texts.passages["document"] == document].to_dict("records")
        for number, held in enumerate(_parted(passages), start=1):
            name = item_id(document, number)
            mentions = int(sum(found.get(row["entry_id"], 0) for row in held))
            sentences = [one for row in held for one in _SENTENCE.split(row["text"])]
            items.append(
                Item(
                    entry_id=name,
                    document=document,
                    number=number,
                    heading=_heading(held),
                    place=place_words(held[0]["page"], str(held[0]["section"]), 1),
                    concerns=corrected.get(name, mentions > 0),
                    corrected=name in corrected,
                    mentions=mentions,
                    decisions=sum(bool(_DECISION.search(one)) for one in sentences),
                    money=sum(bool(_MONEY.search(one)) for one in sentences),
                    leads=sum(bool(_LEAD.search(one)) for one in sentences),
                    illustrative=bool(held[0]["illustrative"]),
                )
            )
    return items


def _parted(passages: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
    """Part passages into items; what stands before the first is none.

    An item begins at a numbered heading. Minutes in a table, and those whose headings are only bold, have no heading:
    there the next number at the beginning of a paragraph begins an item. Without any number each heading begins one.
    """
    numbered = [_number_of(str(row["section"] or "")) for row in passages]
    by_text = not any(numbered) or any(not _is_nothing(row.get("page")) for row in passages)
    begins = list(_numbers(passages, numbered, by_text=by_text))
    if len(set(begins) - {0}) < 2 and not any(numbered):
        return _grouped(passages, [str(row["section"] or "") for row in passages])
    return _grouped(passages, begins)


def _grouped(passages: Sequence[Mapping[str, Any]], keys: Sequence[Any]) -> list[list[dict[str, Any]]]:
    """Put passages of one key that follow one another together; those without a key are left out."""
    items: list[list[dict[str, Any]]] = []
    now: Any = None
    for row, key in zip(passages, keys, strict=True):
        if not key:
            continue
        if key != now:
            items.append([])
            now = key
        items[-1].append(dict(row))
    return items


def _numbers(passages: Sequence[Mapping[str, Any]], numbered: Sequence[int], *, by_text: bool) -> Iterator[int]:
    """Give the number of the item in which each passage stands, 0 before the first."""
    item = listed = 0
    section = ""
    for row, heading in zip(passages, numbered, strict=True):
        own = _own_number(str(row["text"])) if by_text else 0
        if heading and row["section"] != section:
            # 3.1 belongs to item 3, and a heading without a number to the item that it stands in
            item, listed = heading, 0
        elif own and (own == listed + 1 if listed else own == 1 <= item):
            listed = own  # a list within an item begins at 1 again, and goes on in the next paragraph
        else:
            item, listed = (own if own == item + 1 else item), 0
        section = row["section"]
        yield item


def _number_of(heading: str) -> int:
    found = _NUMBER.match(heading)
    return int(found[1]) if found else 0


def _own_number(text: str) -> int:
    found = _OWN_NUMBER.match(text)
    return int(found[1]) if found else 0


def _is_nothing(page: Any) -> bool:
    return page is None or bool(pd.isna(page))


def _heading(held: Sequence[Mapping[str, Any]]) -> str:
    """Name an item by its heading, or by the words that its number stands before."""
    section, own = str(held[0]["section"] or ""), _own_number(str(held[0]["text"]))
    if not own or own == _number_of(section):
        return section[:LONGEST_HEADING]
    words = str(held[0]["text"]).split()
    if len(words) == 1:  # the number has a cell of its own
        words += next((str(row["text"]).split() for row in held[1:] if re.search(r"[^\W\d_]{3}", row["text"])), [])
    return " ".join(words[:HEADING_WORDS]) + (" …" if len(words) > HEADING_WORDS else "")


def read_items(connection: sa.Connection, texts: Texts | None = None) -> list[Item]:
    """Read every item, with what readers have corrected."""
    held = texts or read_texts(connection)
    entries = select_register(connection, "document")
    said = entries.loc[(entries["kind"] == "item") & entries["touches_under_twos"].notna()]
    corrected = {str(row["entry_id"]): bool(row["touches_under_twos"]) for row in said.to_dict("records")}
    return items_of(held, corrected)


def measures(items: Sequence[Item]) -> list[tuple[str, int, int]]:
    """Count items, decisions, money lines and leads: those that concern under-twos, and all."""
    held = ([1 for _ in items], *([getattr(one, name) for one in items] for name in ("decisions", "money", "leads")))
    counts = dict(zip(MEASURES, held, strict=True))
    concern = [one.concerns for one in items]
    return [
        (name, sum(count for count, own in zip(found, concern, strict=True) if own), sum(found))
        for name, found in counts.items()
    ]


def share_words(number: int, of: int) -> str:
    """Write so many of so many, with the share where there are any."""
    return f"{number} of {of}" + (f" ({100 * number / of:.0f}%)" if of else "")


def minutes_shares() -> Answer:
    """Give the share of items, decisions, money lines and named leads that concern under-twos."""
    with reading() as connection:
        texts = read_texts(connection)
        items = read_items(connection, texts)
        rows = measures(items)
        table = pd.DataFrame(rows, columns=["measure", "numerator", "denominator"])
        shares = proportion(table["numerator"], table["denominator"], multiplier=100)
        table["value"] = shares["value"].round(1)
        table["limits"] = [
            "–" if pd.isna(low) else f"{low:.0f}% to {high:.0f}%"
            for low, high in zip(shares["lowercl"], shares["uppercl"], strict=True)
        ]
        table["share"] = [
            share_words(number, of) for number, of in zip(table["numerator"], table["denominator"], strict=True)
        ]
        documents = {one.document for one in items}
        said = (
            f"{rows[0][1]} of {rows[0][2]} items in minutes and agendas concern under-twos; "
            f"{rows[1][1]} of {rows[1][2]} decisions, {rows[2][1]} of {rows[2][2]} money lines and "
            f"{rows[3][1]} of {rows[3][2]} named leads do."
        )
        nothing = "No minutes or agendas have been sent in yet."
        own = texts.passages.loc[texts.passages["document"].isin(documents)]
        return make_answer(
            connection,
            question="Do minutes and agendas concern under-twos?",
            finding=said if items else nothing,
            table=table if items else pd.DataFrame(),
            text_alternative=said if items else nothing,
            submission_ids={int(number) for number in own["submission_id"].dropna()},
            people=False,
            notes=(RULES,),
        )


def minutes_items() -> Answer:
    """List every item with what was found in it, and whether a reader has corrected it."""
    with reading() as connection:
        texts = read_texts(connection)
        items = read_items(connection, texts)
        labels = texts.documents.set_index("entry_id")["label"].to_dict() if len(texts.documents) else {}
        table = pd.DataFrame(
            [
                {
                    "item": one.heading,
                    "document": labels[one.document],
                    "concerns": "yes" if one.concerns else "no",
                    "told_by": "a reader" if one.corrected else "its words",
                    "mentions": one.mentions,
                    "decisions": one.decisions,
                    "money": one.money,
                    "leads": one.leads,
                    "entry_id": one.entry_id,
                }
                for one in items
            ]
        )
        said = f"{len(items)} items were found in {len({one.document for one in items})} minutes and agendas."
        return make_answer(
            connection,
            question="Which items are these?",
            finding=said,
            table=table,
            text_alternative=said,
            submission_ids=texts.submissions if items else (),
            people=False,
        )
