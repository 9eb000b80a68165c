"""What do the words mean?"""

from pages.components.ask import ask
from pages.components.frame import close_page, open_page, say_finding
from pages.components.tables import Column, show_table

open_page("glossary", labelled=False)
terms = ask("glossary_terms")
say_finding(terms)
columns = (Column("term", "Word"), Column("meaning", "What it means"), Column("also", "Also called"))
show_table(terms, columns, "Words and what they mean", download_as="glossary")
close_page(terms)
