"""The Inequalities page on a phone and with everything open: nothing too wide, no fault for axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
VIEW = "inequalities?provision=true&groups=true&fifths=Of+Dorset+ICS"


def test_on_a_phone_the_answer_fits_and_axe_finds_nothing(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/{VIEW}", timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)
    expect(page.locator(".f1-finding")).to_contain_text("worse in the most deprived fifth")
    expect(page.locator(".f1-source")).to_contain_text("cut across Dorset ICS")
    expect(page.locator(".stVegaLiteChart")).to_have_count(4, timeout=WAIT_MS)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # a choice by keyboard goes into the address
    page.get_by_role("combobox", name="Measure").focus()
    page.keyboard.type("New birth visit by 14")
    page.keyboard.press("Enter")
    page.wait_for_url("**measure=New**", timeout=WAIT_MS)
    expect(
        page.get_by_role("heading", name="How does New birth visit by 14 days (C2) differ by deprivation?")
    ).to_be_visible()
