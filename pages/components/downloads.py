"""Downloads, made only when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from data.answers.answer import Answer


def offer_download(answer: Answer, name: str) -> None:
    """Offer an answer's table as a file, by name; the file is written when the button is pressed."""
    from data.exports.csv_file import csv_bytes, file_name

    st.download_button(
        f"Download {name.replace('-', ' ')} (CSV)",
        data=lambda: csv_bytes(answer),
        file_name=file_name(answer, name),
        mime="text/csv",
        key=f"download-{name}",
        on_click="ignore",
    )


def offer_downloads(answers: Mapping[str, Answer]) -> None:
    """Offer several answers, each by its question and with its finding."""
    for name, answer in answers.items():
        st.header(answer.question, anchor=False)
        st.markdown(f"{len(answer.table):,} rows. {answer.finding}")
        offer_download(answer, name)
