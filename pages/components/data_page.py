"""The Data page's files and definitions: the columns of its tables."""

from __future__ import annotations

from typing import Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.tables import Column, show_table

FILES: Final = (
    Column("publication", "Publication or return"),
    Column("supplier", "Supplier"),
    Column("edition", "Edition"),
    Column("kind", "Real or illustrative"),
    Column("file_name", "File"),
    Column("loaded_at", "Loaded on"),
    Column("sign_off", "Signed off"),
    Column("rows_accepted", "Rows", number=True),
)
DEFINITIONS: Final = (
    Column("indicator", "Indicator"),
    Column("definition", "What it means"),
    Column("numerator", "Counted"),
    Column("denominator", "Out of"),
    Column("unit", "Unit"),
    Column("better", "Which way is better"),
    Column("source", "Source"),
    Column("caveat", "Take care"),
)


def show_files(files: Answer) -> None:
    """List the files whose figures are shown; the page has said at its top how many there are."""
    st.header("Files", anchor=False)
    show_table(files, FILES, "Files whose figures are shown", download_as="loaded-files")
