"""Who is asking: whoever signed in, or, where no sign-in is set up, whoever sits at this machine.

Every page begins with ``person()``, and so does every question that a page asks: whoever has not signed in gets to
see the words of this file and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.actions.admission import NotSignedIn, WrongSettings, admit
from data.actions.people import LOCAL, Person, role
from data.errors import NotAllowed
from pages.components.ended import end_sign_in, has_ended
from pages.components.sign_in_settings import UNNAMED, sign_in_settings

LOG = logging.getLogger(__name__)


def person() -> Person:
    """Say who is signed in on this page; everything that acts for somebody begins here. Stops where nobody is."""
    try:
        return admitted(st.user.to_dict())
    except WrongSettings as error:
        LOG.error("Nobody is let in, because sign-in is set up wrong: %s", error)
        _turn_away(NotAllowed("Sign-in is not set up right", todo="Ask whoever runs the dashboard to read its log"))
    except NotAllowed as refusal:
        _turn_away(refusal)


def person_later() -> Callable[[], Person]:
    """Say who is asking when the page has long been made, as when a button makes a file; raises if they have left."""
    claims = st.user.to_dict()
    return lambda: admitted(claims)


def is_known() -> bool:
    """Say whether somebody is signed in who may come in; shows nothing."""
    try:
        admitted(st.user.to_dict())
    except (NotAllowed, WrongSettings):
        return False
    return True


def admitted(claims: Mapping[str, Any]) -> Person:
    """Say whose claims these are; raises where they let nobody in."""
    found = sign_in_settings()
    if found is None:
        return LOCAL
    if has_ended(claims):
        raise NotSignedIn("You have signed out", todo="Sign in again to go on")
    rules = found.rules.get(str(claims.get("provider")))
    if rules is None:
        raise NotSignedIn("Nobody is signed in yet", todo="Sign in")
    return admit(claims, rules)


def _turn_away(refusal: NotAllowed) -> NoReturn:
    """Show the way in and nothing else. A part of a page that runs by itself makes the whole page run again."""
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:
        st.rerun()
    if isinstance(refusal, NotSignedIn):
        _offer_sign_in(refusal)
    else:
        st.title("You can't come in yet", anchor=False)
        st.error(str(refusal))
        st.button("Sign out", on_click=sign_out, key="sign-out")
    st.stop()


def _offer_sign_in(refusal: NotSignedIn) -> None:
    st.title("Sign in", anchor=False)
    st.markdown(f"{refusal.problem}. Your organisation checks who you are, and then the dashboard opens.")
    found = sign_in_settings()
    names = tuple(found.rules) if found else ()
    for name in names:
        label = "Sign in" if len(names) == 1 else f"Sign in with {name}"
        provider = None if name == UNNAMED else name
        st.button(label, on_click=st.login, args=(provider,), type="primary", key=f"sign-in-{name}")


def sign_out() -> None:
    """End the sign-in, in every tab that shares it, and at the organisation that checked it."""
    end_sign_in(st.user.to_dict())
    st.logout()


def say_who(who: Person) -> None:
    """Name whoever is signed in beside the page, with the way out; or say that nobody has to sign in."""
    if who.local:
        st.html(
            '<p class="f1-local" role="note"><strong>Local mode:</strong> no sign-in is set up. '
            "Only this computer is served, and whoever uses it may do everything.</p>"
        )
        return
    with st.sidebar:
        words = f"Signed in as <strong>{escape(who.name)}</strong>, {escape(role(who.role).name.lower())}."
        st.html(f'<p class="f1-who">{words}</p>')
        st.button("Sign out", on_click=sign_out, key="sign-out")
