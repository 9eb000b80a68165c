"""The three people the product is for, each on their way through it, in a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.catalogue import pages

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
#: A page opened by its own link asks for these two below its own address first, before it finds them at the root.
PROBES = ("/_stcore/health", "/_stcore/host-config")
MISSING = "Failed to load resource: the server responded with a status of 404 (Not Found)"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as a busy machine needs."""
    expect.set_options(timeout=WAIT_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def missing(page: Page, watch: Any) -> Iterator[list[str]]:
    """The addresses that were not found; only Streamlit's own probes are forgiven."""
    found: list[str] = []
    page.on("response", lambda response: found.append(response.url) if response.status == 404 else None)
    yield found
    assert [url for url in found if not url.endswith(PROBES)] == []
    for _ in found:
        if MISSING in watch.errors:
            watch.errors.remove(MISSING)


def visit(page: Page, address: str) -> None:
    """Open an address and wait until the page is whole."""
    page.goto(address, timeout=WAIT_MS)
    wait_until_whole(page)


def wait_until_whole(page: Page) -> None:
    """Wait for the last part of the page, and its map if it has one."""
    expect(page.locator(".f1-source")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()
    if "/map" in page.url:
        expect(page.locator("svg[data-rendered=true]").first).to_be_attached()


def choose(page: Page, label: str, option: str) -> None:
    """Choose from one of the page's lists."""
    box = page.get_by_role("combobox", name=re.compile(f"{re.escape(label)}$"))
    box.scroll_into_view_if_needed()
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


def finding(page: Page) -> Locator:
    """The sentence that stands first."""
    return page.locator(".f1-finding").first


def fits(page: Page, width: int) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(
        page.evaluate(
            """(width) => [document.scrollingElement, document.querySelector("[data-testid=stMain]")]
                .every((one) => one.scrollWidth <= width)""",
            width,
        )
    )


@pytest.mark.parametrize("slug", [page.slug for page in pages()])
def test_every_page_opens_by_its_own_link_and_fits_a_phone(
    page: Page, app_url: str, missing: list[str], slug: str
) -> None:
    visit(page, f"{app_url}/{slug}")
    question = next(one.question for one in pages() if one.slug == slug)
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page).to_have_title(re.compile("First 1001 Days: Dorset$"))
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links).to_have_text([one.title for one in pages()])
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    expect(page.get_by_test_id("stSidebarNav")).not_to_be_in_viewport()
    assert fits(page, 360)


def test_a_fresh_server_opens_on_a_link_into_its_middle(
    page: Page,
    app_url: str,
    missing: list[str],
    start_app: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = next(tmp_path_factory.getbasetemp().glob("store*/first1001.sqlite"))  # where app_url has prepared it
    fresh = start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{store}"})
    visit(page, f"{fresh}/map?areas=Councils")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do need and reach part company?")
    expect(page.locator("svg.drawing [role=option]")).to_have_count(2)


def test_a_board_member_goes_from_the_system_to_a_neighbourhood_and_shares_it(
    page: Page, chromium: Browser, app_url: str, missing: list[str]
) -> None:
    visit(page, f"{app_url}/overview")
    assert page.url == f"{app_url}/"  # the first page stands at the root
    expect(finding(page)).to_contain_text("Of 107 things that were asked for")
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do need and reach part company?")
    wait_until_whole(page)
    expect(finding(page)).to_contain_text("in the most deprived fifth of England")

    choose(page, "Layer: theme", "Mandated reviews")
    expect(finding(page)).to_contain_text(re.compile("^Illustrative, not real: .* ranges from "))
    expect(page.locator("svg.drawing [role=option]")).to_have_count(96)  # the finest safe grain is the MSOA
    wait_until_whole(page)
    area = page.locator("svg.drawing path.area[data-i='40']")
    name = str(area.get_attribute("aria-label")).split(",")[0]
    area.click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    assert "area=E0" in page.url

    box = page.get_by_role("combobox", name="Find an area or town")
    box.focus()
    page.keyboard.type("Swanage")
    expect(page.get_by_role("option", name=re.compile("^Swanage")).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    by_keyboard = page.get_by_role("heading", level=2, name=re.compile("Swanage|Purbeck"))
    expect(by_keyboard).to_be_visible()
    name, shared = by_keyboard.inner_text(), page.url
    assert "layer_theme=Mandated" in shared

    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    visit(other, shared)
    expect(other.get_by_role("heading", level=2, name=name)).to_be_visible()
    assert finding(other).inner_text() == finding(page).inner_text()
    context.close()


def test_arrow_keys_walk_from_one_neighbourhood_to_the_next(page: Page, app_url: str, missing: list[str]) -> None:
    visit(page, f"{app_url}/map?area=E01020479")
    first = page.get_by_role("heading", level=2, name="Swanage 042B")
    expect(first).to_be_visible()
    page.locator("svg.drawing [role=option][tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(first).to_be_hidden()
    expect(page.locator(".f1-finding").nth(1)).to_be_visible()
    assert "area=E01020479" not in page.url


def test_a_strategy_lead_takes_the_same_numbers_away(page: Page, app_url: str, missing: list[str]) -> None:
    visit(page, f"{app_url}/pregnancy_and_pathway?place=BCP&indicator=Pregnancy+form+completed")
    chart = page.locator(".stVegaLiteChart").first
    expect(chart).to_have_attribute("aria-label", re.compile("^Illustrative, not real: Line chart of .* in BCP"))
    page.get_by_text("Table: How has").click()
    table = page.locator("details[open] details[open] table")
    heads = table.locator("thead th").all_inner_texts()
    rows = [line.locator("th, td").all_inner_texts() for line in table.locator("tbody tr").all()]
    shown = [dict(zip(heads, row, strict=True)) for row in rows]
    assert len(shown) == 12  # quarters
    page.get_by_text("Take away: over time").click()
    with page.expect_download(timeout=WAIT_MS) as caught:
        page.get_by_role("button", name="Download over time (CSV)").click()
    said = "over-time-pregnancy-form-completed-bcp-against-dorset-ics-2025-26-2023-24-q1-to-2025-26-q4"
    assert caught.value.suggested_filename == f"ILLUSTRATIVE-{said}.csv"
    lines = list(csv.reader(Path(caught.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0][0].startswith("ILLUSTRATIVE")
    start = lines.index([]) + 1
    taken = [dict(zip(lines[start], row, strict=True)) for row in lines[start + 1 :]]
    assert [row["period"] for row in taken] == [row["Period"] for row in shown]
    assert [row["figure"] for row in taken] == [row["Figure (95% confidence limits)"] for row in shown]
    for mine, screen in zip(taken, shown, strict=True):
        for column, heading in (("numerator", "Counted"), ("denominator", "Out of")):
            on_screen = screen[heading].replace(",", "").replace("–", "")
            assert (float(mine[column]) if mine[column] else None) == (float(on_screen) if on_screen else None)


def test_a_community_partner_finds_their_place_on_a_phone(page: Page, app_url: str, missing: list[str]) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    visit(page, f"{app_url}/map")
    assert fits(page, 360)
    box = page.get_by_role("combobox", name="Find an area or town")
    box.fill("Boscombe")
    page.get_by_role("option", name=re.compile("^Boscombe")).first.click()
    card = page.get_by_role("heading", level=2, name=re.compile("Boscombe"))
    expect(card).to_be_visible()
    expect(page.get_by_text("Babies under two")).to_be_visible()
    rows = page.locator("table.f1-cards tbody tr")
    expect(rows.first).to_be_visible()
    box = rows.first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert fits(page, 360)


def test_outlines_are_fetched_once_across_changes_pages_and_visits(
    page: Page, app_url: str, missing: list[str]
) -> None:
    fetched: list[str] = []
    cached: set[str] = set()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    devtools.on(
        "Network.responseReceived",
        lambda event: (
            fetched.append(event["response"]["url"])
            if not event["response"].get("fromDiskCache") and event["requestId"] not in cached
            else None
        ),
    )
    visit(page, f"{app_url}/map")
    choose(page, "Layer", "Income deprivation affecting children")
    expect(page.locator("svg.drawing")).to_have_attribute("aria-label", re.compile("ncome deprivation"))
    page.get_by_role("link", name="Workforce", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is the workforce trained and supported?")
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do need and reach part company?")
    wait_until_whole(page)
    visit(page, f"{app_url}/map")
    outlines = [url for url in fetched if "/geometry/" in url]
    assert len(outlines) == 2  # the areas, and the coast with its places
    assert len(set(outlines)) == 2
