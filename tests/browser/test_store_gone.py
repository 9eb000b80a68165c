"""The store's file disappears under a running server and returns: a real reader is told so, and then reads on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from data.answers.current import ensure_current
from data.intake import preparing
from data.intake.preparing import prepare_store
from data.sources import Reading
from data.store.engine import open_store

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
SENTENCE = re.compile(r"The figures can't be read just now\. .*The file of the store cannot be opened\.")


def no_map() -> Reading:
    """The page that is opened draws none, and drawing takes long."""
    frame = pd.DataFrame({"layer": ["lad"], "method": ["official"], "edition": ["2024"], "content": [b"{}"]})
    return Reading("this_dashboard", "drawn", 1, {"geometry": frame})


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the test's own with the reference alone."""
    path = tmp_path_factory.mktemp("gone") / "store.sqlite"
    engine = open_store(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "layers", no_map)
        prepare_store(engine, write_returns=lambda _: ())
    ensure_current(engine)
    engine.dispose()
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
