"""How do the ICS's documents represent babies?"""

from pages.components.asks_page import show_asks_page

show_asks_page("in_their_own_words")
