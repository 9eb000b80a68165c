"""What a person says of a document beside its file: asked for before it is checked, with what the file itself tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from data.actions.people import Person

if TYPE_CHECKING:
    from data.actions.sending import Particulars

#: The key under which the session keeps what was said of a file, and no file.
SAID: Final = "document_said"
WHY: Final = (
    "This is a document. Say what it is: its title, who published it and when are shown beside every passage. Passages "
    "are kept word for word, without e-mail addresses, phone numbers, postcodes and names after a title."
)


def describe_document(who: Person, sent: Any) -> tuple[bool, Particulars | None]:
    """Say whether a file may be checked now, and what it is; a document waits until somebody has said."""
    kept = st.session_state.get(SAID)
    if kept is None or kept[0] != sent.file_id:
        from data.actions.sending import document_particulars, privately

        with privately(sent.name, sent.getvalue()) as path:
            own = document_particulars(who, path)
        kept = st.session_state[SAID] = (sent.file_id, own, None)
    _, own, said = kept
    if own is None:
        return True, None
    given = _form(sent.file_id, own)
    if given is not None:
        said = given
        st.session_state[SAID] = (sent.file_id, own, said)
    return said is not None, said


def _form(file: str, own: Particulars) -> Particulars | None:
    """Ask for a document's particulars, with what the file tells in place; None until they are sent."""
    from data.actions.sending import described, document_kinds

    st.markdown(WHY)
    with st.form(f"document-{file}"):
        title = st.text_input("Title", value=own.title, max_chars=300)
        organisation = st.text_input("Organisation that published it", value=own.organisation, max_chars=300)
        kinds = list(document_kinds())
        at = kinds.index(own.kind) if own.kind in kinds else None
        kind = st.selectbox("Kind of document", kinds, index=at, placeholder="Choose one")
        day = st.text_input("Day it was published, such as 2025-03-31", value=own.published_on, max_chars=10)
        link = st.text_input("Its public address", value=own.link, max_chars=300)
        if not st.form_submit_button("Check this document"):
            return None
    return described(title=title, organisation=organisation, kind=kind or "", published_on=day, link=link)
