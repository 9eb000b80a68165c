"""The pregnancy page in a real browser: the drawing and its words, the keyboard, a phone, and what axe finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
WHOLE = "[data-testid=stApp][data-test-script-state=notRunning]"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
#: How wide the filled part of each bar is beside its bar, in percent, and the figure that is written with it.
BARS = """() => [...document.querySelectorAll('.f1-flow-cell')].filter((cell) => cell.querySelector('.f1-kept'))
  .map((cell) => [
    100 * cell.querySelector('.f1-kept').getBoundingClientRect().width
      / (cell.querySelector('.f1-bar').getBoundingClientRect().width - 2),
    parseFloat(cell.querySelector('b').textContent)])
"""
FILLED = "() => getComputedStyle(document.querySelector('.f1-flow .f1-kept')).backgroundColor"


@pytest.fixture
def visited(chromium: Browser) -> Callable[..., Page]:
    """``visited(address, width, **context)`` opens a page of that width and waits until it is whole."""
    contexts = []

    def visit(address: str, width: int, **settings: str) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 844}, locale="en-GB", **settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(address, timeout=WAIT_MS)
        page.wait_for_selector(".f1-source", timeout=WAIT_MS)
        page.wait_for_selector(WHOLE, state="attached", timeout=WAIT_MS)
        return page

    yield visit  # type: ignore[misc]
    for context in contexts:
        context.close()


def test_the_bars_are_as_long_as_their_figures_say_and_read_aloud_as_one_description(
    visited: Callable[..., Page], app_url: str
) -> None:
    page = visited(f"{app_url}/pregnancy_and_pathway", 1280)
    drawing = page.get_by_role("img", name="Stepped bars for babies born in 2023/24 in Dorset ICS")
    expect(drawing).to_be_visible()
    bars = page.evaluate(BARS)
    assert len(bars) > 30
    assert all(abs(drawn - said) < 1.5 for drawn, said in bars), bars
    assert (
        page.locator("script[src*=vega], [data-testid=stVegaLiteChart]").count() == 0
    )  # it opens without a chart library


def test_a_reader_chooses_and_opens_by_keyboard_and_the_address_keeps_it(
    visited: Callable[..., Page], app_url: str
) -> None:
    page = visited(f"{app_url}/pregnancy_and_pathway", 1280)
    page.get_by_role("radio", name="Everyone only").or_(page.get_by_role("button", name="Everyone only")).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".f1-flow.f1-flow-one")).to_be_visible(timeout=WAIT_MS)
    page.get_by_text("What is offered early, and to partners", exact=True).click()
    expect(
        page.get_by_role("heading", name="What is offered early, and to partners in their own right?")
    ).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("img", name="Bars for Dorset ICS")).to_be_visible()
    page.wait_for_url("**offers=true**", timeout=WAIT_MS)
    again = visited(page.url, 1280)
    expect(again.locator(".f1-flow.f1-flow-one")).to_be_visible()
    expect(again.get_by_role("img", name="Bars for Dorset ICS")).to_be_visible()


def test_on_a_phone_every_bar_has_its_words_and_nothing_is_wider_than_the_screen(
    visited: Callable[..., Page], app_url: str
) -> None:
    page = visited(f"{app_url}/pregnancy_and_pathway?place=BCP&born=2025%2F26", 390)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    words = page.locator(".f1-flow-words").all_inner_texts()
    assert any(text.startswith("Fifth 1 (most deprived): ") for text in words)
    assert sum("too young: from 2027/28 Q3" in text for text in words) == 6  # everyone and five fifths
    widths = page.evaluate("[...document.querySelectorAll('.f1-flow .f1-bar')].map((one) => one.offsetWidth)")
    assert min(widths) > 300


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_in_the_flow_or_in_a_part(
    visited: Callable[..., Page], app_url: str, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visited(f"{app_url}/pregnancy_and_pathway?form=true&needs=true", width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


def test_where_the_readers_own_colours_rule_the_bars_are_still_filled(
    visited: Callable[..., Page], app_url: str
) -> None:
    page = visited(f"{app_url}/pregnancy_and_pathway?groups=Everyone+only", 1280, forced_colors="active")
    filled = page.evaluate(FILLED)
    behind = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert filled not in {behind, "rgba(0, 0, 0, 0)"}
    dashed = page.evaluate("() => getComputedStyle(document.querySelector('.f1-flow .f1-dropped')).outlineStyle")
    assert dashed == "dashed"
