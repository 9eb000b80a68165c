"""WCAG 2.0 to 2.2, levels A and AA, by axe-core, and reflow: every page with all its parts open, in each view.

A page is loaded once; then it turns dark and narrow as on a reader's own device. What fails because of Streamlit stands
in ``data/catalogue/accessibility.toml``, and that list is held to what axe finds, both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from data.catalogue import every_page, pages
from data.catalogue.accessibility import Mended, accessibility_statement

pytestmark = pytest.mark.browser

Found = list[tuple[str, list[str], str]]

WAIT_MS = 60_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
#: The last is what is left of 1280 by 1024 at 400%.
SIZES = {"laptop": (1280, 900), "phone": (360, 740), "zoom": (320, 256)}
VIEWS = [("light", "laptop"), ("light", "zoom"), ("dark", "phone"), ("dark", "laptop")]
#: The page turns first, and what stands on it a moment later: wait until nothing is left to do.
IDLE = """async () => { for (let turn = 0; turn < 3; turn += 1) {
  await new Promise((done) => requestIdleCallback(done, { timeout: 3000 }));
  await new Promise(requestAnimationFrame); } }"""
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 21, 26)"}
#: axe-core measures contrast only where a reader could see it without scrolling inside a frame, and Streamlit's page is
#: one: unrolled, all of it is measured.
UNROLLED = """.stApp, [data-testid=stAppViewContainer], [data-testid=stMain] {
  position: static !important; height: auto !important; overflow: visible !important; }"""
#: Folded parts that the address opens, so that a page need not run once more for each; the rest is pressed open.
OPENED = {
    "overview": "rules",
    "pregnancy_and_pathway": "reviews neighbourhoods look asked",
    "parent_buddies": "where buddy_map take_up outcomes buddies send look asked",
    "workforce": "path every split settings plan sectors look asked templates",
    "inequalities": "league provision groups missing look asked",
    "reach": "groups hubs walking send look asked find_on_map",
    "investment": "grant look asked templates",
    "accountability": "asked templates look",
    "in_their_own_words": "over_time bodies minutes words sections reading asked",
}
#: What a page shows by another choice, in two views that differ in both.
CHOICES = [
    "map?view=Need+against+reach",
    "map?view=Two+side+by+side",
    "map?shape=Equal-area+hexagons",
    "map?shape=Explore",
    "map?area=E01020479",
    "reach?place=E01020479&who=true",
    "in_their_own_words?left_out=Left+out,+and+why",
]


@cache
def scripts() -> str:
    """The script of axe-core, and ours beside it."""
    axe = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    return axe.read_text(encoding="utf-8") + Path(__file__).with_name("measure.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def seen() -> set[str]:
    """Which of the failures that are listed have occurred."""
    return set()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page without history. Nothing moves on it: a colour on its way to another is no colour to measure."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce", locale="en-GB"
    )
    yield context.new_page()
    context.close()


def settle(page: Page) -> None:
    """Wait until the page is whole."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)
    if "shape=Explore" in page.url:
        page.wait_for_selector("canvas", timeout=WAIT_MS)
    for drawing in page.locator(".stBidiComponent").all():
        drawing.locator("svg[data-rendered=true]").first.wait_for(timeout=WAIT_MS)
    for chart in page.locator(".stVegaLiteChart").all():
        chart.locator("svg, canvas").first.wait_for(state="attached", timeout=WAIT_MS)


def visit(page: Page, address: str) -> None:
    """Open an address, and whatever is folded on it."""
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector(".f1-finding", timeout=WAIT_MS)
    settle(page)
    closed = page.locator(".stExpander > details:not([open]) > summary")
    alike = closed.filter(has_text=re.compile("Take away:"))
    if alike.count():  # one stands below each table, and all hold the same
        alike.first.click()
        settle(page)
    others = closed.filter(has_not_text=re.compile("Take away:"))
    for _ in range(30):
        if not others.count():
            break
        others.first.click()
        settle(page)
    assert others.count() == 0
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.add_style_tag(content=UNROLLED)
    page.evaluate(scripts())


def violations(page: Page) -> Found:
    """What axe finds and still finds: the rule, the way to the element, and what is wrong with it.

    It looks again where something is wrong, because a part that turns dark later than the page is pale for a moment.
    """
    for _ in range(3):
        found = [tuple(one) for one in page.evaluate("(tags) => measure.violations(tags)", TAGS)]
        if not found:
            break
        page.wait_for_timeout(2_000)
    return found


def caused_here(page: Page, found: Found, seen: set[str]) -> Found:
    """Leave out what the statement lists, and note that it still occurs."""
    left = []
    for rule, target, what in found:
        listed = [one for one in accessibility_statement().failures if one.rule == rule]
        known = next((one for one in listed if is_within(page, target, one.within)), None)
        if known:
            seen.add(known.what)
        else:
            left.append((rule, target, what))
    return left


def is_within(page: Page, target: list[str], selector: str) -> bool:
    """Whether the element that axe names is, or stands inside, what a selector finds."""
    return bool(page.locator(target[0]).first.evaluate("(one, selector) => one.closest(selector) !== null", selector))


def turn(page: Page, theme: str, size: str) -> None:
    """Show an open page in a theme and at a size, as when a device turns dark or is turned round."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.wait_for_function(
        "(colour) => getComputedStyle(document.querySelector('.stApp')).backgroundColor === colour",
        arg=BACKGROUNDS[theme],
        timeout=WAIT_MS,
    )
    page.evaluate(IDLE)


def wrong_in(page: Page, views: list[tuple[str, str]], seen: set[str]) -> dict[str, Any]:
    """What is wrong in each view, by axe and by measure; empty where nothing is."""
    found: dict[str, Any] = {}
    for theme, size in views:
        turn(page, theme, size)
        found[f"axe, {theme}, {size}"] = caused_here(page, violations(page), seen)
        if size != "laptop":
            found[f"measured, {size}"] = page.evaluate("measure.wrong()")
    return {view: wrong for view, wrong in found.items() if wrong}


def check_words_and_tables(page: Page) -> None:
    """Every chart and map carries its text alternative, and each has a table."""
    charts = page.locator(".stVegaLiteChart")
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label") or "") > 40
    assert page.locator("details:has(table)").count() >= charts.count()
    for drawing in page.locator("svg.drawing").all():
        assert drawing.get_attribute("aria-label")
    assert page.get_by_text("Table of the map").count() == page.locator(".stBidiComponent").count()


@pytest.mark.parametrize("slug", [page.slug for page in every_page() if page.slug != "frozen"])
def test_a_page_with_all_its_parts_open_passes_axe_and_fits_in_every_view(
    page: Page, app_url: str, seen: set[str], slug: str
) -> None:
    visit(page, f"{app_url}/{slug}?{'&'.join(f'{part}=true' for part in OPENED.get(slug, '').split())}")
    check_words_and_tables(page)
    assert wrong_in(page, VIEWS, seen) == {}


@pytest.mark.parametrize("address", CHOICES)
def test_what_else_a_page_shows_passes_axe_and_fits(page: Page, app_url: str, seen: set[str], address: str) -> None:
    visit(page, f"{app_url}/{address}")
    check_words_and_tables(page)
    assert wrong_in(page, [("dark", "laptop"), ("light", "zoom")], seen) == {}


def test_what_the_statement_lists_still_fails(seen: set[str]) -> None:
    """Runs after the pages: what no longer occurs comes off the list."""
    assert [one.what for one in accessibility_statement().failures if one.what not in seen] == []


@pytest.mark.parametrize("one", accessibility_statement().mended, ids=lambda one: one.issue.rpartition("/")[2])
def test_what_is_mended_here_would_fail_without(page: Page, app_url: str, one: Mended) -> None:
    """What Streamlit has mended itself by now comes off the list of what is mended here."""
    visit(page, f"{app_url}/{one.page}")
    ours = "[...document.querySelectorAll('style')].filter((one) => one.textContent.includes('.f1-finding'))"
    page.evaluate(f"{ours}.forEach((one) => one.remove())")
    turn(page, "dark", "laptop")
    found = violations(page)
    assert any(rule == one.rule and is_within(page, target, one.within) for rule, target, _ in found), found


def test_axe_and_the_measure_find_what_is_wrong(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/accessibility")
    turn(page, "light", "zoom")
    assert page.evaluate("measure.wrong()") == []
    page.evaluate("document.querySelector('.f1-finding').style.width = '500px'")
    page.evaluate("document.querySelector('h2:last-of-type').style.color = '#bbbbbb'")
    bad = "<img src='data:,'><button style='width: 20px; height: 20px; padding: 0'>x</button>"
    page.evaluate("(bad) => document.querySelector('.f1-finding').insertAdjacentHTML('afterend', bad)", bad)
    assert {rule for rule, _, _ in violations(page)} >= {"color-contrast", "image-alt"}
    measured = " ".join(page.evaluate("measure.wrong()"))
    assert "beyond the edge: p" in measured
    assert "a target of 20 by 20: button" in measured


def test_every_page_leads_to_the_statement(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/{pages()[-1].slug}", timeout=WAIT_MS)
    page.get_by_role("link", name="Accessibility of this dashboard").click(timeout=WAIT_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Can everybody use this dashboard?", timeout=WAIT_MS)
    expect(page.get_by_text("No contact has been set for this dashboard yet.")).to_be_visible(timeout=WAIT_MS)


def test_a_page_can_be_walked_by_keyboard_to_its_first_table(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/overview", timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    settle(page)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
        )
        if reached[-1] == "Strategy proposal: asks":
            break
    assert "Strategy proposal: asks" in reached
