"""Show the page that the address asks for, and the list of pages beside it once somebody is signed in."""

from pathlib import Path

import streamlit as st

from data.answers.definitions import every_page
from pages.components.sign_in import is_known

PAGES = Path(__file__).resolve().parents[1]

st.navigation(
    [
        st.Page(
            PAGES / f"{page.slug}.py",
            title=page.title,
            url_path=page.slug,
            default=number == 0,
            visibility="visible" if page.in_menu else "hidden",
        )
        for number, page in enumerate(every_page())
    ],
    position="sidebar" if is_known() else "hidden",
).run()
