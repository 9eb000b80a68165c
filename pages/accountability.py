"""What was promised, by whom, and has it happened?"""

from pages.components.ask import ask
from pages.components.asks_page import look_into
from pages.components.downloads import offer_download
from pages.components.frame import close_page, open_page, say_finding
from pages.components.register_editor import keep_registers
from pages.components.register_parts import show_register_parts
from pages.components.scorecard import count_statuses, show_scorecard

open_page("accountability")
asked = ask("scorecard", page="accountability")
say_finding(asked)
count_statuses(asked)
show_scorecard(asked)
offer_download(asked, "accountability")
closer = look_into(ask("indicator_choices", page="accountability"))
parts = show_register_parts()
keep_registers(("commitments", "milestones", "duty_evidence", "sector_evidence", "kpis", "coproduction"))
close_page(asked, *closer, *parts)
