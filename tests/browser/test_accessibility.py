"""WCAG 2.0 to 2.2, levels A and AA, by axe-core: every page, light and dark, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.catalogue import pages

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SIZES = {"desk": (1280, 900), "phone": (360, 740)}
#: Each page in two views that differ in both; all four for those that hold everything there is.
VIEWS = [("light", "desk"), ("dark", "phone")]
ALL_VIEWS = [("light", "desk"), ("light", "phone"), ("dark", "phone"), ("dark", "desk")]
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 21, 26)"}
SLUGS = [page.slug for page in pages()]
#: Beside the pages as they open: every way of drawing the map, a neighbourhood's card, and folded tables opened.
EVERYTHING = ("overview", "pregnancy_and_pathway", "map?area=E01020479")
MAPS = [
    "map?view=Need+against+reach",
    "map?view=Two+side+by+side",
    "map?shape=Equal-area+hexagons",
    "map?shape=Explore",
    "map?layer_theme=Mandated+reviews",
    "map?area=E01020479",
    "parent_buddies?where=true&buddy_map=true&take_up=true&outcomes=true&buddies=true&send=true",
    "in_their_own_words?over_time=true&bodies=true&minutes=true&words=true&sections=true&reading=true&left_out=Left+out,+and+why",
    "workforce?group=Maternity&every=true&split=true&plan=true&practice=true",
]


@dataclass(frozen=True)
class Known:
    """Something that Streamlit itself does and a page can't mend: the rule, where, and why it is let pass."""

    rule: str
    within: str
    reason: str


#: Empty: a flat menu, real tables and no grid, toast or slider leave Streamlit 1.67 nothing to fail with.
KNOWN: tuple[Known, ...] = ()


@pytest.fixture(scope="session")
def seen() -> set[Known]:
    """What of the known list has occurred."""
    return set()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page without history; what it asks for and logs is another test's business."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light", locale="en-GB")
    yield context.new_page()
    context.close()


def visit(page: Page, address: str) -> None:
    """Open an address, wait until the page is whole, and open what is folded."""
    page.goto(address, timeout=WAIT_MS)
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)
    if "shape=Explore" in address:
        page.wait_for_selector("canvas", timeout=WAIT_MS)
    elif "/map" in address:
        page.wait_for_selector("svg[data-rendered=true]", timeout=WAIT_MS)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def violations(page: Page) -> list[tuple[str, str, str]]:
    """What axe finds: the rule, the element, and what is wrong with it."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [
        (one["id"], str(node["target"]), f"{one['help']}: {node['failureSummary'].splitlines()[-1].strip()}")
        for one in found
        for node in one["nodes"]
    ]


def caused_here(page: Page, found: list[tuple[str, str, str]], seen: set[Known]) -> list[tuple[str, str, str]]:
    """Leave out what stands on the known list, and note that it still occurs."""
    left = []
    for rule, target, what in found:
        known = next((one for one in KNOWN if one.rule == rule and is_within(page, target, one.within)), None)
        if known:
            seen.add(known)
        else:
            left.append((rule, target, what))
    return left


def is_within(page: Page, target: str, selector: str) -> bool:
    """Whether the element that axe names is, or stands inside, what a selector finds."""
    path: list[Any] = eval(target)  # noqa: S307 (axe's own list of selectors)
    first = path[0] if isinstance(path[0], str) else path[0][0]
    return bool(page.locator(first).first.evaluate("(one, selector) => one.closest(selector) !== null", selector))


def turn(page: Page, theme: str, size: str) -> None:
    """Show an open page in a theme and at a size, as when a device turns dark or is turned round."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.wait_for_function(
        "(colour) => getComputedStyle(document.querySelector('.stApp')).backgroundColor === colour",
        arg=BACKGROUNDS[theme],
        timeout=WAIT_MS,
    )


def check_words_and_tables(page: Page) -> None:
    """Every chart and map carries its text alternative, and each has a table."""
    charts = page.locator(".stVegaLiteChart")
    for chart in charts.all():
        expect(chart.locator("svg, canvas").first).to_be_attached(timeout=WAIT_MS)
        assert len(chart.get_attribute("aria-label") or "") > 40
    assert page.locator("details:has(table)").count() >= charts.count()
    for drawing in page.locator("svg.drawing").all():
        assert drawing.get_attribute("aria-label")
    assert page.get_by_text("Table of the map").count() == page.locator(".stBidiComponent").count()


@pytest.mark.parametrize("address", [*SLUGS, *MAPS])
def test_axe_finds_nothing_and_pictures_have_words_and_tables(
    page: Page, app_url: str, seen: set[Known], address: str
) -> None:
    visit(page, f"{app_url}/{address}")
    check_words_and_tables(page)
    found = {}
    for theme, size in ALL_VIEWS if address in EVERYTHING else VIEWS:
        turn(page, theme, size)
        found[theme, size] = caused_here(page, violations(page), seen)
    assert {view: wrong for view, wrong in found.items() if wrong} == {}


def test_axe_finds_what_is_wrong(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/in_their_own_words")
    page.evaluate("document.querySelector('.f1-finding').style.color = '#bbbbbb'")
    page.evaluate("document.querySelector('.f1-source').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")
    assert {rule for rule, _, _ in violations(page)} >= {"color-contrast", "image-alt"}


def test_what_is_let_pass_still_occurs(seen: set[Known]) -> None:
    """Runs after the pages: what no longer occurs comes off the list."""
    assert [one for one in KNOWN if one not in seen] == []


def test_a_page_can_be_walked_by_keyboard_to_its_first_table(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/overview")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
        )
        if reached[-1] == "Strategy proposal: asks":
            break
    assert "Strategy proposal: asks" in reached
