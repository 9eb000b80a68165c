"""One entry of a register, changed by two people in two browsers: the second is told and sees both versions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from data.answers.current import ensure_current
from data.example.registers import write_registers
from data.intake.loading import load
from data.store.engine import open_store

ROOT = Path(__file__).parents[2]
LONG = 60_000
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def registers_url(reference_file: Path, start_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The product on a store with the invented registers and no return."""
    folder = tmp_path_factory.mktemp("registers")
    shutil.copy(reference_file, folder / "store.sqlite")
    engine = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    for path in write_registers(folder):
        load(path, engine, loaded_by="a test", illustrative=True)
    ensure_current(engine)
    engine.dispose()
    return start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{folder / 'store.sqlite'}"})


def choose(page: Page, url: str, entry: str) -> None:
    """Open the folded part and choose an entry by keyboard."""
    page.goto(f"{url}/accountability")
    page.get_by_text("Keep the registers").click(timeout=LONG)
    box = page.get_by_role("combobox", name="Entry to change")
    expect(box).to_be_visible(timeout=LONG)
    found = page.get_by_role("option").filter(has_text=entry).first
    for _ in range(5):  # opening the part draws it again, which closes a list that was opened too early
        box.focus()
        box.fill(entry)
        try:
            found.wait_for(timeout=3_000)
            break
        except PlaywrightTimeout:
            box.press("Escape")
    box.press("Enter")
    expect(page.get_by_role("button", name="Save as a new version")).to_be_visible(timeout=LONG)


def write(page: Page, field: str, words: str) -> None:
    box = page.get_by_role("textbox", name=re.compile(field))
    box.fill(words)
    page.get_by_role("button", name="Save as a new version").click()


def test_two_people_change_one_entry(
    page: Page, chromium: Browser, registers_url: str, axe: Callable[..., list[str]]
) -> None:
    other = chromium.new_context(viewport={"width": 360, "height": 800}, locale="en-GB").new_page()
    for one in (page, other):
        choose(one, registers_url, "EX-C-01")
    write(page, "Owner role", "Invented example role: chair")
    expect(page.get_by_text("EX-C-01 was saved as version 2.")).to_be_visible(timeout=LONG)
    # the second one saw version 1, on a phone
    assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    write(other, "Budget line", "Invented example: line 7")
    told = other.get_by_text("after you had opened it")
    expect(told).to_be_visible(timeout=LONG)
    differ = other.get_by_role("table", name="Where the two versions of EX-C-01 differ")
    expect(differ).to_contain_text("Invented example role: chair")
    expect(differ).to_contain_text("Invented example: line 7")
    assert axe(other, '[data-testid="stMainBlockContainer"]') == []
    other.get_by_role("button", name="Save what I wrote as the newest version").click()
    expect(other.get_by_text("EX-C-01 was saved as version 3.")).to_be_visible(timeout=LONG)
    choose(page, registers_url, "EX-C-01")
    history = page.get_by_role("table", name="History of EX-C-01, newest first")
    expect(history.get_by_role("row")).to_have_count(4)  # a heading and three versions
    expect(history).to_contain_text("Budget line: nothing → Invented example: line 7")
    assert axe(page, '[data-testid="stMainBlockContainer"]') == []
    other.context.close()
