"""Templates: the empty workbooks of returns, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.ask import ask
from pages.components.filters import pick_one
from pages.components.sending import XLSX

HOW = """
Whoever runs the service can do the same with commands:

- `python -m data template --list` names the templates. `python -m data template NAME -o FILE.xlsx` writes one.
- `python -m data check FILE` says what is wrong with a file, and changes nothing.
- `python -m data load FILE` loads a file that has no problems. It replaces the illustrative figures it covers.
- `python -m data status` says what is loaded.
"""
QUESTIONNAIRE = """
Any forms system that knows HL7 FHIR R4 can ask these questions. The wording is our own.

People’s answers never come in here. `python -m data reduce` turns them into events and counts on the sender’s side.
"""
FILES = {
    "questions": ("Download the questionnaire (FHIR, JSON)", "pregnancy_questionnaire.json", "application/fhir+json"),
    "codes": ("Download its codes (FHIR, JSON)", "pregnancy_questionnaire_codes.json", "application/fhir+json"),
    "rule": ("Download which answers make a need (TOML)", "needs_rule.toml", "application/toml"),
}


def offer_templates() -> None:
    """Offer the empty workbook of any return, and say how commands do the same."""
    st.header("Templates", anchor=False)
    st.markdown("Each template has drop-downs, a plain guide and an example. Fill in the sheet ‘Return’.")
    name = pick_one("Template", ask("template_choices"), key="template")
    st.download_button(
        "Download the template (XLSX)",
        data=_made_when_pressed(name),
        file_name=f"{name}.xlsx",
        mime=XLSX,
        key="download-template",
        on_click="ignore",
    )
    with st.expander("The pregnancy questionnaire, for whoever builds the form"):
        offer_questionnaire()
    with st.expander("Send figures in by command"):
        st.markdown(HOW)


def offer_questionnaire() -> None:
    """Offer the published questionnaire, and say that answers of single people never come in."""
    st.markdown(QUESTIONNAIRE)
    for name, (words, file_name, mime) in FILES.items():
        st.download_button(
            words,
            data=_file_when_pressed(name),
            file_name=file_name,
            mime=mime,
            key=f"questionnaire-{name}",
            on_click="ignore",
        )


def offer_template(name: str, words: str) -> None:
    """Offer one template by name, for a page that has no figures without it."""
    st.download_button(
        f"Download the template for {words} (XLSX)",
        data=_made_when_pressed(name),
        file_name=f"{name}.xlsx",
        mime=XLSX,
        key=f"template-{name}",
        on_click="ignore",
    )


def _made_when_pressed(name: str) -> Callable[[], bytes]:
    from data.actions.templates import template_file

    return lambda: template_file(name)


def _file_when_pressed(name: str) -> Callable[[], bytes]:
    from data.actions.templates import questionnaire_file

    return lambda: questionnaire_file(name)
