"""What did a page show on the day it was fixed?"""

from pages.components.frame import open_page
from pages.components.frozen import open_fixed_view, show_answers, show_end, show_head

open_page("frozen", labelled=False)
found = open_fixed_view()
show_head(found)
show_answers(found)
show_end(found)
