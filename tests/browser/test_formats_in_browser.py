"""Taking a table away in another format: by keyboard alone, on a phone, and with nothing that axe finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WAIT_MS = 60_000


def focused(page: Page) -> str:
    """What the element that has the focus is called."""
    named = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    return str(page.evaluate(named))


def test_a_format_is_chosen_and_taken_away_by_keyboard_alone_on_a_phone(
    page: Page, app_url: str, axe: Callable[..., list[str]]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{app_url}/take_away")
    line = page.locator("summary", has_text="Take away: mandated reviews")
    line.focus(timeout=WAIT_MS)
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Format").wait_for(timeout=WAIT_MS)
    page.keyboard.press("Tab")
    assert focused(page).startswith("Format")
    page.keyboard.type("GeoJSON")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Download mandated reviews (GeoJSON)").wait_for(timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    page.keyboard.press("Tab")
    assert "Download mandated reviews (GeoJSON)" in focused(page)
    with page.expect_download(timeout=WAIT_MS) as caught:
        page.keyboard.press("Enter")
    assert caught.value.suggested_filename.startswith("ILLUSTRATIVE-mandated-reviews-")
    taken = json.loads(Path(caught.value.path()).read_text(encoding="utf-8"))
    assert taken["illustrative"] is True
    assert {one["geometry"]["type"] for one in taken["features"] if one["geometry"]} == {"MultiPolygon"}
