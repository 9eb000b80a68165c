"""A file leaves only with the right to take it, and only with an entry in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa

from data.actions.exporting import export_file, export_whole
from data.actions.people import LOCAL, Person
from data.answers.answer import Answer
from data.answers.opened import _opened, opened
from data.errors import NotAllowed, StoreError
from data.store.audit import select_audit
from data.store.engine import reading, writing

ANSWER = Answer(
    question="How many?",
    finding="Five of ten.",
    table=pd.DataFrame({"area": ["BCP", "Dorset Council area"], "value": [5, 10]}),
    unit="",
    period="",
    area_type="lad",
    text_alternative="",
    sources=(),
    disclosure="",
    illustrative=True,
)
BOARD = Person("8f2b", "Ann Example", "board")


@pytest.fixture
def store(sqlite_store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """The store that the settings name."""
    monkeypatch.setenv("DATABASE_URL", sqlite_store.url.render_as_string())
    _opened.cache_clear()
    yield sqlite_store
    opened().dispose()
    _opened.cache_clear()


def entries(store: sa.Engine) -> pd.DataFrame:
    with reading(store) as connection:
        return select_audit(connection)


def test_an_export_leaves_its_name_and_hash_in_the_trail(store: sa.Engine) -> None:
    content = export_file(BOARD, {"how-many": ANSWER}, "how-many", "csv")
    assert content.decode("utf-8-sig").splitlines()[-1] == "Dorset Council area,10"
    (entry,) = entries(store).to_dict("records")
    assert (entry["who"], entry["action"], entry["subject"]) == ("8f2b", "export", "ILLUSTRATIVE-how-many.csv")
    assert entry["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["detail"] == {"question": "How many?", "rows": 2, "illustrative": True}


def test_each_export_is_an_entry_of_its_own(store: sa.Engine) -> None:
    export_file(BOARD, {"how-many": ANSWER}, "how-many", "csv")
    export_file(LOCAL, {"how-many": ANSWER}, "how-many", "csv")
    assert list(entries(store)["who"]) == ["local", "8f2b"]  # newest first


def test_without_the_right_there_is_neither_a_file_nor_an_entry(store: sa.Engine) -> None:
    with pytest.raises(NotAllowed) as refused:
        export_file(Person("9a11", "Bob Example", "partner"), {"how-many": ANSWER}, "how-many", "csv")
    assert str(refused.value).startswith("Your role, community partner, can't take figures away. Ask a board member")
    with pytest.raises(NotAllowed):
        export_whole(Person("9a11", "Bob Example", "partner"))
    assert entries(store).empty


def test_where_the_trail_cannot_be_written_there_is_no_file(store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.actions.exporting.WAIT_SECONDS", 0)
    with writing(store), pytest.raises(StoreError):
        export_file(BOARD, {"how-many": ANSWER}, "how-many", "csv")
    assert entries(store).empty
