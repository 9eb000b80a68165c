"""The asks that a page answers, in the documents' own words: the last folded part of most pages."""

from __future__ import annotations

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.frame import say_part
from pages.components.scorecard import show_scorecard

TITLE = "What was asked for"


def show_asked(page: str) -> list[Answer]:
    """Show the asks that a page answers, with their statuses, and offer them as a file."""
    asks = ask("scorecard", page=page)
    say_part(TITLE, asks)
    show_scorecard(asks)
    offer_download(asks, f"{page.replace('_', '-')}-asks")
    return [asks]
