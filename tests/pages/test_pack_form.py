"""The board pack on Take away: made when its button is pressed, step by step, and refused where it must be."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.actions.packing import STEPS, MadePack
from data.actions.people import Person
from data.answers.answer import Answer
from data.answers.frozen import frozen, standing
from data.answers.opened import opened
from data.answers.questions import question
from data.catalogue.board_paper import board_paper
from data.store.audit import select_audit
from data.store.engine import reading
from pages.components.pack_form import MADE

Show = Callable[..., Any]


@pytest.fixture
def own_store(real_store: Path, tmp_path: Path) -> Path:
    """A copy that a test may write to."""
    path = tmp_path / "store.sqlite"
    shutil.copy(real_store, path)
    return path


def trail() -> pd.DataFrame:
    with reading(opened()) as connection:
        found = select_audit(connection)
    return found.loc[found["action"] == "export"]


def press(app: Any) -> None:
    button = next(one for one in app.button if one.label == "Make the board pack")
    button.click().run()
    assert [one.value for one in app.exception] == []


def made_in(app: Any) -> MadePack | None:
    held = app.session_state[MADE] if MADE in app.session_state else None  # noqa: SIM401 (it has no get)
    return None if held is None else held[1]


def test_nothing_is_made_before_the_button_is_pressed_and_the_address_holds_what_was_picked(
    show: Show, own_store: Path
) -> None:
    shown = show(own_store, "take_away", pack=["Mandated reviews by area"], pack_format="PDF")
    picked = next(one for one in shown.app.multiselect if one.label == "Questions in the pack")
    assert picked.value == ["mandated_reviews"]
    assert made_in(shown.app) is None
    assert trail().empty


def test_the_button_makes_a_pack_in_steps_and_the_trail_has_it(show: Show, own_store: Path) -> None:
    app = show(own_store, "take_away", pack=["Mandated reviews by area"], pack_format="PDF").app
    (recommendation,) = (one for one in app.text_area if one.label.startswith("Recommendation"))
    recommendation.input("The board is asked to note the reviews.")
    press(app)
    (status,) = app.status
    assert (status.label, status.state) == ("The board pack is ready", "complete")
    assert [one.value for one in status.markdown] == ["Asking 3 questions", *STEPS]
    made = made_in(app)
    assert made is not None
    assert made.content.startswith(b"%PDF-")
    labels = [one.proto.label for one in app.get("download_button")]
    assert f"Download the board pack (PDF, {len(made.content) / 1024:,.0f} KB)" in labels
    assert list(trail()["subject"]) == [made.file]
    assert "recommendation" not in str(app.query_params).lower()


def test_a_pack_can_be_fixed_for_good_with_its_file(show: Show, own_store: Path) -> None:
    app = show(own_store, "take_away", pack=["Mandated reviews by area"], pack_format="PDF").app
    press(app)
    made = made_in(app)
    next(one for one in app.button if one.label == "Fix this pack at today’s data").click().run()
    assert [one.value for one in app.success] == ["This pack is fixed. The list of fixed views below has it."]
    (entry,) = standing()
    kept = frozen(entry.id)
    assert made is not None
    assert kept.pack is not None
    assert (kept.pack.file, kept.pack.content) == (made.file, made.content)
    assert list(kept.answers) == ["scorecard", "commitments", "mandated_reviews"]


def test_another_choice_takes_the_old_pack_away(show: Show, own_store: Path) -> None:
    app = show(own_store, "take_away", pack=["Mandated reviews by area"], pack_format="PDF").app
    press(app)
    next(one for one in app.multiselect if one.label == "Questions in the pack").set_value([]).run()
    assert [one for one in app.get("download_button") if "board pack" in one.proto.label] == []


def test_a_cover_that_identifies_somebody_is_refused_in_a_sentence(show: Show, own_store: Path) -> None:
    app = show(own_store, "take_away", pack=["Mandated reviews by area"]).app
    (risk,) = (one for one in app.text_area if one.label.startswith("Risk"))
    risk.input("Mrs Jane Doe waited")
    press(app)
    assert [one.value for one in app.error] == [
        "The name of a person stands in “Risk”, and nothing that identifies a person may go into a paper. "
        "Take it out, or say it without."
    ]
    (status,) = app.status
    assert (status.label, status.state, list(status.error)) == ("No board pack was made", "error", [])  # it is folded
    assert made_in(app) is None
    assert trail().empty


def test_whoever_may_not_export_sees_no_form(show: Show, own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.pack_form.person", lambda: Person("9a11", "Bob Example", "partner"))
    shown = show(own_store, "take_away")
    assert [one.label for one in shown.app.button if "board pack" in one.label] == []


def test_every_column_that_the_form_names_is_in_the_answer(show: Show, illustrative_store: Path) -> None:
    show(illustrative_store, "take_away")  # names the store
    missing = {}
    for part in board_paper().parts:
        answer = question(part.question)(**part.chosen)
        assert isinstance(answer, Answer), part.id
        columns = [*part.headings, *([part.order.removeprefix("-")] if part.order else [])]
        gone = [name for name in columns if name not in answer.table.columns]
        if gone and len(answer.table.columns):
            missing[part.id] = gone
    assert missing == {}
