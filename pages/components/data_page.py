"""The Data page's words: the columns of its tables, and how a return is sent in."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.components.tables import Column

FILES: Final = (
    Column("publication", "Publication or return"),
    Column("supplier", "Supplier"),
    Column("edition", "Edition"),
    Column("kind", "Real or illustrative"),
    Column("file_name", "File"),
    Column("loaded_at", "Loaded on"),
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
HOW: Final = """
Returns and publications are loaded by whoever runs the service. They use three commands:

- `python -m data template --list` names the templates. `python -m data template NAME -o FILE.xlsx` writes one.
- `python -m data check FILE` says what is wrong with a file, and changes nothing.
- `python -m data load FILE` loads a file that has no problems. It replaces the illustrative figures it covers.
"""


def say_how_to_send() -> None:
    """Say how figures get here."""
    st.header("How to send figures in", anchor=False)
    st.markdown(HOW)
