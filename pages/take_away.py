"""How do I take a workbook, an open file or a board pack with me?"""

from pages.components.ask import ask
from pages.components.downloads import offer_downloads, offer_whole
from pages.components.frame import close_page, open_page, say_finding
from pages.components.frozen import list_fixed_views
from pages.components.pack_form import offer_pack
from pages.components.workbook_picker import offer_workbook

open_page("take_away")
answers = {
    "scorecard": ask("scorecard"),
    "mandated-reviews": ask("reviews_by_area"),
    "definitions": ask("definitions"),
    "loaded-files": ask("loaded"),
}
say_finding(answers["loaded-files"])
offer_pack()
picked = offer_workbook()
offer_downloads(answers)
offer_whole(illustrative=answers["loaded-files"].illustrative)
list_fixed_views()
close_page(*answers.values(), *picked)
