"""The Parent buddies page in a real browser: a link to its map, the map's words, and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
OPENED = "where=true&buddy_map=true&take_up=true&outcomes=true&buddies=true"


def test_a_link_opens_the_map_with_its_words_and_nothing_is_wider_than_a_phone(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/parent_buddies?{OPENED}", timeout=WAIT_MS)
    page.wait_for_selector("svg[data-rendered=true]", timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    words = page.locator("svg[data-rendered=true]").first.get_attribute("aria-label") or ""
    assert "neighbourhoods in Dorset ICS: Parents who meet the buddy criteria" in words
    assert words.startswith("Illustrative, not real: ")
    assert page.get_by_text("has need and no buddy", exact=False).count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] table')].filter((one) =>"
        " one.getBoundingClientRect().right > 391).length"
    )
    assert wide == 0
    assert page.get_by_text("This is a sequence and never proof of cause.", exact=False).count()
