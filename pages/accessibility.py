"""Can everybody use this dashboard?"""

from data.answers.definitions import accessibility_statement
from pages.components.accessibility import show_statement
from pages.components.frame import open_page

open_page("accessibility", labelled=False)
show_statement(accessibility_statement())
