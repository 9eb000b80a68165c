"""Downloads, made only when they are asked for, and offered only to those who may take figures away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from data.actions.people import may, role, roles
from data.answers.answer import Answer
from pages.components.sign_in import person, person_later

#: The formats that every table is offered in; Take away and the command line have the others.
OFFERED: Final = ("csv", "xlsx")


def offer_download(answer: Answer, name: str) -> None:
    """Offer an answer's table as files, by name; each is written when its button is pressed."""
    if may(person(), "export"):
        with st.container(horizontal=True):
            for kind in OFFERED:
                offer_file({name: answer}, name, kind)


def offer_file(answers: Mapping[str, Answer], name: str, kind: str) -> None:
    """Offer answers as one file of a format."""
    from data.exports.formats import file_name, format_of

    found = format_of(kind)
    st.download_button(
        f"Download {name.replace('-', ' ')} ({found.label})",
        data=_made_when_pressed(answers, name, kind),
        file_name=file_name(answers, name, kind),
        mime=found.media_type,
        key=f"download-{name}-{kind}",
        on_click="ignore",
    )


def _made_when_pressed(answers: Mapping[str, Answer], name: str, kind: str) -> Callable[[], bytes]:
    """Ask who presses the button when it is pressed: by then they may have signed out or lost their role."""
    from data.actions.exporting import export_file

    who = person_later()
    return lambda: export_file(who(), answers, name, kind)


def offer_downloads(answers: Mapping[str, Answer]) -> None:
    """Offer several answers, each by its question and with its finding."""
    who = person()
    if not may(who, "export"):
        able = " or ".join(one.name.lower() for one in roles().values() if "export" in one.rights)
        st.info(f"Your role, {role(who.role).name.lower()}, can't take figures away. Ask a {able} for a file.")
    for name, answer in answers.items():
        st.header(answer.question, anchor=False)
        st.markdown(f"{len(answer.table):,} rows. {answer.finding}")
        offer_download(answer, name)
