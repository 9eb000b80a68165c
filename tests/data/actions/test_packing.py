"""A board pack is made only with the right, of what may be printed, and with an entry in the trail."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from data.actions.packing import LONGEST, MOST_PARTS, STEPS, MadePack, WrongCover, check_fields, make_pack
from data.actions.people import Person
from data.answers.answer import Answer
from data.answers.opened import _opened, opened
from data.catalogue.board_paper import Part
from data.errors import DataError, NotAllowed, StoreError, UnknownName, WrongValues
from data.store.audit import select_audit
from data.store.engine import reading, writing

LEAD = Person("8f2b", "Ann Example", "strategy")
PART = Part("how_many", "How many", "how_many")


def answer(question: str, table: pd.DataFrame) -> Answer:
    return Answer(
        question=question,
        finding="Five of ten.",
        table=table,
        unit="",
        period="",
        area_type="",
        text_alternative="",
        sources=(),
        disclosure="",
        illustrative=True,
    )


EMPTY = answer("How is it?", pd.DataFrame())
STANDING = {"scorecard": EMPTY, "commitments": EMPTY}
FIVE = answer("How many?", pd.DataFrame({"area": ["BCP", "Dorset Council area"], "value": [5, 10]}))


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


def made_by(person: Person, fields: dict[str, str] | None = None, kind: str = "pdf", **rest: object) -> MadePack:
    return make_pack(person, STANDING, {PART: FIVE}, fields or {}, kind, **rest)  # type: ignore[arg-type]


def test_a_pack_leaves_its_name_hashes_and_parts_in_the_trail(store: sa.Engine) -> None:
    made = made_by(LEAD)
    (entry,) = entries(store).to_dict("records")
    assert (entry["who"], entry["action"], entry["subject"]) == ("8f2b", "export", made.file)
    assert entry["file_sha256"] == hashlib.sha256(made.content).hexdigest()
    assert entry["detail"] == {"parts": "how_many", "data_hash": made.data_hash, "illustrative": True}
    assert "Five of ten." in "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)


def test_without_the_right_there_is_neither_a_pack_nor_an_entry(store: sa.Engine) -> None:
    with pytest.raises(NotAllowed, match="can't take figures away"):
        made_by(Person("9a11", "Bob Example", "partner"))
    assert entries(store).empty


def test_where_the_trail_cannot_be_written_there_is_no_pack(store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.actions.packing.WAIT_SECONDS", 0)
    with writing(store), pytest.raises(StoreError):
        made_by(LEAD)
    assert entries(store).empty


def test_each_step_is_told_as_it_begins(store: sa.Engine) -> None:
    heard: list[str] = []
    made_by(LEAD, kind="docx", told=heard.append)
    assert heard == list(STEPS)


def test_a_cover_that_names_somebody_gives_no_pack_and_no_entry(store: sa.Engine) -> None:
    with pytest.raises(WrongValues):
        made_by(LEAD, {"risk": "Mrs Jane Doe waited."})
    assert entries(store).empty


# 943 476 5919 is the NHS Data Dictionary's example of a number that passes the check
@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("NHS number 943 476 5919", "An NHS number", "5919"),
        ("Ring 01202 123456", "A phone number", "123456"),
        ("Write to ann@example.org", "An e-mail address", "ann@"),
        ("The family at BH1 1AA", "A full postcode", "1AA"),
        ("Mrs Jane Doe waited", "The name of a person", "Doe"),
    ],
)
def test_an_identifier_is_refused_by_its_kind_and_never_repeated(text: str, kind: str, value: str) -> None:
    with pytest.raises(WrongValues) as refused:
        check_fields({"risk": text})
    said = str(refused.value)
    assert said.startswith(f"{kind} stands in “Risk”, and nothing that identifies a person may go into a paper.")
    assert value not in said


def test_whoever_signs_the_paper_may_stand_by_name_but_without_a_phone_number() -> None:
    check_fields({"author": "Dr Ann Example", "owner": "Professor Bob Example"})
    with pytest.raises(WrongValues, match="A phone number stands in “Author”"):
        check_fields({"author": "Dr Ann Example, 01202 123456"})


def test_every_fault_of_a_cover_is_told_at_once() -> None:
    with pytest.raises(WrongCover) as refused:
        check_fields({"risk": "Mrs Jane Doe waited", "previous": "x" * (LONGEST + 1)})
    assert str(refused.value) == "2 things on the cover sheet can’t be printed, so no paper was made."
    assert "too long" in str(refused.value.problems[1])


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST])
def test_an_entry_may_be_as_long_as_a_page(length: int) -> None:
    check_fields({"risk": "x" * length})


def test_unknown_entries_and_formats_and_too_many_questions_are_refused() -> None:
    with pytest.raises(UnknownName, match="no such entry; found finance"):
        check_fields({"finance": "None"})
    with pytest.raises(UnknownName, match="found odt; expected docx or pdf"):
        made_by(LEAD, kind="odt")
    many = {Part(f"part_{number}", "", ""): FIVE for number in range(MOST_PARTS + 1)}
    with pytest.raises(DataError, match=f"found {MOST_PARTS + 1}; expected {MOST_PARTS}"):
        make_pack(LEAD, STANDING, many, {}, "pdf")
