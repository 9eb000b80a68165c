"""Signing a return off: who may, what stops it, and what is recorded of it, on both databases."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data import catalogue
from data.actions import sign_off as actions
from data.actions.people import Person
from data.actions.sign_off import awaiting_sign_off, sign_off
from data.actions.trail import trail_of
from data.answers import current
from data.catalogue.signing import sign_off_words
from data.errors import DataError, NotAllowed, UnknownName
from data.intake.status import status_of
from data.store.areas import load_areas
from data.store.audit import read_entries
from data.store.engine import reading, writing
from data.store.observations import load_observations
from data.store.state import bump_data, revision
from data.store.submissions import Provenance, add_submission, mark_superseded

STEWARD = Person("oidc|7", "Sam Steward", "steward")
FOUND = "2 hidden counts could be worked out"


@dataclass
class Report:
    passed: bool = True
    sentence: str = "Nothing hidden could be worked out."


def provenance(name: str, source_id: str = "first1001_long_return", **other: Any) -> Provenance:
    given = {"loaded_by": "oidc|3", "edition": "2025/26 Q4", "rows_read": 1, "rows_accepted": 1, **other}
    return Provenance(source_id=source_id, file_name=name, sha256=name.encode().hex().ljust(64, "0"), **given)


@pytest.fixture
def attack(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the attack on the release will report, and what happens while it runs."""
    held = SimpleNamespace(report=Report(), quick=None, meanwhile=lambda engine: None, runs=0, asked=[])

    def audit_release(engine: sa.Engine, names: object = None, *, thorough: bool = True) -> Report:
        held.runs += 1
        held.asked.append(("thorough" if thorough else "quick", names))
        held.meanwhile(engine)
        report: Report = held.report if thorough or held.quick is None else held.quick
        return report

    monkeypatch.setitem(sys.modules, "data.answers.audit", SimpleNamespace(audit_release=audit_release))
    monkeypatch.setattr(current, "ensure_current", lambda engine: 0)
    return held


@pytest.fixture
def kept(store: sa.Engine, attack: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A return (1), an illustrative one (2), a publication (3) and a return that gave way (4)."""
    with writing(store) as connection:
        add_submission(connection, provenance("q4.csv"))
        add_submission(connection, provenance("made_up.csv", illustrative=True))
        add_submission(connection, provenance("iod.csv", "iod2025"))
        mark_superseded(connection, add_submission(connection, provenance("q3.csv")))
    monkeypatch.setattr(actions, "opened", lambda: store)
    return store


def signed(engine: sa.Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return {one["file_name"]: one["sign_off"] for one in status_of(connection)["files"]}


def acts(engine: sa.Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        return [(one["who"], one["action"], one["subject"]) for one in read_entries(connection)]


def test_a_return_is_not_signed_off_until_somebody_with_the_right_does_it(kept: sa.Engine) -> None:
    assert signed(kept) == {"q4.csv": "Not signed off yet", "made_up.csv": "", "iod.csv": ""}
    assert awaiting_sign_off(STEWARD)["file_name"].tolist() == ["q4.csv"]
    with reading(kept) as connection:
        before = revision(connection)
    sign_off(STEWARD, 1)
    assert signed(kept)["q4.csv"].startswith("Signed off on ")
    assert awaiting_sign_off(STEWARD).empty
    assert acts(kept) == [("oidc|7", "sign_off", "q4.csv")]
    assert trail_of(kept).holds
    with reading(kept) as connection:
        assert revision(connection) != before, "answers that were kept must say it as well"


@pytest.mark.parametrize("role", ["partner", "board", "strategy"])
def test_nobody_but_a_steward_signs_off(kept: sa.Engine, role: str) -> None:
    person = Person("somebody", "Somebody", role)
    with pytest.raises(NotAllowed, match="can't sign a return off"):
        sign_off(person, 1)
    with pytest.raises(NotAllowed, match="can't sign a return off"):
        awaiting_sign_off(person)
    assert acts(kept) == []


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (2, "made_up.csv: The file is illustrative, so there is nothing to sign off"),
        (3, "iod.csv: The file is not a return, so nobody signs it off"),
        (4, "q3.csv: A later file has taken its place, so it can't be signed off"),
    ],
)
def test_what_is_nobody_s_to_sign_off_is_said(kept: sa.Engine, attack: SimpleNamespace, number: int, why: str) -> None:
    with pytest.raises(DataError, match=why):
        sign_off(STEWARD, number)
    assert attack.runs == 0
    with pytest.raises(UnknownName, match="no such submission"):
        sign_off(STEWARD, 99)


def test_a_return_is_signed_off_once(kept: sa.Engine) -> None:
    sign_off(STEWARD, 1)
    with pytest.raises(DataError, match="signed off already"):
        sign_off(STEWARD, 1)
    assert len(acts(kept)) == 1


@pytest.mark.parametrize("who", ["oidc|3", "Lee Lead"])
def test_whoever_loaded_a_return_does_not_sign_it_off(
    kept: sa.Engine, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(kept) as connection:
        number = add_submission(connection, provenance("own.csv", loaded_by=who))
    own = Person("oidc|3", "Lee Lead", "steward")
    with pytest.raises(DataError, match=r"You loaded this return yourself\. A return is signed off by somebody else"):
        sign_off(own, number)
    sign_off(replace(own, local=True), number)
    assert acts(kept) == [("oidc|3", "sign_off", "own.csv")]


def test_the_rule_of_two_people_is_the_catalogue_s(kept: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalogue.sign_off_rule().two_people
    monkeypatch.setattr(actions, "sign_off_rule", lambda: replace(catalogue.sign_off_rule(), two_people=False))
    sign_off(Person("oidc|3", "Lee Lead", "steward"), 1)
    assert acts(kept) == [("oidc|3", "sign_off", "q4.csv")]


def test_a_release_that_gives_something_away_blocks_it_and_that_is_noted(
    kept: sa.Engine, attack: SimpleNamespace
) -> None:
    attack.report = Report(False, FOUND)
    with pytest.raises(DataError, match=f"The return can't be signed off: {FOUND}"):
        sign_off(STEWARD, 1)
    assert signed(kept)["q4.csv"] == "Not signed off yet"
    assert acts(kept) == [("oidc|7", "sign_off_refused", "submission 1")]


OWN = ["buddy_allocated", "review_2_years"]


@pytest.fixture
def holding(kept: sa.Engine) -> sa.Engine:
    """The same store, in which the return (1) holds a figure of two indicators."""
    area = pd.DataFrame({"area_code": ["E06000058"], "area_type": "lad", "area_name": "BCP"})
    figures = pd.DataFrame({"indicator_id": OWN, "numerator": [30, 600], "denominator": [40, 800]}).assign(
        **{"area_code": "E06000058", "area_type": "lad", "period_type": "quarter"},
        **{"period_from": "2026-01-01", "period_to": "2026-03-31", "breakdown_type": "", "breakdown_value": ""},
        **{"value": None, "lowercl": None, "uppercl": None, "value_status": "shown", "note": None},
    )
    with writing(kept) as connection:
        load_areas(connection, area, 1)
        load_observations(connection, figures, 1)
    return kept


BOTH = [("quick", None), ("thorough", OWN)]


def test_everything_is_attacked_quickly_and_then_the_return_s_own_figures_thoroughly(
    holding: sa.Engine, attack: SimpleNamespace
) -> None:
    sign_off(STEWARD, 1)
    assert [(how, names and sorted(names)) for how, names in attack.asked] == BOTH


@pytest.mark.parametrize(("quick", "thorough", "asked"), [(False, True, BOTH[:1]), (True, False, BOTH)])
def test_either_attack_blocks_it_by_itself(
    holding: sa.Engine, attack: SimpleNamespace, quick: bool, thorough: bool, asked: list[tuple[str, list[str] | None]]
) -> None:
    attack.quick, attack.report = Report(quick, FOUND), Report(thorough, FOUND)
    with pytest.raises(DataError, match=f"The return can't be signed off: {FOUND}"):
        sign_off(STEWARD, 1)
    assert [(how, names and sorted(names)) for how, names in attack.asked] == asked
    assert signed(holding)["q4.csv"] == "Not signed off yet"
    assert acts(holding) == [("oidc|7", "sign_off_refused", "submission 1")]


def test_a_load_while_the_release_is_attacked_blocks_it(kept: sa.Engine, attack: SimpleNamespace) -> None:
    attack.meanwhile = load_something
    with pytest.raises(DataError, match="Somebody loaded a file while the release was checked"):
        sign_off(STEWARD, 1)
    assert signed(kept)["q4.csv"] == "Not signed off yet"
    assert acts(kept) == []


def load_something(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        bump_data(connection)


def test_a_broken_trail_blocks_it(sqlite_store: sa.Engine, attack: SimpleNamespace, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "opened", lambda: sqlite_store)
    with writing(sqlite_store) as connection:
        add_submission(connection, provenance("q4.csv"))
        connection.exec_driver_sql("DROP TRIGGER audit_head_is_not_removed")
        connection.exec_driver_sql("DELETE FROM audit_head")
    with pytest.raises(DataError, match=r"Nothing can be signed off\. The trail is broken in what guards it"):
        sign_off(STEWARD, 1)
    assert attack.runs == 0


@pytest.mark.parametrize(
    ("source_id", "at", "illustrative", "words"),
    [
        ("first1001_long_return", None, False, "Not signed off yet"),
        ("first1001_long_return", float("nan"), False, "Not signed off yet"),
        ("register_commitments", "2026-04-07 09:00:00", False, "Signed off on 7 April 2026"),
        ("first1001_long_return", None, True, ""),
        ("iod2025", None, False, ""),
        ("this_dashboard", None, False, ""),
    ],
)
def test_the_words_say_what_was_done(source_id: str, at: object, illustrative: bool, words: str) -> None:
    assert sign_off_words(source_id, at, illustrative=illustrative) == words
