"""The Reach page on the smallest phone: a place by keyboard, a postcode that is kept nowhere, nothing too wide."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from data.store.engine import open_store, writing
from data.store.postcodes import load_postcodes

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
PHONE = {"width": 360, "height": 740}
LSOA = "E01015272"
TYPED, TIDY = "bh5 1zz", "BH51ZZ"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server writes."""
    return tmp_path_factory.mktemp("log") / "server.txt"


@pytest.fixture(scope="module")
def reach_url(
    start_app: Callable[..., str], everything_file: Path, tmp_path_factory: pytest.TempPathFactory, log: Path
) -> str:
    """The product on a store with every illustrative return and a postcode lookup of one postcode."""
    store = tmp_path_factory.mktemp("reach") / "store.sqlite"
    shutil.copy(everything_file, store)
    engine = open_store(f"sqlite:///{store}")
    with writing(engine) as connection:
        load_postcodes(connection, pd.DataFrame({"postcode": [TIDY], "area_code": [LSOA]}), 1)
    engine.dispose()
    env = {"DATABASE_URL": f"sqlite:///{store}", "STREAMLIT_LOGGER_LEVEL": "debug"}
    return start_app(ROOT / "app.py", env, log=log)


def whole(page: Page) -> None:
    """Wait until the page is whole."""
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached", timeout=WAIT_MS)


def test_a_place_is_found_by_keyboard_on_the_smallest_phone(
    page: Page, reach_url: str, axe: Callable[..., list[str]]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{reach_url}/reach", timeout=WAIT_MS)
    whole(page)
    page.get_by_role("combobox", name="Find your place by name").focus()
    page.keyboard.type("Boscombe East 035A")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**area={LSOA}**", timeout=WAIT_MS)
    expect(page.locator(".f1-finding").first).to_contain_text("Boscombe East 035A (BCP).", timeout=WAIT_MS)
    whole(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert axe(page, "[data-testid=stMain]") == []


def test_every_part_is_reached_by_its_address_and_fits(
    page: Page, reach_url: str, axe: Callable[..., list[str]]
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{reach_url}/reach?area={LSOA}&groups=true&hubs=true&walking=true&send=true&who=true", timeout=WAIT_MS)
    whole(page)
    for heading in ("Which groups are reached?", "What does each hub offer?", "What is near?"):
        expect(page.get_by_role("heading", name=heading, level=2)).to_be_visible(timeout=WAIT_MS)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert axe(page, "[data-testid=stMain]") == []


def test_a_typed_postcode_finds_the_place_and_is_kept_nowhere(page: Page, reach_url: str, log: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size(PHONE)
    page.goto(f"{reach_url}/reach", timeout=WAIT_MS)
    whole(page)
    field = page.get_by_role("textbox", name="Or by postcode")
    assert field.get_attribute("autocomplete") == "off"
    field.focus()
    page.keyboard.type(TYPED)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**area={LSOA}**", timeout=WAIT_MS)
    expect(page.locator(".f1-finding").first).to_contain_text("Boscombe East 035A (BCP).", timeout=WAIT_MS)
    expect(field).to_have_value("")
    in_browser = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )
    seen = "\n".join([*asked, in_browser, page.content(), log.read_text()]).upper()
    assert f"AREA={LSOA}" in seen
    assert TIDY not in seen
    assert TYPED.upper() not in seen
    assert TYPED.upper().replace(" ", "%20") not in seen
