"""Is anyone reaching my neighbourhood or group?"""

from pages.components.asks_page import show_asks_page

show_asks_page("reach")
