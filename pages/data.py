"""What has been sent in, by whom, and how good is it?"""

from pages.components.ask import ask
from pages.components.data_page import DEFINITIONS, FILES, say_how_to_send
from pages.components.frame import close_page, open_page, say_finding, say_part
from pages.components.tables import show_table

open_page("data")
files, definitions = ask("loaded"), ask("definitions")
say_finding(files)
show_table(files, FILES, "Files whose figures are shown", download_as="loaded-files")
say_how_to_send()
say_part("Definitions", definitions)
show_table(definitions, DEFINITIONS, "What each indicator counts", download_as="definitions", folded=True)
close_page(files, definitions)
