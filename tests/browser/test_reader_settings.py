"""What a reader's own device asks for: less movement, their own colours, a page that turns dark while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from data.catalogue.colours import BLUE, INK, ON_DARK
from tests.colour_vision import contrast

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
#: Pages with a chart, with bars, and with dots in a table.
DRAWN = {"inequalities": ".stVegaLiteChart svg", "pregnancy_and_pathway": ".f1-bar", "workforce": ".f1-strip"}
#: Everything that still moves: a transition or an animation that lasts longer than nobody sees.
MOVING = """() => {
  const inSeconds = (one) => parseFloat(one) * (one.includes("ms") ? 0.001 : 1);
  const longest = (list) => Math.max(...list.split(",").map(inSeconds));
  const all = [...document.querySelectorAll(".stApp *")];
  all.push(...all.filter((one) => one.shadowRoot).flatMap((one) => [...one.shadowRoot.querySelectorAll("*")]));
  return all.filter((one) => {
    const style = getComputedStyle(one);
    const animated = style.animationName !== "none" && longest(style.animationDuration) > 0.05;
    return animated || longest(style.transitionDuration) > 0.05;
  }).map((one) => one.outerHTML.slice(0, 80));
}"""
FOCUS = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  const style = getComputedStyle(one);
  return [one.tagName, style.outlineStyle, parseFloat(style.outlineWidth), one.getAttribute("role") ?? ""];
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page without history."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light", locale="en-GB")
    yield context.new_page()
    context.close()


def visit(page: Page, address: str, drawn: str) -> None:
    """Open an address and wait until what it draws is there."""
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.locator(drawn).first.wait_for(state="attached", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)


def hex_of(colour: str) -> str:
    """``rgb(18, 67, 109)`` as ``#12436D``."""
    numbers = colour[colour.index("(") + 1 : -1].split(",")[:3]
    return "#" + "".join(f"{round(float(number)):02X}" for number in numbers)


def style_of(where: Locator, name: str) -> str:
    """One computed style of the first element that is found."""
    return str(where.first.evaluate("(one, name) => getComputedStyle(one)[name]", name))


@pytest.mark.parametrize("slug", ["map", "inequalities"])
def test_nothing_moves_where_the_reader_wants_less_movement(page: Page, app_url: str, slug: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(page, f"{app_url}/{slug}", "svg[data-rendered=true]" if slug == "map" else DRAWN[slug])
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING)  # the measure sees movement where it is allowed


def test_a_chart_turns_dark_with_the_page(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/inequalities", DRAWN["inequalities"])
    chart = page.locator(".stVegaLiteChart svg")
    for theme, line, ink in (("light", BLUE, INK["light"]), ("dark", ON_DARK[BLUE], INK["dark"])):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.wait_for_function(
            "(dark) => getComputedStyle(document.querySelector('.stApp')).colorScheme.includes('dark') === dark",
            arg=theme == "dark",
            timeout=WAIT_MS,
        )
        chart.first.wait_for(state="attached", timeout=WAIT_MS)
        assert hex_of(style_of(chart.locator(f'[stroke="{BLUE}"]'), "stroke")) == line
        assert hex_of(style_of(chart.locator(".role-axis-label text"), "fill")) == ink


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_are_seen_in_the_readers_own_colours(page: Page, app_url: str, theme: str) -> None:
    page.emulate_media(forced_colors="active", color_scheme=theme)  # type: ignore[arg-type]
    paints: dict[str, list[str]] = {}
    for slug, drawn in DRAWN.items():
        visit(page, f"{app_url}/{slug}", drawn)
        paints[slug] = page.evaluate(PAINTED[slug])
    ground = hex_of(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    for slug, colours in paints.items():
        assert colours
        for colour in colours:
            assert contrast(hex_of(colour), ground) >= 3, (slug, colour, ground)


#: What carries the meaning of each drawing: lines and words of a chart, the filled part of a bar, a dot and its limits.
PAINTED = {
    "inequalities": """() => [...document.querySelectorAll(".stVegaLiteChart")].flatMap((one) => [
      getComputedStyle(one.querySelector('[stroke="#12436D"]')).stroke,
      getComputedStyle(one.querySelector(".role-axis-label text")).fill])""",
    "pregnancy_and_pathway": """() => [getComputedStyle(document.querySelector(".f1-kept")).backgroundColor,
      getComputedStyle(document.querySelector(".f1-dropped")).outlineColor,
      getComputedStyle(document.querySelector(".f1-bar")).borderTopColor]""",
    "workforce": """() => [getComputedStyle(document.querySelector(".f1-strip s")).borderTopColor,
      getComputedStyle(document.querySelector(".f1-strip i")).backgroundColor,
      getComputedStyle(document.querySelector(".f1-strip")).borderBottomColor]""",
}


def test_the_map_keeps_its_scale_and_names_in_the_readers_own_colours(page: Page, app_url: str) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    visit(page, f"{app_url}/map", "svg[data-rendered=true]")
    found: dict[str, Any] = page.evaluate("""() => {
      const root = document.querySelector(".stBidiComponent").shadowRoot
        ?? [...document.querySelectorAll(".stBidiComponent *")].find((one) => one.shadowRoot).shadowRoot;
      const of = (one, name) => getComputedStyle(one)[name];
      return {
        fills: [...new Set([...root.querySelectorAll(".area")].map((one) => of(one, "fill")))],
        swatches: [...root.querySelectorAll(".swatch")].map((one) => of(one, "backgroundColor")),
        stage: of(root.querySelector(".stage"), "backgroundColor"),
        word: of(root.querySelector(".labels text"), "fill"),
        rim: of(root.querySelector(".labels text"), "stroke"),
        outline: of(root.querySelector(".outline"), "stroke"),
      };
    }""")
    assert len(found["fills"]) == 5  # one for each fifth
    assert set(found["swatches"]) == set(found["fills"])
    assert contrast(hex_of(found["word"]), hex_of(found["rim"])) >= 4.5
    assert contrast(hex_of(found["outline"]), hex_of(found["stage"])) >= 3


@pytest.mark.parametrize("forced", ["none", "active"])
def test_where_the_keyboard_stands_is_outlined(page: Page, app_url: str, forced: str) -> None:
    page.emulate_media(forced_colors=forced)  # type: ignore[arg-type]
    visit(page, f"{app_url}/map", "svg[data-rendered=true]")
    seen: set[str] = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        tag, outline, width, role = page.evaluate(FOCUS)
        if tag in {"A", "BUTTON", "SUMMARY"}:
            assert outline != "none", (tag, role)
            assert width >= 2, (tag, role)
            seen.add(tag)
    assert seen >= {"A", "BUTTON", "SUMMARY"}
