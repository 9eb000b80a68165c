"""Score a document, or correct an item of minutes: for those who may edit registers."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from data.actions.people import Person, may
from data.answers.answer import Answer
from data.answers.definitions import reading_criteria
from data.errors import DataError
from pages.components.ask import look_again
from pages.components.sending import who_can
from pages.components.sign_in import person

if TYPE_CHECKING:
    from data.actions.document_reading import OwnReading

DONE: Final = "reading_done"
BLIND: Final = (
    "Two people read, each by themselves. You see the other reader’s score only after both have saved. The words you "
    "quote must stand in the document; their page is found for you."
)
ALONE: Final = "This machine has no sign-in, so say which reader you are. Reading apart then rests on your word."


def show_reading() -> list[Answer]:
    """Let whoever may edit registers score a document and correct items; tell everybody else who can."""
    who = person()
    if not may(who, "edit_registers"):
        st.markdown(who_can(who, "edit_registers", "score documents"))
        return []
    done = st.session_state.pop(DONE, None)
    if done:
        st.success(done)
    from data.actions.document_reading import documents_to_read

    documents = dict(documents_to_read(who))
    if not documents:
        st.markdown("There is no document to read yet.")
        return []
    _score(who, documents)
    _correct(who, documents)
    return []


# ---- scores ---------------------------------------------------------------------------------------------------------


def _score(who: Person, documents: dict[str, str]) -> None:
    from data.actions.document_reading import READERS, own_reading

    st.header("Score a criterion", anchor=False)
    st.markdown(BLIND)
    reader = ""
    if who.local:
        st.markdown(ALONE)
        reader = st.radio("Which reader are you?", READERS, horizontal=True, key="reading_reader")
    document = st.selectbox(
        "Document to score", list(documents), format_func=documents.__getitem__, key="reading_document"
    )
    known = {one.id: one for one in reading_criteria().criteria}
    name = st.selectbox("Criterion", list(known), format_func=lambda one: known[one].name, key="reading_criterion")
    st.markdown(f"**{known[name].question}**")
    st.html("<ul>" + "".join(f"<li>{at}: {escape(text)}</li>" for at, text in enumerate(known[name].levels)) + "</ul>")
    own = own_reading(who, document, name, reader)
    st.markdown(_where_it_stands(own))
    if own.other is None:
        _ask_for_score(who, document, name, reader, own)
    elif own.other != own.score:
        _ask_to_settle(who, document, name, reader, own)


def _where_it_stands(own: OwnReading) -> str:
    if own.other is not None:
        settled = f" You both settled on {own.settled}." if own.settled is not None else ""
        return f"You gave {own.score}; the other reader gave {own.other}.{settled}"
    mine = "You have not scored it yet." if own.score is None else f"You gave {own.score}."
    other = "The other reader has saved theirs." if own.other_has_saved else "The other reader has not saved theirs."
    return f"{mine} {other}"


def _ask_for_score(who: Person, document: str, name: str, reader: str, own: OwnReading) -> None:
    from data.actions.document_reading import save_score

    with st.form(f"score-{document}-{name}-{reader}"):
        levels = list(range(reading_criteria().highest + 1))
        score = st.radio("Your score", levels, index=own.score, horizontal=True)
        quote = st.text_area("The words that earned it", value=own.quote, max_chars=1_000)
        page = st.text_input("Page, where the words run over two paragraphs", value=own.page, max_chars=40)
        if st.form_submit_button("Save your score", type="primary"):
            if score is None:
                st.error("Choose a score from 0 to 3.")
                return
            _do(lambda: save_score(who, document, name, score, quote=quote, page=page, reader=reader))


def _ask_to_settle(who: Person, document: str, name: str, reader: str, own: OwnReading) -> None:
    from data.actions.document_reading import settle_score

    with st.form(f"settle-{document}-{name}"):
        levels = list(range(reading_criteria().highest + 1))
        score = st.radio("The score you both settled on", levels, index=own.settled, horizontal=True)
        if st.form_submit_button("Save what you settled on") and score is not None:
            _do(lambda: settle_score(who, document, name, score, reader))


# ---- items of minutes -----------------------------------------------------------------------------------------------


def _correct(who: Person, documents: dict[str, str]) -> None:
    from data.actions.document_reading import correct_item, items_to_correct

    items = {one.entry_id: one for one in items_to_correct(who)}
    if not items:
        return
    st.header("Correct an item of minutes", anchor=False)
    labels = {name: f"{one.heading}: {documents.get(one.document, '')}" for name, one in items.items()}
    name = st.selectbox("Item", list(items), format_func=labels.__getitem__, key="reading_item")
    item = items[name]
    with st.form(f"item-{name}"):
        touches = st.checkbox("It concerns under-twos", value=item.concerns)
        short = st.checkbox("It is a decision that states a benefit within two years")
        long = st.checkbox("It is a decision that states a longer benefit")
        seen = st.checkbox("It mentions babies and an action for them")
        if st.form_submit_button("Save what you read"):
            said = {
                "touches_under_twos": touches,
                "states_short_term": short,
                "states_long_term": long,
                "baby_mention_and_action": seen,
            }
            _do(lambda: correct_item(who, item, said))


def _do(act: Callable[[], str]) -> None:
    """Do it, and show the page again with what was done; a refusal is shown in its own words."""
    try:
        st.session_state[DONE] = act()
    except DataError as error:
        st.error(str(error))
        return
    look_again()
    st.rerun()
