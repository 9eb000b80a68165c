"""How do the ICS's documents represent babies?"""

from pages.components.frame import close_page, open_page
from pages.components.own_words import show_own_words

open_page("in_their_own_words")
close_page(*show_own_words())
