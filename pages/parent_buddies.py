"""Do the families who need a buddy have one, and does it help?"""

from pages.components.ask import ask
from pages.components.buddies import show_answer, show_parts
from pages.components.frame import close_page, open_page

open_page("parent_buddies")
whole, figures = ask("buddies"), ask("headlines", page="parent_buddies")
show_answer(whole, figures)
close_page(whole, figures, *show_parts())
