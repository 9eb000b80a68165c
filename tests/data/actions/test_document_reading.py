"""Two readers score by themselves: neither sees the other's score before both have saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.actions import document_reading, registers
from data.actions.document_reading import (
    correct_item,
    documents_to_read,
    items_to_correct,
    own_reading,
    save_score,
    settle_score,
)
from data.actions.people import LOCAL, Person
from data.answers.document_scores import read_scores
from data.answers.opened import _opened, opened
from data.errors import NotAllowed, StoreError, UnknownName, WrongValues
from data.intake.documents import Particulars
from data.intake.loading import load
from data.store.audit import select_audit
from data.store.engine import open_store, reading
from data.store.registers import select_history, select_register

ANNA, BEN, CARA = (Person(name, name.title(), "strategy") for name in ("anna", "ben", "cara"))
BOARD_MEMBER = Person("dora", "Dora", "board")
GIVEN = Particulars("Plan", "Example board", "strategy", "2025-03-31")
QUOTE = "Every baby will have a named worker"
NAME = GIVEN.entry_id
RE_SCORED = {
    "title": "Plan",
    "organisation": "Example board",
    "kind": "strategy",
    "published_on": "2025-03-31",
    "criterion": "lead",
}


@pytest.fixture
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A store with one plan and one set of minutes; releasing is another test's business."""
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    engine = open_store(address)
    plan = tmp_path / "plan.html"
    plan.write_text(f"<!doctype html><h2>2 Care</h2><p>{QUOTE} by May.</p><p>It will be free.</p>", encoding="utf-8")
    load(plan, engine, loaded_by="a test", particulars=GIVEN)
    minutes = tmp_path / "minutes.html"
    minutes.write_text("<!doctype html><h2>1. Money</h2><p>The board agreed £1m.</p>", encoding="utf-8")
    told = Particulars("Minutes", "Example board", "minutes", "2025-05-01")
    load(minutes, engine, loaded_by="a test", particulars=told)
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(document_reading, "ensure_current", lambda _: 0)
    monkeypatch.setattr(registers, "ensure_current", lambda _: 0)
    yield
    _opened.cache_clear()


pytestmark = pytest.mark.usefixtures("_store")


def shown() -> list[tuple[str, int, int, int | None]]:
    """What anybody sees of the scores."""
    with reading(opened()) as connection:
        return [(one.criterion, one.first, one.second, one.agreed) for one in read_scores(connection)]


def test_a_score_is_hidden_until_the_other_reader_has_saved_theirs() -> None:
    save_score(ANNA, NAME, "lead", 2, quote=QUOTE)
    assert shown() == []
    assert own_reading(ANNA, NAME, "lead").score == 2
    seen = own_reading(BEN, NAME, "lead")
    assert (seen.score, seen.other_has_saved, seen.other) == (None, True, None)
    assert "Both readers have scored it now" in save_score(BEN, NAME, "lead", 0)
    assert shown() == [("lead", 2, 0, None)]
    assert own_reading(BEN, NAME, "lead").other == 2
    assert own_reading(ANNA, NAME, "lead").other == 0


def test_the_register_lists_no_score_of_one_reader_alone() -> None:
    from data.actions.registers import entries

    listed = entries(BEN, "documents")["entry_id"].tolist()
    save_score(ANNA, NAME, "lead", 0)
    assert entries(BEN, "documents")["entry_id"].tolist() == listed
    save_score(BEN, NAME, "lead", 0)
    assert len(entries(BEN, "documents")) == len(listed) + 2


def test_nobody_reads_a_score_of_one_reader_alone_out_of_its_history() -> None:
    from data.actions.registers import history, revise_entry, withdraw_entry

    save_score(ANNA, NAME, "lead", 2, quote=QUOTE)
    lone = f"{NAME}.lead.1"
    assert history(BEN, "documents", lone).empty
    with pytest.raises(UnknownName, match="no such entry"):  # telling of a newer version would tell the score
        revise_entry(BEN, "documents", lone, {**RE_SCORED, "reader_1": "0"}, version=9)
    with pytest.raises(UnknownName, match="no such entry"):
        withdraw_entry(BEN, "documents", lone, version=9)
    assert history(BEN, "documents", NAME)["version"].tolist() == [1]  # the document itself hides nothing
    save_score(BEN, NAME, "lead", 1, quote=QUOTE)
    assert history(BEN, "documents", lone)["reader_1"].tolist() == ["2"]
    withdraw_entry(BEN, "documents", f"{NAME}.lead.2", version=1)
    assert history(BEN, "documents", lone).empty  # one reader is left alone with theirs again


def test_each_reader_may_change_their_own_score_until_both_have_saved() -> None:
    save_score(ANNA, NAME, "lead", 2, quote=QUOTE)
    save_score(ANNA, NAME, "lead", 1, quote=QUOTE)
    with reading(opened()) as connection:
        history = select_history(connection, "document", f"{NAME}.lead.1")
    assert history["reader_1"].tolist() == ["2", "1"]  # nothing is overwritten
    save_score(BEN, NAME, "lead", 1, quote=QUOTE)
    with pytest.raises(StoreError, match="can't be changed"):
        save_score(ANNA, NAME, "lead", 3, quote=QUOTE)
    with pytest.raises(StoreError, match="two readers have scored"):
        save_score(CARA, NAME, "lead", 3, quote=QUOTE)
    assert shown() == [("lead", 1, 1, 1)]


def test_readers_who_differ_settle_on_one_score_together() -> None:
    save_score(ANNA, NAME, "inequalities target", 1, quote=QUOTE)
    with pytest.raises(StoreError, match="both readers must have saved"):
        settle_score(ANNA, NAME, "inequalities target", 1)
    save_score(BEN, NAME, "inequalities target", 2, quote=QUOTE)
    settle_score(BEN, NAME, "inequalities target", 2)
    assert shown() == [("inequalities target", 1, 2, 2)]
    # whoever settled, each still has their own
    scores = [own_reading(one, NAME, "inequalities target").score for one in (ANNA, BEN)]
    assert scores == [1, 2]
    assert own_reading(ANNA, NAME, "inequalities target").settled == 2


def test_the_words_must_stand_in_the_document_and_give_their_place() -> None:
    save_score(ANNA, NAME, "lead", 1, quote="every baby will  have a named worker BY MAY")
    assert own_reading(ANNA, NAME, "lead").page == "2 Care"
    save_score(ANNA, NAME, "money", 1, quote="by May. It will be free", page="7")  # over two paragraphs
    assert own_reading(ANNA, NAME, "money").page == "7"
    with pytest.raises(WrongValues, match="do not stand in the document"):
        save_score(ANNA, NAME, "data", 1, quote="Every baby will have a pony")
    with pytest.raises(WrongValues, match="needs the words"):
        save_score(ANNA, NAME, "data", 1)


@pytest.mark.parametrize("score", [-1, 4])
def test_a_score_outside_the_levels_is_refused(score: int) -> None:
    with pytest.raises(WrongValues, match="no such score"):
        save_score(ANNA, NAME, "lead", score, quote=QUOTE)
    with pytest.raises(WrongValues, match="no such score"):
        settle_score(ANNA, NAME, "lead", score)


def test_only_those_who_may_edit_registers_read_and_score() -> None:
    with pytest.raises(NotAllowed):
        save_score(BOARD_MEMBER, NAME, "lead", 0)
    with pytest.raises(NotAllowed):
        own_reading(BOARD_MEMBER, NAME, "lead")
    with pytest.raises(NotAllowed):
        documents_to_read(BOARD_MEMBER)
    assert [name for name, _ in documents_to_read(ANNA)][-1] == NAME


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownName, match="no such criterion"):
        save_score(ANNA, NAME, "happiness", 0)
    with pytest.raises(UnknownName, match="no such document"):
        save_score(ANNA, "d-unknown", "lead", 0)


def test_on_a_machine_without_sign_in_one_says_which_reader_one_is() -> None:
    with pytest.raises(WrongValues, match="which of the two readers"):
        save_score(LOCAL, NAME, "lead", 0)
    save_score(LOCAL, NAME, "lead", 0, reader="first")
    assert own_reading(LOCAL, NAME, "lead", "second").score is None
    save_score(LOCAL, NAME, "lead", 0, reader="second")
    assert shown() == [("lead", 0, 0, 0)]


def test_each_act_leaves_an_entry_in_the_trail() -> None:
    save_score(ANNA, NAME, "lead", 0)
    with reading(opened()) as connection:
        last = select_audit(connection).sort_values("id").iloc[-1]
    assert (last["who"], last["action"]) == ("anna", "register")


def test_an_item_is_corrected_and_again_with_its_history() -> None:
    (item,) = items_to_correct(ANNA)
    assert not item.concerns
    correct_item(ANNA, item, {"touches_under_twos": True, "states_short_term": True, "states_long_term": False})
    assert [one.concerns for one in items_to_correct(ANNA)] == [True]
    correct_item(ANNA, item, {"touches_under_twos": False})
    assert [(one.concerns, one.corrected) for one in items_to_correct(ANNA)] == [(False, True)]
    with reading(opened()) as connection:
        entries = select_register(connection, "document")
        history = select_history(connection, "document", item.entry_id)
    assert entries.set_index("entry_id").loc[item.entry_id, "kind"] == "item"
    assert len(history) == 2
    with pytest.raises(UnknownName, match="no such mark"):
        correct_item(ANNA, item, {"score": True})
