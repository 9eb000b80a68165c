"""How is the first 1001 days represented in Dorset's ICS?"""

from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.folded import folded
from pages.components.frame import close_page, open_page, say_finding
from pages.components.scorecard import (
    count_statuses,
    pick_asks,
    say_top_line,
    show_counts,
    show_rules,
    show_scorecard,
)

open_page("overview")
answer = ask("scorecard")
say_finding(answer)
say_top_line(answer)
count_statuses(answer)

show_scorecard(pick_asks(answer), whole=True)
offer_download(answer, "scorecard")
behind = folded("What the counts of indicators count", "behind", show_counts)
rules = folded("By which rules a status is given", "rules", show_rules)
close_page(answer, *behind, *rules)
