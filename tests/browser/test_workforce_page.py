"""The workforce page on a phone: the answer by its address, and nothing wider than the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
VIEW = "workforce?group=Maternity&target=80%25&by=31+March+2028&split=true&every=true"


def test_on_a_phone_the_answer_stands_in_words_and_nothing_is_wider_than_the_screen(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/{VIEW}", timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)
    expect(page.locator(".f1-ahead")).to_contain_text("Maternity in Dorset ICS")
    expect(page.locator(".f1-ahead")).to_contain_text("To stand at 80% on 31 March 2028 it needs")
    chart = page.locator(".stVegaLiteChart").first
    assert (chart.get_attribute("aria-label") or "").startswith(
        "Illustrative, not real: Line chart of the expected share"
    )
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    # each row is a card: a cell begins with the name of its measure, and its strip fits
    cell = page.locator("table.f1-dots td").first
    assert cell.evaluate("(one) => getComputedStyle(one, '::before').content").startswith('"Attended, of all staff')
    strip = page.locator("table.f1-dots .f1-strip").first
    assert strip.get_attribute("aria-hidden") == "true"  # the words beside it are read instead
    box = strip.bounding_box()
    assert box is not None
    assert 100 < box["width"] < 390


def test_a_choice_by_keyboard_goes_into_the_address_and_changes_the_answer(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/workforce", timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    expect(page.locator(".f1-ahead")).to_contain_text("Health Visiting in Dorset ICS")
    page.get_by_role("combobox", name="Workforce group").focus()
    page.keyboard.type("Neonatal")
    page.keyboard.press("Enter")
    expect(page.locator(".f1-ahead")).to_contain_text("Neonatal in Dorset ICS", timeout=WAIT_MS)
    page.wait_for_url("**group=Neonatal**", timeout=WAIT_MS)
