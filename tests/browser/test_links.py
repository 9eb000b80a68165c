"""A link that a page offers shows a colleague the same view, on a server that has just started."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
OFFER = "Link to this view, and how to cite it"
COPY = "Copy to clipboard"
#: One filter of each page that has any: from a list, among a few in sight, or in a part that is folded away.
CHANGES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("", (("few", "Show", "No data yet"),)),
    ("map", (("list", "Areas", "Councils"),)),
    ("pregnancy_and_pathway", (("list", "Place", "BCP"),)),
    (
        "parent_buddies",
        (("folded", "Look closer: one figure over time and by deprivation", ""), ("list", "Place", "BCP")),
    ),
    ("workforce", (("list", "Place", "BCP"),)),
    ("inequalities", (("list", "Place", "BCP"),)),
    ("reach", (("list", "Find your place by name", ""),)),
    ("investment", (("list", "Place", "BCP"),)),
    ("accountability", (("few", "Promises to show", "All"),)),
    ("in_their_own_words", (("list", "Document", ""),)),
    ("data", (("few", "Show", "Only what is not there"),)),
    ("take_away", (("list", "Tables", "Commitments"),)),
)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as a busy machine needs."""
    expect.set_options(timeout=WAIT_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def fresh_url(start_app: Callable[..., str], store_env: dict[str, str]) -> str:
    """A server on the same store that nobody has asked anything yet."""
    return start_app(ROOT / "app.py", store_env)


def visit(page: Page, address: str) -> None:
    page.goto(address, timeout=WAIT_MS)
    wait_until_whole(page)


def wait_until_whole(page: Page) -> None:
    """Wait for the last part of the page, and until the server has nothing more to say."""
    expect(page.locator(".f1-source")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def change(page: Page, kind: str, label: str, option: str) -> None:
    """Change a filter; without a named option, to the second of the list."""
    if kind == "folded":
        page.locator("summary").filter(has_text=label).click()
    elif kind == "few":
        group = page.get_by_test_id("stButtonGroup").filter(has_text=label)
        group.get_by_text(option, exact=True).click()
    else:
        box = page.get_by_role("combobox", name=re.compile(f"{re.escape(label)}$"))
        box.click()
        if option:
            box.fill(option)  # a long list holds only what is in sight
            page.get_by_role("option", name=option, exact=True).click()
        else:
            page.get_by_role("option").nth(1).click()


def shown(page: Page) -> dict[str, list[str]]:
    """What the page says: its findings, every table, and its other words."""
    wait_until_whole(page)
    parts = {"finding": ".f1-finding", "table": "table", "words": "[data-testid=stMarkdown]"}
    return {name: page.locator(where).all_text_contents() for name, where in parts.items()}


def wait_for_another(page: Page, before: object) -> dict[str, list[str]]:
    """Wait until the page says something else."""
    for _ in range(WAIT_MS // 250):
        if (now := shown(page)) != before:
            page.wait_for_timeout(250)
            if shown(page) == now:
                return now
        page.wait_for_timeout(250)
    raise AssertionError("the filter changed nothing that the page says")


def offered(page: Page) -> str:
    """Open the part with the link and read it."""
    page.locator("summary").filter(has_text=OFFER).click()
    code = page.get_by_test_id("stCode").first
    expect(code).to_contain_text("http")
    return code.inner_text().strip()


@pytest.mark.parametrize(("slug", "steps"), CHANGES, ids=[slug or "overview" for slug, _ in CHANGES])
def test_a_link_shows_the_same_view_on_a_fresh_server(
    page: Page,
    chromium: Browser,
    watch: Any,
    app_url: str,
    fresh_url: str,
    slug: str,
    steps: tuple[tuple[str, str, str], ...],
) -> None:
    visit(page, f"{app_url}/{slug}")
    for kind, label, option in steps:
        before = shown(page)
        change(page, kind, label, option)
        mine = wait_for_another(page, before)
    link = offered(page)
    assert link.startswith(f"{app_url}/{slug}?")
    colleague = chromium.new_context(locale="en-GB").new_page()
    watch.see(colleague)
    visit(colleague, link.replace(app_url, fresh_url))
    if slug == "map":
        expect(colleague.locator("svg[data-rendered=true]").first).to_be_attached()
    expect(colleague.locator("table")).to_have_count(len(mine["table"]))
    assert shown(colleague) == mine
    colleague.context.close()


def test_a_view_is_linked_and_fixed_by_keyboard_and_opens_for_good_on_a_fresh_server(
    page: Page, app_url: str, fresh_url: str, axe: Callable[..., list[str]]
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, f"{app_url}/workforce?place=BCP")
    finding = page.locator(".f1-finding").first.inner_text()
    page.locator("summary").filter(has_text=OFFER).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stCode").first).to_contain_text("place=BCP")
    tab_to(page, COPY)
    page.keyboard.press("Enter")
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('http')")
    assert page.evaluate("navigator.clipboard.readText()") == f"{app_url}/workforce?place=BCP"
    tab_to(page, "Fix this view at today’s data")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This view is fixed.")).to_be_visible()
    address = page.get_by_test_id("stCode").last.inner_text().strip()
    visit(page, address.replace(app_url, fresh_url))
    assert finding in page.locator(".f1-finding").all_inner_texts()
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollWidth <= 360")
    page.get_by_role("link", name="open the live view").click()
    wait_until_whole(page)
    assert page.url == f"{fresh_url}/workforce?place=BCP"


def tab_to(page: Page, name: str) -> None:
    """Go on by keyboard until something of that name has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.ariaLabel, document.activeElement.innerText]")
        if name in at:
            return
    raise AssertionError(f"the keyboard does not reach {name}")
