"""How unequal is it, is it closing, and how many babies does that mean?"""

from pages.components.asks_page import show_asks_page

show_asks_page("inequalities")
