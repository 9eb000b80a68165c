"""Are needs found in pregnancy and carried through?"""

import streamlit as st

from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.flow import ask_for_flow, pick_flow, show_flow
from pages.components.frame import close_page, open_page, say_finding
from pages.components.headlines import show_headlines
from pages.components.pregnancy_parts import show_parts

open_page("pregnancy_and_pathway")
top = st.container()
choice = pick_flow()
flow, figures = ask_for_flow(choice), ask("headlines", page="pregnancy_and_pathway")
with top:
    say_finding(flow)
    show_headlines(figures)
show_flow(flow, choice)
offer_download(figures, "headline-figures")
opened = show_parts(choice.area_code, choice.fifths)
close_page(flow, figures, *opened)
