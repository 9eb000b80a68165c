"""Documents and what is found in them: every mention in every passage, worked out once for each text."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.lexicon import find_mentions
from data.catalogue.lexicon import lexicon
from data.store.registers import select_register

if TYPE_CHECKING:
    import sqlalchemy as sa

MENTION: Final = ["document", "passage", "page", "section", "stage", "term", "start", "end", "left_out"]
#: Texts whose mentions are kept: a document of 50,000 words takes a tenth of a second to go through.
MOST_KEPT: Final = 400
_KEPT: OrderedDict[str, list[tuple[Any, ...]]] = OrderedDict()


@dataclass(frozen=True, eq=False)
class Texts:
    """The documents that came as files, newest last, their passages, and every mention in them."""

    documents: pd.DataFrame
    passages: pd.DataFrame
    mentions: pd.DataFrame

    @property
    def submissions(self) -> set[int]:
        """The files that the texts came in."""
        return {int(number) for number in self.passages["submission_id"].dropna()}

    def of(self, document: str) -> Texts:
        """Keep one document; all of them where none is named."""
        if not document:
            return self
        return Texts(
            self.documents.loc[self.documents["entry_id"] == document],
            self.passages.loc[self.passages["document"] == document],
            self.mentions.loc[self.mentions["document"] == document],
        )

    @property
    def counted(self) -> pd.DataFrame:
        """The mentions that count."""
        return self.mentions.loc[self.mentions["left_out"] == ""]


def read_texts(connection: sa.Connection) -> Texts:
    """Read every document that has passages, and find what is mentioned."""
    entries = select_register(connection, "document")
    passages = select_register(connection, "passage")
    whole = entries.loc[(entries["criterion"].fillna("") == "") & (entries["kind"] != "item")]
    documents = whole.loc[whole["entry_id"].isin(passages["document"])]
    documents = documents.sort_values(["published_on", "title"]).reset_index(drop=True)
    passages = passages.loc[passages["document"].isin(documents["entry_id"])].reset_index(drop=True)
    rows = [row for name, own in passages.groupby("document", sort=False) for row in _mentions_in(str(name), own)]
    labels = [label_of(row) for row in documents.to_dict("records")]
    mentions = pd.DataFrame(rows, columns=MENTION)
    return Texts(documents.assign(label=labels), passages, mentions)


def label_of(row: Mapping[Any, Any]) -> str:
    """Name a document as a reader would: title, body, and when it was published."""
    return f"{row['title']}, {row['organisation']}, {day_words(row['published_on'])}"


def day_words(written: str) -> str:
    """Write a day in words."""
    return f"{dt.date.fromisoformat(written[:10]):%-d %B %Y}"


def place_words(page: Any, section: str, number: int) -> str:
    """Say where a passage stands: its page, or the heading above it and its place in the document."""
    if not pd.isna(page):
        return f"page {int(page)}"
    return f"“{section}”, paragraph {number}" if section else f"paragraph {number}"


def number_of(entry_id: str) -> int:
    """Give a passage's place in its document."""
    last = entry_id.rpartition(".")[2]
    return int(last) if last.isdigit() else 0


def _mentions_in(name: str, passages: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Find the mentions of one document; the same words are not gone through again."""
    texts = passages["text"].tolist()
    told = f"{lexicon().token}|{name}|{passages['entry_id'].iloc[0]}|" + "\x00".join(texts)
    key = hashlib.sha256(told.encode()).hexdigest()
    if key not in _KEPT:
        places = zip(passages["entry_id"], passages["page"], passages["section"], texts, strict=True)
        _KEPT[key] = [
            (name, entry, page, section, one.stage, one.term, one.start, one.end, one.left_out)
            for entry, page, section, text in places
            for one in find_mentions(text)
        ]
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return _KEPT[key]
