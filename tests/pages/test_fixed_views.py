"""A view is linked, cited and fixed at the end of its page, and opens for good at its own address."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.actions.freezing import freeze, withdraw
from data.actions.people import LOCAL, Person
from data.answers.current import ensure_current
from data.answers.frozen import Pack, frozen, standing
from data.answers.opened import opened, state
from data.answers.questions import question
from data.catalogue import pages
from data.intake.loading import load
from data.store.engine import writing
from pages.components import ask, downloads, frame, links
from pages.components import frozen as fixed_page
from pages.components.ask import look_again
from pages.components.links import named

Show = Callable[..., Any]
HEADING = "indicator,area_code,period_from,period_to,numerator,denominator"
PACK = Pack("pack.pdf", "application/pdf", b"%PDF-1.7 of a board")


@pytest.fixture
def store(illustrative_store: Path, tmp_path: Path) -> Path:
    """A store of the test's own."""
    path = tmp_path / "own.sqlite"
    shutil.copy(illustrative_store, path)
    return path


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``as_person(role)`` lets pages take whoever opens them for somebody of that role."""

    def take(role: str) -> None:
        who = Person(f"subject-of-{role}", f"A {role}", role)
        for module in (ask, downloads, frame, links, fixed_page):
            monkeypatch.setattr(module, "person", lambda: who)

    return take


def open_links(app: AppTest) -> list[str]:
    """Open the part with the link; give what can be copied."""
    app.session_state["link"] = True
    app.run()
    assert not app.exception
    return [one.value for one in app.code]


def fix(show: Show, store: Path, *, pack: Pack | None = None) -> str:
    """Fix the answer about the workforce of BCP."""
    show(store, "take_away")  # names the store
    answers = named([question("workforce_groups")(area_code="E06000058")])
    return freeze(LOCAL, answers, "For the board", address="/workforce?place=BCP", as_of=state(), pack=pack)


@pytest.mark.parametrize("slug", [page.slug for page in pages()])
def test_every_page_has_its_link_and_its_citation_and_nothing_of_it_is_made_before_it_is_opened(
    show: Show, illustrative_store: Path, slug: str
) -> None:
    shown = show(illustrative_store, slug, unknown="kept & quoted")
    assert len(shown.app.code) == 0
    page = next(one for one in pages() if one.slug == slug)
    link, cited = open_links(shown.app)
    path = "/" if slug == "overview" else f"/{slug}"
    assert link == f"{path}?unknown=kept+%26+quoted"
    assert f"First 1001 Days: Dorset. {page.title}: {page.question} " in cited
    assert cited.endswith(f". {link}")
    assert "version 0.1.0" in cited
    illustrative = "ILLUSTRATIVE, not real: " in shown.html
    assert cited.startswith("ILLUSTRATIVE, not real. ") is illustrative


def test_a_citation_names_place_period_and_data(show: Show, real_store: Path) -> None:
    _, cited = open_links(show(real_store, "workforce", place="BCP").app)
    assert ". Seen on " in cited
    assert "? BCP; 2025/26" in cited
    assert not cited.startswith("ILLUSTRATIVE")


def test_a_view_is_fixed_on_its_page_and_opens_as_it_was_after_a_later_load(
    show: Show, store: Path, tmp_path: Path
) -> None:
    before = show(store, "workforce", place="BCP")
    finding = before.finding
    open_links(before.app)
    before.app.text_input(key="fixing_title").set_value("Workforce of BCP, May")
    next(one for one in before.app.button if one.label.startswith("Fix this view")).click().run()
    link = before.app.code[-1].value
    identity = link.removeprefix("/frozen?id=")
    file = tmp_path / "return.csv"
    file.write_text(f"{HEADING}\nimhcf_trained_direct_contact,E06000058,2026-01-01,2026-03-31,120,300\n")
    load(file, opened(), loaded_by="a test")
    ensure_current(opened())
    look_again()  # a page asks the store at most once a second
    assert show(store, "workforce", place="BCP").finding != finding
    fixed = show(store, "frozen", id=identity)
    assert fixed.app.header[0].value == "Workforce of BCP, May"
    assert finding in fixed.text
    assert fixed.banner
    assert 'href="/workforce?place=BCP"' in fixed.html
    assert fixed.app.code[0].value == link


def test_what_was_withdrawn_changed_or_never_fixed_is_told_in_a_sentence(show: Show, store: Path) -> None:
    gone, changed = fix(show, store), fix(show, store)
    withdraw(LOCAL, gone, "A figure was wrong")
    with writing(opened()) as connection:
        connection.exec_driver_sql("DROP TRIGGER frozen_view_is_not_changed")
        connection.exec_driver_sql(f"UPDATE frozen_view SET content = x'00' WHERE id = '{changed}'")  # noqa: S608
    told = show(store, "frozen", id=gone)
    assert "The reason given: A figure was wrong." in told.app.warning[0].value
    assert "so it is not shown" in show(store, "frozen", id=changed).app.error[0].value
    assert "no fixed view at this address" in show(store, "frozen", id="<b>nothing").app.error[0].value
    assert "names no fixed view" in show(store, "frozen").app.info[0].value
    assert len(told.tables) == 0


def test_take_away_lists_what_stands_and_withdraws_it_with_a_reason(show: Show, store: Path) -> None:
    assert "No view is fixed yet." in show(store, "take_away").text
    identity = fix(show, store, pack=PACK)
    shown = show(store, "take_away")
    assert f'<a href="/frozen?id={identity}" target="_self">For the board</a>, fixed on ' in shown.html
    assert "with its file. Illustrative" in shown.html
    shown.app.session_state["withdraw"] = True
    shown.app.run()
    shown.app.text_input(key="withdrawn_why").set_value("A figure was wrong")
    next(one for one in shown.app.button if one.label == "Withdraw it").click().run()
    assert shown.app.success[0].value.startswith("Withdrawn: For the board, ")
    assert standing() == []


@pytest.mark.parametrize(("role", "fixes", "withdraws"), [("partner", 0, 0), ("board", 1, 0), ("strategy", 1, 1)])
def test_who_may_fix_withdraw_and_take_a_pack_away(
    show: Show, store: Path, as_person: Callable[[str], None], role: str, fixes: int, withdraws: int
) -> None:
    identity = fix(show, store, pack=PACK)
    as_person(role)
    shown = show(store, "workforce")
    open_links(shown.app)
    assert len([one for one in shown.app.button if one.label.startswith("Fix this view")]) == fixes
    listed = show(store, "take_away")
    assert len([one for one in listed.app.get("expander") if one.label == "Withdraw a fixed view"]) == withdraws
    fixed = show(store, "frozen", id=identity)
    labels = [one.proto.label for one in fixed.elements if one.type == "download_button"]
    assert labels.count("Download pack.pdf") == fixes
    assert frozen(identity).answers["is-the-workforce-trained-and-supported"].finding in fixed.text
