"""What was promised, by whom, and has it happened? Is the duty evidenced?"""

from pages.components.accountability import (
    show_duty,
    show_end,
    show_in_short,
    show_parts,
    show_promises,
    show_sectors,
)
from pages.components.ask import ask
from pages.components.frame import close_page, open_page, say_finding
from pages.components.headlines import show_headlines
from pages.components.register_editor import keep_registers

open_page("accountability")
promises, duty, sectors = ask("commitments"), ask("duty_file"), ask("sector_matrix")
figures = ask("headlines", page="accountability")
say_finding(promises)
show_in_short(duty, sectors)
show_headlines(figures)
show_promises(promises)
show_duty(duty)
show_sectors(sectors)
parts = show_parts()
keep_registers(("commitments", "milestones", "duty_evidence", "sector_evidence", "kpis", "coproduction"))
end = show_end(lacking=promises.empty or duty.empty or sectors.empty)
close_page(promises, duty, sectors, figures, *parts, *end)
