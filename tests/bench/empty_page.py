"""The least that a Streamlit page can be: what every page's opening is held against."""

import streamlit as st

st.title("An empty page")
