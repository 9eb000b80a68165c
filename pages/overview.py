"""How is the first 1001 days represented in Dorset's ICS?"""

from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.filters import pick_few
from pages.components.frame import close_page, open_page, say_finding
from pages.components.scorecard import count_statuses, show_scorecard, with_status

open_page("overview")
answer = ask("scorecard")
say_finding(answer)
count_statuses(answer)

status = pick_few("Show", [("all", "All asks"), ("measured", "With a figure"), ("none", "No data yet")], key="show")
show_scorecard(with_status(answer, status), link_pages=True)
offer_download(answer, "scorecard")
close_page(answer)
