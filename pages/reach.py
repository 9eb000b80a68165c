"""Is anyone reaching my neighbourhood or group?"""

from pages.components.frame import close_page, open_page
from pages.components.reach import chosen_place, find_place, show_short
from pages.components.reach_parts import show_parts

open_page("reach")
place = chosen_place()
short = show_short(place)
on_map = find_place(place)
close_page(*short, *on_map, *show_parts(place))
