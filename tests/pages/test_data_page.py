"""The Data page: who may send, what a file would change, what is wrong with it, and which returns have arrived."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from data.actions.people import Person
from data.answers.coverage import STATES, coverage, grid
from data.answers.loaded import template_choices
from data.answers.opened import opened
from data.sources.templates import template_names
from pages.components import ask, downloads, earlier, frame, sending
from pages.components.coverage import grid_tables
from pages.components.links import LABEL

Show = Callable[..., Any]
HEAD = "indicator,area_code,period_from,period_to,numerator,denominator\n"
PLACE = "E06000058,2026-01-01,2026-03-31"
GOOD = f"{HEAD}buddy_introduced,{PLACE},20,40\n"
BAD = f"{HEAD}buddy_introduced,{PLACE},50,40\nbuddy_introducd,{PLACE},1,2\n"
ABLE = "A strategy lead or data steward can: ask one of them."


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``as_person(role)`` lets the page take whoever opens it for somebody of that role."""

    def take(role: str) -> None:
        who = Person(f"subject-of-{role}", f"A {role}", role)
        for module in (ask, downloads, earlier, frame, sending):
            monkeypatch.setattr(module, "person", lambda: who)

    return take


@pytest.fixture
def store(real_store: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the store with one real return, to be written to."""
    path = tmp_path / "store.sqlite"
    shutil.copy(real_store, path)
    grid.cache_clear()
    yield path
    grid.cache_clear()


def send(shown: Any, text: str, name: str = "return.csv") -> AppTest:
    app: AppTest = shown.app
    app.file_uploader[0].set_value((name, text.encode(), "text/csv")).run()
    assert [one.value for one in app.exception] == []
    return app


def shown_figure(store: Path) -> str:
    """What is released of the indicator that the files hold."""
    engine = sa.create_engine(f"sqlite:///{store}")
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT value FROM released WHERE indicator_id = 'buddy_introduced' AND area_code = 'E06000058'")
        ).scalar()
    engine.dispose()
    return "nothing" if found is None else f"{found:.1f}"


def words(app: AppTest) -> str:
    kinds = ("markdown", "success", "error", "info", "warning")
    plain = [one.value for kind in kinds for one in app.get(kind)]
    html = [one.proto.body for one in app.main if one.type == "html"]
    return re.sub(r"\\(.)", r"\1", re.sub(r"<[^>]+>", " ", "\n".join([*plain, *html])))


@pytest.mark.parametrize("role", ["partner", "board"])
def test_who_may_not_load_sees_no_upload_and_learns_who_can(
    show: Show, real_store: Path, as_person: Callable[[str], None], role: str
) -> None:
    as_person(role)
    shown = show(real_store, "data")
    assert len(shown.app.file_uploader) == 0
    assert words(shown.app).count(ABLE) == 2  # sending, and going back
    assert "A data steward can" in words(shown.app)  # signing off
    for_all = {"Send figures in by command", "What these words mean"}
    for_all |= {"The pregnancy questionnaire, for whoever builds the form", LABEL}
    folded = {one.label for one in shown.app.get("expander")}
    assert {one for one in folded if not one.startswith("Take away: ")} == for_all
    assert not [one for one in shown.app.button if one.key != "sign-out"]


@pytest.mark.parametrize(("role", "may_sign"), [("strategy", False), ("steward", True)])
def test_who_may_load_sees_what_their_role_may_do(
    show: Show, real_store: Path, as_person: Callable[[str], None], role: str, may_sign: bool
) -> None:
    as_person(role)
    shown = show(real_store, "data")
    assert len(shown.app.file_uploader) == 1
    parts = {one.label for one in shown.app.get("expander")}
    assert "Every file that was ever loaded, and the way back" in parts
    assert ("Sign a return off" in parts) is may_sign
    assert ("A data steward can" in words(shown.app)) is not may_sign


def test_a_good_file_shows_what_it_would_change_and_changes_it_when_confirmed(show: Show, store: Path) -> None:
    app = send(show(store, "data"), GOOD)
    said = words(app)
    assert "return.csv** passes every check" in said
    assert "It was recognised as: **First 1001 days long return**" in said
    assert "headline figures would not be as they are now" in said
    assert re.search(r"New rows\s+1\s", said)
    assert re.search(r"no figure\s+50.0% \(2025/26 Q4\)\s+is new", said)  # 20 of 40
    app.button(key="load").click().run()
    assert [one.value for one in app.exception] == []
    assert "return.csv loaded: First 1001 days long return" in words(app)
    assert not app.button  # nothing is chosen any more
    assert shown_figure(store) == "50.0"
    assert "sending_tried" not in app.session_state  # nothing of the file stays in the session


def test_a_file_can_be_put_away_and_nothing_has_changed(show: Show, store: Path) -> None:
    app = send(show(store, "data"), GOOD)
    app.button(key="put_away").click().run()
    assert "passes every check" not in words(app)
    assert "sending_tried" not in app.session_state
    assert app.file_uploader[0].value is None
    assert shown_figure(store) == "nothing"


def test_a_file_that_is_loaded_already_says_so(show: Show, store: Path) -> None:
    app = send(show(store, "data"), GOOD)
    app.button(key="load").click().run()
    app.file_uploader[0].set_value(("again.csv", GOOD.encode(), "text/csv")).run()
    assert "again.csv** is loaded already. Nothing would change." in words(app)
    assert [one.key for one in app.button] == ["put_away"]


def test_every_problem_stands_in_a_table_and_nothing_can_be_loaded(show: Show, store: Path) -> None:
    app = send(show(store, "data"), BAD)
    said = words(app)
    assert "return.csv** can’t be loaded: 2 problems. Nothing was changed. It was recognised as: Long return." in said
    for expected in ("Row 3, column indicator_id", "Row 2, column numerator", "Did you mean", "Check both counts"):
        assert expected in said
    assert "load" not in [one.key for one in app.button]
    labels = [one.proto.label for one in app.get("download_button")]
    assert "Download a marked copy (XLSX)" in labels


def test_a_file_that_identifies_somebody_gets_no_marked_copy_and_shows_no_value(show: Show, store: Path) -> None:
    text = f"{HEAD[:-1]},note\nbuddy_introduced,E06000058,2026-01-01,2026-03-31,20,40,943 476 5919\n"
    app = send(show(store, "data"), text)
    said = words(app)
    assert "could identify a person" in said
    assert "943" not in said
    assert "Download a marked copy (XLSX)" not in [one.proto.label for one in app.get("download_button")]


def test_a_name_of_a_file_is_not_read_as_formatting(show: Show, store: Path) -> None:
    app = send(show(store, "data"), BAD, "a_b*<script>[x](http:y).csv")
    told = app.error[0].value
    assert "<script>" not in told.replace("\\<", "")
    assert "\\*" in told
    assert "\\[x\\]" in told


def test_each_state_is_said_in_words_with_a_sign_before_it(show: Show, illustrative_store: Path) -> None:
    grid.cache_clear()
    shown = show(illustrative_store, "data")
    quarters = next(rows for caption, rows in shown.tables.items() if caption.startswith("Each quarter"))
    assert quarters[0][1] == "2025/26 Q4"  # as of the illustrative present, newest first
    said = {cell.split("  ")[0] for row in quarters[1:] for cell in row[1:]}
    known = tuple(f"{sign} {name}" for sign, name in STATES.values())
    assert said
    assert all(cell.startswith(known) for cell in said)
    assert "▲ Late" in said


def test_what_is_not_there_can_be_shown_alone(illustrative_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{illustrative_store}")
    grid.cache_clear()
    answer = coverage()
    whole = answer.table["part_id"] == "maternity"
    table = answer.table.assign(state=answer.table["state"].mask(whole, "arrived"))
    changed = replace(answer, table=table)
    assert "Maternity, BCP" in "".join(grid_tables(changed, False))
    left = "".join(grid_tables(changed, True))
    assert "Maternity, BCP" not in left
    assert "Family hubs, BCP" in left
    opened().dispose()


def test_templates_on_the_page_are_those_that_can_be_written() -> None:
    assert [name for name, _ in template_choices()] == list(template_names())


def test_the_questionnaire_can_be_downloaded_by_whoever_builds_the_form() -> None:
    import json

    from data.actions.templates import questionnaire_file
    from pages.components.templates import FILES

    assert json.loads(questionnaire_file("questions"))["resourceType"] == "Questionnaire"
    assert json.loads(questionnaire_file("codes"))["resourceType"] == "CodeSystem"
    assert all(questionnaire_file(name) for name in FILES)


def test_a_template_is_made_when_asked_for() -> None:
    from data.actions.templates import template_file

    assert template_file("commitments").startswith(b"PK")


def test_going_back_asks_once_more_and_says_what_it_did(show: Show, store: Path) -> None:
    shown = show(store, "data")
    app = send(shown, GOOD)
    app.button(key="load").click().run()
    app.file_uploader[0].set_value(("second.csv", GOOD.replace("20,40", "30,40").encode(), "text/csv")).run()
    assert "changes" in words(app)
    app.button(key="load").click().run()
    app.session_state["earlier"] = True
    app.run()
    said = words(app)
    assert "Used" in said
    assert "Gave way to a later file" in said
    app.button(key="ask_back").click().run()
    assert "This changes the figures that everybody sees." in words(app)
    app.button(key="sure_back").click().run()
    assert "return.csv is used again: 1 of its rows came back." in words(app)


def test_a_steward_reads_the_trail_and_sees_what_waits_to_be_signed_off(
    show: Show, store: Path, as_person: Callable[[str], None]
) -> None:
    as_person("steward")
    app = send(show(store, "data"), GOOD)
    app.button(key="load").click().run()
    app.session_state["trail"] = True
    app.session_state["sign_off"] = True
    app.run()
    assert [one.value for one in app.exception] == []
    said = words(app)
    assert re.search(r"subject-of-steward\s+Loaded a file\s+return.csv", said)
    assert "Download the whole trail (CSV)" in [one.proto.label for one in app.get("download_button")]
    waiting = app.selectbox(key="signed_file").options
    assert any(one.startswith("return.csv, loaded") for one in waiting)
    assert "Sign this return off" in [one.label for one in app.button]
