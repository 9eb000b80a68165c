"""A document's way in, in a real browser: described, tried, loaded, and read on a phone; by axe."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data.answers.current import ensure_current
from data.example.documents import write_documents
from data.intake.loading import load
from data.store.engine import open_store

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 90_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PHONE = 390
HTML = """<!DOCTYPE html><html lang="en"><head><title>Strategy for a test</title></head><body>
<h2>1 Babies</h2><p>Every baby counts. Write to office@example.org.</p><p>Older people count too.</p></body></html>"""


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as a busy machine needs."""
    expect.set_options(timeout=WAIT_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def own_url(start_app: Callable[..., str], reference_file: Path, tmp_path: Path) -> str:
    """The product on a store of the test's own that holds the reference and the invented documents."""
    copy = Path(shutil.copy(reference_file, tmp_path / "store.sqlite"))
    engine = open_store(f"sqlite:///{copy}")
    for path in write_documents(tmp_path / "invented"):
        load(path, engine, loaded_by="a test", illustrative=True)
    ensure_current(engine)
    engine.dispose()
    return start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{copy}"})


def settle(page: Page) -> None:
    """Wait until the page is whole."""
    expect(page.locator(".f1-source")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def violations(page: Page) -> list[tuple[str, str]]:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [(one["id"], str(node["target"])) for one in found for node in one["nodes"]]


def test_a_document_is_described_loaded_and_read_on_a_phone(page: Page, own_url: str, tmp_path: Path) -> None:
    path = tmp_path / "strategy.html"
    path.write_text(HTML, encoding="utf-8")
    page.goto(f"{own_url}/data", timeout=WAIT_MS)
    settle(page)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_label("Title", exact=True)).to_have_value("Strategy for a test")
    settle(page)
    assert violations(page) == []
    page.get_by_label("Organisation that published it").fill("A body for a test")
    page.get_by_label("Day it was published").fill("2026-02-30")
    page.get_by_role("button", name="Check this document").click()
    expect(page.get_by_text("can’t be loaded")).to_be_visible()  # there is no 30 February
    settle(page)
    page.get_by_label("Day it was published").fill("2026-02-27")
    page.get_by_role("button", name="Check this document").click()
    expect(page.get_by_text("strategy.html passes every check.")).to_be_visible()
    expect(page.get_by_text("E-mail addresses were replaced by words, 1 time.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Load this file").click()
    expect(page.get_by_text(re.compile("strategy.html loaded"))).to_be_visible()

    page.set_viewport_size({"width": PHONE, "height": 844})
    page.goto(f"{own_url}/in_their_own_words?search=every+baby", timeout=WAIT_MS)
    settle(page)
    expect(page.locator(".f1-finding")).to_contain_text("Strategy for a test")  # the invented ones have given way
    expect(page.locator(".f1-passages li")).to_contain_text("Every baby counts. Write to [e-mail address left out].")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE
    assert violations(page) == []
