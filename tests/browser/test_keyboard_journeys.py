"""The three people the product is for, each on their way through it by keyboard alone.

No mouse, no click and no focus that a test sets: only keys. At every stop of the tab key the focus is seen on screen,
no stop holds it, and what is folded away or off the screen is none.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
PHONE = {"width": 360, "height": 740}
OVERVIEW = "How is the first 1001 days represented in Dorset’s ICS?"
#: A page has fewer stops than this before what is looked for.
MOST_STOPS = 90
#: What has the focus, inside components as well: its name, its role, whether it is on screen and the focus is seen.
FOCUS = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one === document.body) return { name: "", role: "", on_screen: true, seen: true, page: true };
  const labels = [...(one.labels ?? [])].map((label) => label.innerText).join(" ");
  const by = (one.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean)
    .map((id) => one.getRootNode().getElementById(id)?.textContent ?? "").join(" ");
  const name = one.getAttribute("aria-label") || by || labels || one.innerText || one.value || "";
  const box = one.getBoundingClientRect();
  const on_screen = box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth
    && box.bottom > 0 && box.top < innerHeight;
  const drawn = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  let seen = false;
  for (let node = one, up = 0; node instanceof Element && up < 4; node = node.parentElement, up += 1)
    seen ||= drawn(node);
  const ring = one.ownerSVGElement?.querySelector("path.ring.focus");
  if (ring) seen = (ring.getAttribute("d") ?? "") !== "" && getComputedStyle(ring).stroke !== "none";
  return { name: name.replace(/\\s+/g, " ").trim(), role: one.getAttribute("role") || one.tagName.toLowerCase(),
    on_screen, seen, page: false };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the tab key has come to."""

    name: str
    role: str
    on_screen: bool
    seen: bool
    page: bool


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as a busy machine needs."""
    expect.set_options(timeout=WAIT_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def own_url(start_app: Callable[..., str], everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The product on a store of these tests' own: one of them changes a register."""
    store = tmp_path_factory.mktemp("keyboard") / "store.sqlite"
    shutil.copy(everything_file, store)
    return start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{store}"})


#: What a list says is taken: the names of all in a list of several, else what stands in the list itself.
TAKEN = """() => {
    const several = document.activeElement.closest('[data-testid=stMultiSelect]');
    return several ? several.innerText : document.activeElement.value;
}"""


# ---- keys -----------------------------------------------------------------------------------------------------------


def where(page: Page) -> Stop:
    return Stop(**page.evaluate(FOCUS))


def step(page: Page, key: str = "Tab") -> Stop:
    """Go to the next stop, which must be on screen and show that the keyboard stands there."""
    page.keyboard.press(key)
    stop = where(page)
    assert stop.on_screen, f"the focus is off the screen: {stop.role} {stop.name!r}"
    assert stop.seen, f"the focus is not seen: {stop.role} {stop.name!r}"
    return stop


def go_to(page: Page, name: str, role: str = "", key: str = "Tab") -> list[Stop]:
    """Press the tab key until the stop that is meant; give the stops on the way."""
    stops: list[Stop] = []
    for _ in range(MOST_STOPS):
        stops.append(step(page, key))
        if re.search(name, stops[-1].name) and role in stops[-1].role:
            return stops
    raise AssertionError(f"no stop is called {name!r}: {[f'{one.role} {one.name[:40]}' for one in stops]}")


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    settled(page)


def settled(page: Page) -> None:
    """Wait until what a key set off has been drawn."""
    page.wait_for_timeout(300)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def whole(page: Page, question: str) -> None:
    """Wait until a page is whole."""
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.locator(".f1-source")).to_be_attached()
    settled(page)


def turn_to(page: Page, title: str, question: str) -> None:
    """Go back to the menu and follow one of its links."""
    go_to(page, f"^{title}$", "a", key="Shift+Tab")
    press(page, "Enter")
    whole(page, question)


def skip_menu(page: Page) -> None:
    """Take the first stop, which leads past the menu to the page itself."""
    assert step(page).name == "Skip to main content"
    press(page, "Enter")
    assert where(page).role == "main"


def pick(page: Page, name: str, words: str) -> None:
    """Go to a list, type what is meant, and take it; the focus stays in the list, which is then closed.

    A list that is drawn anew just then may miss a key.
    """
    go_to(page, name, "combobox")
    for _ in range(3):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)
        expect(page.get_by_role("option").filter(has_text=words).first).to_be_visible()
        press(page, "Enter")
        assert re.search(name, where(page).name), f"the focus was lost: {where(page)}"
        taken = words in page.evaluate(TAKEN)
        if page.evaluate("document.activeElement.ariaExpanded") == "true":
            press(page, "Escape")
        if taken and words in page.evaluate(TAKEN):
            return
    raise AssertionError(f"{words!r} could not be taken from the list {name!r}")


def choose_file(page: Page) -> None:
    """Press the button until the machine's own window for files opens: one that is drawn just now may miss a key."""
    for _ in range(3):
        try:
            with page.expect_file_chooser(timeout=WAIT_MS // 4):
                page.keyboard.press("Enter")
        except PlaywrightTimeout:
            settled(page)
        else:
            return
    raise AssertionError(f"no window for files opened from {where(page)}")


# ---- journeys -------------------------------------------------------------------------------------------------------


def test_a_board_member_goes_from_the_finding_to_one_neighbourhood(page: Page, own_url: str) -> None:
    page.goto(own_url, timeout=WAIT_MS)
    whole(page, OVERVIEW)
    skip_menu(page)
    expect(page.locator(".f1-finding").first).to_be_in_viewport()
    # a number of the first lines leads to its answer
    figure = go_to(page, r"^\d+\.\d%$", "a")[-1].name
    press(page, "Enter")
    expect(page.locator(".f1-source")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(
        "How is the first 1001 days represented in Dorset’s ICS?"
    )
    settled(page)
    expect(page.locator("[data-testid=stMain]")).to_contain_text(figure)
    # the map: another indicator, then by arrows from the whole to one neighbourhood
    turn_to(page, "Map", "Where do need and reach part company?")
    expect(page.locator("svg[data-rendered=true]").first).to_be_attached()
    pick(page, "Layer: theme", "Mandated reviews")
    pick(page, "^Layer$", "New birth visit by 14 days")
    expect(page.locator(".f1-finding").first).to_contain_text("New birth visit within 14 days")
    go_to(page, "Map of .*New birth visit", "listbox")
    stop = step(page)
    assert stop.role == "option"
    passed = [stop.name]
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        passed.append(step(page, key).name)
    assert len(set(passed)) > 2  # the arrows lead from one area to another
    chosen = passed[-1].split(",")[0]
    press(page, "Enter")
    card = page.get_by_role("heading", level=2, name=chosen)
    expect(card).to_be_visible()
    go_to(page, f"^In and around {re.escape(chosen)}", "region")
    expect(page.get_by_role("table", name=re.compile(f"^In and around {re.escape(chosen)}"))).to_be_in_viewport()


def test_a_strategy_lead_takes_a_workbook_and_changes_a_register(page: Page, own_url: str, tmp_path: Path) -> None:
    page.goto(f"{own_url}/take_away", timeout=WAIT_MS)
    whole(page, "How do I take a workbook, an open file or a board pack with me?")
    skip_menu(page)
    pick(page, "^Tables", "Mandated reviews by area")
    go_to(page, "^Download chosen tables .workbook.", "button")
    with page.expect_download(timeout=WAIT_MS) as downloading:
        page.keyboard.press("Enter")
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert file.suffix == ".xlsx"
    assert file.read_bytes()[:2] == b"PK"
    turn_to(page, "Data", "What has been sent in, by whom, and how good is it?")
    go_to(page, "Upload|Browse", "button")
    choose_file(page)
    turn_to(page, "Accountability", "What was promised, by whom, and has it happened? Is the duty evidenced?")
    go_to(page, "Keep the registers", "summary")
    press(page, "Enter")
    pick(page, "Entry to change", "EX-C-01")
    go_to(page, "Owner role", "input")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Invented example role: chair")
    go_to(page, "Save as a new version", "button")
    press(page, "Enter")
    expect(page.get_by_text("EX-C-01 was saved as version 2.")).to_be_visible()


def test_a_community_partner_finds_a_neighbourhood_on_a_phone(page: Page, own_url: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{own_url}/reach", timeout=WAIT_MS)
    whole(page, "Is anyone reaching my neighbourhood or group?")
    skip_menu(page)
    pick(page, "^Find your place by name", "Boscombe East 035A")
    finding = page.locator(".f1-finding").first
    expect(finding).to_contain_text("Boscombe East 035A (BCP).")
    # back to what reaches families, then on to the folded parts below
    go_to(page, "", "main", key="Shift+Tab")
    press(page, "Home")
    expect(finding).to_be_in_viewport()
    stops = go_to(page, "What each family hub offers", "summary")
    assert "a" not in {one.role for one in stops if one.name in {"Overview", "Map", "Data"}}  # the menu is folded away
    press(page, "Enter")
    expect(page.get_by_role("heading", level=2, name="What does each hub offer?")).to_be_visible()
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(one) => one.scrollWidth <= one.clientWidth")


def test_the_tab_key_goes_through_a_page_and_out_of_it(page: Page, own_url: str) -> None:
    page.goto(f"{own_url}/map", timeout=WAIT_MS)
    whole(page, "Where do need and reach part company?")
    expect(page.locator("svg[data-rendered=true]").first).to_be_attached()
    stops: list[Stop] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stops.append(where(page))
        if stops[-1].page:
            break
        assert stops[-1].on_screen, stops[-1]
        assert stops[-1].seen, stops[-1]
    assert stops[-1].page, "the tab key never leaves the page"
    names = [one.name for one in stops]
    order = ["Skip to main content", "Overview", "One layer", "Layer: theme", "Zoom in", "Table of the map"]
    places = [next(place for place, name in enumerate(names) if name.startswith(wanted)) for wanted in order]
    assert places == sorted(places)  # as the page is read: past the menu, what to show, the map, its table
    assert sum(one.role == "option" for one in stops) == 1  # all areas together are one stop
