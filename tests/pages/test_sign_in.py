"""Every page script by itself, without the menu: nothing before sign-in, downloads only for those who may."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.actions.admission import NotSignedIn
from data.catalogue import every_page, pages
from pages.components.ended import end_sign_in

ROOT = Path(__file__).parents[2]
SLUGS = [page.slug for page in pages()]
SECRETS = {
    "auth": {
        "redirect_uri": "https://dashboard.example/oauth2callback",
        "cookie_secret": "only-for-tests-4f1c0a9be27d5386-only-for-tests",
        "client_id": "dashboard",
        "client_secret": "only-for-tests",
        "server_metadata_url": "https://id.example/.well-known/openid-configuration",
    },
    "roles": {"people": {"bo-3e9": "board"}},
}
Open = Callable[..., AppTest]


def claims(subject: str, **changes: Any) -> dict[str, Any]:
    """What a session knows of whoever signed in."""
    found = {"is_logged_in": True, "provider": "default", "sub": subject, "name": "Pat <b>Partner</b>"}
    return {**found, "iat": int(time.time()), **changes}


@pytest.fixture
def open_as(monkeypatch: pytest.MonkeyPatch, illustrative_store: Path) -> Open:
    """``open_as(slug, claims)`` runs a page as somebody; ``secrets`` is how sign-in is set up."""

    def run(slug: str, user: dict[str, Any], secrets: dict[str, Any] | None = None) -> AppTest:
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{illustrative_store}")
        app = AppTest.from_file(str(ROOT / "pages" / f"{slug}.py"), default_timeout=120)
        app.secrets.update(SECRETS if secrets is None else secrets)
        app.user = user
        return app.run()

    return run


def kinds(app: AppTest) -> list[str]:
    return [one.type for one in [*app.sidebar, *app.main] if getattr(one, "proto", None) is not None]


@pytest.mark.parametrize("slug", [page.slug for page in every_page()])
def test_a_page_that_is_run_by_itself_shows_nothing_but_the_way_in(open_as: Open, slug: str) -> None:
    app = open_as(slug, {"is_logged_in": False, "email": "ann@icb.example"})
    assert [one.value for one in app.exception] == []
    assert kinds(app) == ["title", "markdown", "button"]
    assert [one.value for one in app.title] == ["Sign in"]


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (claims("pat-7c1", iat=1), "Your sign-in has ended."),
        (claims("pat-7c1", provider="other"), "Nobody is signed in yet."),
        (claims("pat-7c1", is_logged_in="yes"), "Nobody is signed in yet."),
    ],
)
def test_a_sign_in_that_does_not_hold_leads_to_the_way_in(open_as: Open, user: dict[str, Any], words: str) -> None:
    app = open_as("overview", user)
    assert kinds(app) == ["title", "markdown", "button"]
    assert app.markdown[0].value.startswith(words)


def test_settings_that_are_wrong_let_nobody_in_and_say_no_more_than_that(open_as: Open) -> None:
    app = open_as("overview", claims("bo-3e9"), {**SECRETS, "roles": {"people": {"bo-3e9": "chair"}}})
    assert kinds(app) == ["title", "error", "button"]
    assert app.error[0].value == "Sign-in is not set up right. Ask whoever runs the dashboard to read its log."


#: Here every table that this store fills stands below a neighbourhood, or in a part that is folded until it is opened.
LATER = frozenset({"reach", "investment", "accountability", "in_their_own_words"})


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("subject", "may_take_away"), [("pat-7c1", False), ("bo-3e9", True)])
def test_downloads_are_offered_to_those_who_may_take_figures_away(
    open_as: Open, slug: str, subject: str, may_take_away: bool
) -> None:
    app = open_as(slug, claims(subject))
    assert [one.value for one in app.title] == [next(page.question for page in pages() if page.slug == slug)]
    offered = [one for one in app.get("expander") if one.label.startswith("Take away: ")]
    assert bool(offered) == (may_take_away and slug not in LATER)


def test_the_page_names_whoever_is_signed_in_without_running_what_they_call_themselves(open_as: Open) -> None:
    app = open_as("overview", claims("pat-7c1"))
    (named,) = [one.proto.body for one in app.sidebar if one.type == "html"]
    assert "Pat &lt;b&gt;Partner&lt;/b&gt;</strong>, community partner." in named
    assert [one.label for one in app.sidebar.button] == ["Sign out"]
    assert not [one for one in app.main if one.type == "html" and "f1-local" in one.proto.body]


def test_without_sign_in_every_page_says_that_it_is_in_local_mode(open_as: Open) -> None:
    app = open_as("data", {}, {"connections": {}})
    assert "Local mode:" in next(one.proto.body for one in app.main if one.type == "html" and "role=" in one.proto.body)
    assert not app.sidebar.button


def later() -> None:
    """A page with a button whose file is made when it is pressed, long after the page."""
    import streamlit as st

    from pages.components.sign_in import person_later

    st.session_state["who"] = person_later()


def test_a_file_is_not_made_for_somebody_who_has_left_since_the_page_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streamlit.secrets._secrets", dict(SECRETS))
    app = AppTest.from_function(later)
    app.user = claims("bo-3e9")
    app.run()
    who = app.session_state["who"]
    assert who().role == "board"
    end_sign_in(claims("bo-3e9", iat=app.user["iat"]))
    with pytest.raises(NotSignedIn, match="You have signed out"):
        who()
