"""The store's file disappears under a running server and returns: a real reader is told so, and then reads on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
SENTENCE = re.compile(r"The figures can't be read just now\. .*The file of the store cannot be opened\.")


@pytest.fixture
def own(reference_file: Path, tmp_path: Path) -> Path:
    """A store of the test's own with the reference alone."""
    path = tmp_path / "store.sqlite"
    shutil.copy(reference_file, path)
    return path


def test_a_reader_is_told_that_the_store_is_gone_and_reads_on_when_it_is_back(
    own: Path, page: Page, start_app: Callable[..., str]
) -> None:
    address = start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{own}"})
    page.goto(f"{address}/data", timeout=WAIT_MS)
    expect(page.locator(".f1-finding")).to_be_visible(timeout=WAIT_MS)
    finding = page.locator(".f1-finding").inner_text()
    away = own.with_name("away.sqlite")
    own.rename(away)
    page.wait_for_timeout(1_100)  # pages ask the store at most once a second
    page.get_by_role("link", name="Workforce", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text=SENTENCE)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".f1-finding")).to_have_count(0)
    away.rename(own)
    page.wait_for_timeout(1_100)
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.locator(".f1-finding")).to_have_text(finding, timeout=WAIT_MS)
    expect(page.get_by_role("alert").filter(has_text=SENTENCE)).to_have_count(0)
