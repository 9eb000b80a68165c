"""Where do need and reach part company?"""

from pages.components.frame import close_page, open_page
from pages.components.map_page import ask_for, pick_view, show_card, show_maps

open_page("map")
choice = pick_view()
answers = ask_for(choice)
chosen = show_maps(choice, answers)
cards = show_card(chosen)
close_page(*answers, *cards)
