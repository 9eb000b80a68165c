"""How unequal is it, is it closing, and how many babies does that mean?"""

import streamlit as st

from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.frame import close_page, open_page, say_finding
from pages.components.headlines import show_headlines
from pages.components.inequalities import pick_measure, show_measure, show_parts

open_page("inequalities")
top = st.container()
choice = pick_measure()
league = ask("inequalities", area_code=choice.area_code, fifths=choice.fifths)
figures = ask("headlines", page="inequalities")
with top:
    say_finding(league)
    show_headlines(figures)
measure = show_measure(choice)
offer_download(figures, "headline-figures")
opened = show_parts(choice, league)
close_page(league, figures, *measure, *opened)
