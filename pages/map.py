"""Where do need and reach part company?"""

from pages.components.frame import open_page
from pages.components.map_page import show_map_page

open_page("map")
show_map_page()
