"""Do the families who need a buddy have one, and does it help?"""

from pages.components.asks_page import show_asks_page

show_asks_page("parent_buddies")
