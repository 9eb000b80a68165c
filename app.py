"""Start the app: its door, its pages, the address that map geometry is fetched from, and what start-up makes ready."""

import streamlit as st

from pages.components.door import DOOR, failed
from pages.components.server import ROUTES, made_ready

app = st.App(
    "pages/components/navigation.py",
    routes=ROUTES,
    middleware=[DOOR],
    exception_handlers={Exception: failed},
    lifespan=made_ready,
)
