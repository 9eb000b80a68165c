"""A printed page: clean, whole, light, labelled on each sheet, and with its sources."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from data.catalogue import every_page, pages

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
#: A4 in points, as PDF has it: 210 by 297 mm, at 72 points an inch.
A4 = (595, 842)
LABEL = "Illustrative local figures: invented, not real"
MENU = [page.title for page in pages()]
#: Words of what can only be pressed.
PRESSED = ["Download", "Upload", "Zoom", "Whole area", "Find an area or town", "Local mode", "Browse files"]
#: Grounds that would be dark if the page were printed as a dark screen shows it.
DARK = """() => [document.body, ...document.querySelectorAll(".stApp, .stMain, .stBidiComponent")]
  .map((one) => getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number))
  .filter(([red, green, blue, seen = 1]) => seen > 0 && Math.max(red, green, blue) < 80)"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page on a dark screen, whose paper must be light all the same."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark", locale="en-GB")
    yield context.new_page()
    context.close()


def printed(page: Page, address: str) -> PdfReader:
    """Open an address and print it as the browser does, without backgrounds."""
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector(".f1-finding", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)
    for chart in page.locator(".stVegaLiteChart").all():
        chart.locator("svg text").first.wait_for(state="attached", timeout=WAIT_MS)
    for drawing in page.locator(".stBidiComponent").all():
        drawing.locator("svg[data-rendered=true]").first.wait_for(timeout=WAIT_MS)
    page.emulate_media(media="print")  # charts are drawn anew at the width of the paper
    page.wait_for_timeout(1_000)
    sheets = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="screen")
    return PdfReader(io.BytesIO(sheets))


def lines_of(sheets: PdfReader) -> list[str]:
    """All lines of all sheets."""
    return [line.strip() for sheet in sheets.pages for line in sheet.extract_text().splitlines()]


@pytest.mark.parametrize("slug", [page.slug for page in every_page() if page.slug != "frozen"])
def test_a_printed_page_is_clean_and_whole(page: Page, app_url: str, slug: str) -> None:
    sheets = printed(page, f"{app_url}/{slug}")
    lines = lines_of(sheets)
    text = " ".join(lines)
    assert {(round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in sheets.pages} == {A4}
    assert not set(MENU) <= set(lines)
    assert [word for word in PRESSED if any(line.startswith(word) for line in lines)] == []
    question = next(one.question for one in every_page() if one.slug == slug)
    assert re.sub(r"\W", "", question) in re.sub(r"\W", "", text)
    for number, sheet in enumerate(sheets.pages, start=1):
        assert f"Page {number} of {len(sheets.pages)}" in sheet.extract_text()
        assert sheet.extract_text().strip() != ""
    if slug not in {"accessibility", "glossary"}:  # pages without figures
        assert all(LABEL in sheet.extract_text() for sheet in sheets.pages)
        assert "Illustrative local figures." in text
        assert "Notes and sources" in lines


def test_a_chart_is_printed_with_the_table_that_is_folded_beside_it(page: Page, app_url: str) -> None:
    sheets = printed(page, f"{app_url}/inequalities")
    lines = lines_of(sheets)
    assert lines.count("1 (most deprived)") + sum(line.startswith("1 (most deprived) ") for line in lines) >= 2
    assert any(re.match(r"1 \(most deprived\) \d+\.\d% \(", line) for line in lines)  # the row of the table
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 within its margins, at 96 pixels an inch
    for box in page.evaluate(
        "[...document.querySelectorAll('.stVegaLiteChart svg')].map((one) => one.getBoundingClientRect().toJSON())"
    ):
        assert box["left"] >= 0
        assert box["right"] <= 688
    assert page.evaluate("document.documentElement.scrollWidth") <= 688


def test_what_was_chosen_is_printed_and_what_could_have_been_is_not(page: Page, app_url: str) -> None:
    text = " ".join(lines_of(printed(page, f"{app_url}/map?shape=Equal-area+hexagons")))
    assert "One layer" in text
    assert "Equal-area hexagons" in text
    assert "Explore" not in text
    assert "Two side by side" not in text


def test_paper_is_light_although_the_screen_is_dark(page: Page, app_url: str) -> None:
    printed(page, f"{app_url}/map")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(DARK) == []
    ink = page.locator("svg.drawing .area").first.evaluate("(one) => one.closest('.frame').classList.contains('dark')")
    assert ink is False


def test_a_link_to_another_site_is_printed_with_its_address(page: Page, app_url: str) -> None:
    assert "streamlit/streamlit/issues/8399" in "".join(lines_of(printed(page, f"{app_url}/accessibility")))


def test_a_very_long_table_that_was_left_folded_is_not_printed(page: Page, app_url: str) -> None:
    text = " ".join(lines_of(printed(page, f"{app_url}/data")))
    assert "What each indicator counts" not in text
