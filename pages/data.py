"""What has been sent in, by whom, and how good is it?"""

from pages.components.ask import ask
from pages.components.coverage import ask_coverage, show_coverage
from pages.components.data_page import DEFINITIONS, show_files
from pages.components.earlier import show_earlier_files, show_stewardship
from pages.components.frame import close_page, open_page, say_finding, say_part
from pages.components.register_parts import say_registers_kept
from pages.components.sending import send_files
from pages.components.tables import show_table
from pages.components.templates import offer_templates

open_page("data")
files, definitions = ask("loaded"), ask("definitions")
coverage = ask_coverage()
say_finding(files)
send_files()
offer_templates()
show_coverage(*coverage)
registers = say_registers_kept()
show_files(files)
show_earlier_files()
show_stewardship()
say_part("Definitions", definitions)
show_table(definitions, DEFINITIONS, "What each indicator counts", download_as="definitions", folded=True)
close_page(files, *coverage, registers, definitions)
