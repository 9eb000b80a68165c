"""Start the app: its pages, the address that map geometry is fetched from, and what is made ready at start-up."""

import streamlit as st

from pages.components.server import ROUTES, made_ready

app = st.App("pages/components/navigation.py", routes=ROUTES, lifespan=made_ready)
