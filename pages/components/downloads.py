"""Downloads, made only when they are asked for, and offered only to those who may take figures away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from data.actions.people import may, role, roles
from data.answers.answer import Answer
from pages.components.sign_in import person, person_later

#: How a reader who does not know the formats chooses between them.
WORDS: Final[Mapping[str, str]] = {
    "csv": "CSV, for any program",
    "xlsx": "Excel workbook, with notes and sources",
    "ods": "OpenDocument workbook, with notes and sources",
    "parquet": "Parquet, for analysts",
    "csvw": "CSV with a description for programs (zip)",
    "geojson": "GeoJSON, with the outlines of areas",
    "gpkg": "GeoPackage, with the outlines of areas",
    "png": "Picture of the chart or map (PNG)",
    "svg": "Picture that stays sharp at any size (SVG)",
}


WIDTH: Final = 400  # pixels; no wider than a phone, where it is one


@st.fragment
def offer_download(answer: Answer, name: str) -> None:
    """Offer an answer's table as a file: one line to open, and below it the formats; a file is made when asked for.

    What stands below the line is made only when it is opened, so that a page of many tables opens no slower. Opening
    it runs this part and nothing else of the page. It stands in the page, not over it, so that the tab key finds it.
    """
    if not may(person(), "export"):
        return
    below = st.expander(f"Take away: {name.replace('-', ' ')}", key=f"take-{name}", on_change="rerun", width=WIDTH)
    if not below.open:
        return
    from data.exports.formats import fitting

    with below:
        kind = st.selectbox("Format", fitting(answer), format_func=lambda one: WORDS[one], key=f"format-{name}")
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


@st.fragment
def offer_whole(*, illustrative: bool) -> None:
    """Offer all that is released as one data package; its figures are asked for only when its button is pressed."""
    if not may(person(), "export"):
        return
    from data.actions.exporting import WHOLE_NAME, export_whole
    from data.exports.formats import format_of
    from data.exports.naming import labelled

    who, found = person_later(), format_of("package")
    st.header("Everything that is released", anchor=False)
    st.markdown(
        "Every protected figure in one long table, with definitions, sources and the fingerprint of each file. "
        "It is a Frictionless data package, for analysts. It takes some seconds to make."
    )
    st.download_button(
        f"Download everything ({found.label})",
        data=lambda: export_whole(who())[1],
        file_name=labelled(WHOLE_NAME, found.suffix, illustrative=illustrative),
        mime=found.media_type,
        key="download-everything",
        on_click="ignore",
    )


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
