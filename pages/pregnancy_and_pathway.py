"""Are needs found in pregnancy and carried through?"""

from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.frame import close_page, open_page, say_finding, say_part
from pages.components.indicator_views import show_indicator
from pages.components.reviews import show_reviews
from pages.components.scorecard import show_scorecard

open_page("pregnancy_and_pathway")
reviews = ask("reviews_by_area")
say_finding(reviews)
show_reviews(reviews)
looked_into = show_indicator(ask("indicator_choices", page="pregnancy_and_pathway"))

asks = ask("scorecard", page="pregnancy_and_pathway")
say_part("What was asked for", asks)
show_scorecard(asks)
offer_download(asks, "pregnancy-and-pathway-asks")
close_page(reviews, *looked_into, asks)
