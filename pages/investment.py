"""Is prevention funded, and for how long?"""

from pages.components.ask import ask
from pages.components.asks_page import look_into
from pages.components.downloads import offer_download
from pages.components.frame import close_page, open_page, say_finding
from pages.components.register_editor import keep_registers
from pages.components.scorecard import count_statuses, show_scorecard

open_page("investment")
asked = ask("scorecard", page="investment")
say_finding(asked)
count_statuses(asked)
show_scorecard(asked)
offer_download(asked, "investment")
closer = look_into(ask("indicator_choices", page="investment"))
keep_registers(("funding_lines",))
close_page(asked, *closer)
