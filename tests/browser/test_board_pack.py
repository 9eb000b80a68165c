"""A strategy lead makes a board pack with the buttons of Take away, and has it as a tagged PDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser
WAIT_MS = 60_000  # a first answer is worked out while other tests use the machine


def test_a_pack_is_picked_written_made_and_taken_away(page: Page, app_url: str, tmp_path: Path) -> None:
    page.goto(f"{app_url}/take_away?pack=Parent+buddies+by+deprivation&pack_format=PDF")
    page.get_by_role("textbox", name="Recommendation").fill("The board is asked to note the gap.", timeout=WAIT_MS)
    page.get_by_role("button", name="Make the board pack").click()
    expect(page.get_by_text("The board pack is ready")).to_be_visible(timeout=WAIT_MS)
    with page.expect_download(timeout=WAIT_MS) as taken:
        page.get_by_role("button", name="Download the board pack (PDF").click()
    assert taken.value.suggested_filename.startswith("ILLUSTRATIVE-board-pack-")
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    pdf = PdfReader(path)
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    cover = pdf.pages[0].extract_text()
    assert "The board is asked to note the gap." in cover
    assert "ILLUSTRATIVE" in cover
    assert "3. Parent buddies by deprivation" in [str(one.title) for one in pdf.outline if not isinstance(one, list)]
    assert "note+the+gap" not in page.url.replace("%20", "+")
