"""Downloads, made only when they are asked for, and offered only to those who may take figures away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from data.actions.people import may, role, roles
from data.answers.answer import Answer
from pages.components.sign_in import person, person_later


def offer_download(answer: Answer, name: str) -> None:
    """Offer an answer's table as a file, by name; the file is written when the button is pressed."""
    from data.exports.csv_file import file_name

    if not may(person(), "export"):
        return
    st.download_button(
        f"Download {name.replace('-', ' ')} (CSV)",
        data=_made_when_pressed(answer, name),
        file_name=file_name(answer, name),
        mime="text/csv",
        key=f"download-{name}",
        on_click="ignore",
    )


def _made_when_pressed(answer: Answer, name: str) -> Callable[[], bytes]:
    """Ask who presses the button when it is pressed: by then they may have signed out or lost their role."""
    from data.actions.exporting import export_csv

    who = person_later()
    return lambda: export_csv(who(), answer, name)


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
