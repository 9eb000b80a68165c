"""The Investment and Accountability pages in a browser: on a phone nothing is too wide, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
MAIN = '[data-testid="stMainBlockContainer"]'
FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"


def open_on_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.wait_for_selector(FINISHED, state="attached", timeout=WAIT_MS)


def is_too_wide(page: Page) -> bool:
    return bool(page.locator("[data-testid=stMain]").evaluate("(one) => one.scrollWidth > one.clientWidth"))


def test_on_a_phone_money_is_drawn_by_year_and_the_case_is_said_in_babies(
    page: Page, app_url: str, axe: Callable[..., list[str]]
) -> None:
    open_on_phone(page, f"{app_url}/investment?case=true&lines=true")
    bars = page.get_by_role("img", name="Bars of pounds for pregnancy to age two")
    expect(bars).to_be_visible()
    # both kinds of year are measured by one scale: the longest bar, 2026/27, is full
    widths = bars.locator(".f1-kept").evaluate_all("all => all.map(one => parseFloat(one.style.width))")
    assert [round(width, 1) for width in widths] == [80.2, 84.2, 80.2, 88.2]  # 3, 3.15, 3 and 3.3 of 3.74 million
    expect(page.get_by_text("Closing this gap would mean about")).to_be_visible()
    expect(page.get_by_role("combobox", name="Gap")).to_be_visible()
    assert not is_too_wide(page)
    assert axe(page, MAIN) == []


def test_on_a_phone_a_promise_opens_its_history_and_the_sectors_can_be_read(
    page: Page, app_url: str, axe: Callable[..., list[str]]
) -> None:
    open_on_phone(page, f"{app_url}/accountability?coproduction=true")
    promises = page.get_by_role("table", name="Overdue or without evidence")
    late = promises.get_by_role("row").filter(has_text="EX-C-08")
    expect(late).to_contain_text("Overdue, since 31 March 2026")
    step = late.get_by_text("30 Sep 2025: on track")
    expect(step).to_be_hidden()
    late.get_by_text("History of EX-C-08").click()
    expect(step).to_be_visible()
    sectors = page.get_by_role("table", name="Eight sectors by service, training and lead")
    expect(sectors.get_by_role("row")).to_have_count(1 + 8)
    expect(sectors.get_by_role("row").filter(has_text="Policing").get_by_role("cell").first).to_contain_text("Nothing")
    assert not is_too_wide(page)
    assert axe(page, MAIN) == []
