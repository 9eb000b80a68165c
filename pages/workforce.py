"""Is the workforce trained and supported?"""

from pages.components.asks_page import show_asks_page

show_asks_page("workforce")
