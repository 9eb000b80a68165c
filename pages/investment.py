"""Is prevention funded, and for how long?"""

import streamlit as st

from pages.components.ask import ask
from pages.components.filters import pick_one
from pages.components.frame import close_page, open_page, say_finding
from pages.components.headlines import show_headlines
from pages.components.investment import show_parts, show_years
from pages.components.register_editor import keep_registers

open_page("investment")
top = st.container()
area = pick_one("Place", ask("place_choices"), key="place")
money, figures = ask("investment", area_code=area), ask("headlines", page="investment")
with top:
    say_finding(money)
    show_headlines(figures)
years = show_years(area, money)
parts = show_parts(area, nothing=years[0].empty)
keep_registers(("funding_lines",))
close_page(money, figures, *years, *parts)
