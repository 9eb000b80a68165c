"""Downloads, made only when they are asked for."""

from __future__ import annotations

import streamlit as st

from data.answers.answer import Answer


def offer_download(answer: Answer, name: str) -> None:
    """Offer an answer's table as a file; the file is written when the button is pressed."""
    from data.exports.csv_file import csv_bytes, file_name

    st.download_button(
        "Download this table (CSV)",
        data=lambda: csv_bytes(answer),
        file_name=file_name(answer, name),
        mime="text/csv",
        key=f"download-{name}",
        on_click="ignore",
    )
