"""What local groups offer, on the Reach page: sent in, refused, moderated, shown and withdrawn, button by button."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

Show = Callable[..., Any]
SLUG, LSOA = "reach", "E01015272"
GROUP = "Example group of the tests"


@pytest.fixture
def empty_list(reference_store: Path, tmp_path: Path) -> Path:
    """A copy of the reference, to write to: no group has told anything."""
    return Path(shutil.copy(reference_store, tmp_path / "store.sqlite"))


def press(shown: Any, label: str) -> Any:
    next(one for one in shown.app.button if one.label == label).click().run()
    assert [one.value for one in shown.app.exception] == []
    return shown


def said(shown: Any) -> str:
    return "\n".join(one.value for one in (*shown.app.success, *shown.app.error))


def fill_in(shown: Any, about: str = "", key: str = "offer_0") -> None:
    app = shown.app
    app.text_input(key=f"{key}_group_name").input(GROUP)
    app.multiselect(key=f"{key}_offers").set_value(["peer support", "stay and play"])
    app.multiselect(key=f"{key}_for_whom").set_value(["young parents"])
    app.multiselect(key=f"{key}_how_found").set_value(["drop in"])
    app.selectbox(key=f"{key}_how_often").set_value("once a week")
    app.number_input(key=f"{key}_places").set_value(12)
    app.text_input(key=f"{key}_about").input(about)


def send(show: Show, store: Path) -> Any:
    """Send one in for the place that the page is about."""
    shown = show(store, SLUG, area=LSOA, send="true", moderate="true")
    fill_in(shown, "Step-free")
    return press(shown, "Send it in")


def decide(shown: Any, decision: str, reason: str | None = None) -> Any:
    name = next(one.key for one in shown.app.radio if one.key.startswith("moderate_"))
    shown.app.radio(key=name).set_value(decision)
    shown.app.selectbox(key=name.replace("_decision", "_reason")).set_value(reason)
    return press(shown, "Save the decision")


def offers_of(shown: Any) -> str:
    """What is shown to everybody about the place."""
    return "\n".join(row for row in shown.html.split("\n") if "What local groups told us" in row)


def test_from_sending_in_to_being_shown(show: Show, empty_list: Path) -> None:
    shown = show(empty_list, SLUG, area=LSOA)
    assert "No local group has told us yet what it does in or near Boscombe East 035A." in shown.text
    shown = send(show, empty_list)
    assert "It waits for a moderator now" in said(shown)
    (own,) = shown.tables["What you sent in, newest first"][1:]
    assert own[:2] == [GROUP, "Boscombe East 035A (BCP)"]
    assert own[3] == "Waits for a moderator; nobody else sees it"
    assert GROUP not in offers_of(show(empty_list, SLUG, area=LSOA))
    shown = decide(show(empty_list, SLUG, area=LSOA, moderate="true"), "Accept it: it is shown")
    assert "it is shown now" in said(shown)
    place = offers_of(show(empty_list, SLUG, area=LSOA))
    assert f"<strong>{GROUP}</strong>: peer support; stay and play, for young parents." in place
    assert "Meets once a week, 12 places." in place
    assert "not counted as a service figure" in place
    assert GROUP in show(empty_list, SLUG, told="true").text  # and among all of them
    withdrawn = press(show(empty_list, SLUG, area=LSOA, moderate="true"), "Withdraw it")
    assert "It is withdrawn" in said(withdrawn)
    assert GROUP not in show(empty_list, SLUG, area=LSOA).text


def test_what_identifies_a_person_is_refused_field_by_field_and_the_rest_stays_written(
    show: Show, empty_list: Path
) -> None:
    shown = show(empty_list, SLUG, area=LSOA, send="true")
    fill_in(shown, "Ask Mrs J Example")
    press(shown, "Send it in")
    assert "**A few words more**: the name of a person stands here." in said(shown)
    assert "J Example" not in said(shown)
    assert shown.app.text_input(key="offer_0_group_name").value == GROUP
    engine = sa.create_engine(f"sqlite:///{empty_list}")
    with engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT * FROM community_offer")).all()
        trail = str(connection.execute(sa.text("SELECT * FROM audit")).all())
    engine.dispose()
    assert kept == []
    assert "offer_refused" in trail
    assert "J Example" not in trail


def test_a_form_that_lacks_something_says_what(show: Show, empty_list: Path) -> None:
    shown = press(show(empty_list, SLUG, area=LSOA, send="true"), "Send it in")
    for field in ("Name of the group", "What it offers", "Whom it is mainly for", "How often it meets"):
        assert f"**{field}**: something is needed here." in said(shown)
    assert "Where it meets" not in said(shown)  # it is the place that the page is about


def test_the_sender_is_told_why_and_changes_it(show: Show, empty_list: Path) -> None:
    decided = decide(send(show, empty_list), "Ask for a change", "not enough to go on")
    assert "with the reason" in said(decided)
    shown = show(empty_list, SLUG, area=LSOA, send="true", moderate="true")
    (own,) = shown.tables["What you sent in, newest first"][1:]
    assert own[3:] == ["Please change it; it is not shown", "not enough to go on"]
    shown.app.selectbox(key="offer_own").select_index(0).run()
    key = next(one.key for one in shown.app.text_input if one.value == GROUP).removesuffix("_group_name")
    shown.app.text_input(key=f"{key}_about").input("With a quiet room")
    press(shown, "Save the change")
    assert "Your change is saved." in said(shown)
    (own,) = shown.tables["What you sent in, newest first"][1:]
    assert own[3:] == ["Waits for a moderator; nobody else sees it", "–"]


def test_of_two_moderators_the_second_is_told(show: Show, empty_list: Path) -> None:
    send(show, empty_list)
    first = show(empty_list, SLUG, area=LSOA, moderate="true")
    second = show(empty_list, SLUG, area=LSOA, moderate="true")
    decide(first, "Accept it: it is shown")
    decide(second, "Decline it", "listed already")
    assert "somebody was faster, and it is “accepted” now" in said(second)
    assert GROUP in offers_of(show(empty_list, SLUG, area=LSOA))
