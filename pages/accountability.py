"""What was promised, by whom, and has it happened?"""

from pages.components.asks_page import show_asks_page

show_asks_page("accountability")
