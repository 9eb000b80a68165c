"""Is the workforce trained and supported?"""

import streamlit as st

from pages.components.ask import ask
from pages.components.filters import pick_one
from pages.components.frame import close_page, open_page, say_finding
from pages.components.headlines import show_headlines
from pages.components.workforce_ahead import show_ahead
from pages.components.workforce_dots import show_groups
from pages.components.workforce_parts import show_parts

open_page("workforce")
top = st.container()
area = pick_one("Place", ask("place_choices"), key="place")
groups, figures = ask("workforce_groups", area_code=area), ask("headlines", page="workforce")
with top:
    say_finding(groups)
    show_headlines(figures)
show_groups(groups)
ahead = show_ahead(area)
opened = show_parts(area)
close_page(groups, figures, *ahead, *opened)
