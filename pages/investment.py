"""Is prevention funded, and for how long?"""

from pages.components.asks_page import show_asks_page

show_asks_page("investment")
